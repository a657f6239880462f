"""Every route of the application."""

import re
from uuid import uuid4

from litestar.handlers import HTTPRouteHandler

from server.app import app


def handlers() -> dict[str, tuple[HTTPRouteHandler, str]]:
    """Every handler of the app by name, with a path one can ask for."""
    found = {}
    for route in app.routes:
        for handler in route.route_handlers:
            if handler.name:
                path = re.sub(r"\{\w+:uuid\}", str(uuid4()), handler.paths.copy().pop())
                path = re.sub(r"\{\w+:int\}", "480", path)
                found[handler.name] = (handler, re.sub(r"\{\w+:\w+\}", "merci", path))
    return found


HANDLERS = handlers()
