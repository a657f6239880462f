"""What is sealed opens with its key, for its row and its purpose only; and keys change without losing a word."""

import os
import stat
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.base import sealed
from server.base.database import execute, query
from server.base.ids import uuid7
from server.base.sealed import Unreadable, add_key, is_current, open_keys, retire_keys, seal, unseal
from server.base.settings import ROOT, settings
from server.help import private
from server.help.claim import Claim
from server.help.private import MESSAGE, PAID, PRIVATE, Message, PrivatePart, reseal
from server.help.request import ask_quietly
from tests.support.makers import answers, neighbour

pytestmark = pytest.mark.one_engine

ROW = uuid7()


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A data folder of its own: keys that other tests do not know."""
    monkeypatch.setattr(sealed, "settings", replace(settings, data=tmp_path))
    monkeypatch.setattr(sealed, "_read", None)
    return tmp_path


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=40),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=8), one, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_what_was_sealed_is_what_opens(value):
    assert unseal(PRIVATE, ROW, seal(PRIVATE, ROW, value)) == value


def test_nothing_of_it_shows_and_no_two_are_alike():
    first, second = seal(PRIVATE, ROW, "77 allée du Canari"), seal(PRIVATE, ROW, "77 allée du Canari")
    assert b"Canari" not in first
    assert first[5:] != second[5:]


def test_it_opens_for_no_other_row_and_no_other_purpose():
    kept = seal(PRIVATE, ROW, "B4071")
    with pytest.raises(Unreadable):
        unseal(PRIVATE, uuid7(), kept)
    with pytest.raises(Unreadable):
        unseal(MESSAGE, ROW, kept)


def test_one_changed_byte_anywhere_is_noticed():
    kept = seal(PAID, ROW, 1250)
    for at in range(len(kept)):
        with pytest.raises(Unreadable):
            unseal(PAID, ROW, kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :])


def test_a_cut_or_empty_value_is_noticed():
    kept = seal(PAID, ROW, 1250)
    for length in range(len(kept)):
        with pytest.raises(Unreadable):
            unseal(PAID, ROW, kept[:length])
    with pytest.raises(Unreadable):
        unseal(PAID, ROW, kept + b"\0")


def test_a_lost_key_is_said_as_unreadable(folder):
    kept = seal(PRIVATE, ROW, "B4071")
    (folder / "seal").unlink()
    with pytest.raises(Unreadable):
        unseal(PRIVATE, ROW, kept)


def test_the_key_file_is_its_owner_s_alone_whatever_the_umask(folder):
    before = os.umask(0)
    try:
        open_keys()
        assert stat.S_IMODE((folder / "seal").stat().st_mode) == 0o600
        add_key()
        assert stat.S_IMODE((folder / "seal").stat().st_mode) == 0o600
        retire_keys()
        assert stat.S_IMODE((folder / "seal").stat().st_mode) == 0o600
    finally:
        os.umask(before)
    assert [path.name for path in folder.iterdir()] == ["seal"]


GOOD_KEY = "0a0b0c0d " + "ab" * 32


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "pas une clé\n", "0a0b0c0d\n", "0a0b0c0d " + "zz" * 32, "0a0b " + "ab" * 32,
        "0a0b0c0d " + "ab" * 31 + "\n", "0a0b0c0d " + "ab" * 16 + "\n",
        GOOD_KEY + "\n\nreste", GOOD_KEY + "\n0a0b0c0e abcd",
    ],
)  # fmt: skip
def test_a_spoilt_key_file_is_refused_with_its_name(folder, text):
    (folder / "seal").write_text(text)
    with pytest.raises(ValueError, match=r"seal does not hold keys"):
        open_keys()


def test_what_is_not_text_is_refused_with_its_name(folder):
    (folder / "seal").write_bytes(b"\xff\xfe" * 40)
    with pytest.raises(ValueError, match=r"seal does not hold keys"):
        open_keys()


def test_a_new_key_seals_and_the_former_still_opens(folder):
    kept = seal(PRIVATE, ROW, "avant")
    assert is_current(kept)
    add_key()
    assert not is_current(kept)
    again = seal(PRIVATE, ROW, "après")
    assert is_current(again)
    assert (unseal(PRIVATE, ROW, kept), unseal(PRIVATE, ROW, again)) == ("avant", "après")
    retire_keys()
    assert unseal(PRIVATE, ROW, again) == "après"
    with pytest.raises(Unreadable):
        unseal(PRIVATE, ROW, kept)


SEALS_AND_WAITS = """
import sys
from uuid import UUID
from server.base.sealed import seal, unseal
row = UUID(sys.argv[1])
print(seal("private", row, "one").hex(), flush=True)
for line in sys.stdin:
    print(unseal("private", row, bytes.fromhex(line)), seal("private", row, "two").hex(), flush=True)
