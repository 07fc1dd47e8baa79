"""Parse durations and time ranges, and assign times to days, weeks and months of a time zone."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from ayrframe.errors import quote, suggest

TimeLike = str | date | datetime | pd.Timestamp

PERIODS = {"day": "D", "week": "W-SUN", "month": "M"}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Time range with inclusive ends; None means unbounded."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_unbounded(self) -> bool:
        """Whether the range has neither a start nor an end."""
        return self.since is None and self.until is None

    def contains(self, times: pd.Series) -> pd.Series:
        """Return which times are in the range; missing times count as inside."""
        inside = pd.Series(True, index=times.index)  # noqa: FBT003
        if self.since is not None:
            inside &= ~(times < self.since)
        if self.until is not None:
            inside &= ~(times > self.until)
        return inside


def parse_duration(text: str | timedelta) -> pd.Timedelta:
    """Parse a duration such as '48h', or raise a ValueError; numbers without a unit are not durations."""
    if any(character.isalpha() or character == ":" for character in str(text)):
        with suppress(ValueError, TypeError, OverflowError):
            duration = pd.Timedelta(text)
            if duration >= pd.Timedelta(0):
                return duration
    raise ValueError(f"Invalid duration {quote(str(text))}; use e.g. '48h', '90min' or '7D'.")


def to_timezone(tz: str | None) -> ZoneInfo:
    """Return the time zone of this name, or UTC for None."""
    with suppress(ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return ZoneInfo("UTC" if tz is None else tz)
    raise ValueError(f"Unknown time zone {quote(str(tz))}; `tz` must be a name such as 'Europe/Berlin' or 'UTC'.")


def time_range(since: TimeLike | None, until: TimeLike | None, tz: str | None) -> TimeRange:
    """Return the range between two times; a date includes its whole day in this time zone."""
    timezone = to_timezone(tz)
    start = _range_end(since, "since", timezone, is_end=False)
    window = TimeRange(start, _range_end(until, "until", timezone, is_end=True))
    if window.since and window.until and window.since > window.until:
        raise ValueError(f"`since` must not be later than `until`, got since={str(since)!r}, until={str(until)!r}.")
    return window


def check_period(period: str) -> str:
    """Return the name of a period, or raise a ValueError that lists the valid names."""
    if period not in tuple(PERIODS):
        similar = suggest(period, PERIODS)
        raise ValueError(f"Unknown period {quote(str(period))}.{similar} Choose from: {', '.join(PERIODS)}.")
    return period


def to_periods(times: pd.Series, period: str, tz: str | None) -> pd.Series:
    """Return the period of each time in local time; weeks begin on Monday."""
    local = times.dt.tz_convert(to_timezone(tz)).dt.tz_localize(None)
    periods: pd.Series = local.dt.to_period(PERIODS[check_period(period)])
    return periods


def period_labels(periods: pd.Series) -> pd.Series:
    """Return the labels of periods, such as 2026-03-01, 2026-W09 or 2026-03."""
    names = {period: _period_label(period) for period in periods.dropna().unique()}
    return periods.map(names).astype("str")


def period_starts(periods: pd.Series, tz: str | None) -> pd.Series:
    """Return the start of each period in UTC."""
    local = periods.dt.start_time.dt.tz_localize(to_timezone(tz), nonexistent="shift_forward", ambiguous=True)
    starts: pd.Series = local.dt.tz_convert("UTC").dt.as_unit("us")
    return starts


def _period_label(period: pd.Period) -> str:
    if period.freqstr.startswith("W"):
        year, week, _ = period.start_time.isocalendar()
        return f"{year:04}-W{week:02}"
    return str(period)


def _range_end(value: TimeLike | None, name: str, timezone: tzinfo, *, is_end: bool) -> datetime | None:
    """Return the start or the end of a range in UTC; a date includes its whole day."""
    if value is None:
        return None
    whole_day = _DATE.fullmatch(value) if isinstance(value, str) else not isinstance(value, datetime)
    timestamp: pd.Timestamp | None = None
    if isinstance(value, str | date):
        with suppress(ValueError, TypeError):
            timestamp = pd.Timestamp(value)
    if timestamp is None or pd.isna(timestamp):
        raise ValueError(f"`{name}` must be a date such as '2026-03-01' or a time, got {quote(str(value))}.")
    try:
        if whole_day:
            day = timestamp.date() + timedelta(days=1 if is_end else 0)
            end = datetime.combine(day, time.min, tzinfo=timezone).astimezone(UTC)
            return end - timedelta(microseconds=1) if is_end else end
        time_value = timestamp.floor("us").to_pydatetime()
        return (time_value.replace(tzinfo=timezone) if time_value.tzinfo is None else time_value).astimezone(UTC)
    except OverflowError:  # Days at the limits of the calendar exceed it in other time zones.
        return datetime.max.replace(tzinfo=UTC) if is_end else datetime.min.replace(tzinfo=UTC)
