"""Any order of steps by any people: a request's life keeps its promises (Hypothesis, stateful).

The model below is written apart from the code: who may hold what, for how long, and who reads
the private part. ``PALIER_RUNS`` asks for more runs than the suite's.
"""

import asyncio
import os
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from server.access import may
from server.base.columns import clock
from server.base.database import execute, query
from server.base.refusals import NotPossible
from server.base.settings import settings as palier
from server.help import life
from server.help.claim import Claim
from server.help.private import PrivatePart, Viewing
from server.help.request import ask_quietly
from server.people.member import Member, Role
from server.people.session import Viewer
from server.posts.post import Post
from server.rights.leaving import leave
from server.running import upkeep
from tests.support.makers import NOON, answers

pytestmark = pytest.mark.long

RUNS = int(os.environ.get("PALIER_RUNS", "40"))
LEASES = dict(zip(("urgent", "semaine", "sans-hate"), palier.leases, strict=True))
PEOPLE = {
    "odette": Role.RESIDENT, "karim": Role.RESIDENT, "theo": Role.RESIDENT, "lina": Role.NEWCOMER, "amelie": Role.ADMIN,
}  # fmt: skip
PARIS = ZoneInfo("Europe/Paris")
VOUCHED = ("karim", "theo", "amelie")
SECRET = "52 rue des Lilas"


def some(*states: str):
    """Offer a rule only while a request is in one of these states: else most steps would lead nowhere."""
    return precondition(lambda self: any(one["state"] in states for one in self.model.values()))


def kept_until(taken: datetime, urgency: str) -> datetime:
    """When what was taken then is lost: nobody has to confirm between nine in the evening and half past eight."""
    end = (taken + timedelta(hours=LEASES[urgency])).astimezone(PARIS)
    if end.hour >= 21:
        end += timedelta(days=1)
    return end if 8 <= end.hour < 21 else end.replace(hour=8, minute=30, second=0, microsecond=0)


