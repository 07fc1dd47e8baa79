"""One period against the one before, metric by metric, with how old the posts of both were when they were read."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ayrframe._metrics.metrics import AGE, METRIC_NAMES
from ayrframe._metrics.periods import PERIODS, check_period, period_labels, to_periods
from ayrframe._metrics.summary import GROUPS, SUMMED, aggregate, check_groups, latest_metrics
from ayrframe._platforms.columns import CREATED, PLATFORM
from ayrframe._platforms.metrics import RATES

# Posts collect most of their numbers in their first two weeks; until then their age outweighs everything else.
_YOUNG_DAYS, _TIMES_OLDER = 14.0, 2.0
_COUNTED = "posts"
_NOTE = "Newer posts have had less time to gain engagement; do not read this change as a trend."
_DTYPES = {
    "metric": "str",
    "statistic": "str",
    "before": "float64",
    "this": "float64",
    "change": "float64",
    "period_before": "str",
    "period_this": "str",
    "posts_with_before": "Int64",
    "posts_with_this": "Int64",
    "mean_age_days_before": "float64",
    "mean_age_days_this": "float64",
    "note": "str",
}


def compare(
    posts: pd.DataFrame, period: str = "month", by: str | Sequence[str] = PLATFORM.name, tz: str | None = None
) -> pd.DataFrame:
    """Return the period of the newest post against the one before it, a row per group and metric."""
    names = check_groups(by, [name for name in GROUPS if name not in PERIODS])
    table = latest_metrics(posts)
    spans = to_periods(table[CREATED.name], check_period(period), tz)
    this = spans.max()
    if pd.isna(this):
        return pd.DataFrame(columns=[*names, *_DTYPES]).astype(_DTYPES | dict.fromkeys(names, "str"))
    keys = [*names, "metric"]
    sides = [_side(table[spans == span], names) for span in (this - 1, this)]
    whole = sides[0].merge(sides[1], on=keys, how="outer", suffixes=("_before", "_this"))
    place = {name: place for place, name in enumerate((_COUNTED, *METRIC_NAMES))}
    whole = whole.sort_values(keys, key=lambda column: column.map(place) if column.name == "metric" else column)
    whole = whole.rename(columns={"value_before": "before", "value_this": "this"}).reset_index(drop=True)
    counted = whole["metric"].eq(_COUNTED)
    whole = whole.fillna({"posts_with_before": 0, "posts_with_this": 0})
    whole.loc[counted, ["before", "this"]] = whole.loc[counted, ["before", "this"]].fillna(0)
    whole["statistic"] = whole["metric"].map(_statistic)
    base = whole["before"].where(whole["before"] > 0)
    whole["change"] = (whole["this"] - whole["before"]) / base
    whole["period_before"], whole["period_this"] = (
        period_labels(pd.Series([span])).iloc[0] for span in (this - 1, this)
    )
    ages = whole["mean_age_days_before"], whole["mean_age_days_this"]
    differ = (ages[1] < _YOUNG_DAYS) & (ages[0] >= _TIMES_OLDER * ages[1]) & whole["change"].notna() & ~counted
    whole["note"] = pd.Series(_NOTE, whole.index).where(differ)
    return whole.astype(_DTYPES)[[*names, *_DTYPES]]


def _side(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return each group's value of every metric in one period, and the mean age of its posts."""
    told = aggregate(table, names)
    told["value"] = told["sum"].where(told["metric"].isin(SUMMED), told["median"])
    told["value"] = told["rate"].where(told["metric"].isin(list(RATES)), told["value"])
    counts = told.drop_duplicates(list(names))
    counts = counts.assign(metric=_COUNTED, value=counts["posts"].astype("float64"), posts_with=counts["posts"])
    ages = table.groupby(list(names), dropna=False)[AGE].mean().rename("mean_age_days").reset_index()
    whole = pd.concat([counts, told], ignore_index=True).merge(ages, on=list(names), how="left")
    return whole[[*names, "metric", "value", "posts_with", "mean_age_days"]]


def _statistic(metric: str) -> str:
    if metric == _COUNTED:
        return "count"
    if metric in RATES:
        return "rate"
    return "sum" if metric in SUMMED else "median"
