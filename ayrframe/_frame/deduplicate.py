"""Select the latest observation of each post, and the most complete copy of each observation."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ayrframe._decode.json import JSON_ERRORS, object_decoder
from ayrframe._frame.key import post_keys
from ayrframe._frame.to_arrow import add_missing_columns
from ayrframe._platforms.columns import AS_OF, CREATED, EXTRA, ID, KEY, PLATFORM, POST, POST_URL, PROFILE

POST_IDENTITY = (PLATFORM.name, PROFILE.name, ID.name)
IS_POST = "is_post"  # False for the error record of a post


def latest_observations(posts: pd.DataFrame, by: Sequence[str] = POST_IDENTITY) -> pd.DataFrame:
    """Return the latest observation of each post; of two with the same `as_of`, the last row.

    `by` names the columns that identify a post. Error records do not replace posts. Rows without an id are all kept.
    """
    posts = add_missing_columns(posts)
    keys = post_keys(posts).reset_index(drop=True)  # labels may repeat after concat
    has_id = keys[ID.name].notna()
    if not keys[has_id].duplicated(list(by)).any():
        return posts
    posts = posts.reset_index(drop=True)
    latest = latest_index(rank_copies(posts), by)
    return posts[~has_id | posts.index.isin(latest)].reset_index(drop=True)


def latest_posts(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the latest observation of each post; rows without an id are dropped."""
    latest = latest_observations(posts)
    return latest[latest[ID.name].notna()].reset_index(drop=True)


def drop_duplicate_observations(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the most complete of the rows with the same post key.

    The result does not depend on the order of the rows, so partitions can be combined in any order. Error records do
    not replace posts. Rows without an id are all kept.
    """
    keys = post_keys(posts).reset_index(drop=True)
    duplicated = has_duplicate_key(keys)
    if not duplicated.any():
        return posts
    posts = posts.reset_index(drop=True)
    copies = posts[duplicated]
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


def rank_copies(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the post key of each row with an id, and whether the row is a post: the sort order of its copies."""
    keys = post_keys(posts)
    has_id = keys[ID.name].notna()
    return keys[has_id].assign(**{IS_POST: ~is_error_record(posts)[has_id]})


def latest_index(rank: pd.DataFrame, by: Sequence[str] = POST_IDENTITY) -> pd.Index:
    """Return the labels of the latest copies; `rank` is a result of :func:`rank_copies`, in the order of arrival."""
    order = rank.sort_values([IS_POST, AS_OF.name], kind="stable")
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
