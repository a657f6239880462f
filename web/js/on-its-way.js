// A form that is on its way is not changed: what is typed after it left would be on no page and in no pocket. htmx sends
// without leaving the page; what is typed meanwhile stays there (answers.js).
const LONGEST = 30_000
const locked = new Set()

addEventListener("submit", event => {
  const { target, defaultPrevented } = event
  if (defaultPrevented || target.method !== "post" || target.hasAttribute("data-hx-post")) return
  for (const field of target.querySelectorAll("input, textarea")) {
    if (field.readOnly) continue
    field.readOnly = true
    locked.add(field)
  }
  setTimeout(unlock, LONGEST)
})
// The page stays after all, or came back.
addEventListener("pageshow", unlock)
navigator.serviceWorker?.addEventListener("message", unlock)

function unlock() {
  for (const field of locked) field.readOnly = false
  locked.clear()
}
