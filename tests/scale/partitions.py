"""Frames of posts, split into partitions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import dask.dataframe as dd
import pandas as pd
from pandas.testing import assert_frame_equal

import ayrframe as ayr
import ayrframe.dask  # for `ddf.ayr`

PLATFORMS = [
    *("bluesky", "facebook", "instagram", "linkedin", "pinterest"),
    *("snapchat", "threads", "tiktok", "twitter", "youtube"),
]


def cut(posts: pd.DataFrame, ends: Sequence[int]) -> dd.DataFrame:
    """Return the posts in partitions that end at these rows; some may be empty."""
    posts = posts.reset_index(drop=True)
    starts = [0, *sorted(ends), len(posts)]
    parts = [posts.iloc[start:end] for start, end in pairwise(starts)]
    return dd.from_map(lambda part: part, parts, meta=posts.iloc[:0])


def computed(ddf: dd.DataFrame) -> pd.DataFrame:
    """Return the result as one frame with a new index, after comparing columns and dtypes with the meta."""
    frame: pd.DataFrame = ddf.compute(scheduler="sync")
    assert frame.columns.tolist() == ddf.columns.tolist()
    pd.testing.assert_series_equal(frame.dtypes, ddf.dtypes)
    return frame.reset_index(drop=True)


def assert_same(ddf: dd.DataFrame, expected: pd.DataFrame, **options: object) -> None:
    assert_frame_equal(computed(ddf), expected, **options)  # type: ignore[call-overload]


def observed(*counts: dict[str, int], platform: str = "bluesky", profile: str = "") -> pd.DataFrame:
    """Return observations of posts, from the likes by id of each day from March 1."""
    days = [
        ayr.from_posts(
            [
                {"id": name, "created": "2026-02-01T00:00:00Z", "likeCount": likes}
                for name, likes in likes_by_id.items()
            ],
            platform=platform,
            profile=profile,
            as_of=f"2026-03-{day:02}",
        )
        for day, likes_by_id in enumerate(counts, start=1)
    ]
    return pd.concat(days, ignore_index=True)
