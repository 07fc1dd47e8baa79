"""Check that a peer has the same result: number of rows, and number and sum of the values of each column."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import NESTED, Cell, Column, Endpoint, Expansion, Kind, Platform


class DifferentResultError(Exception):
    """The result of a peer differs, so its time is not comparable."""


def compare_posts(theirs: pa.Table, ours: pd.DataFrame, platform: Platform) -> None:
    """Raise if a peer's table has other posts than our frame."""
    _compare(platform.name, theirs, ours, sent_by(platform, Endpoint.HISTORY))


def compare_rows(theirs: pa.Table, ours: pd.DataFrame, expansion: Expansion) -> None:
    """Raise if a peer's child table has other rows than ours."""
    _compare(expansion.table.name, theirs, ours, expansion.table.cells)


def _compare(name: str, theirs: pa.Table, ours: pd.DataFrame, columns: Iterable[Column | Cell]) -> None:
    if theirs.num_rows != len(ours):
        raise DifferentResultError(f"{name}: {theirs.num_rows} rows, expected {len(ours)}.")
    for column in columns:
        # Convert column by column: converting the whole frame would copy it.
        expected = _describe(pa.chunked_array([pa.array(ours[column.name], from_pandas=True)]), column.kind)
        actual = _describe(theirs.column(column.name), column.kind)
        if not all(_is_close(*pair) for pair in zip(actual, expected, strict=True)):
            raise DifferentResultError(f"{name}: {column.name} has {actual}, expected {expected}.")


def _describe(values: pa.ChunkedArray, kind: Kind) -> tuple[Any, ...]:
    """Return the number of valid values of a column and statistics that depend on its kind."""
    valid = len(values) - values.null_count
    if not valid or kind in NESTED:
        return (valid,)
    if kind is Kind.TIME:
        return (valid, *pc.min_max(values.cast(pa.timestamp("us", "UTC")).cast(pa.int64())).as_py().values())
    if kind in (Kind.TEXT, Kind.ID):
        texts = values.cast(pa.large_string()).drop_null()
        return (valid, pc.sum(pc.binary_length(texts)).as_py(), texts[0].as_py(), texts[-1].as_py())
    return (valid, pc.sum(values.cast(pa.float64())).as_py())


def _is_close(left: Any, right: Any) -> bool:
    return math.isclose(left, right, rel_tol=1e-9) if isinstance(left, float) else left == right
