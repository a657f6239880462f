// Before the door is closed on this device: what still waits is sent first, or dropped after a question.
import { remember } from "../lib/memory.js"
import { count, dropAll, send } from "../lib/outbox.js"

customElements.define("sign-out", class extends HTMLElement {
  connectedCallback() {
    this.form.addEventListener("submit", this)
    this.querySelector(".btn-stop").addEventListener("click", this)
  }

  get form() {
    return this.querySelector("form")
  }

  async handleEvent(event) {
    event.preventDefault()
    if (event.type === "click") await dropAll().catch(() => {})
    else await send(true).catch(() => {})
    const { mine, others } = await count().catch(() => ({ mine: 0, others: 0 }))
    if (mine) {
      this.querySelector("[role=alert]").hidden = false
      return
    }
    if (others) this.form.append(this.note())
    // The other tabs, and what the browser keeps for the way back, close too: left.js.
    remember("palier-left", Date.now(), "local")
    this.form.submit()
  }

  // What somebody else wrote stays on this device, closed, until they come back.
  note() {
    return Object.assign(document.createElement("input"), { type: "hidden", name: "autres", value: "1" })
  }
})
