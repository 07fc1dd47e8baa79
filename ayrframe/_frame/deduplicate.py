"""Select the latest observation of each post, and the most complete copy of each observation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ayrframe._decode.arrays import BoolArray
from ayrframe._decode.json import JSON_ERRORS, object_decoder
from ayrframe._frame.key import post_keys
from ayrframe._frame.to_arrow import restore_column
from ayrframe._platforms.columns import (
    ANALYTICS_AS_OF,
    AS_OF,
    CREATED,
    EXTRA,
    ID,
    KEY,
    LISTED_FROM,
    PLATFORM,
    POST,
    POST_URL,
    PROFILE,
    READ_AT,
)
from ayrframe.errors import quote, warn_user

POST_IDENTITY = (PLATFORM.name, PROFILE.name, ID.name)
POST_ID = (PLATFORM.name, ID.name)  # the same under every label of a profile
HAS_CONTENT = "ayrframe_has_content"  # False where date, text and URL are missing, as in the error record of a post


def latest_observations(frame: pd.DataFrame, by: Sequence[str] = POST_IDENTITY) -> pd.DataFrame:
    """Return the latest observation of each post; of two with the same `as_of`, the last row.

    The frame is a posts frame or a metrics frame, and `by` names the columns that identify a post. Rows without date,
    text and URL do not replace others. Rows without an id are all kept.
    """
    frame = drop_readings_with_analytics(frame)
    rank = rank_copies(frame, by)
    if not rank.duplicated(list(by)).any():
        return frame
    frame = frame.reset_index(drop=True)  # labels may repeat after concat
    return frame[frame[ID.name].isna() | frame.index.isin(latest_index(rank, by))].reset_index(drop=True)


def drop_readings_with_analytics(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without the readings of the history that post analytics with an earlier time replace.

    Ayrshare often reads analytics before the history that a load merges them into. The row with both is the later one
    all the same, so earlier and same readings of the history are dropped if their `as_of` says otherwise.
    """
    if not {READ_AT.name, LISTED_FROM.name, ANALYTICS_AS_OF.name} <= {*frame.columns}:
        return frame
    if frame[ANALYTICS_AS_OF.name].isna().all():
        return frame
    keys = post_keys(frame).reset_index(drop=True)
    keys[READ_AT.name] = restore_column(frame, READ_AT)
    is_history = frame[ANALYTICS_AS_OF.name].isna().to_numpy()
    has_both = ~is_history & frame[LISTED_FROM.name].notna().to_numpy()
    # In this order, the rows with analytics that were received with or after a row come before it.
    keys = keys.assign(first=~has_both).sort_values([READ_AT.name, "first"], ascending=[False, True], kind="stable")
    identity = [keys[name] for name in POST_IDENTITY]
    earliest = keys[AS_OF.name].where(~keys["first"]).groupby(identity).cummin().groupby(identity).ffill()
    is_replaced = (earliest <= keys[AS_OF.name]).sort_index().to_numpy() & is_history
    return frame[~is_replaced].reset_index(drop=True) if is_replaced.any() else frame


