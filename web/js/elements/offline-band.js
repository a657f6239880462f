// The ink bands above a page: that it is a copy, and of when; that a newer version is ready. The element also
// starts the service worker, has what waits sent, and brings the newer page when a slow network answers at last.
import { send } from "../lib/outbox.js"
import { refill } from "../lib/refill.js"

const worker = navigator.serviceWorker

customElements.define("offline-band", class extends HTMLElement {
  connectedCallback() {
    [this.copyBand, this.newBand] = this.children
    worker?.addEventListener("message", this)
    addEventListener("online", this)
    addEventListener("visibilitychange", this)
    this.show()
    refill().catch(() => {})
    // The page first: nothing else competes with it.
    if (document.readyState === "complete") this.rest()
    else addEventListener("load", () => this.rest(), { once: true })
  }

  disconnectedCallback() {
    worker?.removeEventListener("message", this)
    removeEventListener("online", this)
    removeEventListener("visibilitychange", this)
  }

  async rest() {
    await new Promise(idle => globalThis.requestIdleCallback ? requestIdleCallback(idle, { timeout: 2000 }) : setTimeout(idle, 500))
    send(true).catch(() => {})
    // Without an address, the board wants no worker.
    if (!this.dataset.worker) return
    const registration = await worker?.register(this.dataset.worker, { type: "module" }).catch(() => null)
    if (!registration) return
    this.watch(registration)
    const ready = await worker.ready
    ready.active.postMessage("opened")
  }

  // "fresh": the worker has the newer page now.
  handleEvent(event) {
    if (event.type === "visibilitychange" && document.hidden) return
    if (event.type !== "message") send(true).catch(() => {})
    if (event.type === "online" || event.data === "fresh") this.renew()
  }

  // Nothing that was being typed is thrown away.
  renew() {
    const typing = [...document.querySelectorAll("textarea, input")].some(field => field.value !== field.defaultValue)
    if (this.copy && !typing) location.reload()
  }

  get copy() {
    return Number(document.documentElement.dataset.copy)
  }

  show() {
    if (!this.copy) return
    const hour = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })
    this.copyBand.querySelector("b").textContent = document.documentElement.dataset.network === "slow" ? this.dataset.slow : this.dataset.here
    this.copyBand.querySelector("span").textContent = `${this.dataset.copy} ${hour.format(this.copy).replace(":", " h ")}.`
    this.copyBand.hidden = false
    for (const form of document.querySelectorAll("form[action$='/prise']")) this.turnOff(form)
  }

  // Two people would both set out: taking needs the network.
  turnOff(form) {
    const button = form.querySelector("button"), reason = document.createElement("p")
    reason.id = `hors-${form.action.split("/").at(-2)}`
    reason.textContent = this.dataset.take
    // Still reached by the keyboard, so that the reason is heard; but it sends nothing.
    button.type = "button"
    button.setAttribute("aria-disabled", "true")
    button.setAttribute("aria-describedby", reason.id)
    form.after(reason)
  }

  watch(registration) {
    if (registration.waiting) this.offer(registration.waiting)
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing
      coming?.addEventListener("statechange", () => {
        if (coming.state === "installed" && worker.controller) this.offer(coming)
      })
    })
  }

  // Told once for each version; the page is opened anew only when somebody asks for it.
  async offer(coming) {
    const build = await ask(coming)
    if (localStorage.getItem("palier-told") === build) return
    localStorage.setItem("palier-told", build)
    this.newBand.hidden = false
    this.newBand.querySelector("button").addEventListener("click", () => {
      worker.addEventListener("controllerchange", () => location.reload(), { once: true })
      coming.postMessage("take-over")
    })
  }
})

function ask(coming) {
  const { port1, port2 } = new MessageChannel()
  coming.postMessage("build", [port2])
  return new Promise(heard => port1.onmessage = event => heard(event.data))
}
