"""The accessor of metrics frames: the methods of posts frames that need metrics only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._accessor.call_names import called_as
from ayrframe._accessor.frame_kinds import check_frame_kind
from ayrframe._accessor.posts import PostsAccessor
from ayrframe._accessor.shared import SharedMethods
from ayrframe._frame.deduplicate import POST_ID, latest_observations
from ayrframe._frame.platform_rows import rows_by_platform
from ayrframe.errors import quote, suggest

if TYPE_CHECKING:
    from ayrframe._accessor.shared_plots import SharedPlots


@called_as("metrics.ayr")
class MetricsAccessor(SharedMethods):
    """Methods of a metrics frame, as `metrics.ayr`.

    Available on the results of `posts.ayr.metrics()` and `posts.ayr.at_age()`, also after columns were
    added by a merge. The results equal those of the same methods on the posts frame. For type checkers and editors,
    write `ayr.MetricsAccessor(metrics)`.

    Examples
    --------
    >>> metrics = ayr.load_sample("tiktok").ayr.metrics()
    >>> metrics["cost"] = 20.0
    >>> metrics.ayr.summary(metric="cost")[["posts", "sum"]].values.tolist()
    [[155, 3100.0]]
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        """Raise an AttributeError, the only error that pandas passes on from here, if it is not a metrics frame."""
        check_frame_kind(frame, metrics=True)
        super().__init__(frame)

    def _find_attribute(self, name: str) -> object:
        """Raise an AttributeError that says what a metrics frame has."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {quote(name)}.")
        methods = [choice for choice in dir(self) if not choice.startswith("_")]
        if hasattr(PostsAccessor, name):
            raise AttributeError(f"`.ayr.{name}` needs a posts frame; this is a metrics frame. Call it on the posts.")
        similar = suggest(name, methods)
        raise AttributeError(f"A metrics frame has no method {quote(name)}.{similar} Methods: {', '.join(methods)}.")

    if not TYPE_CHECKING:  # type checkers report unknown names
        __getattr__ = _find_attribute

    @property
    def plot(self) -> SharedPlots:
        """Plot the metrics with matplotlib, as in `metrics.ayr.plot.timeline()`; every method returns the Axes.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.metrics().ayr.plot.timeline("views", ax=Figure().subplots())
        >>> ax.get_ylabel()
        'sum of views'
        """
        from ayrframe._accessor.shared_plots import SharedPlots

        return SharedPlots(self._frame)

    def __repr__(self) -> str:
        """Return the numbers of posts by platform and of observations."""
        posts = latest_observations(self._frame, POST_ID)
        counts = ", ".join(f"{platform.title} ({len(rows):,})" for platform, rows in rows_by_platform(posts))
        return f"Metrics of {len(posts):,} posts, {len(self._frame):,} observations: {counts or 'no platform'}"
