"""What people send as a photo: a corpus of the good, the odd and the hostile; the worker; the files."""

import asyncio
import io
import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image, ImageCms, ImageOps, ImageStat

from server.base.columns import now
from server.base.database import execute
from server.base.settings import ROOT
from server.posts import photo_files
from server.posts.photo import Photo
from server.posts.post import Post
from server.running import upkeep
from tests.support import corpus
from tests.support.corpus import BAD, GOOD, saved
from tests.support.makers import found, neighbour, put_up, set_clock

pytestmark = [pytest.mark.one_engine, pytest.mark.long]


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_file_is_a_sentence(name):
    make, code = BAD[name]
    with pytest.raises(photo_files.Refused) as refused:
        await photo_files.prepare(make())
    assert refused.value.code == code
    assert refused.value.message.endswith(".") and "%(" not in refused.value.message % refused.value.values
    assert not photo_files._working


@pytest.mark.parametrize("name", GOOD)
async def test_an_odd_file_becomes_a_clean_photo(name):
    made = await photo_files.prepare(GOOD[name]())
    assert tuple(sorted(made.files)) == photo_files.widths(made.width)
    for width, body in made.files.items():
        with Image.open(io.BytesIO(body)) as image:
            assert (image.format, image.mode, image.width, image.n_frames) == ("WEBP", "RGB", width, 1)
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        assert b"CANARI" not in body and b"<html" not in body
        assert body[12:16] == b"VP8 "


def opened(made: photo_files.Prepared) -> Image.Image:
    return Image.open(io.BytesIO(made.files[made.width]))


@pytest.mark.parametrize(
    ("size", "widths", "largest"),
    [
        ((4000, 3000), (480, 960, 1600), (1600, 1200)), ((1000, 500), (480, 960, 1000), (1000, 500)),
        ((480, 300), (480,), (480, 300)), ((200, 100), (200,), (200, 100)),
        ((3000, 4000), (480, 960, 1600), (1600, 2133)),
        ((1000, 6400), (480, 500), (500, 3200)),
    ],
)  # fmt: skip
async def test_three_widths_and_none_is_enlarged(size, widths, largest):
    made = await photo_files.prepare(corpus.jpeg(*size))
    assert (tuple(sorted(made.files)), (made.width, made.height)) == (widths, largest)


@pytest.mark.parametrize("turn", range(1, 9))
async def test_a_photo_stands_as_it_was_held(turn):
    sent = corpus.with_exif(turn=turn)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(sent)))
    shown = opened(await photo_files.prepare(sent))
    assert shown.size == upright.size
    for corner in ((20, 20), (shown.width - 20, 20), (20, shown.height - 20)):
        wanted, seen = upright.getpixel(corner), shown.getpixel(corner)
        assert all(abs(a - b) < 20 for a, b in zip(wanted, seen, strict=True)), (turn, corner)


async def test_colours_stay_what_they_were():
    """CMYK is not inverted, 16 bits are not cut off at white, what is transparent is white."""
    for name in ("cmyk", "grey", "palette"):
        sent = Image.open(io.BytesIO(GOOD[name]())).convert("RGB")
        before, after = ImageStat.Stat(sent).mean, ImageStat.Stat(opened(await photo_files.prepare(GOOD[name]()))).mean
        assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < 6, name
    for name in ("16-bit grey", "16-bit colour"):
        assert all(
            abs(channel - 0x55) < 6 for channel in opened(await photo_files.prepare(GOOD[name]())).getpixel((50, 50))
        )
    assert opened(await photo_files.prepare(GOOD["transparent"]())).getpixel((50, 50)) == (255, 255, 255)
    assert opened(await photo_files.prepare(GOOD["animated gif"]())).getpixel((50, 50))[0] > 200


async def test_a_colour_profile_is_worked_in_and_a_hostile_one_passed_over():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # Its directory says that red is green.
    swapped = srgb.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    other = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    red = Image.new("RGB", (300, 200), (220, 30, 30))
    plain = await photo_files.prepare(saved(red, "JPEG"))
    assert opened(plain).getpixel((9, 9))[0] > 200
    shown = opened(await photo_files.prepare(saved(red, "JPEG", icc_profile=swapped))).getpixel((9, 9))
    assert shown[1] > 180 and shown[0] < 120
    for harmless in (srgb, other, b"x" * 5000, srgb[:300]):
        made = await photo_files.prepare(saved(red, "JPEG", icc_profile=harmless))
        assert opened(made).getpixel((9, 9))[0] > 200


