"""The worker that decodes what somebody sent: run by ``photo_files.py`` as a process of its own.

A photo is the most hostile thing that the board reads, so it is read where nothing can be lost:
a process without our settings, with a limit on memory, on seconds and on files, killed when it
takes too long. It imports nothing of ours and is started by its path.

    python -P photo_worker.py MEMORY SECONDS PIXELS < photo

It writes one line of JSON, ``{"refused": CODE}`` or ``{"sizes": [[width, height, bytes], ...]}``,
the largest first, and after it the WebP files in that order.
"""

import contextlib
import io
import json
import resource
import sys
import warnings

WIDTHS = (480, 960, 1600)
# A photo taller than this is shrunk further; WebP itself ends at 16383.
TALLEST = 3200
QUALITY = 80
READ = ("JPEG", "PNG", "WEBP", "GIF")
# ISO/IEC 23008-12, annex B: the brands with which a HEIF file starts.
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# TIFF 6.0, tag 274: how to turn the picture, by the name that Pillow gives the turn.
TURNS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
    6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip
LARGEST_PROFILE = 1024 * 1024


class Unfit(Exception):
    """Why there is no photo; its argument is a code that ``photo_files.SENTENCES`` puts into words."""


def limit(memory: int, seconds: int) -> None:
    """Bound this process before it has read a byte: address space in bytes, CPU in seconds, no file, no core."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # First the signal by which one knows why, then, should a library ignore it, the end.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def work(data: bytes, most_pixels: int) -> list[tuple[int, int, bytes]]:
    """The photo as WebP, the largest first: (width, height, bytes) each. Raises Unfit."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = most_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        raise Unfit("heic")
    try:
        with Image.open(io.BytesIO(data), formats=READ) as image:
            # Only JPEG decodes at a fraction of its size; telephones send nothing else so large.
            if image.width * image.height > (most_pixels if image.format in ("JPEG", "MPO") else most_pixels // 2):
                raise Unfit("huge")
            return encode(clean(image))
    except UnidentifiedImageError:
        raise Unfit("unknown") from None
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("huge") from None
    except Unfit:
        raise
    except Exception:
        # Whatever a decoder trips over in a hostile file comes out as any exception at all.
        raise Unfit("damaged") from None


def clean(image):
    """The first frame, upright, in sRGB on white, no larger than we keep, with nothing else in it."""
    from PIL import Image

    turn = orientation(image)
    box = (TALLEST, WIDTHS[-1]) if turn >= 5 else (WIDTHS[-1], TALLEST)
    # JPEG decodes at a half, a quarter or an eighth for a fraction of the time and memory.
    image.draft(None, fitting(image.size, box))
    image.load()
    profile = image.info.get("icc_profile")
    small = plain(image)
    small = small.resize(fitting(small.size, box), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if turn in TURNS:
        small = small.transpose(Image.Transpose[TURNS[turn]])
    small = in_srgb(small, profile)
    result = Image.new("RGB", small.size, "white")
    if "A" in small.getbands():
        result.paste(small.convert("RGB"), mask=small.getchannel("A"))
    else:
        result.paste(small.convert("RGB"))
    return result


def orientation(image) -> int:
    """1 to 8 as the camera noted it; 1 where its notes cannot be read."""
    with contextlib.suppress(Exception):
        turn = image.getexif().get(274)
        return turn if turn in TURNS else 1
    return 1


def fitting(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """``size`` shrunk into ``box``, never enlarged, at least one pixel each way."""
    scale = min(1.0, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def plain(image):
    """The picture in a mode that can be shrunk well: L, LA, RGB, RGBA or CMYK."""
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    if image.mode.startswith("I"):
        # 16 bits of grey, which a plain conversion would cut off at white.
        return image.convert("I").point([value >> 8 for value in range(65536)], "L")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    return image.convert("RGB")


def in_srgb(image, profile: bytes | None):
    """Telephones photograph in wider colours than the web shows; without their profile they would look dull."""
    if not profile or len(profile) > LARGEST_PROFILE or image.mode not in ("RGB", "CMYK"):
        return image
    with contextlib.suppress(Exception):
        from PIL import ImageCms

        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image


def encode(image) -> list[tuple[int, int, bytes]]:
    """WebP in its own width and every smaller one of WIDTHS."""
    from PIL import Image

    found = []
    for width in (image.width, *(one for one in reversed(WIDTHS) if one < image.width)):
        height = max(1, round(image.height * width / image.width))
        sized = image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
        kept = io.BytesIO()
        sized.save(kept, "WEBP", quality=QUALITY, method=4)
        found.append((width, height, kept.getvalue()))
    return found


def main() -> None:
    """Limit ourselves, read, work, answer."""
    memory, seconds, most_pixels = (int(word) for word in sys.argv[1:4])
    limit(memory, seconds)
    out = sys.stdout.buffer
    try:
        files = work(sys.stdin.buffer.read(), most_pixels)
    except Unfit as unfit:
        out.write(json.dumps({"refused": unfit.args[0]}).encode() + b"\n")
        return
    except MemoryError:
        out.write(b'{"refused": "huge"}\n')
        return
    out.write(json.dumps({"sizes": [[width, height, len(body)] for width, height, body in files]}).encode() + b"\n")
    for _width, _height, body in files:
        out.write(body)


if __name__ == "__main__":
    main()
