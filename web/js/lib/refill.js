// A form is read again: what waits in the pocket comes back into the fields it was typed in.
import { hold, waiting } from "./outbox.js"

export async function refill() {
  const id = location.hash.match(/^#poche=([\w-]{16,64})$/)?.[1]
  if (!id) return
  const item = (await waiting()).find(one => one.id === id)
  const form = item && [...document.forms].find(one => new URL(one.action).pathname === item.about.path)
  if (!form) return
  await hold(id)
  for (const [name, value] of item.form) if (typeof value === "string") fill(form.elements[name], value)
  form.querySelector("textarea, input:not([type=hidden])")?.focus()
}

function fill(field, value) {
  if (!field) return
  field.value = value
  // What follows a field (a count of letters) follows this too.
  if (field instanceof Element) field.dispatchEvent(new Event("input", { bubbles: true }))
}
