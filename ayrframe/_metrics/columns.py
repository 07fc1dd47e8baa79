"""Name the columns of metrics(), and find the caller's own columns and those that the caller dropped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

import pandas as pd

from ayrframe._frame.dtypes import union_columns
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import POST, POST_URL, columns_of
from ayrframe._platforms.metrics import ENGAGEMENTS, ER_FOLLOWERS, INTERACTIONS, METRICS, RATES
from ayrframe._platforms.spec import Platform
from ayrframe.errors import quote, warn_user

FORMAT, KIND, AGE_DAYS, ENGAGEMENT_PARTS = "format", "kind", "age_days", "engagement_parts"
METRIC_NAMES = (*(metric.name for metric in METRICS), ENGAGEMENTS.name, *RATES)
_PART_NAMES = tuple(metric.name for metric in INTERACTIONS)
# Names of the columns that metrics() adds to the columns of the posts frame.
RESERVED_NAMES = frozenset({FORMAT, KIND, AGE_DAYS, ENGAGEMENT_PARTS, ER_FOLLOWERS, *METRIC_NAMES})


def needed_metrics(only: Collection[str]) -> set[str]:
    """Return the metrics that are needed to compute these metrics and rates."""
    needed = {*only, *(RATES[name].name for name in RATES if name in only)}
    is_rate = not needed.isdisjoint(RATES)
    if ENGAGEMENTS.name in needed or is_rate:
        needed |= {ENGAGEMENTS.name, *_PART_NAMES}
    return needed.difference(RATES)


def own_columns(posts: pd.DataFrame) -> list[str]:
    """Return the names of the columns of a posts frame that the caller added.

    Raise a ValueError for one with the name of a column of metrics. A column of a platform that has no rows is left
    from other rows if it has no values, and the caller's own otherwise.
    """
    present = platforms_in(posts)
    declared = {column.name for column in union_columns(present)}
    others = {column.name for platform in PLATFORMS.values() for column in platform.columns} - declared
    own = [name for name in posts.columns if name not in declared and not (name in others and posts[name].isna().all())]
    if reserved := [name for name in own if name in RESERVED_NAMES]:
        raise ValueError(
            f"Column {quote(str(reserved[0]))} of the posts frame has the name of a column of metrics(). Rename it, "
            f"e.g. posts.rename(columns={{{reserved[0]!r}: 'my_{reserved[0]}'}})."
        )
    return own


def add_own_columns(table: pd.DataFrame, frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return a table with columns of the caller's frame, text as str, which dask makes of texts as well."""
    own = frame[list(names)].reset_index(drop=True)
    is_text = {name: pd.api.types.is_string_dtype(own[name]) or own[name].isna().all() for name in names}
    texts = [name for name in names if is_text[name] and own[name].dtype in ("object", "string")]
    for name in texts:
        with suppress(UnicodeEncodeError):  # Arrow does not hold half a character; such a column stays as it is.
            own[name] = own[name].astype("str")
    return pd.concat([table, own], axis=1) if names else table


def warn_about_dropped_sources(posts: pd.DataFrame, needed: Collection[str]) -> None:
    """Warn if the frame lacks columns that these metrics, format or kind are read from."""
    problems = [
        f"{source!r} ({' and '.join(names)} of {platform.name})"
        for platform, source, names in dropped_sources(posts, needed)
    ]
    if problems:
        parts = {name for _, _, names in dropped_sources(posts, needed) for name in names} & set(_PART_NAMES)
        less = " Engagements do not include them." if parts and ENGAGEMENTS.name in needed else ""
        warn_user(f"The frame lacks columns, so what is in brackets is NA: {', '.join(problems)}.{less}")


def warn_about_dropped_texts(frame: pd.DataFrame) -> None:
    """Warn if the frame lacks the texts or URLs of the posts."""
    if names := [repr(column.name) for column in (POST, POST_URL) if column.name not in frame.columns]:
        warn_user(f"The frame lacks columns, which are NA in the result: {', '.join(names)}.")


def dropped_sources(posts: pd.DataFrame, needed: Collection[str]) -> list[tuple[Platform, str, list[str]]]:
    """Return the platforms and columns that metrics, format or kind need and the frame lacks, with these names."""
    dropped: dict[tuple[Platform, str], list[str]] = {}
    for platform in platforms_in(posts):
        sources = [(measure.source, measure.metric.name) for measure in platform.measures]
        paths = {column.path: column.name for column in columns_of(platform)}
        for name, conditions in ((FORMAT, platform.formats), (KIND, platform.post_kinds)):
            sources += [(paths[path], name) for choice in conditions for path in choice.paths]
        for source, name in sources:
            if source not in posts.columns and (name in needed or name in (FORMAT, KIND)):
                names = dropped.setdefault((platform, source), [])
                names += [name] if name not in names else []
    return [(platform, source, names) for (platform, source), names in dropped.items()]
