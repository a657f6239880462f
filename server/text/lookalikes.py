"""Names that look like another's: their skeletons, mixed alphabets, and who passes for whom.

The table is small and written by hand: Greek and Cyrillic letters, digits and signs that are read as another letter of
our alphabet in a name on a screen (the idea is that of Unicode Technical Standard 39, section 4; its data are not
used). A Latin letter with a hook, turned, or as a small capital is read as the letter that its Unicode name says.
It is used to ask, or to have a moderator look: never to refuse a name that is only alike.
"""

import re
import unicodedata
from functools import lru_cache

from server.text import characters

# What is read as this letter, after NFKD, without marks, in small letters.
_READ_AS = {
    "a": "ɑαа@", "b": "ьвƅʙ6", "c": "сϲᴄ¢", "d": "ԁɗđð", "e": "еєҽɛεℯ€өə", "f": "ƒϝ", "g": "ɡգց9", "h": "һհнʜ",
    "k": "κкᴋқ", "l": "і1ӏ|ɩιijlıїјɪɫł!ǀǃ", "m": "мᴍ", "n": "ոпɴηŋ", "o": "оοσօ0øɵᴏөФ", "p": "рρþᴩ", "q": "ԛզ",
    "r": "гᴦʀ", "s": "ѕꜱ5$", "t": "тτᴛŧ", "u": "υսᴜц", "v": "νѵᴠ", "w": "ѡԝшωᴡ", "x": "хχ×", "y": "уγүყʏ", "z": "ᴢ2",
}  # fmt: skip
_TABLE = {ord(sign): letter for letter, all_of_it in _READ_AS.items() for sign in all_of_it.casefold()}
_TABLE |= {ord(sign): two for sign, two in (("æ", "ae"), ("œ", "oe"), ("ß", "ss"), ("ʼ", ""))}
# "LATIN SMALL LETTER L WITH RETROFLEX HOOK", "LATIN LETTER SMALL CAPITAL I", "LATIN EPIGRAPHIC LETTER INVERTED M".
_NAMED = re.compile(r"LATIN (?:\w+ )?LETTER (?:\w+ ){0,3}([A-Z])(?: WITH .*)?")
# Two letters that are read as one.
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
LONGEST_KEY = 200

# No name is longer; whatever else is asked about ends here.
_LONGEST_NAME = 200
_MARKS = dict.fromkeys(map(ord, "'’ʼ`´-‐‑."))


def spelled(name: str) -> tuple[str, ...]:
    """The words of a name as they are read: small Latin letters, whatever they were written with."""
    return tuple(filter(None, map(read, _words(name))))


def key(name: str) -> str:
    """One text for all names that look the same, whatever stands between their words."""
    return _folded("".join(spelled(name)))[:LONGEST_KEY]


def bears(name: str, other: str) -> bool:
    """Whether somebody of this name could pass for ``other``.

    It looks the same, or one letter off; it has their words in it in any order, one of them shortened to its initial
    ("Cyril M.") or one letter off; or it is their family name alone. A first name alone is nobody's.
    """
    if "-" in other and bears(name.replace("-", " "), other.replace("-", " ")):
        return True
    # "Jeanne Morel, rue des Lilas" is Jeanne Morel.
    whole, short = spelled(other.replace(".", " ")), spelled(re.split(r"[,(]", other)[0].replace(".", " "))
    shown = [spelled(one.replace(".", " ")) for one in (name, _bare(name))]
    return any(_passes(mine, theirs) for mine in shown for theirs in {whole, short} if theirs)


def _passes(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """``bears`` for the words of two names."""
    words, joined, wanted = [_folded(word) for word in mine], _folded("".join(mine)), _folded("".join(theirs))
    if len(theirs) == 1:
        return joined == wanted
    while words and words[0] in _ADDRESSES:
        del words[0]
    return _near(joined, wanted) or wanted in words or words == [_folded(theirs[-1])] or _has_all(words, theirs)


def _has_all(words: list[str], theirs: tuple[str, ...]) -> bool:
    """Whether all of their words are among these: one at least whole, others as initials, one of them a letter off."""
    found = [word for word in theirs if _folded(word) in words]
    spare = [word for word in words if word not in map(_folded, found)]
    slips = [word for word in theirs if word not in found and word[0] not in spare]
    if not any(len(word) > 2 for word in found) or len(slips) > 1:
        return False
    return all(len(word) > 3 and any(_near(_folded(word), one) for one in spare) for word in slips)


def _near(one: str, other: str) -> bool:
    """Whether a letter more, less or another makes these the same, or none."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[at + 1 :] == other[at + 1 :] or one[at:] == other[at + 1 :] or one[at + 1 :] == other[at:]


def mixed(name: str) -> bool:
    """Whether letters of two alphabets stand together, or letters that are another one's in disguise ("𝐉", "Ｊ")."""
    letters = [sign for sign in characters.clean(name) if unicodedata.category(sign) in ("Lu", "Ll", "Lt", "Lo")]
    if any(unicodedata.normalize("NFKC", sign) != sign for sign in letters):
        return True
    scripts = {unicodedata.name(sign, "UNKNOWN").split()[0].split("-")[0] for sign in letters}
    return len(scripts) > 1 and not scripts <= {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}


def initials(name: str) -> str:
    """ "J. M.": what somebody is called as long as their name waits."""
    return (
        " ".join(f"{word[0].upper()}." for word in _WORD.findall(characters.clean(name))[:3] if word[0].isalpha())
        or "X."
    )


def plain(name: str, *, apart: bool = True) -> str:
    """Without marks, in small letters; ``apart``: words that a capital begins taken apart."""
    text = unicodedata.normalize("NFC", characters.clean(name))[:_LONGEST_NAME]
    text = unicodedata.normalize("NFKD", _BETWEEN.sub(" ", text) if apart else text)
    return "".join(sign for sign in text if unicodedata.category(sign)[0] != "M").casefold()


def read(word: str) -> str:
    """A word of ``plain`` as it is read: small Latin letters, whatever it was written with."""
    return re.sub(r"[\W_]", "", "".join(map(_latin, word)).translate(_TABLE))


def _words(name: str) -> list[str]:
    # What is read as a letter stands for one, also where it is none.
    return re.split(r"[^\w@$€!|]+", plain(name).translate(_MARKS))


def _bare(name: str) -> str:
    """Without what is raised or ringed, nor digits glued to a word: "Monnet²", "Morelˡ", "Monnet2"."""
    flat = "".join(sign for sign in characters.clean(name) if unicodedata.category(sign) not in ("Lm", "No"))
    return re.sub(r"(?<=[^\W\d_])\d++(?!\w)|(?<!\w)\d++(?=[^\W_])", "", flat)


@lru_cache(1024)
def _latin(sign: str) -> str:
    if sign.isascii() or ord(sign) in _TABLE:
        return sign
    named = _NAMED.fullmatch(unicodedata.name(sign, ""))
    return named[1].lower() if named else sign


def _folded(word: str) -> str:
    for pair, one in _PAIRS:
        word = word.replace(pair, one)
    return word


# What one says before a name, as it is read.
_ADDRESSES = frozenset(map(read, ("m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle")))
