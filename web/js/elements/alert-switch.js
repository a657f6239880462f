// Whether this device rings: what the browser allows, a button to say yes, a real alert to try it, a way out. Each
// state is HTML of the server's; one of them is shown.
import { forget, register, subscribe, tell } from "../lib/alerts.js"
import { isOurs } from "../lib/ours.js"
import { within } from "../lib/patience.js"
import { meetHere, whoReads } from "../lib/reader.js"

// The trial gives up after so long (ms).
const PATIENCE = 20_000, EVERY = 700, ONE_LOOK = 5000
// A browser's own question: an answer before this was given by nobody, after that it waits to be seen; its worker, and
// its push service, are waited for so long, together less than 15 s (ms).
const BY_NOBODY = 300, UNSEEN = 8000, WAKING = 4000, SERVICE = 9000
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
    await (button.value === "on" ? this.on() : this.tryOut()).catch(error => this.say(wordFor(error)))
    button.ariaBusy = null
  }

  // The browser asks its question here, after a gesture.
  async on() {
    if (!await this.isAllowed()) return
    const registration = await within(WAKING, worker.ready).catch(() => { throw new DOMException("no worker", "SecurityError") })
    // On a first visit the worker may not have been told yet.
    if (!await whoReads()) await within(WAKING, meetHere()).catch(() => {})
    const me = await whoReads()
    if (!me) throw new DOMException("nobody can be known here", "SecurityError")
    await register(await within(SERVICE, subscribe(registration, this.dataset.key)), me.name)
    this.querySelector("[data-when=on]").hidden = false
    await this.show()
    await this.tryOut()
  }

  // Whether the browser lets us, and else why not: a private window refuses without asking anybody.
  async isAllowed() {
    const began = Date.now(), asked = setTimeout(() => this.say("asked"), UNSEEN)
    const answer = await Notification.requestPermission()
    clearTimeout(asked)
    if (answer === "granted") return true
    await this.show()
    this.say(answer === "default" ? "asked" : Date.now() - began < BY_NOBODY ? "private" : "refused")
  }

  async off(form) {
    await within(WAKING, worker.getRegistration().then(forget)).catch(() => {})
    form.submit()
  }

  // A real alert goes all the way round: board, push service, worker, and the worker's own receipt.
  async tryOut() {
    this.say("sending")
    const made = await tell("/alertes/essai")
    const path = `/alertes/essai/${await made.text()}`, until = Date.now() + PATIENCE
    while (Date.now() < until) {
      await new Promise(later => setTimeout(later, EVERY))
      const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(ONE_LOOK) }).catch(() => null)
      // A network that is away for a moment is asked again.
      if (!answer || !isOurs(answer)) continue
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

// What to say of what the browser threw (W3C Push API, 3.3): a service that is not there or does not answer, no leave, or
// storage and workers that a private window does not give. Or of the board: it was not heard, or somebody else was.
function wordFor({ name }) {
  if (["unsent", "strange"].includes(name)) return name
  if (["AbortError", "TimeoutError", "NotSupportedError"].includes(name)) return "service"
  return { NotAllowedError: "refused", SecurityError: "private", InvalidStateError: "private" }[name] ?? "broken"
}

// on, off, denied, iphone (to be installed first) or unable. `known`: the board has a subscription of this device.
async function stateHere(known) {
  const phone = /iPhone|iPad/.test(navigator.userAgent), installed = matchMedia("(display-mode: standalone)").matches
  if (!worker || !("PushManager" in globalThis) || !("Notification" in globalThis)) return phone && !installed ? "iphone" : "unable"
  const registration = await within(WAKING, worker.getRegistration()).catch(() => null)
  if (!registration) return known ? "on" : "off"
  if (Notification.permission === "denied") return "denied"
  const subscribed = await within(WAKING, registration.pushManager.getSubscription()).catch(() => null)
  return subscribed && known && Notification.permission === "granted" ? "on" : "off"
}
