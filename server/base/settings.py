"""Everything the environment may decide, read once into one frozen object."""

import ipaddress
import os
import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
LOCALHOST = ("localhost", "127.0.0.1", "::1")
# An address that needs no quoting anywhere (RFC 5322, 3.2.3: a dot-atom, at a host's name).
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
MAILBOX = re.compile(
    rf"(?=[^@]{{1,64}}@[^@]{{1,255}}$){_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII
)
PUSH_HOSTS = "fcm.googleapis.com,.push.services.mozilla.com,.push.apple.com,.notify.windows.com"


@dataclass(frozen=True)
class Smtp:
    """A mail server. ``tls``: from the first byte; else by STARTTLS, which only this machine may do without."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        return self.host in LOCALHOST


@dataclass(frozen=True)
class Settings:
    """Where Palier keeps its things and how it is reached.

    ``data`` is a folder that only Palier writes to: the SQLite file, the key, the photos.
    ``database_url`` is empty for SQLite, or a ``postgres://`` address.
    ``leases``: hours within which who took an urgent request, one for the week and one
    without haste must say again that they are on it. ``takes``: requests one person may have
    in hand. ``doors``: how many private parts one person may open a day without asking first.
    ``budgets``: by how much the figures of ``server.base.budgets`` are multiplied.
    ``keep``: hours that private words outlive the end of a request.
    ``attempts`` is how often a minute one address may fail to sign in or join.
    ``alarm``: minutes without a taker after which everybody, then the admins hear of an urgent
    request. ``alarms``: urgent requests one person may raise a day before a moderator is asked.
    ``worker``: whether browsers get the service worker, or the one that takes it away.
    ``proxies``: addresses or networks of the reverse proxy, which alone is believed when it says
    for whom it asks. ``address`` is what neighbours type, where it is not host and port.
    ``timezone`` is the quartier's: hours on screen and in forms are read in it.
    ``push_hosts``: push services that alerts may be sent to, a leading dot for any subdomain.
    ``push_origin``: one more by scheme, host and port, which alone may be http or on this network.
    ``smtp``: the server that email goes through, and ``mail_from`` whom it comes from; None: no email.
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
    doors: int = 4
    budgets: int = 1
    keep: int = 48
    alarm: tuple[int, int] = (10, 40)
    alarms: int = 3
    patience: tuple[int, int] = (10, 60)
    places: int = 800
    worker: bool = True
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    address: str = ""
    push_hosts: tuple[str, ...] = tuple(PUSH_HOSTS.split(","))
    push_origin: str = ""
    smtp: Smtp | None = None
    mail_from: str = ""

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
    return _with_mail(
        Settings(
            data=Path(env.get("PALIER_DATA", ROOT / "data")).resolve(),
            database_url=env.get("DATABASE_URL", ""),
            host=env.get("PALIER_HOST", "localhost"),
            port=int(env.get("PALIER_PORT", "8000")),
            timezone=env.get("PALIER_TIMEZONE", "Europe/Paris"),
            reload_templates=env.get("PALIER_RELOAD", "") == "1",
            attempts=_numbers(env, "PALIER_ATTEMPTS", "20")[0],
            leases=_numbers(env, "PALIER_LEASES", "2,24,72"),
            takes=_numbers(env, "PALIER_TAKES", "2")[0],
            doors=_numbers(env, "PALIER_DOORS", "4")[0],
            budgets=_numbers(env, "PALIER_BUDGETS", "1")[0],
            keep=_numbers(env, "PALIER_KEEP", "48")[0],
            alarm=_rising(env, "PALIER_ALARM", "10,40"),
            alarms=_numbers(env, "PALIER_ALARMS", "3")[0],
            patience=_numbers(env, "PALIER_PATIENCE", "10,60"),
            places=_numbers(env, "PALIER_PLACES", "800")[0],
            worker=env.get("PALIER_WORKER", "") != "off",
            proxies=_networks(env, "PALIER_PROXY", "127.0.0.1,::1"),
            address=_origin(env, "PALIER_ADDRESS"),
            push_hosts=_hosts(env, "PALIER_PUSH_HOSTS", PUSH_HOSTS),
            push_origin=_origin(env, "PALIER_PUSH_ORIGIN"),
            smtp=_smtp(env, "PALIER_SMTP"),
            mail_from=_mailbox(env, "PALIER_MAIL_FROM"),
        )
    )


