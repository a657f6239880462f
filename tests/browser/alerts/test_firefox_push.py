"""Pushes in a real Firefox: encrypted, sent over HTTP, shown by its worker, touched, waiting for the next start."""

import json

import pytest

from tests.browser.support.firefox import Firefox, find_firefox, push_prefs
from tests.browser.support.pocket import until
from tests.browser.support.tiny import Tiny
from tests.support.push_sender import Sender
from tests.support.push_service import PushService

pytestmark = pytest.mark.skipif(find_firefox() is None, reason="Firefox is not installed")


async def shown(firefox: Firefox, count: int) -> list[dict]:
    """The alerts, as soon as there are so many."""
    await until(lambda: _showed(firefox, count))
    return await firefox.alerts()


async def _showed(firefox: Firefox, count: int) -> bool:
    return len(await firefox.alerts()) >= count


async def test_firefox_takes_pushes_shows_them_and_lets_them_be_touched(tmp_path):
    sender, profile = Sender(), tmp_path / "firefox"

    def words(title: str, **options) -> bytes:
        return json.dumps({"title": title, **options}).encode()

    async with PushService() as service, Tiny() as tiny:
        async with Firefox(profile, **push_prefs(service)) as firefox:
            await firefox.watch_alerts()
            await firefox.go(tiny.url)
            await until(lambda: _ready(firefox))
            one = await firefox.run(f"subscribe({sender.key!r})")
            # Only who it subscribed with may send.
            assert (await Sender().send(one, b"x"))[0] == 403
            # No page open.
            await firefox.go("about:blank")
            options = {"actions": [{"action": "yes", "title": "J’y vais"}], "data": "/help", "requireInteraction": True}
            await sender.send(one, words("Entraide", body="Une clé à l’abri", tag="a", **options))
            alert = (await shown(firefox, 1))[0]
            assert (alert["title"], alert["text"]) == ("Entraide", "Une clé à l’abri")
            assert (alert["origin"], alert["state"]) == (tiny.url, "shown")
            assert (alert["actions"], alert["requireInteraction"]) == ([["yes", "J’y vais"]], True)
            await until(lambda: service.taken[0].ack == 100)

            # A second one with its tag takes its place; touched, it opens its page.
            await sender.send(one, words("Encore", tag="a", **options))
            alerts = await shown(firefox, 2)
            assert [one["state"] for one in alerts] == ["replaced", "shown"]
            assert alerts[0]["name"] == alerts[1]["name"]
            await firefox.tap(1, "yes")
            await until(lambda: "/help?action=yes" in tiny.asked)

            # Touched beside its buttons; wiped away.
            await sender.send(one, words("Sans bouton", data="/plain"))
            await sender.send(one, words("Non merci", tag="no"))
            await shown(firefox, 4)
            await firefox.tap(2)
            await until(lambda: "/plain?action=" in tiny.asked)
            await firefox.dismiss(3)
            await until(lambda: "/closed/no" in tiny.asked)
            assert [one["state"] for one in (await firefox.alerts())[2:]] == ["tapped", "dismissed"]

            service.tamper = True
            await sender.send(one, words("Falsifié"))
            await until(lambda: service.taken[-1].ack == 101)
            assert len(await firefox.alerts()) == 4
            service.tamper = False

        await sender.send(one, words("Pendant la nuit"), TTL="60")
        assert service.taken[-1].ack is None
        async with Firefox(profile, **push_prefs(service)) as firefox:
            await firefox.watch_alerts()
            assert [one["title"] for one in await shown(firefox, 1)] == ["Pendant la nuit"]
            await until(lambda: service.taken[-1].ack == 100)
            await firefox.go(tiny.url)
            await until(lambda: _ready(firefox))
            assert await firefox.run("leave()") is True
            assert (await sender.send(one, words("Trop tard")))[0] == 410
            assert len(await firefox.alerts()) == 1

            # The push service lost its memory: the worker is told.
            one = await firefox.run(f"subscribe({sender.key!r})")
            await service.forget()
            assert (await sender.send(one, words("Perdu")))[0] == 404
            await until(lambda: "/changed" in tiny.asked)


async def _ready(firefox: Firefox) -> bool:
    return await firefox.run("document.title") == "Ready"
