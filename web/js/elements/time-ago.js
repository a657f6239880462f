// "à 14 h 05" becomes "il y a 20 min" for what is less than half a day old (the style sheet shows it on screen).
// The server's words stay for the rest, and on paper.
const HOUR = 3600, DAY = 24 * HOUR

customElements.define("time-ago", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:after:swap", this)
    this.handleEvent()
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:after:swap", this)
  }

  // A morph takes our words away; say them again.
  handleEvent() {
    const seconds = (Date.now() - Date.parse(this.querySelector("time").dateTime)) / 1000
    if (!(seconds >= 0 && seconds < DAY / 2)) return
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" })
    if (seconds < 60) this.dataset.ago = words.format(0, "second")
    else if (seconds < HOUR) this.dataset.ago = words.format(-Math.round(seconds / 60), "minute")
    else this.dataset.ago = words.format(-Math.round(seconds / HOUR), "hour")
  }
})
