// Photos made small enough to wait on a device and to travel later; without the place hidden in them.
const SIDE = 1600, QUALITY = 0.85

// The form with each photo no larger than 1600 px a side. What cannot be read as a picture stays as it is.
export async function smaller(form) {
  const anew = new FormData()
  for (const [name, value] of form) anew.append(name, value instanceof File ? await shrunk(value) : value)
  return anew
}

async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height))
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY })
    return new File([blob], "photo.jpg", { type: blob.type })
  } catch {
    return file
  }
}
