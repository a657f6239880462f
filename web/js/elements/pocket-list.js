// "Dans votre poche": what was written without network and waits on this device, to read again or to drop.
// With data-from it takes its words from that page, and shows nothing when nothing waits.
import { remember } from "../lib/memory.js"
import { count, drop, hold, listen, release, send, waiting } from "../lib/outbox.js"

const LETTERS = 160, MINUTE = 60 * 1000

customElements.define("pocket-list", class extends HTMLElement {
  async connectedCallback() {
    this.deaf = listen(() => this.refresh())
    this.addEventListener("click", this)
    await this.refresh()
  }

  disconnectedCallback() {
    this.deaf()
  }

  // "Envoyer maintenant": all of it, also what somebody began to read again.
  async handleEvent({ target }) {
    const button = target.closest("button[value=now]")
    if (!button || button.ariaBusy) return
    button.ariaBusy = "true"
    for (const { id, held } of await waiting().catch(() => [])) if (held) await release(id).catch(() => {})
    const all = await send(true).catch(() => false)
    const until = all ? 0 : await this.untilWhen()
    button.nextElementSibling.textContent = all ? "" : until ? this.sayWhen(this.dataset.enough, until) : this.dataset.still
    button.ariaBusy = null
  }

  // When the board will take the first of what it would not take yet (ms); 0 when that is not why it waits.
  async untilWhen() {
    const hours = (await waiting().catch(() => [])).map(item => item.until ?? 0).filter(until => until > Date.now())
    return hours.length ? Math.min(...hours) : 0
  }

  // A sentence with a day and an hour in the place of its "{hour}".
  sayWhen(sentence, moment) {
    const day = new Date(moment).toDateString() === new Date().toDateString() ? {} : { weekday: "long" }
    const hour = new Intl.DateTimeFormat(document.documentElement.lang, { ...day, hour: "2-digit", minute: "2-digit" })
    return sentence.replace("{hour}", hour.format(Math.ceil(moment / MINUTE) * MINUTE).replace(/(\d) ?: ?(?=\d)/, "$1 h "))
  }

  // However much happens meanwhile, it is shown once more, not each time.
  async refresh() {
    this.stale = true
    if (this.busy) return
    this.busy = true
    while (this.stale) {
      this.stale = false
      await this.show().catch(() => {})
    }
    this.busy = false
  }

  async show() {
    const items = await waiting().catch(() => [])
    if (!items.length && this.dataset.from && !this.place) return
    if (!this.place) await this.furnish()
    if (!this.place) return
    const waits = items.some(item => item.state === "waiting")
    this.toggle({ some: items.length && this.dataset.from, waiting: waits, none: !items.length && !this.dataset.from })
    this.place.replaceChildren(...items.map(item => this.paper(item)))
  }

  get place() {
    return this.querySelector("[data-place]")
  }

  // The words and the sheets come with the page that is kept for this.
  async furnish() {
    const answer = await fetch(this.dataset.from, { headers: { "Palier-Shelf": "fetch" } }).catch(() => null)
    const page = new DOMParser().parseFromString(await answer?.text() ?? "", "text/html")
    const full = page.querySelector("pocket-list")
    if (!full || this.place) return
    Object.assign(this.dataset, { ...full.dataset, from: this.dataset.from })
    this.append(...full.childNodes)
  }

  toggle(shown) {
    for (const [when, is] of Object.entries(shown)) {
      for (const one of this.querySelectorAll(`[data-when=${when}]`)) one.hidden = !is
    }
  }

  paper({ id, at, state, reason, until, about, form }) {
    const template = this.querySelector(`template[data-what="${about.what === "post" ? about.path : about.what}"]`)
    const paper = template.content.cloneNode(true).firstElementChild, part = name => paper.querySelector(name)
    // A post without a title has none; what is written under one has its name.
    const refused = state === "refused", title = form.get("title") || (about.what === "post" ? "" : about.title)
    const words = ["body", "reponse", "message", "votre-merci", "raison-rendre"].map(name => form.get(name)).find(Boolean)
    const hour = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })
    part("time").textContent = `${this.dataset.written} ${hour.format(at).replace(":", " h ")}`
    const waits = until > Date.now() ? this.sayWhen(this.dataset.until, until) : this.dataset.waiting
    part(".badge span").textContent = refused ? this.dataset.refused : waits
    part("h3").textContent = title ?? ""
    part("h3").hidden = !title
    // What did not go is shown whole: its form may be no more.
    part(".texte").textContent = refused ? words : (words ?? "").slice(0, LETTERS)
    part(".texte").hidden = !words
    part(".photos").hidden = ![...form.values()].some(value => value instanceof File)
    part(".raison").replaceChildren(...this.sentences(refused ? reason : ""))
    part("a").href = `${about.from}#poche=${id}`
    part("a").hidden = !words
    part("button").addEventListener("click", () => drop(id))
    part("a").addEventListener("click", () => {
      // Should its form not come, the page that does lets it go: offline-band.js.
      remember("palier-read", id)
      hold(id)
    })
    return paper
  }

  // The server's sentences, as text: whatever came, none of it becomes markup.
  sentences(html) {
    const read = new DOMParser().parseFromString(html, "text/html")
    return [...read.querySelectorAll("p")].map(from => {
      const paragraph = document.createElement("p"), bold = document.createElement("b")
      bold.textContent = from.textContent
      paragraph.append(bold)
      return paragraph
    })
  }
})

// Before the door: what somebody wrote here still waits, closed, until they come in.
customElements.define("pocket-closed", class extends HTMLElement {
  async connectedCallback() {
    const { mine, others } = await count().catch(() => ({ mine: 0, others: 0 }))
    this.hidden = !(mine + others)
  }
})
