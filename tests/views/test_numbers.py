"""The page of figures: who may see it, and that its tables say what its plots draw."""

import re
import shlex
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from server.__main__ import parser
from server.base.columns import now
from server.base.custody import BACKUP, DRILL, SafetyRun
from server.base.settings import settings
from server.help import life
from server.help.claim import Claim
from server.help.private import Viewing
from server.news.told import Notice
from server.people.member import Member
from server.running import upkeep
from tests.support.makers import NOON, put_up, set_clock
from tests.support.people import everybody, words

PATH = "/moderation/chiffres"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def section(html: str, name: str) -> str:
    """One section of the page; nothing when it is not there."""
    found = re.search(rf'<section class="feuille bloc" id="{name}">.*?</section>', html, re.S)
    return found[0] if found else ""


def drawn(html: str, name: str) -> list[str]:
    """Everything that the plot of a section writes, in order."""
    plot = re.search(r'<svg class="trace".*?</svg>(?=\s*<details)', section(html, name), re.S)[0]
    return [unescape(text) for text in re.findall(r"<text [^>]+>([^<]*)</text>", plot)]


def table(html: str, name: str) -> list[list[str]]:
    """The body of a section's table, row by row, without its empty cells."""
    body = re.search(r"<tbody>(.*?)</tbody>", section(html, name), re.S)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    cells = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in rows]
    return [[unescape(cell).replace("\u00a0", " ") for cell in row if cell] for row in cells]


async def some_help(people, monkeypatch) -> None:
    """Two weeks with an empty one between: one thanked after 2 h 10, one handed back and open again, one alone."""
    odette, karim, jeanne = (people.members[who].id for who in ("odette", "karim", "jeanne"))

    async def ask(moment: datetime, **other):
        set_clock(monkeypatch, moment)
        return await put_up(people.members["odette"], "help", urgency="semaine", due_at=None, **other)

    await ask(NOON - 14 * DAY, need="garde")
    thanked = await ask(NOON - 14 * DAY)
    set_clock(monkeypatch, NOON - 14 * DAY + 2 * HOUR + timedelta(minutes=10))
    await Claim.take(thanked, karim)
    await life.finish(thanked, karim)
    await life.thank(thanked, odette, None)
    returned = await ask(NOON, title="Des couches pour Léo")
    for member, reads in ((karim, True), (jeanne, False)):
        await Claim.take(returned, member)
        if reads:
            await Viewing.note(returned, member)
        await Claim.hand_back(returned, member, "Malade")


@pytest.mark.parametrize(
    ("who", "status"),
    [("odette", 404), ("karim", 404), ("marguerite", 404), ("jeanne", 404), ("amelie", 200), ("stranger", 303)],
)
async def test_only_admins_see_the_figures(who, status):
    people = await everybody()
    assert (await people.browsers[who].get(PATH)).status_code == status


@pytest.mark.parametrize(("who", "shown"), [("jeanne", False), ("amelie", True)])
async def test_only_admins_find_the_link(who, shown):
    people = await everybody()
    for path in ("/moderation", "/moderation/journal"):
        assert (f'href="{PATH}"' in (await people.browsers[who].get(path)).text) is shown


async def test_an_empty_board_says_why_there_is_nothing():
    people = await everybody()
    await put_up(people.members["odette"], "tip")
    answer = await people.amelie.get(PATH)
    assert "Personne n’a demandé d’aide ces douze dernières semaines" in words(answer)
    assert "<table" not in answer.text and 'class="trace"' not in answer.text


async def test_the_figures_are_those_of_the_rows(monkeypatch):
    people = await everybody()
    await some_help(people, monkeypatch)
    answer = await people.amelie.get(PATH)
    assert table(answer.text, "semaines") == [
        ["2 mars", "1", "1"],
        ["9 mars", "aucune demande"],
        ["16 mars", "1"],
    ]
    assert table(answer.text, "delais") == [["2 mars", "2 h 10"], ["9 mars", "aucune demande"], ["16 mars", "1 min"]]
    assert table(answer.text, "besoins") == [["Garde", "1"], ["Courses", "1"]]
    assert table(answer.text, "rendues") == [["Karim Benali", "1", "1"], ["Jeanne Morel", "1"]]
    said = words(answer)
    assert "remerciées : 1" in said and "sans aide : 1" in said and "ouvertes : 1" in said
    assert "faites" not in said and "prises" not in said
    assert "en 1 h 05 pour une demande sur deux" in said


