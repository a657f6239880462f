"""The board in a pocket, in a real Chromium: kept, read and written without network, wiped when it must be."""

import re
from urllib.parse import urlsplit

from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.support.papers import papers, waits
from tests.browser.support.pocket import (
    KARIM,
    LYING_ABOUT,
    SEALED_SIZE,
    copied,
    fill_tip,
    hold,
    put_up,
    rows,
    sent,
    until,
    write,
)


async def test_read_and_write_in_the_stairwell(phone, network):
    board = network.server.url
    context = await phone()
    page = await hold(context, network.server, KARIM)
    tip = await page.locator("article[data-genre=bonplan] h3 a").first.get_attribute("href")
    await page.goto(board + tip)
    await page.goto(board + "/entraide")
    await page.get_by_role("link", name="Ouvrir la course").first.click()
    await page.wait_for_load_state()
    errand, code = page.url, await page.locator(".code").inner_text()
    await copied(page, tip, urlsplit(errand).path)
    await context.close()

    network.down = True
    context = await phone()
    page = await context.new_page()
    # Read: the board, a post, the errand with its code; what was never opened says so.
    await page.goto(board + "/")
    band = await page.locator("offline-band").inner_text()
    assert re.search(r"Hors connexion\s*Cette page telle qu’elle était à \d\d h \d\d", band)
    assert await page.locator("form[action$='/prise'] button:not([aria-disabled])").count() == 0
    assert await page.locator("form[action$='/prise'] + p").count() >= 1
    await page.goto(errand)
    assert await page.locator(".code").inner_text() == code
    await page.goto(board + "/chez-moi/carte")
    assert "n’est pas dans votre téléphone" in await page.locator("h1").inner_text()

    # Write three things, and say that it is done.
    await fill_tip(page, board, "Le pain de la veille", "À moitié prix après 18 h 30.")
    await put_up(page, board)
    assert "Le pain de la veille" in await papers(page)
    for words in ("Merci du conseil", "J’y vais demain"):
        await page.goto(board + tip)
        await page.fill("#reponse", words)
        await page.get_by_role("button", name="Envoyer").click()
        await page.wait_for_url(board + "/#poche")
    await page.goto(errand)
    await page.get_by_role("button", name="C’est fait").first.click()
    await page.wait_for_url(board + "/#poche")
    await waits(page, 4)
    shown = await papers(page)
    assert "En attente d’envoi" in shown and "Merci du conseil" in shown and "C’est fait" in shown
    await context.close()

    # Back online: opening the board is enough, and each is there once.
    network.down = False
    context = await phone()
    page = await context.new_page()
    await page.goto(board + "/")
    await sent(page)
    made = rows(network.server, "SELECT count(*) FROM post WHERE title = 'Le pain de la veille'")
    replies = rows(network.server, "SELECT text FROM reply WHERE post = ? ORDER BY id", tip.split("/")[-1])
    assert made == [(1,)]
    assert [text for (text,) in replies][-2:] == ["Merci du conseil", "J’y vais demain"]
    assert rows(network.server, "SELECT state FROM post WHERE id = ?", errand.split("/")[-1].split("#")[0]) == [
        ("done",)
    ]
    # And its door is closed on this device.
    await page.goto(board + "/")
    assert code not in await page.evaluate(LYING_ABOUT)


async def test_edit_and_drop_what_waits(phone, network):
    board = network.server.url
    page = await hold(await phone(), network.server, KARIM)
    network.down = True
    await fill_tip(page, board, "Un titre à corriger")
    await put_up(page, board)
    await page.locator("#poche .avis").get_by_role("link", name="Relire").click()
    await expect(page.locator("#title")).to_have_value("Un titre à corriger")
    await page.fill("#title", "Un titre corrigé")
    await put_up(page, board)
    await waits(page, 1)
    assert "Un titre corrigé" in await papers(page)
    await page.get_by_role("button", name="Ne pas envoyer").click()
    await waits(page, 0)
    network.down = False
    await page.goto(board + "/")
    assert not rows(network.server, "SELECT 1 FROM post WHERE title LIKE 'Un titre%'")


async def test_a_conflict_is_explained_and_the_words_are_kept(phone, network, open_screen):
    board = network.server.url
    page = await hold(await phone(), network.server, KARIM)
    tip = await page.locator("article[data-genre=bonplan] h3 a").last.get_attribute("href")
    await page.goto(board + tip)
    await copied(page, tip)
    network.down = True
    await page.goto(board + tip)
    await page.fill("#reponse", "Une réponse de l’escalier")
    await page.get_by_role("button", name="Envoyer").click()
    await page.wait_for_url(board + "/#poche")
    await waits(page, 1)
    # Meanwhile the post is withdrawn.
    write(network.server, "UPDATE post SET withdrawn_at = created_at, listed = 0 WHERE id = ?", tip.split("/")[-1])
    network.down = False
    await page.goto(board + "/")
    await page.locator("#poche .raison b").first.wait_for()
    shown = await papers(page)
    assert "Pas parti" in shown and "décroché" in shown and "Une réponse de l’escalier" in shown


async def test_a_photo_waits_too_made_smaller_on_the_device(phone, network, tmp_path):
    large = Image.effect_noise((3000, 2000), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Un appareil qui se nomme"
    large.save(tmp_path / "large.jpg", quality=95, exif=exif)
    page = await hold(await phone(), network.server, KARIM)
    network.down = True
    await fill_tip(page, network.url, "Une photo de l’escalier")
    await page.set_input_files("input[type=file]", tmp_path / "large.jpg")
    await put_up(page, network.url)
    weighs = await page.evaluate(SEALED_SIZE)
    assert 10_000 < weighs < (tmp_path / "large.jpg").stat().st_size / 2
    network.down = False
    await page.goto(network.url + "/")
    await sent(page)
    made = rows(
        network.server, "SELECT f.width, f.height FROM photo f JOIN post p ON p.id = f.post WHERE p.title = ?",
        "Une photo de l’escalier",
    )  # fmt: skip
    assert made == [(1600, 1067)]


async def test_photos_seen_are_there_without_network(phone, network):
    page = await hold(await phone(), network.server, KARIM)
    post = rows(network.server, "SELECT post FROM photo WHERE purpose = 'post' ORDER BY id DESC")[0][0]
    await page.goto(f"{network.url}/avis/{post}")
    shown = "document.querySelector('img[src^=\"/photos/\"]').naturalWidth"
    await until(lambda: _is_seen(page, shown))
    await copied(page, f"/avis/{post}", await page.locator("img[src^='/photos/']").first.get_attribute("src"))
    network.down = True
    await page.goto(f"{network.url}/avis/{post}")
    await until(lambda: _is_seen(page, shown))


async def _is_seen(page: Page, shown: str) -> bool:
    return await page.evaluate(shown) > 0
