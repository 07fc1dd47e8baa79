"""Merge post analytics that were read separately into the posts of a history."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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
    platforms = platforms_in(analytics)
    names = dict.fromkeys(column.name for platform in platforms for column in sent_by(platform) if column is not ID)
    result = add_missing_columns(posts, [c for c in union_columns(platforms_in(posts)) if c.name in names])
    targets, sources = _match_posts(posts, analytics)
    matched = np.zeros(len(analytics), dtype=bool)
    matched[sources] = True
    changed = {EXTRA.name: _merge_fields(result, analytics, targets, sources)}
    for name in [*names, *(column.name for column in _TIMES)]:
        if name not in analytics.columns or name not in result.columns:
            continue
        values = analytics[name].array.take(sources)
        present = np.flatnonzero(~pd.isna(values))
        if len(present):
            changed[name] = result[name].array.copy()
            changed[name][targets[present]] = values.take(present)
    changed[ANALYTICS_ERROR.name] = result[ANALYTICS_ERROR.name].array.copy()
    changed[ANALYTICS_ERROR.name][targets] = None
    return result.assign(**changed), matched


def _match_posts(posts: pd.DataFrame, analytics: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the positions of the latest observations of posts with analytics, and those of their analytics."""
    keys = _post_identities(posts, posts[PROFILE.name])
    rows = np.arange(len(posts))
    if pc.count_distinct(keys).as_py() < len(posts) - keys.null_count:
        rows = np.sort(latest_index(rank_copies(posts.reset_index(drop=True))).to_numpy())
    identities = _post_identities(analytics, _match_labels(posts, analytics))
    sources = pc.index_in(keys.take(pa.array(rows)), identities, skip_nulls=True)
    is_found = sources.is_valid().to_numpy(zero_copy_only=False)
    return rows[is_found], sources.drop_null().to_numpy().astype(np.int64)


def _post_identities(frame: pd.DataFrame, labels: pd.Series) -> pa.Array:
    """Return platform, id and profile label of each row as one text; missing without an id."""
    parts = (pa.array(values.astype("str").array) for values in (frame[PLATFORM.name], frame[ID.name], labels))
    combined = pc.binary_join_element_wise(*(_one_chunk(part).cast(pa.string()) for part in parts), "\0")
    return _one_chunk(combined)


def _one_chunk(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _match_labels(posts: pd.DataFrame, analytics: pd.DataFrame) -> pd.Series:
    """Return the profile label of each row of analytics; "" matches the only profile of a platform, and vice versa."""
    labels = analytics[PROFILE.name]
    if set(labels.unique()) == set(posts[PROFILE.name].unique()):
        return labels
    present = posts.groupby(PLATFORM.name)[PROFILE.name].unique()
    for platform, sent in analytics.groupby(PLATFORM.name)[PROFILE.name].unique().items():
        found = present.get(platform, [])
        if len(found) == len(sent) == 1 and found[0] != sent[0] and "" in (found[0], sent[0]):
            labels = labels.mask(analytics[PLATFORM.name].eq(str(platform)), found[0])
    return labels


def _merge_fields(
    posts: pd.DataFrame, analytics: pd.DataFrame, targets: npt.NDArray[np.int64], sources: npt.NDArray[np.int64]
) -> Any:
    """Return `extra` with the undeclared fields of both; those of the analytics win."""
    if analytics[EXTRA.name].isna().all():
        return posts[EXTRA.name]
    texts = posts[EXTRA.name].to_numpy(dtype=object, copy=True)
    for target, text in zip(targets, analytics[EXTRA.name].array.take(sources), strict=True):
        if isinstance(text, str):
            before = texts[target]
            texts[target] = _join_objects(before, text) if isinstance(before, str) else text
    return pd.Series(texts, posts.index).astype(posts[EXTRA.name].dtype)


def _join_objects(before: str, after: str) -> str:
    """Return a JSON object with the fields of both; a post that is not an object has no fields."""
    fields = object_decoder.decode(before) if before[:1] == "{" else {}
    return msgspec.json.encode(fields | object_decoder.decode(after)).decode()
