// The chosen size shows at once by CSS alone; this remembers it on the server.
customElements.define("text-size", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this)
  }

  handleEvent(event) {
    const form = event.target.form
    fetch(form.action, {
      method: "POST",
      body: new URLSearchParams({ taille: event.target.value }),
      headers: { "HX-Request-Type": "partial" },
      keepalive: true,
    }).catch(() => {})
  }
})
