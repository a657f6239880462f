"""Photos over the web: who sees what, sending them, describing, taking away; receipts between two."""

import re
import tempfile

import httpx
import pytest

from server.base.columns import now
from server.base.database import execute
from server.posts import photo_files
from server.posts.kinds import KINDS
from server.posts.photo import Photo
from server.posts.post import Post
from server.views.web import form_reading
from server.views.web.page import render
from tests.support import corpus
from tests.support.forms import GOOD
from tests.support.makers import put_up
from tests.support.people import everybody, words

pytestmark = pytest.mark.one_engine

KEY = "une-cle-de-formulaire-0001"
SMALL, OTHER = corpus.jpeg(300, 200), corpus.jpeg(310, 200)
LARGE = corpus.jpeg(1700, 900)


async def send(browser, path: str, *files: bytes, field: str = "photo", key: str = KEY, **form: str) -> httpx.Response:
    """Send a form as a browser does that has chosen these files."""
    sent = [(field, ("../../etc/passwd.php", one, "text/html")) for one in files]
    # A field in which nothing was chosen is sent as an empty file without a name.
    boundary = "----palier"
    parts = [(f'name="{name}"', value.encode()) for name, value in {"cle": key, **form}.items()]
    parts += [(f'name="{name}"; filename="{file[0]}"\r\nContent-Type: {file[2]}', file[1]) for name, file in sent]
    if not files:
        parts += [(f'name="{field}"; filename=""\r\nContent-Type: application/octet-stream', b"")]
    return await post_parts(browser, path, parts, boundary)


