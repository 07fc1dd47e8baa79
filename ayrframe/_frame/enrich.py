"""Merge post analytics that were read separately into the posts of a history."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Raw

from ayrframe._decode.arrays import BoolArray, IntArray
from ayrframe._decode.json import object_decoder
from ayrframe._frame.deduplicate import latest_index, rank_copies
from ayrframe._frame.dtypes import dtype_for, union_columns
from ayrframe._frame.key import check_frame, post_keys
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._frame.to_arrow import add_missing_columns, restore_column
from ayrframe._frame.unmeasured_zeros import remove_unmeasured_zeros
from ayrframe._platforms.columns import ANALYTICS_AS_OF, ANALYTICS_ERROR, AS_OF, EXTRA, ID, PLATFORM, PROFILE, sent_by
from ayrframe._platforms.spec import Column
from ayrframe.errors import warn_user

# Columns that come from the analytics if the post has them, beside those that the API sends.
_TIMES = (AS_OF, ANALYTICS_AS_OF)
_KEY_COLUMNS = (PLATFORM, PROFILE, ID, AS_OF)
_ADDED = (ANALYTICS_AS_OF, ANALYTICS_ERROR, EXTRA)


def enrich(posts: pd.DataFrame, analytics: pd.DataFrame) -> pd.DataFrame:
    """Return the posts with the values of their analytics; the latest observation of each post is enriched.

    Values that are not NA replace those of the history, unless the post has later analytics. Analytics without a post
    are not added; warn about them.
    """
    posts, analytics = _restore_keys(posts), _restore_keys(check_frame(analytics)).reset_index(drop=True)
    is_absent = analytics[ANALYTICS_AS_OF.name].isna() & analytics[ANALYTICS_ERROR.name].notna()
    if is_absent.any():
        analytics = analytics[~is_absent].reset_index(drop=True)
    latest = analytics = _match_labels(posts, analytics)
    if analytics[ID.name].duplicated().any():  # Ranking takes longer than merging.
        latest = analytics.loc[latest_index(rank_copies(analytics))].reset_index(drop=True)
    enriched, matched = merge_analytics(posts, latest)
    without_id = int(analytics[ID.name].isna().sum() - latest[ID.name].isna().sum())
    if missing := int((~matched).sum()) + without_id:
        total = len(latest) + without_id
        warn_user(f"{missing:,} of {total:,} posts with analytics are not among the posts and were not added.")
    return remove_unmeasured_zeros(enriched)


def _restore_keys(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the key of a posts frame, also after it was read from CSV, and the columns of analytics."""
    frame = add_missing_columns(frame, _ADDED)
    if frame[PROFILE.name].notna().all() and all(frame[c.name].dtype == dtype_for(c.kind) for c in _KEY_COLUMNS):
        return frame
    return frame.assign(**post_keys(frame))


def merge_analytics(posts: pd.DataFrame, analytics: pd.DataFrame) -> tuple[pd.DataFrame, BoolArray]:
    """Return the posts with the values of their analytics, and a mask of the analytics that have a post.

    `analytics` has at most one row per post, under the label of its profile. Posts with later analytics stay.
    """
    targets, sources = _match_posts(posts, analytics)
    matched = np.zeros(len(analytics), dtype=bool)
    matched[sources] = True
    return merge_rows(posts, analytics, targets, sources), matched


