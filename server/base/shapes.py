"""What kinds of posts and their forms are made of: a question, one of its answers, a gesture, a kind."""

from dataclasses import dataclass
from datetime import timedelta


def N_(message: str) -> str:
    """Mark a French sentence for the catalogue; it is translated when it is shown."""
    return message


@dataclass(frozen=True)
class Choice:
    """One answer of a closed question. ``icon`` names a symbol of ``web/icons``."""

    value: str
    label: str
    hint: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Field:
    """One question of the form; its name is the column of ``post`` that keeps the answer.

    ``widget``: line, text, pills (short choices), choices (with a hint each), list (a select),
    moment (a day and an hour, in the board's time), day, until, number, link, tracks.
    ``limit``: characters, or the highest number. ``only``: asked only if another field has
    one of these values. ``longer``: a higher limit when another field has this value.
    ``days``: how far ahead a moment may be. ``public_place``: a street number is fine here (a shop, a hall).
    """

    name: str
    label: str
    widget: str = "line"
    hint: str = ""
    limit: int = 90
    required: bool = False
    missing: str = N_("Il manque une réponse ici.")
    choices: tuple[Choice, ...] = ()
    only: tuple[str, tuple[str, ...]] | None = None
    longer: tuple[str, str, int] | None = None
    days: int = 60
    public_place: bool = False


@dataclass(frozen=True)
class Mark:
    """The one-tap gesture of a kind. ``slug`` is stored, ``path`` is in the address."""

    slug: str
    path: str
    label: str
    done: str
    icon: str


@dataclass(frozen=True)
class Kind:
    """A kind of post, whole."""

    slug: str
    path: str
    label: str
    genre: str
    icon: str
    hint: str
    audience: str
    fields: tuple[Field, ...]
    life: timedelta
    mark: Mark
    none_now: str
    street_numbers: bool = True
    checked: bool = False
    needs_help: bool = False
    # The ways of repeating that stay on the board until somebody stops them.
    until_stopped: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when this kind has none."""
        return next(field for field in self.fields if field.name == name)

    def label_of(self, name: str, value: str | None) -> str:
        """The French label of a stored choice, or nothing when it is not among them."""
        return next((choice.label for choice in self.field(name).choices if choice.value == value), "")

    def icon_of(self, name: str, value: str | None) -> str:
        """The pictogram of a stored choice, or nothing when it has none."""
        return next((choice.icon for choice in self.field(name).choices if choice.value == value), "")
