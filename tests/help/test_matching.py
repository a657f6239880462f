"""Who is asked, in which order and why; then what must hold whatever anybody ticks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.help.matching import DAY_WORDS, NEED_WORDS, fit, half_days, requests_for, sentence, who_to_ask
from server.help.volunteer import DAYS, MEANS, REACHES, SLOTS, Availability
from server.posts.kinds import NEEDS
from server.text.i18n import translations
from tests.support.makers import NOON

pytestmark = pytest.mark.one_engine

ASKER, KARIM, TAKER = UUID(int=1), UUID(int=2), UUID(int=3)
ME = Availability(KARIM, "rue des Lilas", needs=frozenset({"trajet"}), slots=frozenset({"mar-apres-midi"}))
POST = {
    "need": "trajet", "urgency": "semaine", "due_at": None, "street": "rue des Lilas", "building": None,
    "author": ASKER, "taker": None,
}  # fmt: skip
FRENCH = translations("fr").gettext


def why(volunteer=ME, now=NOON, **post) -> str | None:
    """The sentence that this volunteer reads, or None."""
    found = fit(volunteer, POST | post, now)
    return sentence(found, FRENCH).replace("\u00a0", " ") if found else None


def urgent(hours: float) -> dict:
    """An urgent request, due that many hours after noon on Tuesday."""
    return {"urgency": "urgent", "due_at": NOON + timedelta(hours=hours)}


def test_the_reason_is_what_one_said_oneself():
    assert why() == "Même rue, libre le mardi"
    assert why(street="place du Marché") == "Vous avez dit : trajets, le mardi"
    assert why(replace(ME, slots=frozenset())) == "Vous avez dit : trajets"
    assert why(replace(ME, means=frozenset({"car"}))) == "Même rue, libre le mardi, en voiture"
    cart = replace(ME, needs=frozenset({"courses"}), means=frozenset({"cart", "car"}))
    assert why(cart, need="courses") == "Même rue, libre le mardi, avec votre chariot"
    assert why(cart, need="trajet") is None


def test_the_reason_is_said_in_english_too():
    found = fit(ME, POST, NOON)
    assert sentence(found, translations("en").gettext) == "Same street, free on Tuesdays"


def test_every_need_and_every_day_has_its_word():
    assert list(NEED_WORDS) == [choice.value for choice in NEEDS]
    assert list(DAY_WORDS) == list(DAYS)


@pytest.mark.parametrize(
    ("post", "left"),
    [
        (urgent(2), ["mar-apres-midi"]),
        (urgent(6), ["mar-apres-midi"]),
        (urgent(8), ["mar-apres-midi", "mar-soir"]),
        (urgent(21), ["mar-apres-midi", "mar-soir", "mer-matin"]),
        (urgent(-1), ["mar-apres-midi"]),
        (urgent(-30), ["mar-apres-midi"]),
    ],
)
def test_what_is_left_of_the_days_until_the_hour(post, left):
    # NOON is twelve in Paris: the morning is over.
    assert half_days(POST | post, NOON) == left


def test_a_week_holds_every_half_day_and_begins_now():
    for urgency in ("semaine", "sans-hate"):
        left = half_days(POST | {"urgency": urgency}, NOON)
        assert sorted(left) == sorted(SLOTS) and left[0] == "mar-apres-midi"


def test_an_urgent_request_waits_for_nobody_who_is_not_free():
    assert why(**urgent(2)) == "Même rue, libre le mardi"
    assert why(replace(ME, slots=frozenset({"mar-matin", "mer-soir"})), **urgent(20)) is None


def test_how_far_somebody_goes():
    away = {"street": "place du Marché"}
    building, street = replace(ME, reach="building", building="b"), replace(ME, reach="street", building="b")
    assert why(street, **away) is None and why(building, **away) is None
    assert why(street) == "Même rue, libre le mardi" and why(building) is None
    # The building is said as the street, wherever the request was written.
    assert why(building, building="b") == why(street, building="b") == "Même rue, libre le mardi"
    assert why(replace(building, building=None)) is None
    assert why(building, building="c") is None


def test_the_nearest_come_first():
    def one(number: int, **changes) -> Availability:
        return replace(ME, member=UUID(int=number), **changes)

    every = frozenset(SLOTS)
    people = [
        one(10, street="place du Marché"),
        one(11, slots=every, means=frozenset(MEANS)),
        one(12, building="b", slots=frozenset()),
        one(13, street="place du Marché", slots=frozenset()),
        one(14),
        one(15, needs=frozenset({"garde"})),
        one(16, paused_until=NOON + timedelta(days=1)),
    ]
    asked = who_to_ask(people, POST | {"building": "b"}, NOON)
    assert [volunteer.member.int for volunteer in asked] == [12, 11, 14, 10, 13]


def test_a_pause_ends_by_itself():
    resting = replace(ME, paused_until=NOON)
    assert fit(resting, POST, NOON - timedelta(seconds=1)) is None
    assert fit(resting, POST, NOON) is not None


def test_urgent_requests_come_first_then_the_best_fit():
    far, near = POST | {"street": "place du Marché"}, dict(POST)
    hurried = far | urgent(2)
    found = requests_for(ME, [far, near, hurried, POST | {"need": "garde"}], NOON)
    assert [post for post, _ in found] == [hurried, near, far]


STREETS = ("rue des Lilas", "place du Marché")
BUILDINGS = (None, "b", "c")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
VOLUNTEERS = st.builds(
    Availability,
    member=st.integers(1, 9).map(lambda number: UUID(int=number)),
    street=st.sampled_from(STREETS),
    needs=st.frozensets(st.sampled_from(list(NEED_WORDS))),
    slots=st.frozensets(st.sampled_from(SLOTS)),
    reach=st.sampled_from(REACHES),
    means=st.frozensets(st.sampled_from(MEANS)),
    building=st.sampled_from(BUILDINGS),
    paused_until=st.none() | MOMENTS,
)
POSTS = st.fixed_dictionaries(
    {
        "need": st.sampled_from(list(NEED_WORDS)),
        "urgency": st.sampled_from(("urgent", "semaine", "sans-hate")),
        "due_at": st.none() | MOMENTS,
        "street": st.sampled_from(STREETS),
        "building": st.sampled_from(BUILDINGS),
        "author": st.just(ASKER),
        "taker": st.none() | st.just(TAKER),
    }
)
NOWS = MOMENTS


@given(st.lists(VOLUNTEERS, max_size=8), POSTS, NOWS)
def test_nobody_is_asked_who_asked_took_or_rests(volunteers, post, now):
    asked = who_to_ask(volunteers, post, now)
    assert not [one for one in asked if one.member in (ASKER, post["taker"])]
    assert not [one for one in asked if one.paused_until and one.paused_until > now]
    assert all(post["need"] in one.needs for one in asked)


@given(st.lists(VOLUNTEERS, max_size=8, unique_by=lambda one: one.member), POSTS, NOWS, st.randoms())
def test_the_order_depends_on_the_people_not_on_how_they_come(volunteers, post, now, chance):
    shuffled = list(volunteers)
    chance.shuffle(shuffled)
    assert who_to_ask(shuffled, post, now) == who_to_ask(volunteers, post, now)


@given(VOLUNTEERS, POSTS, NOWS, st.sampled_from(SLOTS))
def test_one_more_half_day_never_lowers_the_score(volunteer, post, now, slot):
    # The first half-day that is named is a restriction; this is about those that follow.
    if volunteer.slots and (before := fit(volunteer, post, now)):
        after = fit(replace(volunteer, slots=volunteer.slots | {slot}), post, now)
        assert after is not None and after.score >= before.score


@given(VOLUNTEERS, VOLUNTEERS, POSTS, NOWS)
def test_a_building_always_outranks_a_street(one, other, post, now):
    post = post | {"building": "b"}
    near, far = fit(replace(one, building="b"), post, now), fit(replace(other, building=None), post, now)
    if near and far:
        assert near.score > far.score


@given(VOLUNTEERS, POSTS, NOWS)
def test_no_reason_tells_the_building_or_more_than_the_street(volunteer, post, now):
    near = replace(volunteer, street="rue des Lilas", reach="street")
    post = post | {"street": "rue des Lilas", "building": "b"}
    same, neighbour = fit(replace(near, building="b"), post, now), fit(replace(near, building="c"), post, now)
    assert (same and same.reasons) == (neighbour and neighbour.reasons)
