"""Everything the environment may decide, read once into one frozen object."""

import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where Palier keeps its things and how it is reached.

    ``data`` is a folder that only Palier writes to: the SQLite file, the key, the photos.
    ``database_url`` is empty for SQLite, or a ``postgres://`` address.
    ``leases``: hours within which who took an urgent request, one for the week and one
    without haste must say again that they are on it. ``takes``: requests one person may have
    in hand. ``keep``: hours that private words outlive the end of a request.
    ``attempts`` is how often a minute one address may try to sign in or join.
    ``worker``: whether browsers get the service worker, or the one that takes it away.
    ``timezone`` is the quartier's: hours on screen and in forms are read in it.
    """

    data: Path
    database_url: str
    host: str
    port: int
    timezone: str
    reload_templates: bool
    attempts: int
    leases: tuple[int, int, int] = (2, 24, 72)
    takes: int = 2
    keep: int = 48
    worker: bool = True

    @property
    def zone(self) -> ZoneInfo:
        """The quartier's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def sqlite_path(self) -> Path:
        """The SQLite file, inside the data folder."""
        return self.data / "palier.sqlite"


def from_environment(environ: dict[str, str] | None = None) -> Settings:
    """Read ``PALIER_*`` and ``DATABASE_URL``; every one has a default that works."""
    env = os.environ if environ is None else environ
    return Settings(
        data=Path(env.get("PALIER_DATA", ROOT / "data")).resolve(),
        database_url=env.get("DATABASE_URL", ""),
        host=env.get("PALIER_HOST", "localhost"),
        port=int(env.get("PALIER_PORT", "8000")),
        timezone=env.get("PALIER_TIMEZONE", "Europe/Paris"),
        reload_templates=env.get("PALIER_RELOAD", "") == "1",
        attempts=_numbers(env, "PALIER_ATTEMPTS", "20")[0],
        leases=_numbers(env, "PALIER_LEASES", "2,24,72"),
        takes=_numbers(env, "PALIER_TAKES", "2")[0],
        keep=_numbers(env, "PALIER_KEEP", "48")[0],
        worker=env.get("PALIER_WORKER", "") != "off",
    )


def _numbers(env: dict[str, str], name: str, default: str) -> tuple[int, ...]:
    """As many whole numbers above zero as the default has; else one sentence, and no start."""
    said = env.get(name, default)
    parts = said.split(",")
    if len(parts) != len(default.split(",")) or not all(part.strip().isdecimal() and int(part) for part in parts):
        raise SystemExit(f"{name} vaut « {said} », ce qui ne convient pas : écrivez-le comme {default}.")
    return tuple(int(part) for part in parts)


settings = from_environment()
