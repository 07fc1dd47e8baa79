"""Check that a frame is a posts, metrics or accounts frame, and name the method that made any other table."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ayrframe._frame.key import check_dataframe
from ayrframe._metrics.columns import RESERVED_NAMES
from ayrframe._metrics.frames import METRICS_FRAME_COLUMNS, is_metrics_frame
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.child_tables import EXTRA_TABLE
from ayrframe._platforms.columns import (
    ANALYTICS_AS_OF,
    ANALYTICS_ERROR,
    CREATED,
    EXTRA,
    ID,
    KEY,
    LISTED_FROM,
    READ_AT,
    columns_of,
)
from ayrframe._platforms.spec import ChildTable

POSTS_FRAME_COLUMNS = (*KEY, CREATED.name, READ_AT.name, LISTED_FROM.name)

_POSTS_ONLY_COLUMNS = (ANALYTICS_AS_OF.name, ANALYTICS_ERROR.name, EXTRA.name)
_KNOWN_COLUMNS = {column.name for platform in PLATFORMS.values() for column in columns_of(platform)} | RESERVED_NAMES
# Columns by which the table of a method is recognized; the first match counts.
_MADE_BY: dict[str, tuple[str, ...]] = {
    "compare": ("metric", "before", "this", "change"),
    "summary": ("metric", "posts", "posts_with", "median"),
    "timeline": ("period", "start", "posts_with"),
    "coverage": ("column", "reason", "count"),
    "drift": ("path", "finding", "example"),
    "dictionary": ("column", "dtype", "meaning"),
    "expansions": ("name", "source", "row"),
    "velocity": ("value_24h", "per_hour_24h"),
    "growth": ("increment", "per_hour", "fell"),
    "top_posts": ("rank", "value", "normal", "peers"),
    "above_normal": ("value", "normal", "peers"),
    "best_times": ("weekday", "hour", "thin"),
    "crossposts": ("content", "networks"),
    "completion": ("media_key", "quarter", "viewers"),
    "hashtags": ("hashtag", "posts_compared"),
    "campaigns": ("posts_compared", "ratio"),
    "links": ("url", "host", "utm_campaign"),
    "match_url": ("given_url", "matched_by"),
    "text": ("characters", "words", "emoji"),
    "ayr.platforms": ("title", "columns", "expansions"),
    "ayr.metric_catalog": ("metric", "status", "endpoint"),
    "ayr.check": ("finding", "since", "detail"),
    "ayr.doctor": ("check", "result", "detail"),
    "Archive.profiles": ("pages", "posts", "first_reading"),
    "Archive.pages": ("received", "page", "sha256"),
    "Archive.to_parquet": ("month", "bytes", "file"),
}
_WIDE_TABLES = {"total": "reactions", "scope": "media_metrics"}


def check_frame_kind(frame: pd.DataFrame, *, metrics: bool = False) -> None:
    """Raise an AttributeError if a frame is not a posts frame, or with `metrics` not a metrics frame."""
    check_dataframe(frame, "frame")
    required = METRICS_FRAME_COLUMNS if metrics else POSTS_FRAME_COLUMNS
    missing = [name for name in required if name not in frame.columns]
    if renamed := next(_iter_renamed(frame), None):
        raise AttributeError(
            f"`.ayr` needs the column {renamed!r}, which a merge renamed to '{renamed}_x' and '{renamed}_y'. Merge on "
            "it as well, or drop it from the other table before the merge."
        )
    if is_metrics_frame(frame) and (mixed := [name for name in _POSTS_ONLY_COLUMNS if name in frame.columns]):
        raise AttributeError(
            f"`.ayr` needs a posts frame or a metrics frame; this frame mixes both (it has 'engagement_parts' and "
            f"{mixed[0]!r}). Combine frames of one kind only, and add columns with a merge on the post key."
        )
    if missing:
        raise AttributeError(_wrong_frame_message(frame, missing))


def check_posts_frame(value: pd.DataFrame, name: str) -> None:
    """Raise a TypeError if an argument is not a posts frame."""
    check_dataframe(value, name)
    if is_metrics_frame(value):
        raise TypeError(f"`{name}` must be a posts frame, got a metrics frame.")
    try:
        check_frame_kind(value)
    except AttributeError as error:
        raise TypeError(f"`{name}` must be a posts frame. {error}") from None


def check_accounts_frame(frame: pd.DataFrame) -> None:
    """Raise an AttributeError if a frame lacks columns of the key of accounts frames."""
    check_dataframe(frame, "frame")
    if missing := [name for name in KEY if name != ID.name and name not in frame.columns]:
        raise AttributeError(
            f"`.ayr` of an accounts frame needs the columns platform, profile and as_of; missing columns: "
            f"{', '.join(missing)}. Load accounts with ayr.accounts or ayr.Archive(...).accounts()."
        )


def _iter_renamed(frame: pd.DataFrame) -> Iterator[str]:
    """Yield the columns of posts frames and metrics frames that a merge renamed."""
    columns = [name for name in frame.columns if isinstance(name, str)]
    for name in (column.removesuffix("_x") for column in columns if column.endswith("_x")):
        if name not in columns and f"{name}_y" in columns and name in _KNOWN_COLUMNS:
            yield name


def _wrong_frame_message(frame: pd.DataFrame, missing: list[str]) -> str:
    needs = "`.ayr` needs a posts frame or a metrics frame"
    if makers := _makers(frame):
        return (
            f"{needs}; this table is a result of {' or '.join(makers)}. Call the method on the posts frame, or on the "
            f"result of metrics(). Missing columns: {', '.join(missing)}."
        )
    hint = ""
    if len(missing) == 1:
        hint = (
            f" groupby({missing[0]!r}).apply leaves out the column of the groups; to keep it, select all columns: "
            f"posts.groupby({missing[0]!r})[list(posts)].apply(...)."
        )
    return (
        f"{needs}; missing columns: {', '.join(missing)}. Load posts with ayr.load, ayr.load_sample, ayr.read_json, "
        "ayr.read_parquet, ayr.from_posts or ayr.Archive(...).posts(), or keep these columns (ayr.COMMON lists those "
        f"of every posts frame).{hint}"
    )


def _makers(frame: pd.DataFrame) -> list[str]:
    """Return the methods that make tables with these columns."""
    columns = set(map(str, frame.columns))
    if made_by := [f"{name}()" for name, signature in _MADE_BY.items() if columns.issuperset(signature)]:
        return made_by[:1]
    added = columns.difference(KEY)
    if columns.issuperset(name for name in KEY if name != ID.name) and ID.name not in columns:
        tables = {expansion.table for platform in PLATFORMS.values() for expansion in platform.account.expansions}
        return [f"{name} of an accounts frame" for name in _tables_with(added, {*tables, EXTRA_TABLE})]
    if not columns.issuperset(KEY) or CREATED.name in columns:
        return []
    tables = {expansion.table for platform in PLATFORMS.values() for expansion in platform.expansions} | {EXTRA_TABLE}
    names = _tables_with(added, tables)
    names += ["text(part)"] if added == {"position", "value"} else []
    return names or [f"{name}(wide=True)" for column, name in _WIDE_TABLES.items() if column in added]


def _tables_with(names: set[str], tables: set[ChildTable]) -> list[str]:
    """Return the methods that return child tables with these columns after the key."""
    return sorted(f"{table.name}()" for table in tables if names == {cell.name for cell in table.cells})