def _numbers(env: dict[str, str], name: str, default: str) -> tuple[int, ...]:
    """As many whole numbers above zero as the default has; else one sentence, and no start."""
    said = env.get(name, default)
    parts = said.split(",")
    if len(parts) != len(default.split(",")) or not all(part.strip().isdecimal() and int(part) for part in parts):
        raise SystemExit(f"{name} vaut « {said} », ce qui ne convient pas : écrivez-le comme {default}.")
    return tuple(int(part) for part in parts)


def _rising(env: dict[str, str], name: str, default: str) -> tuple[int, ...]:
    """The same, each more than the one before."""
    numbers = _numbers(env, name, default)
    if any(one >= following for one, following in pairwise(numbers)):
        raise SystemExit(f"{name} vaut « {env[name]} », ce qui ne convient pas : écrivez-le comme {default}.")
    return numbers


def _networks(env: dict[str, str], name: str, default: str) -> tuple[str, ...]:
    """Addresses and networks, none when it is empty; never "everybody"."""
    said = env.get(name, default)
    try:
        found = [ipaddress.ip_network(part.strip()) for part in said.split(",") if part.strip()]
        if not all(network.prefixlen for network in found):
            raise ValueError
    except ValueError:
        raise SystemExit(
            f"{name} vaut « {said} », ce qui ne convient pas :"
            f" écrivez les adresses du proxy comme {default} ou 172.17.0.0/16."
        ) from None
    return tuple(str(network) for network in found)


def _hosts(env: dict[str, str], name: str, default: str) -> tuple[str, ...]:
    """Names of at least two labels, in lower case, a leading dot kept; none when it is empty; no addresses."""
    said = env.get(name, default)
    found = tuple(part.strip().lower() for part in said.split(",") if part.strip())
    label = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
    if not all(re.fullmatch(rf"\.?({label}\.)+(?=[a-z]){label}", host) for host in found):
        raise SystemExit(f"{name} vaut « {said} », ce qui ne convient pas : écrivez les noms comme {default}.")
    return found


def _origin(env: dict[str, str], name: str) -> str:
    """A scheme and a host, or nothing."""
    said = env.get(name, "").strip()
    shape = r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?/?"
    if said and not (re.fullmatch(shape, said) and _is_sound(said)):
        raise SystemExit(f"{name} vaut « {said} », ce qui ne convient pas : écrivez-le comme https://palier.example.")
    return said.rstrip("/")


def _smtp(env: dict[str, str], name: str) -> Smtp | None:
    """``smtp://user:password@host:587`` or ``smtps://…:465``, or nothing. A refusal never repeats it."""
    said = env.get(name, "").strip()
    if not said:
        return None
    try:
        parts = urlsplit(said)
        host, local = parts.hostname or "", parts.hostname in LOCALHOST
        user, password = (unquote(one or "", errors="strict") for one in (parts.username, parts.password))
        sound = (
            parts.scheme in ("smtp", "smtps")
            and (local or re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", host))
            and not (parts.path.strip("/") or parts.query or parts.fragment)
            and bool(user) == bool(password)
            and (user + password).isprintable()
        )
        port = parts.port
        if not sound or port == 0:
            raise ValueError
    except ValueError:
        raise SystemExit(
            f"{name} ne convient pas : écrivez-le comme smtp://nom:motdepasse@smtp.example:587 ou"
            " smtps://nom:motdepasse@smtp.example:465, les signes comme @ ou / du mot de passe en %40 ou %2F."
        ) from None
    tls = parts.scheme == "smtps"
    return Smtp(host, port or (465 if tls else 25 if local else 587), tls, user, password)


def _mailbox(env: dict[str, str], name: str) -> str:
    """An address for email, or nothing."""
    said = env.get(name, "").strip()
    if said and not MAILBOX.fullmatch(said):
        raise SystemExit(f"{name} vaut « {said} », ce qui ne convient pas : écrivez-le comme palier@quartier.example.")
    return said


def _with_mail(read: Settings) -> Settings:
    """The same, if email that would leave also says whom it is from and where its links lead."""
    for name, value in (("PALIER_MAIL_FROM", read.mail_from), ("PALIER_ADDRESS", read.address)):
        if read.smtp and not value:
            example = "palier@quartier.example" if "FROM" in name else "https://palier.example"
            raise SystemExit(
                f"PALIER_SMTP est réglé mais {name} manque : un courriel doit dire d’où il vient et mener"
                f" au tableau. Ajoutez-le, par exemple {example}."
            )
    return read


def _is_sound(address: str) -> bool:
    """Whether an IPv6 address in it is one, and the port."""
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


settings = from_environment()
