"""Several observations of a post → how its numbers grew: point by point, by periods, and at the same age."""

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
from ayrframe._metrics.metrics import AGE, METRIC_NAMES, PARTS, check_metric, metrics, to_floats
from ayrframe._platforms.columns import AS_OF, CREATED, ID, KEY, PLATFORM, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, METRICS, RATES
from ayrframe.errors import quote

GROWING = (*(metric.name for metric in METRICS), ENGAGEMENTS.name)
FREQUENCIES = ("h", "D", "W", "M")
OBSERVED, TOO_YOUNG, UNSEEN, NO_DATE = "observed", "not yet that old", "no observation", "no date"
AGES = {"1h": "1h", "24h": "24h", "7d": "7D"}

_HOUR, _DAY = 3_600_000_000, 86_400_000_000  # microseconds
_WEEK, _THURSDAY = 7, 3  # days; numpy counts from a Thursday
_TIME = "datetime64[us, UTC]"
_DTYPES = {AS_OF.name: _TIME, CREATED.name: _TIME, "age_hours": "float64", "value": "float64"} | {
    "increment": "float64",
    "hours": "float64",
    "per_hour": "float64",
    "fell": "boolean",
}


class Observations(NamedTuple):
    """The metrics of each row of a frame, which post each is of, and whether it is one: no record of a failure."""

    table: pd.DataFrame
    post: npt.NDArray[np.int64]
    real: BoolMask


def growth(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, freq: str | None = None) -> pd.DataFrame:
    """Return a metric of each post at each observation, or at the end of each period, and what it gained since."""
    _known(metric)
    if freq is not None and freq not in FREQUENCIES:
        raise ValueError(f"{quote(str(freq))} is no frequency. There are: {', '.join(FREQUENCIES)}.")
    points = _points(posts, metric)
    if freq is not None:
        points = _at_ends(points, freq)
        # In a table of periods an increment is the gain of one period; that of two would look like a leap.
        before = points.groupby("post", sort=False)[["value", AS_OF.name, PARTS]].shift()
        before = before.where(points[PARTS].eq(before[PARTS]))
    else:
        # Engagements that add up other things are no total of the same.
        told = points[points["value"].notna()]
        before = told.groupby(["post", PARTS], sort=False)[["value", AS_OF.name]].shift().reindex(points.index)
    points["age_hours"] = _between(points[CREATED.name], points[AS_OF.name], _HOUR)
    points["increment"] = points["value"] - before["value"]
    points["hours"] = _between(before[AS_OF.name], points[AS_OF.name], _HOUR).where(points["increment"].notna())
    points["per_hour"] = points["increment"] / points["hours"]
    points["fell"] = points["increment"].lt(0).astype("boolean").mask(points["increment"].isna())
    periods = [] if freq is None else ["period"]
    return points[[*POST_IDENTITY, *periods, *_DTYPES]].astype(_DTYPES | dict.fromkeys(periods, _TIME))


def at_age(posts: pd.DataFrame, age: str | timedelta = "7D", tolerance: str | timedelta | None = None) -> pd.DataFrame:
    """Return the metrics of each post when it was so old: a row per post, and whether it was observed then."""
    span, room = _window(age, tolerance)
    seen = _observations(posts)
    tells = seen.table[list(METRIC_NAMES)].notna().any(axis=1).to_numpy(dtype=bool)
    return _at(seen, span, room, tells)


def velocity(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name) -> pd.DataFrame:
    """Return how fast a metric of each post grew until an hour, a day and a week after it was published."""
    _known(metric)
    seen = _observations(posts)
    tells = seen.table[metric].notna().to_numpy(dtype=bool)
    found = {name: _at(seen, *_window(age, None), tells) for name, age in AGES.items()}
    table = next(iter(found.values()))[[*POST_IDENTITY, CREATED.name]].copy()
    for name, part in found.items():
        table[f"value_{name}"] = to_floats(part[metric])
    for name, part in found.items():
        table[f"hours_{name}"] = (part["observed_age_days"] * 24).where(part[metric].notna())
    for name in found:
        table[f"per_hour_{name}"] = table[f"value_{name}"] / table[f"hours_{name}"]
    names = list(found)
    for early, late in pairwise(names):
        gained = table[f"value_{late}"] - table[f"value_{early}"]
        hours = table[f"hours_{late}"] - table[f"hours_{early}"]
        alike = found[early][PARTS].eq(found[late][PARTS]) | (metric != ENGAGEMENTS.name)
        table[f"per_hour_{early}_to_{late}"] = (gained / hours).where(alike)
    return table


def _observations(posts: pd.DataFrame) -> Observations:
    """Return the metrics of all rows; a post's date is told by any row of it, and holds for all."""
    posts = add_missing_columns(posts)
    table = metrics(posts)
    real = ~is_error_record(posts).to_numpy(dtype=bool) & table[AS_OF.name].notna().to_numpy()
    post = table.groupby(list(POST_IDENTITY), sort=False, dropna=False).ngroup().to_numpy(dtype=np.int64)
    nameless = table[ID.name].isna().to_numpy()
    post = np.where(nameless, len(table) + np.arange(len(table)), post)  # nobody knows which of them are the same
    dated = pd.DataFrame({"at": table[AS_OF.name], "created": table[CREATED.name].where(real), "post": post})
    created = dated.sort_values("at", kind="stable").groupby("post")["created"].last()
    table[CREATED.name] = created.reindex(post).array
    table[AGE] = _between(table[CREATED.name], table[AS_OF.name], _DAY)
    return Observations(table, post.astype(np.int64), real)