def latest_posts(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the latest observation of each post, under any label; rows without an id are dropped."""
    warn_about_shared_ids(posts)
    latest = latest_observations(posts, POST_ID)
    return latest[latest[ID.name].notna()].reset_index(drop=True)


def warn_about_shared_ids(frame: pd.DataFrame) -> None:
    """Warn if posts are in the frame under several profile labels."""
    if frame[PROFILE.name].nunique() < 2:  # noqa: PLR2004
        return
    labels = post_keys(frame)[list(POST_IDENTITY)].dropna().drop_duplicates()
    shared = labels[labels.duplicated(list(POST_ID), keep=False)]
    if len(shared):
        count = len(shared[list(POST_ID)].drop_duplicates())
        names = ", ".join(quote(label) for label in sorted(shared[PROFILE.name].unique()))
        warn_user(f"{count:,} post(s) are in the frame under several profile labels ({names}); each is counted once.")


def drop_duplicate_observations(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the most complete of the rows with the same post key, with the last `read_at` and first `listed_from`.

    The result does not depend on the order of the rows, so partitions can be combined in any order. Error records do
    not replace posts. Rows without an id are all kept.
    """
    keys = post_keys(posts).reset_index(drop=True)
    duplicated = has_duplicate_key(keys)
    if not duplicated.any():
        return posts
    posts = posts.reset_index(drop=True)
    # The API repeats an observation until it has newer numbers, so these two differ in most copies.
    copies = posts[duplicated].drop(columns=[READ_AT.name, LISTED_FROM.name])
    # Posts come before error records, and posts with a date before those without.
    priority = copies[CREATED.name].notna() + 2 * ~is_error_record(copies)
    completeness = copies.notna().sum(axis=1) + len(copies.columns) * priority
    group = keys[duplicated].groupby(KEY, sort=False).ngroup()
    best = completeness.eq(completeness.groupby(group).transform("max"))
    candidates = pd.DataFrame({"group": group[best], "content": ""}).sort_values("group", kind="stable")
    differs = _differs_from_previous(copies.loc[candidates.index], candidates["group"])
    # Only groups whose rows differ need the content of their rows.
    ambiguous = candidates["group"].isin(candidates.loc[differs, "group"])
    candidates.loc[ambiguous, "content"] = [_row_content(copies.loc[label]) for label in candidates.index[ambiguous]]
    chosen = candidates.sort_values("content", kind="stable").drop_duplicates("group", keep="last").index
    has_date = copies[CREATED.name].notna()
    # In a dataset, copies without a date are in another file and are dropped there.
    is_counted = has_date | ~has_date.groupby(group).transform("any")
    times = posts.loc[duplicated, [READ_AT.name, LISTED_FROM.name]].where(is_counted).groupby(group)
    posts.loc[duplicated, READ_AT.name] = times[READ_AT.name].transform("max")
    posts.loc[duplicated, LISTED_FROM.name] = times[LISTED_FROM.name].transform("min")
    return posts[~duplicated | posts.index.isin(chosen)].reset_index(drop=True)


def has_duplicate_key(keys: pd.DataFrame) -> pd.Series:
    """Return a mask of the post keys that occur more than once; keys without an id do not count."""
    return keys.duplicated(KEY, keep=False) & keys[ID.name].notna()


def _differs_from_previous(copies: pd.DataFrame, group: pd.Series) -> pd.Series:
    """Return a mask of the rows that differ from the previous row of the same group."""
    differs = pd.Series(data=False, index=copies.index)
    for name in copies.columns:
        values, previous = copies[name], copies[name].shift()
        differs |= ~(values.eq(previous).fillna(value=False).astype(bool) | (values.isna() & previous.isna()))
    return differs & group.eq(group.shift())


def _row_content(post: pd.Series) -> str:
    """Return the values of a row as one text, without columns that are missing, such as those of other platforms."""
    present = post[post.notna().to_numpy(dtype=bool)]
    return repr(sorted((str(name), str(value)) for name, value in present.items()))


def rank_copies(frame: pd.DataFrame, by: Sequence[str] = POST_IDENTITY) -> pd.DataFrame:
    """Return the sort order of the rows with an id: post key, other columns of `by`, and whether there is content."""
    keys = post_keys(frame).reset_index(drop=True)
    for name in by:
        if name not in keys.columns:
            keys[name] = frame[name].array
    keys[HAS_CONTENT] = has_content(frame)
    return keys[keys[ID.name].notna()]


def has_content(frame: pd.DataFrame) -> BoolArray:
    """Return a mask of the rows with a date, text or URL."""
    mask = np.zeros(len(frame), dtype=bool)
    for column in (CREATED, POST, POST_URL):
        if column.name in frame.columns:
            mask |= frame[column.name].notna().to_numpy(dtype=bool)
    return mask


def latest_index(rank: pd.DataFrame, by: Sequence[str] = POST_IDENTITY) -> pd.Index:
    """Return the labels of the latest copies; `rank` is a result of `rank_copies`, in the order of arrival."""
    order = rank.sort_values([HAS_CONTENT, AS_OF.name], kind="stable")
    return order.drop_duplicates(list(by), keep="last").index


def is_error_record(posts: pd.DataFrame) -> pd.Series:
    """Return a mask of the error records: rows with an error `code` in `extra` and without date, text and URL."""
    is_error = posts[EXTRA.name].notna()
    for column in (CREATED, POST, POST_URL):
        is_error &= posts[column.name].isna()
    is_error[is_error] = posts.loc[is_error, EXTRA.name].map(_has_code).to_numpy(dtype=bool)
    return is_error


def _has_code(extra: str) -> bool:
    try:
        return "code" in object_decoder.decode(extra)
    except JSON_ERRORS:
        return False
