"""The doors of an email: saying yes, and stopping, with what mail programs and their filters do to them."""

from datetime import timedelta

import httpx
import pytest

from server.app import app
from server.base.columns import now
from server.base.database import query
from server.news.alert_choice import AlertChoice
from server.people.member import Role
from server.sending import mail
from server.sending.mail import doors
from tests.support.alert_people import ask, volunteer
from tests.support.mail_people import chooses, mail_rows, mail_server, mailed, token_in
from tests.support.makers import NOON, neighbour, set_clock
from tests.support.people import everybody, words

pytestmark = pytest.mark.one_engine

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def people(monkeypatch):
    """Everybody, at noon, and a mail server (``post``)."""
    set_clock(monkeypatch, NOON)
    found = await everybody()
    async with mail_server(monkeypatch) as service:
        found.service = service
        yield found


async def choice(people, who: str) -> dict:
    """What the database has of this person's choices."""
    return await AlertChoice.of(people.members[who].id)


async def asked_to_confirm(people, who: str = "karim", address: str = "karim@example.org", language="fr") -> str:
    """Somebody gives an address; the token of the letter that asks about it."""
    await chooses(people.members[who], address, confirmed=False, urgent=True, digest="week")
    assert await mail.ask_to_confirm(people.members[who].id, address, language)
    assert await mailed(people.service) == [address]
    return token_in(people.service.taken[0].text, "oui")


async def test_an_address_is_confirmed_by_who_reads_its_mail(people):
    token = await asked_to_confirm(people)
    letter = people.service.taken[0]
    assert "Karim" not in letter.text and letter.message["List-Unsubscribe"] is None
    assert token_in(letter.html, "oui") == token
    assert token == doors.confirm_token(people.members["karim"].id, "karim@example.org")
    # A filter that opens links to look at them says nothing in anybody's name.
    for _ in range(2):
        page = await people.stranger.get(f"/courriel/oui/{token}")
        assert page.status_code == 200 and "karim@example.org" in words(page)
        assert "no-store" in page.headers["cache-control"]
        assert (await choice(people, "karim"))["mail_confirmed_at"] is None
    page = await people.stranger.post(f"/courriel/oui/{token}")
    assert page.status_code == 200 and "Votre adresse est confirmée" in words(page)
    assert (await choice(people, "karim"))["mail_confirmed_at"] == NOON
    assert "Votre adresse est confirmée" in words(await people.stranger.get(f"/courriel/oui/{token}"))


async def test_nothing_else_is_written_before_that(people):
    await chooses(await volunteer("Ines"), "ines@example.org", confirmed=False, urgent=True)
    post = await ask(people.members["odette"], need="pharmacie")
    assert await mailed(people.service) == [] and post


async def test_the_letter_is_in_the_language_of_who_asked(people):
    await asked_to_confirm(people, language="en")
    assert 'lang="en"' in people.service.taken[0].html


async def test_a_token_is_bound_to_a_person_and_an_address(people):
    token = await asked_to_confirm(people)
    karim, odette = people.members["karim"].id, people.members["odette"].id
    await chooses(people.members["odette"], "karim@example.org", confirmed=False)
    other = f"{odette.hex}-{token.partition('-')[2]}"
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    stop = doors.stop_token(karim, "karim@example.org")
    for wrong in (other, changed, stop, "x", karim.hex, token + "A", "é" * 60, f"{karim.hex}-"):
        assert (await people.stranger.get(f"/courriel/oui/{wrong}")).status_code == 404
        assert (await people.stranger.post(f"/courriel/oui/{wrong}")).status_code == 404
    await chooses(people.members["karim"], "autre@example.org", confirmed=False)
    assert (await people.stranger.post(f"/courriel/oui/{token}")).status_code == 404
    for who in ("karim", "odette"):
        assert (await choice(people, who))["mail_confirmed_at"] is None


async def test_three_letters_a_day_and_none_for_what_is_confirmed(people, monkeypatch):
    karim = people.members["karim"].id
    await chooses(people.members["karim"], "karim@example.org", confirmed=False)
    asked = [await mail.ask_to_confirm(karim, "karim@example.org", "fr") for _ in range(5)]
    assert asked == [True, True, True, False, False]
    assert not await mail.ask_to_confirm(karim, "autre@example.org", "fr")
    assert await mailed(people.service) == ["karim@example.org"] * 3
    set_clock(monkeypatch, NOON + timedelta(hours=25))
    assert await mail.ask_to_confirm(karim, "karim@example.org", "fr")
    await AlertChoice.confirm(karim, "karim@example.org")
    assert not await mail.ask_to_confirm(karim, "karim@example.org", "fr")
    # Confirmed by an earlier letter meanwhile: the one that waits has nothing to ask any more.
    assert await mailed(people.service) == []
    assert (await mail_rows())[-1] == "stopped"


