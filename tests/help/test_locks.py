"""Two gestures at the same moment that want the same rows: one succeeds, the other reads a sentence, neither blocks."""

import asyncio
from uuid import UUID

import pytest

from server.help import life
from server.help.claim import Claim
from server.moderation.shutting import shut
from server.people.member import Role
from server.rights.leaving import leave
from tests.support.help_people import another_day, around_a_request, asked
from tests.support.makers import neighbour, put_up

ROUNDS = 12


async def proposed_by_marguerite(people) -> tuple[UUID, str]:
    """A request for which a newcomer proposed to come, and where that proposal is answered."""
    post = await asked(people)
    await Claim.take(post, people.members["marguerite"].id)
    claim = (await Claim.of(post))[0]["id"]
    return post, f"/avis/{post}/propositions/{claim}"


@pytest.mark.parametrize("answer", ["accord", "refus"])
@pytest.mark.parametrize("rival", ["prise", "retrait", "attente/annuler"])
async def test_an_answer_meets_whoever_takes_cancels_or_steps_aside(answer, rival):
    """Before: 500 (a deadlock of PostgreSQL) for who asked, or for the volunteer who tapped."""
    people = await around_a_request()
    who = {"prise": "marguerite", "retrait": "odette", "attente/annuler": "marguerite"}[rival]
    for n in range(ROUNDS):
        post, proposal = await proposed_by_marguerite(people)
        jobs = [
            people.odette.post(f"{proposal}/{answer}"),
            people.browsers[who].post(f"/avis/{post}/{rival}"),
            people.theo.post(f"/avis/{post}/prise"),
            people.odette.post(f"{proposal}/{answer}"),
        ]
        answered = await asyncio.gather(*(jobs if n % 2 else jobs[::-1]))
        assert {one.status_code for one in answered} <= {303, 404, 409}
        await life.cancel(post, people.members["odette"].id)
        await another_day()


async def test_an_answer_meets_a_moderator_who_closes_the_doors():
    people = await around_a_request()
    jeanne, karim = people.members["jeanne"], people.members["karim"]
    for _ in range(ROUNDS):
        post, proposal = await proposed_by_marguerite(people)
        done = await asyncio.gather(
            people.odette.post(f"{proposal}/accord"),
            shut(people.members["marguerite"].id, jeanne.id, "moderator", "un doute"),
            people.karim.post(f"/avis/{post}/prise"),
            shut(karim.id, jeanne.id, "moderator", "un doute"),
        )
        assert {done[0].status_code, done[2].status_code} <= {303, 409}
        await life.cancel(post, people.members["odette"].id)
        for member in (karim, people.members["marguerite"]):
            member.shut_until = None
            await member.save([type(member).shut_until])


async def test_joining_meets_who_leaves_the_board():
    """An admin's offer: who joins holds the offer and wants its author, who leaves holds themselves and wants it."""
    people = await around_a_request()
    for n in range(ROUNDS // 2):
        admin = await neighbour(f"Admin {n}", Role.ADMIN)
        offer = await put_up(admin, "offer", capacity=4)
        forms = [{"cle": f"une-cle-de-formulaire-{n:04}", "note": "du pain", "phone": "04 65 71 20 08"}] * 3
        joiners = (people.odette, people.theo, people.karim)
        jobs = [one.post(f"/avis/{offer}/inscription", form) for one, form in zip(joiners, forms, strict=True)]
        *answered, _ = await asyncio.gather(*jobs, leave(admin.id))
        assert {one.status_code for one in answered} <= {303, 404, 409, 429}
