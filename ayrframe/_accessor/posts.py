"""The accessor of posts frames: child tables, checks, dictionary and export; inherits metrics, insights and growth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ayrframe._accessor.frame_kinds import check_frame_kind, check_posts_frame
from ayrframe._accessor.growth import GrowthMethods
from ayrframe._accessor.insights import InsightMethods
from ayrframe._accessor.metrics import MetricsMethods
from ayrframe._accessor.shared import SharedMethods
from ayrframe._frame.key import check_frame, restore_ids
from ayrframe.errors import ExpansionError, quote

if TYPE_CHECKING:
    from ayrframe._accessor.expansions import PostsExpansions
    from ayrframe._accessor.plots import PlotAccessor
    from ayrframe._frame.schema import Severity
    from ayrframe._frame.times import TimeZone

    Expansions = PostsExpansions[pd.DataFrame]
else:
    Expansions = object


class PostsAccessor(SharedMethods, MetricsMethods, InsightMethods, GrowthMethods, Expansions):
    """Methods of a posts frame, as `posts.ayr`.

    Available on every frame with the post key `platform, profile, id, as_of` and the times `created`, `read_at` and
    `listed_from`. In addition to the methods below there is one method per expansion of the platforms in the frame,
    such as `posts.ayr.reactions()`. Tab completion and :meth:`expansions` list them.

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
        self._original = frame

    @property
    def _frame(self) -> pd.DataFrame:  # type: ignore[override]
        """The frame; checked here, not on creation, so that `dir(frame)` works for every frame."""
        return check_frame(self._original)

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

    def expansions(self) -> pd.DataFrame:
        """List the expansions of these posts.

        Returns
        -------
        pandas.DataFrame
            One row per expansion: `name`, `platforms`, `source` (the nested column), `row` (what one row of the child
            table is), all str, and `posts` (int64, the number of posts with at least one row).

        Examples
        --------
        >>> ayr.load_sample("linkedin").ayr.expansions()["name"].tolist()
        ['reactions', 'media', 'liked_by', 'comment_urns', 'extra']
        """
        from ayrframe._expansions.expand import list_expansions

        return list_expansions(self._frame)

    def expand(self, name: str, *, wide: bool = False) -> pd.DataFrame:
        """Return the child table of an expansion.

        Parameters
        ----------
        name : str
            Name of an expansion, see :meth:`expansions`.
        wide : bool, default False
            Return wide format, one column per kind instead of one row (`reactions` and `media_metrics` only).

        Returns
        -------
        pandas.DataFrame
            The post key, then the columns of the child table; one row per element, in the order of the posts. The
            columns depend on the platforms only, not on the values. Empty if no post has elements.

        Raises
        ------
        ExpansionError
            If the platforms of these posts have no expansion of this name.
        ValueError
            If `wide=True` and the child table has no wide format.

        Examples
        --------
        >>> ayr.load_sample("linkedin").ayr.expand("reactions")["label"].unique().tolist()
        ['Like', 'Celebrate', 'Curious', 'Love', 'Insightful', 'Support']
        """
        from ayrframe._expansions.expand import expand

        return expand(self._frame, name, wide=wide)

    def enrich(self, analytics: pd.DataFrame) -> pd.DataFrame:
        """Merge post analytics that were read separately, such as a saved response of `POST /analytics/post`.

        Posts are matched by platform, profile and id; an empty profile label matches the only profile of a platform.
        The latest observation of each post gets the values of its newest analytics, unless it has later ones: values
        that are not NA replace those of the history, NA never does, and undeclared fields in `extra` are merged.
        `as_of` and `analytics_as_of` become the time of the analytics; `read_at` and `listed_from` stay. As in
        :func:`load`, zeros that are no measurements are removed, and `analytics_error` says why.

        Parameters
        ----------
        analytics : pandas.DataFrame
            Posts frame with analytics, from :func:`read_json`.

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

    def drift(self) -> pd.DataFrame:
        """Report differences between the posts and the declared fields of their platforms.

        Returns
        -------
        pandas.DataFrame
            One row per `platform`, `path` (of the API field; `[]` denotes the elements of a list) and `finding`, all
            str: `undeclared` (the field is not declared), `wrong type`, `not an object`, `new value` (not among the
            known values of the field, which the page of the platform in docs/platforms lists), or `never seen` (a
            declared field that no post has); `posts` (int64, the number of posts with this finding); `example` (str,
            at most 40 characters of a value).

        Examples
        --------
        >>> sent = [{"id": "1", "views": 7, "likeCount": "many"}]
        >>> posts = ayr.from_posts(sent, platform="bluesky", validate=None)
        >>> posts.ayr.drift().query("finding != 'never seen'")[["path", "finding", "posts", "example"]]
                path     finding  posts example
        0      views  undeclared      1       7
        1  likeCount  wrong type      1  "many"
        """
        from ayrframe._frame.drift import drift

        return drift(self._frame)

    def dictionary(self) -> pd.DataFrame:
        """Describe the columns of this frame.

        Returns
        -------
        pandas.DataFrame
            One row per column: `column`, `dtype`, `unit`, `meaning`, `path` (of the API field), `role`, `evidence`
            (how certain it is that the API sends the field), `note`, `platforms`, all str, and `present` (float64,
            share of the rows of these platforms with a value, 0 to 1). Notebooks show all rows and full texts.

        Examples
        --------
        >>> words = ayr.load_sample("linkedin").ayr.dictionary().set_index("column")
        >>> words.loc["engagement", "unit"]
        'ratio, may exceed 1'
        """
        from ayrframe._frame.dictionary import frame_dictionary

        return frame_dictionary(self._frame)

    def validate(self, severity: Severity = "raise") -> pd.DataFrame:
        """Validate the frame against the schema of its platforms; loading functions do this once.

        Parameters
        ----------
        severity : {"raise", "warn"}, default "raise"
            Whether invalid values raise an error or give a warning. Missing columns and wrong dtypes always raise.

        Returns
        -------
        pandas.DataFrame
            The same frame.

        Raises
        ------
        SchemaError
            If validation fails; the error has `.failure_cases` and `.frame`.

        Warns
        -----
        DataWarning
            With `severity="warn"`, one warning that lists all problems.

        Examples
        --------
        >>> len(ayr.load_sample("youtube").ayr.validate()) > 100
        True
        """
        from ayrframe._frame.schema import validate_frame

        return validate_frame(self._frame, severity)

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
        """Write an Excel workbook with the sheets Summary, Posts, one per expansion, Coverage and Definitions.

        Ids are written as text, and text is never written as a formula or link. Excel has no time zones, so the
        headers of time columns name the zone. Texts longer than 32,767 characters, the limit of a cell, are truncated
        and end with their full length.

        Parameters
        ----------
        path : str or path
            File to write; the name must end in .xlsx.
        tz : str or tzinfo, optional
            Time zone in which times are written, such as `"Europe/Berlin"`. Default: UTC.
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
            If a text was truncated.

        Examples
        --------
        >>> ayr.load_sample("youtube").ayr.to_excel(folder / "posts.xlsx", tz="Europe/Berlin")
        """
        from ayrframe import _export

        _export.to_excel(restore_ids(self._original), path, tz=tz, people=people)

    def _find_attribute(self, name: str) -> Callable[..., pd.DataFrame]:
        """Return the method of an expansion."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {quote(name)}.")
        from ayrframe._expansions.expand import hint_for_unknown_name
        from ayrframe._expansions.methods import expansion_method

        method = expansion_method(self._frame, name)
        if method is None:
            choices = [choice for choice in dir(self) if not choice.startswith("_")]
            hint = hint_for_unknown_name(self._frame, name, choices)
            raise ExpansionError(f"`posts.ayr` has no method or expansion {quote(name)}.{hint}")
        return method

    if not TYPE_CHECKING:  # type checkers report unknown names
        __getattr__ = _find_attribute

    def __dir__(self) -> list[str]:
        """List the methods, and the expansions of the platforms in the frame."""
        from ayrframe._expansions.expand import expansion_names

        return [*super().__dir__(), *expansion_names(self._frame)]

    def __repr__(self) -> str:
        """Return the summary card as text."""
        from ayrframe._accessor.card import card_text

        return card_text(self._frame)

    def _repr_html_(self) -> str:
        from ayrframe._accessor.card import card_html

        return card_html(self._frame)