async def post_parts(browser, path: str, parts: list[tuple[str, bytes]], boundary: str = "x") -> httpx.Response:
    line = f"--{boundary}".encode()
    body = b"".join(
        line + b"\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + data + b"\r\n"
        for head, data in parts
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return await browser.http.post(path, content=body + line + b"--\r\n", headers=headers)


@pytest.fixture(autouse=True)
def empty_folder():
    """Every test starts without files."""
    for path in photo_files.folder().rglob("*.webp"):
        path.unlink()


def files() -> list[str]:
    return sorted(path.name for path in photo_files.folder().rglob("*") if path.is_file())


async def with_photo(people, data: bytes = LARGE, slug: str = "tip"):
    """A post of Odette's with one photo: the post, the photo."""
    post = await put_up(people.members["odette"], slug)
    assert (await send(people.odette, f"/avis/{post}/photos", data, photo_alt="La fontaine")).status_code == 303
    return post, (await Photo.of(post))[0]


async def seen_by(people, path: str) -> set[str]:
    """Who gets the file; everybody else must get a 404, a stranger the door."""
    got = set()
    for who in ("odette", "karim", "marguerite", "jeanne", "amelie"):
        response = await people.browsers[who].get(path)
        assert response.status_code in (200, 404)
        got |= {who} if response.status_code == 200 else set()
    assert (await people.stranger.get(path)).headers["location"] == "/entrer"
    return got


async def test_a_photo_is_seen_by_who_sees_its_post():
    people = await everybody()
    post, photo = await with_photo(people)
    path = f"/photos/{photo['id']}/480"
    assert await seen_by(people, path) == {"odette", "karim", "marguerite", "jeanne", "amelie"}
    await Post.hide(post)
    assert await seen_by(people, path) == {"odette", "jeanne", "amelie"}
    await Post.withdraw(post)
    assert await seen_by(people, path) == {"odette"}


async def test_how_a_photo_is_served():
    people = await everybody()
    _post, photo = await with_photo(people)
    for width in (480, 960, 1600):
        answer = await people.karim.get(f"/photos/{photo['id']}/{width}")
        assert answer.headers["content-type"] == "image/webp" and answer.content[8:12] == b"WEBP"
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"
        again = await people.karim.get(
            f"/photos/{photo['id']}/{width}", headers={"If-None-Match": answer.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
    for wrong in ("0", "481", "1601", "-480", "9" * 30, "9" * 900, "x"):
        assert (await people.karim.get(f"/photos/{photo['id']}/{wrong}")).status_code == 404, wrong
    etag = f'"{photo["hash"][:32]}-480"'
    await execute("UPDATE post SET hidden_at = {}", now())
    hidden = await people.karim.get(f"/photos/{photo['id']}/480", headers={"If-None-Match": etag})
    assert hidden.status_code == 404


async def test_a_lost_file_is_a_404():
    people = await everybody()
    _post, photo = await with_photo(people)
    photo_files.path_of(photo["hash"], 480).unlink()
    assert (await people.karim.get(f"/photos/{photo['id']}/480")).status_code == 404


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
async def test_every_kind_shows_its_photos_on_the_board_and_on_its_page(kind):
    people = await everybody()
    post, photo = await with_photo(people, slug=kind.slug)
    for path in ("/", f"/avis/{post}"):
        page = (await people.karim.get(path)).text
        (image,) = re.findall(r"<img[^>]+>", page)
        assert f'src="/photos/{photo["id"]}/480"' in image and 'alt="La fontaine"' in image
        assert f"/photos/{photo['id']}/960 960w" in image and f"/photos/{photo['id']}/1600 1600w" in image
        assert 'width="1600" height="847"' in image and 'loading="lazy"' in image and 'decoding="async"' in image
        assert (f'<a href="/photos/{photo["id"]}/1600">' in page) == (path != "/")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.checked], ids=lambda kind: kind.slug)
async def test_photos_are_sent_with_a_new_post(kind):
    people = await everybody()
    page = (await people.odette.get(f"/ecrire/{kind.path}")).text
    assert 'enctype="multipart/form-data"' in page and re.search(r'<input type="file"[^>]* multiple', page)
    sent = await send(people.odette, f"/ecrire/{kind.path}", SMALL, OTHER, **GOOD[kind.slug], photo_alt="Un chat")
    assert sent.status_code == 303
    loaded = await Post.load(sent.headers["location"].split("/")[-1])
    assert [photo["alt"] for photo in loaded["first_photos"]] == ["Un chat", ""]
    again = await send(people.odette, f"/ecrire/{kind.path}", SMALL, OTHER, **GOOD[kind.slug], photo_alt="Un chat")
    assert again.headers["location"] == sent.headers["location"] and await Photo.count() == 2
    other = await send(people.odette, f"/ecrire/{kind.path}", SMALL, LARGE, **GOOD[kind.slug], photo_alt="Un chat")
    assert other.status_code == 409


async def test_a_request_for_help_is_written_without_photos():
    people = await everybody()
    page = (await people.odette.get("/ecrire/demande-d-aide")).text
    assert 'type="file"' not in page and "multipart" not in page
    sent = await send(people.odette, "/ecrire/demande-d-aide", SMALL, **GOOD["help"], relu="oui")
    assert sent.status_code == 422 and await Post.count() == 0


async def test_a_faulty_composer_keeps_the_words_and_asks_for_the_photo_again():
    people = await everybody()
    form = GOOD["tip"] | {"title": "", "photo_alt": "Un chat"}
    page = await send(people.odette, "/ecrire/bon-plan", SMALL, **form)
    assert page.status_code == 422 and "Choisissez de nouveau votre photo" in words(page)
    assert 'value="Un chat"' in page.text and await Post.count() == 0
    without = await send(people.odette, "/ecrire/bon-plan", **form)
    assert without.status_code == 422 and "Choisissez de nouveau" not in words(without)
    bad = await send(people.odette, "/ecrire/bon-plan", b"Bonjour", **GOOD["tip"])
    assert bad.status_code == 422 and "n’est pas une photo" in words(bad) and 'href="#photo"' in bad.text
    assert f'value="{GOOD["tip"]["title"]}"' in bad.text and await Post.count() == 0 and files() == []
    assert 'id="photo"' in bad.text and re.search(
        r'type="file"[^>]*aria-describedby="photo-aide photo-faute"', bad.text
    )


async def test_its_author_adds_photos_and_nobody_else():
    people = await everybody()
    post = await put_up(people.members["odette"], "help")
    for who in ("karim", "marguerite", "jeanne", "amelie"):
        assert (await send(people.browsers[who], f"/avis/{post}/photos", SMALL)).status_code == 404
        assert f"/avis/{post}/photos" not in (await people.browsers[who].get(f"/avis/{post}")).text
    added = await send(people.odette, f"/avis/{post}/photos", SMALL)
    assert added.status_code == 303 and "Votre photo est là" in words(
        await people.odette.get(added.headers["location"])
    )
    await Post.hide(post)
    assert (await send(people.odette, f"/avis/{post}/photos", SMALL, key=KEY + "2")).status_code == 404


async def test_a_repeated_sending_is_one_photo_even_when_it_filled_the_post():
    people = await everybody()
    post = await put_up(people.members["odette"])
    four = [corpus.jpeg(100 + n, 80) for n in range(4)]
    for _ in range(2):
        assert (await send(people.odette, f"/avis/{post}/photos", *four)).status_code == 303
    assert (await Post.load(post))["photos"] == 4
    assert "Il y en a quatre" in words(await people.odette.get(f"/avis/{post}"))
    fifth = await send(people.odette, f"/avis/{post}/photos", SMALL, key=KEY + "2", photo_alt="Encore")
    assert fifth.status_code == 422 and "Il y a déjà autant de photos" in words(fifth)
    changed = await send(people.odette, f"/avis/{post}/photos", SMALL)
    assert changed.status_code == 409


REFUSED = [
    ((), "Choisissez d’abord une photo"), ((b"",), "Ce fichier est vide"), ((corpus.SVG,), "n’est pas une photo"),
    ((corpus.heic(),), "HEIC"), ((corpus.png(13000, 13500),), "trop grande"), ((LARGE[:9000],), "abîmée"),
    ((SMALL + bytes(12 << 20),), "trop lourde : 12 Mo"), ((SMALL + bytes(20 << 20),), "trop lourde : 12 Mo"),
    ((SMALL,) * 5, "trop de photos : 4"), ((SMALL,) * 9, "trop de photos : 4"),
    ((SMALL, b"texte"), "n’est pas une photo"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "sentence"), REFUSED)
async def test_what_is_refused_is_a_sentence_that_keeps_the_words(sent, sentence):
    people = await everybody()
    post = await put_up(people.members["odette"])
    response = await send(people.odette, f"/avis/{post}/photos", *sent, photo_alt="Un chat & un chien")
    assert response.status_code == 422 and sentence in words(response)
    assert 'value="Un chat &amp; un chien"' in response.text and f"/avis/{post}/photos" in response.text
    assert await Photo.count() == 0 and files() == []


async def test_far_too_much_is_cut_off():
    people = await everybody()
    post = await put_up(people.members["odette"])
    block, read = bytes(1 << 20), 0

    async def endless():
        nonlocal read
        yield b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
        while True:
            read += len(block)
            yield block

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = await people.odette.http.post(f"/avis/{post}/photos", content=endless(), headers=headers)
    assert response.status_code == 413 and "trop lourd" in words(response)
    assert 52 << 20 < read < 100 << 20


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([('name="cle"', b"x\0"), ('name="photo"; filename="a"', SMALL)], 400),
        ([('name="cle"', KEY.encode()), ('name="photo_alt"', b"a\0b")], 400),
        ([('name="cle"', KEY.encode()), ('name="photo_alt"', b"\xff\xfe")], 400),
        ([('name="photo"; filename="a"', SMALL)], 400),
        ([('name="cle"', KEY.encode()), ('name="a"', b"x" * 70000)], 413),
        ([('name="cle"', KEY.encode())] + [('name="a"', b"")] * 200, 400), ([("", b"")], 400), ([], 400),
    ],
)  # fmt: skip
async def test_a_form_that_no_browser_sends(parts, status):
    people = await everybody()
    post = await put_up(people.members["odette"])
    assert (await post_parts(people.odette, f"/avis/{post}/photos", parts)).status_code == status
    assert await Photo.count() == 0


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=y"]
)
async def test_a_form_without_its_boundary(kind):
    people = await everybody()
    post = await put_up(people.members["odette"])
    body = b'--x\r\nContent-Disposition: form-data; name="cle"\r\n\r\n' + KEY.encode() + b"\r\n"
    response = await people.odette.http.post(f"/avis/{post}/photos", content=body, headers={"Content-Type": kind})
    assert response.status_code == 400


