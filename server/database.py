"""What migrations that have been released import; everything else says ``server.base.database``."""

from server.base.database import ON_POSTGRES
from server.base.database import execute as change

__all__ = ["ON_POSTGRES", "change"]
