"""A request for help as it is typed, and what a page's form would send."""

import html
import re

from tests.support.forms import GOOD

KEY = "une-cle-de-formulaire-0001"
ASK, FOR = "/ecrire/demande-d-aide", "/pour-quelqu-un"


DOOR = {
    "who": "Odette B.", "address": "52 rue de Gerland", "floor": "3e", "door_code": "B4071",
    "phone": "04 65 71 20 08", "note": "Sonnez deux fois 🔔", "ceiling": "12,50",
}  # fmt: skip


ASKED = GOOD["help"] | DOOR | {"cle": KEY}


def form_of(page, form: str) -> dict[str, str]:
    """What a browser would send of this form, without pressing a particular button."""
    inner = re.search(rf'<form[^>]* id="{form}".*?</form>', page.text, re.S).group(0)
    sent = {}
    for tag in re.findall(r"<input[^>]*>", inner):
        got = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if got.get("type") not in ("radio", "checkbox") or " checked" in tag:
            sent[got["name"]] = html.unescape(got.get("value", ""))
    for name, text in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?(.*?)</textarea>', inner, re.S):
        sent[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', inner, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen.group(1) if chosen else ""
    return sent
