"""The base of all accessor methods: the frame that they read."""

from __future__ import annotations

import pandas as pd

from ayrframe._frame.key import check_frame


class FrameMethods:
    """Methods of a frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        """Store a frame, whose columns were checked."""
        self._original = frame

    @property
    def _frame(self) -> pd.DataFrame:
        """The frame; checked here, not on creation, so that `dir(frame)` works for every frame."""
        return check_frame(self._original)
