"""Moderation, the first part: the queue, hide and show again, the door, the journal."""

from datetime import UTC, datetime
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from server.access import may
from server.base.audit_log import VERBS, journal
from server.base.columns import moment_of
from server.base.refusals import NotPossible
from server.help.alarm import Alarm
from server.moderation.judging import hidden, judge
from server.moderation.report import Report
from server.people.member import Member
from server.people.session import Viewer
from server.posts import kinds
from server.posts.post import Post
from server.talk.reply import Reply
from server.trust import naming
from server.trust.second_person import is_alone
from server.trust.vouching import INVITER, Vouching
from server.views.moderation.reasons import reason_for
from server.views.web.door import visit_of
from server.views.web.page import go, page

PAGE = 50
# Of each list of the queue: what somebody looks at in one sitting.
A_SITTING = 20


def moderator(request: Request, verb: str = "moderate") -> Viewer:
    """The viewer, if they may moderate; everybody else finds no page here."""
    viewer = visit_of(request).viewer
    if not may(viewer, verb):
        raise NotFoundException
    return viewer


@get("/moderation", name="moderation")
async def show_queue(
    request: Request, cas: FromQuery[UUID | None] = None, porte: FromQuery[UUID | None] = None
) -> Response:
    """What was reported, and who waits at the door; ``cas`` and ``porte``: after which the pages of the two begin."""
    moderator(request)
    return await queue_page(request, cas=cas, porte=porte)


async def queue_page(
    request: Request, status: int = 200, refusal: NotPossible | None = None, kept: tuple[UUID, str] | None = None, *,
    cas: UUID | None = None, porte: UUID | None = None,
) -> Response:  # fmt: skip
    """The queue; ``refusal``: why a gesture in it was not possible.

    ``kept``: about what, and the reason that was typed. ``cas``, ``porte``: where its pages begin.
    """
    cases = [case | {"kind": kinds.BY_SLUG[case["kind"]]} for case in await Report.waiting(cas, A_SITTING + 1)]
    door = await Member.at_the_door(porte, A_SITTING + 1)
    alarms = await Alarm.waiting(A_SITTING + 1)
    return await page(
        request,
        "moderation/queue.html",
        status,
        here="/moderation",
        refusal=refusal,
        kept=kept and (str(kept[0]), kept[1]),
        alone=await is_alone(visit_of(request).viewer.id),
        own_name=naming.OWN_NAME,
        inviter=INVITER,
        names=await naming.waiting(),
        vouchers=await Vouching.of([one["id"] for one in door[:A_SITTING]]),
        count_of_alarms=f"{A_SITTING}+" if len(alarms) > A_SITTING else len(alarms),
        cases=cases[:A_SITTING],
        door=door[:A_SITTING],
        alarms=alarms[:A_SITTING],
        more_alarms=len(alarms) > A_SITTING,
        count=await Report.count(),
        count_at_the_door=await Member.count_at_the_door(),
        cases_from=cas,
        door_from=porte,
        next_case=cases[A_SITTING - 1]["first"] if len(cases) > A_SITTING else "",
        next_at_the_door=door[A_SITTING - 1]["id"] if len(door) > A_SITTING else "",
    )


@get("/moderation/journal", name="journal")
async def show_journal(request: Request, geste: FromQuery[str] = "", avant: FromQuery[UUID | None] = None) -> Response:
    """Who did what and why."""
    moderator(request)
    entries = await journal(geste if geste in VERBS else "", avant, PAGE + 1)
    return await page(
        request,
        "moderation/journal.html",
        entries=entries[:PAGE],
        verbs=VERBS,
        verb=geste,
        older=entries[PAGE - 1]["id"] if len(entries) > PAGE else None,
    )


@post("/moderation/avis/{post_id:uuid}/masquer", name="hide", status_code=200)
async def hide_post(request: Request, post_id: FromPath[UUID]) -> Response:
    """Hide a post, with a reason."""
    return await _judge(request, post_id, None, "hide-post", "hidden")


@post("/moderation/avis/{post_id:uuid}/montrer", name="show-again", status_code=200)
async def show_post_again(request: Request, post_id: FromPath[UUID]) -> Response:
    """Show a hidden post again, with a reason."""
    return await _judge(request, post_id, None, "show-post", "shown")


@post("/moderation/avis/{post_id:uuid}/laisser", name="leave", status_code=200)
async def leave_post(request: Request, post_id: FromPath[UUID]) -> Response:
    """Close the reports of a post and leave it as it is."""
    return await _judge(request, post_id, None, "leave", "left")


