"""Merge post analytics that were read separately into the posts of a history."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from ayrframe._decode.json import object_decoder
from ayrframe._frame.deduplicate import latest_index, rank_copies
from ayrframe._frame.dtypes import union_columns
from ayrframe._frame.key import check_frame
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._frame.to_arrow import add_missing_columns
from ayrframe._platforms.columns import ANALYTICS_AS_OF, ANALYTICS_ERROR, AS_OF, EXTRA, ID, PLATFORM, PROFILE, sent_by
from ayrframe.errors import warn_user

# Columns that come from the analytics if the post has them, beside those that the API sends.
_TIMES = (AS_OF, ANALYTICS_AS_OF)


def enrich(posts: pd.DataFrame, analytics: pd.DataFrame) -> pd.DataFrame:
    """Return the posts with the values of their analytics; the latest observation of each post is enriched.

    Values that are not NA replace those of the history. Analytics without a post are not added; warn about them.
    """
    analytics = check_frame(analytics).reset_index(drop=True)
    analytics = analytics.loc[latest_index(rank_copies(analytics))].reset_index(drop=True)
    enriched, matched = merge_analytics(posts, analytics)
    if missing := len(analytics) - int(matched.sum()):
        warn_user(f"{missing:,} of {len(analytics):,} posts with analytics are not among the posts and were not added.")
    return enriched


def merge_analytics(posts: pd.DataFrame, analytics: pd.DataFrame) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """Return the posts with the values of their analytics, and a mask of the analytics that have a post.

    `analytics` has at most one row per post.
    """
    result = posts.copy()
    rank = rank_copies(posts.reset_index(drop=True))
    rows = rank.loc[latest_index(rank)].sort_index()  # The latest observation of each post.
    labels = _match_labels(rows, analytics)
    keys = pd.MultiIndex.from_frame(analytics[[PLATFORM.name, ID.name]].assign(label=labels).astype("object"))
    sources = keys.get_indexer(pd.MultiIndex.from_frame(rows[[PLATFORM.name, ID.name, PROFILE.name]].astype("object")))
    targets, sources = rows.index.to_numpy()[sources >= 0], sources[sources >= 0]
    matched = np.zeros(len(analytics), dtype=bool)
    matched[sources] = True
    platforms = platforms_in(analytics)
    names = dict.fromkeys(column.name for platform in platforms for column in sent_by(platform) if column is not ID)
    result = add_missing_columns(result, [c for c in union_columns(platforms_in(posts)) if c.name in names])
    for name in [*names, *(column.name for column in _TIMES)]:
        if name not in analytics.columns or name not in result.columns:
            continue
        values = analytics[name].array.take(sources)
        present = np.flatnonzero(~pd.isna(values))
        if len(present):
            column = result[name].array.copy()
            column[targets[present]] = values.take(present)
            result[name] = column
    _merge_undeclared(result, analytics, targets, sources)
    errors = result[ANALYTICS_ERROR.name].array.copy()
    errors[targets] = None
    result[ANALYTICS_ERROR.name] = errors
    return result, matched


def _match_labels(posts: pd.DataFrame, analytics: pd.DataFrame) -> list[Any]:
    """Return the profile label of each row of analytics; "" matches the only profile of a platform, and vice versa."""
    present = posts.groupby(PLATFORM.name)[PROFILE.name].unique()
    sent = analytics.groupby(PLATFORM.name)[PROFILE.name].unique()
    labels = []
    for platform, label in zip(analytics[PLATFORM.name], analytics[PROFILE.name], strict=True):
        found = present.get(platform, [])
        is_only = len(found) == 1 and len(sent[platform]) == 1
        labels.append(found[0] if is_only and "" in (label, found[0]) else label)
    return labels


def _merge_undeclared(
    posts: pd.DataFrame, analytics: pd.DataFrame, targets: npt.NDArray[np.int64], sources: npt.NDArray[np.int64]
) -> None:
    """Merge the undeclared fields of both; those of the analytics win."""
    texts = posts[EXTRA.name].array.copy()
    for target, text in zip(targets, analytics[EXTRA.name].array.take(sources), strict=True):
        if isinstance(text, str):
            before = texts[target]
            texts[target] = _join_objects(before, text) if isinstance(before, str) else text
    posts[EXTRA.name] = texts


def _join_objects(before: str, after: str) -> str:
    """Return a JSON object with the fields of both; a post that is not an object has no fields."""
    fields = object_decoder.decode(before) if before[:1] == "{" else {}
    return msgspec.json.encode(fields | object_decoder.decode(after)).decode()
