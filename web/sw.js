// The service worker: what one has read opens without network, what one writes waits for it. Above this text the
// server writes BUILD, ASSETS (the files of this build, address -> bytes), FALLBACK and LEFT (pages for no network),
// STOCK (pages to have at hand), KEPT (what may be kept), POCKET (what may wait: [pattern, what]) and ALERT_KEY (the
// board's public key), and this build in the place of "now": a changed file makes another worker.
import { onlyFor, renew } from "/static/now/js/lib/alerts.js"
import { barePage } from "/static/now/js/lib/bare.js"
import { dropMarks, send } from "/static/now/js/lib/outbox.js"
import { isOurs, reach, readerOf, Stranger, wordFor } from "/static/now/js/lib/ours.js"
import { within } from "/static/now/js/lib/patience.js"
import { announce, open } from "/static/now/js/lib/push.js"
import { isLeaving, learnKey, meet, readerHere, whoReads } from "/static/now/js/lib/reader.js"
import { asCopy, closeErrands, concernsOf, copies, copyOf, forgetOthers, forgetReader, isPicture, keepPage, keepPhoto, photoCopy, standing, whole } from "/static/now/js/lib/shelf.js"
import { leave, pass, said, signOut, stay, write } from "/static/now/js/lib/writing.js"

const SHELL = `palier-${BUILD}`
// A copy is shown when the network has not answered by then; a part of a page is waited for so long; forgetting a
// reader takes no longer than this (ms).
const PATIENCE = 1500, FOR_A_PART = 9000, TO_FORGET = 3000, TO_TAKE_OVER = 8000
// What the files of the shell are, by the end of their names.
const TYPES = { css: "text/css", js: "text/javascript", woff2: "font/woff2", svg: "image/svg+xml" }
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
  // What a page sends from the pocket, or passes on itself, is on its way already.
  if (url.origin !== location.origin || ["Palier-Pocket", "Palier-Live"].some(name => request.headers.has(name))) return
  if (request.method === "POST" && isFromHere(request)) {
    return url.pathname === "/sortie" ? close(request) : unlessLeft(request, () => act(event, url))
  }
  if (request.method !== "GET") return
  if (url.pathname.startsWith("/static/")) return asset(request, url)
  if (url.pathname.startsWith("/photos/")) return photo(event)
  if (request.mode === "navigate" || url.pathname === "/poche") return page(event)
  if (request.headers.has("HX-Request")) return unlessLeft(request, () => part(event, url))
}

// Whoever left without network has left: a page that the browser kept, or another tab, does nothing in their name.
async function unlessLeft(request, go) {
  if (!await isLeaving()) return go()
  await signOut()
  return request.headers.has("HX-Request") ? said({ "HX-Redirect": "/entrer" }) : Response.redirect("/entrer", 303)
}

// A form is written, or passed on. What was said of a mark before, and still waits, is no longer meant.
async function act(event, url) {
  const kind = path => POCKET.find(([pattern]) => new RegExp(pattern).test(path))?.[1]
  const what = kind(url.pathname), undone = url.pathname.replace(/\/annuler$/, "")
  if (kind(undone) === "mark") await dropMarks(undone).catch(() => {})
  return what ? write(event, url, what) : pass(event)
}

// Another site's form must reach the server as what it is: sent anew from here, it would look like one of ours.
function isFromHere(request) {
  return request.referrer && new URL(request.referrer).origin === location.origin
}

// All or nothing: a half-downloaded shell must not replace one that works.
async function fillShell() {
  const cache = await caches.open(SHELL), paths = [...Object.keys(ASSETS), FALLBACK, LEFT]
  const answers = await Promise.all(paths.map(path => fetch(path, { cache: "reload", credentials: "omit" })))
  // A hotel answers 200 to whatever is asked.
  if (!answers.every((answer, n) => answer.status === 200 && isOurs(answer) && isTyped(answer, paths[n]))) throw new TypeError("not our shell")
  await Promise.all(answers.map((answer, n) => complete(answer, ASSETS[paths[n]])))
  await Promise.all(answers.map((answer, n) => cache.put(paths[n], answer)))
}

// Whether a file is what its name says.
function isTyped(answer, path) {
  const type = TYPES[path.match(/\.(\w+)$/)?.[1]] ?? (path.startsWith("/static/") ? "" : "text/html")
  return answer.headers.get("Content-Type")?.startsWith(type) ?? false
}

// Throws for half a file or page. `bytes`: what the server says that it is; nothing for a page.
async function complete(answer, bytes) {
  if (bytes === undefined) await whole(answer)
  else if ((await answer.clone().blob()).size !== bytes) throw new TypeError("half a file")
}

// Copies of an earlier version go; what waits to be sent stays. Nothing is answered until this is done, so it ends.
async function takeOver() {
  await within(TO_TAKE_OVER, tidy()).catch(() => {})
  await self.clients.claim()
}

