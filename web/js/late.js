// What a page needs only after it has come to rest.
import "./elements/pocket-list.js"
import { badge } from "./lib/push.js"

const count = document.querySelector(".cloche i")?.firstChild
badge(Number(count?.data ?? 0))

// An alert was tapped: the worker asks whether this page may be left for it.
navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => {
  if (data === "busy?") ports[0].postMessage(document.querySelector("offline-band").typing)
})
