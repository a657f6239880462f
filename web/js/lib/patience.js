// No wait without an end: a browser's storage, a lock or a service of its may stay silent for ever.

// What has been silent, and until when it is not asked again (ms).
const silent = new Map(), PAUSE = 30_000, STORAGE = 2000

// What `asking` resolves to, or a rejection after so long (ms).
export function within(time, asking) {
  let timer
  const ended = new Promise((_, reject) => { timer = setTimeout(() => reject(new DOMException("no answer", "TimeoutError")), time) })
  return Promise.race([asking, ended]).finally(() => clearTimeout(timer))
}

// Ask a storage by its name ("rows", "copies"). One that was silent is left alone for a while: many waits in a row
// would hold a page up as long as none that ends.
export async function storage(name, ask, time = STORAGE) {
  if (Date.now() < (silent.get(name) ?? 0)) throw new DOMException(name, "TimeoutError")
  try {
    return await within(time, ask())
  } catch (error) {
    if (error.name === "TimeoutError") silent.set(name, Date.now() + PAUSE)
    throw error
  }
}
