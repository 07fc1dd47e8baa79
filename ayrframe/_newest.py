"""Several copies of one post → the newest one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ayrframe._json import NOT_JSON, raw_fields
from ayrframe._posts import completed, key_of
from ayrframe.columns import AS_OF, CREATED, EXTRA, ID, PLATFORM, POST, POST_URL, PROFILE

POST_OF = (PLATFORM.name, PROFILE.name, ID.name)


def newest(posts: pd.DataFrame, by: Sequence[str] = POST_OF) -> pd.DataFrame:
    """Return one row for each post, or for what else `by` tells apart: the newest copy, of two equally new the later.

    A record of a failure replaces no post. Rows without an id are all kept.
    """
    posts = completed(posts)
    columns = list(by)
    rank = key_of(posts).reset_index(drop=True)  # labels may repeat, as concat leaves them
    known = rank[ID.name].notna()
    if not rank[known].duplicated(columns).any():
        return posts
    posts = posts.reset_index(drop=True)
    rank = rank[known].assign(post=~failed(posts)[known]).sort_values(["post", AS_OF.name], kind="stable")
    kept = rank.drop_duplicates(columns, keep="last").index
    return posts[~known | posts.index.isin(kept)].reset_index(drop=True)


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
