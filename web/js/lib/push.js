// What the worker does with an alert: shows it, keeps at hand what it announces, and opens the right page at a tap.

const BUSY = 400
// Gestures that an alert offers, and what they post.
const POSTS = { take: "/prise", keep: "/prise/garder" }

// Every push must show something (Safari takes the permission back otherwise), even one that cannot be read.
export async function announce(event, keepAtHand) {
  const told = read(event.data), { notification: shown = {} } = told
  const path = told.path ?? "/nouvelles"
  await self.registration.showNotification(shown.title ?? "Palier", {
    body: shown.body ?? "", lang: shown.lang, tag: shown.tag, renotify: Boolean(shown.tag && told.loud),
    icon: picture("app-192.png"), badge: picture("app-mono.png"), actions: told.actions ?? [], data: { path }, timestamp: Date.now(),
  })
  await badge(Number(shown.app_badge ?? 0))
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
  // Whatever comes of it, the page says how things stand.
  if (post) await fetch(path + post, { method: "POST", redirect: "manual" }).catch(() => {})
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true })
  const there = windows.find(one => new URL(one.url).pathname === path.split("#")[0])
  if (there && !post && await focus(there)) return
  for (const one of there ? [there] : windows) {
    if (await isFree(one) && await focus(one) && await one.navigate(path).catch(() => null)) return
  }
  await self.clients.openWindow(path)
}

const focus = client => client.focus().catch(() => null)

// Whether nothing is being typed there. A page that does not answer is left alone.
function isFree(client) {
  const { port1, port2 } = new MessageChannel()
  client.postMessage("busy?", [port2])
  return new Promise(said => {
    port1.onmessage = ({ data }) => said(data === false)
    setTimeout(() => said(false), BUSY)
  })
}

// Of this build, beside this very file.
const picture = name => new URL(`../../icons/${name}`, import.meta.url).href

function read(data) {
  try {
    return data.json()
  } catch {
    return {}
  }
}
