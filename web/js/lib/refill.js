// A form is read again: what waits in the pocket comes back into the fields it was typed in.
import { fill } from "./fields.js"
import { remember } from "./memory.js"
import { hold, waiting } from "./outbox.js"

export async function refill() {
  const id = location.hash.match(/^#poche=([\w-]{16,64})$/)?.[1]
  if (!id) return
  const item = (await waiting()).find(one => one.id === id)
  const form = item && [...document.forms].find(one => new URL(one.action).pathname === item.about.path)
  if (!form) return
  await hold(id)
  // Whoever goes away without sending it lets it go with the others: offline-band.js.
  remember("palier-read", id)
  for (const [name, value] of item.form) if (typeof value === "string") fill(form, name, value)
  form.querySelector("textarea, input:not([type=hidden])")?.focus()
}
