"""Aggregate metrics by group; values of different platforms are never added."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ayrframe._frame.times import TimeZone
from ayrframe._metrics.columns import METRIC_NAMES
from ayrframe._metrics.frames import (
    ADDITIVE_METRICS,
    as_list,
    check_groups,
    check_metric,
    drop_future_posts,
    latest_metrics,
)
from ayrframe._metrics.periods import PERIODS, period_labels, to_periods, to_timezone
from ayrframe._platforms.columns import CREATED, PLATFORM
from ayrframe._platforms.metrics import ENGAGEMENTS, ER_FOLLOWERS, RATES

STATISTIC_DTYPES = {"posts": "Int64", "posts_with": "Int64", "sum": "float64", "median": "float64", "rate": "float64"}
SUMMARY_DTYPES = STATISTIC_DTYPES | {"metric": "str"}


def summary(
    frame: pd.DataFrame,
    by: str | Sequence[str] = PLATFORM.name,
    tz: TimeZone | None = None,
    metric: str | Sequence[str] | None = None,
    *,
    dropna: bool = True,
) -> pd.DataFrame:
    """Return the number of posts, sum, median and rate of each metric by group."""
    groups = check_groups(frame, by, taken=SUMMARY_DTYPES)
    names = check_metrics(frame, metric)
    to_timezone(tz)
    table = add_period_labels(latest_metrics(frame, names, by=groups), groups, tz)
    return drop_empty(aggregate(table, groups, names)) if dropna else aggregate(table, groups, names)


def check_metrics(frame: pd.DataFrame, metric: str | Sequence[str] | None) -> list[str]:
    """Return the names of metrics, all metrics and rates for None; raise a ValueError for an unknown one."""
    if metric is None:
        return list(METRIC_NAMES)
    return [check_metric(frame, name) for name in dict.fromkeys(as_list(metric))]


def drop_empty(statistics: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of metrics with values; every group keeps its row of engagements."""
    is_shown = statistics["posts_with"].gt(0) | statistics["metric"].eq(ENGAGEMENTS.name)
    return statistics[is_shown].reset_index(drop=True)


def add_period_labels(table: pd.DataFrame, by: Sequence[str], tz: TimeZone | None) -> pd.DataFrame:
    """Add a column for each period that is grouped by, without the posts that are dated after they were read."""
    periods = [name for name in by if name in PERIODS]
    if periods:
        table = drop_future_posts(table)
    return table.assign(**{name: period_labels(to_periods(table[CREATED.name], name, tz)) for name in periods})


def aggregate(table: pd.DataFrame, by: Sequence[str], names: Sequence[str] = METRIC_NAMES) -> pd.DataFrame:
    """Aggregate metrics to one row per group and metric; groups are sorted, NA last."""
    # Integer sums beyond 64 bits would silently become negative.
    table = table.astype(dict.fromkeys(names, "float64"))
    groups, metric_names = table.groupby(list(by), dropna=False), list(names)
    additive = [name for name in names if is_additive(name)]
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
    return rows.astype(SUMMARY_DTYPES)


def is_additive(name: str) -> bool:
    """Return whether the values of a metric may be added; those of the caller's own columns may."""
    return name in ADDITIVE_METRICS or name not in (*METRIC_NAMES, ER_FOLLOWERS)


def _group_rates(table: pd.DataFrame, by: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    """Return the rates of each group: engagements divided by the denominator, summed over posts that have both."""
    keys = [table[name] for name in by]
    sums = []
    for sources in (dict.fromkeys(names, ENGAGEMENTS.name), {name: RATES[name].name for name in names}):
        values = {name: table[source].where(table[name].notna()) for name, source in sources.items()}
        sums.append(pd.DataFrame(values, table.index, dtype="float64").groupby(keys, dropna=False).sum(min_count=1))
    return sums[0] / sums[1]
