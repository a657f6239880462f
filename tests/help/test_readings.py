"""Who read a private part: a trace that its reader changes neither by another name nor by leaving."""

from datetime import timedelta

from server.base.database import execute, query, read_now
from server.base.ids import uuid7
from server.base.sealed import seal
from server.help.private import READER, READINGS_KEPT, Viewing, reseal
from server.rights.leaving import leave
from server.running import upkeep
from tests.support.help_people import around_a_request, asked, in_state
from tests.support.makers import NOON, set_clock
from tests.support.people import words


async def read_by(people, who: str):
    """A request of Odette's that this person has taken and read."""
    post = await asked(people)
    await people.browsers[who].post(f"/avis/{post}/prise")
    await people.browsers[who].get(f"/avis/{post}")
    return post


async def rename(people, who: str, name: str) -> None:
    form = {"nom": name, "rue": "rue des Lilas", "joindre": ""}
    assert (await people.browsers[who].post("/chez-moi/nom", form)).status_code == 303


async def test_renaming_oneself_does_not_change_who_read():
    """Before: « Qui a lu ces lignes » said Paul Martin."""
    people = await around_a_request()
    post = await read_by(people, "karim")
    await rename(people, "karim", "Paul Martin")
    for path in (f"/avis/{post}", "/chez-moi"):
        page = words(await people.odette.get(path))
        assert "Karim Benali" in page, path
    assert [one["name"] for one in await Viewing.of(post)] == ["Karim Benali"]


async def test_a_name_taken_for_a_reading_stands_beside_the_one_of_before():
    """Before: the asker read « Paul Martin » alone, and after he had left his own name stood nowhere."""
    people = await around_a_request()
    await rename(people, "karim", "Paul Martin")
    post = await read_by(people, "karim")
    await people.karim.post(f"/avis/{post}/prise/rendre")
    await rename(people, "karim", "Karim Benali")
    await leave(people.members["karim"].id)
    for path in (f"/avis/{post}", "/chez-moi"):
        assert "Paul Martin (s’appelait Karim Benali)" in words(await people.odette.get(path)), path
    kept = [bytes(name) for (name,) in await read_now("SELECT name FROM viewing WHERE post = {}", post)]
    assert not any(b"Karim" in name or b"Paul" in name for name in kept)


async def test_going_there_and_back_does_not_hide_the_first_name(monkeypatch):
    people = await around_a_request()
    for number, name in enumerate(("Paul Martin", "Karim Benali", "Jules Perrin")):
        set_clock(monkeypatch, NOON + timedelta(days=5 * number))
        await rename(people, "karim", name)
    set_clock(monkeypatch, NOON + timedelta(days=20))
    posts = [await read_by(people, "karim")]
    set_clock(monkeypatch, NOON + timedelta(days=41))
    posts.append(await read_by(people, "karim"))
    readings = [(await Viewing.of(post))[0] for post in posts]
    assert [(one["name"], one["former"]) for one in readings] == [
        ("Jules Perrin", "Karim Benali"), ("Jules Perrin", None),
    ]  # fmt: skip


async def test_a_reading_sealed_before_former_names_were_keeps_its_name():
    people = await around_a_request()
    post = await read_by(people, "karim")
    for row in await query("SELECT id FROM viewing WHERE post = {}", post):
        await execute("UPDATE viewing SET name = {}", seal(READER, row["id"], "Karim Benali"))
    assert [(one["name"], one["former"]) for one in await Viewing.of(post)] == [("Karim Benali", None)]


async def test_leaving_does_not_take_the_trace_along():
    """Before: the reading went with its reader."""
    people = await around_a_request()
    post = await read_by(people, "karim")
    await people.karim.post(f"/avis/{post}/prise/rendre")
    await leave(people.members["karim"].id)
    assert "Karim Benali" in words(await people.odette.get(f"/avis/{post}"))
    assert "Karim Benali" in words(await people.odette.get("/chez-moi"))


async def test_a_reading_before_the_first_renaming_of_an_older_board_keeps_its_name():
    people = await around_a_request()
    post = await asked(people)
    await execute(
        "INSERT INTO viewing (id, post, viewer, at) VALUES ({}, {}, {}, {})",
        uuid7(), post, people.members["karim"].id, NOON,
    )  # fmt: skip
    assert [one["name"] for one in await Viewing.of(post)] == ["Karim Benali"]
    await upkeep.once()
    await rename(people, "karim", "Paul Martin")
    await leave(people.members["karim"].id)
    assert [one["name"] for one in await Viewing.of(post)] == ["Karim Benali"]


async def test_no_name_of_a_reading_is_readable_without_the_key_and_rotation_keeps_it():
    people = await around_a_request()
    post = await read_by(people, "karim")
    kept = [bytes(name) for (name,) in await read_now("SELECT name FROM viewing WHERE post = {}", post)]
    assert kept and not any(b"Karim" in name for name in kept)
    await leave(people.members["karim"].id)
    from server.base import sealed

    sealed.add_key()
    assert await reseal() >= 1
    sealed.retire_keys()
    assert [one["name"] for one in await Viewing.of(post)] == ["Karim Benali"]
    # Another key: the trace says that somebody read, and no page falls over it.
    await execute("UPDATE viewing SET name = {}", b"\x01spoilt")
    assert [one["name"] for one in await Viewing.of(post)] == [None]
    assert "un ancien voisin" in words(await people.odette.get(f"/avis/{post}"))


async def test_readings_are_erased_after_twelve_months(monkeypatch):
    people = await around_a_request()
    set_clock(monkeypatch, NOON)
    post = await read_by(people, "karim")
    for days, left in ((364, 1), (366, 0)):
        set_clock(monkeypatch, NOON + timedelta(days=days))
        await upkeep.once()
        assert len(await Viewing.of(post)) == left
    assert timedelta(days=365) == READINGS_KEPT


async def test_that_somebody_was_renamed_stands_in_the_journal_and_the_names_go_with_them():
    people = await around_a_request()
    await rename(people, "karim", "Paul Martin")
    journal = words(await people.jeanne.get("/moderation/journal"))
    assert "A changé de nom" in journal and "Karim Benali → Paul Martin" in journal
    # Another street, or the same name again, is no new name.
    await people.karim.post("/chez-moi/nom", {"nom": "Paul Martin", "rue": "place du Marché", "joindre": ""})
    assert len(await read_now("SELECT 1 FROM log_entry WHERE verb = 'rename'")) == 1
    await leave(people.members["karim"].id)
    journal = words(await people.jeanne.get("/moderation/journal"))
    assert "A changé de nom" in journal and "Karim" not in journal and "Paul" not in journal
    assert await read_now("SELECT 1 FROM log_note WHERE reason LIKE '%Martin%'") == []


async def test_an_admins_reading_keeps_its_name_too():
    people = await around_a_request()
    post = await in_state(people, "taken")
    await people.amelie.post(f"/avis/{post}/lecture", {"raison-lecture": "elle ne répond plus"})
    await rename(people, "amelie", "Zoé Roche")
    assert "Amélie Roche" in words(await people.odette.get(f"/avis/{post}"))


async def test_renaming_at_once_keeps_one_line_a_change():
    people = await around_a_request()
    await rename(people, "karim", "Paul Martin")
    await rename(people, "karim", "Karim Benali")
    rows = await read_now("SELECT n.reason FROM log_entry e JOIN log_note n ON n.entry = e.id WHERE e.verb = 'rename'")
    assert sorted(row[0] for row in rows) == ["Karim Benali → Paul Martin", "Paul Martin → Karim Benali"]
