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
    known = keys[ID.name].notna()
    if not keys[known].duplicated(list(by)).any():
        return posts
    posts = posts.reset_index(drop=True)
    kept = latest_index(rank_copies(posts), by)
    return posts[~known | posts.index.isin(kept)].reset_index(drop=True)


def drop_duplicate_observations(posts: pd.DataFrame) -> pd.DataFrame:
    """Return each observation once: of copies with the same post key the one that tells most.

    Which one that is does not depend on the order in which they came, so that parts may be laid together in any order.
    A record of a failure replaces no post. Rows without an id are all kept.
    """
    keys = post_keys(posts).reset_index(drop=True)
    twice = has_duplicate_key(keys)
    if not twice.any():
        return posts
    posts = posts.reset_index(drop=True)
    copies = posts[twice]
    # A post tells more than any record of a failure, and one with its date more than one without.
    weights = copies[CREATED.name].notna() + 2 * ~is_error_record(copies)
    told = copies.notna().sum(axis=1) + len(copies.columns) * weights
    rank = pd.DataFrame({"of": keys[twice].groupby(KEY, sort=False).ngroup(), "told": told, "content": ""})
    best = rank[rank["told"].eq(rank.groupby("of")["told"].transform("max"))].sort_values("of", kind="stable")
    unlike = best["of"].isin(best.loc[_differs_from_previous(copies.loc[best.index], best["of"]), "of"])
    best.loc[unlike, "content"] = [_row_content(copies.loc[place]) for place in best.index[unlike]]
    kept = best.sort_values("content", kind="stable").drop_duplicates("of", keep="last").index
    return posts[~twice | posts.index.isin(kept)].reset_index(drop=True)


def has_duplicate_key(keys: pd.DataFrame) -> pd.Series:
    """Return which post keys stand more than once; one without an id is no key."""
    return keys.duplicated(KEY, keep=False) & keys[ID.name].notna()


def _differs_from_previous(copies: pd.DataFrame, of: pd.Series) -> pd.Series:
    """Return which copies are not like the one before them of the same observation."""
    differs = pd.Series(data=False, index=copies.index)
    for name in copies.columns:
        values, before = copies[name], copies[name].shift()
        differs |= ~(values.eq(before).fillna(value=False).astype(bool) | (values.isna() & before.isna()))
    return differs & of.eq(of.shift())


def _row_content(post: pd.Series) -> str:
    """Return what a row holds as one text; columns that it leaves empty, as those of other networks, do not count."""
    told = post[post.notna().to_numpy(dtype=bool)]
    return repr(sorted((str(name), str(value)) for name, value in told.items()))


def rank_copies(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the key of each row that has an id, and by what copies of one post are ranked."""
    keys = post_keys(posts)
    known = keys[ID.name].notna()
    return keys[known].assign(**{IS_POST: ~is_error_record(posts)[known]})


def latest_index(rank: pd.DataFrame, by: Sequence[str] = POST_IDENTITY) -> pd.Index:
    """Return the labels of those rows that are the newest copy, of rows in the order in which they came."""
    order = rank.sort_values([IS_POST, AS_OF.name], kind="stable")
    return order.drop_duplicates(list(by), keep="last").index


def is_error_record(posts: pd.DataFrame) -> pd.Series:
    """Return which rows are no posts but say that a post could not be read: a code, and nothing of a post."""
    bare = posts[EXTRA.name].notna()
    for column in (CREATED, POST, POST_URL):
        bare &= posts[column.name].isna()
    bare[bare] = posts.loc[bare, EXTRA.name].map(_has_code).to_numpy(dtype=bool)
    return bare


def _has_code(extra: str) -> bool:
    try:
        return "code" in object_decoder.decode(extra)
    except JSON_ERRORS:
        return False
