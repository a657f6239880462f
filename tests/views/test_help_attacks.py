"""Somebody who tries: ids of other things, what is there and what is not, replays, two at once, odd forms."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from server.base.columns import now
from server.base.settings import settings
from server.help import life
from server.help.claim import Claim
from server.help.private import PrivatePart
from server.posts.post import Post
from server.running import upkeep
from tests.support.help_forms import form_of
from tests.support.help_people import CANARIES, around_a_request, asked, in_state
from tests.support.help_routes import ROUTES
from tests.support.makers import put_up, set_clock
from tests.support.people import words

pytestmark = pytest.mark.one_engine

KEY = "une-cle-de-formulaire-0001"
STEPS = sorted(path for method, path in ROUTES.values() if method == "POST" and "{post_id:uuid}" in path)


def step(path: str, post, claim=None) -> str:
    """The address of this step, for this post."""
    return path.replace("{post_id:uuid}", str(post)).replace("{claim_id:uuid}", str(claim or uuid4()))


@pytest.mark.parametrize("state", ["withdrawn", "hidden"])
async def test_what_is_out_of_sight_answers_as_what_never_was(state):
    people = await around_a_request()
    post, nothing = await in_state(people, state), uuid4()
    for who in ("karim", "lucien", "marguerite"):
        for path in ["/avis/{post_id:uuid}", *STEPS]:
            answers = []
            for one in (post, nothing):
                address = step(path, one, uuid4())
                sent = people.browsers[who].get(address) if path not in STEPS else people.browsers[who].post(address)
                answers.append(await sent)
            assert [one.status_code for one in answers] == [404, 404], (who, path)
            there, not_there = (one.text.replace(str(id), "") for one, id in zip(answers, (post, nothing), strict=True))
            assert len(there) == len(not_there), (who, path)


async def test_the_id_of_another_thing_opens_nothing():
    people = await around_a_request()
    first, second = await asked(people), await asked(people)
    await Claim.take(first, people.members["marguerite"].id)
    claim = (await Claim.of(first))[0]["id"]
    offer = await put_up(people.members["theo"], "offer")
    assert (await people.odette.post(f"/avis/{second}/propositions/{claim}/accord")).status_code == 404
    assert (await people.odette.post(f"/avis/{first}/propositions/{first}/accord")).status_code == 404
    form = {"cle": KEY, "note": "x", "phone": "04 65 71 20 08", "message": "x", "somme": "3", "raison-lecture": "x"}
    for path in ("inscription", "cloture"):
        assert (await people.karim.post(f"/avis/{first}/{path}", form)).status_code == 404
    for path in STEPS:
        if "inscription" in path or "cloture" in path or "places" in path:
            continue
        for who in ("karim", "theo", "amelie", "odette"):
            assert (await people.browsers[who].post(step(path, offer, claim), form)).status_code == 404, (who, path)
    assert (await Post.load(offer))["coming"] == 0 and (await Post.load(first))["state"] == "open"


async def test_a_correction_and_a_take_at_once_both_happen_or_the_correction_is_refused():
    people = await around_a_request()
    for _ in range(6):
        post = await asked(people)
        form = form_of(await people.odette.get(f"/avis/{post}/modifier"), "composeur") | {"door_code": "NEUF1"}
        corrected, taken = await asyncio.gather(
            people.odette.post(f"/avis/{post}/modifier", form), people.theo.post(f"/avis/{post}/prise")
        )
        assert (taken.status_code, corrected.status_code in (303, 409)) == (303, True)
        written = (await PrivatePart.of(post))["answers"]["door_code"]
        assert (written == "NEUF1") == (corrected.status_code == 303)
        assert (await Post.load(post))["taker"] == people.members["theo"].id
        await people.theo.post(f"/avis/{post}/fait")


async def test_what_a_moderator_hid_does_not_keep_its_volunteer_from_others():
    people = await around_a_request()
    for _ in range(settings.takes):
        post = await in_state(people, "taken")
    await Post.hide(post)
    assert (await people.theo.get(f"/avis/{post}")).status_code == 404
    assert (await people.theo.post(f"/avis/{await asked(people)}/prise")).status_code == 303
    assert (await people.theo.post(f"/avis/{await asked(people)}/prise")).status_code == 409


@pytest.mark.parametrize(
    "said", ["Merci, mon code est B4071", "Merci ! 06 39 98 41 12", "Au 52 rue de Gerland", "à o@exemple.test"]
)
async def test_a_thank_you_with_a_private_detail_is_caught_and_kept_on_screen(said):
    people = await around_a_request()
    post = await in_state(people, "done")
    refused = await people.odette.post(f"/avis/{post}/remerciement", {"votre-merci": said})
    assert refused.status_code == 422 and said in words(refused)
    assert (await Post.load(post))["state"] == "done"


async def test_put_back_after_its_private_words_went_asks_for_them_again(monkeypatch):
    people = await around_a_request()
    post = await in_state(people, "withdrawn")
    set_clock(monkeypatch, now() + timedelta(hours=settings.keep + 1))
    await upkeep.once()
    assert (await people.odette.post(f"/avis/{post}/retour")).status_code == 303
    page = await people.odette.get(f"/avis/{post}")
    assert "Vos lignes privées sont effacées" in words(page) and not any(canary in page.text for canary in CANARIES)
    form = form_of(await people.odette.get(f"/avis/{post}/modifier"), "composeur")
    assert (await people.odette.post(f"/avis/{post}/modifier", form | {"address": "", "phone": ""})).status_code == 422
    again = form | {"address": "9 rue des Lilas", "phone": ""}
    assert (await people.odette.post(f"/avis/{post}/modifier", again)).status_code == 303
    await people.theo.post(f"/avis/{post}/prise")
    assert "9 rue des Lilas" in words(await people.theo.get(f"/avis/{post}"))


async def test_kept_cards_and_pages_show_each_viewer_their_own_standing():
    people = await around_a_request()
    await asked(people)
    post = await in_state(people, "taken")
    for _ in range(2):
        for who, said in (("karim", "Théo Vasseur s’en occupe"), ("theo", "Vous vous en occupez"),
                          ("odette", "Théo Vasseur s’en occupe")):  # fmt: skip
            for page in (await people.browsers[who].get("/"), await people.browsers[who].fragment("/")):
                assert said in words(page), who
                assert ("Ouvrir la course" in words(page)) == (who == "theo")
    await life.finish(post, people.members["theo"].id)
    assert "Ouvrir la course" not in words(await people.theo.get("/"))


async def test_no_form_however_odd_breaks_any_step_in_any_state():
    people = await around_a_request()
    odd = {"cle": KEY, "message": "\u202e", "somme": "9" * 30, "raison-rendre": "x" * 201, "votre-merci": "x" * 181}
    fine = {"message": "m", "somme": "3", "raison-lecture": "x", "note": "n", "phone": "04 65 71 20 08"}
    tried = 0
    for state in ("open", "taken", "done", "thanked", "withdrawn", "hidden"):
        post = await in_state(people, state)
        claim = (await Claim.of(post))[0]["id"]
        for path in STEPS:
            for who in ("karim", "marguerite", "amelie", "theo", "odette"):
                for form in (odd, fine | {"cle": f"{KEY}{tried}"}):
                    tried += 1
                    answer = await people.browsers[who].post(step(path, post, claim), form)
                    assert answer.status_code < 500, (state, path, who)
    assert tried > 500
