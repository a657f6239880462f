// The way back gives the typed words again, and the key they were sent with: a page that no browser may store comes
// back empty otherwise, and the same words sent twice would be two notices. Kept for this tab only, for a while.
import { fieldsOf, fill, isChanged, pathOf, typedIn } from "./lib/fields.js"
import { recall, remember } from "./lib/memory.js"

const NAME = "palier-words", KIND = "palier-kind", LIFE = 60 * 60 * 1000, MOST = 6
// What opens a door is typed again.
const NEVER = "/entrer"

addEventListener("submit", ({ target }) => {
  if (target.method === "post" && pathOf(target) !== NEVER && fieldsOf(target).length) keep(pathOf(target), typedIn(target))
}, { capture: true })
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") bringBack()
// Before the door nothing is left of whoever was inside, nor behind it of what was typed before.
else remember(NAME, JSON.stringify(kept().filter(one => one.outside === isOutside())))
const composer = document.querySelector("#composeur"), carried = composer && recall(KIND)
if (carried) {
  putIn(composer, JSON.parse(carried))
  remember(KIND)
}

function isOutside() {
  return Boolean(document.querySelector(".dehors"))
}

function kept() {
  try {
    return (JSON.parse(recall(NAME)) ?? []).filter(one => Date.now() - one.at < LIFE)
  } catch {
    return []
  }
}

function keep(path, words) {
  const others = kept().filter(one => one.path !== path).slice(1 - MOST)
  remember(NAME, JSON.stringify([...others, { path, words, outside: isOutside(), at: Date.now() }]))
}

function bringBack() {
  for (const form of document.forms) {
    const words = kept().find(one => one.path === pathOf(form) && one.outside === isOutside())?.words
    if (words && form.method === "post") putIn(form, words)
  }
}

// What the browser itself has put back is not touched, nor what the server keeps in hidden fields, but the key.
function putIn(form, words) {
  const free = new Set(fieldsOf(form).filter(field => !isChanged(field)).map(field => field.name))
  for (const field of fieldsOf(form)) if (field.type === "checkbox" && free.has(field.name)) field.checked = false
  for (const [name, value] of words) if (free.has(name) || name === "cle") fill(form, name, value)
}
