"""Puts Palier together. No logic here: routes, the door, the headers, what runs beside."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.base import custody, watch
from server.base.columns import now
from server.base.database import close_database, open_database
from server.base.faults import Trouble, tell
from server.base.ids import go_on_from, moment_of_id
from server.posts import photo_files as photo_files
from server.running import upkeep
from server.running.newest import newest_row
from server.running.opening import note_served
from server.sending.push import process as sender
from server.views.board import routes as board
from server.views.help import mutual_aid, news, offers, private_part, proxy, steps
from server.views.install import routes as install
from server.views.mail import routes as mail
from server.views.moderation import alarms, doors, numbers
from server.views.moderation import routes as moderation
from server.views.people import alerts, home, invitations, leaving, neighbours, other_screen
from server.views.photos import routes as photos
from server.views.pocket import routes as pocket
from server.views.posts import compose, manage
from server.views.posts import routes as posts
from server.views.replies import routes as replies
from server.views.session import routes as session
from server.views.web import assets, door, errors, page
from server.views.web.headers import add_headers
from server.views.welcome import founding, joining

MODULES = (
    assets, board, posts, compose, manage, replies, home, alerts, invitations, leaving, neighbours, other_screen, steps,
    private_part, offers, proxy, news, session, founding, joining,
    moderation, alarms, doors, mutual_aid, photos, numbers, pocket, install, mail,
)  # fmt: skip


@asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    """Open the database and upkeep with the server, and close them with it."""
    await open_database()
    await custody.learn_epoch()
    await begin_watch()
    async with upkeep.running(), sender.running(), page.warming():
        # What was loaded until now stays: the collector need not go through it again while neighbours wait.
        gc.collect()
        gc.freeze()
        yield
    watch.end()
    photo_files.stop()
    await close_database()


async def begin_watch() -> None:
    """What is there now is what has to stay; ids go on from the newest, whatever the clock says."""
    newest = await newest_row()
    if not watch.begin(now(), newest and moment_of_id(newest)):
        tell(Trouble.CLOCK)
    if newest:
        go_on_from(newest)
    note_served()


@get("/{path:path}", opt={"public": True}, name="nowhere")
async def nowhere(path: FromPath[str]) -> None:
    """Every other address: it goes through the door like the rest, so that its 404 knows who asks."""
    raise NotFoundException


class Palier(Litestar):
    """Litestar, which also answers HEAD as a GET whose body is not sent (RFC 9110, 9.3.2)."""

    async def __call__(self, scope, receive, send) -> None:
        """The server keeps the first scope, and so knows to leave the body out."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await super().__call__(scope, receive, send)


def routes() -> list:
    """Every route handler of the view modules."""
    from litestar.handlers import HTTPRouteHandler

    return [thing for module in MODULES for thing in vars(module).values() if isinstance(thing, HTTPRouteHandler)]


app = Palier(
    [*routes(), nowhere],
    guards=[door.guard],
    exception_handlers={Exception: errors.show},
    before_send=[add_headers],
    lifespan=[lifespan],
    openapi_config=None,
    request_max_body_size=None,
    # Litestar would set up handlers of its own, through which a token could reach a log.
    logging_config=None,
)
