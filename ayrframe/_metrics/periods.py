"""Parse durations and time ranges, and assign times to days, weeks and months of a time zone."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from ayrframe._frame.times import TimeLike, TimeZone, parse_time_argument
from ayrframe.errors import quote, suggest

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_PERIOD_TEXTS = {
    "day": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "month": re.compile(r"[0-9]{4}-[0-9]{2}"),
    "quarter": re.compile(r"[0-9]{4}Q[1-4]"),
    "year": re.compile(r"[0-9]{4}"),
}
_PERIOD_EXAMPLES = {"day": "2026-01-05", "week": "2026-W02", "month": "2026-01", "quarter": "2026Q1", "year": "2026"}
PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q-DEC", "year": "Y-DEC"}


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


def to_timezone(tz: TimeZone | None) -> tzinfo:
    """Return the time zone of this name, or UTC for None."""
    if isinstance(tz, tzinfo):
        # pytz objects have the right offsets only after their own `localize`.
        name = getattr(tz, "zone", None) if hasattr(tz, "localize") else None
        return ZoneInfo(name) if name else tz
    with suppress(ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return ZoneInfo("UTC" if tz is None else tz)
    raise ValueError(
        f"Unknown time zone {quote(str(tz))}; `tz` must be a name such as 'Europe/Berlin' or 'UTC', or a tzinfo."
    )


def time_range(since: TimeLike | None, until: TimeLike | None, tz: TimeZone | None) -> TimeRange:
    """Return the range between two times, dates, months or years; whole ones are in this time zone, both inclusive."""
    timezone = to_timezone(tz)
    start = None if since is None else parse_time_argument(since, "since", timezone)
    end = None if until is None else parse_time_argument(until, "until", timezone)
    if start and end and start.first > max(end):
        raise ValueError(f"`since` must not be later than `until`, got since={str(since)!r}, until={str(until)!r}.")
    return TimeRange(start and start.first, end and end.last)


def check_period(period: str) -> str:
    """Return the name of a period, or raise a ValueError that lists the valid names."""
    if period not in tuple(PERIODS):
        similar = suggest(period, PERIODS)
        raise ValueError(f"Unknown period {quote(str(period))}.{similar} Choose from: {', '.join(PERIODS)}.")
    return period


def to_periods(times: pd.Series, period: str, tz: TimeZone | None) -> pd.Series:
    """Return the period of each time in local time; weeks begin on Monday."""
    local = times.dt.tz_convert(to_timezone(tz)).dt.tz_localize(None)
    periods: pd.Series = local.dt.to_period(PERIODS[check_period(period)])
    return periods


def period_labels(periods: pd.Series) -> pd.Series:
    """Return the labels of periods, such as 2026-03-01, 2026-W09 or 2026-03."""
    names = {period: _period_label(period) for period in periods.dropna().unique()}
    return periods.map(names).astype("str")


def period_starts(periods: pd.Series, tz: TimeZone | None) -> pd.Series:
    """Return the start of each period in UTC."""
    local = periods.dt.start_time.dt.tz_localize(to_timezone(tz), nonexistent="shift_forward", ambiguous=True)
    starts: pd.Series = local.dt.tz_convert("UTC").dt.as_unit("us")
    return starts


def period_bounds(period: pd.Period, tz: TimeZone | None) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the start and the exclusive end of a period in UTC."""
    start, end = period_starts(pd.Series([period, period + 1]), tz)
    return start, end


def parse_period(value: object, period: str) -> pd.Period:
    """Return the period that the argument `at` names; its frequency is that of `period`."""
    freq = PERIODS[check_period(period)]
    if isinstance(value, pd.Period):
        if value.freqstr == pd.Period("2026", freq).freqstr:
            return value
    elif isinstance(value, str):
        with suppress(ValueError, OverflowError):
            if period == "week" and (match := _WEEK.fullmatch(value)):
                return pd.Period(date.fromisocalendar(int(match[1]), int(match[2]), 1), freq)
            if period != "week" and _PERIOD_TEXTS[period].fullmatch(value):
                return pd.Period(value, freq)
    raise ValueError(
        f"`at` must be a {period} such as {_PERIOD_EXAMPLES[period]!r}, 'current', or a pd.Period of this frequency, "
        f"got {quote(str(value))} of type {type(value).__name__}."
    )


def one_year_before(period: pd.Period) -> pd.Period | None:
    """Return the same period a year before; None for a week 53 or a 29 February that the year does not have."""
    with suppress(ValueError):
        if period.freqstr.startswith("W"):
            year, week, _ = period.start_time.isocalendar()
            return pd.Period(date.fromisocalendar(year - 1, week, 1), period.freqstr)
        start = period.start_time
        return pd.Period(start.replace(year=start.year - 1), period.freqstr)
    return None


def _period_label(period: pd.Period) -> str:
    if period.freqstr.startswith("W"):
        year, week, _ = period.start_time.isocalendar()
        return f"{year:04}-W{week:02}"
    return str(period)