async def test_a_letter_goes_to_the_address_it_asks_about_or_nowhere(people):
    karim = people.members["karim"].id
    await chooses(people.members["karim"], "karim@example.org", confirmed=False)
    assert await mail.ask_to_confirm(karim, "karim@example.org", "fr")
    await chooses(people.members["karim"], "autre@example.org", confirmed=False)
    assert await mailed(people.service) == []
    assert await mail_rows() == ["stopped"]


async def test_the_bell_and_the_devices_say_nothing_of_it(people):
    await asked_to_confirm(people)
    assert await query("SELECT 1 FROM notice WHERE seen_at IS NULL") == []
    assert "adresse de courriel" not in words(await people.karim.get("/nouvelles"))


async def confirmed(people, who: str = "karim") -> str:
    """Somebody whose address is confirmed and who reads everything; the token that stops it."""
    member = people.members[who]
    await chooses(member, f"{who}@example.org", urgent=True, digest="day", what="daily")
    return doors.stop_token(member.id, f"{who}@example.org")


async def test_a_mail_program_stops_it_with_one_click(people):
    """RFC 8058, section 3.2: a POST of its own, without cookie, Origin or Fetch Metadata, and no redirect."""
    token = await confirmed(people)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("192.0.2.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="https://palier.test") as program:
        assert "sec-fetch-site" not in program.headers
        answer = await program.post(f"/courriel/arret/{token}", data=ONE_CLICK)
        again = await program.post(f"/courriel/arret/{token}", files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == again.status_code == 200
    row = await choice(people, "karim")
    assert (row["mail_urgent"], row["mail_digest"]) == (False, "never") or (row["mail_urgent"], row["mail_digest"]) == (
        0, "never",
    )  # fmt: skip
    # What their devices say is another matter, and the address stays theirs.
    assert row["what"] == "daily" and row["mail_confirmed_at"] is not None


async def test_looking_at_the_link_stops_nothing(people):
    token = await confirmed(people)
    for _ in range(2):
        page = await people.stranger.get(f"/courriel/arret/{token}")
        assert page.status_code == 200 and "Ne plus recevoir de courriel" in words(page)
    await people.stranger.http.head(f"/courriel/arret/{token}")
    assert (await choice(people, "karim"))["mail_digest"] == "day"
    page = await people.stranger.post(f"/courriel/arret/{token}")
    assert page.status_code == 200 and "C’est arrêté" in words(page)
    assert "C’est arrêté" in words(await people.stranger.get(f"/courriel/arret/{token}"))


async def test_the_link_of_a_letter_is_the_one_that_stops(people):
    karim = await volunteer("Ines", role=Role.RESIDENT)
    await chooses(karim, "ines@example.org", urgent=True)
    await ask(people.members["odette"], need="pharmacie")
    assert await mailed(people.service) == ["ines@example.org"]
    token = token_in(people.service.taken[0].message["List-Unsubscribe"], "arret")
    assert token == token_in(people.service.taken[0].text, "arret")
    assert (await people.stranger.post(f"/courriel/arret/{token}", ONE_CLICK)).status_code == 200
    await ask(people.members["odette"], need="pharmacie", title="Encore")
    assert await mailed(people.service) == []


async def test_only_its_own_token_stops_it(people):
    token = await confirmed(people)
    await confirmed(people, "odette")
    yes = doors.confirm_token(people.members["karim"].id, "karim@example.org")
    other = f"{people.members['odette'].id.hex}-{token.partition('-')[2]}"
    for wrong in (yes, other, "x", f"{people.members['karim'].id}-{token.partition('-')[2][:-1]}"):
        assert (await people.stranger.post(f"/courriel/arret/{wrong}", ONE_CLICK)).status_code == 404
    for who in ("karim", "odette"):
        assert (await choice(people, who))["mail_digest"] == "day"
    # Somebody without an address has no such door.
    nobody = await neighbour("Paul")
    assert (
        await people.stranger.get(f"/courriel/arret/{doors.stop_token(nobody.id, 'a@b.example')}")
    ).status_code == 404


async def test_saying_yes_must_come_from_our_own_page(people):
    token = await asked_to_confirm(people)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "", "Origin": "https://ailleurs.test"}):
        assert (await people.stranger.post(f"/courriel/oui/{token}", headers=headers)).status_code == 403
    assert (await choice(people, "karim"))["mail_confirmed_at"] is None
    assert now() == NOON
