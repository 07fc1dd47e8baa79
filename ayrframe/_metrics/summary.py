"""Aggregate metrics by group or period; values of different platforms are never added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import latest_observations
from ayrframe._metrics.metrics import FORMAT, KIND, METRIC_NAMES, check_metric, metrics
from ayrframe._metrics.periods import PERIODS, check_period, period_labels, period_starts, to_periods, to_timezone
from ayrframe._platforms.columns import CREATED, PLATFORM, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, METRICS, RATES
from ayrframe.errors import quote, suggest

GROUPS = (PLATFORM.name, PROFILE.name, FORMAT, KIND, *PERIODS)

ADDITIVE_METRICS = {metric.name for metric in (*METRICS, ENGAGEMENTS) if metric.additive}
_STATISTIC_DTYPES = {"posts": "Int64", "posts_with": "Int64", "sum": "float64", "median": "float64", "rate": "float64"}
_MAX_PERIODS = 20_000  # more than fifty years of days


def summary(posts: pd.DataFrame, by: str | Sequence[str] = PLATFORM.name, tz: str | None = None) -> pd.DataFrame:
    """Return the number of posts, sum, median and rate of each metric by group."""
    names = check_groups(by)
    to_timezone(tz)
    return aggregate(add_period_labels(latest_metrics(posts), names, tz), names)


def add_period_labels(table: pd.DataFrame, by: Sequence[str], tz: str | None) -> pd.DataFrame:
    """Add a column for each period that is grouped by."""
    periods = [name for name in by if name in PERIODS]
    return table.assign(**{name: period_labels(to_periods(table[CREATED.name], name, tz)) for name in periods})


def timeline(
    posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, period: str = "week", tz: str | None = None
) -> pd.DataFrame:
    """Aggregate a metric by period, from the first post of a platform to the last of all, empty periods included."""
    check_metric(metric)
    table = latest_metrics(posts)
    table["period"] = to_periods(table[CREATED.name], check_period(period), tz)
    statistics = aggregate(table[table["period"].notna()], [PLATFORM.name, "period"], (metric,)).drop(columns="metric")
    periods = table["period"].dropna()
    parts = []
    for name, part in statistics.groupby(PLATFORM.name, sort=False):
        _check_length(part["period"].min(), periods.max())
        all_periods = pd.period_range(part["period"].min(), periods.max(), freq=PERIODS[period])
        parts.append(part.set_index("period").reindex(all_periods).rename_axis("period").reset_index())
        parts[-1][PLATFORM.name] = name
    result = pd.concat(parts, ignore_index=True) if parts else statistics
    result = result.astype(_STATISTIC_DTYPES | {PLATFORM.name: "str"}).fillna({"posts": 0, "posts_with": 0})
    starts = period_starts(result["period"], tz) if parts else pd.Series([], dtype="datetime64[us, UTC]")
    labels = period_labels(result["period"]) if parts else pd.Series([], dtype="str")
    result = result.assign(start=starts, period=labels)
    return result[[PLATFORM.name, "period", "start", *_STATISTIC_DTYPES]]


def _check_length(first: pd.Period, last: pd.Period) -> None:
    if last.ordinal - first.ordinal >= _MAX_PERIODS:
        raise ValueError(
            f"A timeline from {first.year} to {last.year} would have {last.ordinal - first.ordinal + 1:,} periods, "
            f"more than {_MAX_PERIODS:,}. Leave out posts with a wrong `created`, or choose a longer `period`."
        )


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
    has_rate = {name: table[name].notna() for name in names}
    numerators = {name: table[ENGAGEMENTS.name].where(valid) for name, valid in has_rate.items()}
    denominators = {name: table[RATES[name].name].where(valid) for name, valid in has_rate.items()}
    sums = [
        pd.DataFrame(part, index=table.index, dtype="float64").groupby(keys, dropna=False).sum(min_count=1)
        for part in (numerators, denominators)
    ]
    return sums[0] / sums[1]


def check_groups(by: str | Sequence[str], choices: Sequence[str] = GROUPS) -> list[str]:
    """Return the names of the groups, beginning with the platform, or raise a ValueError for an unknown name."""
    names = [by] if isinstance(by, str) else list(by) if isinstance(by, Iterable) else [str(by)]
    for name in names:
        if name not in choices:
            raise ValueError(
                f"Unknown group {quote(str(name))} in `by`.{suggest(name, choices)} Choose from: {', '.join(choices)}."
            )
    return list(dict.fromkeys([PLATFORM.name, *names]))
