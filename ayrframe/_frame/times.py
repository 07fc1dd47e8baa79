"""Read the times that callers pass; a date, month or year is a whole one, and nothing is guessed."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

import numpy as np
import pandas as pd

from ayrframe.errors import quote

TimeLike = str | date | np.datetime64 | pd.Period  # datetime and pd.Timestamp are dates
TimeZone = str | tzinfo

_MICROSECOND = timedelta(microseconds=1)
_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-5][0-9])?"
)


class Span(NamedTuple):
    """The first and the last microsecond of a date, month, year or period in UTC; equal for a time.

    The last is before the first where a time zone skipped the day.
    """

    first: datetime
    last: datetime


_CALENDAR = Span(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))


def parse_time_argument(value: object, name: str, timezone: tzinfo) -> Span:
    """Return a time, or a whole date, month, year or period, in UTC; without a time zone they are in this one."""
    try:
        start, end = _start_and_end(value)
    except (ValueError, TypeError, OverflowError):
        start = end = None
    if start is None:
        raise ValueError(
            f"`{name}` must be a date such as '2026-03-01', a month '2026-03', a year '2026' or a time such as "
            "'2026-03-01T09:30:00Z', as ISO text or as a date, datetime, Timestamp, datetime64 or Period, "
            f"got {quote(str(value))} of type {type(value).__name__}."
        )
    if start == end:
        return Span(_to_utc(start, timezone, is_end=bool(start.fold)), _to_utc(start, timezone, is_end=True))
    last = _CALENDAR.last if end is None else _to_utc(end, timezone, is_end=False) - _MICROSECOND
    return Span(_to_utc(start, timezone, is_end=False), last)


def _start_and_end(value: object) -> tuple[datetime | None, datetime | None]:
    """Return the start and the exclusive end, both the time itself for a time; (None, None) for other objects.

    The end is None at the end of the calendar.
    """
    if value is pd.NaT:  # a datetime for Python
        return None, None
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, np.datetime64):
        unit = np.datetime_data(value.dtype)[0]
        following = value + np.timedelta64(1, unit) if unit in ("Y", "M", "W", "D") else value  # type: ignore[call-overload]
        start, end = (_datetime64_to_datetime(each) for each in (value, following))
        return start, end
    if isinstance(value, pd.Period):
        return value.start_time.to_pydatetime(), value.end_time.to_pydatetime(warn=False) + _MICROSECOND
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime(warn=False)
    if isinstance(value, datetime):
        return value, value
    return _whole(value.year, value.month, value.day) if isinstance(value, date) else (None, None)


def _parse_text(text: str) -> tuple[datetime | None, datetime | None]:
    if match := _PERIOD.fullmatch(text):
        return _whole(*(int(part) for part in match.groups() if part))
    time = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    return time, time


def _whole(year: int, month: int | None = None, day: int | None = None) -> tuple[datetime, datetime | None]:
    """Return the start and the exclusive end of a year, a month or a day."""
    start = datetime(year, 1 if month is None else month, 1 if day is None else day)  # noqa: DTZ001 - in any zone
    days = 1 if day else monthrange(year, month)[1] if month else 366 if isleap(year) else 365
    with suppress(OverflowError):
        return start, start + timedelta(days=days)
    return start, None


def _datetime64_to_datetime(value: np.datetime64) -> datetime | None:
    time = value.astype("datetime64[us]").item()  # an int outside the years 1 to 9999
    return time if isinstance(time, datetime) else None


def _to_utc(local: datetime, timezone: tzinfo, *, is_end: bool) -> datetime:
    """Return the first or the last instant at a local time; of a skipped time, the instant at which clocks changed."""
    try:
        if local.tzinfo is not None:
            return local.astimezone(UTC)
        first, last = (local.replace(tzinfo=timezone, fold=fold).astimezone(UTC) for fold in (0, 1))
        before, after = last, first
        while after - before > _MICROSECOND:  # Only where clocks skipped this time.
            middle = before + (after - before) // 2
            is_before = middle.astimezone(timezone).replace(tzinfo=None) < local
            before, after = (middle, after) if is_before else (before, middle)
    except OverflowError:  # Days at the limits of the calendar exceed it in other time zones.
        return _CALENDAR.last if local.year > 1 else _CALENDAR.first
    return after if last < first else last if is_end else first
