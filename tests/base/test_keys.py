"""Secrets: the key file, what is derived from it, and what people type."""

import stat
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.base import keys
from server.base.ids import uuid7
from server.base.settings import settings

pytestmark = pytest.mark.one_engine


def test_the_key_file_is_for_its_owner_only():
    keys.open_key()
    path = settings.data / "key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(bytes.fromhex(path.read_text())) == keys.KEY_BYTES
    assert [one.name for one in settings.data.iterdir() if "key" in one.name] == ["key"]


def test_a_key_that_is_there_is_never_replaced():
    keys.open_key()
    path = settings.data / "key"
    before = path.read_bytes()
    keys.write_secret(path, "another\n")
    assert path.read_bytes() == before


def test_a_damaged_key_is_refused(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("abcd\n")
    monkeypatch.setattr(keys, "settings", type("Elsewhere", (), {"data": tmp_path}))
    with pytest.raises(ValueError):
        keys._board_key.__wrapped__()


def test_tokens_differ_by_row_and_by_purpose():
    one, other = uuid7(), uuid7()
    made = {keys.token_for(purpose, row) for purpose in ("card", "link", "invitation") for row in (one, other)}
    assert len(made) == 6
    assert keys.token_for("card", one) == keys.token_for("card", one)


@given(st.uuids())
def test_tokens_and_codes_have_their_length_and_only_clear_signs(row: UUID):
    token, code = keys.token_for("card", row), keys.code_for(row)
    assert len(token) == 27
    assert len(code) == keys.CODE_LENGTH
    assert set(token + code) <= set(keys.SIGNS)
    assert not set("01OIL") & set(keys.SIGNS)


@given(st.uuids(), st.sampled_from([" ", "-", " - ", ""]), st.booleans())
def test_a_code_may_be_typed_with_spaces_dashes_and_small_letters(row: UUID, between: str, small: bool):
    code = keys.code_for(row)
    typed = between.join(code[start : start + 4] for start in range(0, len(code), 4))
    assert keys.normal_code(f" {typed.lower() if small else typed} ") == code


def test_the_founding_token_survives_a_restart():
    first = keys.founding_token()
    keys._board_key.cache_clear()
    assert keys.founding_token() == first == keys.token_for("founding", UUID(int=0))


def test_the_database_keeps_a_hash_only():
    token = keys.new_token()
    assert len(keys.digest(token)) == 64
    assert token not in keys.digest(token)
    assert keys.new_token() != token
