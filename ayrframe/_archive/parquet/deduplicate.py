"""Copies of one observation in tables of posts: each once, and those that stand elsewhere taken out."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._frame.deduplicate import drop_duplicate_observations, has_duplicate_key
from ayrframe._frame.dtypes import to_frame
from ayrframe._frame.key import post_keys
from ayrframe._platforms.columns import KEY


def drop_copies(posts: pa.Table) -> pa.Table:
    """Return each observation once; only the copies go through pandas."""
    twice = pa.array(has_duplicate_key(post_keys(to_frame(posts.select(KEY)))))
    copies = drop_duplicate_observations(to_frame(posts.filter(twice)))
    kept = pa.Table.from_pandas(copies, schema=posts.schema, preserve_index=False)
    return pa.concat_tables([posts.filter(pc.invert(twice)), kept])


def drop_keys(posts: pa.Table, keys: pa.Table) -> pa.Table:
    """Return the posts whose key is none of these; one without an id is that of all such posts of its moment."""
    gone = pd.MultiIndex.from_frame(to_frame(keys.select(KEY)))
    return posts.filter(pa.array(~pd.MultiIndex.from_frame(post_keys(to_frame(posts.select(KEY)))).isin(gone)))
