// Offers to put the board on the screen: never on the first visit, nor to whoever said "later" this month, nor in
// the application itself. What it remembers stays on the device.
const MEMORY = "palier-install", MINUTE = 60_000, DAY = 24 * 60 * MINUTE
// After that long away, a new page is another visit.
const AWAY = 30 * MINUTE, QUIET = 30 * DAY
// The browser says once that it can install; the card may be drawn again after that.
let prompter

customElements.define("install-card", class extends HTMLElement {
  connectedCallback() {
    if (matchMedia("(display-mode: standalone)").matches || navigator.standalone) return keepForGood()
    this.wanted = isWanted(visit())
    this.addEventListener("click", this)
    addEventListener("beforeinstallprompt", this)
    addEventListener("appinstalled", this)
    document.addEventListener("htmx:after:swap", this)
    this.show()
  }

  disconnectedCallback() {
    removeEventListener("beforeinstallprompt", this)
    removeEventListener("appinstalled", this)
    document.removeEventListener("htmx:after:swap", this)
  }

  handleEvent(event) {
    if (event.type === "click") this.press(event)
    else if (event.type === "beforeinstallprompt") this.offer(event)
    else if (event.type === "appinstalled") this.installed()
    else this.show()
  }

  // A morph brings the server's words back.
  show() {
    this.hidden = !this.wanted
    if (/iPhone|iPad/.test(navigator.userAgent)) this.querySelector("p").textContent = this.dataset.iphone
    if (prompter) this.offer(prompter)
  }

  // This browser installs by itself: a button in place of the way to the explanation.
  offer(event) {
    if (!this.wanted) return
    event.preventDefault()
    prompter = event
    const button = document.createElement("button")
    button.type = "button"
    button.className = "btn btn-2"
    button.value = "install"
    button.textContent = this.dataset.label
    this.querySelector("a")?.replaceWith(button)
  }

  async press({ target }) {
    const button = target.closest("button")
    if (button?.value !== "install") return button && this.later()
    await prompter.prompt()
    // A prompt serves once, whatever was answered.
    this.later()
  }

  later() {
    remember({ ...recall(), quietUntil: Date.now() + QUIET })
    this.wanted = false
    this.hidden = true
  }

  installed() {
    this.later()
    keepForGood()
  }
})

// Only of an application that was installed does one ask the browser to keep everything.
async function keepForGood() {
  if (!await navigator.storage?.persisted?.()) await navigator.storage?.persist?.()
}

// Counts this visit, and gives what is known of them.
function visit() {
  const known = recall(), now = Date.now()
  const visits = Math.abs(now - (known.last ?? 0)) > AWAY ? (known.visits ?? 0) + 1 : known.visits
  return remember({ ...known, visits, last: now })
}

function isWanted(known) {
  return known.visits > 1 && !(known.quietUntil > Date.now())
}

// Where nothing can be remembered, every visit is the first.
function recall() {
  try {
    return JSON.parse(localStorage.getItem(MEMORY)) ?? {}
  } catch {
    return {}
  }
}

function remember(known) {
  try {
    localStorage.setItem(MEMORY, JSON.stringify(known))
  } catch {
    // A private window, or no room left.
  }
  return known
}
