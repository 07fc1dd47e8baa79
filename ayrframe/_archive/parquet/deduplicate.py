"""Deduplicate observations in tables of posts, remove observations by post key, and update a time."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import UTC_TIME
from ayrframe._decode.posts import set_listed_from
from ayrframe._frame.deduplicate import drop_duplicate_observations, has_duplicate_key
from ayrframe._frame.dtypes import to_frame
from ayrframe._frame.key import post_keys
from ayrframe._platforms.columns import ID, KEY, LISTED_FROM, PROFILE, READ_AT


def drop_copies(posts: pa.Table) -> pa.Table:
    """Return the most complete copy of each observation; only duplicates are converted to pandas."""
    is_duplicate = pa.array(has_duplicate_key(post_keys(to_frame(posts.select(KEY)))))
    unique = drop_duplicate_observations(to_frame(posts.filter(is_duplicate)))
    table = pa.Table.from_pandas(unique, schema=posts.schema)
    return pa.concat_tables([posts.filter(pc.invert(is_duplicate)), table])


def drop_keys(posts: pa.Table, keys: pa.Table) -> pa.Table:
    """Return the posts without those keys; a key without an id matches all posts without an id of its time."""
    dropped = pd.MultiIndex.from_frame(to_frame(keys.select(KEY)))
    return posts.filter(pa.array(~pd.MultiIndex.from_frame(post_keys(to_frame(posts.select(KEY)))).isin(dropped)))


def list_from_earlier(posts: pa.Table, copies: pa.Table) -> pa.Table:
    """Return the posts, those without an id with the `listed_from` of the copies of their page if that is earlier."""
    page = [PROFILE.name, READ_AT.name]  # All posts of a page have the same `listed_from`.
    starts = to_frame(copies.select([*page, LISTED_FROM.name])).groupby(page)[LISTED_FROM.name].min()
    rows = to_frame(posts.select([ID.name, *page, LISTED_FROM.name]))
    earlier = rows.join(starts.rename("start"), on=page)["start"].where(rows[ID.name].isna())
    times = pd.concat([rows[LISTED_FROM.name], earlier], axis="columns").min(axis="columns")
    return set_listed_from(posts, pa.chunked_array([pa.array(times, UTC_TIME)]))
