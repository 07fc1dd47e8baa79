"""ddf.ayr: the verbs of a posts frame on a dask DataFrame, with the same names and results; all are lazy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import dask.dataframe as dd
from dask.dataframe.extensions import register_dataframe_accessor

from ayrframe._accessor.posts import PostsAccessor
from ayrframe._platforms.columns import KEY
from ayrframe.dask import _partitions, _summary
from ayrframe.errors import ExpansionError, quote

if TYPE_CHECKING:
    from ayrframe._metrics.coverage import CoverageTarget

HOW_TO_GET_ONE = "Get one with ayr.dask.read_parquet, read_archive or load, or with dask.dataframe.from_pandas(posts)."


@register_dataframe_accessor("ayr")
class DaskAccessor:
    """What a posts frame can do in many partitions, as `ddf.ayr`.

    It is there on every dask DataFrame that has the post key `platform, profile, id, as_of`, once `ayr.dask` is
    imported. Each verb gives a dask DataFrame, which `.compute()` makes a frame of: the one that the same verb gives
    on pandas for all partitions together, whatever the partitions are. Columns are decided before any row is read:
    where those of several networks are there, the networks are taken to be, also where a filter left no row of one.

    Examples
    --------
    >>> import dask.dataframe as dd
    >>> posts = ayr.load_sample("tiktok")
    >>> ddf = dd.from_pandas(posts, npartitions=3)
    >>> sources = ddf.ayr.impression_sources().compute(scheduler="sync")
    >>> sources.reset_index(drop=True).equals(posts.ayr.impression_sources())
    True
    """

    def __init__(self, posts: dd.DataFrame) -> None:
        """Refuse a frame that is none of posts; only an AttributeError may leave here."""
        if missing := [name for name in KEY if name not in posts.columns]:
            raise AttributeError(f"This is no posts frame, it lacks {', '.join(missing)}. {HOW_TO_GET_ONE}")
        self._posts = posts

    def expansions(self) -> dd.DataFrame:
        """List the child tables of these posts.

        Returns
        -------
        dask.dataframe.DataFrame
            As :meth:`ayrframe.PostsAccessor.expansions`: `name`, `platforms`, `source`, `row` (str) and `posts`
            (int64), in one partition.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("linkedin"), npartitions=2)
        >>> ddf.ayr.expansions().compute(scheduler="sync")["name"].tolist()
        ['reactions', 'media', 'liked_by', 'comment_urns', 'extra']
        """
        return _partitions.expansions(self._posts)

    def expand(self, name: str, *, wide: bool = False) -> dd.DataFrame:
        """Unfold one child table, by its name.

        Parameters
        ----------
        name : str
            One of :meth:`expansions`.
        wide : bool, default False
            Lay `reactions` and `media_metrics` out in columns instead of rows.

        Returns
        -------
        dask.dataframe.DataFrame
            As :meth:`ayrframe.PostsAccessor.expand`, a partition for each of the posts. The wide form has the columns
            of all networks whose columns are there.

        Raises
        ------
        ExpansionError
            If these posts have no expansion of this name.
        ValueError
            If `wide` is asked of a table that has no wide form.
        AyrframeError
            When it is computed: if the wide form is asked of a network of which columns were dropped.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("facebook"), npartitions=2)
        >>> ddf.ayr.expand("reactions", wide=True).columns[4:].tolist()
        ['like', 'love', 'anger', 'haha', 'wow', 'sorry', 'total']
        """
        return _partitions.expand(self._posts, name, wide=wide)

    def metrics(self, *, followers: Mapping[str, float] | None = None) -> dd.DataFrame:
        """Return the same metrics for posts of every network, one row per post.

        Parameters
        ----------
        followers : mapping of str to number, optional
            Followers by network, such as `{"instagram": 12000}`, for the rate `er_followers`.

        Returns
        -------
        dask.dataframe.DataFrame
            As :meth:`ayrframe.PostsAccessor.metrics`, a partition for each of the posts.

        Raises
        ------
        ValueError
            If `followers` names no network, or holds what is no number of people.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("tiktok"), npartitions=2)
        >>> int(ddf.ayr.metrics()["likes"].sum().compute(scheduler="sync"))
        124522
        """
        return _partitions.metrics(self._posts, followers)

    def summary(self, by: str | Sequence[str] = "platform", *, tz: str | None = None) -> dd.DataFrame:
        """Sum up the metrics of groups of posts, each post once, by its newest observation.

        Copies of a post may be in several partitions, and medians are exact. Two shuffles move the keys and numbers
        of posts, but no text; the numbers of the largest group have to fit into the memory of one worker.

        Parameters
        ----------
        by : str or list of str, default "platform"
            Any of platform, profile, format, kind, day, week, month. The network is always a group: no number is
            added across networks.
        tz : str, optional
            The time zone in which days begin, such as `"Europe/Berlin"`; UTC if not given.

        Returns
        -------
        dask.dataframe.DataFrame
            As :meth:`ayrframe.PostsAccessor.summary`, in one partition. Sums of whole numbers are the same number,
            sums of seconds are equal up to rounding.

        Raises
        ------
        ValueError
            If posts cannot be grouped so, or there is no such time zone.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("tiktok"), npartitions=3)
        >>> sums = ddf.ayr.summary().compute(scheduler="sync").set_index("metric")
        >>> sums.loc[["likes", "reach"], ["posts", "posts_with", "sum"]].values.tolist()
        [[155, 154, 124522.0], [155, 105, nan]]
        """
        return _summary.summary(self._posts, by, tz)

    def coverage(self, of: CoverageTarget = "metrics") -> dd.DataFrame:
        """Say why values are missing, as far as that can be known.

        Parameters
        ----------
        of : {"metrics", "columns"}, default "metrics"
            What to look at: the metrics that a network has, or all columns of its posts.

        Returns
        -------
        dask.dataframe.DataFrame
            As :meth:`ayrframe.PostsAccessor.coverage`, in one partition.

        Raises
        ------
        ValueError
            If `of` is something else.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("x"), npartitions=2)
        >>> ddf.ayr.coverage().compute(scheduler="sync")[["column", "reason", "count"]].values.tolist()
        [['clicks', 'older than 30 days', 140], ['views', 'not in this endpoint', 155]]
        """
        return _partitions.coverage(self._posts, of)

    def __getattr__(self, name: str) -> Callable[..., dd.DataFrame]:
        """Return the method of an expansion."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {quote(name)}.")
        method = _partitions.method(self._posts, name)
        if method is None:
            raise ExpansionError(f"ddf.ayr has no verb {quote(name)}. {self._instead_of(name)}")
        return method

    def _instead_of(self, name: str) -> str:
        if hasattr(PostsAccessor, name):
            return f"posts.ayr has it: compute() the posts that it is to be of, and use their .ayr.{name}."
        return _partitions.no_such(self._posts, name)

    def __dir__(self) -> list[str]:
        """List the verbs, and the expansions of the networks whose columns are there."""
        return [*super().__dir__(), *_partitions.names_in(self._posts)]

    def __repr__(self) -> str:
        """Return what it is of; the posts themselves are not read for it."""
        names = ", ".join(platform.title for platform in _partitions.platforms_of(self._posts)) or "no whole network"
        return f"<ayr of {self._posts.npartitions} partition(s), {names}>"
