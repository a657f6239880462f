// The service worker: the pages one has read open without network. The server puts BUILD, ASSETS and
// FALLBACK above this text, so that a changed file makes another worker.
import { copyOf, keepPage, forgetOthers, forgetOld } from "/static/now/js/lib/shelf.js"

const SHELL = `palier-${BUILD}`
// A copy is shown when the network has not answered by then.
const PATIENCE = 1500

self.addEventListener("install", event => event.waitUntil(fillShell()))
self.addEventListener("activate", event => event.waitUntil(takeOver()))
self.addEventListener("message", event => event.data === "take-over" && self.skipWaiting())
self.addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== location.origin) return
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(request, url))
  else if (request.mode === "navigate") event.respondWith(page(event, request))
})

// All or nothing: a half-downloaded shell must not replace one that works.
async function fillShell() {
  const cache = await caches.open(SHELL)
  await cache.addAll([...ASSETS, FALLBACK].map(path => new Request(path, { cache: "reload", credentials: "omit" })))
}

async function takeOver() {
  const names = await caches.keys()
  const stale = names.filter(name => name.startsWith("palier-") && name !== SHELL)
  await Promise.all(stale.map(name => caches.delete(name)))
  await self.clients.claim()
}

async function asset(request, url) {
  const kept = await caches.match(request) ?? await caches.match(url.pathname)
  return kept ?? fetch(request)
}

// Network first; the copy when it is slow or gone, and the page that says so when there is none.
async function page(event, request) {
  const fresh = fetch(request).then(async answer => {
    await remember(event, request, answer)
    return answer
  })
  fresh.catch(() => {})
  const copy = await copyOf(request)
  if (!copy) return fresh.catch(() => caches.match(FALLBACK))
  const late = new Promise(resolve => setTimeout(resolve, PATIENCE))
  const first = await Promise.race([fresh.catch(() => null), late])
  if (first) return first
  event.waitUntil(fresh.then(answer => answer.ok && tell(event, "fresh"), () => {}))
  return copy
}

async function remember(event, request, answer) {
  // A redirection and an error say nothing about who reads; a page without a reader says that nobody is signed in.
  if (answer.type !== "basic" || answer.status >= 500) return
  const reader = answer.headers.get("Palier-Reader")
  await forgetOthers(reader)
  if (!reader) return
  const copy = answer.clone()
  event.waitUntil(keepPage(request, copy, reader).then(forgetOld))
}

// The page shown is a copy; the network has just brought a newer one.
async function tell(event, word) {
  const client = await self.clients.get(event.resultingClientId || event.clientId)
  client?.postMessage(word)
}
