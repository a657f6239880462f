"""A name that another neighbour has, or that looks like theirs: one question, once."""

from uuid import UUID

from server.base.shapes import N_
from server.posts.forms import Fault
from server.text import lookalikes
from server.trust.naming import resemblance
from server.views.web.form_reading import Typed

# The field that says for which name the question was answered by sending the form again.
ANOTHER = "autre"
ARE_YOU_ANOTHER = N_(
    "Êtes-vous un autre %(name)s ? Si oui, envoyez de nouveau ; une initiale ou un surnom vous distinguerait."
    " Si c’est bien vous, entrez avec votre carte."
)


async def another_of(name: str, typed: Typed, but: UUID | None = None) -> Fault | None:
    """The question to ask about this name, unless it was asked; that of somebody with a role waits instead."""
    found = await resemblance(name, but)
    if found is None or found.has_role or typed[ANOTHER] == lookalikes.key(name):
        return None
    typed.fields[ANOTHER] = lookalikes.key(name)
    return Fault(ARE_YOU_ANOTHER, {"name": found.name})