// Without an answer about who reads here, nobody's copies are thrown away: at the next page it is known.
async function tidy() {
  const me = await readerHere(), stale = (await caches.keys()).filter(name => /^palier-/.test(name) && name !== SHELL)
  await Promise.all(stale.map(name => caches.delete(name)))
  await forgetOthers(me?.name)
}

// A page of another build finds its files on the server; without network, those of this build stand in.
async function asset(request, url) {
  const here = await copy(url.pathname)
  if (here) return here
  const answer = await fetch(request).catch(() => null)
  if (answer && (isOurs(answer) || isTyped(answer, url.pathname))) return answer
  return await copy(url.pathname.replace(/^\/static\/[^/]+/, `/static/${BUILD}`)) ?? answer ?? Response.error()
}

// A file of the shell, when the browser gives it.
const copy = path => copies(() => caches.match(path)).catch(() => undefined)

async function photo(event) {
  const fresh = fetch(event.request).then(answer => isOurs(answer) || isPicture(answer) ? answer : Promise.reject(new Stranger(answer)))
  event.waitUntil(fresh.then(answer => keepPhoto(event.request.url, answer.clone())).catch(() => {}))
  return await first(fresh, photoCopy(event.request.url)) ?? Response.error()
}

// Network first; the copy when it is slow or gone, or when somebody else answers, and the page that says so when
// there is none. Without any of it, a few lines that say it; never the page of whoever answered in the board's place.
async function page(event) {
  const { request } = event
  const late = arrived.get(request.url)
  arrived.clear()
  if (late && Date.now() - late.at < JUST_NOW) return late.answer
  if (await isLeaving() && !await signOut()) return await copy(LEFT) ?? Response.error()
  const asked = Date.now()
  const fresh = reach(request).then(async answer => {
    await remember(event, request.url, answer, asked).catch(() => {})
    return answer
  })
  const renew = () => event.waitUntil(fresh.then(answer => tell(event, answer.clone()), () => {}))
  return await first(fresh, copyOf(request.url), asCopy, renew) ?? await copy(FALLBACK) ?? fresh.catch(error => barePage(wordFor(error)))
}

// The network's answer, or the copy as `show` makes it when the network is gone, late or a stranger's; nothing
// without either. Whichever comes first: a copy that is not given holds nothing up.
async function first(fresh, copying, show = kept => kept, late = () => {}) {
  let why = "slow"
  const kept = Promise.resolve(copying).catch(() => undefined), waited = new Promise(resolve => setTimeout(resolve, PATIENCE))
  const answered = fresh.catch(error => {
    why = wordFor(error) === "strange" ? "strange" : "gone"
    return null
  })
  const answer = await Promise.race([answered, Promise.all([waited, kept]).then(([, there]) => there ? undefined : answered)])
  if (answer) return answer
  const there = await kept
  if (!there) return null
  if (answer === undefined) late()
  return show(there, why)
}

// Only a page of ours says who reads. Another person's copies go at once, and their key.
async function remember(event, url, answer, asked) {
  const reader = readerOf(answer)
  // What was asked before somebody left this device came too late to be theirs.
  if (answer.type !== "basic" || reader === undefined || answer.status >= 500 || asked < leftAt) return
  await meet(reader, concernsOf(answer)).catch(() => {})
  await forgetAllBut(reader)
  if (reader) event.waitUntil(settle(url, answer.clone(), reader))
}

// What others kept here goes, and nobody else is alerted. Each is tried, though another stays silent.
function forgetAllBut(reader) {
  return Promise.allSettled([forgetOthers(reader), within(TO_FORGET, onlyFor(reader, self.registration))])
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
  const name = readerOf(board)
  if (board.status !== 200 || !name) return
  await meet(name, concernsOf(board))
  await keepPage("/", board, name)
}

// Fetch a page to be kept, without what is private unless it is one's own errand. False without network.
async function fetchForShelf(path, reader) {
  const asked = Date.now()
  try {
    const answer = await fetch(path, { headers: { "Palier-Shelf": "fetch" }, cache: "no-store" })
    const name = readerOf(answer)
    if (name === null) await forgetHere()
    if (name !== reader || asked < leftAt) return false
    await keepPage(path, answer, reader)
    return true
  } catch {
    return false
  }
}

// A part of a page: without the board the whole page is asked for instead where there is a copy; else all stays.
async function part(event, url) {
  try {
    return await within(FOR_A_PART, reach(event.request))
  } catch (error) {
    if (await copyOf(url.href).catch(() => null)) return said({ "HX-Redirect": url.pathname + url.search })
    return stay(event, wordFor(error))
  }
}

// Signing out: this device forgets all at once, before anything is sent: the answer has the browser clear its
// storage, and nothing must wait for that.
async function close(request) {
  leftAt = Date.now()
  await forgetHere()
  return await leave(request) ?? await copy(LEFT) ?? Response.error()
}

// Nobody reads here any more.
const forgetHere = () => Promise.allSettled([forgetReader(), within(TO_FORGET, onlyFor(null, self.registration))])

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
