"""Compute the growth of metrics between observations, by period, and at the same age."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ayrframe._frame.deduplicate import POST_IDENTITY, is_error_record
from ayrframe._frame.to_arrow import add_missing_columns
from ayrframe._metrics.formats import BoolMask
from ayrframe._metrics.metrics import AGE_DAYS, ENGAGEMENT_PARTS, METRIC_NAMES, check_metric, metrics, to_floats
from ayrframe._metrics.periods import parse_duration
from ayrframe._platforms.columns import AS_OF, CREATED, ID, KEY, PLATFORM, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, METRICS, RATES
from ayrframe.errors import quote

GROWTH_METRICS = (*(metric.name for metric in METRICS), ENGAGEMENTS.name)
FREQUENCIES = ("h", "D", "W", "M")
OBSERVED, TOO_YOUNG, NO_OBSERVATION, NO_DATE = "observed", "not yet that old", "no observation", "no date"
VELOCITY_AGES = {"1h": "1h", "24h": "24h", "7d": "7D"}

_MICROSECONDS_PER_HOUR, _MICROSECONDS_PER_DAY = 3_600_000_000, 86_400_000_000
_DAYS_PER_WEEK, _EPOCH_WEEKDAY = 7, 3  # NumPy counts days from Thursday, 1 January 1970.
_TIME_DTYPE = "datetime64[us, UTC]"
_GROWTH_DTYPES = {AS_OF.name: _TIME_DTYPE, CREATED.name: _TIME_DTYPE, "age_hours": "float64", "value": "float64"} | {
    "increment": "float64",
    "hours": "float64",
    "per_hour": "float64",
    "fell": "boolean",
}


class PostObservations(NamedTuple):
    """Metrics of each row of a frame, the number of its post, and whether the row is not an error record."""

    table: pd.DataFrame
    post_number: npt.NDArray[np.int64]
    is_observation: BoolMask


def growth(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, freq: str | None = None) -> pd.DataFrame:
    """Return a metric of each post at each observation or period, and its increments."""
    _check_growth_metric(metric)
    if freq is not None and freq not in FREQUENCIES:
        raise ValueError(f"Unknown frequency {quote(str(freq))}. Choose from: {', '.join(FREQUENCIES)}.")
    table = _observations_of_metric(posts, metric)
    if freq is not None:
        table = _period_ends(table, freq)
        # With periods, an increment is the gain of one period, so it needs values in two consecutive periods.
        previous = table.groupby("post", sort=False)[["value", AS_OF.name, ENGAGEMENT_PARTS]].shift()
        previous = previous.where(table[ENGAGEMENT_PARTS].eq(previous[ENGAGEMENT_PARTS]))
    else:
        # Engagements with other parts are not comparable.
        groups = table[table["value"].notna()].groupby(["post", ENGAGEMENT_PARTS], sort=False)
        previous = groups[["value", AS_OF.name]].shift().reindex(table.index)
    increment = table["value"] - previous["value"]
    hours = _elapsed(previous[AS_OF.name], table[AS_OF.name], _MICROSECONDS_PER_HOUR).where(increment.notna())
    table["age_hours"] = _elapsed(table[CREATED.name], table[AS_OF.name], _MICROSECONDS_PER_HOUR)
    table["increment"], table["hours"], table["per_hour"] = increment, hours, increment / hours
    table["fell"] = increment.lt(0).astype("boolean").mask(increment.isna())
    dtypes = {"period": _TIME_DTYPE, **_GROWTH_DTYPES} if freq is not None else _GROWTH_DTYPES
    return table[[*POST_IDENTITY, *dtypes]].astype(dtypes)


def at_age(posts: pd.DataFrame, age: str | timedelta = "7D", tolerance: str | timedelta | None = None) -> pd.DataFrame:
    """Return the metrics of each post at an age, one row per post, with a status."""
    limit, slack = _age_window(age, tolerance)
    observations = _read_observations(posts)
    has_metrics = observations.table[list(METRIC_NAMES)].notna().any(axis=1).to_numpy(dtype=bool)
    return _observations_at_age(observations, limit, slack, has_metrics)


def velocity(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name) -> pd.DataFrame:
    """Return how fast a metric of each post grew until 1 hour, 24 hours and 7 days after publication."""
    _check_growth_metric(metric)
    observations = _read_observations(posts)
    has_metric = observations.table[metric].notna().to_numpy(dtype=bool)
    tables = {
        name: _observations_at_age(observations, *_age_window(age, None), has_metric)
        for name, age in VELOCITY_AGES.items()
    }
    table = next(iter(tables.values()))[[*POST_IDENTITY, CREATED.name]].copy()
    for name, part in tables.items():
        table[f"value_{name}"] = to_floats(part[metric])
    for name, part in tables.items():
        table[f"hours_{name}"] = (part["observed_age_days"] * 24).where(part[metric].notna())
    for name in tables:
        table[f"per_hour_{name}"] = table[f"value_{name}"] / table[f"hours_{name}"]
    names = list(tables)
    for early, late in pairwise(names):
        gained = table[f"value_{late}"] - table[f"value_{early}"]
        hours = table[f"hours_{late}"] - table[f"hours_{early}"]
        same_parts = tables[early][ENGAGEMENT_PARTS].eq(tables[late][ENGAGEMENT_PARTS]) | (metric != ENGAGEMENTS.name)
        table[f"per_hour_{early}_to_{late}"] = (gained / hours).where(same_parts)
    return table


def _read_observations(posts: pd.DataFrame) -> PostObservations:
    """Return the metrics of all rows; rows without `created` get that of another row of the same post."""
    posts = add_missing_columns(posts)
    table = metrics(posts)
    is_observation = ~is_error_record(posts).to_numpy(dtype=bool) & table[AS_OF.name].notna().to_numpy()
    post_number = table.groupby(list(POST_IDENTITY), sort=False, dropna=False).ngroup().to_numpy(dtype=np.int64)
    without_id = table[ID.name].isna().to_numpy()
    # Rows without an id cannot be matched, so each is a post of its own.
    post_number = np.where(without_id, len(table) + np.arange(len(table)), post_number)
    dates = pd.DataFrame(
        {"at": table[AS_OF.name], "created": table[CREATED.name].where(is_observation), "post": post_number}
    )
    created = dates.sort_values("at", kind="stable").groupby("post")["created"].last()
    table[CREATED.name] = created.reindex(post_number).array
    table[AGE_DAYS] = _elapsed(table[CREATED.name], table[AS_OF.name], _MICROSECONDS_PER_DAY)
    return PostObservations(table, post_number.astype(np.int64), is_observation)


def _elapsed(earlier: pd.Series, later: pd.Series, unit: int) -> pd.Series:
    duration = later - earlier
    return (duration.astype("int64") / unit).where(duration.notna())


def _observations_of_metric(posts: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return one row per post and observation, sorted; rows without an id are left out."""
    table, post_number, is_observation = _read_observations(posts)
    observations = table[[*KEY, CREATED.name]].assign(post=post_number, value=to_floats(table[metric]))
    observations[ENGAGEMENT_PARTS] = table[ENGAGEMENT_PARTS] if metric == ENGAGEMENTS.name else ""
    observations = observations[is_observation & observations[ID.name].notna()]
    # Rows with the same `as_of` are one observation; a copy with a value wins over one read without analytics.
    ranked = observations.assign(has_value=observations["value"].notna()).sort_values(
        [AS_OF.name, "has_value"], kind="stable"
    )
    observations = ranked.drop_duplicates(["post", AS_OF.name], keep="last").drop(columns="has_value")
    order = [PLATFORM.name, PROFILE.name, CREATED.name, ID.name, AS_OF.name]
    return observations.sort_values(order, kind="stable").reset_index(drop=True)


