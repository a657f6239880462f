// A few words kept beside the pages, for this tab ("session") or this device ("local"). Where nothing can be
// remembered (a private window, no room left), nothing is.
export function recall(name, where = "session") {
  try {
    return globalThis[`${where}Storage`].getItem(name)
  } catch {
    return null
  }
}

// `value`: nothing to forget it.
export function remember(name, value, where = "session") {
  try {
    const store = globalThis[`${where}Storage`]
    value ? store.setItem(name, value) : store.removeItem(name)
  } catch {
    // Not remembered.
  }
}
