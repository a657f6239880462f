// The shelf of pages read on this device: one cache a person for pages, one for photos, named by an opaque id.
// Only whole, fresh answers are kept, each with its hour and its weight; the oldest go first.
import { isOurs } from "./ours.js"
import { storage } from "./patience.js"
import { meet, whoReads } from "./reader.js"
import { get, put as remember } from "./store.js"

// The number changes with the way copies are kept: those of an earlier way are only copies, and go.
const PAGES = "pages2-", PHOTOS = "photos2-"
const MOST = { [PAGES]: { count: 60, bytes: 6e6 }, [PHOTOS]: { count: 60, bytes: 12e6 } }
// What is private outlives the last contact with the server by this, however long it was granted.
const ERRAND = 48 * 3600 * 1000, CLOCK = 5 * 60 * 1000

// Ask the copies, which may be silent: nobody waits for them for ever.
export const copies = ask => storage("copies", ask)
const open = name => copies(() => caches.open(name))

// The copy of a page, or nothing. Its end is looked at at every reading.
export async function copyOf(url) {
  const me = await whoReads()
  if (!me) return
  const cache = await open(PAGES + me.name), kept = await copies(() => cache.match(address(url)))
  if (!kept) return
  // A clock that was set back does not lengthen it.
  const since = Date.now() - me.contact
  if (isErrand(kept) && (since > ERRAND || since < -CLOCK)) {
    await cache.delete(address(url))
    return
  }
  return kept
}

// Keep a page that was just read, if it may be kept; take down what may be read no longer. Gives true when the
// server has a version of it without what is private.
export async function keepPage(url, answer, reader) {
  if (!isOurs(answer) || answer.redirected || answer.status === 206) return false
  await forgetOtherBoard(answer)
  const cache = await open(PAGES + reader), shelf = answer.headers.get("Palier-Shelf")
  if ([403, 404, 410].includes(answer.status)) await cache.delete(address(url))
  if (answer.status !== 200) return false
  const closed = answer.headers.get("Cache-Control")?.includes("no-store")
  if (closed && shelf !== "errand") {
    if (shelf !== "closed") await cache.delete(address(url))
    return shelf === "closed"
  }
  await put(cache, address(url), await whole(answer))
  await trim(PAGES, reader)
  return false
}

// A page to its very end. A connection that closes early looks like an end where no length was told.
export async function whole(answer) {
  const text = await answer.clone().text()
  if (!text.trimEnd().endsWith("</html>")) throw new TypeError("half a page")
  return answer
}

// A backup was restored: what was kept before may be newer than the board, under numbers it will give again. What
// waits to be sent stays.
async function forgetOtherBoard(answer) {
  const epoch = answer.headers.get("Palier-Epoch")
  if (!epoch) return
  const known = await get("device", "epoch").catch(() => epoch)
  if (known === epoch) return
  if (known !== undefined) await forgetOthers(null)
  await remember("device", epoch, "epoch").catch(() => {})
}

export async function keepPhoto(url, answer) {
  const me = await whoReads(), refused = answer.headers.get("Cache-Control")?.includes("no-store")
  if (!me || !isPicture(answer) || answer.status !== 200 || answer.redirected || refused) return
  await put(await open(PHOTOS + me.name), url, answer)
  await trim(PHOTOS, me.name)
}

export async function photoCopy(url) {
  const me = await whoReads()
  const cache = me && await open(PHOTOS + me.name)
  return cache && copies(() => cache.match(url))
}

// A picture, whoever kept it on its way; the page of a hotel is none.
export const isPicture = answer => answer.headers.get("Content-Type")?.startsWith("image/") ?? false

// The copy of a page as it stands on the shelf: { at (ms; 0: not there), concerns (of that moment) }.
export async function standing(url, reader) {
  const kept = await (await open(PAGES + reader)).match(address(url))
  return { at: Number(kept?.headers.get("Kept-At") ?? 0), concerns: kept ? concernsOf(kept) : {} }
}

// The requests that the reader of this page has a part in: "id:version id:version" as { id: version }.
export function concernsOf(answer) {
  const told = answer.headers.get("Palier-Keep")?.split(" ").filter(Boolean) ?? []
  return Object.fromEntries(told.map(one => one.split(":")))
}

// Errands that one has no part in any more: their door is closed again.
export async function closeErrands(me) {
  const cache = await open(PAGES + me.name)
  for (const key of await cache.keys()) {
    const id = new URL(key.url).pathname.split("/")[2]
    if (!(id in me.concerns) && isErrand(await cache.match(key))) await cache.delete(key)
  }
}

// Everything but this reader's (all, without one).
export async function forgetOthers(reader) {
  const mine = [PAGES + reader, PHOTOS + reader]
  const others = (await copies(() => caches.keys())).filter(name => /^(pages|photos)\d*-/.test(name) && !mine.includes(name))
  await copies(() => Promise.all(others.map(name => caches.delete(name))))
}

// Nobody reads here any more: no copy is left, and no key.
export async function forgetReader() {
  await Promise.allSettled([meet(null), forgetOthers(null)])
}

async function put(cache, url, answer) {
  const body = await answer.blob(), headers = new Headers(answer.headers)
  headers.set("Kept-At", Date.now())
  headers.set("Kept-Size", body.size)
  await cache.put(url, new Response(body, { headers }))
}

async function trim(shelf, reader) {
  const cache = await open(shelf + reader), most = MOST[shelf]
  const all = await Promise.all((await cache.keys()).map(async key => {
    const kept = await cache.match(key)
    const [at, size] = ["Kept-At", "Kept-Size"].map(name => Number(kept?.headers.get(name) ?? 0))
    return { key, at, size, errand: kept && isErrand(kept) }
  }))
  // The errand in hand goes last of all.
  all.sort((one, other) => one.errand - other.errand || one.at - other.at)
  let count = all.length, bytes = all.reduce((sum, { size }) => sum + size, 0)
  for (const { key, size } of all) {
    if (count <= most.count && bytes <= most.bytes) break
    await cache.delete(key)
    count -= 1
    bytes -= size
  }
}

const isErrand = kept => kept.headers.get("Palier-Shelf") === "errand"

// Of the composer there is one copy a kind, whatever words an address brings along.
function address(url) {
  const one = new URL(url, location.origin)
  one.hash = ""
  if (one.pathname.startsWith("/ecrire")) one.search = ""
  return one.href
}

// A copy as it is shown: it says itself of when it is, and why it is shown (`network`: "gone", "slow" or "strange").
// Its forms get keys of their own, for a key serves once.
export async function asCopy(kept, network) {
  const text = await kept.text(), headers = new Headers(kept.headers)
  headers.delete("Content-Encoding")
  headers.delete("Content-Length")
  const anew = text
    .replace("<html ", `<html data-copy="${kept.headers.get("Kept-At")}" data-network="${network}" `)
    .replaceAll(/(<input type="hidden" name="cle" value=")[^"]*/g, (_, start) => start + crypto.randomUUID())
  return new Response(anew, { headers })
}
