"""Nothing that reads text takes ever longer the more there is of it, and no address stops the board."""

import inspect

import pytest

from bench import patterns
from server.help import private_form
from server.posts import forms
from server.text import characters, phones, private_words
from tests.support.people import everybody

pytestmark = [pytest.mark.one_engine, pytest.mark.long]


def test_no_pattern_and_no_reader_of_typed_text_grows_faster_than_its_input():
    grown = {name: patterns.growth(read, own) for name, (read, own) in patterns.everything().items()}
    assert {name: worst for name, worst in grown.items() if worst[0] > patterns.MAX_GROWTH} == {}


def test_the_test_sees_a_pattern_that_does(monkeypatch):
    monkeypatch.setattr(patterns, "UNITS", ("/a",))
    ratio, _, _ = patterns.growth(lambda text: patterns.re.search(r"(/[^\s?]*\?)x", text))
    assert ratio > patterns.MAX_GROWTH


@pytest.mark.parametrize(
    "module", [private_form, forms, phones, private_words, characters], ids=lambda module: module.__name__
)
def test_every_reader_of_typed_text_is_among_those_tried(module):
    public = {
        name
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    }
    tried = {
        name.split(".")[1].split("(")[0] for name in patterns.readers() if module.__name__.endswith(name.split(".")[0])
    }
    assert public - tried - {"asked", "collect", "limit_of", "read_lines", "grouped"} == set()


@pytest.mark.parametrize("target", ["/" + "x/" * 1_100, "/?" + "a=1&" * 600, "/avis/" + "1" * 2_000])
async def test_an_address_longer_than_any_of_ours_is_refused_with_a_page(target):
    people = await everybody()
    answer = await people.odette.get(target)
    assert answer.status_code == 414 and "Cette adresse est trop longue" in answer.text


async def test_words_typed_under_another_kind_are_no_long_address():
    people = await everybody()
    body = "Un mot d’été. " * 60
    answer = await people.odette.get("/ecrire/bon-plan", params={"body": body})
    assert answer.status_code == 200 and body.strip() in answer.text
