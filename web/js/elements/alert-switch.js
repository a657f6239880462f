// Whether this device rings: what the browser allows, a button to say yes, a real alert to try it, a way out. Each
// state is HTML of the server's; one of them is shown.
import { forget, register, subscribe } from "../lib/alerts.js"
import { meetHere, whoReads } from "../lib/reader.js"

// The trial gives up after so long (ms).
const PATIENCE = 20_000, EVERY = 700
const worker = navigator.serviceWorker

customElements.define("alert-switch", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this)
    // A page that only proposes alerts says nothing where they ring already, or never can.
    this.show().then(state => this.closest("[data-alerts]")?.toggleAttribute("hidden", !["off", "iphone"].includes(state)))
  }

  async show() {
    // Without a worker (PALIER_WORKER=off) there is no key either.
    const known = !this.querySelector("[data-when=on]").hidden, state = this.dataset.key ? await stateHere(known) : "unable"
    for (const part of this.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state
    return state
  }

  async handleEvent(event) {
    const button = event.target.closest("button")
    if (!button || button.ariaBusy) return
    if (button.value === "off") {
      event.preventDefault()
      await this.off(button.form)
      return
    }
    button.ariaBusy = "true"
    try {
      await (button.value === "on" ? this.on() : this.tryOut())
    } catch {
      this.say("broken")
    }
    button.ariaBusy = null
  }

  // The browser asks its question here, after a gesture.
  async on() {
    if (await Notification.requestPermission() !== "granted") return this.show()
    const registration = await worker.ready
    // On a first visit the worker may not have been told yet.
    if (!await whoReads()) await meetHere()
    const me = await whoReads()
    if (!me) throw new Error("nobody reads here")
    await register(await subscribe(registration, this.dataset.key), me.name)
    this.querySelector("[data-when=on]").hidden = false
    await this.show()
    await this.tryOut()
  }

  async off(form) {
    await forget(await worker.getRegistration())
    form.submit()
  }

  // A real alert goes all the way round: board, push service, worker, and the worker's own receipt.
  async tryOut() {
    this.say("sending")
    const made = await fetch("/alertes/essai", { method: "POST", redirect: "error" })
    if (!made.ok) throw new Error(`trial: ${made.status}`)
    const path = `/alertes/essai/${await made.text()}`, until = Date.now() + PATIENCE
    while (Date.now() < until) {
      await new Promise(later => setTimeout(later, EVERY))
      const answer = await fetch(path, { cache: "no-store" })
      const state = answer.ok ? await answer.text() : "failed"
      if (state !== "waiting") this.say(state)
      if (state === "heard" || state === "failed") return
    }
    this.say("lost")
  }

  say(what) {
    const line = this.querySelector("[role=status]")
    line.hidden = false
    line.textContent = this.dataset[what] ?? this.dataset.failed
  }
})

// on, off, denied, iphone (to be installed first) or unable. `known`: the board has a subscription of this device.
async function stateHere(known) {
  const phone = /iPhone|iPad/.test(navigator.userAgent), installed = matchMedia("(display-mode: standalone)").matches
  if (!worker || !("PushManager" in globalThis) || !("Notification" in globalThis)) return phone && !installed ? "iphone" : "unable"
  const registration = await worker.getRegistration()
  if (!registration) return known ? "on" : "off"
  if (Notification.permission === "denied") return "denied"
  const subscribed = await registration.pushManager.getSubscription().catch(() => null)
  return subscribed && known && Notification.permission === "granted" ? "on" : "off"
}
