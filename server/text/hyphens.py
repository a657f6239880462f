"""Where a long word of a neighbour's may part: browsers hyphenate French only where they brought a dictionary."""

import re

SOFT = "\u00ad"
# A word of letters alone, between spaces or signs of a sentence: no address is taken apart.
_LONG = re.compile(r"(?<![^\s(«“\"'’\-])[^\W\d_]{16,}(?![^\s.,;:!?…)»”\"'’\-]|[.:]\S)")
_VOWELS = frozenset("aeiouyàâäéèêëîïôöùûüÿæœ")
# What is never parted: ch, ph, th, gn, and a consonant with l or r.
_TOGETHER = frozenset(["ch", "ph", "th", "gn", *(one + liquid for one in "bcdfgptv" for liquid in "lr")])
# Letters that stay together at both ends.
_EDGE = 4


def soften(text: str) -> str:
    """The text with soft hyphens (U+00AD) between the syllables of words of 16 letters and more.

    French rules: a consonant goes with the vowel after it, of two the second.
    """
    return _LONG.sub(lambda found: _parted(found[0]), text)


def _parted(word: str) -> str:
    letters, parts, start = word.lower(), [], 0
    if len(letters) != len(word):
        return word
    for place in range(_EDGE, len(word) - _EDGE + 1):
        if place - start >= 2 and _begins_a_syllable(letters, place):
            parts.append(word[start:place])
            start = place
    return SOFT.join([*parts, word[start:]])


def _begins_a_syllable(letters: str, place: int) -> bool:
    if letters[place] in _VOWELS or letters[place - 1 : place + 1] in _TOGETHER:
        return False
    after = place + 2 if letters[place : place + 2] in _TOGETHER else place + 1
    return letters[after] in _VOWELS
