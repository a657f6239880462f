"""Help, from the request to the thanks, as people do it: with keys alone, with a thumb, for somebody else."""

import pytest

from tests.browser.support.keys import Keys
from tests.browser.support.screens import Screen, Server, enter
from tests.browser.support.walk import write

ODETTE, KARIM, NEWCOMER, ADMIN = "voisine de 82 ans", "bénévole", "nouvelle", "administratrice"
TITLE = "Une ordonnance pour ma cheville"
TOP = "e => (e.closest('details') || e).getBoundingClientRect().top + scrollY"
THANKS = "Vos genoux valent mieux que les miens"


@pytest.fixture(scope="module")
def board(new_board) -> Server:
    """A demonstration of our own: what is asked here must not stand in other tests' way."""
    return new_board("--demo")


def clean(*screens: Screen) -> None:
    """No error, no violation, nothing asked from anywhere else."""
    for screen in screens:
        assert screen.wrong == []
        assert {url.split("/")[2] for url in screen.requests} == {screen.server.url.split("/")[2]}


async def asks_with_keys(screen: Screen) -> Keys:
    """From the board to one's request on it, in three steps, without a mouse, a finger or a script."""
    keys = Keys(screen.page)
    await screen.go("/")
    await keys.to("Écrire")
    await keys.enter()
    await keys.skip()
    await keys.answer("need", keys=("ArrowRight",))
    await keys.answer("urgency", keys=("Space",))
    await keys.answer("due_at_day", keys=("ArrowDown", "ArrowDown"))
    await keys.answer("due_at_hour", "18")
    await keys.answer("title", TITLE)
    await keys.answer("body", "Elle a lâché dans l’escalier.")
    await keys.to("who")
    await keys.answer("address", "52 rue de Gerland")
    await keys.answer("floor", "3e gauche")
    await keys.answer("door_code", "B4071")
    await keys.answer("phone", "04 65 71 20 08")
    await keys.answer("note", "Sonnez deux fois.")
    await keys.answer("ceiling", "20")
    await keys.to("Relire avant d’afficher")
    await keys.enter()
    assert await screen.says("Tout est bien ça ?")
    assert await screen.says("Étape 1 sur 4")
    # Its heading has the focus: the header is behind.
    await keys.to("Afficher et prévenir")
    await keys.enter()
    assert await screen.says("Votre avis est affiché.")
    return keys


async def takes_with_a_thumb(screen: Screen) -> str:
    """On a phone: see it, take it, read the door, write a word, say that it is done; the address of the post."""
    page = screen.page
    await screen.go("/")
    card = page.locator("article", has_text=TITLE)
    await card.get_by_role("button", name="Je m’en occupe").tap()
    await page.locator("#porte").wait_for()
    for words in ("52 rue de Gerland", "3e gauche", "B4071", "Sonnez deux fois", "20 € au plus"):
        assert await screen.says(words), words
    # In the order it is needed: what is asked, where, how far it has come, their talk; the rest of the quartier after.
    blocks = ("main .avis", "#porte", "#etapes", "#entre-vous", "#reponses", "main form[action$='/signalement']")
    tops = [await page.locator(block).evaluate(TOP) for block in blocks]
    assert tops == sorted(tops)
    print(f"on a phone the address starts at {tops[1]:.0f} px, the steps at {tops[2]:.0f} px")
    await page.locator("#message").tap()
    await page.keyboard.type("Je passe à 16 h 30.")
    await page.locator("#envoyer-message").tap()
    await page.locator(".fil .moi", has_text="Je passe à 16 h 30.").wait_for()
    await page.locator("#etapes").get_by_role("button", name="C’est fait").tap()
    await page.locator(".toast").wait_for()
    return page.url


@pytest.mark.parametrize("width", [390, 1280])
async def test_odette_asks_karim_comes_odette_thanks(width, new_board, open_screen):
    board = new_board("--demo")
    odette = await open_screen(board, width=width, script=False, size="A++")
    await enter(odette, ODETTE)
    keys = await asks_with_keys(odette)
    print(f"\nOdette asks at {width} px, A++, no script: {keys.told()}")
    assert keys.pages == 3
    assert keys.hidden == []

    karim = await open_screen(board, width=390, touch=True)
    await enter(karim, KARIM)
    post = await takes_with_a_thumb(karim)
    assert not await karim.says("B4071"), "the door stays open to the volunteer after the errand"

    thanks = Keys(odette.page)
    await odette.go("/nouvelles")
    await thanks.skip()
    await thanks.to("Karim Benali")
    await thanks.enter()
    assert odette.page.url.split("#")[0] == post.split("#")[0]
    await thanks.skip()
    await thanks.answer("votre-merci", THANKS)
    await thanks.to("Dire merci")
    await thanks.enter()
    print(f"Odette thanks: {thanks.told()}")
    assert thanks.hidden == []
    await karim.go("/?genre=demande-d-aide")
    assert THANKS in await karim.page.locator("article", has_text=TITLE).inner_text()
    clean(odette, karim)


