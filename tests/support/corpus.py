"""Photos good and bad, made here: nothing binary lies in the repository."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

from PIL import Image

GPS = 34853
ORIENTATION = 274


def picture(width: int = 1200, height: int = 900, mode: str = "RGB") -> Image.Image:
    """A slanting shade, dark at the left and red at the top, so that one sees how it is turned."""
    grey = Image.linear_gradient("L").resize((width, height))
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    return Image.merge("RGB", (grey, across, grey)).convert(mode)


def saved(image: Image.Image, format: str, **options) -> bytes:
    """The bytes of a file of this format."""
    kept = io.BytesIO()
    image.save(kept, format, **options)
    return kept.getvalue()


def jpeg(width: int = 1200, height: int = 900, **options) -> bytes:
    """An ordinary JPEG."""
    return saved(picture(width, height), "JPEG", **options)


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG (PNG, 5.3)."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int, height: int, *more: bytes, depth: int = 8, colour: int = 2, channels: int = 3, rows: int = 0
) -> bytes:
    """A valid PNG of one colour, packed row by row: its pixels are never all in memory.

    With ``rows`` it holds only so many of them.
    """
    packer = zlib.compressobj(9)
    row = b"\0" + b"\x55" * (width * channels * depth // 8)
    packed = b"".join([packer.compress(row) for _ in range(rows or height)]) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@cache
def zeros(size: int) -> bytes:
    """Very little that unpacks to very much."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    return b"".join([packer.compress(block) for _ in range(size >> 20)]) + packer.flush()


def with_exif(**tags) -> bytes:
    """A JPEG whose camera noted where it was, and how it was held."""
    exif = Image.Exif()
    exif[ORIENTATION] = tags.get("turn", 1)
    exif[271] = "CANARI-MARQUE"
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "N", (45.0, 43.0, 52.5)
    return jpeg(900, 600, exif=exif)


def exif_bomb() -> bytes:
    """A JPEG with sixty EXIF segments of 64 KB each."""
    plain = jpeg(300, 200)
    segment = b"\xff\xe1" + struct.pack(">H", 65533) + b"Exif\0\0" + b"II*\0\x08\0\0\0" + b"\xff" * (65533 - 16)
    return plain[:2] + segment * 60 + plain[2:]


def looping_exif() -> bytes:
    """A JPEG whose EXIF directory points at itself."""
    loop = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 34665, 4, 1, 8) + struct.pack("<I", 8)
    plain = jpeg(300, 200)
    body = b"Exif\0\0" + loop
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def animated(format: str) -> bytes:
    """Three frames: red, green, blue."""
    frames = [Image.new("RGB", (600, 400), colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


def heic() -> bytes:
    """How a photo of an iPhone begins (ISO/IEC 14496-12, 4.3)."""
    return struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(2000)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert('CANARI-HTML')</script></html>"


# What becomes a photo, however odd it is: each as a function that makes it, since some take long.
GOOD: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: jpeg(), "progressive": lambda: jpeg(progressive=True), "12 megapixels": lambda: jpeg(4000, 3000),
    "49 megapixels": lambda: jpeg(8000, 6120),
    "cmyk": lambda: saved(picture(mode="CMYK"), "JPEG"), "grey": lambda: saved(picture(mode="L"), "JPEG"),
    "16-bit grey": lambda: png(1200, 900, depth=16, colour=0, channels=1),
    "16-bit colour": lambda: png(1200, 900, depth=16),
    "palette": lambda: saved(picture(mode="P"), "PNG"), "one bit": lambda: saved(picture(mode="1"), "PNG"),
    "transparent": lambda: saved(Image.new("RGBA", (800, 600), (255, 0, 0, 0)), "PNG"),
    "animated gif": lambda: animated("GIF"), "animated webp": lambda: animated("WEBP"),
    "polyglot": lambda: jpeg() + HTML, "html in its comment": lambda: jpeg(comment=HTML),
    "gps": lambda: with_exif(), "exif bomb": lambda: exif_bomb(), "looping exif": lambda: looping_exif(),
    "rows missing": lambda: png(4000, 4000, rows=40),
    "one pixel": lambda: saved(Image.new("RGB", (1, 1)), "PNG"),
    "60000 x 1": lambda: saved(Image.new("RGB", (60000, 1)), "PNG"),
    "1 x 60000": lambda: saved(Image.new("RGB", (1, 60000)), "PNG"),
}  # fmt: skip

# What is refused, and the code of its sentence.
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "175 megapixels": (lambda: png(13000, 13500), "huge"), "30 megapixels png": (lambda: png(6000, 5000), "huge"),
    "huge gif": (lambda: saved(Image.new("P", (9000, 9000)), "GIF"), "huge"),
    "truncated jpeg": (lambda: jpeg()[:20000], "damaged"),
    "truncated png": (lambda: saved(picture(), "PNG")[:-3000], "damaged"),
    "profile bomb": (lambda: png(40, 40, chunk(b"iCCP", b"x\0\0" + zeros(1 << 30))), "damaged"),
    "text bomb": (lambda: png(40, 40, *[chunk(b"zTXt", b"x\0\0" + zeros(1 << 30))] * 5), "damaged"),
    "nothing": (lambda: b"", "empty"), "too heavy": (lambda: jpeg(300, 200) + bytes(12 << 20), "heavy"),
    "text": (lambda: b"Bonjour", "unknown"), "svg": (lambda: SVG, "unknown"), "html": (lambda: HTML, "unknown"),
    "heic": (lambda: heic(), "heic"), "tiff": (lambda: saved(picture(), "TIFF"), "unknown"),
    "eps": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "unknown"),
    "pdf": (lambda: saved(picture(), "PDF"), "unknown"),
}  # fmt: skip
