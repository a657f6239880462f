// What was written without network and waits to be sent: in order, each with the key that makes it happen once.
// Whoever comes first sends, the page or the worker, under one lock; the server knows a repeat by its key.
import { isOurs, patienceFor } from "./ours.js"
import { within as limited } from "./patience.js"
import { get, put, remove, update, within } from "./store.js"
import { meetHere, readerHere, seal, unseal, whoReads } from "./reader.js"
import { forgetReader } from "./shelf.js"

const SECOND = 1000, FIRST_WAIT = 5 * SECOND, LONGEST_WAIT = 15 * 60 * SECOND, HOLD = 60 * 60 * SECOND
// A lock is given at once or not at all (ms).
const GRANTED = 2000
const SENT = "sent"
const channel = new BroadcastChannel("palier-outbox")

// Call `heard` whenever what waits has changed, here or in another page; its `data`: kept, dropped, later, sent, refused.
export function listen(heard) {
  const one = new BroadcastChannel("palier-outbox")
  one.onmessage = heard
  return () => one.close()
}

// A form as a browser would send it; files only when there are some.
export function encode(form) {
  return [...form.values()].some(value => value instanceof File) ? form : new URLSearchParams(form)
}

// When something was kept: never twice the same, or two kept within a millisecond would be sent in any order.
let last = 0
const moment = () => last = Math.max(Date.now(), last + 1)

// Put a form in the pocket. `about`: { path, what, title, from }. False when this device cannot keep it.
export async function keep(about, form) {
  const me = await whoReads()
  if (!me?.key) return false
  // A form that is sent again from an old page with other words is another one.
  if (await isAnother(me, form)) form.set("cle", crypto.randomUUID())
  const id = form.get("cle"), former = await get("outbox", id)
  const row = { id, reader: me.name, at: former?.at ?? moment(), state: "waiting", tries: 0, next: 0 }
  await put("outbox", { ...row, ...await seal(me.key, about, form) })
  channel.postMessage("kept")
  return true
}

async function isAnother(me, form) {
  const former = await get("outbox", form.get("cle"))
  if (!former || former.held > Date.now()) return false
  const before = await unseal(me.key, former).catch(() => null)
  return !before || String(new URLSearchParams(before.form)) !== String(new URLSearchParams(form))
}

// The files of a paper that was taken up again: a form cannot be given them back.
export async function filesOf(id, form) {
  const me = await whoReads(), row = me?.key && await get("outbox", id)
  if (!row || [...form.values()].some(value => value instanceof File)) return []
  const former = await unseal(me.key, row).catch(() => null)
  return [...former?.form ?? []].filter(([, value]) => value instanceof File)
}

// What waits of the one who reads, oldest first, opened: [{ id, at, state, reason, until, about, form }]. `until`: the
// board has said that it is enough for now, and possible again then (ms).
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

// Without a worker nobody has looked who reads: asked by the page itself, when something waits at all.
export async function askWhoReads() {
  const { mine, others } = await count()
  if (mine + others) await meetHere()
}

export async function drop(id) {
  if (!await get("outbox", id)) return
  await remove("outbox", id)
  channel.postMessage("dropped")
}

// What waits of this mark (its address) was said before, and something else since.
export async function dropMarks(path) {
  for (const { id, about } of await waiting()) if (about.what === "mark" && about.path === path) await drop(id)
}

// All that waits of the one who reads, even what opens no more.
export async function dropAll() {
  const me = await whoReads()
  for (const row of me ? await rowsOf(me.name) : []) await remove("outbox", row.id)
  channel.postMessage("dropped")
}

// Whether something has gone that nobody was told of yet: it may have been sent while no page was open.
export const hasSent = () => get("device", SENT)
export const toldSent = () => remove("device", SENT)

// In how many ms the next try is due, or undefined when nothing is to be tried.
export async function nextTry() {
  const me = await readerHere(), rows = me?.key ? await rowsOf(me.name) : []
  const due = rows.filter(row => row.state === "waiting").map(row => Math.max(row.next, row.held ?? 0))
  return due.length ? Math.max(FIRST_WAIT, Math.min(...due) - Date.now()) : undefined
}

