"""Many neighbours at the same moment, in two worker processes on one database.

Whatever races, one of them succeeds, the others read a sentence, and the rows stay legal.
"""

import asyncio
import contextlib
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from server.base.budgets import BUDGETS
from server.base.database import execute, query
from server.base.settings import ROOT, settings
from server.help import life
from server.help.claim import Claim
from server.help.offer import join
from server.help.private import Viewing
from server.people.member import Member, Role
from server.people.session import Session
from tests.support.makers import found, neighbour, put_up

pytestmark = pytest.mark.long

# PALIER_ROUNDS=50 for the long run.
ROUNDS = int(os.environ.get("PALIER_ROUNDS", "6"))
EACH = 50
LINE = 2**22
LIST = {"note": "Du pain", "phone": "04 78 00 00 01"}


class Workers:
    """Two processes in each of which half of the volunteers is signed in."""

    def __init__(self, processes: list, volunteers: list[Member]) -> None:
        self.processes = processes
        self.volunteers = volunteers
        self.rounds = 0

    async def ask(self, process, order: Any) -> Any:
        """Send one line, wait for the answer's."""
        process.stdin.write((order if isinstance(order, str) else json.dumps(order)).encode() + b"\n")
        line = await process.stdout.readline()
        assert line, "The worker ended."
        return json.loads(line)

    async def at_once(self, jobs: list, hours: int = 0) -> list[dict]:
        """Do jobs at the same moment: ``(index of the volunteer, path, form)``, or "lapse".

        Each is done by the process in which its volunteer is signed in, "lapse" by both. Both
        wait until the other is ready, and take turns at being told first. Gives the outcomes
        of the first half of the volunteers, then of the second.
        """
        size = len(self.volunteers) // 2
        halves = [
            [
                job if job == "lapse" else [job[0] % size, *job[1:]]
                for job in jobs
                if job == "lapse" or job[0] // size == n
            ]
            for n in range(2)
        ]
        orders = [{"jobs": half, "hours": hours} for half in halves]
        ready = await asyncio.gather(*map(self.ask, self.processes, orders))
        assert ready == ["ready", "ready"]
        self.rounds += 1
        turn = self.processes if self.rounds % 2 else self.processes[::-1]
        answers = await asyncio.gather(*(self.ask(process, "go") for process in turn))
        return [*answers[0], *answers[1]] if self.rounds % 2 else [*answers[1], *answers[0]]


@contextlib.asynccontextmanager
async def workers(volunteers: list[Member]) -> AsyncIterator[Workers]:
    """Start both processes on the session's database and sign the volunteers in, half in each."""
    tokens = [await Session.open(member.id, "Firefox, Linux") for member in volunteers]
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.race_worker", cwd=ROOT, limit=LINE,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    try:
        both = Workers(processes, volunteers)
        half = len(tokens) // 2
        await asyncio.gather(
            both.ask(processes[0], {"sign_in": tokens[:half]}), both.ask(processes[1], {"sign_in": tokens[half:]})
        )
        yield both
    finally:
        for process in processes:
            process.stdin.close()
        for process in processes:
            try:
                await asyncio.wait_for(process.wait(), 10)
            except TimeoutError:
                process.kill()


async def people(many: int, role: Role = Role.RESIDENT) -> tuple[Member, list[Member]]:
    """A founded quartier: who asks, and as many volunteers."""
    await found()
    odette = await neighbour("Odette Berthier")
    return odette, [await neighbour(f"Théo {n}", role) for n in range(many)]


async def ask(author: Member) -> UUID:
    """A request of theirs."""
    return await put_up(author, "help")


async def post_row(post: UUID) -> dict:
    """The post as it is stored."""
    return (await query("SELECT * FROM post WHERE id = {}", post))[0]


async def states(post: UUID) -> Counter:
    """How many claims of this post are in each state."""
    rows = await query("SELECT state FROM claim WHERE post = {}", post)
    return Counter(row["state"] for row in rows)


async def told(post: UUID) -> Counter:
    """What was told about this post, as (what, to whom): how many times."""
    rows = await query("SELECT what, person FROM notice WHERE post = {}", post)
    return Counter((row["what"], str(row["person"])) for row in rows)


async def is_legal(post: UUID) -> None:
    """What holds of every request: taken, and only then, by whoever has its one active claim."""
    one = await post_row(post)
    active = await query("SELECT member FROM claim WHERE post = {} AND state = 'active'", post)
    if one["state"] == "taken":
        assert [str(row["member"]) for row in active] == [str(one["taker"])]
    else:
        assert active == []
        assert one["lease_until"] is None


def politely(outcomes: list[dict], also: int = 409) -> list[str]:
    """The sentences of those who did not succeed; fails on any answer but 303, 200, a polite 409 and ``also``."""
    wrong = [one for one in outcomes if one["status"] not in (200, 303, 409, also)]
    assert wrong == []
    return [one["said"] for one in outcomes if one["status"] == 409]


