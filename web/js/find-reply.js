// A link to a reply that stands on another page of the thread than the newest. The fragment of an address is never sent:
// this asks once more, with the reply in the question.
function find() {
  const id = /^#reponse-([0-9a-f-]{36})$/.exec(location.hash)?.[1]
  if (!id || document.getElementById(`reponse-${id}`) || new URLSearchParams(location.search).has("reponse")) return
  if (location.pathname.startsWith("/avis/")) location.replace(`${location.pathname}?reponse=${id}#reponse-${id}`)
}

find()
addEventListener("hashchange", find)
