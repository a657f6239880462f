// The ink bands above a page: that it is a copy, and of when; that a newer version is ready; that what waited has
// gone. The element also starts the service worker, has what waits sent, and brings the newer page when a slow network answers at last.

// Nothing of the pocket is needed at first sight: it comes when the page has come to rest.
const outbox = () => import("../lib/outbox.js"), memory = () => import("../lib/memory.js")
// Browsers that lack what the worker needs have the board with the network only.
const worker = navigator.locks && "timeout" in AbortSignal ? navigator.serviceWorker : undefined
const HEARD = ["online", "offline", "visibilitychange"]
// The paper that this tab is reading again, from one page to the next.
const READ = "palier-read"
// How long "C'est parti" has to stand there to be read (ms).
const READABLE = 3000
// After so long it is looked whether the board is there again, at first and in the end, and how long at once (ms).
const FIRST_LOOK = 5000, LAST_LOOK = 5 * 60 * 1000, ONE_LOOK = 9000
// What the worker says became of a form.
const WORDS = ["kept", "unsent", "strange", "closed"]

customElements.define("offline-band", class extends HTMLElement {
  connectedCallback() {
    [this.copyBand, this.newBand, this.goneBand] = this.children
    worker?.addEventListener("message", this)
    for (const name of HEARD) addEventListener(name, this)
    this.show()
    if (location.hash.startsWith("#poche=")) import("../lib/refill.js").then(({ refill }) => refill()).catch(() => {})
    // The page first: nothing else competes with it.
    if (document.readyState === "complete") this.rest()
    else addEventListener("load", () => this.rest(), { once: true })
  }

  disconnectedCallback() {
    worker?.removeEventListener("message", this)
    for (const name of HEARD) removeEventListener(name, this)
    clearTimeout(this.timer)
    clearTimeout(this.look)
    this.deaf?.()
  }

  async rest() {
    await atLeisure()
    await this.lookAfter(await outbox()).catch(() => {})
    this.send(true).catch(() => {})
    import("../late.js")
    // Without an address, the board wants no worker.
    if (!this.dataset.worker) return
    const registration = await worker?.register(this.dataset.worker, { type: "module" }).catch(() => null)
    if (!registration) return
    this.watch(registration)
    const ready = await worker.ready
    ready.active.postMessage("opened")
  }

  // What waits: hear when it has gone, and let go the paper that this tab was reading again, and has left.
  async lookAfter(lib) {
    this.deaf = lib.listen(({ data }) => data === "sent" && this.gone(lib))
    const { recall, remember } = await memory(), read = recall(READ)
    if (read && location.hash !== `#poche=${read}`) {
      // A page that goes in between leaves it to the next.
      await lib.release(read)
      remember(READ)
    }
    if (!worker?.controller) await lib.askWhoReads()
    if (await lib.hasSent()) await this.gone(lib)
  }

  // "fresh": the worker has the newer page now. "kept", "unsent", "strange", "closed": what became of a form.
  handleEvent({ type, data }) {
    if (type === "offline") this.takes(false)
    else if (type === "online") {
      this.takes(true)
      this.copyBand.hidden = true
      this.send(true)
      this.renew()
    } else if (type === "visibilitychange") this.send(false)
    else if (data === "fresh") this.renew()
    else if (WORDS.includes(data)) this.say(data)
    // Nobody hears when a hotel's network has become a real one.
    if (data === "kept") this.send(false).catch(() => {})
  }

  // What became of what was asked: kept, unsent, answered by a stranger, or by a door that is closed.
  say(word) {
    this.tell({ strange: this.dataset.other, closed: this.dataset.door }[word] ?? this.dataset.here, this.dataset[word])
    this.copyBand.querySelector("a").hidden = word !== "closed"
  }

  // The board has all that waited. A page that goes before one could read it leaves the telling to the next.
  async gone(lib) {
    if (await lib.nextTry().catch(() => 0) !== undefined) return
    this.goneBand.hidden = false
    // The network is back: a copy gives way to the page, which says it again.
    if (this.copy) return this.renew()
    this.copyBand.hidden = true
    setTimeout(() => lib.toldSent().catch(() => {}), READABLE)
  }

  // What waits goes; what could not go is tried again while the page is open. Nothing runs when nothing waits.
  async send(now) {
    clearTimeout(this.timer)
    if (document.hidden) return
    const { nextTry, send } = await outbox()
    await send(now).catch(() => {})
    const wait = await nextTry().catch(() => undefined)
    if (wait !== undefined) this.timer = setTimeout(() => this.send(false), wait)
  }

  // Nothing that was being typed is thrown away.
  renew() {
    if (!this.copy) return
    if (!this.typing) location.reload()
    // Words are being typed: the page stays, what needs the network works again.
    else this.takes(true)
  }

  get typing() {
    return [...document.querySelectorAll("textarea, input, option")].some(isChanged)
  }

  get copy() {
    return Number(document.documentElement.dataset.copy)
  }

  show() {
    if (!this.copy) return
    const { lang, dataset } = document.documentElement
    const hour = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit" }).format(this.copy).replace(":", " h ")
    const why = { slow: this.dataset.slow, strange: this.dataset.other }[dataset.network] ?? this.dataset.here
    this.tell(why, `${this.dataset.copy} ${hour}.`)
    this.takes(false)
    this.ask(FIRST_LOOK)
  }

  // A network that answers like a hotel becomes a real one without a word: while a copy stands here, and somebody
  // looks at it, the board is asked again, less and less often.
  ask(wait) {
    clearTimeout(this.look)
    this.look = setTimeout(async () => {
      if (!document.hidden && navigator.onLine && await isThere()) this.renew()
      else this.ask(Math.min(wait * 2, LAST_LOOK))
    }, wait)
  }

  tell(what, more) {
    this.goneBand.hidden = true
    this.copyBand.querySelector("b").textContent = what
    this.copyBand.querySelector("span").textContent = more
    this.copyBand.hidden = false
  }

  // Two people would both set out: taking needs the network. The button is still reached by the keyboard, so that
  // the reason is heard, but sends nothing.
  takes(possible) {
    for (const form of document.querySelectorAll("form[action$='/prise']")) {
      const button = form.querySelector("button"), id = `hors-${form.action.split("/").at(-2)}`
      button.type = possible ? "submit" : "button"
      for (const name of ["aria-disabled", "aria-describedby"]) button.removeAttribute(name)
      document.getElementById(id)?.remove()
      if (possible) continue
      button.setAttribute("aria-disabled", "true")
      button.setAttribute("aria-describedby", id)
      form.after(Object.assign(document.createElement("p"), { id, textContent: this.dataset.take }))
    }
  }

  watch(registration) {
    if (registration.waiting) this.offer(registration.waiting)
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing
      coming?.addEventListener("statechange", () => {
        if (coming.state === "installed" && worker.controller) this.offer(coming)
      })
    })
  }

  // Told once for each version; the page is opened anew only when somebody asks for it.
  async offer(coming) {
    const build = await ask(coming), { recall, remember } = await memory()
    if (recall("palier-told", "local") === build) return
    remember("palier-told", build, "local")
    this.newBand.hidden = false
    this.newBand.querySelector("button").addEventListener("click", () => {
      worker.addEventListener("controllerchange", () => location.reload(), { once: true })
      coming.postMessage("take-over")
    })
  }
})

const isChanged = field => field instanceof HTMLOptionElement
  ? field.selected !== field.defaultSelected && field.closest("select").querySelector("[selected]") !== null
  : field.value !== field.defaultValue || field.checked !== field.defaultChecked

// When the browser has nothing better to do (Safari cannot say when).
function atLeisure() {
  return new Promise(idle => globalThis.requestIdleCallback ? requestIdleCallback(idle, { timeout: 2000 }) : setTimeout(idle, 500))
}

async function isThere() {
  const { reach } = await import("../lib/ours.js")
  return reach("/poche/cle", { redirect: "manual", cache: "no-store", headers: { "Palier-Live": "1" }, signal: AbortSignal.timeout(ONE_LOOK) }).then(() => true, () => false)
}

function ask(coming) {
  const { port1, port2 } = new MessageChannel()
  coming.postMessage("build", [port2])
  return new Promise(heard => port1.onmessage = event => heard(event.data))
}
