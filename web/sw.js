// The service worker: what one has read opens without network, what one writes waits for it. Above this text the
// server writes BUILD, ASSETS (the files of this build), FALLBACK and LEFT (pages for no network), STOCK (pages to
// have at hand), KEPT (what may be kept), POCKET (what may wait: [pattern, what]) and ALERT_KEY (the board's public
// key), and this build in the place of "now": a changed file makes another worker.
import { count, drop, encode, filesOf, keep, send } from "/static/now/js/lib/outbox.js"
import { onlyFor, renew } from "/static/now/js/lib/alerts.js"
import { announce, open } from "/static/now/js/lib/push.js"
import { hasLeft, isLeaving, learnKey, leaveLater, meet, whoReads } from "/static/now/js/lib/reader.js"
import { asCopy, closeErrands, concernsOf, copyOf, forgetOthers, forgetReader, keepPage, keepPhoto, photoCopy, standing } from "/static/now/js/lib/shelf.js"
import { smaller } from "/static/now/js/lib/smaller.js"

const SHELL = `palier-${BUILD}`
// A copy is shown when the network has not answered by then; a form is put in the pocket.
const PATIENCE = 1500, PATIENCE_TO_WRITE = 8000, PATIENCE_WITH_FILES = 30_000
const JUST_NOW = 10_000, WEEK = 7 * 24 * 3600 * 1000
// Answers that came after their page had been shown as a copy.
const arrived = new Map()
// When somebody last left this device (ms), as far as this worker remembers.
let leftAt = 0

self.addEventListener("install", event => event.waitUntil(fillShell()))
self.addEventListener("activate", event => event.waitUntil(takeOver()))
self.addEventListener("fetch", event => {
  const answer = answerTo(event)
  if (answer) event.respondWith(answer)
})
// Where browsers know it, the worker is woken when the network is back, without a page.
self.addEventListener("sync", event => event.waitUntil(send().then(done => done || Promise.reject(new Error("later")))))
self.addEventListener("push", event => event.waitUntil(announce(event, keepAtHand)))
self.addEventListener("notificationclick", event => event.waitUntil(open(event)))
self.addEventListener("pushsubscriptionchange", event => event.waitUntil(alertMe(true)))
self.addEventListener("message", event => {
  if (event.data === "take-over") self.skipWaiting()
  else if (event.data === "build") event.ports[0].postMessage(BUILD)
  else if (event.data === "opened") event.waitUntil(Promise.allSettled([stock(), alertMe(false)]))
})

// This device goes on being alerted, for whoever reads here. `now`: the browser has changed its subscription.
async function alertMe(now) {
  const me = await whoReads()
  if (me) await renew(self.registration, ALERT_KEY, me.name, now)
}

// What an alert announces is read in the stairwell.
async function keepAtHand(path) {
  const me = await whoReads()
  if (me) await fetchForShelf(path, me.name)
}

function answerTo(event) {
  const { request } = event, url = new URL(request.url)
  // What a page sends from the pocket is on its way already.
  if (url.origin !== location.origin || request.headers.has("Palier-Pocket")) return
  if (request.method === "POST" && isOurs(request)) {
    const what = POCKET.find(([pattern]) => new RegExp(pattern).test(url.pathname))?.[1]
    if (what) return write(event, url, what)
    return url.pathname === "/sortie" ? leave(request) : pass(event)
  }
  if (request.method !== "GET") return
  if (url.pathname.startsWith("/static/")) return asset(request, url)
  if (url.pathname.startsWith("/photos/")) return photo(event)
  if (request.mode === "navigate" || url.pathname === "/poche") return page(event)
  if (request.headers.has("HX-Request")) return part(request, url)
}

// Another site's form must reach the server as what it is: sent anew from here, it would look like one of ours.
function isOurs(request) {
  return request.referrer && new URL(request.referrer).origin === location.origin
}

// All or nothing: a half-downloaded shell must not replace one that works.
async function fillShell() {
  const cache = await caches.open(SHELL), paths = [...ASSETS, FALLBACK, LEFT]
  await cache.addAll(paths.map(path => new Request(path, { cache: "reload", credentials: "omit" })))
}

// Copies of an earlier version go; what waits to be sent stays.
async function takeOver() {
  const me = await whoReads(), stale = (await caches.keys()).filter(name => /^palier-/.test(name) && name !== SHELL)
  await Promise.all(stale.map(name => caches.delete(name)))
  await forgetOthers(me?.name)
  await self.clients.claim()
}

