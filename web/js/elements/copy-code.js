// Copies a code, so that nobody has to carry sixteen signs from one window to the other.
customElements.define("copy-code", class extends HTMLElement {
  connectedCallback() {
    this.hidden = !navigator.clipboard
    this.addEventListener("click", this)
  }

  async handleEvent() {
    const code = document.getElementById(this.dataset.from).textContent
    const copied = await navigator.clipboard.writeText(code).then(() => true, () => false)
    this.said ??= this.appendChild(document.createElement("p"))
    this.said.setAttribute("role", "status")
    this.said.textContent = copied ? this.dataset.done : this.dataset.failed
  }
})
