"""What Piccolo looks for: the engine and the list of applications."""

from piccolo.conf.apps import AppRegistry

from server.base.database import engine

DB = engine
APP_REGISTRY = AppRegistry(apps=["server.piccolo_app"])