// A page of another build finds its files on the server; without network, those of this build stand in.
async function asset(request, url) {
  const kept = await caches.match(url.pathname)
  return kept ?? fetch(request).catch(async error => {
    const ours = await caches.match(url.pathname.replace(/^\/static\/[^/]+/, `/static/${BUILD}`))
    return ours ?? Promise.reject(error)
  })
}

async function photo(event) {
  const fresh = fetch(event.request)
  event.waitUntil(fresh.then(answer => keepPhoto(event.request.url, answer.clone())).catch(() => {}))
  return await first(fresh, photoCopy(event.request.url)) ?? Response.error()
}

// Network first; the copy when it is slow or gone, and the page that says so when there is none.
async function page(event) {
  const { request } = event
  const late = arrived.get(request.url)
  arrived.clear()
  if (late && Date.now() - late.at < JUST_NOW) return late.answer
  if (await isLeaving() && !await signOut()) return caches.match(LEFT)
  const asked = Date.now()
  const fresh = reach(request).then(async answer => {
    await remember(event, request.url, answer, asked)
    return answer
  })
  const renew = () => event.waitUntil(fresh.then(answer => tell(event, answer.clone()), () => {}))
  return await first(fresh, copyOf(request.url), asCopy, renew) ?? await caches.match(FALLBACK)
}

// A proxy that cannot reach the board is no answer of the board's: as good as no network.
async function reach(...what) {
  const answer = await fetch(...what)
  if ([502, 503, 504].includes(answer.status) && !answer.headers.has("Palier-Reader")) throw new Error("unreached")
  return answer
}

// The network's answer, or the copy as `show` makes it when the network is gone or late; nothing without either.
async function first(fresh, copying, show = copy => copy, late = () => {}) {
  const answered = fresh.catch(() => null), copy = await Promise.resolve(copying).catch(() => null)
  if (!copy) return answered
  const waited = new Promise(resolve => setTimeout(resolve, PATIENCE))
  const answer = await Promise.race([answered, waited])
  if (answer) return answer
  if (answer === undefined) late()
  return show(copy, answer === null)
}

// Only a page of ours says who reads. Another person's copies go at once, and their key.
async function remember(event, url, answer, asked) {
  const name = answer.headers.get("Palier-Reader")
  // What was asked before somebody left this device came too late to be theirs.
  if (answer.type !== "basic" || !name || answer.status >= 500 || asked < leftAt) return
  const reader = name === "nobody" ? null : name
  await meet(reader, concernsOf(answer)).catch(() => {})
  await forgetOthers(reader)
  await onlyFor(reader, self.registration)
  if (reader) event.waitUntil(settle(url, answer.clone(), reader))
}

async function settle(url, answer, reader) {
  await closeErrands({ name: reader, concerns: concernsOf(answer) })
  const path = new URL(url).pathname
  if (!KEPT.some(pattern => new RegExp(pattern).test(path))) return
  if (await keepPage(url, answer, reader)) await fetchForShelf(path, reader)
}

// After a page has come to rest: what one needs at hand without network, one page after the other.
async function stock() {
  if (!await whoReads()) await firstVisit().catch(() => {})
  // Whoever comes back has the key again to what waits for them.
  if (await learnKey().catch(() => false)) await send(true)
  const me = await whoReads()
  if (!me) return
  for (const path of STOCK) {
    if ((await standing(path, me.name)).at < Date.now() - WEEK && !await fetchForShelf(path, me.name)) return
  }
  for (const [id, version] of Object.entries(me.concerns)) {
    const path = `/avis/${id}`, had = await standing(path, me.name)
    if (had.concerns[id] !== version && !await fetchForShelf(path, me.name)) return
  }
}

// The page on which the worker was installed came without it: who reads, and the board, are asked for once more.
async function firstVisit() {
  const board = await fetch("/", { headers: { "Palier-Shelf": "fetch" }, redirect: "manual", cache: "no-store" })
  const name = board.headers.get("Palier-Reader")
  if (board.status !== 200 || !name) return
  await meet(name, concernsOf(board))
  await keepPage("/", board, name)
}

// Fetch a page to be kept, without what is private unless it is one's own errand. False without network.
async function fetchForShelf(path, reader) {
  const asked = Date.now()
  try {
    const answer = await fetch(path, { headers: { "Palier-Shelf": "fetch" }, cache: "no-store" })
    const name = answer.headers.get("Palier-Reader")
    if (name === "nobody") {
      await forgetReader()
      await onlyFor(null, self.registration)
    }
    if (name !== reader || asked < leftAt) return false
    await keepPage(path, answer, reader)
    return true
  } catch {
    return false
  }
}

// A form that may not wait: without network the page stays as it is, with what was typed, and says so.
async function pass(event) {
  return reach(event.request).catch(() => stay(event, "unsent"))
}

