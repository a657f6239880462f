"""One worker process of ``tests/help/test_races.py``: the real app, its own loop and its own connections.

It reads JSON lines and answers each with one. ``{"sign_in": [token...]}`` opens a browser for
each token, every second one with htmx. ``{"jobs": [...], "hours": n}`` answers "ready", waits
for the line "go", does all jobs at the same moment, n hours later than now, and answers with
their outcomes in order. A job is ``[browser's index, path, form]``, or ``"lapse"`` for the upkeep's own work.
"""

import asyncio
import json
import re
import sys
from datetime import UTC, datetime, timedelta

from server.base.columns import clock
from server.base.database import close_database, open_database
from server.help import life
from server.views.web.cookies import SESSION as COOKIE
from tests.support.people import Browser, words

_REFUSAL = re.compile(r'<section class="annonce" role="alert"[^>]*>.*?</section>', re.S)


def browser_with(token: str, *, htmx: bool) -> Browser:
    """The browser of whoever holds this session's token, with htmx or without."""
    browser = Browser()
    browser.http.headers["Accept-Encoding"] = "identity"
    if htmx:
        browser.http.headers.update({"HX-Request": "true", "HX-Request-Type": "partial"})
    browser.http.cookies.set(COOKIE, token, domain="palier.test")
    return browser


async def do(browsers: list[Browser], job: list | str) -> dict:
    """Do one job: its status, where it sends one, and the sentence of a refusal.

    The upkeep's has a status of its own: 200, or 500 with the error.
    """
    if job == "lapse":
        try:
            return {"status": 200, "lapsed": await life.lapse()}
        except Exception as error:
            return {"status": 500, "said": repr(error)}
    who, path, form = job
    response = await browsers[who].post(path, form)
    refusal = _REFUSAL.search(response.text)
    return {
        "status": response.status_code,
        "location": response.headers.get("location", ""),
        "said": re.sub(r"<[^>]+>", "", refusal[0]).replace("\u00a0", " ") if refusal else words(response)[:300],
    }


async def main() -> None:
    """Serve the test until it closes the pipe."""
    await open_database()
    browsers: list[Browser] = []
    try:
        for line in sys.stdin:
            order = json.loads(line)
            if "sign_in" in order:
                browsers = [browser_with(token, htmx=n % 2 == 0) for n, token in enumerate(order["sign_in"])]
                answer = "signed in"
            else:
                later = timedelta(hours=order["hours"])
                clock.now = lambda later=later: datetime.now(UTC) + later
                print('"ready"', flush=True)
                assert sys.stdin.readline() == "go\n"
                answer = await asyncio.gather(*(do(browsers, job) for job in order["jobs"]))
            print(json.dumps(answer), flush=True)
    finally:
        await close_database()


if __name__ == "__main__":
    asyncio.run(main())
