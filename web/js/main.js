// Wakes the small elements; every one of them only improves HTML that already works.
import "./elements/copy-code.js"
import "./elements/error-summary.js"
import "./elements/install-card.js"
import "./elements/letter-count.js"
import "./elements/offline-band.js"
import "./elements/photo-pick.js"
import "./elements/pocket-list.js"
import "./elements/print-page.js"
import "./elements/qr-reader.js"
import "./elements/share-link.js"
import "./elements/shared-words.js"
import "./elements/sign-out.js"
import "./elements/text-size.js"
import "./elements/time-ago.js"

// Not in the page itself: it would share the line with the style sheet, and the first sight would wait.
const htmx = document.createElement("script")
htmx.src = new URL("../vendor/htmx-4.0.1.min.js", import.meta.url)
document.head.append(htmx)

// The style sheet has laid out only the notices in view; now the rest.
addEventListener("load", () => document.documentElement.toggleAttribute("data-whole", true))
