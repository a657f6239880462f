"""Addresses in what neighbours write, as links."""

from urllib.parse import urlsplit

import idna
from linkify_it import LinkifyIt
from markupsafe import Markup, escape

# Without a scheme only these make an address of two words with a full stop between: "pain.Je" is none.
_ENDS = ["fr", "com", "org", "net", "eu", "info", "lyon", "be", "ch", "io", "coop", "app"]
_finder = LinkifyIt({"ftp:": None, "mailto:": None, "//": None}, {"fuzzy_email": False, "fuzzy_ip": False}).tlds(_ENDS)
_LINK = Markup('<a class="lien" rel="noopener nofollow ugc" href="{}">{}</a>{}')


def linked(text: str) -> Markup:
    """The text, escaped, with each http(s) address in it a link that vouches for nothing (``nofollow ugc``).

    The full stop after an address is none of its. A name in another alphabet is followed by what it really
    is (RFC 5891): two letters that look alike are not one place.
    """
    made, past = Markup(), 0
    for match in _finder.match(text) or ():
        if (really := _really(match.url)) is None:
            continue
        made += escape(text[past : match.index]) + _LINK.format(match.url, match.text, really)
        past = match.last_index
    return made + escape(text[past:])


def _really(url: str) -> str | None:
    """What is said after a link: " (xn--...)" for an international name, else nothing; None for no link of ours."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or "." not in host or parts.port == 0:
            return None
        return "" if host.isascii() else f" ({idna.encode(host, uts46=True).decode()})"
    except (ValueError, idna.IDNAError):
        return None


def parted(address: str) -> Markup:
    """An address to copy: a line may end after each stroke of its path, and no sign is added that is copied too."""
    scheme, stroke, rest = address.rpartition("://")
    return escape(scheme + stroke) + Markup("/<wbr>").join(rest.split("/"))


def host_of(link: str) -> str:
    """The host that a link leads to, as it is read, and what it really is when it is an international name."""
    return f"{urlsplit(link).hostname}{_really(link) or ''}"
