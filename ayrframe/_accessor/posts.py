"""frame.ayr itself: child tables, what the posts are like, and ways out, beside the verbs of the other files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ayrframe._accessor.growth import GrowthMethods
from ayrframe._accessor.insights import InsightMethods
from ayrframe._accessor.metrics import MetricsMethods
from ayrframe.errors import ExpansionError, quote

if TYPE_CHECKING:
    from ayrframe._accessor.plots import PlotAccessor
    from ayrframe._frame.schema import Severity


@pd.api.extensions.register_dataframe_accessor("ayr")
class PostsAccessor(MetricsMethods, InsightMethods, GrowthMethods):
    """What a posts frame can do, as `posts.ayr`.

    It is there on every frame that has the post key `platform, profile, id, as_of`. Besides the verbs below it has
    one method for each expansion of the platforms in the frame, such as `posts.ayr.reactions()`; they complete with
    Tab, and :meth:`expansions` lists them.

    Examples
    --------
    >>> posts = ayr.load_sample("tiktok")
    >>> posts.ayr.impression_sources().columns.tolist()
    ['platform', 'profile', 'id', 'as_of', 'impression_source', 'fraction']
    """

    @property
    def plot(self) -> PlotAccessor:
        """Draw the posts with matplotlib: `posts.ayr.plot.timeline()`; each plot returns its Axes.

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
        """List the child tables of these posts.

        Returns
        -------
        pandas.DataFrame
            `name`, `platforms`, `source` (the column that is unfolded), `row` (what one row is), all str, and
            `posts` (how many posts have it), int64.

        Examples
        --------
        >>> ayr.load_sample("linkedin").ayr.expansions()["name"].tolist()
        ['reactions', 'media', 'liked_by', 'comment_urns', 'extra']
        """
        from ayrframe._expansions import expand as _expand

        return _expand.list_expansions(self._frame)

    def expand(self, name: str, *, wide: bool = False) -> pd.DataFrame:
        """Unfold one child table, by its name.

        Parameters
        ----------
        name : str
            One of :meth:`expansions`.
        wide : bool, default False
            Lay `reactions` and `media_metrics` out in columns instead of rows.

        Returns
        -------
        pandas.DataFrame
            The post key, then the table's own columns; a row for each element, in the order of the posts. The columns
            are the same whatever the posts hold, and the table is empty where none has any.

        Raises
        ------
        ExpansionError
            If these posts have no expansion of this name.
        ValueError
            If `wide` is asked of a table that has no wide form.

        Examples
        --------
        >>> ayr.load_sample("linkedin").ayr.expand("reactions")["label"].unique().tolist()
        ['Like', 'Celebrate', 'Curious', 'Love', 'Insightful', 'Support']
        """
        from ayrframe._expansions import expand as _expand

        return _expand.expand(self._frame, name, wide=wide)

    def to_posts(self) -> list[Any]:
        """Return the posts as the API sent them: a list of dicts, nested, with their own names.

        Returns
        -------
        list of dict
            Equal to what was read, but that keys whose value was null may be absent, equal numbers may be written
            alike, times keep the instant and not the spelling, and NaN and Infinity are text.

        Examples
        --------
        >>> ayr.from_posts([{"id": "1", "viewer": {"threadMuted": True}}], platform="bluesky").ayr.to_posts()
        [{'id': '1', 'viewer': {'threadMuted': True}}]
        """
        from ayrframe._frame import to_posts as _encode

        return _encode.to_posts(self._frame)

    def drift(self) -> pd.DataFrame:
        """Show how the posts differ from what is declared of their networks.

        Returns
        -------
        pandas.DataFrame
            One row per `platform`, `path` (of the API; `[]` stands for the elements of a list) and `finding`, all
            str: `undeclared`, `wrong type`, `not an object`, or `never seen` for a declared field that no post has.
            `posts` (int64) counts the posts that show it; `example` is at most 40 characters of a value.

        Examples
        --------
        >>> sent = [{"id": "1", "views": 7, "likeCount": "many"}]
        >>> posts = ayr.from_posts(sent, platform="bluesky", validate=None)
        >>> posts.ayr.drift().query("finding != 'never seen'")[["path", "finding", "posts", "example"]]
                path     finding  posts example
        0      views  undeclared      1       7
        1  likeCount  wrong type      1  "many"
        """
        from ayrframe._frame import drift as _drift

        return _drift.drift(self._frame)

    def dictionary(self) -> pd.DataFrame:
        """Explain the columns of this frame.

        Returns
        -------
        pandas.DataFrame
            One row per column: `column`, `dtype`, `unit`, `meaning`, `path` (of the API), `role`, `evidence` (how
            sure it is that the API sends it), `note`, `platforms`, all str, and `present`, the share of the rows of
            these platforms that have a value (float64). A notebook shows it whole.

        Examples
        --------
        >>> words = ayr.load_sample("linkedin").ayr.dictionary().set_index("column")
        >>> words.loc["engagement", "unit"]
        'ratio, may pass 1'
        """
        from ayrframe._frame import dictionary as _dictionary

        return _dictionary.frame_dictionary(self._frame)

    def validate(self, severity: Severity = "raise") -> pd.DataFrame:
        """Check the frame again, as a load does once.

        Parameters
        ----------
        severity : {"raise", "warn"}, default "raise"
            Whether findings are an error or a warning. A wrong column or dtype is an error always.

        Returns
        -------
        pandas.DataFrame
            The same frame.

        Raises
        ------
        SchemaError
            If something does not hold; it has `.failure_cases` and `.frame`.

        Warns
        -----
        DataWarning
            With `severity="warn"`, one that names every finding.

        Examples
        --------
        >>> len(ayr.load_sample("youtube").ayr.validate()) > 100
        True
        """
        from ayrframe._frame import schema as _schema

        return _schema.validate_frame(self._frame, severity)

    def to_csv(self, path: str | Path, *, people: bool = False) -> None:
        """Write the posts to a CSV file that is safe to open in a spreadsheet.

        Texts that a spreadsheet would take for a formula get an apostrophe in front. Read it back with
        `pd.read_csv(path, dtype="str")`, which keeps every digit of every id; the format that keeps every dtype is
        `posts.to_parquet(path)`.

        Parameters
        ----------
        path : str or path
            The file to write.
        people : bool, default False
            Keep columns that hold people's names and ids, such as `liked_by`.

        Examples
        --------
        >>> ayr.load_sample("youtube").ayr.to_csv(folder / "posts.csv")
        """
        from ayrframe import _export

        _export.to_csv(self._frame, path, people=people)

    def to_excel(self, path: str | Path, *, tz: str | None = None, people: bool = False) -> None:
        """Write a workbook: Summary, Posts, a sheet per expansion, Coverage and Definitions.

        Ids stay text, no text becomes a formula or a link, and the head of a column of times names their zone, for
        Excel knows none. Text over 32,767 characters, the most that a cell holds, is cut with a mark at its end.

        Parameters
        ----------
        path : str or path
            The file to write, ending in .xlsx.
        tz : str, optional
            The time zone in which times are written; UTC if not given.
        people : bool, default False
            Keep columns and sheets that hold people's names and ids, such as `liked_by`.

        Raises
        ------
        ImportError
            If XlsxWriter is not installed: `pip install 'ayrframe[excel]'`.
        ValueError
            If there is no such time zone, the name does not end in .xlsx, or a sheet would have more rows than Excel
            can hold.
        FileNotFoundError
            If there is no such folder.

        Warns
        -----
        DataWarning
            If a text had to be cut.

        Examples
        --------
        >>> ayr.load_sample("youtube").ayr.to_excel(folder / "posts.xlsx", tz="Europe/Berlin")
        """
        from ayrframe import _export

        _export.to_excel(self._frame, path, tz=tz, people=people)

    def __getattr__(self, name: str) -> Callable[..., pd.DataFrame]:
        """Return the method of an expansion."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {quote(name)}.")
        from ayrframe._expansions.expand import unknown_expansion_message
        from ayrframe._expansions.methods import expansion_method

        method = expansion_method(self._frame, name)
        if method is None:
            raise ExpansionError(f"posts.ayr has no verb {quote(name)}. {unknown_expansion_message(self._frame, name)}")
        return method

    def __dir__(self) -> list[str]:
        """List the verbs, and the expansions of the frame's own platforms."""
        from ayrframe._expansions import expand as _expand

        return [*super().__dir__(), *_expand.expansion_names(self._frame)]

    def __repr__(self) -> str:
        """Return the summary card as text."""
        from ayrframe._accessor import card as _card

        return _card.card_text(self._frame)

    def _repr_html_(self) -> str:
        from ayrframe._accessor import card as _card

        return _card.card_html(self._frame)
