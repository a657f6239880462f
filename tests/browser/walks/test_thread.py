"""A link to a reply leads to its page of the thread, also an old link whose fragment is never sent."""

import contextlib
import sqlite3
from datetime import UTC, datetime

from playwright.async_api import expect

from server.base.ids import uuid7
from tests.browser.support.pocket import KARIM, rows
from tests.browser.support.screens import Screen, enter


def conversation(server, many: int) -> tuple[str, list[str]]:
    """A notice of the demonstration with this many more replies; its address, and their ids."""
    post, author = rows(server, "SELECT id, author FROM post WHERE kind = 'tip' AND listed ORDER BY id LIMIT 1")[0]
    made = [str(uuid7()) for _ in range(many)]
    at = datetime.now(UTC).isoformat(" ")
    with contextlib.closing(sqlite3.connect(server.folder / "palier.sqlite", timeout=20)) as database, database:
        database.executemany(
            "INSERT INTO reply (id, post, author, text, created_at) VALUES (?, ?, ?, ?, ?)",
            [(one, post, author, f"Réponse {number}", at) for number, one in enumerate(made)],
        )
    return f"/avis/{post}", made


async def test_an_old_link_to_a_reply_finds_its_page(chromium, network):
    path, replies = conversation(network.server, 70)
    context = await chromium.new_context(service_workers="block", locale="fr-FR")
    page = await context.new_page()
    await enter(Screen(context, page, network.server, "A"), KARIM)
    await page.goto(f"{network.url}{path}#reponse-{replies[2]}")
    await page.wait_for_url(f"**{path}?reponse={replies[2]}#reponse-{replies[2]}")
    await expect(page.locator(f"#reponse-{replies[2]}")).to_be_in_viewport()
    # What is on no page is asked for once, and the newest page stays.
    missing = str(uuid7())
    await page.goto(f"{network.url}{path}#reponse-{missing}")
    await page.wait_for_url(f"**{path}?reponse={missing}#reponse-{missing}")
    await expect(page.locator(f"#reponse-{replies[-1]}")).to_be_visible()
    await page.get_by_role("link", name="Voir les réponses plus anciennes").click()
    await expect(page.locator(f"#reponse-{replies[39]}")).to_be_visible()
    await context.close()
