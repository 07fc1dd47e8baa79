"""Convert Arrow tables to pandas and define the dtype of each kind of column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from ayrframe._decode.arrays import ARROW_TYPES, UTC_TIME
from ayrframe._platforms.columns import common_columns
from ayrframe._platforms.spec import Column, Kind, Platform

_PANDAS_DTYPES: dict[pa.DataType, Any] = {
    pa.large_string(): pd.StringDtype("pyarrow", na_value=np.nan),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    UTC_TIME: pd.DatetimeTZDtype("us", "UTC"),
}


def to_frame(table: pa.Table, before: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return a table as a DataFrame with the dtypes of a posts frame, after other columns, and with a RangeIndex."""
    columns = {name: _to_pandas(table.column(name)) for name in table.column_names}
    return pd.DataFrame({**(before or {}), **columns}, copy=False)


def dtype_for(kind: Kind) -> Any:
    """Return the dtype of columns of this kind in a posts frame."""
    return _PANDAS_DTYPES.get(ARROW_TYPES[kind], np.dtype("float64"))


DTYPE_NAMES: dict[Kind, str] = {kind: str(dtype_for(kind)) for kind in Kind}


def concat_tables(tables: Sequence[pa.Table], platforms: Iterable[Platform]) -> pa.Table:
    """Concatenate tables; the result has the union of the columns of the platforms, in their order."""
    schema = _frame_schema(tuple(platforms))
    if len(tables) == 1 and tables[0].schema.equals(schema):
        return tables[0]
    combined = pa.concat_tables([schema.empty_table(), *tables], promote_options="default")
    return combined.select(schema.names)


def union_columns(platforms: Iterable[Platform]) -> tuple[Column, ...]:
    """Return the columns of a frame of several platforms, or those that all posts frames have if there are none."""
    platforms = tuple(platforms)
    leading, trailing = common_columns(platforms)
    seen = {column.name: column for column in leading}
    for platform in platforms:
        for column in platform.columns:
            seen.setdefault(column.name, column)
    return (*seen.values(), *trailing)


@cache
def _frame_schema(platforms: tuple[Platform, ...]) -> pa.Schema:
    return pa.schema([(column.name, ARROW_TYPES[column.kind]) for column in union_columns(platforms)])


def _to_pandas(column: pa.ChunkedArray) -> Any:
    """Return a column as a pandas or NumPy array. NumPy data are copied, because Arrow buffers are read-only."""
    if column.type not in _PANDAS_DTYPES:
        return column.to_numpy().copy()
    if column.type == pa.int64() and column.null_count == len(column):  # A fifth of the time of the conversion.
        return pd.arrays.IntegerArray(np.zeros(len(column), np.int64), np.ones(len(column), bool))
    values = _PANDAS_DTYPES[column.type].__from_arrow__(column)
    return values.copy() if column.type == UTC_TIME else values
