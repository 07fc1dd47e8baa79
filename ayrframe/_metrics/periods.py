"""Days, weeks and months in a reader's own time zone: which period a moment lies in, and the one that is asked for."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from ayrframe.errors import quote

TimeLike = str | date | datetime | pd.Timestamp

PERIODS = {"day": "D", "week": "W-SUN", "month": "M"}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The period that is asked for, both ends inclusive; None is no end."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_unbounded(self) -> bool:
        """Whether every moment lies in it."""
        return self.since is None and self.until is None

    def contains(self, times: pd.Series) -> pd.Series:
        """Return which moments lie in it. One that is not known is not left out."""
        inside = pd.Series(True, index=times.index)  # noqa: FBT003
        if self.since is not None:
            inside &= ~(times < self.since)
        if self.until is not None:
            inside &= ~(times > self.until)
        return inside


def to_timezone(tz: str | None) -> ZoneInfo:
    """Return the time zone of this name; UTC where none is given."""
    try:
        return ZoneInfo("UTC" if tz is None else tz)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        message = f"There is no time zone {quote(str(tz))}: tz is a name such as 'Europe/Berlin' or 'UTC'."
    raise ValueError(message)


def time_range(since: TimeLike | None, until: TimeLike | None, tz: str | None) -> TimeRange:
    """Return the period between two moments; a date stands for its whole day in this time zone."""
    timezone = to_timezone(tz)
    window = TimeRange(
        _period_end(since, "since", timezone, is_end=False), _period_end(until, "until", timezone, is_end=True)
    )
    if window.since and window.until and window.since > window.until:
        raise ValueError(f"The period ends before it begins: since={str(since)!r}, until={str(until)!r}.")
    return window


def check_period(period: str) -> str:
    """Return the name of a period; a ValueError names all there are."""
    if period not in tuple(PERIODS):
        raise ValueError(f"{quote(str(period))} is no period. There are: {', '.join(PERIODS)}.")
    return period


def to_periods(times: pd.Series, period: str, tz: str | None) -> pd.Series:
    """Return the period in which each moment lies, in local time; a week begins on Monday."""
    local = times.dt.tz_convert(to_timezone(tz)).dt.tz_localize(None)
    periods: pd.Series = local.dt.to_period(PERIODS[check_period(period)])
    return periods


def period_labels(periods: pd.Series) -> pd.Series:
    """Return what periods are called: 2026-03-01, 2026-W09, 2026-03."""
    names = {period: _period_label(period) for period in periods.dropna().unique()}
    return periods.map(names).astype("str")


def period_starts(periods: pd.Series, tz: str | None) -> pd.Series:
    """Return the moment at which each period begins, in UTC."""
    local = periods.dt.start_time.dt.tz_localize(to_timezone(tz), nonexistent="shift_forward", ambiguous=True)
    starts: pd.Series = local.dt.tz_convert("UTC").dt.as_unit("us")
    return starts


def _period_label(period: pd.Period) -> str:
    if period.freqstr.startswith("W"):
        start = period.start_time
        year, week, _ = date(start.year, start.month, start.day).isocalendar()
        return f"{year:04}-W{week:02}"
    return str(period)


def _period_end(value: TimeLike | None, name: str, timezone: tzinfo, *, is_end: bool) -> datetime | None:
    """Return an end of the period in UTC; a date stands for its whole day."""
    if value is None:
        return None
    whole_day = _DATE.fullmatch(value) if isinstance(value, str) else not isinstance(value, datetime)
    timestamp: pd.Timestamp | None = None
    if isinstance(value, str | date):
        with suppress(ValueError, TypeError):
            timestamp = pd.Timestamp(value)
    if timestamp is None or pd.isna(timestamp):
        raise ValueError(f"{name} has to be a date such as '2026-03-01' or a time, not {quote(str(value))}.")
    try:
        if whole_day:
            day = timestamp.date() + timedelta(days=1 if is_end else 0)
            end = datetime.combine(day, time.min, tzinfo=timezone).astimezone(UTC)
            return end - timedelta(microseconds=1) if is_end else end
        time_value = timestamp.floor("us").to_pydatetime()
        return (time_value.replace(tzinfo=timezone) if time_value.tzinfo is None else time_value).astimezone(UTC)
    except OverflowError:  # The first and the last day of the calendar reach beyond it, elsewhere or at their end.
        return datetime.max.replace(tzinfo=UTC) if is_end else datetime.min.replace(tzinfo=UTC)
