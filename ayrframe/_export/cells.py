"""A column of a frame as cells of a sheet: texts, numbers, flags, moments as Excel counts them, or nothing."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from ayrframe._export.sanitize import shorten_cell, to_legal_text

# Excel takes 1900 for a leap year, so only from March on all readers agree; a day of margin is for time zones.
_FIRST, _LAST = pd.Timestamp("1900-03-02"), pd.Timestamp("9999-12-30")
_BEGINNING, _DAY = pd.Timestamp("1899-12-30"), pd.Timedelta(days=1)
# A number of Excel has fifteen digits; a longer whole number goes as text.
_LARGEST = 10**15
_NARROWEST, _WIDEST, _MOMENT_WIDTH, _LOOKED_AT = 8, 60, 19, 500


class ExcelTime(float):
    """A time as Excel has it: days since its beginning, in no zone."""


CellValue = str | float | bool | ExcelTime | None


class ColumnCells(NamedTuple):
    """What one column of a sheet holds; `cut` counts the texts that were too long for a cell."""

    header: str
    values: list[CellValue]
    cut: int

    @property
    def width(self) -> int:
        """The characters that a reader should see at once."""
        texts = islice((value for value in self.values if value is not None), _LOOKED_AT)
        longest = max((_shown(value) for value in texts), default=0)
        return max(_NARROWEST, min(max(longest, len(self.header) + 3), _WIDEST))


def to_cells(name: object, column: pd.Series, zone: ZoneInfo) -> ColumnCells:
    """Return a column of a frame as cells. Times are told in the zone, and the header names it."""
    if isinstance(column.dtype, pd.ArrowDtype):
        column = pa.array(column.array).to_pandas()
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        header, values = f"{name} ({zone.key})", _moments(column.dt.tz_convert("UTC"), zone)
    elif column.dtype.kind == "M":
        header, values = str(name), _moments(column, None)
    else:
        header, values = str(name), [_cell(value) for value in column.astype("object")]
    whole = [to_legal_text(value) if isinstance(value, str) else value for value in (header, *values)]
    fitting = [shorten_cell(value) if isinstance(value, str) else value for value in whole]
    cut = sum(before is not after for before, after in zip(whole, fitting, strict=True))
    return ColumnCells(str(fitting[0]), fitting[1:], cut)


def _moments(times: pd.Series, zone: ZoneInfo | None) -> list[CellValue]:
    """Return times as Excel counts them; what it cannot count goes as text."""
    first, last = (moment.tz_localize(times.dt.tz) for moment in (_FIRST, _LAST))
    held = times.between(first, last)
    local = times.where(held)
    if zone is not None:
        local = local.dt.tz_convert(zone).dt.tz_localize(None)
    days = ((local - _BEGINNING) / _DAY).to_numpy(dtype="float64", na_value=np.nan)
    cells: list[CellValue] = [None if math.isnan(day) else ExcelTime(day) for day in days]
    offset = "" if zone is None else "+00:00"
    beyond = times[~held & times.notna()].dt.tz_localize(None).to_numpy()
    for place, text in zip(np.flatnonzero(~held & times.notna()), np.datetime_as_string(beyond), strict=True):
        cells[place] = f"{text}{offset}"
    return cells


def _cell(value: object) -> CellValue:
    """Return one value as a cell; whatever is neither a number nor a day goes as the text that Python prints."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, Decimal):
        return None if value.is_nan() else _number(float(value))
    if isinstance(value, (int, np.integer, float, np.floating)):
        return _number(value)
    if isinstance(value, dt.date):
        return _day(pd.Timestamp(value))
    return str(value) or None


def _number(value: float | np.integer | np.floating) -> CellValue:
    """Return a number as Excel can hold it; infinity, and whole numbers that would lose digits, go as text."""
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < _LARGEST else str(value)
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else str(float(value))


def _day(moment: pd.Timestamp) -> CellValue:
    """Return a single time; one with a zone of its own goes as text, for its column names none."""
    if moment.tzinfo is not None or not _FIRST <= moment <= _LAST:
        return moment.isoformat(sep=" ")
    return ExcelTime((moment - _BEGINNING) / _DAY)


def _shown(value: CellValue) -> int:
    return _MOMENT_WIDTH if isinstance(value, ExcelTime) else len(str(value).partition("\n")[0])
