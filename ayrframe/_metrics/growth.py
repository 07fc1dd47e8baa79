"""Compute the growth of metrics between observations, by period, and at the same age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import POST_IDENTITY, is_error_record
from ayrframe._frame.to_arrow import add_missing_columns
from ayrframe._metrics.columns import AGE_DAYS, ENGAGEMENT_PARTS, METRIC_NAMES, own_columns
from ayrframe._metrics.metrics import elapsed, metrics, to_floats
from ayrframe._metrics.periods import parse_duration
from ayrframe._platforms.columns import AS_OF, CREATED, ID, KEY, PLATFORM, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, METRICS, RATES
from ayrframe.errors import quote, suggest

GROWTH_METRICS = (*(metric.name for metric in METRICS), ENGAGEMENTS.name)
FREQUENCIES = ("h", "D", "W", "M")
OBSERVED, TOO_YOUNG, NO_OBSERVATION, NO_DATE = "observed", "not yet that old", "no observation", "no date"
VELOCITY_AGES = {"1h": "1h", "24h": "24h", "7d": "7D"}

_HOUR, _DAY = pd.Timedelta(hours=1), pd.Timedelta(days=1)
_FLOAT_COLUMNS = ("age_hours", "value", "increment", "hours", "per_hour")


def growth(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, freq: str | None = None) -> pd.DataFrame:
    """Return a metric of each post at each observation or period, and its increments."""
    _check_growth_metric(metric)
    check_frequency(freq)
    return growth_table(_observations_of_metric(posts, metric), freq)


def check_frequency(freq: str | None) -> None:
    """Raise a ValueError for an unknown frequency."""
    if freq is not None and freq not in FREQUENCIES:
        raise ValueError(f"Unknown frequency {quote(str(freq))}. Choose from: {', '.join(FREQUENCIES)}.")


def growth_table(table: pd.DataFrame, freq: str | None) -> pd.DataFrame:
    """Return the growth table of observations: sorted rows with a key, `created`, `first_row`, parts and `value`."""
    if freq is not None:
        table = _period_ends(table, freq)
        # With periods, an increment is the gain of one period, so it needs values in two consecutive periods.
        previous = table.groupby("first_row", sort=False)[["value", AS_OF.name, ENGAGEMENT_PARTS]].shift()
        previous = previous.where(table[ENGAGEMENT_PARTS].eq(previous[ENGAGEMENT_PARTS]))
    else:
        # Engagements with other parts are not comparable.
        groups = table[table["value"].notna()].groupby(["first_row", ENGAGEMENT_PARTS], sort=False)
        previous = groups[["value", AS_OF.name]].shift().reindex(table.index)
    increment = table["value"] - previous["value"]
    hours = elapsed(previous[AS_OF.name], table[AS_OF.name], _HOUR).where(increment.notna())
    table["age_hours"] = elapsed(table[CREATED.name], table[AS_OF.name], _HOUR)
    table["increment"], table["hours"], table["per_hour"] = increment, hours, increment / hours
    table["fell"] = increment.lt(0).astype("boolean").mask(increment.isna())
    times = [*(["period"] if freq is not None else []), AS_OF.name, CREATED.name]
    dtypes = dict.fromkeys(times, "datetime64[us, UTC]") | dict.fromkeys(_FLOAT_COLUMNS, "float64")
    dtypes["fell"] = "boolean"
    return table[[*POST_IDENTITY, *dtypes]].astype(dtypes)


def at_age(posts: pd.DataFrame, age: str | timedelta = "7D", tolerance: str | timedelta | None = None) -> pd.DataFrame:
    """Return the metrics of each post at an age, one row per post, with a status."""
    if taken := [name for name in ("observed_age_days", "status") if name in own_columns(posts)]:
        raise ValueError(f"Column {taken[0]!r} has the name of a column of at_age(). Rename it.")
    return _observations_at_age(_read_observations(posts), METRIC_NAMES, age, tolerance)


def velocity(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name) -> pd.DataFrame:
    """Return how fast a metric of each post grew until 1 hour, 24 hours and 7 days after publication."""
    _check_growth_metric(metric)
    observations = _read_observations(posts)
    tables = {name: _observations_at_age(observations, [metric], age) for name, age in VELOCITY_AGES.items()}
    values = {name: table[metric].astype("float64") for name, table in tables.items()}
    hours = {name: (table["observed_age_days"] * 24).where(table[metric].notna()) for name, table in tables.items()}
    speeds = {f"per_hour_{name}": values[name] / hours[name] for name in tables}
    for early, late in pairwise(tables):
        same_parts = tables[early][ENGAGEMENT_PARTS].eq(tables[late][ENGAGEMENT_PARTS]) | (metric != ENGAGEMENTS.name)
        speed = (values[late] - values[early]) / (hours[late] - hours[early])
        speeds[f"per_hour_{early}_to_{late}"] = speed.where(same_parts)
    columns = {f"value_{name}": values[name] for name in tables} | {f"hours_{name}": hours[name] for name in tables}
    return tables["1h"][[*POST_IDENTITY, CREATED.name]].assign(**columns, **speeds)


def _read_observations(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the metrics of all rows, with the first row of the post and whether the row is not an error record.

    Rows without `created` get that of another row of the same post.
    """
    posts = add_missing_columns(posts)
    table = metrics(posts, all_readings=True)
    table["is_observation"] = ~is_error_record(posts).to_numpy(dtype=bool) & table[AS_OF.name].notna()
    identity = [table[name] for name in POST_IDENTITY]
    first_rows = table.index.to_series().groupby(identity, sort=False, dropna=False).transform("min")
    # Rows without an id cannot be matched, so each is a post of its own.
    table["first_row"] = np.where(table[ID.name].isna(), table.index, first_rows)
    dates = table.assign(created=table[CREATED.name].where(table["is_observation"]))
    created = dates.sort_values(AS_OF.name, kind="stable").groupby("first_row")["created"].last()
    table[CREATED.name] = created.reindex(table["first_row"]).array
    table[AGE_DAYS] = elapsed(table[CREATED.name], table[AS_OF.name], _DAY)
    return table


