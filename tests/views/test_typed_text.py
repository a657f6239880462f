"""What one types, as it is taken and shown: numbers that are none, several faults at once, addresses as links."""

import re

import pytest

from server.base.database import execute, query
from server.help import private_form
from server.posts import forms
from server.text import links, phones, private_words
from tests.support.forms import GOOD
from tests.support.help_forms import ASK, ASKED, form_of
from tests.support.makers import put_up
from tests.support.people import everybody, words

pytestmark = pytest.mark.one_engine

DRAW = "Le loto de samedi : 05 12 23 34 45"
TIP = "/ecrire/bon-plan"


async def test_an_author_says_once_that_it_is_not_a_number():
    people = await everybody()
    form = GOOD["tip"] | {"cle": "une-cle-de-formulaire-0101", "body": DRAW}
    refused = await people.odette.post(TIP, form)
    assert refused.status_code == 422 and "Ce n’est pas un numéro de téléphone" in words(refused)
    # Another fault meanwhile: what was said stays said.
    again = await people.odette.post(TIP, form_of(refused, "composeur") | {"pas_un_numero": "oui", "title": ""})
    assert again.status_code == 422 and form_of(again, "composeur")["pas_un_numero"] == "oui"
    assert private_words.PHONE not in words(again)
    sent = await people.odette.post(TIP, form_of(again, "composeur") | {"title": "Le loto"})
    assert sent.status_code == 303
    page = await people.odette.get(sent.headers["location"] + "/modifier")
    # Corrected later, it is not asked for again; a number that was not there is.
    kept = form_of(page, "composeur")
    assert (await people.odette.post(sent.headers["location"] + "/modifier", kept)).status_code == 303
    page = await people.odette.get(sent.headers["location"] + "/modifier")
    more = form_of(page, "composeur") | {"body": f"{DRAW}, ou 06 39 98 41 12"}
    assert (await people.odette.post(sent.headers["location"] + "/modifier", more)).status_code == 422


@pytest.mark.parametrize("body", ["Écrivez à odette@exemple.fr", "le code est B4071"])
async def test_only_of_a_number_one_can_say_so(body):
    people = await everybody()
    form = GOOD["encouragement"] | {"cle": "une-cle-de-formulaire-0102", "body": body, "pas_un_numero": "oui"}
    refused = await people.odette.post("/ecrire/mot-gentil", form)
    assert refused.status_code == 422 and "Ce n’est pas un numéro" not in words(refused)


async def test_a_reply_may_hold_a_draw_and_says_so():
    people = await everybody()
    post = await put_up(people.members["karim"], title="Loto")
    form = {"cle": "une-cle-de-formulaire-0103", "reponse": DRAW}
    assert (await people.odette.post(f"/avis/{post}/reponses", form)).status_code == 422
    assert (await people.odette.post(f"/avis/{post}/reponses", form | {"pas_un_numero": "oui"})).status_code == 303


async def test_every_fault_of_a_field_and_of_a_form_is_said_at_once():
    people = await everybody()
    form = GOOD["tip"] | {
        "cle": "une-cle-de-formulaire-0104",
        "body": "06 39 98 41 12 ou odette@exemple.fr, code B4071",
    }
    said = words(await people.odette.post(TIP, form))
    assert private_words.PHONE in said and private_words.EMAIL in said and private_words.DOOR_CODE in said
    bare = ASKED | {"address": "", "phone": "", "ceiling": "beaucoup"}
    said = words(await people.odette.post(ASK, bare))
    assert private_form.NOT_MONEY in said and private_form.NO_WAY_THERE in said


async def test_what_is_moved_behind_the_door_leaves_the_other_faults_said():
    people = await everybody()
    form = ASKED | {"title": "", "body": "Appelez le 06 39 98 41 12", "phone": "", "ranger": "oui"}
    moved = await people.odette.post(ASK, form)
    assert form_of(moved, "composeur")["phone"] == "06 39 98 41 12"
    assert "Il manque" in words(moved) or "Dites" in words(moved)
    assert await query("SELECT 1 FROM post") == []


@pytest.mark.parametrize(
    ("body", "where", "detail"),
    [
        ("Venez le 05/12/2026 14h, au 06 39 98 41 12", "phone", "06 39 98 41 12"),
        ("J’habite 52 rue de Gerland pour mes courses", "address", "52 rue de Gerland"),
        ("J’habite 52 bis rue de Gerland avant midi", "address", "52 bis rue de Gerland"),
        ("06 39 98 41 12 et 07 39 98 41 13", "phone", "06 39 98 41 12"),
    ],
)
def test_each_detail_goes_into_the_field_that_is_its_own(body, where, detail):
    moved = private_form.move({"body": body, "title": "Du pain", "phone": "", "note": ""})
    assert moved[where] == detail
    assert detail not in moved["body"] and "05/12/2026" not in moved.get("phone", "")


async def test_addresses_are_links_that_vouch_for_nothing():
    people = await everybody()
    body = "Les horaires : https://exemple.fr/marche. Et http://аpple.com"
    post = await put_up(people.members["karim"], title="Marché", body=body)
    form = {"cle": "une-cle-de-formulaire-0105", "reponse": "Aussi sur www.exemple.fr, merci"}
    await people.odette.post(f"/avis/{post}/reponses", form)
    page = (await people.odette.get(f"/avis/{post}")).text
    assert (
        '<a class="lien" rel="noopener nofollow ugc" href="https://exemple.fr/marche">https://exemple.fr/marche</a>.'
        in page
    )
    assert "http://аpple.com</a> (xn--pple-43d.com)" in page
    assert 'href="http://www.exemple.fr">www.exemple.fr</a>, merci' in page


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "http://a@evil.example/",
        "//evil.fr",
        "ftp://x.fr",
        "pain.Je viens",
        "data:text/html,x",
        "http://localhost/",
    ],
)
def test_what_is_no_public_address_stays_text(text):
    assert "<a" not in links.linked(text)


