"""What a posts frame is, seen from outside: which platforms it holds, and which of its rows are theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import ARROW, UTC_TIME
from ayrframe._decode.json import parses
from ayrframe._frame.dtypes import DTYPES, dtype_of
from ayrframe._frame.dtypes import frame as to_frame
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import AS_OF, KEY, LEADING_COLUMNS, PROFILE, TRAILING_COLUMNS
from ayrframe._platforms.spec import NESTED, Column, Kind, Platform
from ayrframe.errors import AyrframeError, ExpansionError, quote


def platforms_in(frame: pd.DataFrame) -> list[Platform]:
    """Return the platforms of a frame's rows; of a frame without rows, those whose columns it has."""
    if len(frame):
        named = set(frame["platform"].unique())
        return [platform for platform in PLATFORMS.values() if platform.name in named]
    return [
        platform for platform in PLATFORMS.values() if all(column.name in frame.columns for column in platform.columns)
    ]


_EXACT = 2.0**53


def completed(posts: pd.DataFrame, columns: Iterable[Column] = (*LEADING_COLUMNS, *TRAILING_COLUMNS)) -> pd.DataFrame:
    """Return the posts with what they lack of these columns, as missing; a user may have dropped what all have."""
    dropped = [column for column in columns if column.name not in posts.columns]
    return posts.assign(**{one.name: _missing(one, posts.index) for one in dropped}) if dropped else posts


def _missing(column: Column, index: pd.Index) -> pd.Series:
    return to_frame(pa.table({"": pa.nulls(len(index), ARROW[column.kind])}))[""].set_axis(index)


def rows_of(platform: Platform, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which rows of a frame are posts of this platform."""
    return frame["platform"].eq(platform.name).to_numpy(dtype=bool, na_value=False)


def shares_of(frame: pd.DataFrame) -> list[tuple[Platform, npt.NDArray[np.int64]]]:
    """Return the platforms of a frame's rows, each with the places of its posts, by one look at all names."""
    if not len(frame):
        return [(one, np.zeros(0, dtype=np.int64)) for one in platforms_in(frame)]
    codes, names = pd.factorize(frame["platform"])
    code_of = {name: code for code, name in enumerate(names)}
    here = [platform for platform in PLATFORMS.values() if platform.name in code_of]
    return [(platform, np.flatnonzero(codes == code_of[platform.name])) for platform in here]


def cells_of(frame: pd.DataFrame, column: Column, rows: npt.NDArray[np.int64]) -> pa.Array:
    """Return a column's cells in these rows as an Arrow array, also after a trip through CSV or Excel."""
    values = frame[column.name].array
    cells = _held(take_rows(values, rows), column.kind)
    if cells is None:
        raise _changed(column, values.dtype)
    return cells


def column_of(frame: pd.DataFrame, column: Column) -> pd.Series:
    """Return a column as a load gives it, under a RangeIndex: as it is, or out of what a trip through CSV left."""
    if frame[column.name].dtype == dtype_of(column.kind):
        return frame[column.name].reset_index(drop=True)
    return to_frame(pa.table({"": cells_of(frame, column, np.arange(len(frame)))}))[""]


def _held(values: Any, kind: Kind) -> pa.Array | None:
    """Return values as the array of their kind, None if they are no longer what a load gave."""
    wanted = ARROW[kind]
    try:
        if wanted == UTC_TIME and not isinstance(values.dtype, pd.DatetimeTZDtype):
            return pa.array(_times(pd.Series(values)), wanted)
        array = pa.array(values, from_pandas=True)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        if array.type == wanted:
            return array
        if array.null_count == len(array):
            return pa.nulls(len(array), wanted)
        if kind in NESTED and not pa.types.is_string(array.type):
            return None  # numbers are no JSON
        if wanted == pa.large_string() and pa.types.is_floating(array.type):
            array = _digits(array)
        return array.cast(wanted)
    except (pa.ArrowException, ValueError, TypeError):
        return None


def _digits(numbers: pa.Array) -> pa.Array:
    """Return ids that became floats, as a reader of CSV makes them where some are missing, as whole numbers again."""
    if not pc.all(pc.less(pc.abs(numbers), _EXACT), min_count=0).as_py():
        raise pa.ArrowInvalid("digits are lost")
    return numbers.cast(pa.int64())


def _changed(column: Column, dtype: Any) -> AyrframeError:
    return AyrframeError(
        f"The column {column.name!r} does not hold what it held when it was loaded: {dtype} instead of "
        f"{DTYPES[column.kind]}. Load the posts again, or read them back with the dtypes they were saved with."
    )


def take_rows(values: Any, rows: npt.NDArray[np.int64]) -> Any:
    """Return the values in these rows."""
    # The rows of a platform mostly follow one another, and a slice copies nothing: expansions take 0.88 of the time.
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1 and (np.diff(rows) == 1).all():
        return values[rows[0] : rows[-1] + 1]
    return values.take(rows)


def unreadable(posts: pd.DataFrame, source: Column, cells: pa.Array, rows: npt.NDArray[np.int64]) -> ExpansionError:
    """Return the error that names the first post whose cell is not the JSON its column should hold."""
    opening = {Kind.LIST: "[", Kind.OBJECT: "{"}[source.kind]
    for place, text in zip(rows, cells.to_pylist(), strict=True):
        if text is not None and (not parses(text) or text.lstrip()[:1] != opening):
            which = quote(str(posts["id"].iloc[place]))
            return ExpansionError(
                f"Cannot unfold {source.name!r} of post {which}: {quote(text)} is not the JSON {source.kind} "
                f"that the column holds when it is loaded."
            )
    return ExpansionError(f"Cannot unfold {source.name!r}: its cells are not the JSON that they hold when loaded.")


def key_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the post key with its own dtypes; CSV leaves times as texts and an empty label as missing."""
    # Copied here, since pandas does not notice that a frame made of a column of times shares its memory.
    return pd.DataFrame({name: values.copy() for name, values in key_columns(frame).items()}, index=frame.index)


def key_columns(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the columns of the post key, as `key_of` does, without the cost of a frame."""
    keys = {name: _text(frame[name]) for name in KEY if name != AS_OF.name}
    keys[PROFILE.name] = _nowhere_missing(keys[PROFILE.name])
    return keys | {AS_OF.name: _moments(frame[AS_OF.name])}


def _text(values: pd.Series) -> pd.Series:
    wanted = dtype_of(Kind.TEXT)
    return values if values.dtype == wanted else values.astype(wanted)


def _nowhere_missing(values: pd.Series) -> pd.Series:
    return values.fillna("") if values.hasnans else values


def _moments(values: pd.Series) -> pd.Series:
    if values.dtype == dtype_of(Kind.TIME):
        return values
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        moments: pd.Series = values.dt.tz_convert("UTC").dt.as_unit("us")
        return moments
    try:
        return _times(values)
    except (ValueError, TypeError):
        pass
    raise _changed(AS_OF, values.dtype)


def _times(values: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values.dtype) and values.notna().any():
        raise ValueError("numbers are no times")
    return pd.to_datetime(values.astype("object"), format="ISO8601", utc=True).dt.as_unit("us")
