// What the worker does with an alert: shows it, keeps at hand what it announces, and opens the right page at a tap.

// What is waited for after a touch (ms): pages that are asked, and the board.
const BUSY = 300, HEAD_START = 400
// Gestures that an alert offers, and what they post.
const POSTS = { take: "/prise", keep: "/prise/garder" }

// Every push must show something (Safari takes the permission back otherwise), even one that cannot be read.
export async function announce(event, keepAtHand) {
  // A browser that reads the declarative form by itself (Safari) may leave us only that: it is shown already.
  if (!event.data && event.notification) return keepAtHand(new URL(event.notification.navigate).pathname)
  const told = read(event.data), shown = told.notification ?? {}
  const path = /^\/(?!\/)/.test(told.path) ? told.path : "/nouvelles"
  const icons = { icon: picture("app-192.png"), badge: picture("app-mono.png") }
  await self.registration.showNotification(shown.title ?? "Palier", {
    body: shown.body ?? "", lang: shown.lang, tag: shown.tag, renotify: Boolean(shown.tag && told.loud),
    ...icons, actions: told.actions ?? [], data: { path }, timestamp: Date.now(),
  }).catch(() => self.registration.showNotification("Palier", { ...icons, data: { path } }))
  if (shown.app_badge) await badge(Number(shown.app_badge))
  const [page] = path.split("#")
  await Promise.allSettled([acknowledge(told.receipt), page.startsWith("/avis/") && keepAtHand(page)])
}

// The board hears that this very device has shown it.
async function acknowledge(receipt) {
  if (receipt) await fetch(`/alertes/essai/${receipt}`, { method: "POST", redirect: "error" })
}

// What waits for its reader, on the icon.
export async function badge(count) {
  const set = count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.()
  await set?.catch(() => {})
}

export async function open(event) {
  event.notification.close()
  const { path = "/" } = event.notification.data ?? {}, post = POSTS[event.action]
  // Whatever comes of it, the page says how things stand. But a browser opens a window right after the touch only
  // (Firefox: a second), so a slow network is not waited for: the page is then shown anew.
  const posted = post && fetch(path + post, { method: "POST", redirect: "manual" }).catch(() => {}).then(() => true)
  const done = !post || await Promise.race([posted, later(HEAD_START)])
  const shown = await bring(path, post)
  if (!done && await posted) await shown?.navigate(path).catch(() => {})
}

// Bring a window with this page to the front, and load it anew when something was just posted; the window.
async function bring(path, anew) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true })
  const there = windows.find(one => new URL(one.url).pathname === path.split("#")[0])
  if (there && !anew && await focus(there)) return there
  const asked = there ? [there] : windows, free = await Promise.all(asked.map(isFree))
  for (const one of asked.filter((_, index) => free[index])) {
    if (await focus(one) && await one.navigate(path).catch(() => null)) return one
  }
  return self.clients.openWindow(path)
}

const focus = client => client.focus().catch(() => null)
const later = time => new Promise(done => setTimeout(done, time))

// Whether nothing is being typed there. A page that does not answer is left alone.
async function isFree(client) {
  const { port1, port2 } = new MessageChannel()
  client.postMessage("busy?", [port2])
  const told = new Promise(said => { port1.onmessage = ({ data }) => said(data === false) })
  return Boolean(await Promise.race([told, later(BUSY)]))
}

// Of this build, beside this very file.
const picture = name => new URL(`../../icons/${name}`, import.meta.url).href

function read(data) {
  try {
    // "null", a number, a list: what is no alert of ours announces that there is something.
    return Object(data.json() ?? {})
  } catch {
    return {}
  }
}
