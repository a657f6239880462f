"""The smallest page and worker that take pushes: they prove the tools before the board is tested with them."""

from aiohttp import web

PAGE = """<!doctype html><meta charset=utf-8><title>Tiny</title><h1>Tiny</h1><script type=module>
await navigator.serviceWorker.register("/worker.js")
const ready = await navigator.serviceWorker.ready
window.subscribe = async key => {
  const one = await ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  return one.toJSON()
}
window.leave = async () => (await ready.pushManager.getSubscription()).unsubscribe()
document.title = "Ready"
</script>"""
WORKER = """
self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()))
self.addEventListener("push", event => {
  const { title, ...options } = event.data.json()
  event.waitUntil(self.registration.showNotification(title, options))
})
self.addEventListener("notificationclick", event => {
  const { notification, action } = event
  notification.close()
  event.waitUntil(self.clients.openWindow(`${notification.data}?action=${action}`))
})
self.addEventListener("notificationclose", event => event.waitUntil(fetch(`/closed/${event.notification.tag}`)))
self.addEventListener("pushsubscriptionchange", event => event.waitUntil(fetch("/changed")))
"""


class Tiny:
    """``async with Tiny() as tiny``: served at ``tiny.url``; ``tiny.asked`` holds the paths that were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __aenter__(self) -> "Tiny":
        app = web.Application()
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        # Browsers take localhost for a safe place.
        self.url = f"http://localhost:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        if request.path == "/worker.js":
            return web.Response(text=WORKER, content_type="text/javascript")
        return web.Response(text=PAGE, content_type="text/html")
