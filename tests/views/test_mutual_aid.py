"""Entraide: the page of a volunteer, its form, its pause, and what nobody may learn from it."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from server.base.columns import now
from server.help.volunteer import SLOTS, Volunteer, building_digest
from server.people.member import Member
from server.posts.post import Post
from server.views.help.mutual_aid import counted, first_name
from tests.support.makers import NOON, neighbour, put_up, set_clock
from tests.support.people import PEOPLE, Neighbours, everybody, words
from tests.support.routes import HANDLERS

pytestmark = pytest.mark.one_engine

FORM = {"besoin-courses": "oui", "quand-mar-apres-midi": "oui", "portee": "quartier", "montre": "nobody"}
HURRIED = {"need": "courses", "urgency": "semaine", "due_at": None}


def middle(response) -> str:
    """What the page itself says, without the frame of the house."""
    return words(SimpleNamespace(text=response.text.split("<main")[1].split("</main>")[0]))


async def keep(people: Neighbours, who: str = "karim", **other: str):
    """Send the form of this neighbour; "-" in a name is written "_" here."""
    form = FORM | {name.replace("_", "-"): value for name, value in other.items()}
    return await getattr(people, who).post("/entraide/disponibilites", form)


async def take(post, taker: Member, **columns) -> None:
    """Let this member have taken the request."""
    state = {"state": "taken", "taker": taker.id, "taken_at": now()} | columns
    await Post.update(state, force=True).where(Post.id == post)


async def test_from_nothing_ticked_to_a_request_that_fits(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    post = await put_up(people.members["odette"], "help", title="Du pain frais", place="rue des Lilas", **HURRIED)
    first = await people.karim.get("/entraide")
    assert "Bonjour, Karim Entre voisins, on s’entraide : dites ce que vous faites volontiers." in words(first)
    assert 'href="#disponibilites"' in first.text and "Du pain frais" not in words(first)
    assert (await keep(people)).headers["location"] == "/entraide"
    page = await people.karim.get("/entraide")
    assert "C’est gardé" in words(page) and "Une demande faite pour vous." in words(page)
    assert "Dans la semaine Du pain frais rue des Lilas Même rue, libre le mardi" in words(page)
    assert f'action="/avis/{post}/prise"' in page.text and "Je m’en occupe" in words(page)
    assert "Odette" not in words(page)
    # One's own requests are not proposed, and stand in their own place.
    own = words(await people.odette.get("/entraide"))
    assert "Ce que j’ai demandé Du pain frais Personne encore" in own and "même rue" not in own.lower()


async def test_why_the_list_is_empty():
    people = await everybody()
    await keep(people, besoin_courses="", besoin_garde="oui")
    assert "Toutes les demandes ont trouvé quelqu’un" in words(await people.karim.get("/entraide"))
    await put_up(people.members["odette"], "help", **HURRIED)
    page = await people.karim.get("/entraide")
    assert "Rien pour vous en ce moment" in words(page) and 'href="/?genre=demande-d-aide"' in page.text


async def test_what_is_promised_and_done_is_said_without_a_zero(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    karim, odette = people.members["karim"], people.members["odette"]
    post = await put_up(odette, "help", title="Mes ampoules")
    await take(post, karim, lease_until=NOON + timedelta(hours=26))
    page = await people.karim.get("/entraide")
    assert "Une course en cours." in words(page) and not re.search(r"\b0\b(?! h)", middle(page))
    assert "avant 15 h, cet après-midi Mes ampoules À vous jusqu’à 14 h, demain" in words(page)
    assert f'href="/avis/{post}"' in page.text and f'action="/avis/{post}/fait"' in page.text
    assert "Mes ampoules Karim Benali s’en occupe" in words(await people.odette.get("/entraide"))
    await Post.update({Post.state: "thanked", Post.done_at: NOON, Post.thanked_words: "Que la lumière soit"},
                      force=True).where(Post.id == post)  # fmt: skip
    page = words(await people.karim.get("/entraide"))
    assert "Ce que vous avez fait Mes ampoules mardi 17 mars, « Que la lumière soit »" in page
    assert "Ce que j’ai promis" not in page


async def test_no_more_than_ten_requests_and_the_urgent_one_first(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    for number in range(12):
        await put_up(people.members["odette"], "help", title=f"Course {number}", **HURRIED)
    await put_up(people.members["amelie"], "help", title="Tout de suite", need="courses")
    await keep(people)
    page = await people.karim.get("/entraide")
    assert page.text.count("/prise") == 10 and "Dix demandes faites pour vous" in words(page)
    assert page.text.index("Tout de suite") < page.text.index("Course 11")


async def test_a_newcomer_proposes_until_somebody_vouches():
    people = await everybody()
    await put_up(people.members["odette"], "help", **HURRIED)
    await keep(people, "marguerite", quand_mar_apres_midi="")
    page = words(await people.marguerite.get("/entraide"))
    assert (
        "la personne, ou un admin, l’accepte" in page
        and "Proposer de m’en occuper" in page
        and "Je m’en occupe" not in page
    )
    assert "Proposer de m’en occuper" not in words(await people.karim.get("/entraide"))


async def test_the_form_comes_back_as_it_was_kept():
    people = await everybody()
    ticked = {f"quand-{slot}": "oui" for slot in SLOTS[::2]} | {"besoin-garde": "oui", "moyen-car": "oui"}
    await people.karim.post("/entraide/disponibilites", {**ticked, "portee": "street", "montre": "badge"})
    page = (await people.karim.get("/entraide")).text
    checked = set(re.findall(r'name="([\w-]+)" value="\w+" checked', page))
    assert checked - {"taille"} == {*ticked, "portee", "montre"}
    for name, value in (("portee", "street"), ("montre", "badge")):
        assert f'name="{name}" value="{value}" checked' in page


async def test_every_box_of_the_table_has_a_name_to_hear():
    people = await everybody()
    page = (await people.karim.get("/entraide")).text
    labels = re.findall(r'type="checkbox" name="quand-[\w-]+"[^>]*><span class="lu">([^<]+)</span>', page)
    assert len(set(labels)) == 21 and labels[2] == "Lundi soir" and labels[4] == "Mardi après-midi"
    assert page.count('<th scope="row">') == 7 and page.count('<th scope="col">') == 4
    english = (await people.karim.get("/entraide", headers={"Accept-Language": "en"})).text
    assert "Monday evening" in english


async def test_a_pause_and_the_way_back(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    await put_up(people.members["odette"], "help", **HURRIED)
    assert 'action="/entraide/pause"' not in (await people.karim.get("/entraide")).text
    await keep(people)
    assert (await people.karim.post("/entraide/pause", {"duree": "2"})).headers["location"] == "/entraide"
    page = await people.karim.get("/entraide")
    assert "On ne vous demande rien jusqu’au mardi 31 mars" in words(page) and "/prise" not in page.text
    await people.karim.post("/entraide/pause", {"duree": "jour", "jour": "2026-04-02"})
    assert "jusqu’au jeudi 2 avril" in words(await people.karim.get("/entraide"))
    await people.karim.post("/entraide/reprise")
    page = await people.karim.get("/entraide")
    assert "Vous êtes de retour" in words(page) and "/prise" in page.text
    await people.karim.post("/entraide/reprise")
    assert await Volunteer.count() == 1


PAUSES = [
    ({"duree": "jour", "jour": "2026-03-16"}, "Ce moment est déjà passé"),
    ({"duree": "jour", "jour": "2036-03-16"}, "C’est trop loin"),
    ({"duree": "jour", "jour": "2026-02-30"}, "Ce jour n’existe pas"),
    ({"duree": "jour", "jour": "x" * 5000}, "Ce jour n’existe pas"),
    ({"duree": "jour"}, "Ce jour n’existe pas"),
    ({"duree": "3"}, "Choisissez une des réponses proposées"),
    ({"duree": "-1"}, "Choisissez une des réponses proposées"),
    ({}, "Choisissez une des réponses proposées"),
]


@pytest.mark.parametrize(("form", "said"), PAUSES, ids=range(len(PAUSES)))
async def test_a_pause_that_cannot_be_is_refused_and_nothing_is_lost(form, said, monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    await keep(people)
    refused = await people.karim.post("/entraide/pause", form)
    assert refused.status_code == 422 and said in words(refused)
    # What was kept before still stands in the other form.
    assert 'name="besoin-courses" value="oui" checked' in refused.text
    assert not (await Volunteer.of(people.members["karim"].id)).paused(NOON)


SPOILT = [
    ({"portee": "galaxie"}, "Choisissez une des réponses proposées"),
    ({"portee": ""}, "Choisissez une des réponses proposées"),
    ({"montre": "tout"}, "Choisissez une des réponses proposées"),
    ({"portee": "building"}, "Écrivez le numéro de votre immeuble"),
    ({"portee": "building", "numero": "la porte verte"}, "comme sur la porte"),
    ({"portee": "building", "numero": "9" * 5000}, "comme sur la porte"),
    ({"portee": "building", "numero": "3", "oublier": "oui", "montre": "x" * 5000}, "Choisissez une des réponses"),
]


@pytest.mark.parametrize(("form", "said"), SPOILT, ids=range(len(SPOILT)))
async def test_a_spoilt_form_is_refused_with_a_sentence_and_kept_on_screen(form, said):
    people = await everybody()
    refused = await people.karim.post("/entraide/disponibilites", FORM | form)
    assert refused.status_code == 422 and said in words(refused)
    assert 'name="besoin-courses" value="oui" checked' in refused.text
    assert await Volunteer.count() == 0


async def test_what_is_not_on_our_list_is_left_out():
    people = await everybody()
    answer = await keep(people, besoin_or="oui", quand_mar_nuit="oui", moyen_avion="oui", membre="x", numero="7")
    assert answer.status_code == 303
    mine = await Volunteer.of(people.members["karim"].id)
    assert (mine.needs, mine.slots, mine.means) == ({"courses"}, {"mar-apres-midi"}, set())
    # A number that was typed before another reach was chosen is not kept.
    assert mine.building is None
    nul = await people.karim.post("/entraide/disponibilites", FORM | {"numero": "1\0"})
    assert nul.status_code == 400
    huge = await people.karim.post("/entraide/disponibilites", FORM | {f"besoin-{n}": "oui" for n in range(200)})
    assert huge.status_code == 400


async def test_twice_is_once_and_another_one_s_id_means_nothing():
    people = await everybody()
    odette = people.members["odette"]
    for _ in range(2):
        assert (await keep(people, member=str(odette.id), id=str(odette.id))).status_code == 303
    assert await Volunteer.count() == 1 and await Volunteer.of(odette.id) is None


async def test_the_building_is_asked_kept_never_shown_and_changes_once(monkeypatch):
    set_clock(monkeypatch, NOON)
    people = await everybody()
    karim = people.members["karim"]
    assert (await keep(people, portee="building", numero="1742 bis")).status_code == 303
    digest = building_digest(karim.street, "1742bis")
    assert (await Volunteer.of(karim.id)).building == digest
    page = await people.karim.get("/entraide")
    assert "1742" not in page.text and digest not in page.text
    assert "Le numéro de votre immeuble est gardé" in words(page) and "à partir du jeudi 16 avril" in words(page)
    assert 'name="numero"' not in page.text
    # Leaving the number out keeps it; another one has to wait, but what else was ticked is kept.
    assert (await keep(people, portee="building")).status_code == 303
    refused = await keep(people, portee="building", numero="4", montre="badge")
    assert refused.status_code == 422 and "attendez trente jours" in words(refused)
    mine = await Volunteer.of(karim.id)
    assert (mine.building, mine.shown) == (digest, "badge")
    assert (await keep(people, oublier="oui")).status_code == 303
    assert (await Volunteer.of(karim.id)).building is None
    assert (await keep(people, portee="building", numero="1742 bis")).status_code == 422
    set_clock(monkeypatch, NOON + timedelta(days=30))
    assert (await keep(people, portee="building", numero="4")).status_code == 303


async def test_a_request_of_one_s_building_says_the_street_and_comes_first():
    people = await everybody()
    digest = building_digest("rue des Lilas", "3")
    await keep(people, portee="building", numero="3")
    await keep(people, portee="quartier", quand_mar_apres_midi="")
    near = await put_up(people.members["odette"], "help", title="Au troisième", **HURRIED)
    await Post.update({Post.building: digest}, force=True).where(Post.id == near)
    await put_up(people.members["amelie"], "help", title="À côté", **HURRIED)
    page = await people.karim.get("/entraide")
    assert page.text.index("Au troisième") < page.text.index("À côté")
    assert digest not in page.text and "immeuble" not in words(page).split("Mes disponibilités")[0]


async def test_the_neighbour_page_shows_what_its_owner_chose():
    people = await everybody()
    karim = people.members["karim"]
    for shown, seen in (("nobody", ()), ("badge", ("Bénévole",)), ("needs", ("Bénévole", "Courses"))):
        await keep(people, montre=shown)
        for who in ("odette", "marguerite", "amelie"):
            page = middle(await getattr(people, who).get(f"/voisins/{karim.id}"))
            assert [word for word in ("Bénévole", "Courses") if word in page] == list(seen), (shown, who)
            assert not re.search(r"après-midi|pause|tout le quartier|immeuble", page)


async def test_nobody_gets_a_list_of_those_who_help_or_ask():
    """Every page that has a fixed address, and the page of a volunteer, as each role and after each POST."""
    people = await everybody()
    helper = await neighbour("Zoé Secrète")
    digest = building_digest("rue des Lilas", "3")
    await Volunteer.keep(helper.id, needs={"garde"}, slots={"lun-soir"}, reach="building", means={"car"},
                         shown="nobody", building=digest)  # fmt: skip
    asked = await put_up(people.members["odette"], "help", title="Du pain", **HURRIED)
    await Post.update({Post.building: digest}, force=True).where(Post.id == asked)
    # The door lists newcomers and the log names people, whoever they are: Zoé is in neither.
    paths = [path for handler, path in HANDLERS.values() if "GET" in handler.http_methods]
    paths += [f"/avis/{asked}", f"/avis/{asked}?liste=1", "/entraide?membre=" + str(helper.id)]
    assert "/entraide" in paths
    for who in PEOPLE:
        browser = getattr(people, who)
        answers = [await browser.get(path) for path in paths]
        answers += [await browser.fragment("/entraide"), await keep(people, who)]
        answers += [await browser.post(f"/entraide/{path}", {"duree": "1"}) for path in ("pause", "reprise")]
        answers += [await browser.post("/entraide/disponibilites", {}), await browser.get("/entraide")]
        for answer in answers:
            assert "Zoé" not in answer.text and str(helper.id) not in answer.text, (who, answer.url)
            assert digest not in answer.text, (who, answer.url)
        alone = middle(await browser.get(f"/voisins/{helper.id}"))
        assert "Zoé" in alone and not [word for word in ("Bénévole", "Garde", "Lundi", "immeuble") if word in alone]
        # Those who ask are not named on the page either.
        if who != "odette":
            assert "Odette" not in words(await browser.get("/entraide"))


async def test_the_way_there_is_in_the_navigation():
    people = await everybody()
    page = (await people.karim.get("/entraide")).text
    assert re.search(r'<a href="/entraide" aria-current="page">', page)
    places = [page.index(f'<a href="{path}"') for path in ("/ecrire", "/entraide", "/chez-moi")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Karim Benali", "Karim"), ("Odette", "Odette"), ("Mme Santoni", "Mme Santoni"), ("M. Perrin", "M. Perrin"),
        ("Paul et Lucie Garnier", "Paul et Lucie"), ("Famille Ben Salem", "Famille Ben Salem"), ("Kevin R.", "Kevin"),
        ("Jo et", "Jo"),
    ],
)  # fmt: skip
def test_how_one_is_greeted(name, greeted):
    assert first_name(name) == greeted


def test_counts_are_said_in_words():
    assert counted(1, 2, 1, "calm", "fr") == "Une course en cours, deux demandes faites pour vous."
    assert counted(11, 0, 0, "calm", "fr") == "11 courses en cours."
    assert counted(0, 1, 0, "calm", "en") == "One request that suits you."
    assert counted(0, 0, 1, "unsaid", "fr") == "Votre demande suit son cours."
    assert counted(0, 0, 0, "paused", "fr") == "Vous êtes en pause."
