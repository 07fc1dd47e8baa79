"""What every part of the accessor has: the posts, seen to be posts."""

from __future__ import annotations

import pandas as pd

from ayrframe._posts import HOW_TO_GET_ONE, missing_key


class Verbs:
    """Verbs of a posts frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        """Refuse a frame that is none of posts; pandas lets only an AttributeError pass here."""
        if missing := missing_key(frame):
            raise AttributeError(f"This is no posts frame, it lacks {', '.join(missing)}. {HOW_TO_GET_ONE}")
        self._frame = frame
