// The shelf of pages read on this device. One cache a person, named by an opaque id; another person's goes at
// the first answer that is not theirs. A page is kept with its hour; what is private also with its end.
const PAGES = "pages-", MOST = 60
const HOURS = 3600 * 1000
// An errand outlives the contact with the server by this, however long it was granted.
const ERRAND = 48 * HOURS

// The copy of a page as it is shown offline, or nothing. Its end is looked at on every reading.
export async function copyOf(request) {
  for (const name of await ours()) {
    const cache = await caches.open(name), kept = await cache.match(bare(request.url))
    if (!kept) continue
    const ends = Number(kept.headers.get("Kept-Until"))
    if (ends && ends < Date.now()) {
      await cache.delete(bare(request.url))
      continue
    }
    return asCopy(kept)
  }
}

// Keep a whole, fresh page. Never a part, a redirection, an error, or what the server wants stored nowhere.
export async function keepPage(request, answer, reader) {
  const errand = answer.headers.get("Palier-Errand")
  const refused = answer.headers.get("Cache-Control")?.includes("no-store") && !errand
  const cache = await caches.open(PAGES + reader)
  if (answer.status !== 200 || answer.redirected || refused) {
    // What can be read no longer, or is nobody's to keep any more, goes from the shelf too.
    if (refused || [403, 404, 410].includes(answer.status)) await cache.delete(bare(request.url))
    return
  }
  const headers = new Headers(answer.headers)
  headers.set("Kept-At", Date.now())
  if (errand) headers.set("Kept-Until", Date.now() + ERRAND)
  await cache.put(bare(request.url), new Response(await answer.blob(), { headers }))
}

// Another person reads on this device: what the former one read is gone.
export async function forgetOthers(reader) {
  const others = (await ours()).filter(name => name !== PAGES + reader)
  await Promise.all(others.map(name => caches.delete(name)))
}

// The oldest go first when there are more than fit.
export async function forgetOld() {
  for (const name of await ours()) {
    const cache = await caches.open(name), keys = await cache.keys()
    if (keys.length <= MOST) continue
    const aged = await Promise.all(keys.map(async key => [Number((await cache.match(key)).headers.get("Kept-At")), key]))
    aged.sort((one, other) => one[0] - other[0])
    await Promise.all(aged.slice(0, keys.length - MOST).map(([, key]) => cache.delete(key)))
  }
}

async function ours() {
  return (await caches.keys()).filter(name => name.startsWith(PAGES))
}

function bare(url) {
  const one = new URL(url)
  one.hash = ""
  return one.href
}

// The page says itself that it is a copy, and of when: an attribute that <offline-band> reads.
async function asCopy(kept) {
  const text = await kept.text(), headers = new Headers(kept.headers)
  headers.delete("Content-Encoding")
  headers.delete("Content-Length")
  return new Response(text.replace("<html ", `<html data-copy="${kept.headers.get("Kept-At")}" `), { headers })
}
