"""Aggregate metrics by group or period; values of different platforms are never added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.metrics import FORMAT, KIND, METRIC_NAMES, check_metric, metrics
from ayrframe._metrics.periods import PERIODS, check_period, period_labels, period_starts, to_periods, to_timezone
from ayrframe._platforms.columns import CREATED, PLATFORM, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, METRICS, RATES
from ayrframe.errors import quote, suggest

GROUPS = (PLATFORM.name, PROFILE.name, FORMAT, KIND, *PERIODS)

ADDITIVE_METRICS = {metric.name for metric in (*METRICS, ENGAGEMENTS) if metric.additive}
_STATISTIC_DTYPES = {"posts": "Int64", "posts_with": "Int64", "sum": "float64", "median": "float64", "rate": "float64"}
_MAX_PERIODS = 20_000  # more than fifty years of days


def summary(posts: pd.DataFrame, by: str | Sequence[str] = PLATFORM.name, tz: TimeZone | None = None) -> pd.DataFrame:
    """Return the number of posts, sum, median and rate of each metric by group."""
    names = check_groups(by)
    to_timezone(tz)
    return aggregate(add_period_labels(latest_metrics(posts), names, tz), names)


def add_period_labels(table: pd.DataFrame, by: Sequence[str], tz: TimeZone | None) -> pd.DataFrame:
    """Add a column for each period that is grouped by."""
    periods = [name for name in by if name in PERIODS]
    return table.assign(**{name: period_labels(to_periods(table[CREATED.name], name, tz)) for name in periods})


def timeline(
    posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, period: str = "week", tz: TimeZone | None = None
) -> pd.DataFrame:
    """Aggregate a metric by period, from the first post of a platform to the last of all, empty periods included."""
    check_metric(metric)
    table = latest_metrics(posts)
    table["period"] = to_periods(table[CREATED.name], check_period(period), tz)
    statistics = aggregate(table[table["period"].notna()], [PLATFORM.name, "period"], (metric,))
    last = table["period"].max()
    parts = [statistics.iloc[:0]]
    for name, part in statistics.groupby(PLATFORM.name, sort=False):
        first = part["period"].min()
        if last.ordinal - first.ordinal >= _MAX_PERIODS:
            raise ValueError(
                f"A timeline from {first.year} to {last.year} would have {last.ordinal - first.ordinal + 1:,} periods, "
                f"more than {_MAX_PERIODS:,}. Leave out posts with a wrong `created`, or choose a longer `period`."
            )
        periods = pd.period_range(first, last, freq=PERIODS[period], name="period")
        parts.append(part.set_index("period").reindex(periods).reset_index().assign(**{PLATFORM.name: name}))
    result = pd.concat(parts, ignore_index=True).fillna({"posts": 0, "posts_with": 0})
    result = result.assign(start=period_starts(result["period"], tz), period=period_labels(result["period"]))
    return result[[PLATFORM.name, "period", "start", *_STATISTIC_DTYPES]].astype({PLATFORM.name: "str"})


def latest_metrics(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the metrics of the latest observation of each post."""
    return metrics(latest_observations(posts))


def aggregate(table: pd.DataFrame, by: Sequence[str], names: Sequence[str] = METRIC_NAMES) -> pd.DataFrame:
    """Aggregate metrics to one row per group and metric; groups are sorted, NA last."""
    # Integer sums beyond 64 bits would silently become negative.
    table = table.astype(dict.fromkeys(names, "float64"))
    groups, metric_names = table.groupby(list(by), dropna=False), list(names)
    additive = [name for name in names if name in ADDITIVE_METRICS]
    sizes = groups.size()
    columns = {
        "posts_with": groups[metric_names].count(),
        "sum": groups[additive].sum(min_count=1).reindex(columns=metric_names),
        "median": groups[metric_names].median(),
        "rate": _group_rates(table, by, [name for name in names if name in RATES]).reindex(columns=metric_names),
    }
    rows = sizes.index.repeat(len(names)).to_frame(index=False)
    rows["metric"] = np.tile(np.array(metric_names, dtype=object), len(sizes))
    rows["posts"] = sizes.to_numpy().repeat(len(names))
    rows = rows.assign(**{name: values.to_numpy().ravel() for name, values in columns.items()})
    return rows.astype(_STATISTIC_DTYPES | {"metric": "str"})


def _group_rates(table: pd.DataFrame, by: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    """Return the rates of each group: engagements divided by the denominator, summed over posts that have both."""
    keys = [table[name] for name in by]
    sums = []
    for sources in (dict.fromkeys(names, ENGAGEMENTS.name), {name: RATES[name].name for name in names}):
        values = {name: table[source].where(table[name].notna()) for name, source in sources.items()}
        sums.append(pd.DataFrame(values, table.index, dtype="float64").groupby(keys, dropna=False).sum(min_count=1))
    return sums[0] / sums[1]


def check_groups(by: str | Sequence[str], choices: Sequence[str] = GROUPS) -> list[str]:
    """Return the names of the groups, beginning with the platform, or raise a ValueError for an unknown name."""
    names = [by] if isinstance(by, str) else list(by) if isinstance(by, Iterable) else [str(by)]
    for name in names:
        if name not in choices:
            similar = suggest(name, choices)
            raise ValueError(f"Unknown group {quote(str(name))} in `by`.{similar} Choose from: {', '.join(choices)}.")
    return list(dict.fromkeys([PLATFORM.name, *names]))
