"""Every route of help, from the application's own table."""

from server.app import routes


def help_routes() -> dict[str, tuple[str, str]]:
    """Every route of ``views/help`` by name: method and path."""
    return {
        handler.name: (next(iter(handler.http_methods - {"OPTIONS", "HEAD"})), next(iter(handler.paths)))
        for handler in routes()
        if handler.fn.__module__.startswith("server.views.help.")
    }


ROUTES = help_routes()
