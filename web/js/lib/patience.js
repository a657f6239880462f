// No wait without an end: a browser's storage, a lock or a service of its may stay silent for ever.

// What has been silent: until when it is left alone, and for how long the next time (ms).
const silent = new Map(), STORAGE = 4000, FIRST_PAUSE = 2000, LONGEST_PAUSE = 60_000

// What `asking` resolves to, or a rejection after so long (ms).
export function within(time, asking) {
  let timer
  const ended = new Promise((_, reject) => { timer = setTimeout(() => reject(new DOMException("no answer", "TimeoutError")), time) })
  return Promise.race([asking, ended]).finally(() => clearTimeout(timer))
}

// Ask a storage by its name ("rows", "copies"). One that was silent is left alone, each time for longer: many waits in
// a row would hold a page up as long as none that ends. A slow moment of a small telephone passes soon.
export async function storage(name, ask, time = STORAGE) {
  const { until = 0, pause = FIRST_PAUSE } = silent.get(name) ?? {}
  if (Date.now() < until) throw new DOMException(name, "TimeoutError")
  try {
    const given = await within(time, ask())
    silent.delete(name)
    return given
  } catch (error) {
    if (error.name === "TimeoutError") silent.set(name, { until: Date.now() + pause, pause: Math.min(LONGEST_PAUSE, 2 * pause) })
    throw error
  }
}
