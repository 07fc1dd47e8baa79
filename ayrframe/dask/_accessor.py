"""The accessor `ddf.ayr`: methods of a posts frame on a dask DataFrame, with the same names and results."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn, TypeVar

import dask.dataframe as dd
import pandas as pd
from dask.dataframe.extensions import register_dataframe_accessor

from ayrframe._accessor.call_names import called_as
from ayrframe._accessor.frame_kinds import check_frame_kind
from ayrframe._accessor.posts import PostsAccessor
from ayrframe._expansions.expand import expansion_names, hint_for_unknown_name
from ayrframe._expansions.methods import bind_method
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.frames import is_metrics_frame
from ayrframe._platforms import PLATFORMS
from ayrframe.dask import _partitions
from ayrframe.dask._summary import summarize
from ayrframe.errors import ArgumentTypeError, ExpansionError, describe_table, quote

if TYPE_CHECKING:
    from ayrframe._accessor.expansions import PostsExpansions
    from ayrframe._metrics.coverage import CoverageTarget
    from ayrframe._metrics.followers import Followers

    Expansions = PostsExpansions[dd.DataFrame]
else:
    Expansions = object

T = TypeVar("T", bound=Callable[..., dd.DataFrame])

_HOW_TO_CREATE = "Create one with ayr.dask.read_parquet, read_archive or load, or dask.dataframe.from_pandas(posts)."


def _add_sections(method: T) -> T:
    """Insert the sections of the pandas method of the same name into a docstring, before the examples."""
    pandas_docstring = inspect.getdoc(getattr(PostsAccessor, method.__name__)) or ""
    sections = re.search(r"(Parameters|Returns)\n---.*(?=Examples\n---)", pandas_docstring, re.DOTALL)
    text, heading, examples = (inspect.getdoc(method) or "").partition("Examples\n---")
    added = sections[0].replace("pandas.DataFrame", "dask.dataframe.DataFrame") if sections else ""
    method.__doc__ = f"{text}{added}{heading}{examples}"
    return method


def _check_dask(posts: object) -> None:
    if not isinstance(posts, dd.DataFrame):
        hint = "Use ayr.PostsAccessor for frames of pandas." if isinstance(posts, pd.DataFrame) else _HOW_TO_CREATE
        raise ArgumentTypeError(f"`posts` must be a dask DataFrame, got {describe_table(posts)} {hint}")


@called_as("ddf.ayr")
class DaskAccessor(Expansions):
    """Methods of a posts frame in partitions, as `ddf.ayr`.

    Available on every dask DataFrame with the columns of a posts frame, once `ayr.dask` is imported; on that of a
    metrics frame, `summary()` is. Each method returns a lazy dask DataFrame. `.compute()` gives the result of the
    pandas method for all partitions together, however the posts are partitioned. The platforms are those whose columns
    are present, even if a filter removed all of their rows, because columns are known before any row is read. For type
    checkers and editors, write `ayr.dask.DaskAccessor(ddf)`.

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
        """Raise an AttributeError, the only error that dask passes on from here, if it is not a posts frame."""
        _check_dask(posts)
        try:
            check_frame_kind(posts._meta)
        except AttributeError as error:
            raise AttributeError(f"{error} {_HOW_TO_CREATE}") from None
        self._posts = posts

    @_add_sections
    def expansions(self) -> dd.DataFrame:
        """List the expansions of these posts, in one partition.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("linkedin"), npartitions=2)
        >>> ddf.ayr.expansions().compute(scheduler="sync")["name"].tolist()
        ['reactions', 'media', 'liked_by', 'comment_urns', 'extra']
        """
        return _partitions.collect_expansions(self._posts)

    @_add_sections
    def expand(self, name: str, *, wide: bool = False) -> dd.DataFrame:
        """Return the child table of an expansion, one partition per partition of the posts.

        The wide format has the columns of all platforms whose columns are present. Computing it raises an
        AyrframeError if the frame lacks columns of a platform that has posts.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("facebook"), npartitions=2)
        >>> ddf.ayr.expand("reactions", wide=True).columns[4:].tolist()
        ['like', 'love', 'anger', 'haha', 'wow', 'sorry', 'total']
        """
        return _partitions.map_expand(self._posts, name, wide=wide)

    @_add_sections
    def metrics(self, *, followers: Followers | None = None) -> dd.DataFrame:
        """Return metrics with the same meaning on all platforms, one partition per partition of the posts.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("tiktok"), npartitions=2)
        >>> int(ddf.ayr.metrics()["likes"].sum().compute(scheduler="sync"))
        124522
        """
        return _partitions.map_metrics(self._posts, followers)

    @_add_sections
    def summary(
        self,
        by: str | Sequence[str] = "platform",
        *,
        tz: TimeZone | None = None,
        metric: str | Sequence[str] | None = None,
        dropna: bool = True,
    ) -> dd.DataFrame:
        """Aggregate metrics by group, using the latest observation of each post; the result is one partition.

        Copies of a post may be in several partitions, and medians are exact. Two shuffles move the keys and metrics of
        posts, but not their texts. The metrics of the largest group must fit into the memory of one worker. Sums of
        integers equal those of pandas, other sums are equal up to rounding.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("tiktok"), npartitions=3)
        >>> sums = ddf.ayr.summary().compute(scheduler="sync").set_index("metric")
        >>> sums.loc[["likes", "reach"], ["posts", "posts_with", "sum"]].values.tolist()
        [[155, 154, 124522.0], [155, 105, nan]]
        """
        return summarize(self._posts, by, tz, metric, dropna=dropna)

    @_add_sections
    def coverage(self, of: CoverageTarget = "metrics") -> dd.DataFrame:
        """Count missing values by column and reason, in one partition.

        Examples
        --------
        >>> import dask.dataframe as dd
        >>> ddf = dd.from_pandas(ayr.load_sample("x"), npartitions=2)
        >>> ddf.ayr.coverage().compute(scheduler="sync")[["column", "reason", "count"]].head(2).values.tolist()
        [['clicks', 'not comparable', 15], ['clicks', 'older than 30 days', 140]]
        """
        return _partitions.collect_coverage(self._posts, of)

    def _find_attribute(self, name: str) -> Callable[..., dd.DataFrame]:
        """Return the method of an expansion."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {quote(name)}.")
        meta = _partitions.empty_posts(self._posts)
        method = bind_method(self.expand, name, meta, list(PLATFORMS.values()))
        if method is None:
            if hasattr(PostsAccessor, name):
                hint = f" Use the method of pandas: ddf.compute().ayr.{name}."
            else:
                choices = [choice for choice in dir(self) if not choice.startswith("_")]
                hint = hint_for_unknown_name(meta, name, choices)
            raise ExpansionError(f"`ddf.ayr` has no method or expansion {quote(name)}.{hint}")
        return method

    if not TYPE_CHECKING:  # type checkers report unknown names
        __getattr__ = _find_attribute

    def __dir__(self) -> list[str]:
        """List the methods, and the expansions of the platforms whose columns are present."""
        return [*super().__dir__(), *expansion_names(_partitions.empty_posts(self._posts), PLATFORMS.values())]

    def __repr__(self) -> str:
        """Return the number of partitions and the platforms, without reading posts."""
        platforms = platforms_in(_partitions.empty_posts(self._posts))
        titles = ", ".join(platform.title for platform in platforms) or "incomplete columns"
        return f"<ayr of {self._posts.npartitions} partition(s), {titles}>"


class DaskMetricsAccessor:
    """The methods of a metrics frame in partitions."""

    def __init__(self, table: dd.DataFrame) -> None:
        """Raise an AttributeError, the only error that dask passes on from here, if it is not a metrics frame."""
        _check_dask(table)
        check_frame_kind(table._meta, metrics=True)
        self._posts = table

    summary = DaskAccessor.summary

    def _find_attribute(self, name: str) -> NoReturn:
        """Raise an AttributeError that says where a method is available."""
        raise AttributeError(
            f"`ddf.ayr` of a metrics frame has `summary` only, not {quote(name)}. Call it on the posts, or use pandas: "
            "ddf.compute().ayr."
        )

    if not TYPE_CHECKING:  # type checkers report unknown names
        __getattr__ = _find_attribute


def dask_accessor_of(frame: dd.DataFrame) -> DaskAccessor | DaskMetricsAccessor:
    """Return the accessor of a dask DataFrame; raise an AttributeError if it is neither kind of frame."""
    return DaskMetricsAccessor(frame) if is_metrics_frame(frame._meta) else DaskAccessor(frame)


# dask calls it with the frame, as it calls a class.
register_dataframe_accessor("ayr")(dask_accessor_of)
