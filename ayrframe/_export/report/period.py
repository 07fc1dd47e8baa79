"""Choose the period that a report shows, and the calendar periods that it compares."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta, tzinfo

import pandas as pd

from ayrframe._frame.times import TimeLike, TimeZone
from ayrframe._metrics.periods import (
    PERIODS,
    TimeRange,
    parse_period,
    period_bounds,
    period_labels,
    time_range,
    to_periods,
    to_timezone,
)
from ayrframe._platforms.columns import AS_OF, CREATED
from ayrframe.errors import quote

_LONGEST_FIRST = ("year", "quarter", "month", "week", "day")
_ONE_MICROSECOND = timedelta(microseconds=1)
_MAX_WEEKLY_SPAN = pd.Timedelta(days=120)  # longer trends are drawn by month


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """The period of a report: a calendar period, or a range of times that may be unbounded."""

    zone: tzinfo
    window: TimeRange
    name: str = "month"
    calendar: pd.Period | None = None

    @property
    def is_everything(self) -> bool:
        """Whether all posts are shown."""
        return self.calendar is None and self.window.is_unbounded

    @property
    def label(self) -> str:
        """The label of the calendar period in tables, such as 2026-03."""
        return "" if self.calendar is None else str(period_labels(pd.Series([self.calendar])).iloc[0])

    def contains(self, posts: pd.DataFrame) -> pd.Series:
        """Return which posts are shown; those dated after they were read are not, unless all posts are."""
        if self.is_everything:
            return pd.Series(True, index=posts.index)  # noqa: FBT003
        created = posts[CREATED.name]
        dated = created.notna() & ~(created > posts[AS_OF.name])
        if self.calendar is not None:
            return dated & (to_periods(created, self.name, self.zone) == self.calendar).fillna(value=False)
        return dated & self.window.contains(created)

    def compared(self, newest_complete: pd.Period | None) -> pd.Period | None:
        """Return the newest complete month in the range of times, None if it has none."""
        if self.window.is_unbounded or newest_complete is None:
            return newest_complete
        month = newest_complete
        if self.window.until is not None:
            after = pd.Series([pd.Timestamp(self.window.until + _ONE_MICROSECOND)])
            month = min(month, to_periods(after, self.name, self.zone).iloc[0] - 1)
        since = self.window.since
        return month if since is None or period_bounds(month, self.zone)[0] >= since else None

    def trend_name(self, created: pd.Series) -> str:
        """Return the period by which the trend is drawn: that of the report, else weeks or months by its length."""
        if self.calendar is not None:
            return self.name
        return "week" if created.max() - created.min() < _MAX_WEEKLY_SPAN else "month"


def choose_period(at: object, since: TimeLike | None, until: TimeLike | None, tz: TimeZone | None) -> ReportPeriod:
    """Return the period of these arguments; `since` and `until` that delimit a calendar period are that period."""
    zone = to_timezone(tz)
    if at is None:
        return _find_calendar_period(ReportPeriod(zone, time_range(since, until, zone)))
    if since is not None or until is not None:
        raise ValueError("`at` cannot be combined with `since` or `until`; pass either a period or its days.")
    for name in PERIODS:
        with suppress(ValueError):
            calendar = parse_period(at, name)
            start, end = period_bounds(calendar, zone)
            return ReportPeriod(zone, TimeRange(start, end - _ONE_MICROSECOND), name, calendar)
    raise ValueError(
        "`at` must be a year '2026', a quarter '2026Q1', a month '2026-03', a week '2026-W02', a day '2026-01-05', or "
        f"a pd.Period of one of these, got {quote(str(at))} of type {type(at).__name__}."
    )


def describe_period(period: ReportPeriod) -> str:
    """Return the name of the period for readers, such as March 2026."""
    if period.calendar is not None:
        return describe_calendar(period.calendar, period.name)
    if period.is_everything:
        return "all posts that were loaded"
    since, until = (
        None if time is None else format_day(pd.Timestamp(time), period.zone)
        for time in (period.window.since, period.window.until)
    )
    return f"from {since} to {until}" if since and until else f"from {since}" if since else f"until {until}"


def describe_calendar(period: pd.Period, name: str) -> str:
    """Return the name of a calendar period for readers."""
    start = period.start_time
    if name == "week":
        year, week, _ = start.isocalendar()
        return f"week {week} of {year}"
    return {
        "year": f"{start.year}",
        "quarter": f"quarter {start.quarter} of {start.year}",
        "month": f"{start.month_name()} {start.year}",
        "day": f"{start.day} {start.month_name()} {start.year}",
    }[name]


def format_day(time: pd.Timestamp, zone: tzinfo) -> str:
    """Return the day of a time in a time zone, such as 5 March 2026."""
    if pd.isna(time):
        return "without a date"
    local = time.tz_convert(zone)
    return f"{local.day} {local.month_name()} {local.year}"


def _find_calendar_period(period: ReportPeriod) -> ReportPeriod:
    since, until = period.window.since, period.window.until
    if since is None or until is None:
        return period
    for name in _LONGEST_FIRST:
        calendar = to_periods(pd.Series([pd.Timestamp(since)]), name, period.zone).iloc[0]
        start, end = period_bounds(calendar, period.zone)
        if start == since and end - _ONE_MICROSECOND == until:
            return ReportPeriod(period.zone, period.window, name, calendar)
    return period
