"""Aggregate posts by day of publication, and find the days whose posts are all listed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ayrframe._frame.times import TimeZone
from ayrframe._metrics.completeness import listed_spans
from ayrframe._metrics.periods import PERIODS, period_starts, to_periods
from ayrframe._metrics.summary import STATISTIC_DTYPES, aggregate
from ayrframe._platforms.columns import CREATED, PLATFORM

_DAY_COLUMN = "ayrframe_day"  # the caller may have a column `day`


def daily_statistics(
    observations: pd.DataFrame,
    latest: pd.DataFrame,
    months: Sequence[pd.Period],
    metric: str | None,
    tz: TimeZone | None,
) -> pd.DataFrame:
    """Return the posts of each day of the months, statistics of a metric, and whether all are listed (`complete`).

    Posts of several platforms are counted together; with a metric, there must be one platform.
    """
    ranges = [pd.period_range(month.start_time, month.end_time, freq=PERIODS["day"]) for month in months]
    days = pd.PeriodIndex([day for each in ranges for day in each], freq=PERIODS["day"], name=_DAY_COLUMN)
    dated = latest.assign(**{_DAY_COLUMN: to_periods(latest[CREATED.name], "day", tz)})
    dated = dated[dated[_DAY_COLUMN].isin(days)]
    counts = dated.groupby(_DAY_COLUMN).size().reindex(days, fill_value=0)
    table = pd.DataFrame({"posts": counts, "posts_with": counts}).astype("Int64")
    if metric is not None:
        statistics = aggregate(dated, [PLATFORM.name, _DAY_COLUMN], [metric]).set_index(_DAY_COLUMN)
        table = table[["posts"]].join(statistics[[name for name in STATISTIC_DTYPES if name != "posts"]])
        table["posts_with"] = table["posts_with"].fillna(0)
    spans = listed_spans(observations, latest, [PLATFORM.name])
    first, last = spans["start"].max(skipna=False), spans["end"].min()
    starts, ends = (period_starts(each.to_series(), tz) for each in (days, days + 1))
    table["complete"] = (starts >= first).to_numpy(dtype=bool) & (ends <= last).to_numpy(dtype=bool)
    return table