// A part of a page: without network the whole page is asked for instead, of which there may be a copy.
async function part(request, url) {
  return fetch(request).catch(() => new Response(null, { status: 204, headers: { "HX-Redirect": url.pathname + url.search } }))
}

// Something is written: it goes now, or into the pocket, with the same key.
async function write(event, url, what) {
  const { request } = event, form = await read(request.clone())
  if (!form) return fetch(request)
  const id = form.get("cle") || crypto.randomUUID()
  form.set("cle", id)
  for (const [name, file] of await filesOf(id, form)) form.append(name, file)
  // The page that its form stands on.
  const about = { path: url.pathname, what, from: url.pathname.match(/^\/(ecrire|avis)\/[^/]+/)[0] }
  const files = [...form.values()].some(value => value instanceof File), headers = new Headers(request.headers)
  headers.delete("Content-Type")
  headers.set("Palier-Live", "1")
  try {
    const answer = await reach(url, {
      method: "POST", body: encode(form), headers, redirect: request.redirect, referrer: request.referrer,
      signal: AbortSignal.timeout(files ? PATIENCE_WITH_FILES : PATIENCE_TO_WRITE),
    })
    if (answer.status === 401) return wait(event, about, form, "/entrer")
    // A board that is unwell has done nothing yet.
    if (answer.status >= 500 || answer.status === 429) throw new Error("unwell")
    if (answer.type === "opaqueredirect" || answer.redirected) event.waitUntil(drop(id))
    return answer
  } catch {
    return wait(event, about, form, "/#poche")
  }
}

// The fields of a form; of a field where no file was chosen, nothing.
async function read(request) {
  const form = await request.formData().catch(() => null), full = new FormData()
  for (const [name, value] of form ?? []) {
    // Lines end as in every form a browser sends (WHATWG HTML, 4.10.21.4), or a second try would hold other bytes.
    if (!(value instanceof File)) full.append(name, value.replace(/\r\n?|\n/g, "\r\n"))
    else if (value.size || value.name) full.append(name, value)
  }
  // Made smaller before the first try, so that a second one holds the very same bytes.
  return form && smaller(full)
}

// Into the pocket; then on to where it is shown, or to the door.
async function wait(event, about, form, on) {
  const title = (await copyOf(about.from).then(copy => copy?.text()))?.match(/<title>(.*?) · Palier<\/title>/s)?.[1]
  if (!await keep({ ...about, title }, form).catch(() => false)) return stay(event, "unsent")
  await self.registration.sync?.register("palier-outbox").catch(() => {})
  if (event.request.mode === "navigate") return Response.redirect(on, 303)
  // A gesture on a card leaves the reader where they are; words are shown where they wait.
  if (about.what === "mark" && on !== "/entrer") return stay(event, "kept")
  return new Response(null, { status: 204, headers: { "HX-Redirect": on } })
}

// 204: a browser keeps the page as it is; the page hears what to say.
async function stay(event, word) {
  const client = await self.clients.get(event.clientId)
  const all = client ? [client] : await self.clients.matchAll({ type: "window" })
  for (const one of all) one.postMessage(word)
  return new Response(null, { status: 204 })
}

// Signing out: this device forgets all at once, and the session is closed now or at the next contact.
async function leave(request) {
  leftAt = Date.now()
  // Before it is sent: the answer has the browser clear its storage, and nothing must wait for that.
  await forgetReader()
  await onlyFor(null, self.registration)
  const answer = await fetch(request).catch(() => null)
  if (answer?.type === "opaqueredirect") return answer
  await leaveLater()
  return caches.match(LEFT)
}

// Close the session of somebody who left without network. What others wrote here must not go with it.
async function signOut() {
  try {
    const { others } = await count()
    const answer = await reach("/sortie", {
      method: "POST", redirect: "manual", body: new URLSearchParams(others ? { autres: "1" } : {}),
      signal: AbortSignal.timeout(PATIENCE_TO_WRITE),
    })
    if (answer.type === "opaqueredirect" || answer.status === 401) await hasLeft()
  } catch {
    // Still without network.
  }
  return !await isLeaving()
}

// The page shown is a copy; the network has just brought a newer one, which it gets when it asks again: asked of the
// same slow network, it would come too late for ever.
async function tell(event, answer) {
  const client = await self.clients.get(event.resultingClientId || event.clientId)
  // A door that is closed, a page that is gone: that is news too.
  const news = answer.type === "opaqueredirect" || [200, 403, 404, 410].includes(answer.status)
  if (!client || !news) return
  arrived.set(event.request.url, { answer, at: Date.now() })
  client.postMessage("fresh")
}
