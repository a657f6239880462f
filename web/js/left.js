// Somebody left this device, in another tab or before a page that the browser kept for the way back: what stands here
// is closed, too.
import { recall } from "./lib/memory.js"

const opened = Date.now()
addEventListener("pageshow", ({ persisted }) => persisted && closeIfLeft())
addEventListener("storage", closeIfLeft)

function closeIfLeft() {
  if (document.querySelector(".dehors") || !(Number(recall("palier-left", "local")) > opened)) return
  document.documentElement.hidden = true
  location.replace("/entrer")
}
