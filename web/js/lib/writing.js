// What the worker does with a form: it goes now, or waits in the pocket with the same key where its route allows
// that; else the page stays with what was typed, and says so.
import { count, drop, encode, filesOf, keep } from "./outbox.js"
import { leadsTo, patienceFor, sendOn, wordFor } from "./ours.js"
import { within } from "./patience.js"
import { leaveLater, hasLeft, isLeaving } from "./reader.js"
import { copyOf } from "./shelf.js"
import { smaller } from "./smaller.js"

// How long the answer to a form is waited for (ms); the second: to one with files that may wait.
const PATIENCE = 8000, WITH_FILES = 30_000, WAKING = 2000

// A form that may not wait: without the board the page stays as it is, with what was typed, and says so.
export async function pass(event) {
  const { request } = event
  try {
    const body = await request.clone().blob()
    // Until the answer begins: it may come slowly.
    const answer = await within(patienceFor(body.size, PATIENCE), sendOn(request.url, body, request))
    // Its session ended meanwhile: the words stay where they are until the door is open again.
    return answer.status === 401 ? stay(event, "closed") : shown(request, answer)
  } catch (error) {
    return stay(event, wordFor(error))
  }
}

// Something is written: it goes now, or into the pocket, with the same key. `what`: see POCKET in sw.js.
export async function write(event, url, what) {
  const { request } = event, form = await read(request.clone())
  if (!form) return pass(event)
  const id = form.get("cle") || crypto.randomUUID()
  form.set("cle", id)
  for (const [name, file] of await filesOf(id, form).catch(() => [])) form.append(name, file)
  // The page that its form stands on.
  const about = { path: url.pathname, what, from: url.pathname.match(/^\/(ecrire|avis)\/[^/]+/)[0] }
  const files = [...form.values()].some(value => value instanceof File), headers = new Headers(request.headers)
  headers.delete("Content-Type")
  try {
    const answer = await sendOn(url, encode(form), { headers, referrer: request.referrer, patience: files ? WITH_FILES : PATIENCE })
    if (answer.status === 401) return wait(event, about, form, "/entrer")
    // A board that is unwell has done nothing yet. One that says "enough for now" shows the words, and the hour.
    if (answer.status >= 500) throw new Error("unwell")
    // An answer that breaks off says nothing: with its key the form may be sent once more.
    if (!leadsTo(answer)) await answer.clone().blob()
    if (leadsTo(answer)) event.waitUntil(drop(id).catch(() => {}))
    return shown(request, answer)
  } catch (error) {
    return wait(event, about, form, "/#poche", wordFor(error))
  }
}

// The answer of the board as a browser is given it: a page, or the way to one.
function shown(request, answer) {
  const on = leadsTo(answer)
  if (!on) return answer
  if (answer.status === 401 && request.headers.has("HX-Request")) return said({ "HX-Redirect": on })
  return Response.redirect(new URL(on, location.origin), 303)
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

// Into the pocket; then on to where it is shown, or to the door. What does not go in stays on its page.
async function wait(event, about, form, on, word = "unsent") {
  const title = (await copyOf(about.from).then(copy => copy?.text()).catch(() => ""))?.match(/<title>(.*?) · Palier<\/title>/s)?.[1]
  if (!await keep({ ...about, title }, form).catch(() => false)) return stay(event, word)
  await within(WAKING, Promise.resolve(self.registration.sync?.register("palier-outbox"))).catch(() => {})
  if (event.request.mode === "navigate") return Response.redirect(on, 303)
  // A gesture on a card leaves the reader where they are; words are shown where they wait.
  if (about.what === "mark" && on !== "/entrer") return stay(event, "kept")
  return said({ "HX-Redirect": on })
}

// 204: a browser keeps the page as it is; the page hears what to say.
export async function stay(event, word) {
  const client = event.clientId && await self.clients.get(event.clientId)
  const all = client ? [client] : await self.clients.matchAll({ type: "window" })
  for (const one of all) one.postMessage(word)
  return said()
}

// An answer of the worker's own, in the board's place.
export function said(headers = {}) {
  return new Response(null, { status: 204, headers: { "Palier-Reader": "unknown", ...headers } })
}

// Signing out, once nothing is left on this device: the session is closed now, or at the next contact. Nothing when
// the board did not hear.
export async function leave(request) {
  try {
    const answer = await sendOn(request.url, await request.clone().blob(), { headers: request.headers, patience: PATIENCE })
    if (leadsTo(answer)) return shown(request, answer)
  } catch {
    // Without network, or in a stranger's.
  }
  await leaveLater().catch(() => {})
}

// Close the session of somebody who left without network. What others wrote here must not go with it. Whether it is.
export async function signOut() {
  try {
    const { others } = await count()
    const answer = await sendOn("/sortie", new URLSearchParams(others ? { autres: "1" } : {}), { patience: PATIENCE })
    if (leadsTo(answer)) await hasLeft()
  } catch {
    // Still without network.
  }
  return !await isLeaving()
}
