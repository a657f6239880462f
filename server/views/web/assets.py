"""The files of ``web/`` that pages refer to, kept in memory under an address that names their content.

Every file lives under ``/static/<build>/``, where build is a hash of them all: relative imports
between modules and ``url()`` in style sheets work untouched, and browsers may keep them for ever.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from server.base.settings import ROOT, settings
from server.text.negotiation import accepts

SERVED = ("css", "js", "icons", "fonts", "vendor", "screens")
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".sha256": "text/plain"}
# A line that is a comment from its beginning: for whoever reads the source, not for the line to a telephone.
_COMMENT = re.compile(rb"^[ \t]*//.*$", re.MULTILINE)
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, and the same gzipped when that is smaller."""

    body: bytes
    squeezed: bytes | None
    media_type: str


@dataclass(frozen=True)
class Assets:
    """All of them, and the build they make together."""

    build: str
    files: dict[str, Asset]

    def url(self, name: str) -> str:
        """The address of a file; KeyError when there is none of that name."""
        self.files[name]
        return f"/static/{self.build}/{name}"


@cache
def _read_once() -> Assets:
    return _read()


def assets() -> Assets:
    """The files of this build (read anew at each call while templates are being worked on)."""
    return _read() if settings.reload_templates else _read_once()


def _read() -> Assets:
    files, build = {}, hashlib.sha256()
    for folder in SERVED:
        for path in sorted((ROOT / "web" / folder).rglob("*")):
            if path.is_file():
                name = path.relative_to(ROOT / "web").as_posix()
                body = path.read_bytes()
                build.update(name.encode() + b"\0" + body)
                ours = path.suffix == ".js" and folder == "js"
                # The lines stay, so that an error names the right one.
                files[name] = _asset(path.suffix, _COMMENT.sub(b"", body) if ours else body)
    return Assets(build.hexdigest()[:12], files)


def _asset(suffix: str, body: bytes) -> Asset:
    media_type = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    squeezed = gzip.compress(body, 9, mtime=0)
    return Asset(body, squeezed if len(squeezed) < len(body) * 0.9 else None, media_type)


@get("/static/{build:str}/{name:path}", opt={"public": True, "light": True}, name="asset")
async def asset(request: Request, build: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """Serve a file. A page of an older build gets today's file, but may not keep it."""
    found = assets().files.get(name.lstrip("/"))
    if found is None:
        raise NotFoundException
    headers = {"Cache-Control": FOREVER if build == assets().build else "no-cache", "Vary": "Accept-Encoding"}
    if found.squeezed and accepts(request.headers.get("accept-encoding", ""), "gzip"):
        return Response(found.squeezed, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.body, media_type=found.media_type, headers=headers)
