"""THE budgets: how much one person may do in an hour and in a day. One readable table, and nothing else.

A gesture without figures is never refused, only recorded. A request for help is such a gesture: what is held back
is its ringing (``RING``), and that goes to the moderators, and after ten minutes to the admins. ``spending.py``
counts; SECURITY.md shows this table, written by ``bin/budgets``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from server.base.settings import ROOT, settings
from server.base.shapes import N_

HOUR, DAY = 3600, 86400
PAPER = ROOT / "SECURITY.md"
BEGIN, END = "<!-- written by bin/budgets -->", "<!-- end of what bin/budgets writes -->"


@dataclass(frozen=True, slots=True)
class Most:
    """So many in an hour, and in a day."""

    hour: int
    day: int

    def spans(self) -> Iterator[tuple[str, int, int]]:
        """(``h`` or ``d``, its seconds, how many), as the settings stretch them."""
        yield "h", HOUR, self.hour * settings.budgets
        yield "d", DAY, self.day * settings.budgets


@dataclass(frozen=True, slots=True)
class Budget:
    """What a gesture costs whom. ``inviter``: all newcomers whom one person let in, or one hall, together;
    ``quartier``: all newcomers of the board together. None: recorded, never refused.
    """

    what: str
    newcomer: Most | None
    resident: Most | None
    moderator: Most | None = None
    inviter: Most | None = None
    quartier: Most | None = None
    sentence: str = ""


ASK, RING, RING_FOR, RING_COUPON = "ask", "ring", "ring-for", "ring-coupon"
POST, REPLY, MESSAGE, REPORT, SONG, PHOTO = "post", "reply", "message", "report", "song", "photo"
MARK, TAKE, PLACE, RENAME, INVITE, ENTER = "mark", "take", "place", "rename", "invite", "enter"
VOUCH = "vouch"

BUDGETS = {
    ASK: Budget("a request for help, one's own or for somebody", None, None),
    RING: Budget(
        "its alert, if it is urgent: per asker, or per helped person",
        Most(1, 1), Most(settings.alarms, settings.alarms), inviter=Most(2, 4), quartier=Most(6, 20),
    ),
    RING_FOR: Budget("alerts for helped persons together, by one who writes for them", None, Most(6, 10)),
    RING_COUPON: Budget("the same with coupons, by who moderates; a resident's count as above", None, None),
    POST: Budget(
        "any other notice", Most(8, 12), Most(15, 30), inviter=Most(30, 60), quartier=Most(200, 400),
        sentence=N_("Vous avez beaucoup affiché aujourd’hui."),
    ),
    REPLY: Budget(
        "a reply", Most(10, 25), Most(30, 90), inviter=Most(40, 120), quartier=Most(400, 900),
        sentence=N_("Vous avez beaucoup répondu aujourd’hui."),
    ),
    MESSAGE: Budget(
        "a line between the two of an errand", Most(30, 90), Most(60, 200),
        sentence=N_("Vous avez envoyé beaucoup de messages aujourd’hui. Pour une urgence, appelez."),
    ),
    REPORT: Budget(
        "pointing something out", Most(5, 10), Most(10, 20), inviter=Most(15, 30),
        sentence=N_("Vous avez signalé beaucoup de choses aujourd’hui. Les modérateurs les lisent."),
    ),
    SONG: Budget(
        "a song", Most(8, 20), Most(20, 60), inviter=Most(40, 80),
        sentence=N_("Vous avez ajouté beaucoup de chansons aujourd’hui."),
    ),
    PHOTO: Budget(
        "a photo", Most(8, 16), Most(24, 60), inviter=Most(40, 80),
        sentence=N_("Vous avez ajouté beaucoup de photos aujourd’hui."),
    ),
    MARK: Budget(
        "merci, j'y serai, toujours valable", Most(40, 100), Most(90, 300),
        sentence=N_("Vous avez fait beaucoup de gestes aujourd’hui."),
    ),
    TAKE: Budget(
        "taking, proposing, standing by", Most(15, 30), Most(30, 80), Most(30, 80), inviter=Most(30, 60),
        sentence=N_("Vous avez pris ou proposé beaucoup de choses aujourd’hui."),
    ),
    PLACE: Budget(
        "joining an offer", Most(5, 10), Most(10, 25), inviter=Most(20, 40),
        sentence=N_("Vous vous êtes inscrit à beaucoup de coups de main aujourd’hui."),
    ),
    RENAME: Budget(
        "another name or street", Most(2, 3), Most(2, 3), Most(2, 3),
        sentence=N_("Vous avez déjà changé de nom ou de rue aujourd’hui."),
    ),
    INVITE: Budget(
        "preparing an invitation; at most three are open at once", None, Most(5, 10),
        sentence=N_("Vous avez préparé beaucoup d’invitations aujourd’hui."),
    ),
    ENTER: Budget(
        "neighbours who enter by one's invitations", None, Most(20, 40),
        sentence=N_("Beaucoup de voisins sont entrés aujourd’hui par la même personne."),
    ),
    VOUCH: Budget(
        "saying that one knows a newcomer", None, Most(3, 6),
        sentence=N_("Vous avez dit connaître beaucoup de nouveaux voisins aujourd’hui."),
    ),
}  # fmt: skip
# Open invitations that a resident may have.
MOST_OPEN = 3
# Urgent cards of one asker, or one helped person, that stand at the top of the board; of all that one resident
# wrote for others.
MOST_AT_TOP, MOST_FOR_OTHERS_AT_TOP = 2, 6


def table() -> str:
    """The budgets as SECURITY.md shows them."""
    head = ("gesture", "newcomer", "resident", "moderator", "newcomers of one inviter or hall", "all newcomers")
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for budget in BUDGETS.values():
        figures = (budget.newcomer, budget.resident, budget.moderator, budget.inviter, budget.quartier)
        cells = [_figures(one) for one in figures]
        lines.append(f"| {budget.what} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _figures(most: Most | None) -> str:
    return f"{most.hour} an hour, {most.day} a day" if most else "–"


def write() -> None:
    """Put the table where SECURITY.md shows it."""
    before, _, rest = PAPER.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    PAPER.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}")