async def test_a_cut_connection_adds_nothing():
    people = await everybody()
    post = await put_up(people.members["odette"])
    body = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n' + SMALL
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await people.odette.http.post(f"/avis/{post}/photos", content=body, headers=headers)).status_code == 400


async def test_a_full_disk_is_said_and_adds_nothing(monkeypatch):
    people = await everybody()
    post = await put_up(people.members["odette"])

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(photo_files, "_write", full)
    response = await send(people.odette, f"/avis/{post}/photos", SMALL)
    assert response.status_code == 507 and await Photo.count() == 0 and (await Post.load(post))["photos"] == 0
    monkeypatch.undo()
    monkeypatch.setattr(form_reading.Upload, "write", full)
    assert (await send(people.odette, f"/avis/{post}/photos", SMALL)).status_code == 507
    monkeypatch.undo()
    assert (await send(people.odette, f"/avis/{post}/photos", SMALL)).status_code == 303


@pytest.mark.parametrize(("text", "sentence"), [("06 39 98 41 12", "Votre numéro"), ("x" * 201, "un peu long")])
async def test_words_that_cannot_stand_under_a_photo(text, sentence):
    people = await everybody()
    post, photo = await with_photo(people)
    response = await send(people.odette, f"/avis/{post}/photos", SMALL, photo_alt=text, key=KEY + "2")
    assert response.status_code == 422 and sentence in words(response) and await Photo.count() == 1
    response = await people.odette.post(f"/photos/{photo['id']}/description", {f"alt-{photo['id']}": text})
    assert response.status_code == 422 and sentence in words(response) and f'value="{text}"' in response.text
    assert (await Photo.load(photo["id"]))["alt"] == "La fontaine"


