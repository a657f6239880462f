"""Which signs a text keeps, and whether any of them can be seen.

A name of U+3164 alone shows nothing, a direction override turns a sentence round, a sign without
width hides a word from a search. What cannot be seen is dropped, unless it joins an emoji or a letter.
"""

import re
import unicodedata

# Default_Ignorable_Code_Point (Unicode 15, DerivedCoreProperties), and control signs but tab and line feed.
_IGNORABLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROL = r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_EMOJI = r"[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_JOINED = r"[\u0600-\u06ff\u0750-\u077f\u0900-\u0dff]"
_DROPPED = re.compile(
    rf"(?!(?<={_EMOJI})[\u200d\ufe0f]|(?<={_EMOJI}\ufe0f)\u200d|(?<=[0-9#*])\ufe0f\u20e3"
    rf"|(?<={_JOINED})[\u200c\u200d](?={_JOINED}))[{_IGNORABLE}{_CONTROL}]"
)
# LINE SEPARATOR and its kin (Unicode, 5.8) end a line; read as nothing they would join two words.
_LINE_END = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Signs of a visible category that show nothing: BRAILLE BLANK, NULL NOTEHEAD, OBJECT REPLACEMENT.
_BLANK = frozenset("\u2800\U0001d159\U00016fe4\ufffc")
# More marks than that stand on no letter of any script; piled up they reach over the neighbours' cards.
MAX_MARKS = 4


def clean(text: str) -> str:
    """The text composed (NFC), with ``\\n`` for every line end, without what cannot be seen or is piled up."""
    return _unpiled(_DROPPED.sub("", _LINE_END.sub("\n", unicodedata.normalize("NFC", text))))


def _unpiled(text: str) -> str:
    """The text with ``MAX_MARKS`` combining marks on a letter at most."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            kept.append(sign)
    return "".join(kept)


def visible(text: str) -> bool:
    """Whether there is anything to see: a letter, a digit, a sign, an emoji."""
    return any(unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANK for sign in text)


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script."""
    return any(unicodedata.category(sign)[0] == "L" and sign not in _BLANK for sign in text)
