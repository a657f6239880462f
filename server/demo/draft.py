"""What the data modules are written in: a neighbour and a notice, before they become rows.

Moments are written as in ``moments.py``: ``-20min``, ``-3 9:40``, ``samedi 15:00``. Whatever
follows a notice (a reply, a taking) is written as a delay after it: ``25min``, ``3h``, ``2d``.
"""

from dataclasses import dataclass

Crowd = int | tuple[str | int, ...]
"""Who made a gesture: a number of neighbours, or names, then how many others."""

Said = tuple[str, str, str]
"""A reply: who, how long after the notice, the text."""


@dataclass(frozen=True)
class Neighbour:
    """Somebody of the quartier. ``since``: days ago. ``door``: why they were let in, in a few words."""

    name: str
    street: str
    since: int
    role: str = "resident"
    invited_by: str = ""
    vouched_by: str = ""
    door: str = ""
    text_size: int = 1
    card: bool = False


@dataclass(frozen=True)
class Offered:
    """What a neighbour offers to do; the words are those of the volunteers' register."""

    who: str
    needs: tuple[str, ...]
    slots: tuple[str, ...] = ()
    reach: str = "quartier"
    means: tuple[str, ...] = ()
    shown: str = "nobody"
    since: str = ""


@dataclass(frozen=True)
class Draft:
    """A notice and what became of it. Names of answers are those of ``kinds.py``."""

    at: str
    by: str
    title: str = ""
    body: str = ""
    place: str | None = None
    need: str | None = None
    urgency: str | None = None
    due_at: str | None = None
    starts_at: str | None = None
    repeats: str | None = None
    capacity: int | None = None
    reach: str | None = None
    hours: str | None = None
    valid_until: str | None = None
    link: str | None = None
    tone: str | None = None
    wanted: str | None = None
    songs: tuple[tuple[str, str, str], ...] = ()
    # What became of a request for help; each a delay after the notice.
    taker: str = ""
    taken: str = ""
    done: str = ""
    thanked: str = ""
    words: str | None = None
    # What the neighbours made of it.
    replies: tuple[Said, ...] = ()
    thanks: Crowd = 0
    coming: Crowd = 0
    valid: Crowd = 0
    changed: Crowd = 0
    withdrawn: str = ""
