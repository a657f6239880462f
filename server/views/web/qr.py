"""A QR square as SVG that the content policy allows: no style attribute, no script."""

import segno
from litestar import Request
from markupsafe import Markup


def qr(address: str, label: str) -> Markup:
    """The square of an address (ISO/IEC 18004, error correction M), two modules of quiet zone."""
    code = segno.make(address, error="m", micro=False)
    size = code.symbol_size(border=2)[0]
    path = "".join(
        f"M{x + 2} {y + 2}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark
    )
    return Markup(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}">'
        '<path fill="#fff" stroke="none" d="M0 0h{}v{}H0z"/><path fill="#000" stroke="none" d="{}"/></svg>'
    ).format(label, size, size, size, size, path)


def absolute(request: Request, path: str) -> str:
    """An address that another telephone can open."""
    return f"{request.url.scheme}://{request.headers.get('host', 'localhost')}{path}"