async def test_an_admin_keys_in_a_request_for_somebody_within_thirty_seconds(board, open_screen):
    amelie = await open_screen(board)
    await enter(amelie, ADMIN)
    keys = Keys(amelie.page)
    await amelie.go("/pour-quelqu-un")
    await keys.skip()
    await keys.answer("need", keys=("Space",))
    await keys.answer("title", "Deux packs d’eau à monter")
    await keys.answer("rue", "rue de")
    await keys.answer("who", "Mme Gachet")
    await keys.answer("address", "31 rue de Gerland, 5e, 18A4")
    await keys.answer("phone", "0465712044")
    await keys.answer("accord", keys=("Space",))
    await keys.to("Afficher sa demande")
    await keys.enter()
    # The longest way: her neighbours asked for the same thing, and the page asks whether it is another request.
    assert await amelie.says("Une demande semblable existe")
    # What it asks has the focus: the header is behind.
    await keys.to("Afficher quand même")
    await keys.enter()
    assert await amelie.says("Votre avis est affiché.")
    assert await amelie.says("31 rue de Gerland")
    print(f"\nAmélie writes for Mme Gachet: {keys.told()}")
    assert keys.pages == 2
    assert keys.hidden == []
    assert keys.seconds <= 30
    clean(amelie)


async def test_joining_an_offer_gives_a_private_list_that_the_offerer_reads_and_settles(board, open_screen):
    karim, odette = await open_screen(board, width=390, touch=True), await open_screen(board, script=False)
    await enter(karim, KARIM)
    await write(karim, "offer")
    offer = karim.page.url.split("?")[0].split("#")[0].removeprefix(board.url)

    await enter(odette, ODETTE)
    await odette.go(offer)
    keys = Keys(odette.page)
    await keys.skip()
    await keys.answer("note", "Un kilo de carottes, six œufs")
    await keys.answer("address", "52 rue de Gerland, 3e, B4071")
    await keys.to("Je m’inscris")
    await keys.enter()
    print(f"\nOdette joins an offer: {keys.told()}")
    assert keys.hidden == []
    assert await odette.says("Un kilo de carottes")

    stranger = await open_screen(board)
    await enter(stranger, NEWCOMER)
    await stranger.go(offer)
    assert not await stranger.says("carottes")

    await karim.go(offer)
    assert not await karim.says("carottes"), "the list is behind its own door, not on the offer's page"
    await karim.page.get_by_role("link", name="Sa liste Odette Berthier").tap()
    await karim.page.locator("#porte").wait_for()
    for words in ("Un kilo de carottes, six œufs", "B4071"):
        assert await karim.says(words), words
    await karim.go(offer)
    await karim.page.get_by_role("button", name="C’est fait pour tous").tap()
    await karim.page.locator(".toast").wait_for()
    assert await karim.says("C’est fini, merci")
    await odette.go("/nouvelles")
    assert await odette.page.locator(".nouvelles [data-nouveau]").count() >= 1
    clean(karim, odette, stranger)


async def test_a_newcomer_proposes_and_odette_accepts(board, open_screen):
    odette, marguerite = await open_screen(board), await open_screen(board, width=390, touch=True)
    await enter(odette, ODETTE)
    await write(odette, "help")
    request = odette.page.url.split("?")[0].split("#")[0].removeprefix(board.url)

    await enter(marguerite, NEWCOMER)
    await marguerite.go(request)
    await marguerite.page.locator("#etapes").get_by_role("button", name="Proposer").tap()
    await marguerite.page.locator(".toast").wait_for()
    assert await marguerite.page.locator("#porte").count() == 0, "a proposal does not open the door"

    await odette.go(request)
    assert await odette.says("Marguerite Aubert")
    await odette.press("Oui, avec plaisir")
    await odette.page.get_by_text("Marguerite Aubert s’en occupe").first.wait_for()
    await marguerite.go(request)
    await marguerite.page.locator("#porte").wait_for()
    assert await marguerite.says("Odette Berthier")
    clean(odette, marguerite)
