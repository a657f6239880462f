// The service worker that takes itself away (PALIER_WORKER=off): copies go, pages come from the network again.
// What was written and waits stays in its pocket; the pages send it themselves.
self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", event => event.waitUntil(goAway()))

async function goAway() {
  const names = (await caches.keys()).filter(name => /^(palier|pages|photos)\d*-/.test(name))
  await Promise.all(names.map(name => caches.delete(name)))
  await self.registration.unregister()
}
