"""The database's promises, the same on both engines."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from piccolo.columns import UUID, Boolean, Bytea, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar

from server.base import ids
from server.base.audit_log import LogEntry, LogNote, record
from server.base.database import ON_POSTGRES, NewerDatabase, engine, execute, migrate, read_now, transaction
from server.base.ids import first_of, uuid7
from server.people.member import Member
from server.people.receipt import Conflict, Receipt
from server.piccolo_app import APP_CONFIG


async def new_member(name: str = "Odette") -> Member:
    """A member, stored."""
    member = Member(name=name, street="rue des Lilas")
    await Member.insert(member)
    return member


async def names() -> list[str]:
    """Who is stored, in order of name."""
    return [row[0] for row in await read_now("SELECT name FROM member ORDER BY name")]


async def test_a_transaction_keeps_everything_or_nothing():
    async with transaction():
        await new_member("Odette")
        assert await names() == ["Odette"]
    with pytest.raises(LookupError):
        async with transaction():
            await new_member("Karim")
            raise LookupError
    assert await names() == ["Odette"]


async def test_others_see_nothing_before_the_end():
    begun, seen = asyncio.Event(), asyncio.Event()

    async def write():
        async with transaction():
            await new_member()
            begun.set()
            await seen.wait()

    writing = asyncio.create_task(write())
    await begun.wait()
    assert await names() == []
    assert await Member.count() == 0
    seen.set()
    await writing
    assert await names() == ["Odette"]


async def test_a_transaction_inside_another_belongs_to_it():
    with pytest.raises(LookupError):
        async with transaction():
            async with transaction():
                await new_member("Odette")
            assert await names() == ["Odette"]
            raise LookupError
    assert await names() == []


async def test_two_columns_of_one_name_stay_two():
    await new_member()
    sql = "SELECT a.name, b.name, 1, 1 FROM member a JOIN member b ON a.id = b.id"
    assert [tuple(row) for row in await read_now(sql)] == [("Odette", "Odette", 1, 1)]
    async with transaction():
        assert [tuple(row) for row in await read_now(sql)] == [("Odette", "Odette", 1, 1)]


@pytest.mark.parametrize("turns", range(0, 12))
async def test_a_visitor_who_hangs_up_leaves_the_writer_usable(turns):
    """The task is cancelled after more and more turns of the loop: at BEGIN, inside, at COMMIT."""

    async def write():
        async with transaction():
            await new_member("Partie")
            await execute("UPDATE member SET street = {}", "ailleurs")

    task = asyncio.create_task(write())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        async with transaction():
            await new_member("Odette")
        assert "Odette" in await names()
        await execute("DELETE FROM member")


async def test_many_hang_up_at_random_moments_and_nothing_is_half_done():
    async def write(number: int):
        async with transaction():
            await new_member(f"a{number}")
            await new_member(f"b{number}")

    tasks = [asyncio.create_task(write(number)) for number in range(60)]
    for number, task in enumerate(tasks):
        await asyncio.sleep(0.0003 * (number % 5))
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(5):
        await new_member("Odette")
        found = await names()
    assert {name[1:] for name in found if name[0] == "a"} == {name[1:] for name in found if name[0] == "b"}


async def test_reading_and_then_writing_loses_nothing():
    """A row is read and written back, fifty times at once; each waits for its turn at the row."""
    member = await new_member()

    async def add_one():
        async with transaction():
            await execute("UPDATE member SET version = version WHERE id = {}", member.id)
            rows = await read_now("SELECT text_size FROM member WHERE id = {}", member.id)
            await execute("UPDATE member SET text_size = {} WHERE id = {}", rows[0][0] + 1, member.id)

    await asyncio.gather(*(add_one() for _ in range(50)))
    assert (await Member.objects().first()).text_size == 51


async def test_exactly_once_among_twenty_at_the_same_moment():
    actor, made = uuid4(), []

    async def work():
        member = await new_member()
        made.append(member.id)
        return member.id

    done = await asyncio.gather(*(Receipt.once(actor, "cle", "/avis", b"corps", work) for _ in range(20)))
    assert len(made) == len(await names()) == 1
    assert {one.made for one in done} == set(made)
    assert [one.first for one in done].count(True) == 1


async def test_the_same_key_with_another_body_or_route_is_a_conflict():
    actor = uuid4()

    async def work():
        return (await new_member()).id

    await Receipt.once(actor, "cle", "/avis", b"corps", work)
    with pytest.raises(Conflict):
        await Receipt.once(actor, "cle", "/avis", b"autre", work)
    with pytest.raises(Conflict):
        await Receipt.once(actor, "cle", "/reponses", b"corps", work)
    assert (await Receipt.once(uuid4(), "cle", "/avis", b"autre", work)).first
    assert len(await names()) == 2


async def test_work_that_fails_leaves_no_receipt():
    actor = uuid4()

    async def fail():
        await new_member()
        raise LookupError

    with pytest.raises(LookupError):
        await Receipt.once(actor, "cle", "/avis", b"corps", fail)
    assert await names() == []

    async def work():
        return (await new_member()).id

    assert (await Receipt.once(actor, "cle", "/avis", b"corps", work)).first


async def test_receipts_are_forgotten_after_thirty_days():
    old = datetime.now(UTC) - timedelta(days=31)
    for key, at in (("ancien", old), ("neuf", datetime.now(UTC))):
        await Receipt.insert(Receipt(actor=uuid4(), key=key, route="/", body_hash="", created_at=at))
    await Receipt.forget()
    assert [row["key"] for row in await Receipt.select()] == ["neuf"]


@pytest.mark.parametrize("attempt", ["UPDATE log_entry SET role = 'x'", "DELETE FROM log_entry"])
async def test_the_log_can_not_be_rewritten(attempt):
    await record(uuid4(), "admin", "found", None, "Premier soir")
    with pytest.raises(Exception, match="the log is append-only"):
        await execute(attempt)
    assert [row["role"] for row in await LogEntry.select()] == ["admin"]
    await execute("DELETE FROM log_note")
    assert not await LogNote.count()


def test_ids_sort_by_time_and_never_repeat():
    made = [uuid7() for _ in range(5000)]
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}
    moments = [one.int >> 80 for one in made]
    assert moments == sorted(moments)
    past = datetime(2020, 3, 17, 12, tzinfo=UTC)
    assert first_of(past) <= str(uuid7(past)) < first_of(past + timedelta(milliseconds=1)) < str(made[0])


async def test_ids_sort_the_same_in_the_database():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    ids = [uuid7(at + timedelta(milliseconds=step)) for step in range(50)]
    for number, one in enumerate(reversed(ids)):
        await Member.insert(Member(id=one, name=str(number), street=""))
    stored = [row["id"] for row in await Member.select(Member.id).order_by(Member.id)]
    assert stored == ids
    assert all(earlier < later for earlier, later in pairwise(stored))


async def test_foreign_keys_are_kept():
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await execute(
            "INSERT INTO reply (id, post, author, text, created_at) VALUES ({}, {}, {}, {}, {})",
            uuid7(), uuid7(), uuid7(), "", datetime.now(UTC),
        )  # fmt: skip


# What the migrations may have called the type of each kind of column, on either engine.
FAMILIES = {
    Bytea: {"BYTEA"},
    UUID: {"UUID"},
    ForeignKey: {"UUID"},
    Varchar: {"VARCHAR", "CHARACTER VARYING"},
    Text: {"TEXT"},
    Integer: {"INTEGER"},
    SmallInt: {"INTEGER"},
    Boolean: {"BOOLEAN"},
    Timestamptz: {"TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"},
}


async def columns_made(table: str) -> dict[str, tuple[str, bool, int | None]]:
    """What the migrations made: name -> type, whether NULL is allowed, length."""
    if ON_POSTGRES:
        rows = await read_now(
            "SELECT column_name, upper(data_type), is_nullable = 'YES', character_maximum_length"
            " FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = {}",
            table,
        )
        return {name: (kind, bool(null), length) for name, kind, null, length in rows}
    made = {}
    for _, name, kind, required, _, primary in await read_now(f"PRAGMA table_info({table})"):
        family, _, length = kind.rstrip(")").partition("(")
        made[name] = (family, not required and not primary, int(length) if length else None)
    return made


@pytest.mark.parametrize("table", APP_CONFIG.table_classes, ids=lambda table: table._meta.tablename)
async def test_the_tables_are_what_the_migrations_made(table):
    made = await columns_made(table._meta.tablename)
    assert set(made) == {column._meta.name for column in table._meta.columns}
    for column in table._meta.columns:
        kind, null, length = made[column._meta.name]
        assert kind in FAMILIES[type(column)], column
        # Piccolo's foreign keys allow NULL unless told otherwise, and so do the migrations.
        assert null == column._meta.null, column
        assert length == getattr(column, "length", None), column


async def test_migrating_twice_changes_nothing():
    before = await read_now("SELECT count(*) FROM migration")
    await migrate()
    assert await read_now("SELECT count(*) FROM migration") == before


async def test_a_database_of_a_newer_version_is_refused():
    await execute("INSERT INTO migration (name, app_name) VALUES ({}, {})", "2999-01-01T00:00:00:000000", "palier")
    try:
        with pytest.raises(NewerDatabase):
            await migrate()
    finally:
        await execute("DELETE FROM migration WHERE name = {}", "2999-01-01T00:00:00:000000")


async def test_the_connections_are_kept():
    if ON_POSTGRES:
        assert engine.pool is not None
        return
    await asyncio.gather(*(Member.count() for _ in range(20)))
    assert len(engine._idle) <= 2
    assert await engine.fault() == ""


def test_ids_made_one_after_the_other_sort_in_that_order(monkeypatch):
    """Before: a counter that began anew within a millisecond put a song before the one that it followed."""
    made = [uuid7() for _ in range(20_000)]
    # As if each had been made within the same millisecond, or an hour back.
    monkeypatch.setattr(ids.time, "time", lambda: 1_764_288_000.0)
    made += [uuid7() for _ in range(20_000)]
    ids.go_on_from(made[-1])
    made.append(uuid7())
    assert made == sorted(made) and len(set(made)) == len(made)
