"""A posts frame → what plots count: each post once, by its newest observation."""

from __future__ import annotations

import pandas as pd

from ayrframe._frame.deduplicate import latest_observations
from ayrframe._platforms.columns import ID


def latest_posts(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the newest observation of each post that has an id: without one, nothing of it can be found again."""
    once = latest_observations(posts)
    return once[once[ID.name].notna()].reset_index(drop=True)