async def test_its_author_says_what_a_photo_shows():
    people = await everybody()
    post, photo = await with_photo(people)
    form = {f"alt-{photo['id']}": 'Le "banc" <repeint>'}
    assert "La fontaine" in (await people.karim.get("/")).text
    for who in ("karim", "jeanne", "amelie"):
        assert (await people.browsers[who].post(f"/photos/{photo['id']}/description", form)).status_code == 404
    assert (await people.odette.post(f"/photos/{photo['id']}/description", form)).status_code == 303
    assert 'alt="Le &#34;banc&#34; &lt;repeint&gt;"' in (await people.karim.get("/")).text
    await people.odette.post(f"/photos/{photo['id']}/description", {f"alt-{photo['id']}": ""})
    assert 'alt="Photo sans description"' in (await people.karim.get(f"/avis/{post}")).text


async def test_its_author_takes_a_photo_away():
    people = await everybody()
    post, photo = await with_photo(people)
    for who in ("karim", "marguerite"):
        assert (await people.browsers[who].post(f"/photos/{photo['id']}/retrait")).status_code == 404
    gone = await people.odette.post(f"/photos/{photo['id']}/retrait")
    assert gone.status_code == 303 and files() == [] and (await Post.load(post))["photos"] == 0
    assert "<img" not in (await people.karim.get("/")).text
    assert (await people.odette.post(f"/photos/{photo['id']}/retrait")).status_code == 404


async def test_a_moderator_takes_a_photo_away_and_says_why():
    people = await everybody()
    post, photo = await with_photo(people)
    assert f"/photos/{photo['id']}/retrait" in (await people.jeanne.get(f"/avis/{post}")).text
    silent = await people.jeanne.post(f"/photos/{photo['id']}/retrait", {"raison": " "})
    assert silent.status_code == 422 and len(files()) == 3
    assert f'action="/photos/{photo["id"]}/retrait"' in silent.text
    assert "Retirer une photo de l’avis « Marché »" in words(silent)
    form = {"raison": "On y lit une plaque"}
    assert (await people.jeanne.post(f"/photos/{photo['id']}/retrait", form)).status_code == 303
    assert files() == [] and (await Post.load(post))["photos"] == 0
    journal = words(await people.amelie.get("/moderation/journal"))
    assert "A retiré une photo" in journal and "On y lit une plaque" in journal


# Receipts: Karim does Odette's shopping.


