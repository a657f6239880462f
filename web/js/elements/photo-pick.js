// Says which photos were chosen; the browser's own control, which would say it, is hidden under the button.
customElements.define("photo-pick", class extends HTMLElement {
  connectedCallback() {
    this.said ??= this.appendChild(document.createElement("p"))
    this.said.setAttribute("role", "status")
    this.addEventListener("change", this)
  }

  handleEvent(event) {
    const names = [...event.target.files].map((file) => file.name)
    const { one, many } = this.dataset
    const list = names.join(", ")
    this.said.textContent = names.length > 1 ? `${many.replace("#", names.length)} ${list}` : names.length ? one.replace("#", list) : ""
  }
})
