"""Read the metrics of a posts frame or of a metrics frame: the same table for both, with the caller's own columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from ayrframe._frame.deduplicate import (
    HAS_CONTENT,
    POST_ID,
    POST_IDENTITY,
    drop_readings_with_analytics,
    latest_index,
    latest_observations,
    rank_copies,
    warn_about_shared_ids,
)
from ayrframe._frame.dtypes import dtype_for
from ayrframe._frame.key import post_keys
from ayrframe._frame.to_arrow import restore_column
from ayrframe._metrics.columns import (
    AGE_DAYS,
    ENGAGEMENT_PARTS,
    FORMAT,
    KIND,
    METRIC_NAMES,
    add_own_columns,
    dropped_sources,
    own_columns,
)
from ayrframe._metrics.metrics import elapsed, metrics
from ayrframe._metrics.periods import PERIODS
from ayrframe._platforms.columns import AS_OF, CREATED, ID, KEY, LISTED_FROM, PLATFORM, POST, POST_URL, PROFILE, READ_AT
from ayrframe._platforms.metrics import ENGAGEMENTS, ER_FOLLOWERS, METRICS, RATES
from ayrframe._platforms.spec import Column, Kind, Role, Unit
from ayrframe.errors import quote, suggest, warn_user

GROUPS = (PLATFORM.name, PROFILE.name, FORMAT, KIND, *PERIODS)
ADDITIVE_METRICS = {metric.name for metric in (*METRICS, ENGAGEMENTS) if metric.additive}
# The columns by which a metrics frame is recognized.
METRICS_FRAME_COLUMNS = (
    *KEY,
    *(CREATED.name, READ_AT.name, LISTED_FROM.name),
    *(KIND, FORMAT, ENGAGEMENTS.name, ENGAGEMENT_PARTS),
)

_INTEGER_UNITS = (Unit.COUNT, Unit.PEOPLE)
_KINDS = {
    **{column.name: column.kind for column in (CREATED, READ_AT, LISTED_FROM, POST, POST_URL)},
    **dict.fromkeys((FORMAT, KIND, ENGAGEMENT_PARTS), Kind.TEXT),
    **dict.fromkeys((AGE_DAYS, *RATES, ER_FOLLOWERS), Kind.FLOAT),
    **{
        metric.name: Kind.INTEGER if metric.unit in _INTEGER_UNITS else Kind.FLOAT for metric in (*METRICS, ENGAGEMENTS)
    },
}


def is_metrics_frame(frame: pd.DataFrame) -> bool:
    """Return whether a frame is a metrics frame; the accessor has checked that it is one or a posts frame."""
    return ENGAGEMENT_PARTS in frame.columns


def own_column_names(frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns that the caller added."""
    if not is_metrics_frame(frame):
        return own_columns(frame)
    return [name for name in frame.columns if name not in _KINDS and name not in KEY]


def numeric_columns(frame: pd.DataFrame) -> list[str]:
    """Return the names of the caller's own columns that can be used as metrics."""
    return [name for name in own_column_names(frame) if pd.api.types.is_any_real_numeric_dtype(frame[name].dtype)]


def as_list(names: object) -> list[str]:
    """Return the names in an argument that takes a name or a list of names."""
    return list(names) if isinstance(names, Iterable) and not isinstance(names, str) else [names]  # type: ignore[list-item]


def check_metric(frame: pd.DataFrame, name: str) -> str:
    """Return the name of a metric, a rate or an own numeric column, or raise a ValueError."""
    own = numeric_columns(frame)
    if name in own:
        return name
    if name not in METRIC_NAMES and not (name == ER_FOLLOWERS and is_metrics_frame(frame) and name in frame.columns):
        if name in own_column_names(frame):
            raise ValueError(
                f"Column {quote(str(name))} has dtype {frame[name].dtype}; a metric needs integers or floats. Convert "
                "it, e.g. with pd.to_numeric."
            )
        choices = (*METRIC_NAMES, *own)
        raise ValueError(
            f"Unknown metric {quote(str(name))}.{suggest(name, choices)} Choose from: {', '.join(map(str, choices))}."
        )
    source = RATES[name].name if name in RATES else name
    if is_metrics_frame(frame):
        if dropped := [column for column in (name, source) if column not in frame.columns]:
            raise ValueError(f"The frame lacks the column {dropped[0]!r}. Keep it, or choose another metric.")
    elif name != ENGAGEMENTS.name:
        for platform, column, names in dropped_sources(frame, {source}):
            if source in names:
                raise ValueError(
                    f"The frame lacks the column {column!r}, from which {source} of {platform.title} is read. Keep it, "
                    "or choose another metric."
                )
    return name


