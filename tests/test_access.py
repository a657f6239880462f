"""Person × verb × thing: every cell of the permissions, written out."""

from datetime import timedelta
from uuid import uuid4

import pytest

from server.access import may
from server.base.columns import now
from server.people.member import Role
from server.people.session import Viewer

pytestmark = pytest.mark.one_engine

AUTHOR, TAKER = uuid4(), uuid4()


def viewer(role: Role, member=None) -> Viewer:
    """Somebody with this role."""
    return Viewer(member or uuid4(), "X", "rue", role, 1, None, "auto", None, None, None, uuid4(), now(), 1)


WHO = {
    "stranger": None,
    "newcomer": viewer(Role.NEWCOMER),
    "resident": viewer(Role.RESIDENT),
    "author": viewer(Role.RESIDENT, AUTHOR),
    "taker": viewer(Role.RESIDENT, TAKER),
    "moderator": viewer(Role.MODERATOR),
    "admin": viewer(Role.ADMIN),
}
SHOWN = {"author": AUTHOR, "withdrawn_at": None, "hidden_at": None}
WITHDRAWN = SHOWN | {"withdrawn_at": now()}
LONG_GONE = SHOWN | {"withdrawn_at": now() - timedelta(days=31)}
HIDDEN = SHOWN | {"hidden_at": now()}
OPEN, TAKEN, DONE, THANKED = (
    SHOWN | {"state": state, "taker": TAKER} for state in ("open", "taken", "done", "thanked")
)
PHOTO = {"purpose": "post", "author": AUTHOR, "post_author": AUTHOR}
RECEIPT = {"purpose": "receipt", "author": TAKER, "post_author": AUTHOR}
TRACK = {"member": uuid4(), "list_author": AUTHOR}
EVERYBODY = {"newcomer", "resident", "author", "taker", "moderator", "admin"}

GRID = [
    ("write", None, EVERYBODY),
    ("invite", None, EVERYBODY - {"newcomer"}),
    ("vouch-for", None, EVERYBODY - {"newcomer"}),
    ("moderate", None, {"moderator", "admin"}),
    ("vouch", None, {"moderator", "admin"}),
    ("give-role", None, {"admin"}),
    ("renew-card", None, {"admin"}),
    ("read", SHOWN, EVERYBODY),
    ("read", WITHDRAWN, {"author"}),
    ("read", HIDDEN, {"author", "moderator", "admin"}),
    ("reply", SHOWN, EVERYBODY),
    ("reply", WITHDRAWN, {"author"}),
    ("reply", HIDDEN, {"author", "moderator", "admin"}),
    ("mark", SHOWN, EVERYBODY),
    ("mark", HIDDEN, {"author", "moderator", "admin"}),
    ("report", SHOWN, EVERYBODY),
    ("report", WITHDRAWN, {"author"}),
    ("edit", SHOWN, {"author"}),
    ("edit", WITHDRAWN, set()),
    ("edit", HIDDEN, set()),
    ("withdraw", SHOWN, {"author"}),
    ("withdraw", HIDDEN, {"author"}),
    ("withdraw", WITHDRAWN, set()),
    ("put-back", WITHDRAWN, {"author"}),
    ("put-back", LONG_GONE, set()),
    ("put-back", SHOWN, set()),
    ("remove-track", TRACK, {"author", "moderator", "admin"}),
    ("talk", SHOWN | {"state": None, "taker": None}, set()),
    ("talk", OPEN, set()),
    ("talk", TAKEN, {"author", "taker"}),
    ("talk", TAKEN | {"taker": None}, {"author"}),
    ("talk", DONE, {"author", "taker"}),
    ("talk", THANKED, {"author", "taker"}),
    ("remove-photo", PHOTO, {"author", "moderator", "admin"}),
    ("remove-photo", RECEIPT, {"taker"}),
]


@pytest.mark.parametrize(("verb", "thing", "allowed"), GRID)
def test_who_may(verb, thing, allowed):
    assert {name for name, who in WHO.items() if may(who, verb, thing)} == allowed


def test_an_unknown_verb_is_an_error():
    with pytest.raises(KeyError):
        may(WHO["admin"], "fly", SHOWN)
