"""Decode with DuckDB: `read_json` with inferred types, or `from_json` with a hand-written structure.

DuckDB reads files only, so the page is written to a file before the measurement. The result is a table in its memory.
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
from ayrframe._platforms.spec import (
    CONVERSIONS,
    Cell,
    CellSource,
    Column,
    Endpoint,
    Expansion,
    Field,
    Kind,
    RowPerElement,
)
from tests.benchmarks.pages import Page
from tests.benchmarks.peers.plain_expansions import source_column, sources_of
from tests.benchmarks.peers.post_type import post_type

_PLAIN = {pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN"}
_TYPE_OF_KIND = {
    Kind.INTEGER: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.TEXT: "VARCHAR",
    Kind.ID: "VARCHAR",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIME: "TIMESTAMPTZ",
}


def reader_inferred(page: Page) -> Callable[[], str]:
    """Return a function that decodes with `read_json` and inferred types, the usual way."""
    posts = f"SELECT unnest(posts) AS p FROM read_json({_source(page)})"
    sent = _session().sql(f"{posts} LIMIT 0").to_arrow_table().schema.field("p").type
    # Fields that no post of the page has are unknown to the reader.
    columns = sent_by(page.platform, Endpoint.HISTORY)
    fields = [_select_field(column) if _has_field(sent, column.path) else _null_field(column) for column in columns]
    return _create_table(posts, fields)


def reader_typed(page: Page) -> Callable[[], str]:
    """Return a function that decodes with `from_json` and a hand-written structure, the fastest way."""
    structure = json.dumps([_structure(post_type(page))])
    posts = f"SELECT unnest(from_json(json->'posts', '{structure}')) AS p FROM read_json_objects({_source(page)})"
    return _create_table(posts, [_select_field(column) for column in sent_by(page.platform, Endpoint.HISTORY)])


def to_arrow(table: str) -> pa.Table:
    """Return the result as an Arrow table."""
    return _session().table(table).to_arrow_table()


def expander(page: Page, expansion: Expansion) -> Callable[[str], pa.Table]:
    """Return a function that expands a loaded table into a child table with the post id."""
    source, shape = source_column(page.platform, expansion), expansion.shape
    assert isinstance(shape, RowPerElement)
    fields = {field.path: field for field in source.inner}
    cells = ", ".join(_select_cell(cell, sources_of(shape, cell), fields) for cell in expansion.table.cells)
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


def _create_table(posts: str, fields: Iterable[str]) -> Callable[[], str]:
    query = f"CREATE OR REPLACE TEMP TABLE loaded AS SELECT {', '.join(fields)} FROM ({posts})"

    def read() -> str:
        _session().execute(query)
        return "loaded"

    return read


def _select_field(column: Column) -> str:
    value = _field_reference("p", column.path)
    if column.kind in _TYPE_OF_KIND:
        value = f"CAST({value} AS {_TYPE_OF_KIND[column.kind]})"
    return f'{value} AS "{column.name}"'


def _null_field(column: Column) -> str:
    return f'CAST(NULL AS {_TYPE_OF_KIND.get(column.kind, "JSON")}) AS "{column.name}"'


def _field_reference(start: str, path: str) -> str:
    return ".".join([start, *(f'"{step}"' for step in path.split(".") if step)])


def _has_field(kind: pa.DataType, path: str) -> bool:
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


def _select_cell(cell: Cell, sources: tuple[CellSource, ...], fields: dict[str, Field]) -> str:
    candidates = []
    for source in sources:
        value = _field_reference("e", source.path)
        if source.recode:
            cases = " ".join(f"WHEN '{api_value}' THEN '{label}'" for api_value, label in source.recode.items())
            value = f"CASE {value} {cases} END"
        if divisor := CONVERSIONS.get((fields[source.path].unit, cell.unit)):
            value = f"{value} / {divisor}"
        candidates.append(f"CAST({value} AS {_TYPE_OF_KIND[cell.kind]})")
    return f'coalesce({", ".join([*candidates, "NULL"])}) AS "{cell.name}"'
