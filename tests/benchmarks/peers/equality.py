"""Whether a peer gives our answer: the same rows, and in each column as many values with the same sum."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import NESTED, Cell, Column, Expansion, Kind, Platform


class WrongAnswerError(Exception):
    """A peer does another job, so that its time says nothing."""


def same_posts(theirs: pa.Table, ours: pd.DataFrame, platform: Platform) -> None:
    """Raise unless a peer's table holds the posts that our frame holds."""
    _same(platform.name, theirs, ours, sent_by(platform))


def same_rows(theirs: pa.Table, ours: pd.DataFrame, expansion: Expansion) -> None:
    """Raise unless a peer's child table holds the rows that ours holds."""
    _same(expansion.table.name, theirs, ours, expansion.table.cells)


def _same(who: str, theirs: pa.Table, ours: pd.DataFrame, columns: Iterable[Column | Cell]) -> None:
    if theirs.num_rows != len(ours):
        raise WrongAnswerError(f"{who}: {theirs.num_rows} rows for {len(ours)}.")
    for column in columns:
        # Column by column: a frame as a whole would be laid out anew in memory.
        expected = _told(pa.chunked_array([pa.array(ours[column.name], from_pandas=True)]), column.kind)
        found = _told(theirs.column(column.name), column.kind)
        if not all(_equal(*pair) for pair in zip(found, expected, strict=True)):
            raise WrongAnswerError(f"{who}: {column.name} holds {found} and not {expected}.")


def _told(values: pa.ChunkedArray, kind: Kind) -> tuple[Any, ...]:
    """Return what stands for a column: how many values, and what they come to."""
    known = len(values) - values.null_count
    if not known or kind in NESTED:
        return (known,)
    if kind is Kind.TIME:
        return (known, *pc.min_max(values.cast(pa.timestamp("us", "UTC")).cast(pa.int64())).as_py().values())
    if kind in (Kind.TEXT, Kind.ID):
        texts = values.cast(pa.large_string()).drop_null()
        return (known, pc.sum(pc.binary_length(texts)).as_py(), texts[0].as_py(), texts[-1].as_py())
    return (known, pc.sum(values.cast(pa.float64())).as_py())


def _equal(left: Any, right: Any) -> bool:
    return math.isclose(left, right, rel_tol=1e-9) if isinstance(left, float) else left == right
