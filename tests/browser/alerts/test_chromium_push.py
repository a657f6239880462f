"""Pushes in Chromium, put before the worker over CDP."""

import json

import pytest
from playwright.async_api import Error

from tests.browser.support.push import ChromiumPush
from tests.browser.support.tiny import Tiny

pytestmark = pytest.mark.alerts


async def test_chromium_shows_what_is_delivered_and_its_worker_is_touched(phone):
    context = await phone()
    page = context.pages[0]
    async with Tiny() as tiny:
        await page.goto(tiny.url)
        async with ChromiumPush(page) as push:
            options = {"actions": [{"action": "yes", "title": "J’y vais"}], "tag": "a", "data": "/help"}
            await push.deliver(json.dumps({"title": "Entraide", "body": "Une clé", **options}))
            assert await push.shown() == [
                {"title": "Entraide", "body": "Une clé", "tag": "a", "data": "/help", "requireInteraction": False,
                 "silent": False, "actions": [["yes", "J’y vais"]]}
            ]  # fmt: skip
            # No page open.
            await page.goto("about:blank")
            await push.deliver(json.dumps({"title": "Encore", **options}))
            await push.deliver(json.dumps({"title": "Autre", "tag": "b", "data": "/other"}))
            places = {one["title"]: index for index, one in enumerate(await push.shown())}
            assert set(places) == {"Encore", "Autre"}
            assert await push.tap(places["Encore"], "yes") == [["openWindow", f"{tiny.url}/help?action=yes"]]
            assert [one["title"] for one in await push.shown()] == ["Autre"]
            assert await push.dismiss(0) == []
            assert "/closed/b" in tiny.asked
            assert await push.shown() == []
            with pytest.raises(Error, match="no notification 0"):
                await push.tap(0)
            with pytest.raises(RuntimeError, match="TypeError"):
                await push.deliver(json.dumps({"title": "Deux fois", "renotify": True}))
