// Fills in what another application shared (Web Share Target), from the address of this page: the same with and
// without network. Nothing that was shared is followed, and nothing is lost: what fits no field is in the text.
const MUSIC = [
  "spotify.com", "spotify.link", "deezer.com", "deezer.page.link", "music.youtube.com", "music.apple.com",
  "soundcloud.com", "qobuz.com", "tidal.com", "bandcamp.com", "music.amazon.com", "music.amazon.fr", "shazam.com",
]
// What the fields of the forms hold; a text may be longer than the board takes, then the server says by how much.
const TITLE = 90, LINK = 400, TEXT = 2000

customElements.define("shared-words", class extends HTMLElement {
  connectedCallback() {
    const { title, link, body } = shared(new URLSearchParams(location.search))
    if (!title && !link && !body) return
    if (isMusic(link)) {
      this.replaceChildren(this.querySelector("template").content.cloneNode(true))
      this.choose("bon-plan", "playlist")
      this.fill({ track_title_1: title, track_link_1: link, body })
    } else this.fill({ title, link, body })
  }

  fill(words) {
    const form = this.querySelector("form")
    for (const [name, text] of Object.entries(words)) form.elements[name].value = text
  }

  // The kind picker above says which form this is.
  choose(former, kind) {
    document.getElementById(`genre-${former}`)?.removeAttribute("aria-current")
    document.getElementById(`genre-${kind}`)?.setAttribute("aria-current", "page")
  }
})

// Android puts the link into the text as often as into "url".
function shared(asked) {
  const [named, text, url] = ["title", "text", "url"].map(name => clean(asked.get(name) ?? ""))
  const link = [url, text, named].map(linkIn).find(Boolean) ?? ""
  const lines = [without(text, link), without(url, link)].filter(Boolean).join("\n").split("\n")
  const full = without(named, link) || lines.shift()
  const title = shortened(full, TITLE)
  const rest = lines.join("\n").trim()
  const body = [title === full ? "" : full, rest === full ? "" : rest].filter(Boolean).join("\n")
  return { title, link, body: cut(body, TEXT) }
}

function clean(text) {
  return cut(text.replace(/\r\n?/g, "\n").replace(/[\0-\x09\x0b-\x1f\x7f]/g, " "), TEXT).trim()
}

// By signs, so that none is cut in two.
function cut(text, length) {
  return [...text].slice(0, length).join("")
}

function shortened(text, length) {
  return [...text].length <= length ? text : `${cut(text, length - 1).replace(/\s+\S*$/, "")}…`
}

function without(text, link) {
  return link ? text.replace(link, "").replace(/[ :]+$/gm, "").trim() : text
}

// A sentence ends with a full stop or a bracket, a link rarely; a bracket that was opened in it is its own.
function linkIn(text) {
  let link = text.match(/https?:\/\/[^\s<>"«»]+/i)?.[0] ?? ""
  while (/[.,;:!?'’\]]$/.test(link) || (link.endsWith(")") && count(link, ")") > count(link, "("))) link = link.slice(0, -1)
  return link.length <= LINK && hostOf(link).includes(".") ? link : ""
}

function count(text, sign) {
  return text.split(sign).length - 1
}

function hostOf(link) {
  try {
    const { hostname, username } = new URL(link)
    return username ? "" : hostname
  } catch {
    return ""
  }
}

function isMusic(link) {
  const host = hostOf(link)
  return MUSIC.some(one => host === one || host.endsWith(`.${one}`))
}
