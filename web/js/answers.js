// What htmx brings is looked at before it is put in place: only the board's own answers are, nothing that was typed
// meanwhile goes, and whoever hears nothing is told.
import { fieldsOf, fill, isChanged, pathOf, stateOf, typedIn } from "./lib/fields.js"
import { remember } from "./lib/memory.js"
import { isOurs } from "./lib/ours.js"

// How long a part of a page is waited for (ms); a worker says sooner that it does not come.
const PATIENCE = 12_000
// What was typed in the composer, whatever kind it was typed under: another kind may have no such field, and come back.
const typed = new Map()
// What stood in the fields when a request left: its context -> (name -> state).
const before = new WeakMap()
const say = word => document.querySelector("offline-band")?.say(word)

const HEARD = {
  "htmx:config:request": ({ ctx: { request } }) => { if (request.method === "GET") request.timeout ??= PATIENCE },
  "htmx:before:request": ({ ctx }) => before.set(ctx, new Map(fieldsOf(document).map(field => [field, stateOf(field)]))),
  "htmx:before:response": ({ ctx }, event) => {
    const mine = isOurs(ctx.response), stays = mine && wordToStay(ctx)
    if (mine && !stays) return leaving(ctx)
    event.preventDefault()
    say(stays || ([502, 503, 504].includes(ctx.response.status) ? "unsent" : "strange"))
  },
  // No network, or one that broke off in the middle.
  "htmx:error": ({ ctx, error }) => ctx && error?.name !== "AbortError" && say("unsent"),
  // Nothing came (204): the page stays, and so does its address.
  "htmx:before:history:update": ({ response }, event) => response?.status === 204 && event.preventDefault(),
  "htmx:before:swap": ({ ctx }) => ctx && collect(ctx),
  "htmx:after:swap": ({ ctx }) => ctx && putBack(ctx),
}
for (const [name, hear] of Object.entries(HEARD)) document.addEventListener(name, event => hear(event.detail, event))

// An answer of ours would lead away from words that nobody else has: what to say instead, while the page stays.
function wordToStay(ctx) {
  if (ctx.request.method !== "POST") return ""
  if (ctx.response.status === 401) return "closed"
  return ctx.response.headers.get("HX-Redirect") === "/#poche" && typedSince(ctx).length ? "kept" : ""
}

// The whole page comes in the place of a part: the words of the composer go along.
function leaving(ctx) {
  const composer = document.querySelector("#composeur")
  if (composer && ctx.request.method === "GET" && ctx.response.headers.has("HX-Redirect")) remember("palier-kind", JSON.stringify(typedIn(composer)))
}

// What a swap would take away: what was typed since the request left, and in the composer all of it.
function collect(ctx) {
  const composer = document.querySelector("#composeur"), since = typedSince(ctx)
  ctx.typedSince = since.map(asTyped)
  // What was sent and taken is not sent again: a morph leaves it in its field.
  const sent = ctx.request.method === "POST" && ctx.response?.status === 200 ? ctx.request.form?.querySelectorAll("textarea") ?? [] : []
  for (const field of sent) if (!since.includes(field)) field.value = field.defaultValue
  if (!composer) return typed.clear()
  for (const field of fieldsOf(composer).filter(isChanged)) typed.set(field.name, field.value)
}

// The fields that changed since this request left.
function typedSince(ctx) {
  const then = before.get(ctx)
  return fieldsOf(document).filter(field => field.form && then?.has(field) && then.get(field) !== stateOf(field))
}

function putBack(ctx) {
  const composer = document.querySelector("#composeur")
  if (composer) for (const [name, value] of typed) fill(composer, name, value)
  for (const [path, name, value] of ctx.typedSince ?? []) {
    for (const form of document.forms) if (form === composer || pathOf(form) === path) fill(form, name, value)
  }
}

const asTyped = field => [pathOf(field.form), field.name, field.value]
