"""Find values that are not among the known values of a column."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import IntArray
from ayrframe._frame.deduplicate import is_error_record
from ayrframe._frame.to_arrow import add_missing_columns, to_arrow
from ayrframe._platforms.spec import Column, Platform

NEW_VALUE = "new value"


def iter_new_values(
    posts: pd.DataFrame, platform: Platform, rows: IntArray
) -> Iterator[tuple[Column, IntArray, list[str]]]:
    """Yield the columns with values that are not declared, the positions of their rows, and the values.

    The fields of an error record describe the error, so they are left out.
    """
    for column in platform.columns:
        if not column.values or column.name not in posts.columns:
            continue
        if not isinstance(posts[column.name].dtype, pd.StringDtype):
            continue
        cells = to_arrow(posts, column, rows)
        is_new = pc.and_(cells.is_valid(), pc.invert(pc.is_in(cells, pa.array(column.values, cells.type))))
        found = rows[np.flatnonzero(is_new)]
        if len(found):
            found = found[~is_error_record(add_missing_columns(posts.iloc[found])).to_numpy(dtype=bool)]
        if len(found):
            yield column, found, to_arrow(posts, column, found).to_pylist()