def merge_rows(posts: pd.DataFrame, analytics: pd.DataFrame, targets: IntArray, sources: IntArray) -> pd.DataFrame:
    """Return the posts, those at the positions `targets` with the values of the analytics at `sources`."""
    sent = {column.name: column for platform in platforms_in(analytics) for column in sent_by(platform)}
    del sent[ID.name]
    result = add_missing_columns(posts, [c for c in union_columns(platforms_in(posts)) if c.name in sent])
    is_later = _values(posts, ANALYTICS_AS_OF).take(targets) > _values(analytics, AS_OF).take(sources)
    targets, sources = targets[~is_later], sources[~is_later]
    is_every_post = len(targets) == len(posts)
    is_every_reading = np.array_equal(sources, np.arange(len(analytics)))
    changed = {EXTRA.name: _merge_fields(result, analytics, targets, sources)}
    for name, column in (sent | {column.name: column for column in _TIMES}).items():
        if name not in analytics.columns or name not in result.columns:
            continue
        values = _values(analytics, column)
        values = values if is_every_reading else values.take(sources)
        present = ~pd.isna(values)
        if is_every_post and present.all():
            changed[name] = values
        elif present.any():
            changed[name] = _values(result, column).copy()
            changed[name][targets[present]] = values[present]
    changed[ANALYTICS_ERROR.name] = _values(result, ANALYTICS_ERROR).copy()
    changed[ANALYTICS_ERROR.name][targets] = None
    return result.assign(**changed)


def _values(frame: pd.DataFrame, column: Column) -> Any:
    """Return the values of a column with the dtype of a posts frame."""
    values = frame[column.name]
    return values.array if values.dtype == dtype_for(column.kind) else restore_column(frame, column).array


def _match_posts(posts: pd.DataFrame, analytics: pd.DataFrame) -> tuple[IntArray, IntArray]:
    """Return the positions of the latest observations of posts with analytics, and those of their analytics."""
    keys = _post_identities(posts, posts[PROFILE.name])
    rows = np.arange(len(posts))
    if pc.count_distinct(keys).as_py() < len(posts) - keys.null_count:
        rows = np.sort(latest_index(rank_copies(posts.reset_index(drop=True))).to_numpy())
    identities = _post_identities(analytics, analytics[PROFILE.name])
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


def _match_labels(posts: pd.DataFrame, analytics: pd.DataFrame) -> pd.DataFrame:
    """Return analytics with the profile labels of the posts; "" is the only profile of a platform, and vice versa."""
    labels = analytics[PROFILE.name]
    if len(known := labels.unique()) == 1 and [*known] == [*posts[PROFILE.name].unique()]:
        return analytics
    present = posts.groupby(PLATFORM.name)[PROFILE.name].unique()
    for platform, sent in analytics.groupby(PLATFORM.name)[PROFILE.name].unique().items():
        found = present.get(platform, [])
        # Either label may be missing, but not both profiles be known by another one.
        if len(found) == 1 and ("" in sent or (found[0] == "" and len(sent) == 1)):
            unlabelled = "" if "" in sent else sent[0]
            is_unlabelled = analytics[PLATFORM.name].eq(str(platform)) & labels.eq(unlabelled)
            labels = labels.mask(is_unlabelled, found[0])
    return analytics.assign(**{PROFILE.name: labels})


def _merge_fields(posts: pd.DataFrame, analytics: pd.DataFrame, targets: IntArray, sources: IntArray) -> Any:
    """Return `extra` with the undeclared fields and invalid values of both; those of the analytics win."""
    before, after = _values(posts, EXTRA).take(targets), _values(analytics, EXTRA).take(sources)
    rows = np.flatnonzero(~(pd.isna(before) & pd.isna(after)))
    if not len(rows):
        return posts[EXTRA.name]
    names = {platform.name: {c.path: c.name for c in sent_by(platform)} for platform in platforms_in(analytics)}
    texts = np.array(_values(posts, EXTRA), dtype=object)
    platforms = analytics[PLATFORM.name].array.take(sources)
    for row in rows:
        fields, columns = _decode_extra(before[row]), names[platforms[row]]
        for path in fields.keys() & columns.keys():
            if columns[path] in analytics.columns and pd.notna(analytics[columns[path]].array[sources[row]]):
                del fields[path]  # An invalid value, which the analytics replace.
        fields |= _decode_extra(after[row])
        texts[targets[row]] = msgspec.json.encode(fields).decode() if fields else None
    return pd.Series(texts, posts.index).astype(dtype_for(EXTRA.kind))


def _decode_extra(extra: Any) -> dict[str, Raw]:
    """Return the fields of `extra`; a post that is not an object has none."""
    return object_decoder.decode(extra) if isinstance(extra, str) and extra[:1] == "{" else {}
