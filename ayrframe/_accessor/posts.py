"""The accessor of posts frames: merging and export; inherits child tables, checks, metrics, insights and growth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ayrframe._accessor.call_names import called_as
from ayrframe._accessor.columns import ColumnMethods
from ayrframe._accessor.frame_kinds import check_frame_kind, check_posts_frame
from ayrframe._accessor.growth import GrowthMethods
from ayrframe._accessor.insights import InsightMethods
from ayrframe._accessor.metrics import MetricsMethods
from ayrframe._accessor.shared import SharedMethods
from ayrframe._frame.key import restore_ids

if TYPE_CHECKING:
    from ayrframe._accessor.expansions import PostsExpansions
    from ayrframe._accessor.plots import PlotAccessor
    from ayrframe._frame.times import TimeZone

    Expansions = PostsExpansions[pd.DataFrame]
else:
    Expansions = object


@called_as("posts.ayr")
class PostsAccessor(ColumnMethods, SharedMethods, MetricsMethods, InsightMethods, GrowthMethods, Expansions):
    """Methods of a posts frame, as `posts.ayr`.

    Available on every frame with the post key `platform, profile, id, as_of` and the times `created`, `read_at` and
    `listed_from`. In addition to the methods below there is one method per expansion of the platforms in the frame,
    such as `posts.ayr.reactions()`. Tab completion and `expansions()` list them.

    Type checkers and editors do not know attributes that are added to DataFrames. `ayr.PostsAccessor(posts)` returns
    the same object as `posts.ayr` with its type, so that they check names and arguments, expansions of all platforms
    included.

    Examples
    --------
    >>> posts = ayr.load_sample("tiktok")
    >>> posts.ayr.impression_sources().columns.tolist()
    ['platform', 'profile', 'id', 'as_of', 'impression_source', 'fraction']
    >>> ayr.PostsAccessor(posts).impression_sources().equals(posts.ayr.impression_sources())
    True
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        """Raise an AttributeError, the only error that pandas passes on from here, if it is not a posts frame."""
        check_frame_kind(frame)
        super().__init__(frame)

    @property
    def plot(self) -> PlotAccessor:
        """Plot the posts with matplotlib, as in `posts.ayr.plot.timeline()`; every method returns the Axes.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = ayr.load_sample("tiktok").ayr.plot.timeline("views", ax=Figure().subplots())
        >>> ax.get_ylabel()
        'sum of views'
        """
        from ayrframe._accessor.plots import PlotAccessor

        return PlotAccessor(self._frame)

    def enrich(self, analytics: pd.DataFrame) -> pd.DataFrame:
        """Merge post analytics that were read separately, such as a saved response of `POST /analytics/post`.

        Posts are matched by platform, profile and id; an empty profile label matches the only profile of a platform.
        The latest observation of each post gets the values of its newest analytics, unless it has later ones: values
        that are not NA replace those of the history, NA never does, and undeclared fields in `extra` are merged.
        `as_of` and `analytics_as_of` become the time of the analytics; `read_at` and `listed_from` stay. As in
        `ayr.load()`, zeros that are no measurements are removed, and `analytics_error` says why.

        Parameters
        ----------
        analytics : pandas.DataFrame
            Posts frame with analytics, from `ayr.read_json()`.

        Returns
        -------
        pandas.DataFrame
            New frame with the same rows. Analytics without a post are not added.

        Raises
        ------
        TypeError
            If `analytics` is not a posts frame.

        Warns
        -----
        DataWarning
            If analytics have no post in this frame, with their number.

        Examples
        --------
        >>> posts = ayr.from_posts([{"id": "1", "post": "Rye", "created": "2026-03-01T08:00:00Z"}], platform="tiktok")
        >>> body = b'{"tiktok": [{"id": "1", "analytics": {"videoViews": 12}}], "status": "success"}'
        >>> posts.ayr.enrich(ayr.read_json(body))[["post", "video_views"]].values.tolist()
        [['Rye', 12]]
        """
        from ayrframe._frame.enrich import enrich

        check_posts_frame(analytics, "analytics")
        return enrich(self._frame, analytics)

    def to_posts(self) -> list[Any]:
        """Return the posts as nested dicts with the field names of the API.

        Returns
        -------
        list of dict
            One dict per row, equal to the posts that were read, except that fields with null may be absent, numbers
            may be formatted differently, times may be written differently (the instant is the same), and NaN and
            Infinity are strings.

        Examples
        --------
        >>> ayr.from_posts([{"id": "1", "viewer": {"threadMuted": True}}], platform="bluesky").ayr.to_posts()
        [{'id': '1', 'viewer': {'threadMuted': True}}]
        """
        from ayrframe._frame.to_posts import to_posts

        return to_posts(self._frame)

    def to_csv(self, path: str | Path, *, people: bool = False) -> None:
        """Write the posts to a CSV file that is safe to open in a spreadsheet.

        Texts that a spreadsheet would evaluate as a formula are prefixed with an apostrophe. Read the file with
        `pd.read_csv(path, dtype="str")` to preserve all digits of ids. To preserve dtypes, write
        `posts.to_parquet(path)` instead.

        Parameters
        ----------
        path : str or path
            File to write.
        people : bool, default False
            Include columns with names and ids of people, such as `liked_by`.

        Examples
        --------
        >>> ayr.load_sample("youtube").ayr.to_csv(folder / "posts.csv")
        """
        from ayrframe import _export

        _export.to_csv(restore_ids(self._original), path, people=people)

    def to_excel(self, path: str | Path, *, tz: TimeZone | None = None, people: bool = False) -> None:
        """Write an Excel workbook: an overview and the posts for readers, then the tables behind them.

        The sheets are Overview (key figures by profile and platform: all posts, and the newest complete month against
        the month before), Posts (the latest reading of each post: text, link, metrics, own columns), Summary, All
        columns (all readings), one per expansion, Coverage and Definitions. Cells hold full numbers, and number formats
        show thousands and percents; missing values are empty cells. All sheets are set up to be printed.

        Ids are written as text, and text is never written as a formula; only web addresses of posts are links. Excel
        has no time zones, so the headers of time columns name the zone. Texts longer than 32,767 characters, the limit
        of a cell, are truncated and end with their full length.

        Parameters
        ----------
        path : str or path
            File to write; the name must end in .xlsx.
        tz : str or tzinfo, optional
            Time zone of times and months, such as `"Europe/Berlin"`. Default: UTC.
        people : bool, default False
            Include columns and sheets with names and ids of people, such as `liked_by`.

        Raises
        ------
        ImportError
            If XlsxWriter is not installed: `pip install 'ayrframe[excel]'`.
        ValueError
            If the time zone is unknown, the file name does not end in .xlsx, or a sheet would exceed the row limit of
            Excel.
        FileNotFoundError
            If the folder does not exist.

        Warns
        -----
        DataWarning
            If a text was truncated, and as `compare()`.

        Examples
        --------
        >>> ayr.load_sample("youtube").ayr.to_excel(folder / "posts.xlsx", tz="Europe/Berlin")
        """
        from ayrframe import _export

        _export.to_excel(restore_ids(self._original), path, tz=tz, people=people)

    def __repr__(self) -> str:
        """Return the summary card as text."""
        from ayrframe._accessor.card import card_text

        return card_text(self._frame)

    def _repr_html_(self) -> str:
        from ayrframe._accessor.card import card_html

        return card_html(self._frame)
