"""Several copies of one post → the newest one; several of one observation → the one that tells most."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ayrframe._decode.json import JSON_ERRORS, object_decoder
from ayrframe._frame.key import post_keys
from ayrframe._frame.to_arrow import add_missing_columns
from ayrframe._platforms.columns import AS_OF, CREATED, EXTRA, ID, KEY, PLATFORM, POST, POST_URL, PROFILE

POST_IDENTITY = (PLATFORM.name, PROFILE.name, ID.name)
IS_POST = "is_post"  # and not the record of a failure


def latest_observations(posts: pd.DataFrame, by: Sequence[str] = POST_IDENTITY) -> pd.DataFrame:
    """Return one row for each post, or for what else `by` tells apart: the newest copy, of two equally new the later.

    A record of a failure replaces no post. Rows without an id are all kept.
    """
    posts = add_missing_columns(posts)
    keys = post_keys(posts).reset_index(drop=True)  # labels may repeat, as concat leaves them
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
    """Return each observation once: of copies with the same post key the one that tells most.

    Which one that is does not depend on the order in which they came, so that parts may be laid together in any order.
    A record of a failure replaces no post. Rows without an id are all kept.
    """
    keys = post_keys(posts).reset_index(drop=True)
    duplicated = has_duplicate_key(keys)
    if not duplicated.any():
        return posts
    posts = posts.reset_index(drop=True)
    copies = posts[duplicated]
    # A post tells more than any record of a failure, and one with its date more than one without.
    priority = copies[CREATED.name].notna() + 2 * ~is_error_record(copies)
    completeness = copies.notna().sum(axis=1) + len(copies.columns) * priority
    candidates = pd.DataFrame(
        {"of": keys[duplicated].groupby(KEY, sort=False).ngroup(), "told": completeness, "content": ""}
    )
    best = candidates[candidates["told"].eq(candidates.groupby("of")["told"].transform("max"))].sort_values(
        "of", kind="stable"
    )
    ambiguous = best["of"].isin(best.loc[_differs_from_previous(copies.loc[best.index], best["of"]), "of"])
    best.loc[ambiguous, "content"] = [_row_content(copies.loc[label]) for label in best.index[ambiguous]]
    chosen = best.sort_values("content", kind="stable").drop_duplicates("of", keep="last").index
    return posts[~duplicated | posts.index.isin(chosen)].reset_index(drop=True)


def has_duplicate_key(keys: pd.DataFrame) -> pd.Series:
    """Return which post keys stand more than once; one without an id is no key."""
    return keys.duplicated(KEY, keep=False) & keys[ID.name].notna()


def _differs_from_previous(copies: pd.DataFrame, group: pd.Series) -> pd.Series:
    """Return which copies are not like the one before them of the same observation."""
    differs = pd.Series(data=False, index=copies.index)
    for name in copies.columns:
        values, previous = copies[name], copies[name].shift()
        differs |= ~(values.eq(previous).fillna(value=False).astype(bool) | (values.isna() & previous.isna()))
    return differs & group.eq(group.shift())


def _row_content(post: pd.Series) -> str:
    """Return what a row holds as one text; columns that it leaves empty, as those of other networks, do not count."""
    present = post[post.notna().to_numpy(dtype=bool)]
    return repr(sorted((str(name), str(value)) for name, value in present.items()))


def rank_copies(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the key of each row that has an id, and by what copies of one post are ranked."""
    keys = post_keys(posts)
    has_id = keys[ID.name].notna()
    return keys[has_id].assign(**{IS_POST: ~is_error_record(posts)[has_id]})


def latest_index(rank: pd.DataFrame, by: Sequence[str] = POST_IDENTITY) -> pd.Index:
    """Return the labels of those rows that are the newest copy, of rows in the order in which they came."""
    order = rank.sort_values([IS_POST, AS_OF.name], kind="stable")
    return order.drop_duplicates(list(by), keep="last").index


def is_error_record(posts: pd.DataFrame) -> pd.Series:
    """Return which rows are no posts but say that a post could not be read: a code, and nothing of a post."""
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