def _period_ends(observations: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Return one row per post and period from the first observation to the last, with the last value of the period."""
    observations = observations.assign(
        number=_period_numbers(observations[AS_OF.name], freq), has_value=observations["value"].notna()
    )
    first_rows = observations.drop_duplicates("post")
    first, last = (
        rows["number"].to_numpy() for rows in (first_rows, observations.drop_duplicates("post", keep="last"))
    )
    n_periods = last - first + 1
    rows = np.repeat(np.arange(len(first_rows)), n_periods)
    period_number = np.arange(len(rows)) + np.repeat(first - np.cumsum(n_periods) + n_periods, n_periods)
    result = first_rows[[*POST_IDENTITY, CREATED.name, "post"]].iloc[rows].assign(number=period_number)
    observations = observations.sort_values("has_value", kind="stable").drop_duplicates(["post", "number"], keep="last")
    result = result.merge(
        observations[["post", "number", AS_OF.name, "value", ENGAGEMENT_PARTS]], on=["post", "number"], how="left"
    )
    return result.assign(period=_period_starts(period_number, freq))


def _period_numbers(times: pd.Series, freq: str) -> npt.NDArray[np.int64]:
    """Return the number of the period of each time in UTC; weeks begin on Monday."""
    exact = times.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    numbers: npt.NDArray[np.int64] = exact.astype(f"datetime64[{'D' if freq == 'W' else freq}]").astype(np.int64)
    return (numbers + _EPOCH_WEEKDAY) // _DAYS_PER_WEEK if freq == "W" else numbers


def _period_starts(numbers: npt.NDArray[np.int64], freq: str) -> pd.Series:
    days = numbers * _DAYS_PER_WEEK - _EPOCH_WEEKDAY if freq == "W" else numbers
    starts = days.astype(f"datetime64[{'D' if freq == 'W' else freq}]").astype("datetime64[us]")
    return pd.Series(starts).dt.tz_localize("UTC")


def _observations_at_age(
    observations: PostObservations, limit: pd.Timedelta, slack: pd.Timedelta, preferred: BoolMask
) -> pd.DataFrame:
    """Return the observation of each post in the window, else its latest one, in the order of the posts."""
    table, post_number, is_observation = observations
    ages = table[AS_OF.name] - table[CREATED.name]
    latest = table.groupby([PLATFORM.name, PROFILE.name], dropna=False)[AS_OF.name].transform("max")
    # The last value before the age is the value at that age only if the account was read again later.
    reached = latest - table[CREATED.name] >= limit
    in_window = reached & (ages <= limit) & (ages >= limit - slack) & is_observation
    ranked = pd.DataFrame(
        {
            "post": post_number,
            "in_window": in_window,
            "preferred": in_window & preferred,
            "is_observation": is_observation,
            "at": table[AS_OF.name],
        }
    )
    ranked["position"] = ranked.index.to_series().groupby(post_number).transform("min")
    ranked = ranked.sort_values(["in_window", "preferred", "is_observation", "at"], kind="stable").drop_duplicates(
        "post", keep="last"
    )
    rows = ranked.sort_values("position").index.to_numpy()
    result = table.iloc[rows].reset_index(drop=True)
    is_observed = in_window.to_numpy(dtype=bool)[rows]
    for name in (*METRIC_NAMES, ENGAGEMENT_PARTS):
        result[name] = result[name].where(is_observed)
    result["observed_age_days"] = result[AGE_DAYS].where(is_observed)
    status = pd.Series(NO_OBSERVATION, result.index, dtype="str").mask(~reached.to_numpy(dtype=bool)[rows], TOO_YOUNG)
    result["status"] = status.mask(result[CREATED.name].isna(), NO_DATE).mask(is_observed, OBSERVED)
    return result


def _age_window(age: str | timedelta, tolerance: str | timedelta | None) -> tuple[pd.Timedelta, pd.Timedelta]:
    """Return the age and the tolerance, by default half of the age."""
    limit = parse_duration(age)
    if limit <= pd.Timedelta(0):
        raise ValueError(f"`age` must be positive, got {quote(str(age))}.")
    return limit, limit / 2 if tolerance is None else parse_duration(tolerance)


def _check_growth_metric(metric: str) -> None:
    if metric in tuple(RATES):
        raise ValueError(f"{metric!r} is a rate, which has no growth. Choose from: {', '.join(GROWTH_METRICS)}.")
    check_metric(metric, among=GROWTH_METRICS)