def _between(earlier: pd.Series, later: pd.Series, unit: int) -> pd.Series:
    span = later - earlier
    return (span.astype("int64") / unit).where(span.notna())


def _points(posts: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return a row per post and observation, posts and moments in order; posts without an id cannot be followed."""
    table, post, real = _observations(posts)
    points = table[[*KEY, CREATED.name]].assign(post=post, value=to_floats(table[metric]))
    points[PARTS] = table[PARTS] if metric == ENGAGEMENTS.name else ""
    points = points[real & points[ID.name].notna()]
    # What is of one moment is one observation, be it that one of its copies was read without analytics.
    rank = points.assign(known=points["value"].notna()).sort_values([AS_OF.name, "known"], kind="stable")
    points = rank.drop_duplicates(["post", AS_OF.name], keep="last").drop(columns="known")
    order = [PLATFORM.name, PROFILE.name, CREATED.name, ID.name, AS_OF.name]
    return points.sort_values(order, kind="stable").reset_index(drop=True)


def _at_ends(points: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Return a row per post and period from its first observation to its last, of the last one that tells a value."""
    points = points.assign(number=_numbers(points[AS_OF.name], freq), known=points["value"].notna())
    firsts = points.drop_duplicates("post")
    first, last = (part["number"].to_numpy() for part in (firsts, points.drop_duplicates("post", keep="last")))
    many = last - first + 1
    rows = np.repeat(np.arange(len(firsts)), many)
    number = np.arange(len(rows)) + np.repeat(first - np.cumsum(many) + many, many)
    whole = firsts[[*POST_IDENTITY, CREATED.name, "post"]].iloc[rows].assign(number=number)
    points = points.sort_values("known", kind="stable").drop_duplicates(["post", "number"], keep="last")
    whole = whole.merge(points[["post", "number", AS_OF.name, "value", PARTS]], on=["post", "number"], how="left")
    return whole.assign(period=_starts(number, freq))


def _numbers(moments: pd.Series, freq: str) -> npt.NDArray[np.int64]:
    """Return the number of the period in which each moment lies, in UTC; a week begins on Monday."""
    exact = moments.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    numbers: npt.NDArray[np.int64] = exact.astype(f"datetime64[{'D' if freq == 'W' else freq}]").astype(np.int64)
    return (numbers + _THURSDAY) // _WEEK if freq == "W" else numbers


def _starts(numbers: npt.NDArray[np.int64], freq: str) -> pd.Series:
    days = numbers * _WEEK - _THURSDAY if freq == "W" else numbers
    starts = days.astype(f"datetime64[{'D' if freq == 'W' else freq}]").astype("datetime64[us]")
    return pd.Series(starts).dt.tz_localize("UTC")


def _at(seen: Observations, span: pd.Timedelta, room: pd.Timedelta, tells: BoolMask) -> pd.DataFrame:
    """Return one row per post, in the order of the posts: of the observation in the window, else of the newest."""
    table, post, real = seen
    ages = table[AS_OF.name] - table[CREATED.name]
    latest = table.groupby([PLATFORM.name, PROFILE.name], dropna=False)[AS_OF.name].transform("max")
    # The last number before the age is one of that age only if the account was read again later.
    reached = latest - table[CREATED.name] >= span
    inside = reached & (ages <= span) & (ages >= span - room) & real
    rank = pd.DataFrame(
        {"post": post, "inside": inside, "tells": inside & tells, "real": real, "at": table[AS_OF.name]}
    )
    rank["place"] = rank.index.to_series().groupby(post).transform("min")
    rank = rank.sort_values(["inside", "tells", "real", "at"], kind="stable").drop_duplicates("post", keep="last")
    rows = rank.sort_values("place").index.to_numpy()
    told = table.iloc[rows].reset_index(drop=True)
    observed = inside.to_numpy(dtype=bool)[rows]
    for name in (*METRIC_NAMES, PARTS):
        told[name] = told[name].where(observed)
    told["observed_age_days"] = told[AGE].where(observed)
    status = pd.Series(UNSEEN, told.index, dtype="str").mask(~reached.to_numpy(dtype=bool)[rows], TOO_YOUNG)
    told["status"] = status.mask(told[CREATED.name].isna(), NO_DATE).mask(observed, OBSERVED)
    return told


def _window(age: str | timedelta, tolerance: str | timedelta | None) -> tuple[pd.Timedelta, pd.Timedelta]:
    """Return an age, and how much earlier an observation may be to stand for it: half of it if nothing is said."""
    span = _span(age)
    if span <= pd.Timedelta(0):
        raise ValueError("An age has to be more than 0.")
    return span, span / 2 if tolerance is None else _span(tolerance)


def _span(text: str | timedelta) -> pd.Timedelta:
    has_unit = any(sign.isalpha() or sign == ":" for sign in str(text))  # pandas takes bare numbers for nanoseconds
    try:
        span = pd.Timedelta(text) if has_unit else pd.NaT
    except (ValueError, TypeError, OverflowError):
        span = pd.NaT
    if not isinstance(span, pd.Timedelta) or span < pd.Timedelta(0):
        raise ValueError(f"{quote(str(text))} is no span of time. Spans are written like '48h', '90min' or '7D'.")
    return span


def _known(metric: str) -> None:
    if metric in tuple(RATES):
        raise ValueError(f"{metric} is a rate, and no total that grows. Those are: {', '.join(GROWING)}.")
    check_metric(metric, among=GROWING)