async def test_a_hundred_take_at_once_and_one_has_it():
    odette, volunteers = await people(2 * EACH)
    spent, winners, before = 0.0, Counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    async with workers(volunteers) as both:
        for _ in range(ROUNDS):
            post = await ask(odette)
            start = time.perf_counter()
            outcomes = await both.at_once([[who, f"/avis/{post}/prise", {}] for who in range(2 * EACH)])
            spent += time.perf_counter() - start
            winner = await _check_round(post, odette, volunteers, outcomes)
            winners[winner // EACH] += 1
            await life.finish(post, odette.id)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"\n{ROUNDS} rounds, {ROUNDS * 2 * EACH} takes: {spent:.1f} s, of which both workers together"
        f" computed {busy:.1f} s; won by each process: {dict(winners)}"
    )
    assert winners.total() == ROUNDS


async def _check_round(post: UUID, author: Member, volunteers: list[Member], outcomes: list[dict]) -> int:
    """One winner, and everybody else reads their name; gives the winner's index."""
    sentences = politely(outcomes)
    won = [who for who, one in enumerate(outcomes) if one["status"] == 303]
    assert len(won) == 1 and len(sentences) == len(volunteers) - 1
    member = volunteers[won[0]]
    assert outcomes[won[0]]["location"] == f"/avis/{post}"
    assert all(f"{member.name} s’en occupe déjà" in said for said in sentences)
    one = await post_row(post)
    assert (one["state"], str(one["taker"])) == ("taken", str(member.id))
    assert await states(post) == {"active": 1}
    assert await told(post) == {("taken", str(author.id)): 1}
    return won[0]


async def test_one_member_taking_three_requests_at_once_has_as_many_as_allowed():
    odette, (theo,) = await people(1)
    # Signed in twice in each process.
    async with workers([theo] * 4) as both:
        for _ in range(5):
            posts = [await ask(odette) for _ in range(3)]
            outcomes = await both.at_once([[who, f"/avis/{post}/prise", {}] for who, post in enumerate(posts)])
            assert ["Vous avez déjà 2 demandes en cours" in said for said in politely(outcomes)] == [True]
            held = await query("SELECT id FROM post WHERE taker = {} AND state = 'taken'", theo.id)
            assert len(held) == settings.takes == 2
            for post in posts:
                await is_legal(post)
            for row in held:
                await life.finish(row["id"], odette.id)


async def test_accepting_two_proposals_at_once_gives_one_taker():
    odette, newcomers = await people(2, Role.NEWCOMER)
    async with workers([odette] * 10) as both:
        for _ in range(5):
            post = await ask(odette)
            for member in newcomers:
                assert await Claim.take(post, member.id) == "proposed"
            claims = {str(claim["member"]): claim["id"] for claim in await Claim.of(post)}
            chosen = [claims[str(newcomers[who % 2].id)] for who in range(10)]
            jobs = [[who, f"/avis/{post}/propositions/{claim}/accord", {}] for who, claim in enumerate(chosen)]
            politely(await both.at_once(jobs))
            await is_legal(post)
            taker = str((await post_row(post))["taker"])
            assert taker in claims
            assert await states(post) == {"active": 1, "proposed": 1}
            said = await told(post)
            assert {key: n for key, n in said.items() if key[0] != "proposed"} == {("accepted", taker): 1}
            await life.finish(post, odette.id)


async def test_the_last_place_of_an_offer_goes_to_one_of_twenty():
    _, volunteers = await people(20)
    async with workers(volunteers) as both:
        for n in range(5):
            author = await neighbour(f"Nina {n}")
            offer = await put_up(author, "offer", capacity=1)
            form = {**LIST, "cle": f"une-cle-assez-longue-{n}"}
            outcomes = await both.at_once([[who, f"/avis/{offer}/inscription", form] for who in range(20)])
            sentences = politely(outcomes)
            assert sentences == ["C’est complet : toutes les places sont prises."] * 19
            assert (await post_row(offer))["coming"] == 1
            made = await query("SELECT id FROM post WHERE offer = {} AND state = 'taken'", offer)
            assert len(made) == 1
            await is_legal(made[0]["id"])
            assert await told(made[0]["id"]) == {("joined", str(author.id)): 1}


async def test_the_same_place_asked_for_twice_is_one_place():
    odette, (theo,) = await people(1)
    async with workers([theo] * 4) as both:
        offer = await put_up(odette, "offer", capacity=3)
        form = {**LIST, "cle": "une-cle-assez-longue"}
        outcomes = await both.at_once([[who, f"/avis/{offer}/inscription", form] for who in range(4)])
        assert politely(outcomes) == []
        assert len({one["location"] for one in outcomes}) == 1
        assert (await post_row(offer))["coming"] == 1


