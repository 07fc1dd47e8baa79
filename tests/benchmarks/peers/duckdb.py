"""DuckDB, in two ways: `read_json`, which finds the types out, and `from_json` with a structure written by hand.

It reads files only. The page lies in one before the clock starts; the answer is a table in its own memory.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import CONVERSIONS, Cell, CellSource, Column, Expansion, Field, Kind, RowPerElement
from tests.benchmarks.pages import Page
from tests.benchmarks.peers.plain_expansions import source_of, ways_of
from tests.benchmarks.peers.post_type import post_type

_PLAIN = {pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN"}
_OF_KIND = {
    Kind.INTEGER: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.TEXT: "VARCHAR",
    Kind.ID: "VARCHAR",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIME: "TIMESTAMPTZ",
}


def finding(page: Page) -> Callable[[], str]:
    """Return the job as most would write it: `read_json` finds out what the fields are."""
    posts = f"SELECT unnest(posts) AS p FROM read_json({_source(page)})"
    sent = _session().sql(f"{posts} LIMIT 0").to_arrow_table().schema.field("p").type
    # What no post of the page has, the reader does not know.
    fields = [_field(column) if _has(sent, column.path) else _nothing(column) for column in sent_by(page.platform)]
    return _made(posts, fields)


def knowing(page: Page) -> Callable[[], str]:
    """Return the job as it is fastest: the text is read as JSON, and put into a structure written by hand."""
    structure = json.dumps([_structure(post_type(page))])
    posts = f"SELECT unnest(from_json(json->'posts', '{structure}')) AS p FROM read_json_objects({_source(page)})"
    return _made(posts, [_field(column) for column in sent_by(page.platform)])


def arrow(table: str) -> pa.Table:
    """Return the answer as Arrow."""
    return _session().table(table).to_arrow_table()


def unfolder(page: Page, expansion: Expansion) -> Callable[[str], pa.Table]:
    """Return the job: a loaded table to a child table, keyed by the post's id."""
    source, shape = source_of(page.platform, expansion), expansion.shape
    assert isinstance(shape, RowPerElement)
    fields = {field.path: field for field in source.inner}
    cells = ", ".join(_cell(cell, ways_of(shape, cell), fields) for cell in expansion.table.cells)
    query = f'SELECT id, {cells} FROM (SELECT id, unnest("{source.name}") AS e FROM %s)'
    return lambda table: _session().sql(query % table).to_arrow_table()


@cache
def _session() -> duckdb.DuckDBPyConnection:
    session = duckdb.connect()
    session.execute("SET TimeZone = 'UTC'")
    session.execute("SET enable_progress_bar = false")
    return session


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def _source(page: Page) -> str:
    file = Path(_folder().name) / f"{page.platform.name}.json"
    file.write_bytes(page.body)
    return f"'{file}', maximum_object_size = {len(page.body) + 16}"


def _made(posts: str, fields: Iterable[str]) -> Callable[[], str]:
    query = f"CREATE OR REPLACE TEMP TABLE loaded AS SELECT {', '.join(fields)} FROM ({posts})"

    def read() -> str:
        _session().execute(query)
        return "loaded"

    return read


def _field(column: Column) -> str:
    value = _at("p", column.path)
    if column.kind in _OF_KIND:
        value = f"CAST({value} AS {_OF_KIND[column.kind]})"
    return f'{value} AS "{column.name}"'


def _nothing(column: Column) -> str:
    return f'CAST(NULL AS {_OF_KIND.get(column.kind, "JSON")}) AS "{column.name}"'


def _at(start: str, path: str) -> str:
    return ".".join([start, *(f'"{step}"' for step in path.split(".") if step)])


def _has(kind: pa.DataType, path: str) -> bool:
    for step in path.split("."):
        if not pa.types.is_struct(kind) or kind.get_field_index(step) < 0:
            return False
        kind = kind.field(step).type
    return True


def _structure(kind: pa.DataType) -> Any:
    if pa.types.is_struct(kind):
        return {field.name: _structure(field.type) for field in kind}
    if pa.types.is_list(kind):
        return [_structure(kind.value_type)]
    return _PLAIN.get(kind, "VARCHAR")


def _cell(cell: Cell, ways: tuple[CellSource, ...], fields: dict[str, Field]) -> str:
    found = []
    for take in ways:
        value = _at("e", take.path)
        if take.recode:
            cases = " ".join(f"WHEN '{said}' THEN '{meant}'" for said, meant in take.recode.items())
            value = f"CASE {value} {cases} END"
        if divisor := CONVERSIONS.get((fields[take.path].unit, cell.unit)):
            value = f"{value} / {divisor}"
        found.append(f"CAST({value} AS {_OF_KIND[cell.kind]})")
    return f'coalesce({", ".join([*found, "NULL"])}) AS "{cell.name}"'
