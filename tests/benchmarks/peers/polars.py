"""polars: `read_json` with a schema written by hand, and `explode` for what is nested."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pyarrow as pa

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import CONVERSIONS, Cell, CellSource, Column, Expansion, Field, Kind, RowPerElement
from tests.benchmarks.pages import Page
from tests.benchmarks.peers.plain_expansions import source_of, ways_of
from tests.benchmarks.peers.post_type import post_type

_PLAIN = {pa.string(): pl.String, pa.int64(): pl.Int64, pa.float64(): pl.Float64, pa.bool_(): pl.Boolean}
_OF_KIND = {Kind.INTEGER: pl.Int64, Kind.FLOAT: pl.Float64, Kind.TEXT: pl.String}


def reader(page: Page) -> Callable[[], pl.DataFrame]:
    """Return the job: bytes to a polars frame with typed columns, UTC times and typed lists."""
    schema = {"posts": pl.List(_type(post_type(page)))}
    wanted = [_column(column) for column in sent_by(page.platform)]

    def read() -> pl.DataFrame:
        replies = pl.read_json(page.body, schema=schema)
        return replies.get_column("posts").explode().struct.unnest().select(wanted)

    return read


def arrow(posts: pl.DataFrame) -> pa.Table:
    """Return the answer as Arrow."""
    return posts.to_arrow(compat_level=pl.CompatLevel.oldest())


def unfolder(page: Page, expansion: Expansion) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return the job: a loaded frame to a child table, keyed by the post's id."""
    source, shape = source_of(page.platform, expansion), expansion.shape
    assert isinstance(shape, RowPerElement)
    fields = {field.path: field for field in source.inner}
    cells = [_cell(cell, ways_of(shape, cell), source, fields) for cell in expansion.table.cells]
    return lambda posts: (
        posts.select("id", source.name).explode(source.name).drop_nulls(source.name).select("id", *cells)
    )


def _type(kind: pa.DataType) -> Any:
    if pa.types.is_struct(kind):
        return pl.Struct({field.name: _type(field.type) for field in kind})
    if pa.types.is_list(kind):
        return pl.List(_type(kind.value_type))
    # A time inside a struct is read as text first.
    return _PLAIN.get(kind, pl.String)


def _column(column: Column) -> pl.Expr:
    value = _at(pl, column.path)
    if column.kind is Kind.TIME:
        value = value.str.to_datetime("%+", time_unit="us")
    return value.alias(column.name)


def _at(start: Any, path: str) -> pl.Expr:
    head, *rest = path.split(".")
    value = start.col(head)
    for step in rest:
        value = value.struct.field(step)
    return value


def _cell(cell: Cell, ways: tuple[CellSource, ...], source: Column, fields: dict[str, Field]) -> pl.Expr:
    found = []
    for take in ways:
        value = pl.col(source.name)
        for step in filter(None, take.path.split(".")):
            value = value.struct.field(step)
        if take.recode:
            value = value.replace_strict(dict(take.recode), default=None, return_dtype=pl.String)
        if divisor := CONVERSIONS.get((fields[take.path].unit, cell.unit)):
            value = value / divisor
        found.append(value.cast(_OF_KIND[cell.kind]))
    return pl.coalesce(found).alias(cell.name) if found else pl.lit(None, _OF_KIND[cell.kind]).alias(cell.name)
