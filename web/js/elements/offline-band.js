// The ink band of a page that is a copy: of when it is, and what one cannot do without network. It also starts
// the service worker, and brings the newer page when a slow network has answered at last.
const worker = navigator.serviceWorker

customElements.define("offline-band", class extends HTMLElement {
  connectedCallback() {
    worker?.register("/sw.js", { type: "module" }).catch(() => {})
    worker?.addEventListener("message", this)
    addEventListener("online", this)
    this.show()
  }

  disconnectedCallback() {
    worker?.removeEventListener("message", this)
    removeEventListener("online", this)
  }

  // "fresh": the worker has the newer page now. Nothing that was being typed is thrown away.
  handleEvent(event) {
    if (event.type === "message" && event.data !== "fresh") return
    const typing = [...document.querySelectorAll("textarea, input")].some(field => field.value !== field.defaultValue)
    if (this.copy && !typing) location.reload()
  }

  get copy() {
    return Number(document.documentElement.dataset.copy)
  }

  show() {
    if (!this.copy) return
    const hour = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })
    this.querySelector("b").textContent = navigator.onLine ? this.dataset.slow : this.dataset.here
    this.querySelector("span span").textContent = `${this.dataset.copy} ${hour.format(this.copy).replace(":", " h ")}.`
    this.hidden = false
    for (const form of document.querySelectorAll("form[action$='/prise']")) this.turnOff(form)
  }

  // Two people would both set out: taking needs the network.
  turnOff(form) {
    const button = form.querySelector("button"), reason = document.createElement("p")
    reason.id = `hors-${form.action.split("/").at(-2)}`
    reason.textContent = this.dataset.take
    button.disabled = true
    button.setAttribute("aria-describedby", reason.id)
    form.after(reason)
  }
})
