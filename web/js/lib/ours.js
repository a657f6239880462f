// THE decision whether an answer is the board's. Only the board writes this header, on every answer; the page of a
// hotel, a filter or a proxy, whatever its status, is as good as no network.
const MARK = "Palier-Reader", LIVE = "Palier-Live"
// How long a form is waited for (ms): the bytes a millisecond that a poor network still carries, and the end. The
// proxies in deploy/ wait longer (tests/views/test_mark.py).
const PATIENCE = 30_000, POOR = 20, LONGEST = 240_000

export const isOurs = answer => answer.headers.has(MARK)

// Who reads, by the answer's word: an opaque name, null for nobody, undefined when it does not say.
export function readerOf(answer) {
  const name = answer.headers.get(MARK)
  return name === "nobody" ? null : name === null || name === "unknown" ? undefined : name
}

// The time (ms) for a form of so many bytes; for none of them it is `least`.
export const patienceFor = (bytes, least = PATIENCE) => Math.min(LONGEST, least + bytes / POOR)

// Somebody else answered in the board's place: `answer`.
export class Stranger extends Error {
  constructor(answer) {
    super("not the board's")
    this.answer = answer
  }
}

// What page and worker say about it. A proxy that cannot reach the board is no network.
export const wordFor = error => error instanceof Stranger && ![502, 503, 504].includes(error.answer.status) ? "strange" : "unsent"

// The board's answer. Throws a Stranger for anybody else's.
export async function reach(...what) {
  const answer = await fetch(...what)
  if (isOurs(answer) || answer.type === "opaqueredirect" && await leads(what[0].url ?? what[0])) return answer
  throw new Stranger(answer)
}

// A redirection cannot be looked into: the board is asked to say where it leads instead.
async function leads(url) {
  const told = await fetch(url, { redirect: "manual", cache: "no-store", headers: { [LIVE]: "1" }, signal: AbortSignal.timeout(PATIENCE) })
  return isOurs(told)
}

// Send a form: the board tells (201, Location) what it would redirect to, and 401 when the door is closed.
export function sendOn(path, body, { headers, referrer, patience = patienceFor(body.size ?? 0) } = {}) {
  const all = new Headers(headers), signal = AbortSignal.timeout(patience)
  all.set(LIVE, "1")
  return reach(path, { method: "POST", body, headers: all, referrer, redirect: "manual", cache: "no-store", signal })
}

// Where a form that was sent on leads, or undefined when its answer is a page to be shown.
export function leadsTo(answer) {
  if (answer.status === 401) return "/entrer"
  return answer.status === 201 ? answer.headers.get("Location") : undefined
}
