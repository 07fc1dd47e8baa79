"""Compare the newest period with the previous one, with the mean ages of the posts of both."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ayrframe._frame.times import TimeZone
from ayrframe._metrics.metrics import AGE_DAYS, METRIC_NAMES
from ayrframe._metrics.periods import PERIODS, check_period, period_labels, to_periods
from ayrframe._metrics.summary import ADDITIVE_METRICS, GROUPS, aggregate, check_groups, latest_metrics
from ayrframe._platforms.columns import CREATED, PLATFORM
from ayrframe._platforms.metrics import RATES

# Posts gain most of their engagement in the first two weeks; until then age dominates every comparison.
_MAX_YOUNG_DAYS, _MIN_AGE_RATIO = 14.0, 2.0
_POST_COUNT = "posts"
_YOUNGER_POSTS_NOTE = "Newer posts have had less time to gain engagement; do not read this change as a trend."
_STATISTICS = {_POST_COUNT: "count"} | {
    name: "rate" if name in RATES else "sum" if name in ADDITIVE_METRICS else "median" for name in METRIC_NAMES
}
_COMPARE_DTYPES = (
    dict.fromkeys(("metric", "statistic"), "str")
    | dict.fromkeys(("before", "this", "change"), "float64")
    | dict.fromkeys(("period_before", "period_this"), "str")
    | dict.fromkeys(("posts_with_before", "posts_with_this"), "Int64")
    | dict.fromkeys(("mean_age_days_before", "mean_age_days_this"), "float64")
    | {"note": "str"}
)


def compare(
    posts: pd.DataFrame, period: str = "month", by: str | Sequence[str] = PLATFORM.name, tz: TimeZone | None = None
) -> pd.DataFrame:
    """Compare the period of the newest post with the previous period; one row per group and metric."""
    groups = check_groups(by, [name for name in GROUPS if name not in PERIODS])
    table = latest_metrics(posts)
    periods = to_periods(table[CREATED.name], check_period(period), tz)
    newest = periods.max()
    if pd.isna(newest):
        return pd.DataFrame(columns=[*groups, *_COMPARE_DTYPES]).astype(_COMPARE_DTYPES | dict.fromkeys(groups, "str"))
    keys = [*groups, "metric"]
    before, this = (_period_values(table[periods == compared], groups) for compared in (newest - 1, newest))
    result = before.merge(this, on=keys, how="outer", suffixes=("_before", "_this"))
    result["metric"] = pd.Categorical(result["metric"], list(_STATISTICS))  # sorted in this order
    result = result.sort_values(keys, ignore_index=True)
    result = result.rename(columns={"value_before": "before", "value_this": "this"})
    is_count = result["metric"].eq(_POST_COUNT)
    result = result.fillna({"posts_with_before": 0, "posts_with_this": 0})
    result.loc[is_count, ["before", "this"]] = result.loc[is_count, ["before", "this"]].fillna(0)
    result["statistic"] = result["metric"].map(_STATISTICS)
    result["change"] = (result["this"] - result["before"]) / result["before"].where(result["before"] > 0)
    result["period_before"], result["period_this"] = period_labels(pd.Series([newest - 1, newest]))
    age_before, age_this = result["mean_age_days_before"], result["mean_age_days_this"]
    is_younger = (age_this < _MAX_YOUNG_DAYS) & (age_before >= _MIN_AGE_RATIO * age_this)
    has_note = is_younger & result["change"].notna() & ~is_count
    result["note"] = pd.Series(_YOUNGER_POSTS_NOTE, result.index).where(has_note)
    return result.astype(_COMPARE_DTYPES)[[*groups, *_COMPARE_DTYPES]]


def _period_values(table: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Return the value of each metric and the mean age of the posts of one period, by group."""
    values = aggregate(table, groups)
    values["value"] = values["sum"].where(values["metric"].isin(ADDITIVE_METRICS), values["median"])
    values["value"] = values["rate"].where(values["metric"].isin(list(RATES)), values["value"])
    counts = values.drop_duplicates(list(groups))
    counts = counts.assign(metric=_POST_COUNT, value=counts["posts"].astype("float64"), posts_with=counts["posts"])
    ages = table.groupby(list(groups), dropna=False)[AGE_DAYS].mean().rename("mean_age_days").reset_index()
    result = pd.concat([counts, values], ignore_index=True).merge(ages, on=list(groups), how="left")
    return result[[*groups, "metric", "value", "posts_with", "mean_age_days"]]