"""


def process(folder) -> subprocess.Popen:
    """Another process with this data folder; it says what it sealed first."""
    return subprocess.Popen(
        [sys.executable, "-c", SEALS_AND_WAITS, str(ROW)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PALIER_DATA": str(folder)},
    )  # fmt: skip


def test_processes_that_make_the_first_key_at_once_agree(folder):
    for _ in range(3):
        both = [process(folder) for _ in range(3)]
        made = [bytes.fromhex(one.stdout.readline()) for one in both]
        for one in both:
            one.communicate(timeout=20)
        assert [unseal(PRIVATE, ROW, one) for one in made] == ["one"] * 3
        (folder / "seal").unlink()


def test_a_process_that_knew_the_old_key_meets_the_new_one(folder):
    other = process(folder)
    try:
        assert unseal(PRIVATE, ROW, bytes.fromhex(other.stdout.readline())) == "one"
        add_key()
        other.stdin.write(seal(PRIVATE, ROW, "neuf").hex() + "\n")
        other.stdin.flush()
        said, theirs = other.stdout.readline().split()
        assert said == "neuf"
        newest = (folder / "seal").read_text().split()[0]
        assert theirs[2:10] == newest
    finally:
        other.communicate(timeout=20)


async def kept_words() -> tuple:
    """A request with private words, two messages and a sum."""
    odette, theo = await neighbour(), await neighbour("Théo")
    post = await ask_quietly(odette.id, odette.street, answers("help"), {"address": "77 allée du Canari"})
    await Claim.take(post, theo.id)
    for text in ("bonjour", "à midi"):
        await Message.write(post, odette.id, text)
    await PrivatePart.pay(post, 1250)
    return post, (await query("SELECT taken_at FROM post WHERE id = {}", post))[0]["taken_at"]


async def all_sealed() -> list[bytes]:
    """Every sealed value of the database."""
    parts = await query("SELECT sealed, paid FROM private_part")
    return [bytes(row[name]) for row in parts for name in ("sealed", "paid") if row[name]] + [
        bytes(row["sealed"]) for row in await query("SELECT sealed FROM message")
    ]


async def test_a_rotation_keeps_every_word_and_leaves_nothing_to_the_old_key(folder):
    posts = [await kept_words() for _ in range(3)]
    old = (folder / "seal").read_text()
    add_key()
    assert not any(is_current(one) for one in await all_sealed())
    assert (await reseal(), await reseal()) == (12, 0)
    assert len(await all_sealed()) == 12
    retire_keys()
    assert old.split()[0] not in (folder / "seal").read_text()
    for post, taken in posts:
        part = await PrivatePart.of(post)
        assert (part["answers"], part["paid"]) == ({"address": "77 allée du Canari"}, 1250)
        assert [one["text"] for one in await Message.of(post, taken)] == ["bonjour", "à midi"]
    (folder / "seal").write_text(old)
    for post, _ in posts:
        with pytest.raises(Unreadable):
            await PrivatePart.of(post)


async def test_words_corrected_during_a_rotation_are_not_undone(folder, monkeypatch):
    """What is corrected between the reading and the writing of a round is the person's last word."""
    post, _ = await kept_words()
    add_key()

    async def correct_first(sql, *arguments):
        if sql.startswith("UPDATE private_part SET sealed"):
            newer = seal(PRIVATE, post, {"address": "12 rue des Lilas"})
            await execute("UPDATE private_part SET sealed = {} WHERE post = {}", newer, post)
        return await execute(sql, *arguments)

    monkeypatch.setattr(private, "execute", correct_first)
    await reseal()
    assert (await PrivatePart.of(post))["answers"] == {"address": "12 rue des Lilas"}
