"""Compare a period with the previous one, or with the same period a year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from ayrframe._frame.times import TimeZone
from ayrframe._metrics.columns import AGE_DAYS
from ayrframe._metrics.completeness import listed_spans
from ayrframe._metrics.frames import GROUPS, check_groups, drop_future_posts, latest_rows, read_metrics
from ayrframe._metrics.periods import (
    PERIODS,
    check_period,
    one_year_before,
    parse_period,
    period_bounds,
    period_labels,
    to_periods,
)
from ayrframe._metrics.summary import aggregate, check_metrics, is_additive
from ayrframe._platforms.columns import CREATED, PLATFORM, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, INTERACTIONS, RATES
from ayrframe.errors import quote

Against = Literal["previous", "year"]

NOTES = ("incomplete period", "start may be missing", "younger posts", "fewer parts")
INCOMPLETE, START_MISSING, YOUNGER, FEWER_PARTS = NOTES

# Posts gain most of their engagement in the first two weeks; until then age dominates every comparison.
_MAX_YOUNG_DAYS, _MIN_AGE_RATIO = 14.0, 2.0
_GROUP, _POST_COUNT = "ayrframe_group", "posts"
_PARTS = [metric.name for metric in INTERACTIONS]
_SIDES = ("before", "this")
_COMPARE_DTYPES = (
    dict.fromkeys(("metric", "statistic"), "str")
    | dict.fromkeys(("before", "this", "change"), "float64")
    | dict.fromkeys(("period_before", "period_this"), "str")
    | dict.fromkeys(("complete_before", "complete_this"), "boolean")
    | dict.fromkeys(("posts_with_before", "posts_with_this"), "Int64")
    | dict.fromkeys(("mean_age_days_before", "mean_age_days_this"), "float64")
    | {"note": "str"}
)


def compare(
    frame: pd.DataFrame,
    period: str = "month",
    *,
    at: str | pd.Period | None = None,
    against: Against = "previous",
    by: str | Sequence[str] = PLATFORM.name,
    tz: TimeZone | None = None,
    metric: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Compare two periods; one row per group and metric, beginning with the number of posts."""
    groups = check_groups(frame, by, [name for name in GROUPS if name not in PERIODS], taken=_COMPARE_DTYPES)
    names = check_metrics(frame, metric)
    if _POST_COUNT in names:
        raise ValueError("Column 'posts' cannot be compared, because the number of posts has this name. Rename it.")
    check_period(period)
    if against not in get_args(Against):
        raise ValueError(f"`against` must be 'previous' or 'year', got {quote(str(against))}.")
    has_engagements = not {ENGAGEMENTS.name, *RATES}.isdisjoint(names)
    observations = read_metrics(frame, [*names, *(_PARTS if has_engagements else ())])
    table = latest_rows(observations, groups, names)
    table[_GROUP] = table.groupby(groups, dropna=False).ngroup()
    labels = table.drop_duplicates(_GROUP).set_index(_GROUP)[groups].sort_index()
    spans = listed_spans(observations, table, [_GROUP])
    accounts = listed_spans(observations, table, [PLATFORM.name, PROFILE.name])
    this = _choose_period(at, period, accounts["end"], tz)
    before = None if this is None else this - 1 if against == "previous" else one_year_before(this)
    table = drop_future_posts(table)
    periods = to_periods(table[CREATED.name], period, tz)
    tables = {side: table[periods == each] for side, each in zip(_SIDES, (before, this), strict=True)}
    has_fewer_parts = _keep_common_parts(tables) if has_engagements else pd.Series(data=False, index=labels.index)
    keys = pd.MultiIndex.from_product([labels.index, [_POST_COUNT, *names]], names=[_GROUP, "metric"])
    sides = [
        _side_values(tables[side], names, keys, each, spans, tz).add_suffix(f"_{side}")
        for side, each in zip(_SIDES, (before, this), strict=True)
    ]
    result = pd.concat(sides, axis=1).reset_index()
    result = result.rename(columns={"value_before": "before", "value_this": "this"})
    result["statistic"] = result["metric"].map(_statistic)
    result["change"] = (result["this"] - result["before"]) / result["before"].where(result["before"] > 0)
    is_engagement = result["metric"].isin([ENGAGEMENTS.name, *RATES])
    notes = {
        INCOMPLETE: ~(result["ended_before"] & result["ended_this"]),
        START_MISSING: ~(result["started_before"] & result["started_this"]),
        YOUNGER: _has_younger_posts(result),
        FEWER_PARTS: is_engagement & result[_GROUP].isin(has_fewer_parts.index[has_fewer_parts]),
    }
    result["note"] = _join_notes(notes)
    result = labels.loc[result[_GROUP]].reset_index(drop=True).join(result)
    return result[[*groups, *_COMPARE_DTYPES]].astype(_COMPARE_DTYPES)