async def taken(people):
    post = await put_up(people.members["odette"], "help")
    await execute(
        "UPDATE post SET state = 'taken', taker = {}, taken_at = {}, done_at = {}, thanked_at = {} WHERE id = {}",
        people.members["karim"].id, now(), now(), now(), post,
    )  # fmt: skip
    return post


async def test_receipts_are_between_the_two():
    people = await everybody()
    post = await taken(people)
    for who in ("jeanne", "amelie", "marguerite"):
        assert (await send(people.browsers[who], f"/avis/{post}/tickets", SMALL, field="ticket")).status_code == 404
    sent = await send(people.karim, f"/avis/{post}/tickets", SMALL, field="ticket", ticket_alt="Le ticket")
    assert sent.status_code == 303
    (receipt,) = await Photo.of(post, "receipt")
    path = f"/photos/{receipt['id']}/300"
    assert (receipt["alt"], (await Post.load(post))["photos"]) == ("Le ticket", 0)
    for state in ("taken", "done", "thanked"):
        await execute("UPDATE post SET state = {}", state)
        assert await seen_by(people, path) == {"odette", "karim"}
    answer = await people.odette.get(path)
    assert answer.headers["cache-control"] == "private, no-store" and "etag" not in answer.headers
    assert "<img" not in (await people.karim.get("/")).text
    await execute("UPDATE post SET state = 'open', taker = NULL")
    assert await seen_by(people, path) == set()
    assert (await send(people.odette, f"/avis/{post}/tickets", SMALL, field="ticket")).status_code == 404


async def test_a_receipt_is_taken_back_by_who_sent_it():
    people = await everybody()
    post = await taken(people)
    await send(people.karim, f"/avis/{post}/tickets", SMALL, field="ticket")
    (receipt,) = await Photo.of(post, "receipt")
    for who in ("odette", "jeanne", "amelie"):
        assert (await people.browsers[who].post(f"/photos/{receipt['id']}/retrait")).status_code == 404
    assert (await people.karim.post(f"/photos/{receipt['id']}/retrait")).status_code == 303
    assert (await Photo.count(), files()) == (0, [])


async def test_two_receipts_are_enough():
    people = await everybody()
    post = await taken(people)
    assert (await send(people.karim, f"/avis/{post}/tickets", SMALL, OTHER, field="ticket")).status_code == 303
    third = await send(people.odette, f"/avis/{post}/tickets", LARGE, field="ticket", key=KEY + "3")
    assert third.status_code == 422 and "déjà autant de photos" in words(third) and await Photo.count() == 2


async def test_the_receipts_of_a_request_as_each_of_the_two_sees_them():
    people = await everybody()
    post = await taken(people)
    await send(people.karim, f"/avis/{post}/tickets", SMALL, field="ticket", ticket_alt="Le ticket")
    loaded, receipts = await Post.load(post), await Photo.of(post, "receipt")
    shown = {}
    for who in ("karim", "odette", "jeanne"):
        viewer = await viewer_named(people, who)
        shown[who] = render(
            "fr", "photos/receipts.html", post=loaded, receipts=receipts, viewer=viewer, typed={}, faults={}
        )
    assert shown["jeanne"].strip() == ""
    for who in ("karim", "odette"):
        assert f'src="/photos/{receipts[0]["id"]}/300"' in shown[who] and f'action="/avis/{post}/tickets"' in shown[who]
        assert 'name="ticket"' in shown[who] and 'name="ticket_alt"' in shown[who]
    assert "/retrait" in shown["karim"] and "/retrait" not in shown["odette"]


async def viewer_named(people, who: str):
    """How the door knows them."""
    from server.people.session import viewer_of
    from server.views.web.cookies import SESSION as COOKIE

    return await viewer_of(people.browsers[who].http.cookies.get(COOKIE))


def test_of_a_file_that_is_too_large_no_more_is_kept_than_may_be():
    with tempfile.TemporaryFile() as file:
        upload = form_reading.Upload(file, named=True)
        for _ in range(10):
            upload.write(bytes(1000), 3500)
        assert (upload.whole, upload.size, file.tell()) == (False, 10_000, 3000)
