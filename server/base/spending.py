"""What was spent of the budgets, counted where the deed is: in its transaction, right across processes.

One row a person, gesture and span: ``full_at`` is the moment at which the budget is whole again (GCRA: each deed adds
a step to it, and is refused when that would be further away than the span). A deed that fails costs nothing. Spend
before any row is locked that somebody else may want; whoever spends later holds their own member's row already.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID as Id

from piccolo.columns import Integer, Varchar
from piccolo.table import Table

from server.base.budgets import BUDGETS, DAY, RING, Most
from server.base.columns import now, row_id, whole_minute
from server.base.database import execute, query, transaction
from server.base.ids import uuid7
from server.base.shapes import N_

# ``full_at`` counts seconds from here, so that it fits an integer.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
# Rows without a deed for so long are of no use any more.
KEPT = timedelta(days=30)
QUARTIER = "quartier"
ENOUGH = N_("C’est déjà beaucoup pour aujourd’hui.")


class TooMuch(Exception):
    """The budget of a gesture is spent. ``again_at``: when it is possible again."""

    def __init__(self, sentence: str, again_at: datetime) -> None:
        super().__init__(sentence)
        self.sentence, self.again_at = sentence or ENOUGH, whole_minute(again_at)


class Spent(Table, tablename="budget"):
    """``who``: a member, a helped person, an inviter, a hall or the quartier. ``spent`` counts for ever."""

    id = row_id()
    who = Varchar(80)
    gesture = Varchar(20)
    full_at = Integer()
    spent = Integer()

    @staticmethod
    async def forget() -> None:
        """Drop what nobody has spent from for thirty days."""
        await execute("DELETE FROM budget WHERE full_at < {}", _seconds(now() - KEPT))


async def spend(member: Id, gesture: str) -> None:
    """Count one such deed of this member, in the caller's transaction. Raises TooMuch, and then nothing is counted.

    KeyError for a gesture that is not in the table.
    """
    refused = await _refusal(member, gesture)
    if refused is not None:
        raise TooMuch(BUDGETS[gesture].sentence, refused)


async def may_ring(member: Id) -> bool:
    """Count one alert of a newcomer for whoever let them in, and for all newcomers. False when it is to be held."""
    return await _refusal(member, RING, own=False) is None


async def is_fresh(coupon: str) -> bool:
    """Count this number of a flyer's strip, whoever types it. False when it was typed in the last twenty-four hours."""
    return await _count(QUARTIER, f"coupon:{coupon}", DAY, 1) is None


async def may_spend(member: Id, gesture: str) -> bool:
    """``spend`` where the answer is no refusal of the deed: False when it is beyond the budget."""
    return await _refusal(member, gesture) is None


async def _refusal(member: Id, gesture: str, *, own: bool = True) -> datetime | None:
    """When it is possible again; None when it is now, and is counted."""
    budget = BUDGETS[gesture]
    rows = await query(
        "SELECT m.role, m.invited_by, m.invitation, i.max_uses FROM member m"
        " LEFT JOIN invitation i ON i.id = m.invitation WHERE m.id = {}",
        member,
    )
    role = rows[0]["role"]
    shares: list[tuple[str, Most | None]] = []
    if own:
        most = {"newcomer": budget.newcomer, "resident": budget.resident}.get(role, budget.moderator)
        shares.append((str(member), most))
    if role == "newcomer":
        shares += [(who, budget.inviter) for who in _let_in_by(rows[0])]
        shares.append((QUARTIER, budget.quartier))
    async with transaction():
        for who, most in shares:
            if most is None:
                await _record(who, gesture)
                continue
            for span, seconds, many in most.spans():
                again_at = await _count(who, f"{gesture}:{span}", seconds, many)
                if again_at is not None:
                    return again_at
    return None


def _let_in_by(row: dict) -> list[str]:
    """Whom a newcomer counts for: the hall whose invitation they came by, else the person who invited them, if any."""
    if row["max_uses"] is not None and row["max_uses"] > 1:
        return [f"hall:{row['invitation']}"]
    return [f"inviter:{row['invited_by']}"] if row["invited_by"] else []


async def _count(who: str, gesture: str, span: int, many: int) -> datetime | None:
    """Count one; when it is beyond ``many`` in ``span`` seconds, count nothing and say when it will not be.

    What is full further away than the span was written by a clock that has been put back: it binds nobody.
    """
    at, step = _seconds(now()), max(1, span // many)
    counted = await execute(
        "INSERT INTO budget (id, who, gesture, full_at, spent) VALUES ({}, {}, {}, {}, 1)"
        " ON CONFLICT (who, gesture) DO UPDATE SET spent = budget.spent + 1,"
        " full_at = CASE WHEN budget.full_at BETWEEN {} AND {} THEN budget.full_at ELSE {} END + {}"
        " WHERE budget.full_at <= {} OR budget.full_at > {} RETURNING full_at",
        uuid7(), who, gesture, at + step, at, at + span, at, step, at + span - step, at + span,
    )  # fmt: skip
    if counted:
        return None
    rows = await query("SELECT full_at FROM budget WHERE who = {} AND gesture = {}", who, gesture)
    return EPOCH + timedelta(seconds=rows[0]["full_at"] - span + step)


async def _record(who: str, gesture: str) -> None:
    """Count one without a limit."""
    at = _seconds(now())
    await execute(
        "INSERT INTO budget (id, who, gesture, full_at, spent) VALUES ({}, {}, {}, {}, 1)"
        " ON CONFLICT (who, gesture) DO UPDATE SET spent = budget.spent + 1, full_at = {}",
        uuid7(), who, gesture, at, at,
    )  # fmt: skip


def _seconds(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds())
