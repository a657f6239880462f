"""Words that nobody is called: a role on the board, an emergency service, who is let in because of a profession.

A name that says one is refused, however it is spelled: with look-alike letters (``lookalikes.read``), digits, spaces
within, in the plural, or glued to an article. Families that are called so have to write to an admin; those of
``_ALONE`` and ``_FIRST`` only when nothing but that word is their name, or when it stands first.
"""

import re

from server.text import lookalikes

# Nowhere in a name.
_ANYWHERE = (
    "admin administrateur administratrice administration administrator modo moderateur moderatrice moderation moderator"
    " webmaster officiel officielle samu smur pompier pompiere sapeur police policier policiere gendarme gendarmerie"
    " urgence urgentiste secours secouriste sauveteur prefecture mairie ambulance ambulancier ambulanciere infirmier"
    " infirmiere croixrouge protectioncivile securitecivile firefighter fireman firemen emergency paramedic nurse"
    " polizei feuerwehr bomberos policia админ администратор модератор полиция"
)
# Not even as part of a word.
_WITHIN = "administrat moderateur moderatrice pompier policier gendarmerie secouriste prefecture firefighter"
# Not as the first word, after an article: "Docteur Aubert", "SOS Médecins", "L’équipe".
_FIRST = "docteur docteure doctor dr medecin medecine sos equipe team staff support direction responsable securite"
# Not by itself, after an article, or with what it is of: "Gardien de l’immeuble". Paul Gardien is somebody's name.
_ALONE = "gardien gardienne concierge palier syndic"
_ARTICLES = ("le", "la", "les", "l", "un", "une", "des", "du", "notre", "votre")
_OF = ("de", "du", "des", "d")
_NUMBERS = frozenset(("15", "17", "18", "112", "114", "115", "119", "196", "197"))
# Families whose name is an article and such a word.
_FAMILIES = ("legendarme",)


def role_in(name: str) -> str:
    """The word of a name that says a role or an emergency service, as it was typed; empty when there is none."""
    for apart in (True, False):
        text = lookalikes.plain(name, apart=apart)
        words = _words(text)
        found = _anywhere(words) or _anywhere([word.strip("0123456789") for word in words]) or _title(text)
        if found:
            return found
    return ""


def _anywhere(words: list[str]) -> str:
    """One word, or several in a row that make one: "Pom piers", "S.A.M.U."; letters by themselves also a short one."""
    read = [lookalikes.key(word) for word in words]
    for start in range(len(words)):
        joined, letters = "", True
        for end in range(start, len(words)):
            joined, letters = joined + read[end], letters and len(words[end]) == 1
            if len(joined) > _LONGEST:
                break
            short_enough = _SHORTEST_IN_PARTS if end > start and not letters else 0
            if len(joined) >= short_enough and (joined in _FORBIDDEN or joined.removesuffix("s") in _FORBIDDEN):
                return " ".join(words[start : end + 1])
    whole = "".join(read)
    return next((" ".join(words) for part in _PARTS if part in whole), "")


def _title(text: str) -> str:
    """What a name begins with when that says what somebody is, and not how they are called."""
    words = _words(text)
    after = [word for word in words if word not in _ADDRESSES]
    while after and after[0] in _ARTICLES:
        del after[0]
    if len(after) == 1 and after[0] in _NUMBERS:
        return " ".join(words)
    if after and _is(after[0], _TITLES):
        return after[0]
    head = [word for word in _words(re.split(r"[,;:(/–—]", text)[0]) if not word.isdigit()]
    own = [word for word in head if word not in _ARTICLES]
    if own and _is(own[0], _PLACES) and (head[0] in _ARTICLES or len(own) == 1 or own[1] in _OF):
        return own[0]
    return ""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _is(word: str, words: frozenset[str]) -> bool:
    return (seen := lookalikes.key(word)) in words or seen.removesuffix("s") in words


def _keys(words: str) -> frozenset[str]:
    return frozenset(map(lookalikes.key, words.split()))


_ADDRESSES = ("m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle")
_GLUED = {article + word for article in ("le", "la", "les", "l") for word in _ANYWHERE.split() if len(word) > 4}
_FORBIDDEN = _keys(_ANYWHERE) | _keys(" ".join(_GLUED.difference(_FAMILIES)))
_PARTS, _TITLES, _PLACES = sorted(_keys(_WITHIN)), _keys(_FIRST), _keys(_ALONE)
_LONGEST, _SHORTEST_IN_PARTS = max(map(len, _FORBIDDEN)) + 1, 5
