"""Register `frame.ayr`: the accessor of posts, metrics or accounts frames, as the columns say."""

from __future__ import annotations

import pandas as pd

from ayrframe._accessor.accounts import AccountsAccessor
from ayrframe._accessor.metrics_frame import MetricsAccessor
from ayrframe._accessor.posts import PostsAccessor
from ayrframe._frame.platform_rows import is_accounts_frame
from ayrframe._metrics.frames import is_metrics_frame


def accessor_of(frame: pd.DataFrame) -> PostsAccessor | MetricsAccessor | AccountsAccessor:
    """Return the accessor of a frame; raise an AttributeError if it is of neither kind."""
    if is_accounts_frame(frame):
        return AccountsAccessor(frame)
    return MetricsAccessor(frame) if is_metrics_frame(frame) else PostsAccessor(frame)


# pandas calls it with the frame, as it calls a class.
pd.api.extensions.register_dataframe_accessor("ayr")(accessor_of)  # type: ignore[type-var]
