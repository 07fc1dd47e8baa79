"""Register `frame.ayr`: the accessor of posts frames or that of metrics frames, as the columns say."""

from __future__ import annotations

import pandas as pd

from ayrframe._accessor.metrics_frame import MetricsAccessor
from ayrframe._accessor.posts import PostsAccessor
from ayrframe._metrics.frames import is_metrics_frame


def accessor_of(frame: pd.DataFrame) -> PostsAccessor | MetricsAccessor:
    """Return the accessor of a frame; raise an AttributeError if it is neither kind."""
    return MetricsAccessor(frame) if is_metrics_frame(frame) else PostsAccessor(frame)


# pandas calls it with the frame, as it calls a class.
pd.api.extensions.register_dataframe_accessor("ayr")(accessor_of)  # type: ignore[type-var]
