// A day and its hour: of today, the hours that are past are not offered. `data-today` is the quartier's day and
// `data-now` its hour when the page was made, so that a telephone on another clock offers the same.
const opened = performance.now()

customElements.define("past-hours", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.refresh())
    this.refresh()
  }

  refresh() {
    const [day, hour] = this.querySelectorAll("select")
    if (!day || !hour) return
    const [hours, minutes] = this.dataset.now.split(":").map(Number)
    const now = hours * 60 + minutes + Math.floor((performance.now() - opened) / 60_000)
    for (const option of hour.options) {
      const [at, and] = option.value.split(":").map(Number)
      option.hidden = option.disabled = Boolean(option.value) && day.value === this.dataset.today && at * 60 + and <= now
    }
    if (hour.selectedOptions[0]?.disabled) hour.value = ""
  }
})
