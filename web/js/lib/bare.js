// The last resort of the worker: where the browser gives not even its own page for no network, a few lines that need
// nothing. Whoever else answered is never shown under an address of the board.
const WORDS = {
  unsent: "Le réseau manque, et ce navigateur n’a rien gardé du tableau. Recommencez dès que le réseau revient.",
  strange: "Ce n’est pas le tableau qui a répondu : ce réseau demande peut-être d’abord quelque chose, ses conditions ou un mot de passe. "
    + "Acceptez-les dans les réglages du Wi-Fi, ou passez par les données mobiles, puis recommencez.",
}
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Language": "fr",
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Palier-Reader": "unknown",
}

// `word`: see wordFor in ours.js.
export function barePage(word) {
  const html = `<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Hors connexion · Palier</title><h1>Le tableau n’est pas joignable</h1><p>${WORDS[word]}</p><p><a href="">Essayer encore</a></p></html>`
  return new Response(html, { status: 503, headers: HEADERS })
}
