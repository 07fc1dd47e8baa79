"""What every part of the accessor has: the posts, seen to be posts."""

from __future__ import annotations

import pandas as pd

from ayrframe._platforms.columns import KEY

HOW_TO_LOAD = (
    "Get one with ayr.load, ayr.load_sample, ayr.read_json, ayr.read_parquet, ayr.from_posts or "
    "ayr.Archive(...).posts()."
)


class AccessorBase:
    """Verbs of a posts frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        """Refuse a frame that is none of posts; pandas lets only an AttributeError pass here."""
        if missing := [name for name in KEY if name not in frame.columns]:
            raise AttributeError(f"This is no posts frame, it lacks {', '.join(missing)}. {HOW_TO_LOAD}")
        self._frame = frame