// Somebody is reading it again: it is not sent under their eyes. It goes by itself if they forget it.
export async function hold(id) {
  await update("outbox", id, row => row && { ...row, held: Date.now() + HOLD })
}

// Read no more: it goes with the others.
export async function release(id) {
  await update("outbox", id, row => row && { ...row, held: 0 })
}

// Send what waits. `now`: without waiting for the next try. True when nothing is left to try.
export function send(now = false) {
  let granted
  const held = new Promise(done => { granted = done })
  const sending = navigator.locks.request("palier-outbox", { ifAvailable: true }, async lock => {
    granted()
    return lock ? sendAll(now).catch(() => false) : false
  })
  // Once it is granted, each send has an end of its own.
  return limited(GRANTED, held).then(() => sending)
}

async function sendAll(now) {
  const me = await readerHere()
  if (!me?.key) return true
  let all = true
  const stuck = new Set()
  for (const row of await rowsOf(me.name)) {
    if (row.state !== "waiting" || row.held > Date.now()) continue
    const paper = await unseal(me.key, row).catch(() => null)
    // Closed with a key that is no more.
    if (!paper) await changed(row, { state: "refused", reason: "" })
    // What stands behind one that must wait, on the same page, waits with it.
    else if (stuck.has(paper.about.from) || (!now && row.next > Date.now())) {
      stuck.add(paper.about.from)
      all = false
    } else {
      const outcome = await sendOne(me, row, paper)
      if (outcome === "stop") return false
      if (outcome === "later") stuck.add(paper.about.from)
      all &&= outcome === "settled"
    }
  }
  return all
}

// "settled": sent, or refused with a reason; "later": the board is unwell; "stop": no network, or no door.
async function sendOne(me, row, { about, form }) {
  let answer, said
  try {
    answer = await fetch(about.path, {
      method: "POST", body: encode(form), redirect: "manual", headers: { "Palier-Pocket": me.name },
      signal: AbortSignal.timeout(patienceFor(row.sealed.byteLength)),
    })
    said = await answer.text()
  } catch {
    await later(row)
    return "stop"
  }
  if (!isOurs(answer) || answer.status === 429 || answer.status >= 500) {
    // A hotel's page, a proxy's, a board that is unwell; or ours, that names the hour when it is possible again.
    const asked = Number(answer.headers.get("Retry-After")) * SECOND
    await later(row, asked, isOurs(answer) && answer.status === 429 ? { until: Date.now() + asked } : {})
    return "later"
  }
  if (answer.status === 401) {
    // The door is closed, or somebody else is in: it waits for its writer.
    await forgetReader()
    return "stop"
  }
  const done = answer.status === 201 && answer.headers.has("Palier-Pocket")
  if (done) {
    // Written anew meanwhile: the server will say that it has the former.
    await update("outbox", row.id, now => isSame(now, row) ? undefined : now)
  } else await changed(row, { state: "refused", reason: said.trim() })
  if (done) await put("device", true, SENT).catch(() => {})
  channel.postMessage(done ? "sent" : "refused")
  return "settled"
}

async function later(row, asked = 0, more = {}) {
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** row.tries) * (0.5 + Math.random())
  const next = Date.now() + Math.max(wait, asked || 0)
  await changed(row, { tries: row.tries + 1, next, ...more })
  channel.postMessage("later")
}

// What became of a row, unless it was dropped or written anew while it was on its way.
const changed = (row, what) => update("outbox", row.id, now => isSame(now, row) ? { ...now, ...what } : now)
const isSame = (now, row) => now && String(now.iv) === String(row.iv)

async function rowsOf(reader) {
  const rows = await within("outbox", "readonly", all => all.index("reader").getAll(reader))
  return rows.sort((one, other) => one.at - other.at)
}
