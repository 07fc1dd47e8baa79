"""Several copies of one post → the newest one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ayrframe._json import NOT_JSON, raw_fields
from ayrframe._posts import completed, key_of
from ayrframe.columns import AS_OF, CREATED, EXTRA, ID, PLATFORM, POST, POST_URL, PROFILE

POST_OF = (PLATFORM.name, PROFILE.name, ID.name)
_POST = "is_post"  # and not the record of a failure


def newest(posts: pd.DataFrame, by: Sequence[str] = POST_OF) -> pd.DataFrame:
    """Return one row for each post, or for what else `by` tells apart: the newest copy, of two equally new the later.

    A record of a failure replaces no post. Rows without an id are all kept.
    """
    posts = completed(posts)
    keys = key_of(posts).reset_index(drop=True)  # labels may repeat, as concat leaves them
    known = keys[ID.name].notna()
    if not keys[known].duplicated(list(by)).any():
        return posts
    posts = posts.reset_index(drop=True)
    kept = winners(ranked(posts), by)
    return posts[~known | posts.index.isin(kept)].reset_index(drop=True)


def ranked(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the key of each row that has an id, and by what copies of one post are ranked."""
    keys = key_of(posts)
    known = keys[ID.name].notna()
    return keys[known].assign(**{_POST: ~failed(posts)[known]})


def winners(rank: pd.DataFrame, by: Sequence[str] = POST_OF) -> pd.Index:
    """Return the labels of those rows that are the newest copy, of rows in the order in which they came."""
    order = rank.sort_values([_POST, AS_OF.name], kind="stable")
    return order.drop_duplicates(list(by), keep="last").index


def failed(posts: pd.DataFrame) -> pd.Series:
    """Return which rows are no posts but say that a post could not be read: a code, and nothing of a post."""
    bare = posts[[CREATED.name, POST.name, POST_URL.name]].isna().all(axis=1) & posts[EXTRA.name].notna()
    bare[bare] = posts.loc[bare, EXTRA.name].map(_has_code).to_numpy(dtype=bool)
    return bare


def _has_code(extra: str) -> bool:
    try:
        return "code" in raw_fields.decode(extra)
    except NOT_JSON:
        return False
