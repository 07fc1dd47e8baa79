"""Call the methods of posts frames and accounts frames, and check what they promise for all data."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

import ayrframe as ayr
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import RowPerElement
from tests.fuzz.observe import Finding, call, outcome

_MAX_WEEKS = 20_000  # of a timeline
_REASONS = {"undeclared", "wrong type", "not an object"}


def check_methods(frame: pd.DataFrame, rng: Random, *, is_small: bool) -> None:
    """Call methods of a posts frame: all of a small one, some of others."""
    names = list(METHODS) if is_small and rng.random() < 0.02 else rng.choices(list(METHODS), _WEIGHTS)
    size = int(frame.memory_usage(deep=False).sum()) + 1
    for name in names:
        METHODS[name](frame, size)


def _metrics(frame: pd.DataFrame, size: int) -> None:
    result = call("metrics", frame.ayr.metrics, size=size)
    if len(result) > len(frame):
        raise Finding("methods", f"metrics: {len(result)} rows of {len(frame)} posts")
    counts = result[["likes", "comments", "shares", "saves", "views", "impressions", "reach"]]
    if (counts < 0).any(axis=None):
        raise Finding("methods", "metrics: a negative number")
    parts = result[["likes", "comments", "shares", "quotes"]]
    if result["engagements"].notna().any() and (result["engagements"].notna() & parts.isna().all(axis=1)).any():
        raise Finding("methods", "metrics: engagements without parts")
    for name in ("summary", "top_posts", "above_normal", "best_times", "crossposts"):
        call(f"metrics().{name}", getattr(result.ayr, name))
    _timeline("metrics().timeline", result)


def _coverage(frame: pd.DataFrame, size: int) -> None:
    for target in ("metrics", "columns"):
        result = call(f"coverage({target!r})", frame.ayr.coverage, target, size=size)
        if (result["count"] > len(frame)).any() or (result["count"] <= 0).any():
            raise Finding(
                "methods", f"coverage({target!r}): counts {sorted(set(result['count']))[:5]} of {len(frame)} posts"
            )


@cache
def _empty_tables(platforms: tuple[str, ...]) -> dict[str, pd.Series]:
    frame = pd.concat([ayr.read_json(b"[]", platform=name) for name in platforms])
    return {name: frame.ayr.expand(name).dtypes for name in frame.ayr.expansions()["name"]}


def _expansions(frame: pd.DataFrame, size: int) -> None:
    names = tuple(name for name in PLATFORMS if name in set(frame["platform"]))
    if not names:
        return
    listed = call("expansions", frame.ayr.expansions, size=size)
    for name, row in listed.set_index("name").iterrows():
        table = call(f"expand({name!r})", frame.ayr.expand, name, size=size)
        expected = _empty_tables(names)[str(name)]
        if not table.dtypes.equals(expected):
            raise Finding("dtypes", f"expand({name!r}): {table.dtypes.to_dict()}, expected {expected.to_dict()}")
        if name == "extra":
            if not set(table["reason"]) <= _REASONS or not table["value"].map(_is_json).all():
                raise Finding("methods", f"extra: {table.head().to_dict('records')}")
        elif (count := _count_elements(frame, str(name))) is not None and count != len(table):
            raise Finding("methods", f"expand({name!r}): {len(table)} rows, {count} elements")
        if row["posts"] > len(frame) or (row["posts"] == 0) != (len(table) == 0):
            raise Finding("methods", f"expansions: {name} has {row['posts']} posts, {len(table)} rows")
    for name in {"reactions", "media_metrics"} & set(listed["name"]):
        call(f"expand({name!r}, wide=True)", frame.ayr.expand, name, wide=True, size=size)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _count_elements(frame: pd.DataFrame, name: str) -> int | None:
    """Return the number of elements in the lists of an expansion; None if its rows are not single elements."""
    count = 0
    for platform in PLATFORMS.values():
        for expansion in platform.expansions:
            if expansion.table.name == name and frame["platform"].eq(platform.name).any():
                if not isinstance(expansion.shape, RowPerElement) or expansion.row_per_post:
                    return None
                cells = frame.loc[frame["platform"].eq(platform.name), expansion.source].dropna()
                count += sum(len(json.loads(cell)) for cell in cells)
    return count


def _columns(frame: pd.DataFrame, size: int) -> None:
    drift = call("drift", frame.ayr.drift, size=size)
    if (drift["posts"] > len(frame)).any() or drift.duplicated(["platform", "path", "finding"]).any():
        raise Finding("methods", f"drift: {drift.head().to_dict('records')}")
    call("dictionary", frame.ayr.dictionary, size=size)
    call("validate", frame.ayr.validate, "warn", size=size)
    page = call("card", frame.ayr._repr_html_, size=size)
    call("repr", repr, frame.ayr)
    if "<script" in page:
        raise Finding("methods", "the card has a script")


def _latest(frame: pd.DataFrame, size: int) -> None:
    latest = call("latest", frame.ayr.latest, size=size)
    ids = latest["id"].dropna()
    if len(latest) > len(frame) or latest.loc[ids.index].duplicated(["platform", "profile", "id"]).any():
        raise Finding("methods", f"latest: {len(latest)} rows of {len(frame)}")
    if not latest.dtypes.equals(frame.dtypes):
        raise Finding("dtypes", "latest: other dtypes")


def _texts(frame: pd.DataFrame, size: int) -> None:
    for name in ("text", "hashtags", "links", "campaigns", "crossposts"):
        call(name, getattr(frame.ayr, name), size=size)
    urls = frame["post_url"].dropna().head(20).tolist()
    call("match_url", frame.ayr.match_url, urls)
    for url in urls:
        outcome("normalize_url", ayr.normalize_url, url)


def _periods(frame: pd.DataFrame, size: int) -> None:
    _timeline("timeline", frame, size=size)
    names = ["summary", "top_posts", "above_normal", "best_times"]
    for name in [*names, "completion"] if frame["platform"].eq("twitter").any() else names:
        call(name, getattr(frame.ayr, name), size=size)
    for by in ("format", "kind", "month", "week"):
        call(f"summary({by!r})", frame.ayr.summary, by, tz="Europe/Berlin", size=size)
    for period in ("month", "week", "year"):
        outcome(f"compare({period!r})", frame.ayr.compare, period, size=size, allowed=(ValueError,))


def _timeline(what: str, frame: pd.DataFrame, **options: Any) -> None:
    """Check that a timeline raises only if it would have more weeks than are allowed."""
    dates = frame["created"][frame["created"] <= frame["as_of"]]
    weeks = 0 if dates.empty else (dates.max() - dates.min()).days / 7
    allowed = (ValueError,) if weeks > _MAX_WEEKS - 2 else ()
    result = outcome(what, frame.ayr.timeline, allowed=allowed, **options)
    if isinstance(result, pd.DataFrame) and weeks > _MAX_WEEKS + 1 and len(frame["platform"].unique()) == 1:
        raise Finding("methods", f"{what} has {weeks:.0f} weeks")


def _growth(frame: pd.DataFrame, size: int) -> None:
    for name in ("growth", "at_age", "velocity"):
        call(name, getattr(frame.ayr, name), size=size)


def _restore(frame: pd.DataFrame, size: int) -> None:
    posts = call("to_posts", frame.ayr.to_posts, size=size)
    if len(posts) != len(frame):
        raise Finding("rows", f"to_posts: {len(posts)} posts of {len(frame)} rows")


def _export(frame: pd.DataFrame, size: int) -> None:
    if len(frame) > 60:
        return
    with tempfile.TemporaryDirectory() as folder:
        call("to_csv", frame.ayr.to_csv, Path(folder, "posts.csv"), people=True)


def _report(frame: pd.DataFrame, size: int) -> None:
    if not 0 < len(frame) < 20:
        return
    with tempfile.TemporaryDirectory() as folder:
        call("report", ayr.report, frame, Path(folder, "report.html"))


METHODS: dict[str, Callable[[pd.DataFrame, int], None]] = {
    "metrics": _metrics,
    "coverage": _coverage,
    "expansions": _expansions,
    "columns": _columns,
    "latest": _latest,
    "texts": _texts,
    "periods": _periods,
    "growth": _growth,
    "restore": _restore,
    "export": _export,
    "report": _report,
}
_WEIGHTS = (1, 0.7, 1, 1, 0.7, 1, 0.3, 0.7, 1, 0.7, 0.05)  # The last ones take seconds.


def check_account_methods(frame: pd.DataFrame) -> None:
    """Call the methods of an accounts frame."""
    accessor: Any = frame.ayr
    for name in ("dictionary", "drift", "coverage", "growth", "expansions"):
        call(f"accounts.{name}", getattr(accessor, name))
    call("accounts.validate", accessor.validate, "warn")
    for name in accessor.expansions()["name"]:
        call(f"accounts.expand({name!r})", accessor.expand, name)
