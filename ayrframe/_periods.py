"""Days, weeks and months in a reader's own time zone: which period a moment lies in, and how that is called."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from ayrframe.errors import quote

PERIODS = {"day": "D", "week": "W-SUN", "month": "M"}


def zone(tz: str | None) -> ZoneInfo:
    """Return the time zone of this name; UTC where none is given."""
    try:
        return ZoneInfo("UTC" if tz is None else tz)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        message = f"There is no time zone {quote(str(tz))}. Zones are named like 'Europe/Berlin' or 'UTC'."
    raise ValueError(message)


def known_period(period: str) -> str:
    """Return the name of a period; a ValueError names all there are."""
    if period not in tuple(PERIODS):
        raise ValueError(f"{quote(str(period))} is no period. There are: {', '.join(PERIODS)}.")
    return period


def periods_of(moments: pd.Series, period: str, tz: str | None) -> pd.Series:
    """Return the period in which each moment lies, in local time; a week begins on Monday."""
    local = moments.dt.tz_convert(zone(tz)).dt.tz_localize(None)
    periods: pd.Series = local.dt.to_period(PERIODS[known_period(period)])
    return periods


def labels_of(periods: pd.Series) -> pd.Series:
    """Return what periods are called: 2026-03-01, 2026-W09, 2026-03."""
    names = {one: _label(one) for one in periods.dropna().unique()}
    return periods.map(names).astype("str")


def starts_of(periods: pd.Series, tz: str | None) -> pd.Series:
    """Return the moment at which each period begins, in UTC."""
    local = periods.dt.start_time.dt.tz_localize(zone(tz), nonexistent="shift_forward", ambiguous=True)
    starts: pd.Series = local.dt.tz_convert("UTC").dt.as_unit("us")
    return starts


def _label(period: pd.Period) -> str:
    if period.freqstr.startswith("W"):
        start = period.start_time
        year, week, _ = date(start.year, start.month, start.day).isocalendar()
        return f"{year:04}-W{week:02}"
    return str(period)
