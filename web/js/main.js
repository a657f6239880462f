// Wakes the small elements; every one of them only improves HTML that already works. What a single page needs,
// that page asks for (the block "scripts" of its template).
import "./elements/error-summary.js"
import "./elements/install-card.js"
import "./elements/letter-count.js"
import "./elements/offline-band.js"
import "./elements/photo-pick.js"
import "./elements/print-page.js"
import "./elements/share-link.js"
import "./elements/text-size.js"
import "./elements/time-ago.js"

// The answer to a gesture is what is read next, also where the address leads to a part of the page: it stays in view.
addEventListener("load", () => document.querySelector("#mots > .toast")?.focus({ preventScroll: true }))
