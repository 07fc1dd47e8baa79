"""Convert the columns of a frame to the cells of a sheet: texts, numbers, booleans, Excel times, or empty."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from ayrframe._export.sanitize import to_legal_text, truncate_text

# Excel treats 1900 as a leap year, so dates before March 1900 are ambiguous; one day of margin is for time zones.
_FIRST_TIME, _LAST_TIME = pd.Timestamp("1900-03-02"), pd.Timestamp("9999-12-30")
_EXCEL_EPOCH, _ONE_DAY = pd.Timestamp("1899-12-30"), pd.Timedelta(days=1)
_INTEGER_LIMIT = 10**15  # numbers in Excel have 15 digits
_MIN_WIDTH, _MAX_WIDTH, _TIME_WIDTH, _SAMPLED_VALUES = 8, 50, 17, 500
_LINK_WIDTH = 30  # links wrap
_MARGIN, _FILTER_BUTTON = 2, 3  # the second is the number of characters that the button of the filter covers


class ExcelTime(float):
    """A time as Excel stores it: days since 1899-12-30, without a time zone."""


CellValue = str | float | bool | ExcelTime | None


class SheetColumn(NamedTuple):
    """One column of a sheet: its name, its values, the number format of all or of each, and its layout."""

    name: object
    values: pd.Series
    number_format: str | Sequence[str] = ""
    wraps: bool = False
    is_link: bool = False


class ColumnCells(NamedTuple):
    """The header, values and number formats of one column; `truncated` is the number of shortened texts."""

    header: str
    values: list[CellValue]
    formats: Sequence[str]
    truncated: int
    wraps: bool
    is_link: bool

    @property
    def is_numeric(self) -> bool:
        """Whether the first values are numbers."""
        known = [value for value in self.values[:_SAMPLED_VALUES] if value is not None]
        return bool(known) and not any(isinstance(value, str | ExcelTime) for value in known)

    @property
    def width(self) -> int:
        """The width of the column in characters; headers of several words take two lines."""
        sample = islice(zip(self.values, self.formats, strict=True), _SAMPLED_VALUES)
        widths = [
            _display_width(value, number_format) + _MARGIN for value, number_format in sample if value is not None
        ]
        words = self.header.split() or [""]
        header = max(len(self.header) // min(len(words), 2) + len(words) // 3, *map(len, words)) + _FILTER_BUTTON
        return min(max(_MIN_WIDTH, header, *widths), _LINK_WIDTH if self.is_link else _MAX_WIDTH)


def to_cells(column: SheetColumn, zone: dt.tzinfo) -> ColumnCells:
    """Convert a column to cells; times are converted to the zone, which is added to the header."""
    formats = column.number_format
    if isinstance(formats, str):
        formats = [formats] * len(column.values)
    header, values = _convert_values(column.name, column.values, zone)
    legal = [to_legal_text(value) if isinstance(value, str) else value for value in (header, *values)]
    fitting = [truncate_text(value) if isinstance(value, str) else value for value in legal]
    truncated = sum(before is not after for before, after in zip(legal, fitting, strict=True))
    return ColumnCells(str(fitting[0]), fitting[1:], formats, truncated, column.wraps, column.is_link)


def _display_width(value: CellValue, number_format: str) -> int:
    """Return the number of characters that a cell shows."""
    if isinstance(value, ExcelTime):
        return _TIME_WIDTH
    if isinstance(value, str):
        return max(map(len, value.splitlines()), default=0)
    return len(f"{value:,.1f}") if number_format else len(str(value))


def _convert_values(name: object, column: pd.Series, zone: dt.tzinfo) -> tuple[str, list[CellValue]]:
    if isinstance(column.dtype, pd.ArrowDtype):
        column = pa.array(column.array).to_pandas()
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return f"{name} ({zone})", _time_cells(column.dt.tz_convert("UTC"), zone)
    if column.dtype.kind == "M":
        return str(name), _time_cells(column, None)
    return str(name), [_to_cell(value) for value in column.astype("object")]


def _time_cells(times: pd.Series, zone: dt.tzinfo | None) -> list[CellValue]:
    """Convert times to Excel times; times out of Excel's range become text."""
    first, last = (limit.tz_localize(times.dt.tz) for limit in (_FIRST_TIME, _LAST_TIME))
    in_range = times.between(first, last)
    local = times.where(in_range)
    if zone is not None:
        local = local.dt.tz_convert(zone).dt.tz_localize(None)
    days = ((local - _EXCEL_EPOCH) / _ONE_DAY).to_numpy(dtype="float64", na_value=np.nan)
    cells: list[CellValue] = [None if math.isnan(day) else ExcelTime(day) for day in days]
    offset = "" if zone is None else "+00:00"
    out_of_range = ~in_range & times.notna()
    texts = np.datetime_as_string(times[out_of_range].dt.tz_localize(None).to_numpy())
    for row, text in zip(np.flatnonzero(out_of_range), texts, strict=True):
        cells[row] = f"{text}{offset}"
    return cells


def _to_cell(value: object) -> CellValue:
    """Convert one value to a cell; infinity, integers that would lose digits, and values of other types become text."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, Decimal):
        value = math.nan if value.is_nan() else float(value)
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < _INTEGER_LIMIT else str(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None if math.isnan(value) else str(float(value))
    if isinstance(value, dt.date):
        return _single_time_cell(pd.Timestamp(value))
    return str(value) or None


def _single_time_cell(time: pd.Timestamp) -> CellValue:
    """Convert one time to a cell; times with a time zone become text, because the header does not name the zone."""
    if time.tzinfo is not None or not _FIRST_TIME <= time <= _LAST_TIME:
        return time.isoformat(sep=" ")
    return ExcelTime((time - _EXCEL_EPOCH) / _ONE_DAY)
