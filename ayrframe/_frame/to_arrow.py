"""Convert columns of a posts frame to Arrow arrays, also after a round trip through CSV or Excel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import ARROW_TYPES, UTC_TIME
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
    """Return the posts with what they lack of these columns, as missing; a user may have dropped what all have."""
    missing = [column for column in columns if column.name not in posts.columns]
    return (
        posts.assign(**{column.name: _missing_series(column, posts.index) for column in missing}) if missing else posts
    )


def _missing_series(column: Column, index: pd.Index) -> pd.Series:
    return to_frame(pa.table({"": pa.nulls(len(index), ARROW_TYPES[column.kind])}))[""].set_axis(index)


def to_arrow(frame: pd.DataFrame, column: Column, rows: npt.NDArray[np.int64]) -> pa.Array:
    """Return a column's cells in these rows as an Arrow array, also after a trip through CSV or Excel."""
    values = frame[column.name].array
    array = _convert_to_kind(take_rows(values, rows), column.kind)
    if array is None:
        raise wrong_dtype_error(column, values.dtype)
    return array


def restore_column(frame: pd.DataFrame, column: Column) -> pd.Series:
    """Return a column as a load gives it, under a RangeIndex: as it is, or out of what a trip through CSV left."""
    if frame[column.name].dtype == dtype_for(column.kind):
        return frame[column.name].reset_index(drop=True)
    return to_frame(pa.table({"": to_arrow(frame, column, np.arange(len(frame)))}))[""]


def _convert_to_kind(values: Any, kind: Kind) -> pa.Array | None:
    """Return values as the array of their kind, None if they are no longer what a load gave."""
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
            return None  # numbers are no JSON
        if arrow_type == pa.large_string() and pa.types.is_floating(array.type):
            array = _floats_to_integers(array)
        return array.cast(arrow_type)
    except (pa.ArrowException, ValueError, TypeError):
        return None


def _floats_to_integers(numbers: pa.Array) -> pa.Array:
    """Return ids that became floats, as a reader of CSV makes them where some are missing, as whole numbers again."""
    if not pc.all(pc.less(pc.abs(numbers), _EXACT_FLOAT_LIMIT), min_count=0).as_py():
        raise pa.ArrowInvalid("digits are lost")
    return numbers.cast(pa.int64())


def wrong_dtype_error(column: Column, dtype: Any) -> AyrframeError:
    return AyrframeError(
        f"The column {column.name!r} does not hold what it held when it was loaded: {dtype} instead of "
        f"{DTYPE_NAMES[column.kind]}. Load the posts again, or read them back with the dtypes they were saved with."
    )


def unreadable_cell_error(
    posts: pd.DataFrame, source: Column, cells: pa.Array, rows: npt.NDArray[np.int64]
) -> ExpansionError:
    """Return the error that names the first post whose cell is not the JSON its column should hold."""
    opening = {Kind.LIST: "[", Kind.MAPPING: "{"}[source.kind]
    for position, text in zip(rows, cells.to_pylist(), strict=True):
        if text is not None and (not is_json(text) or text.lstrip()[:1] != opening):
            post_id = quote(str(posts["id"].iloc[position]))
            return ExpansionError(
                f"Cannot unfold {source.name!r} of post {post_id}: {quote(text)} is not the JSON {source.kind} "
                f"that the column holds when it is loaded."
            )
    return ExpansionError(f"Cannot unfold {source.name!r}: its cells are not the JSON that they hold when loaded.")


def parse_times(values: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values.dtype) and values.notna().any():
        raise ValueError("numbers are no times")
    return pd.to_datetime(values.astype("object"), format="ISO8601", utc=True).dt.as_unit("us")
