"""From drafts to rows: who wrote what when, every count equal to the rows behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from piccolo.table import Table

from server.base import keys
from server.base.audit_log import LogEntry, LogNote
from server.base.ids import uuid7
from server.base.shapes import Kind
from server.demo.draft import Crowd, Draft, Neighbour
from server.demo.moderation import DEEDS, FLAGS, INVITATIONS, Deed
from server.demo.moments import Moments
from server.demo.neighbours import NEIGHBOURS, ROLES
from server.demo.volunteers import VOLUNTEERS
from server.help.volunteer import MEANS, Volunteer, pack, pack_needs, pack_slots
from server.moderation.report import Report
from server.people.invitation import Invitation
from server.people.key import Key
from server.people.member import Member
from server.posts.kinds import BY_SLUG
from server.posts.post import NORMAL, STALE, Post, _expiry, rank_of
from server.posts.reaction import TWO_NOES, Mark
from server.posts.track import Track
from server.talk.reply import Reply

MOMENTS = ("due_at", "starts_at", "valid_until")
STEPS = ("taken", "done", "thanked")
FIRST_SONGS = 3
GESTURES = ("thanks", "coming", "valid", "changed")


@dataclass
class House:
    """The rows being made, and how to find them again by the words of the data modules."""

    moments: Moments
    people: dict[str, Member] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    replies: dict[UUID, list[Reply]] = field(default_factory=dict)
    others: list[Table] = field(default_factory=list)

    def post_about(self, about: str) -> Post:
        """The post with this title, or the kind word that begins so."""
        return next(post for words, post in self.posts.items() if words.startswith(about))

    def rows(self) -> Iterator[Table]:
        """Every row, those that others refer to first."""
        yield from self.people.values()
        yield from self.posts.values()
        for replies in self.replies.values():
            yield from replies
        yield from self.others


def move_in(house: House) -> None:
    """The neighbours, their cards, and the line of the journal that let each of them in."""
    for index, who in enumerate(NEIGHBOURS):
        arrived = house.moments.past(f"-{who.since} {10 + index % 9}:{(index * 7) % 60:02}")
        house.people[who.name] = Member(
            id=uuid7(arrived),
            name=who.name,
            street=who.street,
            role=who.role,
            text_size=who.text_size,
            created_at=arrived,
        )
    for index, who in enumerate(NEIGHBOURS):
        _welcome(house, who, index)


def _welcome(house: House, who: Neighbour, index: int) -> None:
    member = house.people[who.name]
    if who.invited_by:
        member.invited_by = house.people[who.invited_by].id
    if who.vouched_by:
        member.vouched_by = house.people[who.vouched_by].id
        vouched = house.moments.after(member.created_at, f"{3 + index % 20}h")
        _write_down(house, who.vouched_by, "vouch", member.id, vouched, who.door)
    if who.card:
        _make_card(house, member, house.moments.after(member.created_at, "2d"))
    # Those whom a visitor may be were here yesterday evening: what came since is new to them.
    visit = "-1 20:15" if who.name in ROLES else f"-{1 + index % 4} {9 + index % 12}:{index % 60:02}"
    if member.created_at < house.moments.past(visit):
        member.seen_at = member.previous_visit = house.moments.past(visit)


def _make_card(house: House, member: Member, at: datetime) -> None:
    card = uuid7(at)
    house.others.append(
        Key(
            id=card,
            member=member.id,
            kind="card",
            token_hash=keys.digest(keys.token_for("card", card)),
            code_hash=keys.digest(keys.code_for(card)),
            created_at=at,
        )
    )


def put_up(house: House, slug: str, drafts: Iterable[Draft]) -> None:
    """The posts of one kind, with their replies, songs and gestures."""
    for draft in drafts:
        _put_up(house, BY_SLUG[slug], draft)


def _put_up(house: House, kind: Kind, draft: Draft) -> None:
    moments, author = house.moments, house.people[draft.by]
    at = moments.past(draft.at)
    answers = {one.name: getattr(draft, one.name) for one in kind.fields if one.name != "tracks"}
    for name in MOMENTS:
        if answers.get(name):
            answers[name] = moments.ahead(answers[name])
    expires_at = _expiry(kind, answers, at)
    post = Post(
        id=uuid7(at),
        author=author.id,
        kind=kind.slug,
        street=author.street,
        created_at=at,
        expires_at=expires_at,
        rank=rank_of(kind, answers),
        listed=expires_at > moments.now,
        state="open" if kind.needs_help else None,
        tracks=len(draft.songs),
        # Those of this quartier have a moderator's yes.
        places=(answers.get("capacity") or 0) if kind.slug == "offer" else 0,
        **answers,
    )
    house.posts[draft.title or draft.body] = post
    if draft.taker:
        _take(house, post, draft)
    if draft.withdrawn:
        post.withdrawn_at = moments.after(at, draft.withdrawn)
        post.listed = False
    _reply(house, post, draft)
    _sing(house, post, draft)
    _gesture(house, post, draft)
    if post.changed >= TWO_NOES and post.changed > post.valid:
        post.rank = STALE
    post.version += sum(getattr(post, name) for name in (*GESTURES, "replies"))
    post.version += sum(bool(moment) for moment in (post.taken_at, post.done_at, post.thanked_at, post.withdrawn_at))


def _take(house: House, post: Post, draft: Draft) -> None:
    post.taker = house.people[draft.taker].id
    post.rank = NORMAL
    previous = post.created_at
    for step in STEPS:
        delay = getattr(draft, step)
        if delay:
            previous = house.moments.after(post.created_at, delay, previous)
            setattr(post, f"{step}_at", previous)
            post.state = step
    post.thanked_words = draft.words


def _reply(house: House, post: Post, draft: Draft) -> None:
    made, previous = [], post.created_at
    for who, delay, text in draft.replies:
        previous = house.moments.after(post.created_at, delay, previous)
        made.append(
            Reply(id=uuid7(previous), post=post.id, author=house.people[who].id, text=text, created_at=previous)
        )
    house.replies[post.id] = made
    post.replies = len(made)


def _sing(house: House, post: Post, draft: Draft) -> None:
    previous = post.created_at
    for index, (title, artist, who) in enumerate(draft.songs):
        # The first three come with the list, the others one by one.
        at = post.created_at + timedelta(milliseconds=index)
        if index >= FIRST_SONGS:
            at = previous = house.moments.after(post.created_at, f"{index * 2}h", previous)
        house.others.append(
            Track(id=uuid7(at), post=post.id, member=house.people[who].id, title=title, artist=artist, created_at=at)
        )


def _gesture(house: House, post: Post, draft: Draft) -> None:
    chance = Random(draft.title or draft.body)
    settled: set[str] = set()
    for gesture in GESTURES:
        # Nobody says both that a tip is still true and that it is not.
        apart = settled if gesture == "changed" else set()
        people = _crowd(getattr(draft, gesture), chance, {draft.by} | apart)
        if gesture == "valid":
            settled.update(people)
        moments = sorted(house.moments.within(post.created_at, chance) for _ in people)
        for who, at in zip(people, moments, strict=True):
            member = house.people[who]
            if at < member.created_at:
                at = house.moments.within(member.created_at, chance)
            house.others.append(Mark(id=uuid7(at), post=post.id, member=member.id, kind=gesture, created_at=at))
        setattr(post, gesture, len(people))


def _crowd(crowd: Crowd, chance: Random, without: set[str]) -> list[str]:
    """The names given, then as many other neighbours as the numbers say."""
    given = crowd if isinstance(crowd, tuple) else (crowd,)
    named = [one for one in given if isinstance(one, str)]
    more = sum(one for one in given if isinstance(one, int))
    others = [who.name for who in NEIGHBOURS if who.role != "newcomer" and who.name not in {*without, *named}]
    return named + chance.sample(others, more)


def offer_help(house: House) -> None:
    """What the volunteers ticked; nobody gave the number of a building."""
    for offered in VOLUNTEERS:
        at = house.moments.past(offered.since)
        house.others.append(
            Volunteer(
                id=uuid7(at),
                member=house.people[offered.who].id,
                needs=pack_needs(offered.needs),
                slots=pack_slots(offered.slots),
                means=pack(offered.means, MEANS),
                reach=offered.reach,
                shown=offered.shown,
                changed_at=at,
            )
        )


def keep_the_house(house: House) -> None:
    """Reports, the journal and the invitations."""
    for deed in DEEDS:
        _do(house, deed)
    for flag in FLAGS:
        post = house.post_about(flag.about)
        at = house.moments.after(post.created_at, flag.delay)
        settled = next((deed for deed in DEEDS if deed.post == flag.about), None) if flag.closed else None
        house.others.append(
            Report(
                id=uuid7(at),
                post=post.id,
                reply=None if flag.reply is None else house.replies[post.id][flag.reply].id,
                member=house.people[flag.by].id,
                reason=flag.reason,
                created_at=at,
                closed_at=house.moments.past(settled.at) if settled else None,
                closed_by=house.people[settled.by].id if settled else None,
            )
        )
    for invited in INVITATIONS:
        at = house.moments.past(invited.at)
        invitation = uuid7(at)
        house.others.append(
            Invitation(
                id=invitation,
                author=house.people[invited.by].id,
                token_hash=keys.digest(keys.token_for("invitation", invitation)),
                note=invited.note,
                max_uses=invited.max_uses,
                uses=invited.uses,
                created_at=at,
                expires_at=at + timedelta(days=invited.days),
                revoked_at=house.moments.past(invited.revoked) if invited.revoked else None,
            )
        )


def _do(house: House, deed: Deed) -> None:
    at = house.moments.past(deed.at)
    thing = house.people[deed.member].id if deed.member else None
    if deed.post:
        post = house.post_about(deed.post)
        thing = post.id
        if deed.verb == "hide-post":
            post.hidden_at, post.listed, post.version = at, False, post.version + 1
        elif deed.verb == "hide-reply":
            reply = house.replies[post.id][deed.reply]
            thing, reply.hidden_at = reply.id, at
            post.replies, post.version = post.replies - 1, post.version + 1
    _write_down(house, deed.by, deed.verb, thing, at, deed.reason)


def _write_down(house: House, who: str, verb: str, thing: UUID | None, at: datetime, reason: str) -> None:
    actor = house.people[who]
    entry = LogEntry(id=uuid7(at), actor=actor.id, role=actor.role, verb=verb, thing=thing, at=at)
    house.others += [entry, LogNote(id=uuid7(at), entry=entry.id, reason=reason)]
