"""What the database does for a query: which tables it goes through from end to end, as it says itself."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from server.base.database import ON_POSTGRES, engine, execute

# What grows for as long as a board lives. Nothing that happens often may go through all of it.
# Messages and private parts are not among it: they go with the request.
GROW = frozenset(
    "post notice alert reply claim mark alarm viewing photo track report log_entry".split()  # noqa: SIM905
)
# Indexes of what is under way: they hold a few rows, however old the board is.
SHORT = frozenset({"claim_active", "post_named", "photo_receipt", "report_waiting", "report_open"})
_NAMED = re.compile(
    r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(?!SET\b|ON\b|WHERE\b|JOIN\b|LEFT\b)(\w+))?", re.I
)
_WALK = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")


@contextmanager
def heard() -> Iterator[dict[str, tuple]]:
    """Every query asked meanwhile, with the arguments of the last time."""
    found: dict[str, tuple] = {}
    ask = type(engine).run_querystring

    async def run_querystring(self, querystring, *others, **options):
        sql, arguments = querystring.compile_string(engine_type=self.engine_type)
        found[sql] = tuple(arguments)
        return await ask(self, querystring, *others, **options)

    type(engine).run_querystring = run_querystring
    before = None if ON_POSTGRES else (type(engine).read, type(engine).read_within)
    if before:
        direct, within = before

        def read(self, sql, arguments):
            found[sql] = tuple(arguments)
            return direct(self, sql, arguments)

        async def read_within(self, connection, sql, arguments):
            found[sql] = tuple(arguments)
            return await within(self, connection, sql, arguments)

        type(engine).read, type(engine).read_within = read, read_within
    try:
        yield found
    finally:
        type(engine).run_querystring = ask
        if before:
            type(engine).read, type(engine).read_within = before


async def walks(sql: str, arguments: tuple) -> list[str]:
    """The tables of ``GROW`` that this query goes through, each with how."""
    if ON_POSTGRES:
        return await _walks_of_postgres(sql, arguments)
    writer = await engine.writer()
    rows = await writer.execute_fetchall("EXPLAIN QUERY PLAN " + sql, arguments)
    return walks_of(sql, [row["detail"] for row in rows])


def walks_of(sql: str, details: list[str]) -> list[str]:
    """The lines of SQLite's plan that go through all rows of a table that grows.

    A walk along an index that ends after a page is none: it is in order, and nothing is sorted afterwards.
    """
    names = {alias or table: table for table, alias in _NAMED.findall(sql)} | {table: table for table in GROW}
    sorted_after = any(line.startswith("USE TEMP B-TREE") for line in details)
    found = []
    for line in details:
        walk = _WALK.match(line)
        if walk is None or names.get(walk[1], "") not in GROW:
            continue
        if walk[2] and " LIMIT " in sql and not sorted_after:
            continue
        if walk[2] in SHORT:
            continue
        found.append(line)
    return found


async def _walks_of_postgres(sql: str, arguments: tuple) -> list[str]:
    async with engine.transaction() as current:
        connection = current.connection
        await connection.execute("SET LOCAL enable_seqscan = off")
        rows = await connection.fetch("EXPLAIN (FORMAT JSON) " + sql, *arguments)
    return list(_seen_in(json.loads(rows[0][0])[0]["Plan"]))


def _seen_in(node: dict, limited: bool = False) -> Iterator[str]:
    """Nodes of a plan that read a table that grows from end to end."""
    kind, table = node["Node Type"], node.get("Relation Name", "")
    limited = (limited or kind == "Limit") and kind not in ("Sort", "Aggregate", "Hash")
    index = node.get("Index Name", "")
    narrowed = "Index Cond" in node or limited or index in SHORT
    # A bitmap names the table beside it, and this part of it nothing but the index.
    if (table in GROW and kind == "Seq Scan") or (
        "Index" in kind and not narrowed and (table or index.split("_")[0]) in GROW
    ):
        yield f"{kind} of {table} {index}"
    for child in node.get("Plans", ()):
        yield from _seen_in(child, limited)


async def judge(found: dict[str, tuple]) -> None:
    """Fail with every query that goes through a table that grows. SQLite: before it has counted its rows, and after.

    Nobody counts for the SQLite of a board that runs; PostgreSQL counts by itself.
    """
    faults = (
        [] if ON_POSTGRES else [f"{sql}\n  {walk}" for sql, args in found.items() if (walk := await walks(sql, args))]
    )
    await execute("ANALYZE")
    faults += [f"{sql}\n  counted: {walk}" for sql, args in found.items() if (walk := await walks(sql, args))]
    if not ON_POSTGRES:
        await execute("DROP TABLE sqlite_stat1")
        await execute("DROP TABLE IF EXISTS sqlite_stat4")
    assert not faults, "\n".join(faults)


class Unindexed(AssertionError):
    """The loop's own thread was asked to go through a table that grows."""


def refuse_unindexed() -> None:
    """From now on ``database.read_now`` refuses, on SQLite, a query that goes through a table that grows."""
    if ON_POSTGRES:
        return
    direct, within, known = engine.read, engine.read_within, set()

    def refuse(sql: str, details: list[str]) -> None:
        if found := walks_of(sql, details):
            raise Unindexed(f"{found}: {sql}")
        known.add(sql)

    def read(sql, arguments):
        if sql not in known and not sql.startswith("EXPLAIN"):
            refuse(sql, [row[-1] for row in direct("EXPLAIN QUERY PLAN " + sql, arguments)])
        return direct(sql, arguments)

    async def read_within(connection, sql, arguments):
        if sql not in known:
            refuse(sql, [row[-1] for row in await within(connection, "EXPLAIN QUERY PLAN " + sql, arguments)])
        return await within(connection, sql, arguments)

    engine.read, engine.read_within = read, read_within
