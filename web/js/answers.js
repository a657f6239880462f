// What htmx brings is looked at before it is put in place: only the board's own answers are, nothing that was typed
// meanwhile goes, and whoever hears nothing is told.
import { fieldsOf, fill, isChanged, pathOf, stateOf, typedIn } from "./lib/fields.js"
import { remember } from "./lib/memory.js"
import { isOurs } from "./lib/ours.js"

// What was typed in the composer, whatever kind it was typed under: another kind may have no such field, and come back.
const typed = new Map()
// What stood in the fields when a request left: its context -> (name -> state).
const before = new WeakMap()
const say = word => document.querySelector("offline-band")?.say(word)

const HEARD = {
  "htmx:before:request": ({ ctx }) => before.set(ctx, new Map(fieldsOf(document).map(field => [field, stateOf(field)]))),
  "htmx:before:response": ({ ctx }, event) => {
    if (isOurs(ctx.response)) return leaving(ctx)
    event.preventDefault()
    say([502, 503, 504].includes(ctx.response.status) ? "unsent" : "strange")
  },
  // No network, or one that broke off in the middle.
  "htmx:error": ({ ctx, error }) => ctx && error?.name !== "AbortError" && say("unsent"),
  "htmx:before:swap": ({ ctx }) => ctx && collect(ctx),
  "htmx:after:swap": ({ ctx }) => ctx && putBack(ctx),
}
for (const [name, hear] of Object.entries(HEARD)) document.addEventListener(name, event => hear(event.detail, event))

// The whole page comes in the place of a part: the words of the composer go along.
function leaving(ctx) {
  const composer = document.querySelector("#composeur")
  if (composer && ctx.request.method === "GET" && ctx.response.headers.has("HX-Redirect")) remember("palier-kind", JSON.stringify(typedIn(composer)))
}

// What a swap would take away: what was typed since the request left, and in the composer all of it.
function collect(ctx) {
  const then = before.get(ctx), composer = document.querySelector("#composeur")
  const since = fieldsOf(document).filter(field => field.form && then?.has(field) && then.get(field) !== stateOf(field))
  ctx.typedSince = since.map(asTyped)
  // What was sent and taken is not sent again: a morph leaves it in its field.
  const sent = ctx.request.method === "POST" && ctx.response?.status === 200 ? ctx.request.form?.querySelectorAll("textarea") ?? [] : []
  for (const field of sent) if (!since.includes(field)) field.value = field.defaultValue
  if (!composer) return typed.clear()
  for (const field of fieldsOf(composer).filter(isChanged)) typed.set(field.name, field.value)
}

function putBack(ctx) {
  const composer = document.querySelector("#composeur")
  if (composer) for (const [name, value] of typed) fill(composer, name, value)
  for (const [path, name, value] of ctx.typedSince ?? []) {
    for (const form of document.forms) if (form === composer || pathOf(form) === path) fill(form, name, value)
  }
}

const asTyped = field => [pathOf(field.form), field.name, field.value]
