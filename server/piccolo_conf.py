"""What Piccolo looks for: the engine and the list of applications."""

from piccolo.conf.apps import AppRegistry

from server.database import engine

DB = engine
APP_REGISTRY = AppRegistry(apps=["server.tables.piccolo_app"])