def _observations_of_metric(posts: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return one row per post and observation, sorted; rows without an id are left out."""
    table = _read_observations(posts)
    observations = table[[*KEY, CREATED.name, "first_row"]].assign(value=to_floats(table[metric]))
    observations[ENGAGEMENT_PARTS] = table[ENGAGEMENT_PARTS] if metric == ENGAGEMENTS.name else ""
    observations = observations[table["is_observation"] & table[ID.name].notna()]
    # Rows with the same `as_of` are one observation; a copy with a value wins over one read without analytics.
    ranked = observations.sort_values("value", key=pd.Series.notna, kind="stable")
    observations = ranked.drop_duplicates(["first_row", AS_OF.name], keep="last")
    order = [PLATFORM.name, PROFILE.name, CREATED.name, ID.name, AS_OF.name]
    return observations.sort_values(order, kind="stable", ignore_index=True)


def _period_ends(observations: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Return one row per post and period in UTC, from the first observation to the last, with the last value."""
    observations = observations.assign(period=observations[AS_OF.name].dt.tz_localize(None).dt.to_period(freq))
    first = observations.drop_duplicates("first_row")
    last = observations.drop_duplicates("first_row", keep="last")
    n_periods = last["period"].astype("int64").to_numpy() - first["period"].astype("int64").to_numpy() + 1
    names = [*POST_IDENTITY, CREATED.name, "first_row", "period"]
    result = first.loc[first.index.repeat(n_periods), names].reset_index(drop=True)
    result["period"] += result.groupby("first_row").cumcount()
    ranked = observations.sort_values("value", key=pd.Series.notna, kind="stable")
    ends = ranked.drop_duplicates(["first_row", "period"], keep="last").drop(columns=[*POST_IDENTITY, CREATED.name])
    result = result.merge(ends, on=["first_row", "period"], how="left")
    return result.assign(period=result["period"].dt.start_time.dt.tz_localize("UTC"))


def _observations_at_age(
    table: pd.DataFrame, preferred: Sequence[str], age: str | timedelta, tolerance: str | timedelta | None = None
) -> pd.DataFrame:
    """Return the observation of each post in the window, else its latest one, in the order of the posts.

    Observations with one of the preferred metrics are preferred; the default tolerance is half of the age.
    """
    limit = parse_duration(age)
    if limit <= pd.Timedelta(0):
        raise ValueError(f"`age` must be positive, got {quote(str(age))}.")
    slack = limit / 2 if tolerance is None else parse_duration(tolerance)
    ages = table[AS_OF.name] - table[CREATED.name]
    latest = table.groupby([PLATFORM.name, PROFILE.name], dropna=False)[AS_OF.name].transform("max")
    # The last value before the age is the value at that age only if the account was read again later.
    reached = latest - table[CREATED.name] >= limit
    in_window = reached & (ages <= limit) & (ages >= limit - slack) & table["is_observation"]
    has_metric = in_window & table[list(preferred)].notna().any(axis=1)
    columns = ["first_row", "is_observation", AS_OF.name]
    ranked = table[columns].assign(reached=reached, in_window=in_window, has_metric=has_metric)
    ranked = ranked.sort_values(["in_window", "has_metric", "is_observation", AS_OF.name], kind="stable")
    ranked = ranked.drop_duplicates("first_row", keep="last").sort_values("first_row")
    result = table.iloc[ranked.index].reset_index(drop=True)
    is_observed, is_reached = (ranked[name].to_numpy(dtype=bool) for name in ("in_window", "reached"))
    for name in (*METRIC_NAMES, ENGAGEMENT_PARTS):
        result[name] = result[name].where(is_observed)
    result["observed_age_days"] = result[AGE_DAYS].where(is_observed)
    status = pd.Series(NO_OBSERVATION, result.index, dtype="str").where(is_reached, TOO_YOUNG)
    result["status"] = status.mask(result[CREATED.name].isna(), NO_DATE).mask(is_observed, OBSERVED)
    return result.drop(columns=["first_row", "is_observation"])


def _check_growth_metric(metric: str) -> None:
    if metric in tuple(RATES):
        raise ValueError(f"{metric!r} is a rate, which has no growth. Choose from: {', '.join(GROWTH_METRICS)}.")
    if metric not in GROWTH_METRICS:
        raise ValueError(
            f"Unknown metric {quote(str(metric))}.{suggest(metric, GROWTH_METRICS)} "
            f"Choose from: {', '.join(GROWTH_METRICS)}."
        )