def check_groups(
    frame: pd.DataFrame, by: str | Sequence[str], choices: Sequence[str] = GROUPS, *, taken: Collection[str]
) -> list[str]:
    """Return the names of the groups, beginning with the platform, or raise a ValueError.

    `taken` are the names of the other columns of the result.
    """
    names = as_list(by)
    own = [name for name in own_column_names(frame) if name not in GROUPS]
    clash = [name for name in names if name in frame.columns and (name in PERIODS or (name in own and name in taken))]
    if clash:
        raise ValueError(
            f"Column {clash[0]!r} cannot be a group, because that is the name of another column of the result. Rename "
            f"it, e.g. frame.rename(columns={{{clash[0]!r}: 'my_{clash[0]}'}})."
        )
    for name in names:
        if name not in (*choices, *own):
            listed = (*choices, *map(str, own))
            raise ValueError(
                f"Unknown group {quote(str(name))} in `by`.{suggest(name, listed)} Choose from: {', '.join(listed)}."
            )
    return list(dict.fromkeys([PLATFORM.name, *names]))


def read_metrics(frame: pd.DataFrame, names: Collection[str] = METRIC_NAMES) -> pd.DataFrame:
    """Return the metrics of each row of either frame, with the dtypes of metrics() and a RangeIndex."""
    if not is_metrics_frame(frame):
        return metrics(frame, only=names)
    names = {*names, *(RATES[name].name for name in RATES if name in names)}
    keys = post_keys(frame).reset_index(drop=True)
    columns = {name: keys[name] for name in KEY}
    for name, kind in _KINDS.items():
        if name in frame.columns:
            columns[name] = restore_column(frame, Column("", "", name=name, kind=kind, role=Role.EXTRA))
        elif name in names or name in (POST.name, POST_URL.name, AGE_DAYS):
            columns[name] = pd.Series(index=pd.RangeIndex(len(frame)), dtype=dtype_for(kind))
    if AGE_DAYS not in frame.columns:
        columns[AGE_DAYS] = elapsed(columns[CREATED.name], columns[AS_OF.name], pd.Timedelta(days=1))
    if missing := [name for name in _KINDS if name in names and name not in frame.columns]:
        warn_user(f"The frame lacks columns, which are read as NA: {', '.join(missing)}.")
    return add_own_columns(pd.DataFrame(columns, copy=False), frame, own_column_names(frame))


def latest_metrics(
    frame: pd.DataFrame, names: Collection[str] = METRIC_NAMES, *, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the metrics of the latest observation of each post: see `latest_rows`."""
    return latest_rows(read_metrics(frame, names), by, names)


def latest_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the latest observation of each post: one, or several that differ in the caller's columns."""
    frame = drop_readings_with_analytics(frame.reset_index(drop=True))
    rank = rank_copies(frame)
    latest = rank.loc[latest_index(rank)]
    key = [*POST_IDENTITY, HAS_CONTENT, AS_OF.name]
    is_latest = pd.MultiIndex.from_frame(rank[key]).isin(pd.MultiIndex.from_frame(latest[key]))
    repeated = rank[is_latest & rank.duplicated(key, keep=False)]
    # Only these are compared, because lists in cells cannot be.
    copies = repeated[list(POST_IDENTITY)].join(frame[own_column_names(frame)])
    kept = rank.index[is_latest].difference(copies.index[copies.duplicated(keep="last")])
    return frame[frame[ID.name].isna() | frame.index.isin(kept)].reset_index(drop=True)


def latest_rows(table: pd.DataFrame, by: Sequence[str] = (), names: Collection[str] = ()) -> pd.DataFrame:
    """Return the latest row of each post in a result of `read_metrics`, in each group of own columns.

    A post counts once, even if it is in the frame under several labels, unless the profile is a group. `names` are the
    metrics that will be used.
    """
    if PROFILE.name not in by:
        warn_about_shared_ids(table)
    warn_about_unequal_rows(table, by, names)
    return latest_observations(table, post_identity(by)).reset_index(drop=True)


def warn_about_unequal_rows(table: pd.DataFrame, by: Sequence[str], names: Collection[str]) -> None:
    """Warn if rows of one observation, repeated by a merge, have different values of own columns used as metrics."""
    own = [name for name in names if name not in _KINDS]
    if not own:
        return
    values = table[table[ID.name].notna()].groupby([*post_identity(by), AS_OF.name], dropna=False)[own].nunique()
    unequal = (values > 1).any()
    if unequal.any():
        listed = ", ".join(quote(str(name)) for name in unequal.index[unequal])
        warn_user(
            f"Several rows of a post have different values of {listed}; the last row counts, because a post counts "
            "once. If the values belong together, add them up for each post before the merge."
        )


def post_identity(by: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that identify a post in each group."""
    own_groups = [name for name in by if name not in GROUPS]
    return (*(POST_IDENTITY if PROFILE.name in by else POST_ID), *own_groups)


def drop_future_posts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without posts that are dated after they were read, whose date must be wrong; warn about them."""
    is_future = table[CREATED.name] > table[AS_OF.name]
    if not is_future.any():
        return table
    first = table.loc[is_future, [ID.name, CREATED.name]].iloc[0]
    warn_user(
        f"{is_future.sum():,} post(s) are dated after their numbers were read and are left out (first: post "
        f"{quote(str(first[ID.name]))}, dated {first[CREATED.name]:%Y-%m-%d})."
    )
    return table[~is_future].reset_index(drop=True)
