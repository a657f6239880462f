// Who reads on this device: one person at a time, by an opaque name that the server gives, with the key that seals
// what they write. The key cannot be read out, is given to nobody else, and goes when they go: what still waits is
// then closed, and opens again when the same person comes back.
import { isOurs, reach, readerOf } from "./ours.js"
import { get, put, remove, update } from "./store.js"

const ROW = "reader", LEAVING = "leaving"

// { name, key, concerns, contact } or undefined. `concerns`: the requests they have a part in, id -> version;
// `contact`: when the server was last heard.
export const whoReads = () => readerHere().catch(() => undefined)
// The same, for whoever must know "nobody" from "no answer": rejects when the browser gives none.
export const readerHere = () => get("device", ROW)

// A page came for this reader (null: for nobody).
export async function meet(name, concerns) {
  await update("device", ROW, row => {
    return name ? { name, key: row?.name === name ? row.key : undefined, concerns, contact: Date.now() } : undefined
  })
}

// Where no worker looks at the pages, a page asks itself who reads, before anything of the pocket is shown or sent.
export async function meetHere() {
  const answer = await reach("/poche/cle", { redirect: "manual", cache: "no-store", headers: { "Palier-Live": "1" } })
  const name = readerOf(answer)
  if (answer.status === 401) await meet(null)
  else if (name) {
    await meet(name, {})
    await learnKey()
  }
}

// Fetch the reader's key, unless it is here. True when it has just come.
export async function learnKey() {
  const me = await whoReads()
  if (!me || me.key) return
  const answer = await fetch("/poche/cle", { redirect: "error", cache: "no-store" })
  if (!answer.ok || !isOurs(answer) || readerOf(answer) !== me.name) return
  const bytes = Uint8Array.from(atob(await answer.text()), letter => letter.charCodeAt(0))
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"])
  await update("device", ROW, row => row?.name === me.name ? { ...row, key } : row)
  return true
}

// Signing out without network: the session is closed at the next contact, before anything else is asked.
export const leaveLater = () => put("device", true, LEAVING)
export const isLeaving = () => get("device", LEAVING).catch(() => false)
export const hasLeft = () => remove("device", LEAVING)

// Close a form (AES-GCM, NIST SP 800-38D) with what is known about it.
export async function seal(key, about, form) {
  const all = new FormData()
  all.append("about", JSON.stringify(about))
  for (const [name, value] of form) all.append(`=${name}`, value)
  const whole = new Response(all), type = whole.headers.get("Content-Type")
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, type, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, await whole.arrayBuffer()) }
}

// Open it again: { about, form }. Throws when it was closed with another key.
export async function unseal(key, { iv, type, sealed }) {
  const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed)
  const all = await new Response(bytes, { headers: { "Content-Type": type } }).formData(), form = new FormData()
  for (const [name, value] of all) if (name !== "about") form.append(name.slice(1), value)
  return { about: JSON.parse(all.get("about")), form }
}
