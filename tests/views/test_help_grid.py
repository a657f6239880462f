"""Every help route × who asks: one status each, from the app's own route table; and who sees the private part."""

from uuid import UUID

import pytest

from server.help.claim import Claim
from tests.support.help_people import CANARIES, around_a_request, asked, for_somebody, in_state
from tests.support.help_routes import ROUTES
from tests.support.makers import put_up

pytestmark = pytest.mark.one_engine

KEY = "une-cle-de-formulaire-0001"
WHO = ("odette", "theo", "lucien", "karim", "marguerite", "jeanne", "amelie")
ODETTE, THEO, AMELIE = "odette", "theo", "amelie"  # asked; has it in hand; admin


def only(status: int, *who: str, others: int = 404) -> dict[str, int]:
    """This status for these people, another for everybody else."""
    return {name: status if name in who else others for name in WHO}


# Name of the route -> on what, with which form, and the status for each person. A request in hand
# is Théo's; Lucien gave it back; Karim, Marguerite (a newcomer) and Jeanne (a moderator) have no part.
GRID = {
    "take": ("taken", {}, only(303, THEO, others=409)),
    "ask-door": ("taken", {}, only(303, THEO, others=409)),
    "hand-back": ("taken", {"raison-rendre": "la grippe"}, only(303, THEO, others=409)),
    "keep": ("taken", {}, only(303, THEO, others=409)),
    "finish": ("taken", {}, only(303, THEO, ODETTE, others=409)),
    "stand-by": ("taken", {}, only(404, ODETTE, others=303) | {THEO: 409}),
    "step-aside": ("taken", {}, only(404, ODETTE, others=303)),
    "accept": ("proposed", {}, only(303, ODETTE, AMELIE)),
    "decline": ("proposed", {}, only(303, ODETTE, AMELIE)),
    "thank": ("done", {"votre-merci": "merci"}, only(303, ODETTE)),
    "reopen": ("taken", {}, only(303, ODETTE)),
    "called-back": ("somebody", {}, only(303, ODETTE, AMELIE)),
    "open-private": ("taken", {"raison-lecture": "elle ne répond plus"}, only(200, AMELIE)),
    "message": ("taken", {"cle": KEY, "message": "bonjour"}, only(303, ODETTE, THEO) | {"lucien": 409}),
    "sum": ("taken", {"somme": "12,50"}, only(303, ODETTE, THEO)),
    "settle": ("taken", {}, only(303, ODETTE, THEO)),
    "join-offer": ("offer", {"cle": KEY, "note": "des œufs", "phone": "04 65 71 20 08"}, only(404, ODETTE, others=303)),
    "leave-offer": ("offer", {}, only(303, *WHO)),
    "agree-places": ("offer", {}, only(303, "jeanne", AMELIE)),
    "close-offer": ("offer", {}, only(303, ODETTE)),
    "for-somebody": (None, {}, only(404, "marguerite", others=200)),
    "ask-for-somebody": (None, {"cle": KEY}, only(404, "marguerite", others=422)),
    "news": (None, {}, only(200, *WHO)),
    "news-seen": (None, {}, only(303, *WHO)),
    "mutual-aid": (None, {}, only(200, *WHO)),
    "availability": (None, {"besoin-courses": "oui", "portee": "quartier", "montre": "nobody"}, only(303, *WHO)),
    "pause": (None, {"duree": "2"}, only(303, *WHO)),
    "resume": (None, {}, only(303, *WHO)),
}  # fmt: skip


def test_every_help_route_has_its_place_in_the_grid():
    assert set(ROUTES) == set(GRID)
    assert all(set(expected) == set(WHO) for _, _, expected in GRID.values())


async def a_thing(people, what: str | None) -> tuple[UUID | None, UUID | None]:
    """What the route is about: the post, and for a proposal its claim."""
    if what == "offer":
        return await put_up(people.members["odette"], "offer", capacity=9), None
    if what == "somebody":
        return await for_somebody(people), None
    if what == "proposed":
        post = await asked(people)
        await Claim.take(post, people.members["marguerite"].id)
        return post, (await Claim.of(post))[0]["id"]
    return (await in_state(people, what) if what else None), None


@pytest.mark.parametrize("who", [*WHO, "stranger"])
@pytest.mark.parametrize("name", sorted(GRID))
async def test_who_gets_what(name, who):
    people = await around_a_request()
    what, form, expected = GRID[name]
    post, claim = await a_thing(people, what)
    method, path = ROUTES[name]
    path = path.replace("{post_id:uuid}", str(post)).replace("{claim_id:uuid}", str(claim))
    answer = await people.browsers[who].http.request(method, path, data=form if method == "POST" else None)
    if who == "stranger":
        assert (answer.status_code, answer.headers["location"]) == (303, "/entrer")
        return
    assert answer.status_code == expected[who], (name, who, answer.text[-300:])
    if name != "open-private" and who not in (ODETTE, THEO):
        assert not any(canary in answer.text for canary in CANARIES)


SEES = {
    "open": {ODETTE}, "taken": {ODETTE, THEO}, "done": {ODETTE}, "thanked": {ODETTE}, "withdrawn": {ODETTE},
    "hidden": {ODETTE},
}  # fmt: skip


@pytest.mark.parametrize("state", SEES)
async def test_the_private_part_is_seen_by_exactly_these(state):
    people = await around_a_request()
    post = await in_state(people, state)
    seen = set()
    for who in WHO:
        pages = [
            await people.browsers[who].get(path)
            for path in (f"/avis/{post}", "/", "/entraide", "/nouvelles", "/chez-moi")
        ]
        pages.append(await people.browsers[who].fragment(f"/avis/{post}"))
        if any(canary in page.text for page in pages for canary in CANARIES[:4]):
            seen.add(who)
            shown = next(page for page in pages if CANARIES[0] in page.text)
            assert "no-store" in shown.headers["cache-control"]
    assert seen == SEES[state]


@pytest.mark.parametrize(("state", "reads"), [("taken", {ODETTE, THEO}), ("done", {ODETTE, THEO}), ("open", set())])
async def test_the_talk_is_read_by_the_two_only(state, reads):
    people = await around_a_request()
    post = await in_state(people, state)
    seen = {who for who in WHO if CANARIES[4] in (await people.browsers[who].get(f"/avis/{post}")).text}
    assert seen == reads


async def test_another_volunteer_does_not_read_the_former_talk():
    people = await around_a_request()
    post = await in_state(people, "taken")
    await Claim.hand_back(post, people.members["theo"].id, "")
    await Claim.take(post, people.members["karim"].id)
    assert CANARIES[4] not in (await people.karim.get(f"/avis/{post}")).text
