"""Parse durations and time ranges, and assign times to days, weeks and months of a time zone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from ayrframe._frame.times import TimeLike, TimeZone, parse_time_argument
from ayrframe.errors import quote, suggest

PERIODS = {"day": "D", "week": "W-SUN", "month": "M"}


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


def _period_label(period: pd.Period) -> str:
    if period.freqstr.startswith("W"):
        year, week, _ = period.start_time.isocalendar()
        return f"{year:04}-W{week:02}"
    return str(period)
