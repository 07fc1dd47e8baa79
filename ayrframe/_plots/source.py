"""A posts frame → what plots count: each post once, by its newest observation, and no records of failures."""

from __future__ import annotations

import pandas as pd

from ayrframe._newest import failed, newest


def each_post(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the newest observation of each post."""
    once = newest(posts)
    return once[~failed(once)].reset_index(drop=True)
