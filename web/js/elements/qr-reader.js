// Reads a QR square in a photo, on this device: the photo goes nowhere. It opens a key of this very board and
// nothing else. The decoder is large, so it comes when the button is first used.
const DECODER = "../../vendor/qr-0.7.0/decode.js"
// A telephone's photo is larger than needed; a square that is far away wants more of it, a blurred one less.
const SIDES = [1600, 3200, 800]
const KEY = /^\/cle\/[0-9A-Z]{8,64}$/
// So many squares on one photo are looked at: a card lies beside a flyer, or a ticket.
const MOST = 4

customElements.define("qr-reader", class extends HTMLElement {
  connectedCallback() {
    this.hidden = false
    this.addEventListener("change", this)
  }

  async handleEvent({ target }) {
    const [file] = target.files
    if (!file) return
    this.say("reading")
    const found = await keyOn(file)
    // The same photo may be chosen again.
    target.value = ""
    if (found.startsWith("/")) location.assign(found)
    else this.say(found)
  }

  say(word) {
    this.querySelector("[role=status]").textContent = this.dataset[word]
  }
})

// The path of a key, or the name of the sentence that says why there is none.
async function keyOn(file) {
  const photo = await createImageBitmap(file).catch(() => null)
  if (!photo) return "unreadable"
  const decoder = await import(DECODER).catch(() => null)
  if (!decoder) return "offline"
  let found = "none"
  for (const side of SIDES) {
    for (const text of textsOn(pixels(photo, side), decoder.decodeQR)) {
      const key = keyIn(text)
      if (key) return key
      found = "other"
    }
    if (found === "other" || side >= Math.max(photo.width, photo.height)) break
  }
  return found
}

// Every square that can be read, the clearest first. What was read is painted over, so that the next one is seen.
function* textsOn(image, decodeQR) {
  for (let count = 0; count < MOST; count++) {
    let box, text
    try {
      text = decodeQR(image, { timeLimit: 1000, pointsOnDetect: points => { box = points.boundingBox } })
    } catch {
      return
    }
    yield text
    paintOver(image, box)
  }
}

function pixels(photo, side) {
  const scale = Math.min(1, side / Math.max(photo.width, photo.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(photo.width * scale))
  canvas.height = Math.max(1, Math.round(photo.height * scale))
  const pen = canvas.getContext("2d", { willReadFrequently: true })
  pen.imageSmoothingQuality = "high"
  pen.drawImage(photo, 0, 0, canvas.width, canvas.height)
  return pen.getImageData(0, 0, canvas.width, canvas.height)
}

function paintOver({ data, width, height }, box) {
  const left = Math.max(0, Math.floor(box.x)), right = Math.min(width, Math.ceil(box.x + box.width))
  const bottom = Math.min(height, Math.ceil(box.y + box.height))
  for (let y = Math.max(0, Math.floor(box.y)); y < bottom; y++) data.fill(255, (y * width + left) * 4, (y * width + right) * 4)
}

// Only the path is taken, never the address: whatever a square says, one stays on this board.
function keyIn(text) {
  try {
    const { origin, pathname } = new URL(text)
    return origin === location.origin && KEY.test(pathname) ? pathname : undefined
  } catch {
    return
  }
}