async def test_handing_back_lapsing_and_finishing_at_once():
    """The volunteer gives back and says done, twice each, while the asker says done and the lease ends."""
    odette, (theo,) = await people(1)
    ways = Counter()
    async with workers([theo, odette, theo, odette]) as both:
        for n in range(24):
            post = await ask(odette)
            await Claim.take(post, theo.id)
            back, done = f"/avis/{post}/prise/rendre", f"/avis/{post}/fait"
            jobs = [[0, back, {}], [2, back, {}], [1, done, {}], [3, done, {}], [0, done, {}], [2, done, {}]]
            # Upkeep has no page to show and mostly wins where it takes part.
            jobs += ["lapse"] if n % 3 == 0 else []
            jobs = [*jobs[n % 6 :], *jobs[: n % 6]]
            await _check_end(post, theo, await both.at_once(jobs, hours=3), ways)
    print("\n", dict(ways))
    assert set(ways) <= {"done", "returned", "lapsed"} and len(ways) > 1


async def _check_end(post: UUID, theo: Member, outcomes: list[dict], ways: Counter) -> None:
    """One way out, told once to whom it concerns."""
    politely(outcomes)
    await is_legal(post)
    (way,) = await states(post)
    ways[way] += 1
    assert sum((await states(post)).values()) == 1
    assert (await post_row(post))["state"] == ("done" if way == "done" else "open")
    told_of = {what: n for (what, _), n in (await told(post)).items()}
    assert set(told_of) == {"taken", way, *(["lapsed-own"] if way == "lapsed" else [])}
    assert set((await told(post)).values()) == {1}
    assert sum(one.get("lapsed", 0) for one in outcomes) == (way == "lapsed")


async def test_accepting_and_declining_a_proposal_at_once():
    odette, (_, marguerite) = await people(2, Role.NEWCOMER)
    async with workers([odette, odette, odette, marguerite]) as both:
        for n in range(12):
            post = await ask(odette)
            await Claim.take(post, marguerite.id)
            claim = (await Claim.of(post))[0]["id"]
            ways = [f"/avis/{post}/propositions/{claim}/accord", f"/avis/{post}/propositions/{claim}/refus"]
            jobs = [[0, ways[n % 2], {}], [2, ways[1 - n % 2], {}], [3, f"/avis/{post}/attente/annuler", {}]]
            politely(await both.at_once(jobs))
            await is_legal(post)
            (state,) = await states(post)
            said = {what for what, person in await told(post) if person == str(marguerite.id)}
            assert (state, said) in [("active", {"accepted"}), ("declined", {"declined"}), ("dropped", set())]
            await life.cancel(post, odette.id)


async def test_closing_an_offer_while_places_are_given_back():
    odette, volunteers = await people(6)
    async with workers([*volunteers, odette, odette]) as both:
        for _ in range(8):
            offer = await put_up(odette, "offer", capacity=6)
            await execute("UPDATE post SET places = 6 WHERE id = {}", offer)
            requests = [await join(offer, member.id, member.street, LIST) for member in volunteers]
            jobs = [[who, f"/avis/{offer}/inscription/annuler", {}] for who in range(6)]
            jobs += [[6, f"/avis/{request}/prise/rendre", {}] for request in requests]
            # A request whose author has left the offer is nowhere to be found any more.
            politely(await both.at_once([*jobs, [7, f"/avis/{offer}/cloture", {}]]), also=404)
            for request in requests:
                await is_legal(request)
                assert (await post_row(request))["state"] in ("open", "done")
                assert max((await told(request)).values()) == 1
            coming = await query("SELECT count(*) AS n FROM mark WHERE post = {} AND kind = 'coming'", offer)
            assert (await post_row(offer))["coming"] == coming[0]["n"]


async def test_a_budget_and_the_doors_of_a_day_hold_right_across_processes():
    """One member, signed in four times in two processes: exactly as many replies as an hour has, and four doors."""
    odette, (theo,) = await people(1)
    most, post = BUDGETS["reply"].resident.hour, await put_up(odette, "tip")
    async with workers([theo] * 4) as both:
        replies = [
            [n % 4, f"/avis/{post}/reponses", {"reponse": f"n {n}", "cle": f"une-cle-assez-longue-{n}"}]
            for n in range(most + 10)
        ]
        outcomes = await both.at_once(replies)
        assert Counter(one["status"] for one in outcomes) == {303: most, 429: 10}
        assert len(await query("SELECT 1 FROM reply")) == most
        doors = 0
        for _ in range(settings.doors):
            posts = [await ask(odette) for _ in range(4)]
            outcomes = await both.at_once([[who, f"/avis/{one}/prise", {}] for who, one in enumerate(posts)])
            politely(outcomes, also=429)
            for one in posts:
                if (await post_row(one))["state"] == "taken":
                    doors += 1
                    await Viewing.note(one, theo.id)
                    await life.finish(one, odette.id)
                else:
                    await life.cancel(one, odette.id)
        assert doors == settings.doors
