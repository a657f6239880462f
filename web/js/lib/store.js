// What this device remembers besides pages, in IndexedDB: who reads here (`device`) and what waits to be sent
// (`outbox`). Used by pages and by the worker alike. Every wait ends: see patience.js.
import { storage } from "./patience.js"

const NAME = "palier", VERSION = 1
// Photos that wait are large (ms).
const TO_WRITE = 6000
let opened

function open() {
  return opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION)
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("device")
      asked.result.createObjectStore("outbox", { keyPath: "id" }).createIndex("reader", "reader")
    }
    asked.onsuccess = () => {
      // Another version wants to change the tables, or the browser throws them away: out of its way.
      asked.result.onversionchange = asked.result.onclose = () => {
        asked.result.close()
        opened = undefined
      }
      resolve(asked.result)
    }
    // A page of another version that holds the tables open, or an error.
    asked.onerror = asked.onblocked = () => {
      opened = undefined
      reject(asked.error)
    }
  })
}

// Run one request on a table; gives its result once it is safely written. Rejects when the browser does not answer.
export async function within(table, mode, ask) {
  const time = table === "outbox" && mode === "readwrite" ? TO_WRITE : undefined
  try {
    return await storage("rows", () => run(table, mode, ask), time)
  } catch (error) {
    // Tables that open no more are opened anew, the next time.
    if (error.name === "TimeoutError") opened = undefined
    throw error
  }
}

async function run(table, mode, ask) {
  const transaction = (await open()).transaction(table, mode), asked = ask(transaction.objectStore(table))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result)
    transaction.onerror = transaction.onabort = () => reject(transaction.error)
  })
}

export const get = (table, id) => within(table, "readonly", rows => rows.get(id))
export const put = (table, row, id) => within(table, "readwrite", rows => rows.put(row, id))
export const remove = (table, id) => within(table, "readwrite", rows => rows.delete(id))

// Read a row and write what `anew` makes of it (undefined: take it away) with nobody in between; gives the former.
export async function update(table, id, anew) {
  let former
  await within(table, "readwrite", rows => {
    const asked = rows.get(id)
    asked.onsuccess = () => {
      former = asked.result
      const row = anew(former)
      if (row === undefined) rows.delete(id)
      else if (rows.keyPath) rows.put(row)
      else rows.put(row, id)
    }
    return asked
  })
  return former
}
