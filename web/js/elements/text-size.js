// The chosen size shows at once by CSS alone; this remembers it on the server. Until the board has heard, the device
// remembers it too, and the next page tells it again. What this needs comes after the page itself.
const CHOSEN = "palier-size", PATIENCE = 9000
const memory = () => import("../lib/memory.js")

customElements.define("text-size", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this)
    this.takeUp()
  }

  // What was chosen on an earlier page, and not heard.
  async takeUp() {
    const { recall } = await memory(), size = recall(CHOSEN, "local")
    if (!size || this.telling) return
    this.size.value = size
    this.tell()
  }

  async handleEvent() {
    const { remember } = await memory()
    remember(CHOSEN, this.size.value, "local")
    this.tell()
  }

  get size() {
    return this.querySelector("form").elements.taille
  }

  // One choice after the other: an earlier one that is slow must not arrive last.
  async tell() {
    if (this.telling) return
    this.telling = true
    let told
    do told = this.size.value
    while (await hears(this.querySelector("form").action, told) && told !== this.size.value)
    this.telling = false
  }
})

// Whether the board has it; then the device need not remember it, unless another was chosen meanwhile.
async function hears(path, taille) {
  const { sendOn } = await import("../lib/ours.js"), { recall, remember } = await memory()
  const headers = { "HX-Request-Type": "partial" }
  const answer = await sendOn(path, new URLSearchParams({ taille }), { headers, patience: PATIENCE }).catch(() => null)
  if (answer?.ok && recall(CHOSEN, "local") === taille) remember(CHOSEN, "", "local")
  return Boolean(answer?.ok)
}
