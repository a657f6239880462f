// A print button; without JavaScript the browser's own menu prints as well.
customElements.define("print-page", class extends HTMLElement {
  connectedCallback() {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "btn btn-2"
    button.textContent = this.dataset.label
    button.addEventListener("click", () => print())
    this.replaceChildren(button)
    this.hidden = false
  }
})
