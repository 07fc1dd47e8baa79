"""Deduplicate observations in tables of posts, and remove observations by post key."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._frame.deduplicate import drop_duplicate_observations, has_duplicate_key
from ayrframe._frame.dtypes import to_frame
from ayrframe._frame.key import post_keys
from ayrframe._platforms.columns import KEY


def drop_copies(posts: pa.Table) -> pa.Table:
    """Return the most complete copy of each observation; only duplicates are converted to pandas."""
    is_duplicate = pa.array(has_duplicate_key(post_keys(to_frame(posts.select(KEY)))))
    unique = drop_duplicate_observations(to_frame(posts.filter(is_duplicate)))
    table = pa.Table.from_pandas(unique, schema=posts.schema, preserve_index=False)
    return pa.concat_tables([posts.filter(pc.invert(is_duplicate)), table])


def drop_keys(posts: pa.Table, keys: pa.Table) -> pa.Table:
    """Return the posts without those keys; a key without an id matches all posts without an id of its time."""
    dropped = pd.MultiIndex.from_frame(to_frame(keys.select(KEY)))
    return posts.filter(pa.array(~pd.MultiIndex.from_frame(post_keys(to_frame(posts.select(KEY)))).isin(dropped)))
