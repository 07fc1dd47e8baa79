"""Read the post key of a posts frame, also after the frame was saved as CSV and read back."""

from __future__ import annotations

from contextlib import suppress

import pandas as pd

from ayrframe._frame.dtypes import dtype_for
from ayrframe._frame.to_arrow import parse_times, wrong_dtype_error
from ayrframe._platforms.columns import AS_OF, ID, KEY, PROFILE
from ayrframe._platforms.spec import Kind
from ayrframe.errors import ArgumentTypeError, AyrframeError, describe_table

_EXACT_LIMITS = {"float16": 2.0**11, "float32": 2.0**24}  # of other dtypes: 2**53


def check_dataframe(value: object, name: str) -> None:
    """Raise an ArgumentTypeError that says how to convert it if an argument is not a pandas DataFrame."""
    if not isinstance(value, pd.DataFrame):
        raise ArgumentTypeError(f"`{name}` must be a pandas DataFrame, got {describe_table(value)}")


def check_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with restored ids; raise an AyrframeError if columns have the same name or ids lost digits."""
    if not frame.columns.is_unique:
        doubled = ", ".join(map(repr, frame.columns[frame.columns.duplicated()].unique()))
        raise AyrframeError(f"The frame has several columns named {doubled}. Rename or drop all but one of each.")
    return restore_ids(frame)


def restore_ids(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame, with ids that became floats as their digits; raise an AyrframeError if digits may be lost."""
    if ID.name not in frame.columns:
        return frame
    ids = frame[ID.name]
    if isinstance(ids, pd.DataFrame):  # Several columns are named id.
        return check_frame(frame)
    if ids.dtype == "object":
        is_float = ids.notna() & ids.map(lambda value: isinstance(value, float)).astype("bool")
    elif pd.api.types.is_float_dtype(ids.dtype):
        is_float = ids.notna()
    else:
        return frame
    numbers = ids[is_float].astype("float64")
    limit = _EXACT_LIMITS.get(str(ids.dtype).lower(), 2.0**53)
    is_exact = (numbers.abs() < limit) & (numbers % 1 == 0)
    if not is_exact.all():
        raise AyrframeError(
            f"Column 'id' has dtype {ids.dtype}, in which long ids lose digits. Read the file again with ids as text: "
            'pd.read_csv(path, dtype={"id": "str"}).'
        )
    digits = ids.astype("object").mask(ids.isna(), None)
    digits[is_float] = numbers.astype("int64").astype("str")
    return frame.assign(**{ID.name: digits.astype(dtype_for(Kind.TEXT))})


def key_names(frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns that identify a row: the post key, or that of accounts, which have no id."""
    return [name for name in KEY if name != ID.name or name in frame.columns]


def post_keys(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the post key as a DataFrame with the dtypes of a posts frame."""
    # Copied, because pandas does not track that the new frame shares the memory of a time column.
    return pd.DataFrame({name: values.copy() for name, values in post_key_columns(frame).items()}, index=frame.index)


def post_key_columns(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the columns of the post key by name, without the cost of a DataFrame."""
    frame, text = restore_ids(frame), dtype_for(Kind.TEXT)
    texts = {name: frame[name] for name in key_names(frame) if name != AS_OF.name}
    # Even without a conversion, `astype` takes a tenth of the time of this function for each column.
    columns = {name: values if values.dtype == text else values.astype(text) for name, values in texts.items()}
    columns[PROFILE.name] = columns[PROFILE.name].fillna("")
    return columns | {AS_OF.name: _as_utc_times(frame[AS_OF.name])}


def _as_utc_times(values: pd.Series) -> pd.Series:
    if values.dtype == dtype_for(Kind.TIME):
        return values
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        times: pd.Series = values.dt.tz_convert("UTC").dt.as_unit("us")
        return times
    with suppress(ValueError, TypeError):
        return parse_times(values)
    raise wrong_dtype_error(AS_OF, values.dtype)