MEASURE = """
import json, os, subprocess, sys
worker = subprocess.Popen(sys.argv[2:], stdin=open(sys.argv[1], "rb"), stdout=subprocess.PIPE)
head = worker.stdout.readline(); worker.stdout.read()
usage = os.wait4(worker.pid, 0)[2]
print(json.dumps([json.loads(head or b'{}'), usage.ru_maxrss * 1024]))
"""


def measured(tmp_path, data: bytes, memory: int) -> tuple[dict, int]:
    """What a worker with so much memory says, and the most it held. Started by a small process:
    Linux counts what a process held before it became another one."""
    file = tmp_path / "photo"
    file.write_bytes(data)
    command = [
        sys.executable,
        "-c",
        MEASURE,
        str(file),
        *photo_files.COMMAND,
        str(memory),
        "6",
        str(photo_files.MOST_PIXELS),
    ]
    said, most = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    return said, most


def test_the_worker_holds_no_more_memory_than_it_may(tmp_path):
    large = corpus.png(4900, 4900, colour=6, channels=4)
    said, most = measured(tmp_path, large, photo_files.MEMORY)
    assert "sizes" in said and most < photo_files.MEMORY
    said, most = measured(tmp_path, large, 128 << 20)
    assert said == {"refused": "huge"} and most < 128 << 20
    for name in ("175 megapixels", "profile bomb", "text bomb"):
        said, most = measured(tmp_path, BAD[name][0](), photo_files.MEMORY)
        assert "refused" in said and most < 128 << 20, name


async def test_a_worker_without_enough_memory_is_a_sentence(monkeypatch):
    monkeypatch.setattr(photo_files, "MEMORY", 16 << 20)
    with pytest.raises(photo_files.Refused):
        await photo_files.prepare(GOOD["jpeg"]())
    monkeypatch.undo()
    assert (await photo_files.prepare(GOOD["jpeg"]())).width == 1200


def stand_in(monkeypatch, program: str) -> None:
    """Run this instead of the worker."""
    monkeypatch.setattr(photo_files, "COMMAND", (sys.executable, "-c", program))


async def test_a_killed_worker_is_a_sentence_and_leaves_nothing(monkeypatch):
    stand_in(monkeypatch, "import time; time.sleep(60)")
    asked = asyncio.create_task(photo_files.prepare(GOOD["jpeg"]()))
    while not photo_files._working:
        await asyncio.sleep(0.01)
    pid = next(iter(photo_files._working)).pid
    photo_files.stop()
    with pytest.raises(photo_files.Refused) as refused:
        await asked
    assert refused.value.code == "damaged" and gone(pid)