class Life(RuleBasedStateMachine):
    """Odette asks twice; the others take, hand back, wait, leave; time passes in jumps."""

    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.time = NOON
        clock.now = lambda: self.time
        self.posts: dict[str, UUID] = {}
        self.model: dict[str, dict] = {}

    def run(self, work):
        """Wait for a coroutine on the session's loop."""
        return self.loop.run_until_complete(work)

    @initialize(
        urgencies=st.lists(st.sampled_from(sorted(LEASES)), min_size=3, max_size=3),
        states=st.lists(st.sampled_from(("open", "taken", "done")), min_size=3, max_size=3),
    )
    def begin(self, urgencies, states):
        self.ids = {name: self.run(self._member(name, role)) for name, role in PEOPLE.items()}
        for name, urgency in zip(("bread", "pills", "bulb"), urgencies, strict=True):
            asked = answers("help") | {"urgency": urgency, "due_at": None}
            made = self.run(
                ask_quietly(self.ids["odette"], "rue des Lilas", asked, {"address": SECRET}, streets=("rue des Lilas",))
            )
            self.posts[name] = made
            self.model[name] = {
                "state": "open", "taker": None, "lease": None, "urgency": urgency, "over": None, "read": set(),
                "waiting": set(),
            }  # fmt: skip

        # Some lives begin further on, so that their ends are met as often as their beginnings.
        for name, who, state in zip(self.posts, ("karim", "theo", "karim"), states, strict=True):
            if state != "open":
                self.run(Claim.take(self.posts[name], self.ids[who]))
                self._taken(name, who)
            if state == "done":
                self.run(life.finish(self.posts[name], self.ids[who]))
                self.model[name] |= {"state": "done", "lease": None, "over": self.time}

    async def _member(self, name: str, role: Role) -> UUID:
        member = Member(name=name, street="rue des Lilas", role=role, created_at=self.time)
        await Member.insert(member)
        return member.id

    def attempt(self, work, possible: bool) -> bool:
        """Try a step: it must succeed exactly when the model says that it can."""
        try:
            self.run(work)
        except NotPossible:
            assert not possible
            return False
        assert possible
        return True

    def held_by(self, who: str) -> int:
        return sum(one["taker"] == who and one["state"] == "taken" for one in self.model.values())

    def here(self, who: str) -> bool:
        return who in self.ids

    def pick(self, choice: int, *states: str) -> str:
        """A request: mostly one in these states, so that steps lead on; now and then any."""
        fitting = [name for name, one in self.model.items() if one["state"] in states]
        from_these = fitting if fitting and choice % 4 else sorted(self.model)
        return from_these[choice % len(from_these)]

    posts_ = st.integers(0, 23)

    @some("open")
    @rule(post=posts_, who=st.sampled_from(VOUCHED))
    def take(self, post, who):
        post = self.pick(post, "open")
        one = self.model[post]
        if not self.here(who):
            return
        mine = one["state"] == "taken" and one["taker"] == who
        possible = mine or (one["state"] == "open" and not one["over"] and self.held_by(who) < palier.takes)
        if self.attempt(Claim.take(self.posts[post], self.ids[who]), possible) and not mine:
            self._taken(post, who)

    def _taken(self, post, who):
        one = self.model[post]
        one |= {"state": "taken", "taker": who, "lease": kept_until(self.time, one["urgency"])}
        one["waiting"].discard(who)

    @some("open")
    @rule(post=posts_)
    def newcomer_proposes(self, post):
        post = self.pick(post, "open")
        one = self.model[post]
        if not self.here("lina"):
            return
        mine = one["state"] == "taken" and one["taker"] == "lina"
        possible = mine or (one["state"] == "open" and not one["over"])
        if self.attempt(Claim.take(self.posts[post], self.ids["lina"]), possible) and not mine:
            one["waiting"].add("lina")
            assert self.stored(post)["taker"] is None

    @rule(post=posts_, by=st.sampled_from(("odette", "amelie")), yes=st.booleans())
    def answer_the_newcomer(self, post, by, yes):
        post = self.pick(post, "open")
        one = self.model[post]
        post = next((name for name, each in self.model.items() if "lina" in each["waiting"]), post)
        one = self.model[post]
        if not self.here("lina") or not self.here(by) or "lina" not in one["waiting"]:
            return
        claim = next(c for c in self.run(Claim.of(self.posts[post])) if c["state"] == "proposed")
        if not yes:
            self.run(Claim.decline(claim["id"], self.ids[by]))
            one["waiting"].discard("lina")
            return
        possible = one["state"] == "open" and not one["over"] and self.held_by("lina") < palier.takes
        if self.attempt(Claim.accept(claim["id"], self.ids[by]), possible):
            self._taken(post, "lina")

    @some("taken")
    @rule(post=posts_, who=st.sampled_from(("holder", *VOUCHED, "lina")))
    def hand_back(self, post, who):
        post = self.pick(post, "taken")
        who = self.one_of(post, who)
        if not self.here(who):
            return
        if self.attempt(Claim.hand_back(self.posts[post], self.ids[who], "la grippe"), self.holds(post, who)):
            self._open(post)

    def one_of(self, post, who: str) -> str:
        """Whoever holds the request, when a rule asks for "holder": random names rarely meet it."""
        return self.model[post]["taker"] or "karim" if who == "holder" else who

    def holds(self, post, who) -> bool:
        return self.model[post]["state"] == "taken" and self.model[post]["taker"] == who

    def _open(self, post):
        self.model[post] |= {"state": "open", "taker": None, "lease": None}

    @some("taken")
    @rule(post=posts_, who=st.sampled_from(("holder", *VOUCHED)))
    def keep(self, post, who):
        post = self.pick(post, "taken")
        who = self.one_of(post, who)
        if self.here(who) and self.attempt(Claim.keep(self.posts[post], self.ids[who]), self.holds(post, who)):
            one = self.model[post]
            one["lease"] = kept_until(self.time, one["urgency"])

    @some("taken")
    @rule(post=posts_, who=st.sampled_from(("holder", "odette", "holder", "theo")))
    def finish(self, post, who):
        post = self.pick(post, "taken")
        one, who = self.model[post], self.one_of(post, who)
        if not self.here(who):
            return
        over = one["state"] in ("done", "thanked")
        possible = over or (one["state"] == "taken" and who in ("odette", one["taker"]))
        if self.attempt(life.finish(self.posts[post], self.ids[who]), possible) and not over:
            one |= {"state": "done", "lease": None, "over": self.time}
            one["waiting"].clear()

    @some("done")
    @rule(post=posts_, words=st.sampled_from((None, "mes genoux vous embrassent")))
    def thank(self, post, words):
        post = self.pick(post, "done")
        one = self.model[post]
        possible = one["state"] in ("done", "thanked")
        if self.here("odette") and self.attempt(life.thank(self.posts[post], self.ids["odette"], words), possible):
            one["state"] = "thanked"

    @some("taken", "done")
    @rule(post=posts_)
    def reopen(self, post):
        post = self.pick(post, "taken", "done")
        one = self.model[post]
        possible = one["state"] != "thanked" and not one.get("withdrawn")
        if self.here("odette") and self.attempt(life.reopen(self.posts[post], self.ids["odette"]), possible):
            one["over"] = one["over"] if one["state"] == "open" else None
            self._open(post)

    @rule(post=posts_, really=st.integers(0, 2))
    def cancel(self, post, really):
        if really:
            return
        post = self.pick(post, "open", "taken")
        one = self.model[post]
        self.run(life.cancel(self.posts[post], self.ids["odette"]))
        if not one.get("withdrawn"):
            one["withdrawn"] = self.time
            one["waiting"].clear()
            if one["state"] in ("open", "taken"):
                self._open(post)
            one["over"] = min(filter(None, (one["over"], self.time)))

    @some("taken")
    @rule(post=posts_)
    def read_the_door(self, post):
        post = self.pick(post, "taken")
        who = self.one_of(post, "holder")
        if self.here(who) and self.holds(post, who):
            self.run(Viewing.note(self.posts[post], self.ids[who]))
            self.model[post]["read"].add(who)

    @rule(who=st.sampled_from(("karim", "theo", "lina")), really=st.integers(0, 3))
    def leave_the_board(self, who, really):
        if really or not self.here(who):
            return
        self.run(leave(self.ids.pop(who)))
        for post, one in self.model.items():
            one["waiting"].discard(who)
            if one["state"] == "taken" and one["taker"] == who:
                self._open(post)

    @rule(hours=st.sampled_from((0.4, 1.7, 9, 25, 30, 49, 24 * 8)), twice=st.booleans())
    def time_passes(self, hours, twice):
        self.time += timedelta(hours=hours)
        for _ in range(1 + twice):
            self.run(upkeep.once())
        for post, one in self.model.items():
            if one["state"] == "taken" and one["lease"] <= self.time:
                self._open(post)
            if not one["over"] and one["state"] == "open" and self.stored(post)["expires_at"] <= self.time:
                one["over"] = self.stored(post)["expires_at"]
            cut = self.time - timedelta(hours=palier.keep)
            if one["over"] and one["over"] < cut:
                one["erased"] = True

    def stored(self, post) -> dict:
        return self.run(Post.load(self.posts[post]))

    @invariant()
    def the_stored_state_is_the_model_s(self):
        for post, one in self.model.items():
            row = self.stored(post)
            assert row["state"] == one["state"]
            taker = self.ids.get(one["taker"]) if one["state"] == "taken" else None
            assert (row["taker"] == taker) or one["state"] in ("done", "thanked")
            assert (row["lease_until"] is not None) == (one["state"] == "taken")
            if one["lease"]:
                assert row["lease_until"] == one["lease"] > self.time - timedelta(minutes=1)

    @invariant()
    def at_most_one_holds_a_request_and_nobody_too_many(self):
        for post in self.posts.values():
            claims = self.run(Claim.of(post))
            active = [claim for claim in claims if claim["state"] == "active"]
            assert len(active) == (self.stored_by(post)["state"] == "taken")
            assert all(claim["ended_at"] for claim in claims if claim["state"] not in ("active", "proposed", "second"))
        assert all(self.held_by(who) <= palier.takes for who in PEOPLE)

    def stored_by(self, post: UUID) -> dict:
        return self.run(Post.load(post))

    @invariant()
    def the_private_part_is_for_exactly_the_allowed(self):
        for post, one in self.model.items():
            row = self.stored(post)
            readers = {
                name for name, member in self.ids.items() if may(viewer(member, PEOPLE[name]), "see-private", row)
            }
            expected = {"odette"} | ({one["taker"]} if one["state"] == "taken" else set())
            assert readers == expected & set(self.ids)
            part = self.run(PrivatePart.of(self.posts[post]))
            if one.get("erased"):
                assert part is None
            else:
                assert part["answers"]["address"] == SECRET
            assert {reading["name"] for reading in self.run(Viewing.of(self.posts[post]))} == one["read"]

    @invariant()
    def everybody_is_told_once(self):
        doubled = self.run(query("SELECT once FROM notice GROUP BY once HAVING count(*) > 1"))
        assert doubled == []

    def teardown(self):
        self.run(empty())


def viewer(member: UUID, role: Role) -> Viewer:
    """A viewer with this id and role."""
    return Viewer(member, "X", "rue", role, 1, None, "auto", None, None, None, member, clock.now(), 1)


async def empty() -> None:
    """Nobody and nothing left, before the next run."""
    for table in ("notice", "viewing", "message", "private_part", "claim", "post", "member", "budget"):
        await execute(f"DELETE FROM {table}")


@pytest.fixture
async def loop():
    """The loop to which the kept connections belong; it stands still while a plain test runs."""
    return asyncio.get_running_loop()


def test_whatever_the_order(loop, monkeypatch):
    monkeypatch.setattr(clock, "now", clock.now)
    Life.loop = loop
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=RUNS, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