async def test_a_table_says_what_its_plot_draws(monkeypatch):
    people = await everybody()
    await some_help(people, monkeypatch)
    html = (await people.amelie.get(PATH)).text
    months = {"2 mars": "2/3", "9 mars": "9/3", "16 mars": "16/3"}
    for name in ("semaines", "delais", "besoins"):
        cells = [cell for row in table(html, name) for cell in row if cell != "aucune demande"]
        said = [text.replace("\u00a0", " ") for text in drawn(html, name)]
        assert [months.get(cell, cell) for cell in cells] == said
        assert section(html, name).count('scope="row"') == len(table(html, name))
        assert 'scope="col"' in section(html, name) and "<caption" in section(html, name)


async def test_nobody_reads_who_asked_nor_what(monkeypatch):
    people = await everybody()
    await some_help(people, monkeypatch)
    said = words(await people.amelie.get(PATH))
    assert not any(secret in said for secret in ("Odette", "Léo", "couches", "Malade", "Du pain"))


async def test_a_name_is_text(monkeypatch):
    people = await everybody()
    await Member.update({Member.name: '<b>Zoé</b> & "Co"'}).where(Member.id == people.members["karim"].id)
    await some_help(people, monkeypatch)
    html = (await people.amelie.get(PATH)).text
    assert "<b>Zoé" not in html and "&lt;b&gt;Zoé&lt;/b&gt; &amp; &#34;Co&#34;" in html


async def test_what_nobody_took_has_no_time(monkeypatch):
    people = await everybody()
    set_clock(monkeypatch, datetime(2026, 3, 17, 11, tzinfo=UTC))
    await put_up(people.members["odette"], "help")
    answer = await people.amelie.get(PATH)
    assert "Aucune demande n’a encore trouvé quelqu’un." in words(answer)
    assert section(answer.text, "rendues") == "" and "Une demande sur deux" not in answer.text


async def test_the_page_keeps_no_copy_and_no_style(monkeypatch):
    people = await everybody()
    await some_help(people, monkeypatch)
    answer = await people.amelie.get(PATH)
    assert "no-store" in answer.headers["cache-control"]
    assert " style=" not in answer.text and "<style" not in answer.text


async def test_in_english_the_times_are_english(monkeypatch):
    people = await everybody()
    await Member.update({Member.language: "en"}).where(Member.id == people.members["amelie"].id)
    await some_help(people, monkeypatch)
    html = (await people.amelie.get(PATH)).text
    assert table(html, "delais")[0] == ["2 Mar", "2 h 10 min"]


async def test_the_last_backups_and_the_last_drill_are_told():
    people = await everybody()
    said = words(await people.amelie.get(PATH))
    assert "Aucune sauvegarde encore" in said and "Personne ne s’est encore exercé" in said
    at = now() - timedelta(days=5)
    await SafetyRun.insert(SafetyRun(what=BACKUP, at=at, kilobytes=48_200))
    await SafetyRun.note(DRILL, now())
    answer = await people.amelie.get(PATH)
    said = words(answer)
    assert "C’est plus de trois jours" in said and "Le dernier exercice" in said and "réussi" in said
    assert table(answer.text, "derniere")[0][1:] == ["oui", "48 Mo"]
    await SafetyRun.note(BACKUP, now(), fault="plus de <b>place</b>")
    answer = await people.amelie.get(PATH)
    assert "La dernière n’a pas abouti." in words(answer)
    assert "plus de &lt;b&gt;place&lt;/b&gt;" in answer.text
    assert [row[1] for row in table(answer.text, "derniere")] == ["non", "oui"]
    await SafetyRun.note(BACKUP, now(), kilobytes=1)
    said = words(await people.amelie.get(PATH))
    assert "plus de trois jours" not in said and "n’a pas abouti" not in said


async def test_backups_that_stop_coming_are_told_once_a_week_and_lead_to_the_figures():
    people = await everybody()
    await upkeep.once()
    assert not await Notice.count()
    await SafetyRun.insert(SafetyRun(what=BACKUP, at=now() - timedelta(days=4)))
    await upkeep.once()
    await upkeep.once()
    assert [row["person"] for row in await Notice.select()] == [people.members["amelie"].id]
    assert 'href="/moderation/chiffres#sauvegarde"' in (await people.amelie.get("/nouvelles")).text


async def test_the_command_that_is_shown_makes_a_backup_as_it_is_typed():
    people = await everybody()
    html = (await people.amelie.get(PATH)).text
    commands = [unescape(one) for one in re.findall(r"<code>(.*?)</code>", html)]
    place, python, *arguments = next(shlex.split(one) for one in commands if " backup " in one)
    assert (place, python) == (f"PALIER_DATA={settings.data}", ".venv/bin/python")
    asked = parser().parse_args(arguments[2:])
    assert asked.command == "backup" and asked.file.is_dir() and not any("\u00a0" in one for one in commands)
    assert "Amélie Roche" in words(await people.amelie.get(PATH)) and "Jeanne Morel" not in html.split("Qui peut")[1]
