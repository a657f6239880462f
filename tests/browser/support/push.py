"""Pushes in Chromium: its own push service can not be replaced, so a message is put before the worker over CDP.

Covered: the worker, what it shows, and what it does when a notification is touched. Not covered, and left to Firefox:
subscribing, encryption, the push service, a touch by a person (here it is an event that is not trusted), whether
``openWindow`` and ``focus`` are allowed then, and the buttons that the system draws.
"""

import asyncio
from typing import Any

from playwright.async_api import CDPSession, Page, Worker

# Tells when the worker has done all it does for the next push, or with which error.
LISTEN = """() => { self.pushed = new Promise(done => {
  const { waitUntil } = ExtendableEvent.prototype
  ExtendableEvent.prototype.waitUntil = function (promise) {
    if (this.type === "push") {
      ExtendableEvent.prototype.waitUntil = waitUntil
      Promise.resolve(promise).then(() => done(""), error => done(String(error)))
    }
    return waitUntil.call(this, promise)
  }
}) }"""
SHOWN = """async () => (await self.registration.getNotifications()).map(one => ({ title: one.title,
  body: one.body, tag: one.tag, data: one.data, requireInteraction: one.requireInteraction, silent: one.silent,
  actions: one.actions.map(({ action, title }) => [action, title]) }))"""
# Events made by a script have no waitUntil, and without a person's touch no window may be opened or come to the front:
# these are taken down instead.
TOUCH = """async ([kind, index, action]) => {
  const notification = (await self.registration.getNotifications()).at(index)
  if (!notification) throw new Error(`no notification ${index}`)
  const waits = [], done = [], { openWindow } = self.clients, { focus, navigate } = WindowClient.prototype
  const event = new NotificationEvent(kind, { notification, action })
  event.waitUntil = promise => waits.push(promise)
  self.clients.openWindow = async url => { done.push(["openWindow", new URL(url, self.location).href]); return null }
  WindowClient.prototype.focus = async function () { done.push(["focus", this.url]); return this }
  WindowClient.prototype.navigate = async function (url) {
    done.push(["navigate", new URL(url, self.location).href])
    return this
  }
  try {
    if (kind === "notificationclose") notification.close()
    self.dispatchEvent(event)
    // What waits may make more wait.
    for (let seen = 0; seen < waits.length; seen++) await waits[seen]
  } finally {
    self.clients.openWindow = openWindow
    Object.assign(WindowClient.prototype, { focus, navigate })
  }
  return done
}"""


class ChromiumPush:
    """Pushes to the worker of the page that is open; the context has to be that of a persistent profile.

    ``async with ChromiumPush(page) as push``: asks for nothing, the permission is given.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.context = page, page.context

    async def __aenter__(self) -> "ChromiumPush":
        self.origin = await self.page.evaluate("location.origin")
        await self.context.grant_permissions(["notifications"], origin=self.origin)
        await self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.devtools: CDPSession = await self.context.new_cdp_session(self.page)
        found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def note(told: dict[str, Any]) -> None:
            for one in told["registrations"]:
                if one["scopeURL"].startswith(self.origin) and not one["isDeleted"] and not found.done():
                    found.set_result(one["registrationId"])

        self.devtools.on("ServiceWorker.workerRegistrationUpdated", note)
        await self.devtools.send("ServiceWorker.enable")
        self.registration = await asyncio.wait_for(found, 10)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.devtools.detach()

    async def deliver(self, data: str) -> None:
        """A push message with these words reaches the worker, which shows it.

        RuntimeError when the worker fails; TimeoutError when it keeps nobody waiting, so that it might be ended before
        it has shown anything. Chromium may forget a notification when it is asked for them while it is being shown:
        ``getNotifications`` is called after this, not in between.
        """
        worker = self._worker()
        await worker.evaluate(LISTEN)
        told = {"origin": self.origin, "registrationId": self.registration, "data": data}
        await self.devtools.send("ServiceWorker.deliverPushMessage", told)
        if wrong := await asyncio.wait_for(worker.evaluate("self.pushed"), 10):
            raise RuntimeError(wrong)

    async def shown(self) -> list[dict[str, Any]]:
        """The notifications that stand there: title, body, tag, data, requireInteraction, silent, actions.

        Whatever page is open; their order is not that of time.
        """
        return await self._worker().evaluate(SHOWN)

    async def tap(self, index: int, action: str = "") -> list[list[str]]:
        """Call the worker's ``notificationclick``, and wait for all it does.

        The windows that it would have opened, brought to the front or sent elsewhere:
        ``[["openWindow" | "focus" | "navigate", url]]``.
        """
        return await self._worker().evaluate(TOUCH, ["notificationclick", index, action])

    async def dismiss(self, index: int) -> list[list[str]]:
        """Close it, and call the worker's ``notificationclose``."""
        return await self._worker().evaluate(TOUCH, ["notificationclose", index, ""])

    async def count_badges(self) -> None:
        """From now on note what the worker puts on the icon."""
        await self._worker().evaluate("""() => {
          self.badged = []
          navigator.setAppBadge = async count => { self.badged.push(count) }
          navigator.clearAppBadge = async () => { self.badged.push(0) }
        }""")

    async def badges(self) -> list[int]:
        """What it put there since, in order; 0: nothing."""
        return await self._worker().evaluate("self.badged")

    async def break_subscriptions(self) -> None:
        """From now on the worker is not told what the browser is subscribed to."""
        await self._worker().evaluate(
            "() => { PushManager.prototype.getSubscription = () => Promise.reject(new Error('broken')) }"
        )

    def _worker(self) -> Worker:
        return next(one for one in reversed(self.context.service_workers) if one.url.startswith(self.origin))
