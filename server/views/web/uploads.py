"""The photo field of a form: what was sent in it, as photos ready to be kept or as sentences."""

from uuid import UUID

from server.base.shapes import N_
from server.posts import photo_files
from server.posts.forms import Fault, Wrong, refuse_private, short
from server.posts.photo import ALT_LIMIT
from server.posts.photo_files import Prepared, Refused
from server.views.web.form_reading import Typed, Upload

# Somewhat more than a photo may weigh, so that one hears a sentence rather than a page of refusal.
MOST_BYTES = photo_files.LARGEST + 1024 * 1024

NONE_CHOSEN = N_("Choisissez d’abord une photo.")
CHOOSE_AGAIN = N_("Choisissez de nouveau votre photo : le navigateur ne l’a pas gardée.")
FULL = N_("Il y a déjà autant de photos qu’il peut y en avoir. Retirez-en une d’abord.")
TOO_MANY = N_("C’est trop de photos : %(limit)s au plus.")


def words(text: str, *, street_numbers: bool = False) -> str:
    """What a photo shows, in one line; it may be empty. Raises Wrong."""
    kept = short(text, ALT_LIMIT)
    refuse_private(kept, street_numbers=street_numbers)
    return kept


async def read_photos(
    typed: Typed, files: list[Upload], field: str, room: int, sender: UUID, *, street_numbers: bool = False
) -> tuple[list[tuple[Prepared, str]], dict[str, Fault]]:
    """The photos of a field with their words, or what is wrong, by the names ``field`` and ``field_alt``.

    ``sender``: whose they are, for one person's are decoded one after the other. The words were asked for one
    photo: they go to the first.
    """
    faults: dict[str, Fault] = {}
    alt = ""
    try:
        alt = words(typed[f"{field}_alt"], street_numbers=street_numbers)
    except Wrong as wrong:
        faults[f"{field}_alt"] = wrong.args[0]
    if len(files) > room:
        faults[field] = Fault(TOO_MANY, {"limit": room}) if room else Fault(FULL)
    elif faults and files:
        faults[field] = Fault(CHOOSE_AGAIN)
    if faults:
        return [], faults
    found: list[tuple[Prepared, str]] = []
    try:
        for one in files:
            if not one.whole:
                raise Refused("heavy")
            found.append((await photo_files.prepare(one.file, sender), "" if found else alt))
    except Refused as refused:
        return [], {field: Fault(refused.message, refused.values)}
    return found, {}
