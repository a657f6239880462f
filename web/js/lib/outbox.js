// What was written without network and waits to be sent: in order, each with the key that makes it happen once.
// Whoever comes first sends, the page or the worker, under one lock; the server knows a repeat by its key.
import { get, put, remove, update, within } from "./store.js"
import { seal, unseal, whoReads } from "./reader.js"

const SECOND = 1000, FIRST_WAIT = 5 * SECOND, LONGEST_WAIT = 15 * 60 * SECOND, HOLD = 15 * 60 * SECOND
const PATIENCE = 30 * SECOND
const channel = new BroadcastChannel("palier-outbox")

// Call `heard` whenever what waits has changed, here or in another page.
export function listen(heard) {
  const one = new BroadcastChannel("palier-outbox")
  one.onmessage = heard
  return () => one.close()
}

// A form as a browser would send it; files only when there are some.
export function encode(form) {
  return [...form.values()].some(value => value instanceof File) ? form : new URLSearchParams(form)
}

// Put a form in the pocket. `about`: { path, what, title, from }. False when this device cannot keep it.
export async function keep(about, form) {
  const me = await whoReads()
  if (!me?.key) return false
  const id = form.get("cle"), former = await get("outbox", id)
  const row = { id, reader: me.name, at: former?.at ?? Date.now(), state: "waiting", tries: 0, next: 0 }
  await put("outbox", { ...row, ...await seal(me.key, about, form) })
  channel.postMessage("kept")
  return true
}

// What waits of the one who reads, oldest first, opened: [{ id, at, state, reason, about, form }].
export async function waiting() {
  const me = await whoReads()
  if (!me?.key) return []
  const opened = (await rowsOf(me.name)).map(async row => ({ ...row, ...await unseal(me.key, row).catch(() => null) }))
  return (await Promise.all(opened)).filter(row => row.about)
}

// How many wait of the one who reads, and of others who read here before.
export async function count() {
  const me = await whoReads(), all = await within("outbox", "readonly", rows => rows.getAll())
  const mine = all.filter(row => row.reader === me?.name).length
  return { mine, others: all.length - mine }
}

export async function drop(id) {
  if (!await get("outbox", id)) return
  await remove("outbox", id)
  channel.postMessage("dropped")
}

// Somebody is reading it again: it is not sent under their eyes. It goes by itself if they forget it.
export async function hold(id) {
  await update("outbox", id, row => row && { ...row, held: Date.now() + HOLD })
}

// Send what waits. `now`: without waiting for the next try. True when nothing is left to try.
export function send(now = false) {
  return navigator.locks.request("palier-outbox", { ifAvailable: true }, lock => lock ? sendAll(now) : false)
}

async function sendAll(now) {
  const me = await whoReads()
  if (!me?.key) return true
  for (const row of await rowsOf(me.name)) {
    if (row.state !== "waiting" || row.held > Date.now()) continue
    if (!now && row.next > Date.now() || !await sendOne(me, row)) return false
  }
  return true
}

// True when this one is settled: sent, or refused with a reason. Then the next may go.
async function sendOne(me, row) {
  let answer, said
  try {
    const { about, form } = await unseal(me.key, row)
    answer = await fetch(about.path, {
      method: "POST", body: encode(form), redirect: "manual",
      headers: { "Palier-Pocket": me.name }, signal: AbortSignal.timeout(PATIENCE),
    })
    said = await answer.text()
  } catch {
    return later(row)
  }
  if (answer.status === 201 && answer.headers.has("Palier-Pocket")) {
    // Written anew meanwhile: the server will say that it has the former.
    await update("outbox", row.id, now => isSame(now, row) ? undefined : now)
  }
  // The door is closed, or somebody else is in: it waits for its writer.
  else if (answer.status === 401) return false
  // A hotel's page, a proxy's, or a board that is unwell: not an answer of ours.
  else if (!answer.headers.has("Palier-Reader") || answer.status === 429 || answer.status >= 500) {
    return later(row, Number(answer.headers.get("Retry-After")) * SECOND)
  } else await changed(row, { state: "refused", reason: said.trim() })
  channel.postMessage("sent")
  return true
}

async function later(row, asked = 0) {
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** row.tries) * (0.5 + Math.random())
  const next = Date.now() + Math.max(wait, asked || 0)
  await changed(row, { tries: row.tries + 1, next })
  return false
}

// What became of a row, unless it was dropped or written anew while it was on its way.
const changed = (row, what) => update("outbox", row.id, now => isSame(now, row) ? { ...now, ...what } : now)
const isSame = (now, row) => now && String(now.iv) === String(row.iv)

async function rowsOf(reader) {
  const rows = await within("outbox", "readonly", all => all.index("reader").getAll(reader))
  return rows.sort((one, other) => one.at - other.at)
}
