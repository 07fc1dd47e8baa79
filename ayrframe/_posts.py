"""What a posts frame is, seen from outside: which platforms it holds, and which of its rows are theirs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ayrframe._arrays import ARROW
from ayrframe._platforms import PLATFORMS
from ayrframe.columns import KEY
from ayrframe.spec import Column, Platform

HOW_TO_GET_ONE = "Get one with ayr.load, ayr.load_sample, ayr.read_json, ayr.from_posts or ayr.Archive(...).posts()."


def missing_key(frame: pd.DataFrame) -> list[str]:
    """Return the columns of the post key that a frame lacks."""
    return [name for name in KEY if name not in frame.columns]


def platforms_in(frame: pd.DataFrame) -> list[Platform]:
    """Return the platforms of a frame's rows; of a frame without rows, those whose columns it has."""
    if len(frame):
        named = set(frame["platform"].dropna().unique())
        return [platform for platform in PLATFORMS.values() if platform.name in named]
    return [
        platform for platform in PLATFORMS.values() if all(column.name in frame.columns for column in platform.columns)
    ]


def rows_of(platform: Platform, frame: pd.DataFrame) -> pd.Series:
    """Return which rows of a frame are posts of this platform."""
    return frame["platform"].eq(platform.name)


def cells_of(frame: pd.DataFrame, column: Column, rows: npt.NDArray[np.int64]) -> pa.Array:
    """Return a column's cells in these rows as an Arrow array, also after a trip through CSV or Excel."""
    values = frame[column.name].array
    chosen = values if len(rows) == len(frame) else values.take(rows)
    array = pa.array(chosen, ARROW[column.kind], from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
