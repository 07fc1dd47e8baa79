"""Find accounts that stopped posting, and accounts whose numbers stopped moving."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from ayrframe._metrics.above_normal import MIN_PEERS
from ayrframe._metrics.best_times import MIN_AGE
from ayrframe._metrics.columns import KIND
from ayrframe._metrics.frames import latest_rows, read_metrics
from ayrframe._platforms.columns import AS_OF, CREATED, ID, PLATFORM, PROFILE, READ_AT
from ayrframe._platforms.metrics import METRICS

STOPPED_POSTING, NOT_MOVING = "stopped posting", "numbers stopped moving"

_METRIC_COLUMNS = [metric.name for metric in METRICS]
_ONE_DAY = pd.Timedelta(days=1)
_RECENT_DAYS = 30  # with posts, from which the usual interval is computed
_USUAL_QUANTILE, _TOLERANCE = 0.9, 2.0
_MIN_READINGS, _MIN_SPAN = 3, pd.Timedelta(days=1)
_MAX_LAG = pd.Timedelta(days=2)  # The API updates the numbers of most platforms once a day.


class Finding(NamedTuple):
    """Something that needs attention; platform and profile are None if it is of the whole source."""

    platform: str | None
    profile: str | None
    finding: str
    since: pd.Timestamp | None
    detail: str


def iter_account_findings(posts: pd.DataFrame, readings: pd.DataFrame) -> Iterator[Finding]:
    """Yield the findings of each account; `posts` has every observation, `readings` when each account was read.

    An account may have been read without posts, if only the latest days are loaded.
    """
    observations = read_metrics(posts, _METRIC_COLUMNS)
    observations[READ_AT.name] = last_readings(observations)
    latest = latest_rows(observations, by=[PROFILE.name])
    own = latest[latest[KIND].isna() | latest[KIND].eq("own")]
    for (platform, profile), rows in iter_accounts(observations):
        own_posts, read = (
            each[each[PLATFORM.name].eq(platform) & each[PROFILE.name].eq(profile)] for each in (own, readings)
        )
        last_reading = pd.concat([rows[READ_AT.name], read["read"]]).max()
        for name, found in ((STOPPED_POSTING, _silence(own_posts, last_reading)), (NOT_MOVING, _standstill(rows))):
            if found is not None:
                yield Finding(platform, profile, name, *found)


def iter_accounts(table: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    """Yield the rows of each platform and profile."""
    for (platform, profile), rows in table.groupby([PLATFORM.name, PROFILE.name], sort=False):
        yield (str(platform), str(profile)), rows


def last_readings(posts: pd.DataFrame) -> pd.Series:
    """Return when each row was read; frames from older datasets have no `read_at`."""
    times: pd.Series = posts[READ_AT.name].fillna(posts[AS_OF.name])
    return times


def _silence(own: pd.DataFrame, last_reading: pd.Timestamp) -> tuple[pd.Timestamp, str] | None:
    """Return the newest post and a text if the account has been silent for much longer than usual."""
    created = own.loc[own[CREATED.name] <= own[AS_OF.name], CREATED.name]
    days = created.dt.floor("D").drop_duplicates().sort_values().tail(_RECENT_DAYS)
    if len(days) < MIN_PEERS:
        return None
    usual, newest = days.diff().quantile(_USUAL_QUANTILE), created.max()
    if last_reading - newest <= _TOLERANCE * usual:
        return None
    silent, usual_days = (last_reading - newest) / _ONE_DAY, usual / _ONE_DAY
    return newest, (
        f"newest post {newest:%Y-%m-%d}, {silent:.0f} days before the last reading; usually at most {usual_days:.3g} "
        f"day{'' if usual_days == 1 else 's'} between days with posts"
    )


def _standstill(rows: pd.DataFrame) -> tuple[pd.Timestamp, str] | None:
    """Return since when the numbers of an account are the same, and a text."""
    newest, last_reading = rows[AS_OF.name].max(), rows[READ_AT.name].max()
    if last_reading - newest > _MAX_LAG:
        return newest, f"the numbers are of {newest:%Y-%m-%d %H:%M}, last read {last_reading:%Y-%m-%d %H:%M} (UTC)"
    recent = rows[rows[ID.name].notna() & (newest - rows[CREATED.name] <= pd.Timedelta(MIN_AGE))]
    recent = recent.sort_values(AS_OF.name, kind="stable").drop_duplicates([ID.name, AS_OF.name])
    ids = recent[ID.name]
    values = recent[_METRIC_COLUMNS].astype("float64").groupby(ids).ffill()
    previous = values.groupby(ids).shift()
    times = recent.loc[(previous.notna() & values.ne(previous)).any(axis=1), AS_OF.name]
    since = times.max() if len(times) else recent[AS_OF.name].min()
    same = recent[recent[AS_OF.name] >= since].groupby(ID.name)[AS_OF.name].agg(["size", "min", "max"])
    same = same[(same["size"] >= _MIN_READINGS) & (same["max"] - same["min"] >= _MIN_SPAN)]
    if same.empty or not values[ids.isin(same.index)].gt(0).any(axis=None):
        return None
    return same["min"].min(), (
        f"{len(same):,} recent post{'' if len(same) == 1 else 's'} with equal numbers in "
        f"{same['size'].max():,} readings since {same['min'].min():%Y-%m-%d %H:%M} (UTC)"
    )
