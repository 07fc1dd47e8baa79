"""Aggregate a metric by period, periods without posts included."""

from __future__ import annotations

import pandas as pd

from ayrframe._frame.times import TimeZone
from ayrframe._metrics.completeness import listed_spans
from ayrframe._metrics.frames import check_metric, drop_future_posts, latest_rows, read_metrics
from ayrframe._metrics.periods import PERIODS, check_period, period_labels, period_starts, to_periods
from ayrframe._metrics.summary import STATISTIC_DTYPES, aggregate
from ayrframe._platforms.columns import CREATED, PLATFORM
from ayrframe._platforms.metrics import ENGAGEMENTS

_PERIOD_COLUMN = "ayrframe_period"  # the caller may have a column `period`
_MAX_PERIODS = 20_000  # more than fifty years of days


def timeline(
    frame: pd.DataFrame, metric: str = ENGAGEMENTS.name, period: str = "week", tz: TimeZone | None = None
) -> pd.DataFrame:
    """Aggregate a metric by period, from the first post of a platform to the last of all."""
    check_metric(frame, metric)
    freq = PERIODS[check_period(period)]
    observations = read_metrics(frame, [metric])
    table = latest_rows(observations, names=[metric])
    spans = listed_spans(observations, table, [PLATFORM.name])
    table = drop_future_posts(table)
    table[_PERIOD_COLUMN] = to_periods(table[CREATED.name], period, tz)
    statistics = aggregate(table[table[_PERIOD_COLUMN].notna()], [PLATFORM.name, _PERIOD_COLUMN], (metric,))
    statistics = statistics.rename(columns={_PERIOD_COLUMN: "period"})
    last = table[_PERIOD_COLUMN].max()
    parts = [statistics.iloc[:0].assign(start=pd.Series(dtype=table[CREATED.name].dtype), complete=False)]
    for name, part in statistics.groupby(PLATFORM.name, sort=False):
        span = spans.loc[str(name)]
        first = part["period"].min()
        if last.ordinal - first.ordinal >= _MAX_PERIODS:
            raise ValueError(
                f"A timeline from {first.year} to {last.year} would have {last.ordinal - first.ordinal + 1:,} periods, "
                f"more than {_MAX_PERIODS:,}. Leave out posts with a wrong `created`, or choose a longer `period`."
            )
        periods = pd.period_range(first, last + 1, freq=freq, name="period")
        starts = period_starts(periods.to_series(), tz)
        rows = part.set_index("period").reindex(periods[:-1]).assign(**{PLATFORM.name: name, "start": starts[:-1]})
        rows["complete"] = (starts.shift(-1)[:-1] <= span["end"]) & (starts[:-1] >= span["start"])
        parts.append(rows.reset_index())
    result = pd.concat(parts, ignore_index=True).fillna({"posts": 0, "posts_with": 0})
    result = result.assign(period=period_labels(result["period"]))
    columns = [PLATFORM.name, "period", "start", "complete", *STATISTIC_DTYPES]
    return result[columns].astype({PLATFORM.name: "str", "complete": "boolean"})
