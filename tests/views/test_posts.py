"""Posts on their own page: writing, checking, correcting, withdrawing, gestures, songs, replies."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from server.base.columns import now
from server.base.database import execute
from server.base.ids import uuid7
from server.posts.kinds import BY_PATH, KINDS, MARKS
from server.posts.post import Post
from server.posts.reaction import Mark
from server.posts.track import Track
from server.talk.reply import Reply
from server.text.i18n import today
from tests.support.forms import GOOD
from tests.support.makers import NOON, put_up, set_clock
from tests.support.people import everybody, form_key, words

KEY = "une-cle-de-formulaire-0001"


async def write(browser, slug: str, key: str = KEY, **changes: str):
    """Send the composer of a kind, checked where it asks for that."""
    kind = next(kind for kind in KINDS if kind.slug == slug)
    form = GOOD[slug] | {"cle": key, "relu": "oui" if kind.checked else ""} | changes
    return await browser.post(f"/ecrire/{kind.path}", form)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
async def test_every_kind_is_written_read_and_seen_by_others(kind):
    people = await everybody()
    assert f'action="/ecrire/{kind.path}"' in (await people.odette.get(f"/ecrire/{kind.path}")).text
    sent = await write(people.odette, kind.slug)
    assert sent.status_code == 303
    page = await people.karim.get(sent.headers["location"])
    said = GOOD[kind.slug].get("title") or GOOD[kind.slug]["body"]
    assert said in words(page)
    assert said in words(await people.karim.get("/"))
    assert said in words(await people.karim.get(f"/?genre={kind.path}"))


async def test_a_request_for_help_is_read_again_before_it_is_shown():
    people = await everybody()
    checked = await write(people.odette, "help", relu="")
    assert checked.status_code == 200
    assert "Tout est bien ça" in words(checked) and "Du pain" in words(checked)
    assert "Du pain" not in words(await people.karim.get("/"))
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', checked.text))
    again = await people.odette.post("/ecrire/demande-d-aide", carried | {"corriger": "title"})
    assert re.search(r'<input id="title"[^>]*value="Du pain"[^>]* autofocus', again.text)
    shown = await people.odette.post("/ecrire/demande-d-aide", carried | {"relu": "oui"})
    assert shown.status_code == 303


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
async def test_a_faulty_form_comes_back_with_what_was_typed(kind):
    people = await everybody()
    form = {"cle": KEY, "title": "Mon titre", "body": "Appelez le 06 39 98 41 12", "place": "ici"}
    response = await people.odette.post(f"/ecrire/{kind.path}", form)
    assert response.status_code == 422
    assert "Votre numéro est dans le texte" in words(response)
    assert "Appelez le 06 39 98 41 12" in response.text
    assert 'aria-invalid="true"' in response.text and 'role="alert"' in response.text
    for link in re.findall(r'<li><a href="#([\w]+)">', response.text):
        assert f'id="{link}"' in response.text


async def test_a_group_of_choices_is_tied_to_its_fault_too():
    people = await everybody()
    page = (await people.odette.post("/ecrire/demande-d-aide", {"cle": KEY, "urgency": "urgent"})).text
    for name in ("need", "due_at"):
        fieldset = re.search(rf'<fieldset[^>]* id="{name}"[^>]*>', page).group(0)
        assert f'aria-describedby="{name}-faute"' in fieldset and 'aria-invalid="true"' in fieldset
        assert f'id="{name}-faute"' in page
    assert "<title>À reprendre" in page.replace("\u00a0", " ")


async def test_another_kind_keeps_the_words_already_typed():
    people = await everybody()
    page = await people.odette.get("/ecrire/bon-plan", params={"title": "Déjà écrit", "body": "Et ceci"})
    assert 'value="Déjà écrit"' in page.text and "Et ceci" in page.text


async def test_a_double_send_is_one_post():
    people = await everybody()
    first, second = await write(people.odette, "tip"), await write(people.odette, "tip")
    assert first.headers["location"] == second.headers["location"]
    assert await Post.count() == 1


async def test_the_same_key_of_somebody_else_is_another_post():
    people = await everybody()
    await write(people.odette, "tip")
    await write(people.karim, "tip")
    assert await Post.count() == 2


async def test_its_author_corrects_a_post_and_nobody_else():
    people = await everybody()
    path = (await write(people.odette, "tip")).headers["location"]
    editor = await people.odette.get(f"{path}/modifier")
    edition = re.search(r'name="edition" value="(\d+)"', editor.text).group(1)
    assert 'value="Des œufs"' in editor.text
    for who in (people.karim, people.jeanne, people.amelie):
        assert (await who.get(f"{path}/modifier")).status_code == 404
        assert (await who.post(f"{path}/modifier", GOOD["tip"] | {"edition": edition})).status_code == 404
    changed = await people.odette.post(f"{path}/modifier", {"title": "Des œufs frais", "edition": edition})
    assert changed.status_code == 303
    assert "Des œufs frais" in words(await people.karim.get("/"))
    late = await people.odette.post(f"{path}/modifier", {"title": "Trop tard", "edition": edition})
    assert late.status_code == 409 and "corrigé entre-temps" in words(late) and "Des œufs frais" in words(late)
    again = await people.odette.post(f"{path}/modifier", {"title": "Des œufs frais", "edition": edition})
    assert again.status_code == 303
    for spoilt in ("", "x", "-1", "9" * 30):
        assert (await people.odette.post(f"{path}/modifier", {"title": "X", "edition": spoilt})).status_code == 400


@pytest.mark.parametrize("slug", list(GOOD))
async def test_nothing_that_neighbours_do_meanwhile_refuses_a_correction(slug):
    people = await everybody()
    path = (await write(people.odette, slug)).headers["location"]
    before = (await Post.load(UUID(path.split("/")[2])))["version"]
    edition = re.search(r'name="edition" value="(\d+)"', (await people.odette.get(f"{path}/modifier")).text).group(1)
    await people.karim.post(f"{path}/prise")
    for mark in MARKS:
        await people.karim.post(f"{path}/{mark}")
    await people.karim.post(f"{path}/reponses", {"cle": "une-cle-de-formulaire-0301", "reponse": "Merci à vous"})
    song = {"cle": "une-cle-de-formulaire-0302", "titre": "La mer", "artiste": "Trenet"}
    await people.karim.post(f"{path}/chansons", song)
    assert (await Post.load(UUID(path.split("/")[2])))["version"] > before
    kept = await people.odette.post(f"{path}/modifier", GOOD[slug] | {"edition": edition})
    assert kept.status_code == 303


async def test_withdraw_and_undo():
    people = await everybody()
    path = (await write(people.odette, "tip")).headers["location"]
    assert (await people.karim.post(f"{path}/retrait")).status_code == 404
    gone = await people.odette.post(f"{path}/retrait")
    board = await people.odette.get(gone.headers["location"])
    assert f'action="{path}/retour"' in board.text and "Votre avis est retiré" in words(board)
    assert "Votre avis est retiré" not in words(await people.odette.get("/"))
    assert (await people.karim.get(path)).status_code == 404
    assert "Vous avez retiré cet avis" in words(await people.odette.get(path))
    await people.odette.post(f"{path}/retour")
    assert (await people.karim.get(path)).status_code == 200
    assert "Des œufs" in words(await people.karim.get("/"))


async def test_merci_is_said_once_and_can_be_taken_back():
    people = await everybody()
    post = await put_up(people.members["odette"])
    for _ in range(3):
        await people.karim.post(f"/avis/{post}/merci")
    assert (await Post.load(post))["thanks"] == 1
    await people.karim.post(f"/avis/{post}/merci/annuler")
    await people.karim.post(f"/avis/{post}/merci/annuler")
    assert (await Post.load(post))["thanks"] == 0
    assert (await people.odette.post(f"/avis/{post}/merci")).status_code == 404


async def test_a_gesture_by_htmx_gives_the_card_back():
    people = await everybody()
    post = await put_up(people.members["odette"])
    answer = await people.karim.post(f"/avis/{post}/merci", headers={"HX-Request-Type": "partial"})
    assert answer.text.lstrip().startswith("<article") and "Merci, c’est dit" in words(answer)
    assert answer.text.count("<article") == 1 and "<html" not in answer.text


@pytest.mark.parametrize(
    ("slug", "mark", "status"),
    [
        ("tip", "presence", 404), ("tip", "toujours-valable", 303), ("help", "presence", 404),
        ("gathering", "presence", 303), ("gathering", "toujours-valable", 404), ("playlist", "merci", 303),
        ("offer", "presence", 404), ("initiative", "merci", 303), ("tip", "inconnu", 404),
    ],
)  # fmt: skip
async def test_which_gesture_fits_which_kind(slug, mark, status):
    people = await everybody()
    post = await put_up(people.members["odette"], slug)
    assert (await people.karim.post(f"/avis/{post}/{mark}")).status_code == status


async def test_an_offer_says_when_it_is_full():
    people = await everybody()
    post = await put_up(people.members["odette"], "offer", capacity=1)
    form = {"cle": KEY, "note": "six œufs", "phone": "04 65 71 20 08"}
    assert (await people.karim.post(f"/avis/{post}/inscription", form)).status_code == 303
    late = await people.jeanne.post(f"/avis/{post}/inscription", form)
    assert late.status_code == 409 and "C’est complet : toutes les places sont prises." in words(late)
    assert (await Post.load(post))["coming"] == 1


async def test_two_noes_send_a_tip_to_the_bottom():
    people = await everybody()
    sunk = await put_up(people.members["odette"], "tip", title="Périmé")
    for who in (people.karim, people.jeanne):
        await who.post(f"/avis/{sunk}/a-change")
    await put_up(people.members["odette"], "tip", title="Bon")
    assert "Des voisins disent que ça a changé" in words(await people.karim.get(f"/avis/{sunk}"))
    assert (await Post.load(sunk))["rank"] == -1
    await people.jeanne.post(f"/avis/{sunk}/a-change/annuler")
    assert (await Post.load(sunk))["rank"] == 0
    assert (await people.odette.post(f"/avis/{sunk}/toujours-valable")).status_code == 404
    await people.karim.post(f"/avis/{sunk}/toujours-valable")
    assert await Mark.made_by(people.members["karim"].id, sunk) == {"valid"}
    assert (await Post.load(sunk))["rank"] == 0


async def test_any_neighbour_adds_a_song_and_only_some_take_it_off():
    people = await everybody()
    post = await put_up(people.members["odette"], "playlist")
    song = {"titre": "Ya Rayah", "artiste": "Rachid Taha", "lien": "exemple.fr/y", "cle": KEY}
    for _ in range(2):
        await people.karim.post(f"/avis/{post}/chansons", song)
    page = await people.karim.get(f"/avis/{post}")
    assert page.text.count("Ya Rayah</a>") == 1 and "https://exemple.fr/y" in page.text
    empty = await people.karim.post(f"/avis/{post}/chansons", {"cle": KEY + "x", "titre": "La mer"})
    assert empty.status_code == 422 and 'value="La mer"' in empty.text
    track = re.search(rf"/avis/{post}/chansons/([\w-]+)/retrait", page.text).group(1)
    assert (await people.marguerite.post(f"/avis/{post}/chansons/{track}/retrait")).status_code == 404
    assert (await people.karim.post(f"/avis/{post}/chansons/{track}/retrait")).status_code == 303
    assert "Ya Rayah" not in words(await people.karim.get(f"/avis/{post}"))


async def test_replies_are_read_withdrawn_and_put_back():
    people = await everybody()
    post = await put_up(people.members["odette"])
    form = {"reponse": "Il garde aussi les cassés.", "cle": KEY}
    for _ in range(2):
        sent = await people.karim.post(f"/avis/{post}/reponses", form)
    assert words(await people.odette.get(f"/avis/{post}")).count("Il garde aussi les cassés") == 1
    reply = re.search(r"#reponse-([\w-]+)", sent.headers["location"]).group(1)
    assert (await people.odette.post(f"/reponses/{reply}/retrait")).status_code == 404
    await people.karim.post(f"/reponses/{reply}/retrait")
    assert "cassés" not in words(await people.odette.get(f"/avis/{post}"))
    assert (await Post.load(post))["replies"] == 0
    await people.karim.post(f"/reponses/{reply}/retour")
    assert "cassés" in words(await people.odette.get(f"/avis/{post}"))


async def test_one_key_on_two_posts_is_refused_not_swallowed():
    people = await everybody()
    one, other = await put_up(people.members["odette"]), await put_up(people.members["odette"])
    form = {"reponse": "Merci.", "cle": KEY}
    assert (await people.karim.post(f"/avis/{one}/reponses", form)).status_code == 303
    assert (await people.karim.post(f"/avis/{other}/reponses", form)).status_code == 409


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Écrivez quelques mots"), ("   \n ", "Écrivez quelques mots"), ("x" * 601, "C’est un peu long"),
        ("Je suis au 52 rue de Gerland", "adresse exacte"), ("06 39 98 41 12", "Votre numéro"),
    ],
)  # fmt: skip
async def test_a_reply_that_cannot_be_sent_keeps_its_words(text, sentence):
    people = await everybody()
    post = await put_up(people.members["odette"], "help")
    response = await people.karim.post(f"/avis/{post}/reponses", {"reponse": text, "cle": KEY})
    assert response.status_code == 422 and sentence in words(response)
    assert text.strip() in response.text
    assert await Reply.count() == 0


async def test_markup_in_words_is_shown_as_words():
    people = await everybody()
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    sent = await write(people.odette, "tip", title=nasty[:60], body=nasty, place=nasty, hours=nasty)
    await people.karim.post(f"{sent.headers['location']}/reponses", {"reponse": nasty, "cle": KEY})
    for path in ("/", sent.headers["location"]):
        page = (await people.karim.get(path)).text
        assert "<script>alert" not in page and "<img" not in page and "&lt;script&gt;" in page


async def test_the_composer_offers_only_days_to_come(monkeypatch):
    # Late in the evening today is over.
    set_clock(monkeypatch, NOON)
    people = await everybody()
    days = re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', (await people.odette.get("/ecrire/rendez-vous")).text)
    assert days[0] == today().isoformat() and days[-1] == (today() + timedelta(days=59)).isoformat()


def test_every_path_of_a_kind_is_its_own():
    assert len(BY_PATH) == len(KINDS)


async def test_a_form_of_each_kind_carries_a_new_key():
    people = await everybody()
    keys = {form_key(await people.odette.get("/ecrire/bon-plan")) for _ in range(3)}
    assert len(keys) == 3


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
async def test_sent_once_more_with_other_words_it_offers_to_correct_the_first(kind):
    people = await everybody()
    first = (await write(people.odette, kind.slug)).headers["location"]
    assert (await write(people.odette, kind.slug)).headers["location"] == first
    word = "body" if kind.slug == "encouragement" else "title"
    anew = await write(people.odette, kind.slug, **{word: "Des mots tout neufs"})
    assert anew.status_code == 409 and "Votre premier envoi est déjà affiché" in words(anew)
    assert f'action="{first}/modifier"' in anew.text and "Des mots tout neufs" in anew.text
    assert f'formaction="/ecrire/{kind.path}"' in anew.text and KEY not in anew.text
    # Kept as it is offered, the first is corrected, and there is one.
    hidden = dict(re.findall(r'<input type="hidden" name="(cle|edition)" value="([^"]*)"', anew.text))
    form = GOOD[kind.slug] | hidden | {word: "Des mots tout neufs"}
    kept = await people.odette.post(f"{first}/modifier", form)
    assert kept.headers["location"] == first
    assert "Des mots tout neufs" in words(await people.karim.get(first))
    assert await Post.count().where(Post.kind == kind.slug) == 1


async def test_only_one_s_own_post_that_is_there_is_offered_for_correction():
    people = await everybody()
    first = (await write(people.odette, "tip")).headers["location"]
    # Somebody else's key is another key.
    other = await write(people.karim, "tip", title="Autre chose")
    assert other.status_code == 303 and other.headers["location"] != first
    await people.odette.post(f"{first}/retrait")
    gone = await write(people.odette, "tip", title="Encore")
    assert gone.status_code == 409 and "Ce formulaire a déjà servi" in words(gone) and "modifier" not in gone.text
    # A key of another form says nothing.
    assert (await write(people.odette, "offer", title="Encore")).status_code == 409


def _thread(response) -> list[str]:
    return re.findall(r'<p class="texte">Réponse (\d+)</p>', response.text)


async def _conversation(people, many: int = 75) -> tuple[UUID, list[UUID]]:
    """A post with many replies, each with its number."""
    post = await put_up(people.members["odette"], "tip")
    replies = []
    for number in range(many):
        replies.append(uuid7())
        await Reply.insert(
            Reply(id=replies[-1], post=post, author=people.members["jeanne"].id, text=f"Réponse {number}")
        )
    await execute("UPDATE post SET replies = {} WHERE id = {}", many, post)
    return post, replies


async def test_replies_come_in_pages_each_once():
    people = await everybody()
    post, _replies = await _conversation(people)
    page = await people.karim.get(f"/avis/{post}")
    assert "75 réponses" in words(page) and _thread(page) == [str(n) for n in range(45, 75)]
    found = _thread(page)
    while link := re.search(r'href="(/avis/[^"]+\?avant=[^"#]+)#reponses"', page.text):
        page = await people.karim.get(link[1])
        found = _thread(page) + found
    assert found == [str(n) for n in range(75)]
    back = _thread(page)
    while link := re.search(r'href="(/avis/[^"]+\?apres=[^"#]+)#reponses"', page.text):
        page = await people.karim.get(link[1])
        back += _thread(page)
    assert back == found


async def test_a_reply_has_an_address_whichever_page_it_is_on():
    people = await everybody()
    post, replies = await _conversation(people)
    for number in (0, 3, 44, 45, 74):
        page = await people.karim.get(f"/avis/{post}?reponse={replies[number]}")
        assert f'id="reponse-{replies[number]}"' in page.text
    # One puts an old one back, and sees it.
    reply = replies[3]
    await people.jeanne.post(f"/reponses/{reply}/retrait")
    assert "3" not in _thread(await people.karim.get(f"/avis/{post}?reponse={reply}"))
    gone_to = (await people.jeanne.post(f"/reponses/{reply}/retour")).headers["location"]
    assert f'id="reponse-{reply}"' in (await people.karim.get(gone_to)).text


async def test_replies_that_one_may_not_see_leave_no_hole():
    people = await everybody()
    post, replies = await _conversation(people)
    for reply in replies[10:70]:
        await execute("UPDATE reply SET hidden_at = {} WHERE id = {}", now(), reply)
    page = await people.karim.get(f"/avis/{post}")
    assert _thread(page) == [str(n) for n in (*range(10), *range(70, 75))]
    assert "?avant=" not in page.text
    assert len(_thread(await people.jeanne.get(f"/avis/{post}"))) == 30


async def test_whatever_an_address_asks_of_a_thread_is_answered():
    people = await everybody()
    post, replies = await _conversation(people, 31)
    _other, others = await _conversation(people, 1)
    for asked in (
        "reponse=",
        "reponse=x",
        f"reponse={UUID(int=0)}",
        f"reponse={UUID(int=1)}",
        f"reponse={others[0]}",
        f"avant={UUID(int=0)}",
        f"avant={replies[0]}",
        f"apres={UUID(int=2**128 - 1)}",
        "avant=%00",
        "apres=é",
    ):
        page = await people.karim.get(f"/avis/{post}?{asked}")
        assert page.status_code == 200 and _thread(page) == [str(n) for n in range(1, 31)], asked


async def test_the_songs_of_a_long_list_come_in_pages():
    people = await everybody()
    post = await put_up(people.members["odette"], "playlist", tracks=[])
    karim = people.members["karim"]
    for number in range(130):
        await Track.insert(Track(id=uuid7(), post=post, member=karim.id, title=f"Chanson {number}", artist="X"))
    page, found = await people.karim.get(f"/avis/{post}"), []
    while True:
        assert len(page.content) < 60_000
        found += re.findall(r"Enlever<span[^>]*> Chanson (\d+)<", page.text)
        if not (link := re.search(r'href="(/avis/[^"]+\?chansons=[^"]+)"', page.text)):
            break
        page = await people.karim.get(link[1])
    assert found == [str(number) for number in range(130)]


async def test_what_a_page_answers_takes_the_focus_and_what_htmx_brings_is_read_out():
    people = await everybody()
    post = await put_up(people.members["karim"])
    await people.karim.post(f"/avis/{post}/retrait")
    assert '<div class="toast" role="status" tabindex="-1" autofocus>' in (await people.karim.get("/")).text
    await people.karim.post(f"/avis/{post}/retour")
    assert '<div class="toast" role="status" tabindex="-1">' in (await people.karim.fragment(f"/avis/{post}")).text
    refused = await people.odette.get("/avis/rien")
    assert '<h1 class="devise" tabindex="-1" autofocus>' in refused.text


async def test_a_gesture_beside_the_card_leads_back_to_its_button():
    people = await everybody()
    post = await put_up(people.members["karim"], "gathering")
    plain = await people.odette.post(f"/avis/{post}/merci")
    assert plain.headers["location"] == f"/avis/{post}#merci-{post}"
    page = await people.odette.get(f"/avis/{post}")
    assert f'id="merci-{post}"' in page.text and "C’est dit." in words(page)
    again = {"HX-Request": "true", "HX-Request-Type": "partial"}
    undone = await people.odette.post(f"/avis/{post}/merci/annuler?seul=page", headers=again)
    assert undone.status_code == 303 and "C’est annulé." in words(await people.odette.fragment(f"/avis/{post}"))
