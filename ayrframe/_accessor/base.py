"""Base class of the accessor's parts: check that a frame holds posts."""

from __future__ import annotations

import pandas as pd

from ayrframe._platforms.columns import KEY

HOW_TO_LOAD = (
    "Load one with ayr.load, ayr.load_sample, ayr.read_json, ayr.read_parquet, ayr.from_posts or "
    "ayr.Archive(...).posts()."
)


class AccessorBase:
    """Hold the posts frame that the methods work on."""

    def __init__(self, frame: pd.DataFrame) -> None:
        """Raise an AttributeError, the only error that pandas passes on from here, if the post key is incomplete."""
        if missing := [name for name in KEY if name not in frame.columns]:
            raise AttributeError(f"`.ayr` needs a posts frame; missing columns: {', '.join(missing)}. {HOW_TO_LOAD}")
        self._frame = frame
