// What waits for the first sight. htmx does not stand in the page itself: it would share the line with the style
// sheet. This module runs when the sheet is there, and imports nothing it would have to wait for.
const htmx = document.createElement("script")
htmx.src = new URL("../vendor/htmx-4.0.1.min.js", import.meta.url)
document.head.append(htmx)

// The style sheet has laid out only the notices in view; now the rest.
addEventListener("load", () => document.documentElement.toggleAttribute("data-whole", true))

// Then the way back, and what looks at answers: whoever taps before that has what htmx does by itself.
addEventListener("load", async () => {
  await Promise.all([import("./words-again.js"), import("./answers.js"), import("./left.js"), import("./on-its-way.js")])
  document.documentElement.toggleAttribute("data-awake", true)
})
