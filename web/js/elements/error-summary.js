// The list of faults takes the focus as soon as it appears, also when htmx brings it.
customElements.define("error-summary", class extends HTMLElement {
  connectedCallback() {
    this.querySelector("[role=alert]")?.focus()
  }
})