@post("/moderation/reponses/{reply_id:uuid}/masquer", name="hide-reply", status_code=200)
async def hide_reply(request: Request, reply_id: FromPath[UUID]) -> Response:
    """Hide a reply."""
    return await _judge(request, None, reply_id, "hide-reply", "hidden")


@post("/moderation/reponses/{reply_id:uuid}/montrer", name="show-reply", status_code=200)
async def show_reply_again(request: Request, reply_id: FromPath[UUID]) -> Response:
    """Show a hidden reply again."""
    return await _judge(request, None, reply_id, "show-reply", "shown")


@post("/moderation/reponses/{reply_id:uuid}/laisser", name="leave-reply", status_code=200)
async def leave_reply(request: Request, reply_id: FromPath[UUID]) -> Response:
    """Close the reports of a reply and leave it."""
    return await _judge(request, None, reply_id, "leave", "left")


async def _judge(request: Request, post_id: UUID | None, reply_id: UUID | None, verb: str, word: str) -> Response:
    """One decision, with a reason; the toast of what was hidden offers to undo it."""
    viewer = moderator(request)
    reply = await Reply.load(reply_id) if reply_id else None
    found = await Post.load(reply["post"] if reply else post_id) if reply or post_id else None
    if found is None:
        raise NotFoundException
    words = reply["text"] if reply else found["title"] or found["body"]
    reason = await reason_for(request, verb, words)
    if not isinstance(reason, str):
        return reason
    try:
        await judge(viewer, verb, found, reply, reason)
    except NotPossible as refusal:
        return await queue_page(request, 409, refusal, (reply_id or found["id"], reason))
    return go("/moderation", f"{word}-reply" if reply and verb == "hide-reply" else word, reply_id or found["id"])


@get("/moderation/masques", name="hidden")
async def show_hidden(request: Request, avant: FromQuery[str] = "") -> Response:
    """What is hidden now, and can be shown again."""
    moderator(request)
    try:
        before = datetime.fromisoformat(avant).astimezone(UTC) if avant else None
    except (ValueError, OverflowError):
        raise NotFoundException from None
    rows = await hidden(before, PAGE + 1)
    rows = [row | {"kind": kinds.BY_SLUG[row["kind"]], "hidden_at": moment_of(row["hidden_at"])} for row in rows]
    return await page(
        request,
        "moderation/hidden.html",
        alone=await is_alone(visit_of(request).viewer.id),
        here="/moderation",
        rows=rows[:PAGE],
        older=rows[PAGE - 1]["hidden_at"].isoformat() if len(rows) > PAGE else None,
    )


@post("/moderation/voisins/{member_id:uuid}/presentation", name="vouch", status_code=200)
async def vouch(request: Request, member_id: FromPath[UUID]) -> Response:
    """Open the door to a newcomer, with a reason."""
    viewer = moderator(request, "vouch")
    name = await Member.name_of(member_id)
    if not name:
        raise NotFoundException
    reason = await reason_for(request, "vouch", name)
    if not isinstance(reason, str):
        return reason
    try:
        word = await Vouching.say(member_id, viewer.id, reason)
    except NotPossible as refusal:
        return await queue_page(request, 409, refusal, (member_id, reason))
    return go("/moderation#porte", word)


@post("/moderation/noms/{member_id:uuid}/oui", name="name-yes", status_code=200)
async def accept_name(request: Request, member_id: FromPath[UUID]) -> Response:
    """Say yes to a name that looks like that of somebody with a role; it is shown with the street."""
    return await _answer_name(request, member_id, yes=True)


@post("/moderation/noms/{member_id:uuid}/non", name="name-no", status_code=200)
async def refuse_name(request: Request, member_id: FromPath[UUID]) -> Response:
    """Say no to such a name: the person keeps the one they have."""
    return await _answer_name(request, member_id, yes=False)


async def _answer_name(request: Request, member_id: UUID, *, yes: bool) -> Response:
    viewer = moderator(request)
    member = await Member.by_id(member_id)
    if member is None:
        raise NotFoundException
    word = "name-yes" if yes else "name-no"
    reason = await reason_for(request, word, member.wanted_name or member.name)
    if not isinstance(reason, str):
        return reason
    try:
        await naming.answer(member_id, viewer.id, reason, yes=yes)
    except NotPossible as refusal:
        return await queue_page(request, 409, refusal, (member_id, reason))
    return go("/moderation#noms", word)
