"""Decode with polars: `read_json` with a hand-written schema, and `explode` for nested columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
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

_PLAIN = {pa.string(): pl.String, pa.int64(): pl.Int64, pa.float64(): pl.Float64, pa.bool_(): pl.Boolean}
_TYPE_OF_KIND = {Kind.INTEGER: pl.Int64, Kind.FLOAT: pl.Float64, Kind.TEXT: pl.String}


def reader(page: Page) -> Callable[[], pl.DataFrame]:
    """Return a function that decodes a page into a polars frame with typed columns."""
    schema = {"posts": pl.List(_type(post_type(page)))}
    expressions = [_column_expression(column) for column in sent_by(page.platform, Endpoint.HISTORY)]

    def read() -> pl.DataFrame:
        envelopes = pl.read_json(page.body, schema=schema)
        return envelopes.get_column("posts").explode().struct.unnest().select(expressions)

    return read


def to_arrow(posts: pl.DataFrame) -> pa.Table:
    """Return the result as an Arrow table."""
    return posts.to_arrow(compat_level=pl.CompatLevel.oldest())


def expander(page: Page, expansion: Expansion) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return a function that expands a loaded frame into a child table with the post id."""
    source, shape = source_column(page.platform, expansion), expansion.shape
    assert isinstance(shape, RowPerElement)
    fields = {field.path: field for field in source.inner}
    cells = [_cell_expression(cell, sources_of(shape, cell), source, fields) for cell in expansion.table.cells]
    return lambda posts: (
        posts.select("id", source.name).explode(source.name).drop_nulls(source.name).select("id", *cells)
    )


def _type(kind: pa.DataType) -> Any:
    if pa.types.is_struct(kind):
        return pl.Struct({field.name: _type(field.type) for field in kind})
    if pa.types.is_list(kind):
        return pl.List(_type(kind.value_type))
    # Times inside a struct are read as text first.
    return _PLAIN.get(kind, pl.String)


def _column_expression(column: Column) -> pl.Expr:
    value = _field_expression(pl, column.path)
    if column.kind is Kind.TIME:
        value = value.str.to_datetime("%+", time_unit="us")
    return value.alias(column.name)


def _field_expression(start: Any, path: str) -> pl.Expr:
    head, *rest = path.split(".")
    value = start.col(head)
    for step in rest:
        value = value.struct.field(step)
    return value


def _cell_expression(cell: Cell, sources: tuple[CellSource, ...], column: Column, fields: dict[str, Field]) -> pl.Expr:
    candidates = []
    for source in sources:
        value = pl.col(column.name)
        for step in filter(None, source.path.split(".")):
            value = value.struct.field(step)
        if source.recode:
            value = value.replace_strict(dict(source.recode), default=None, return_dtype=pl.String)
        if divisor := CONVERSIONS.get((fields[source.path].unit, cell.unit)):
            value = value / divisor
        candidates.append(value.cast(_TYPE_OF_KIND[cell.kind]))
    value = pl.coalesce(candidates) if candidates else pl.lit(None, _TYPE_OF_KIND[cell.kind])
    return value.alias(cell.name)