def _choose_period(at: object, period: str, read_until: pd.Series, tz: TimeZone | None) -> pd.Period | None:
    """Return the period to compare: `at`, the running one, or the newest that had ended when all accounts were read."""
    if at is not None and at != "current":
        return parse_period(at, period)
    newest = read_until.max() if at == "current" else read_until.min()
    if pd.isna(newest):
        return None
    running: pd.Period = to_periods(pd.Series([newest]), period, tz).iloc[0]
    return running if at == "current" else running - 1


def _side_values(
    table: pd.DataFrame,
    names: Sequence[str],
    keys: pd.MultiIndex,
    period: pd.Period | None,
    spans: pd.DataFrame,
    tz: TimeZone | None,
) -> pd.DataFrame:
    """Return the values of one period by group and metric, and whether all of its posts were listed."""
    statistics = aggregate(table, [_GROUP], names).set_index([_GROUP, "metric"])
    value = statistics["sum"].copy()
    for name in names:
        if _statistic(name) != "sum":
            is_metric = statistics.index.get_level_values("metric") == name
            value[is_metric] = statistics.loc[is_metric, _statistic(name)]
    counts = table.groupby(_GROUP).size().astype("float64")
    counts.index = pd.MultiIndex.from_product([counts.index, [_POST_COUNT]], names=keys.names)
    values = pd.DataFrame({"value": value, "posts_with": statistics["posts_with"].astype("float64")})
    values = pd.concat([pd.DataFrame({"value": counts, "posts_with": counts}), values]).reindex(keys)
    group = keys.get_level_values(_GROUP)
    values["mean_age_days"] = table.groupby(_GROUP)[AGE_DAYS].mean().reindex(group).to_numpy()
    if period is None:
        return values.assign(period=None, complete=None, started=True, ended=True)
    values["posts_with"] = values["posts_with"].fillna(0)
    is_count = keys.get_level_values("metric") == _POST_COUNT
    values["value"] = values["value"].mask(is_count, values["posts_with"])
    start, end = period_bounds(period, tz)
    span = spans.loc[group]
    started, ended = (span["start"] <= start).to_numpy(), (span["end"] >= end).to_numpy()
    label = period_labels(pd.Series([period])).iloc[0]
    return values.assign(period=label, complete=started & ended, started=started, ended=ended)


def _statistic(name: str) -> str:
    """Return the statistic by which a metric is compared."""
    return "count" if name == _POST_COUNT else "rate" if name in RATES else "sum" if is_additive(name) else "median"


def _keep_common_parts(tables: dict[str, pd.DataFrame]) -> pd.Series:
    """Restrict engagements and rates to the parts that both periods of a group have; return where parts differ."""
    has_part = {side: table.groupby(_GROUP)[_PARTS].count() > 0 for side, table in tables.items()}
    before, this = has_part["before"].align(has_part["this"], join="inner")
    differs = (before != this).any(axis=1) & before.any(axis=1) & this.any(axis=1)
    common = (before & this)[differs]
    for side, table in tables.items():
        rows = table[_GROUP].isin(common.index)
        if not rows.any():
            continue
        restricted = table[rows].astype(dict.fromkeys([ENGAGEMENTS.name, *_PARTS], "float64"))
        is_common = common.loc[restricted[_GROUP]].to_numpy()
        restricted[ENGAGEMENTS.name] = restricted[_PARTS].where(is_common).sum(axis=1, min_count=1)
        for name, denominator in RATES.items():
            if name in restricted:
                divisor = restricted[denominator.name].astype("float64")
                restricted[name] = restricted[ENGAGEMENTS.name] / divisor.where(divisor > 0)
        columns = {ENGAGEMENTS.name: "float64"} | dict.fromkeys(set(RATES).intersection(restricted), "float64")
        tables[side] = pd.concat([table[~rows].astype(columns), restricted.astype(columns)])
    return differs


def _has_younger_posts(result: pd.DataFrame) -> pd.Series:
    """Return where the posts of this period are young, and much younger than those of the other."""
    before, this = result["mean_age_days_before"], result["mean_age_days_this"]
    is_younger = (this < _MAX_YOUNG_DAYS) & (before >= _MIN_AGE_RATIO * this)
    return is_younger & result["change"].notna() & result["metric"].ne(_POST_COUNT)


def _join_notes(notes: Mapping[str, pd.Series]) -> pd.Series:
    """Return the notes of each row as one text, NA without any."""
    texts = [np.where(applies.fillna(value=False).astype("bool"), f"{note}; ", "") for note, applies in notes.items()]
    joined = pd.Series(np.sum(np.array(texts, dtype=object), axis=0), dtype="str").str.removesuffix("; ")
    return joined.mask(joined.eq(""))
