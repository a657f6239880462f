"""Names that look like another's, or like a role: their skeletons, mixed alphabets, words that nobody is called.

The table is small and written by hand: Latin, Greek and Cyrillic letters, digits and signs that are read as another
letter of our alphabet in a name on a screen (the idea is that of Unicode Technical Standard 39, section 4; its data
are not used).
It is used to ask, or to have a moderator look: never to refuse a name that is only alike.
"""

import re
import unicodedata

from server import signs

# What is read as this letter, after NFKD, without marks, in small letters.
_READ_AS = {
    "a": "ɑαа@", "b": "ьвƅʙ6", "c": "сϲᴄ¢", "d": "ԁɗđð", "e": "еєҽɛεℯ€ө", "f": "ƒϝ", "g": "ɡգց9", "h": "һհнʜ",
    "k": "κкᴋқ", "l": "і1ӏ|ɩιijlıїјɪɫł!", "m": "мᴍ", "n": "ոпɴηŋ", "o": "оοσօ0øɵᴏөФ", "p": "рρþᴩ", "q": "ԛզ",
    "r": "гᴦʀ", "s": "ѕꜱ5$", "t": "тτᴛŧ", "u": "υսᴜц", "v": "νѵᴠ", "w": "ѡԝшωᴡ", "x": "хχ×", "y": "уγүყʏ", "z": "ᴢ2",
}  # fmt: skip
_TABLE = {ord(sign): letter for letter, all_of_it in _READ_AS.items() for sign in all_of_it.casefold()}
_TABLE |= {ord(sign): two for sign, two in (("æ", "ae"), ("œ", "oe"), ("ß", "ss"), ("ʼ", ""))}
# Two letters that are read as one.
_PAIRS = (("rn", "m"), ("vv", "w"))
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
LONGEST_KEY = 200

_ROLES = (
    "admin admins administrateur administratrice administrateurs administration administrator modo modos moderateur"
    " moderatrice moderateurs moderatrices moderation moderator samu smur pompier pompiers sapeur police policier"
    " policiere gendarme gendarmes gendarmerie urgence urgences secours secouriste prefecture mairie officiel"
    " officielle"
)
_MARKS = dict.fromkeys(map(ord, "'’ʼ`´-‐‑."))


def spelled(name: str) -> tuple[str, ...]:
    """The words of a name as they are read: small Latin letters, whatever they were written with."""
    return tuple(filter(None, (_read(word) for word in _words(name))))


def key(name: str) -> str:
    """One text for all names that look the same, whatever stands between their words."""
    joined = "".join(spelled(name))
    for pair, one in _PAIRS:
        joined = joined.replace(pair, one)
    return joined[:LONGEST_KEY]


def bears(name: str, other: str) -> bool:
    """Whether a name looks like ``other``, or has it in it, whole: "Jeanne Morel 2". A first name alone is nobody's."""
    if key(name) == key(other):
        return True
    words, theirs = [key(word) for word in spelled(name)], [key(word) for word in spelled(other)]
    many = len(theirs)
    return many > 1 and any(words[at : at + many] == theirs for at in range(len(words) - many + 1))


def role_in(name: str) -> str:
    """The word of a name that says a role or an emergency service, as it was typed; empty when there is none."""
    plain = _plain(name)
    words = _WORD.findall(plain)
    for word in words:
        if _read(word) in _FORBIDDEN or _read(word.strip("0123456789")) in _FORBIDDEN:
            return word
    # "S.A.M.U.", "A d m i n": letters that stand alone, read together.
    for run in re.findall(r"(?:(?<!\w)\w(?!\w)[\W_]*+){3,}", plain):
        if _read("".join(_WORD.findall(run))) in _FORBIDDEN:
            return run.strip()
    return ""


def mixed(name: str) -> bool:
    """Whether letters of two alphabets stand together, or letters that are another one's in disguise ("𝐉", "Ｊ")."""
    letters = [sign for sign in signs.clean(name) if unicodedata.category(sign) in ("Lu", "Ll", "Lt", "Lo")]
    if any(unicodedata.normalize("NFKC", sign) != sign for sign in letters):
        return True
    scripts = {unicodedata.name(sign, "UNKNOWN").split()[0].split("-")[0] for sign in letters}
    return len(scripts) > 1 and not scripts <= {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}


def initials(name: str) -> str:
    """ "J. M.": what somebody is called as long as their name waits."""
    return " ".join(f"{word[0].upper()}." for word in _WORD.findall(signs.clean(name))[:3] if word[0].isalpha()) or "X."


def _plain(name: str) -> str:
    """Without marks, in small letters, words that a capital begins taken apart."""
    apart = _BETWEEN.sub(" ", unicodedata.normalize("NFC", signs.clean(name)))
    kept = "".join(sign for sign in unicodedata.normalize("NFKD", apart) if unicodedata.category(sign)[0] != "M")
    return kept.casefold()


def _words(name: str) -> list[str]:
    # What is read as a letter stands for one, also where it is none.
    return re.split(r"[^\w@$€!|]+", _plain(name).translate(_MARKS))


def _read(word: str) -> str:
    return re.sub(r"[\W_]", "", word.translate(_TABLE))


_FORBIDDEN = frozenset(_read(word) for word in _ROLES.split())
