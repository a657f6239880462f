// Wakes the small elements; every one of them only improves HTML that already works.
import "./elements/error-summary.js"
import "./elements/letter-count.js"
import "./elements/offline-band.js"
import "./elements/photo-pick.js"
import "./elements/print-page.js"
import "./elements/share-link.js"
import "./elements/text-size.js"
import "./elements/time-ago.js"
