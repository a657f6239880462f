// This device and its alerts (W3C Push API): asked for by a page after a gesture, kept alive by the worker. The row
// `alerts` on the device says for whom, so that the next person who reads here never gets them.
import { sendOn, wordFor } from "./ours.js"
import { get, put, remove } from "./store.js"

// How long the board is waited for (ms).
const ROW = "alerts", DAY = 24 * 3600 * 1000, PATIENCE = 9000

// Subscribe this browser, or find that it is. Another key than ours (the board was moved) needs a new subscription.
export async function subscribe(registration, key) {
  const had = await registration.pushManager.getSubscription()
  if (had && text(had.options.applicationServerKey) === key) return had
  await had?.unsubscribe()
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

// Tell the board where to send. Throws when it does not hear, or does not want it.
export async function register(subscription, reader) {
  const { endpoint } = subscription
  const keys = Object.fromEntries(["p256dh", "auth"].map(name => [name, text(subscription.getKey(name))]))
  await tell("/alertes/appareil", new URLSearchParams({ endpoint, ...keys }))
  await put("device", { reader, endpoint, at: Date.now() }, ROW)
}

// The board's own answer, which no worker gives in its place. Throws an error by the name of what came instead:
// "unsent" (nothing) or "strange" (somebody else); another when the board says no.
export async function tell(path, body) {
  const answer = await sendOn(path, body, { patience: PATIENCE }).catch(error => { throw new DOMException(path, wordFor(error)) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return answer
}

// At each opening: a subscription that the browser dropped is made anew, the board hears of it once a day.
export async function renew(registration, key, reader, now = false) {
  const row = await get("device", ROW)
  if (row?.reader !== reader || Notification.permission !== "granted") return
  const subscription = await subscribe(registration, key)
  if (now || subscription.endpoint !== row.endpoint || Date.now() - row.at > DAY) await register(subscription, reader)
}

// Nobody but this reader is alerted here (null: nobody at all).
export async function onlyFor(reader, registration) {
  const row = await get("device", ROW).catch(() => null)
  if (row && row.reader !== reader) await forget(registration)
}

// No alert any more, and none of those that still stand there. Leaving goes on whatever the browser says of it.
export async function forget(registration) {
  await remove("device", ROW).catch(() => {})
  await Promise.allSettled([unsubscribe(registration), close(registration)])
}

async function unsubscribe(registration) {
  await (await registration?.pushManager?.getSubscription())?.unsubscribe()
}

async function close(registration) {
  for (const shown of await registration?.getNotifications() ?? []) shown.close()
}

// Bytes in base64url without padding (RFC 4648, 5).
function text(bytes) {
  if (!bytes) return ""
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
}
