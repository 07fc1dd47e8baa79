"""Posts in groups: how many tell a metric, its sum, median or rate, and how that changed; never across networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import newest
from ayrframe._metrics.metrics import FORMAT, KIND, METRIC_NAMES, check_metric, metrics
from ayrframe._metrics.periods import PERIODS, check_period, period_labels, period_starts, to_periods, to_timezone
from ayrframe._platforms.columns import CREATED, PLATFORM, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, METRICS, RATES
from ayrframe.errors import quote

if TYPE_CHECKING:
    from pandas.core.groupby import DataFrameGroupBy

    Groups = DataFrameGroupBy[Any, Any]

GROUPS = (PLATFORM.name, PROFILE.name, FORMAT, KIND, *PERIODS)

SUMMED = {metric.name for metric in (*METRICS, ENGAGEMENTS) if metric.additive}
_NUMBERS = {"posts": "Int64", "posts_with": "Int64", "sum": "float64", "median": "float64", "rate": "float64"}
_COUNTED, _METRIC, PLACE = "posts", "metric", "place"
_ADDED = (_COUNTED, "posts_with", "sum", "above", "below")
_MOST_PERIODS = 20_000  # days of more than fifty years


def summary(posts: pd.DataFrame, by: str | Sequence[str] = PLATFORM.name, tz: str | None = None) -> pd.DataFrame:
    """Return each group's posts, posts with the metric, sum, median and rate; a row for each metric."""
    names = check_groups(by)
    to_timezone(tz)
    return aggregate(add_period_labels(latest_metrics(posts), names, tz), names)


def add_period_labels(table: pd.DataFrame, by: Sequence[str], tz: str | None) -> pd.DataFrame:
    """Return the metrics with a column for each period among the groups."""
    periods = [name for name in by if name in PERIODS]
    return table.assign(**{name: period_labels(to_periods(table[CREATED.name], name, tz)) for name in periods})


def timeline(
    posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, period: str = "week", tz: str | None = None
) -> pd.DataFrame:
    """Return a metric for every period from a network's first post to the last post of all; empty periods too."""
    check_metric(metric)
    table = latest_metrics(posts)
    table["period"] = to_periods(table[CREATED.name], check_period(period), tz)
    told = aggregate(table[table["period"].notna()], [PLATFORM.name, "period"], (metric,)).drop(columns="metric")
    every = table["period"].dropna()
    parts = []
    for name, part in told.groupby(PLATFORM.name, sort=False):
        _refuse_endless(part["period"].min(), every.max())
        span = pd.period_range(part["period"].min(), every.max(), freq=PERIODS[period])
        parts.append(part.set_index("period").reindex(span).rename_axis("period").reset_index())
        parts[-1][PLATFORM.name] = name
    whole = pd.concat(parts, ignore_index=True) if parts else told
    whole = whole.astype(_NUMBERS | {PLATFORM.name: "str"}).fillna({"posts": 0, "posts_with": 0})
    starts = period_starts(whole["period"], tz) if parts else pd.Series([], dtype="datetime64[us, UTC]")
    whole = whole.assign(start=starts, period=period_labels(whole["period"]) if parts else pd.Series([], dtype="str"))
    return whole[[PLATFORM.name, "period", "start", *_NUMBERS]]


def _refuse_endless(first: pd.Period, last: pd.Period) -> None:
    if last.ordinal - first.ordinal >= _MOST_PERIODS:
        raise ValueError(
            f"A timeline from {first.year} to {last.year} would have {last.ordinal - first.ordinal + 1:,} rows. "
            "Leave the posts out whose time cannot be right, or choose a longer period."
        )


def latest_metrics(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the metrics of each post once, of its newest observation."""
    return metrics(newest(posts))


def aggregate(table: pd.DataFrame, by: Sequence[str], names: Sequence[str] = METRIC_NAMES) -> pd.DataFrame:
    """Return a row per group and metric; groups sorted, NA last."""
    grouped = _grouped(table, by, names)
    whole = _totals(grouped, table, by, names)
    return summary_table(whole.assign(median=np.concatenate([grouped[name].median() for name in names])), by)


def group_totals(table: pd.DataFrame, by: Sequence[str], names: Sequence[str] = METRIC_NAMES) -> pd.DataFrame:
    """Return what can be added up of each group and metric, metric by metric: :func:`added` does it.

    `above` and `below` are what stands over and under the line of a rate.
    """
    return _totals(_grouped(table, by, names), table, by, names)


def _totals(grouped: Groups, table: pd.DataFrame, by: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    sizes = grouped.size().rename(_COUNTED)
    parts = []
    for place, name in enumerate(names):
        above, below = _fraction(table, by, name) if name in RATES else (np.nan, np.nan)
        columns = {
            PLACE: place,
            _METRIC: name,
            _COUNTED: sizes,
            "posts_with": grouped[name].count(),
            "sum": grouped[name].sum(min_count=1) if name in SUMMED else np.nan,
            "above": above,
            "below": below,
        }
        parts.append(pd.DataFrame(columns, index=sizes.index))
    return pd.concat(parts).reset_index()


def add_totals(parts: Sequence[pd.DataFrame], by: Sequence[str]) -> pd.DataFrame:
    """Return the totals of several parts, no post in two of them, as those of the whole."""
    rows = pd.concat(parts, ignore_index=True)
    return rows.groupby([PLACE, _METRIC, *by], dropna=False)[list(_ADDED)].sum(min_count=1).reset_index()


def summary_table(whole: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return totals, with the medians beside them, as the table of a summary."""
    whole = whole.assign(rate=whole["above"] / whole["below"]).set_index(list(by))
    whole = whole.sort_values(PLACE, kind="stable").sort_index(level=list(range(len(by))), kind="stable")
    return whole.reset_index()[[*by, _METRIC, *_NUMBERS]].astype(_NUMBERS | {_METRIC: "str"})


def _grouped(table: pd.DataFrame, by: Sequence[str], names: Sequence[str]) -> Groups:
    # Sums of whole numbers would turn negative beyond 64 bits, in silence.
    return table.astype(dict.fromkeys(names, "float64")).groupby(list(by), dropna=False)


def check_groups(by: str | Sequence[str], among: Sequence[str] = GROUPS) -> list[str]:
    """Return the groups asked for, the network first: no number is ever added across networks."""
    names = [by] if isinstance(by, str) else list(by) if isinstance(by, Iterable) else [str(by)]
    for name in names:
        if name not in among:
            raise ValueError(f"Posts cannot be grouped by {quote(str(name))}. There are: {', '.join(among)}.")
    return list(dict.fromkeys([PLATFORM.name, *names]))


def _fraction(table: pd.DataFrame, by: Sequence[str], name: str) -> tuple[pd.Series, pd.Series]:
    """Return the engagements of each group and the denominators below them, of the posts that have both."""
    both = table[table[name].notna()]
    both = both.astype({ENGAGEMENTS.name: "float64", RATES[name].name: "float64"})
    sums = both.groupby(list(by), dropna=False)[[ENGAGEMENTS.name, RATES[name].name]].sum()
    return sums[ENGAGEMENTS.name], sums[RATES[name].name]