async def test_a_worker_that_takes_too_long_is_killed(monkeypatch):
    stand_in(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(photo_files, "SECONDS", 0.02)
    with pytest.raises(photo_files.Refused) as refused:
        await photo_files.prepare(GOOD["jpeg"]())
    assert refused.value.code == "busy" and not photo_files._working


async def test_a_photo_that_computes_too_long_is_refused_for_that(monkeypatch):
    stand_in(monkeypatch, f"import sys; sys.path.insert(0, {str(ROOT / 'server' / 'posts')!r}); import photo_worker\n"
                          "photo_worker.limit(*map(int, sys.argv[1:3]))\nwhile True: pass")  # fmt: skip
    monkeypatch.setattr(photo_files, "SECONDS", 1)
    with pytest.raises(photo_files.Refused) as refused:
        await photo_files.prepare(GOOD["jpeg"]())
    assert refused.value.code == "slow" and not photo_files._working


async def test_a_machine_that_is_busy_with_others_refuses_no_photo(monkeypatch):
    """Before: five seconds on the wall, and ordinary photos were « trop de travail »."""
    worker = str(ROOT / "server" / "posts" / "photo_worker.py")
    late = f"import runpy, time; time.sleep(1.2); runpy.run_path({worker!r}, None, '__main__')"
    stand_in(monkeypatch, late)
    monkeypatch.setattr(photo_files, "SECONDS", 1)
    assert (await photo_files.prepare(GOOD["jpeg"]())).width


async def test_ten_photos_of_one_member_do_not_make_another_wait():
    """Before: first come, first served; who came eleventh waited for ten."""
    done = []

    async def send(name: str) -> None:
        await photo_files.prepare(GOOD["jpeg"](), name)
        done.append(name)

    await asyncio.gather(*(send("karim") for _ in range(10)), send("odette"))
    assert done.index("odette") < 4


async def test_a_visitor_who_hangs_up_takes_the_worker_along(monkeypatch):
    stand_in(monkeypatch, "import time; time.sleep(60)")
    asked = asyncio.create_task(photo_files.prepare(GOOD["jpeg"]()))
    while not photo_files._working:
        await asyncio.sleep(0.01)
    pid = next(iter(photo_files._working)).pid
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert gone(pid) and not photo_files._working


def gone(pid: int) -> bool:
    """Neither running nor a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_no_more_than_two_at_once_and_the_loop_goes_on(monkeypatch):
    most, turns = 0, 0
    tasks = [asyncio.create_task(photo_files.prepare(GOOD["12 megapixels"]())) for _ in range(6)]
    while not all(task.done() for task in tasks):
        most = max(most, len(photo_files._working))
        await asyncio.sleep(0.005)
        turns += 1
    assert most == photo_files.AT_ONCE
    assert len({task.result().hash for task in tasks}) == 1
    # Decoded in this process, the six of them would leave the loop six turns.
    assert turns > 2 * len(tasks)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"{", b"[]\n", b"null\n", b'{"sizes": []}\n', b'{"sizes": [[10, 10, 4]]}\nRIF', b'{"refused": "autre"}\n',
        b'{"sizes": [[10, 10, 8]]}\nRIFF', b'{"sizes": [[10, 10, 5]]}\n<html', b'{"sizes": [["x", 10, 4]]}\nRIFF',
    ],
)  # fmt: skip
def test_a_worker_that_was_taken_over_is_not_believed(answer):
    with pytest.raises(photo_files.Refused):
        photo_files.read_answer(answer)


async def test_the_worker_is_told_nothing_of_us(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert not any("DATABASE" in name or "PALIER" in name for name in photo_files.ENVIRONMENT)
    words = """{"refused": "heic" if not any("DATABASE" in n or "PALIER" in n for n in os.environ) else "slow"}"""
    stand_in(monkeypatch, f"import json, os; print(json.dumps({words}))")
    with pytest.raises(photo_files.Refused) as refused:
        await photo_files.prepare(GOOD["jpeg"]())
    assert refused.value.code == "heic"


# Files and rows.


async def a_post():
    await found()
    author = await neighbour()
    return author, await put_up(author)


def files() -> list[str]:
    return sorted(path.name for path in photo_files.folder().rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def empty_folder():
    """Every test starts without files."""
    for path in photo_files.folder().rglob("*.webp"):
        path.unlink()


async def keep(author, post, data: bytes = b"", alt: str = "", purpose: str = "post") -> dict:
    made = await photo_files.prepare(data or GOOD["jpeg"]())
    await photo_files.keep(post, author.id, purpose, [(made, alt)])
    return (await Photo.of(post, purpose))[-1]


async def test_files_are_for_their_owner_only_and_named_by_content():
    author, post = await a_post()
    photo = await keep(author, post)
    assert files() == sorted(f"{photo['hash']}-{width}.webp" for width in (480, 960, 1200))
    for path in photo_files.folder().rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o600 if path.is_file() else 0o700)
    assert photo_files.folder().stat().st_mode & 0o777 == 0o700


async def test_four_photos_and_no_fifth_even_at_once():
    author, post = await a_post()
    ready = [await photo_files.prepare(corpus.jpeg(100 + n, 80)) for n in range(6)]
    sent = [photo_files.keep(post, author.id, "post", [(one, "")]) for one in ready]
    outcomes = await asyncio.gather(*sent, return_exceptions=True)
    assert sum(isinstance(one, photo_files.NoRoom) for one in outcomes) == 2
    loaded = await Post.load(post)
    assert (loaded["photos"], len(loaded["first_photos"]), loaded["version"]) == (4, 4, 5)


async def test_two_receipts_at_most_and_no_card_counts_them():
    author, post = await a_post()
    ready = [await photo_files.prepare(corpus.jpeg(100 + n, 80)) for n in range(4)]
    sent = [photo_files.keep(post, author.id, "receipt", [(one, "")]) for one in ready]
    outcomes = await asyncio.gather(*sent, return_exceptions=True)
    assert sum(isinstance(one, photo_files.NoRoom) for one in outcomes) == 2
    loaded = await Post.load(post)
    assert (loaded["photos"], loaded["first_photos"], loaded["version"]) == (0, [], 1)
    await photo_files.forget_receipts([post, uuid4()])
    assert (await Photo.of(post, "receipt"), files()) == ([], [])


async def test_all_or_none_of_the_photos_of_one_sending():
    author, post = await a_post()
    ready = [(await photo_files.prepare(corpus.jpeg(100 + n, 80)), "") for n in range(5)]
    with pytest.raises(photo_files.NoRoom):
        await photo_files.keep(post, author.id, "post", ready)
    assert (await Post.load(post))["photos"] == 0 and await Photo.count() == 0


async def test_removal_deletes_the_files_unless_another_post_shows_the_same():
    author, post = await a_post()
    other = await put_up(author)
    one, same = await keep(author, post), await keep(author, other)
    assert one["hash"] == same["hash"] and len(files()) == 3
    await photo_files.remove(one)
    await photo_files.remove(one)
    assert len(files()) == 3 and (await Post.load(post))["photos"] == 0
    await photo_files.remove(same)
    assert files() == []


async def test_removal_and_a_new_upload_of_the_same_never_lose_the_file():
    author, post = await a_post()
    other = await put_up(author)
    made = await photo_files.prepare(GOOD["jpeg"]())
    for _ in range(10):
        await photo_files.keep(post, author.id, "post", [(made, "")])
        (one,) = await Photo.of(post)
        await asyncio.gather(photo_files.remove(one), photo_files.keep(other, author.id, "post", [(made, "")]))
        assert len(files()) == 3
        (same,) = await Photo.of(other)
        await photo_files.remove(same)
        assert files() == []


def grow_old(hours: float = 2) -> None:
    """Make every file so old."""
    for path in photo_files.folder().rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - hours * 3600,) * 2)


async def test_the_sweep_takes_what_no_row_holds_and_leaves_the_young():
    author, post = await a_post()
    kept = await keep(author, post)
    gone = await keep(author, await put_up(author), corpus.jpeg(200, 100))
    half = photo_files.path_of(kept["hash"], 480).with_name(".0123456789abcdef")
    half.write_bytes(b"RIFF")
    await execute("DELETE FROM post WHERE id = {}", gone["post"])
    assert await Photo.count() == 1
    await photo_files.sweep()
    assert len(files()) == 5
    grow_old()
    await photo_files.sweep()
    assert files() == sorted(f"{kept['hash']}-{width}.webp" for width in (480, 960, 1200))


async def test_a_post_withdrawn_for_good_loses_its_photos(monkeypatch):
    author, post = await a_post()
    await keep(author, post)
    await keep(author, post, corpus.jpeg(200, 100), purpose="receipt")
    await Post.withdraw(post)
    set_clock(monkeypatch, now() + timedelta(days=29))
    await photo_files.sweep()
    assert await Photo.count() == 2 and len(files()) == 4
    set_clock(monkeypatch, now() + timedelta(days=2))
    await photo_files.sweep()
    loaded = await Post.load(post)
    assert (files(), await Photo.count(), loaded["photos"]) == ([], 0, 0)


async def test_upkeep_sweeps_once_an_hour(monkeypatch):
    rounds = []

    async def noted():
        rounds.append(now())

    monkeypatch.setattr(photo_files, "sweep", noted)
    monkeypatch.setattr(photo_files, "_last_sweep", None)
    start = now()
    for minutes in (0, 1, 30, 59, 61, 62, 200):
        set_clock(monkeypatch, start + timedelta(minutes=minutes))
        await upkeep.once()
    assert len(rounds) == 3


async def test_a_batch_without_photos_asks_for_none(monkeypatch):
    _author, post = await a_post()
    asked = []
    real = Photo.of_posts

    async def noted(posts, purpose="post"):
        asked.append(posts)
        return await real(posts, purpose)

    monkeypatch.setattr(Photo, "of_posts", noted)
    await Post.load(post)
    assert asked == [[]] and await real([]) == []
