// Sends an address through the phone's own sharing sheet, else copies it; without either, the mail link works.
customElements.define("share-link", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this)
  }

  async handleEvent(event) {
    const url = this.dataset.address
    if (navigator.share) {
      event.preventDefault()
      await navigator.share({ url }).catch(() => {})
    } else if (navigator.clipboard) {
      event.preventDefault()
      await navigator.clipboard.writeText(url)
      const said = document.createElement("p")
      said.className = "toast"
      said.setAttribute("role", "status")
      said.textContent = this.dataset.done
      document.getElementById("mots")?.replaceChildren(said)
    }
  }
})
