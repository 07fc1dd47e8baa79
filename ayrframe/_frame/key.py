"""Read the post key of a posts frame, also after the frame was saved as CSV and read back."""

from __future__ import annotations

from contextlib import suppress

import pandas as pd

from ayrframe._frame.dtypes import dtype_for
from ayrframe._frame.to_arrow import parse_times, wrong_dtype_error
from ayrframe._platforms.columns import AS_OF, KEY, PROFILE
from ayrframe._platforms.spec import Kind


def post_keys(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the post key as a DataFrame with the dtypes of a posts frame."""
    # Copied, because pandas does not track that the new frame shares the memory of a time column.
    return pd.DataFrame({name: values.copy() for name, values in post_key_columns(frame).items()}, index=frame.index)


def post_key_columns(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the columns of the post key by name, without the cost of a DataFrame."""
    text = dtype_for(Kind.TEXT)
    texts = {name: frame[name] for name in KEY if name != AS_OF.name}
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
