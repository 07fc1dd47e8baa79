"""Convert columns of a posts frame to Arrow arrays, also after the frame was saved as CSV or Excel and read back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import ARROW_TYPES, UTC_TIME, IntArray
from ayrframe._decode.json import is_json
from ayrframe._frame.dtypes import DTYPE_NAMES, dtype_for, to_frame
from ayrframe._frame.platform_rows import take_rows
from ayrframe._platforms.columns import LEADING_COLUMNS, TRAILING_COLUMNS
from ayrframe._platforms.spec import NESTED, Column, Kind
from ayrframe.errors import AyrframeError, ExpansionError, quote

_EXACT_FLOAT_LIMIT = 2.0**53


def add_missing_columns(
    posts: pd.DataFrame, columns: Iterable[Column] = (*LEADING_COLUMNS, *TRAILING_COLUMNS)
) -> pd.DataFrame:
    """Add missing columns, filled with NA; by default those that every posts frame has."""
    missing = {
        column.name: pa.nulls(len(posts), ARROW_TYPES[column.kind])
        for column in columns
        if column.name not in posts.columns
    }
    return posts.assign(**to_frame(pa.table(missing)).set_axis(posts.index)) if missing else posts


def to_arrow(frame: pd.DataFrame, column: Column, rows: IntArray) -> pa.Array:
    """Return some rows of a column as an Arrow array; raise an AyrframeError if its dtype cannot be converted."""
    values = frame[column.name].array
    array = _convert_to_kind(take_rows(values, rows), column.kind)
    if array is None:
        raise wrong_dtype_error(column, values.dtype)
    return array


def restore_column(frame: pd.DataFrame, column: Column) -> pd.Series:
    """Return a column with the dtype of a posts frame and a RangeIndex."""
    if frame[column.name].dtype == dtype_for(column.kind):
        return frame[column.name].reset_index(drop=True)
    return to_frame(pa.table({"": to_arrow(frame, column, np.arange(len(frame)))}))[""]


def _convert_to_kind(values: Any, kind: Kind) -> pa.Array | None:
    """Return values as an Arrow array of their kind, or None if they cannot be converted."""
    arrow_type = ARROW_TYPES[kind]
    try:
        if arrow_type == UTC_TIME and not isinstance(values.dtype, pd.DatetimeTZDtype):
            return pa.array(parse_times(pd.Series(values)), arrow_type)
        array = pa.array(values, from_pandas=True)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        if array.type == arrow_type:
            return array
        if array.null_count == len(array):
            return pa.nulls(len(array), arrow_type)
        if kind in NESTED and not pa.types.is_string(array.type):
            return None  # JSON cells are text
        if arrow_type == pa.large_string() and pa.types.is_floating(array.type):
            array = _floats_to_integers(array)
        return array.cast(arrow_type)
    except (pa.ArrowException, ValueError, TypeError):
        return None


def _floats_to_integers(numbers: pa.Array) -> pa.Array:
    """Convert ids that are floats to integers; pandas reads a column of integers with missing cells as floats."""
    if not pc.all(pc.less(pc.abs(numbers), _EXACT_FLOAT_LIMIT), min_count=0).as_py():
        raise pa.ArrowInvalid("floats of this size are not exact")
    return numbers.cast(pa.int64())


def wrong_dtype_error(column: Column, dtype: Any) -> AyrframeError:
    """Return the error for a column that cannot be converted to its dtype."""
    return AyrframeError(
        f"Column {column.name!r} has dtype {dtype}, expected {DTYPE_NAMES[column.kind]}. "
        "Load the posts again, or read the saved file with the dtypes of the posts frame."
    )


def unreadable_cell_error(posts: pd.DataFrame, source: Column, cells: pa.Array, rows: IntArray) -> ExpansionError:
    """Return the error for a column with invalid JSON; it names the first such post."""
    json_type, opening = ("array", "[") if source.kind is Kind.LIST else ("object", "{")
    for position, text in zip(rows, cells.to_pylist(), strict=True):
        if text is not None and (not is_json(text) or text.lstrip()[:1] != opening):
            row = f"post {quote(str(posts['id'].iloc[position]))}" if "id" in posts.columns else f"row {position}"
            return ExpansionError(
                f"Cannot expand column {source.name!r} of {row}: expected a JSON {json_type}, found {quote(text)}."
            )
    return ExpansionError(f"Cannot expand column {source.name!r}: expected a JSON {json_type} in each cell.")


def parse_times(values: pd.Series) -> pd.Series:
    """Convert ISO 8601 texts to datetime64[us, UTC]; raise a ValueError for numbers."""
    if pd.api.types.is_numeric_dtype(values.dtype) and values.notna().any():
        raise ValueError("expected times, found numbers")
    return pd.to_datetime(values.astype("object"), format="ISO8601", utc=True).dt.as_unit("us")