def test_a_link_escapes_what_is_around_it():
    made = str(links.linked('<b>"https://exemple.fr/a"</b><script>'))
    assert "<b>" not in made and "<script>" not in made and made.count("<a ") == 1


@pytest.mark.parametrize(
    "typed", ["odette@exemple", "a@@exemple.fr", "odette@exemple..fr", "é@", "@exemple.fr", "x" * 70 + "@exemple.fr"]
)
def test_an_email_that_cannot_be_one_is_refused(typed):
    with pytest.raises(forms.Wrong):
        forms.contact(typed)


def test_a_contact_is_a_number_or_an_email():
    assert forms.contact(" Odette@Exemple.FR ") == (None, "Odette@exemple.fr")
    assert forms.contact("+33 (0)4 78 12 34 56") == ("+33 (0)4 78 12 34 56", None)
    for wrong in ("115", "0639", "poste 12", "04 78 12 34 56 / 06 12 34 56 78"):
        with pytest.raises(forms.Wrong):
            forms.contact(wrong)


@pytest.mark.parametrize("body", ["Il me faut une ½ place de cinéma", "² rue de Gerland", "au ①② rue de Gerland", "½"])
async def test_signs_that_only_look_like_numbers_do_not_break_a_form(body):
    people = await everybody()
    moved = await people.odette.post(ASK, ASKED | {"body": body, "ranger": "oui"})
    assert moved.status_code == 200
    assert "place de cinéma" in form_of(moved, "composeur")["body"] or "cinéma" not in body


def test_in_a_field_for_a_number_any_grouping_will_do():
    for typed, dialled in (
        ("0 800 05 95 95", "tel:+33800059595"),
        ("0 805 123 456", "tel:+33805123456"),
        ("0 892 70 05 05", "tel:+33892700505"),
        ("0 478 00 00 00", "tel:+33478000000"),
    ):
        assert forms.contact(typed) == (typed, None)
        assert [part.href for part in phones.parts(typed)] == [dialled]
    assert [part.href for part in phones.parts("15 ou 112")] == ["tel:15", "", "tel:112"]
    assert [part.href for part in phones.parts("3631 ou 06 12 34 56 78")] == ["tel:3631", "", "tel:+33612345678"]
    assert [part.href for part in phones.parts("04 78 12 34 56 poste 12")] == ["tel:+33478123456", ""]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_what_one_copies_holds_no_sign_that_cannot_be_seen(language):
    people = await everybody()
    people.amelie.http.headers["Accept-Language"] = language
    await execute("UPDATE member SET name = 'Anticonstitutionnellement'")
    await people.amelie.post("/invitations", {"cle": "une-cle-de-formulaire-0110", "personnes": "1", "jours": "7"})
    long = ASKED | {"relu": "oui", "address": "77 rue Anticonstitutionnellement", "floor": "Anticonstitutionnellement"}
    asked = (await people.amelie.post(ASK, long)).headers["location"]
    other_screen = await people.amelie.post("/chez-moi/autre-ecran")
    pages = [await people.amelie.get(f"/{path}") for path in ("invitations", "chez-moi/carte", "installer/iphone")]
    door = (await people.amelie.get(asked)).text.split('id="porte"')[1].split("</section>")[0]
    assert "77 rue Anticonstitutionnellement" in door
    for text in (door, other_screen.text, *(page.text for page in pages)):
        assert not {"\u200b", "\u00ad", "\u2060", "\ufeff"} & set(re.sub("<h1.*?</h1>", "", text))
    address = re.search("<b>(https://palier.test/.*?)</b>", pages[0].text)[1].replace("<wbr>", "")
    assert "<wbr>" in pages[0].text and (await people.stranger.get(address)).status_code == 200


async def test_the_hours_of_who_answers_are_in_the_language_of_the_page():
    people = await everybody()
    people.odette.http.headers["Accept-Language"] = "en"
    await execute("UPDATE quartier SET contact_hours = 'de 9 h à 19 h', version = 2")
    for path in ("/", "/installer/iphone"):
        said = words(await people.odette.get(path))
        assert "from 9 am to 7 pm" in said and "à 19 h" not in said


async def test_what_is_checked_is_shown_as_it_will_be_read_and_nothing_that_is_empty():
    people = await everybody()
    bare = ASKED | {"phone": "0465712008", "floor": "", "note": "", "body": "", "ceiling": "20"}
    said = words(await people.odette.post(ASK, bare))
    assert "04 65 71 20 08" in said and "Étage" not in said and "rien" not in said.split("Rien n’est")[1]
    post = (await people.odette.post(ASK, bare | {"relu": "oui"})).headers["location"]
    assert form_of(await people.odette.get(f"{post}/modifier"), "composeur")["ceiling"] == "20"
    await people.odette.post("/chez-moi/nom", {"nom": "Odette", "rue": "rue des Lilas", "joindre": "0465712008"})
    assert 'value="04 65 71 20 08"' in (await people.odette.get("/chez-moi")).text
