// "à 14 h 05" becomes "il y a 20 min" for what is less than a day old. The server's words stay for the rest.
const HOUR = 3600, DAY = 24 * HOUR

customElements.define("time-ago", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:after:swap", this)
    this.handleEvent()
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:after:swap", this)
  }

  // A morph puts the server's words back; say ours again.
  handleEvent() {
    const time = this.querySelector("time")
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000
    if (!(seconds >= 0 && seconds < DAY / 2)) return
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" })
    time.title = time.textContent
    time.textContent = seconds < HOUR
      ? words.format(-Math.max(1, Math.round(seconds / 60)), "minute")
      : words.format(-Math.round(seconds / HOUR), "hour")
  }
})
