"""Pages that loads have kept → the posts frame again: every observation, or the newest of each post."""

from __future__ import annotations

import os

import pandas as pd

from ayrframe._archive.files import check_folder
from ayrframe._archive.page_store import PageStore, page_path
from ayrframe._archive.read import make_selection, read_observations
from ayrframe._archive.to_parquet import update_dataset
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._metrics.growth import growth
from ayrframe._platforms import PlatformNames
from ayrframe._platforms.spec import Platform

_PAGES = {
    "platform": "str",
    "profile": "str",
    "received": "datetime64[us, UTC]",
    "page": "Int64",
    "status": "Int64",
    "bytes": "Int64",
    "sha256": "str",
    "file": "str",
}


class Archive:
    """A folder in which loads keep the pages they get, as they came.

    `load(..., archive=...)` writes each page before it asks for the next, and does not ask again before the reply
    itself says that there can be news. What was kept is read here, offline and without a key. There is no secret in
    the folder, but there are your posts: only you can look into it.

    Parameters
    ----------
    path : str or path
        The folder; it is made when the first page is kept.

    Raises
    ------
    ValueError
        If that is nothing a folder can be called.

    Examples
    --------
    >>> archive = ayr.Archive("no-such-folder")
    >>> len(archive.posts("tiktok"))
    0
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Remember the folder; nothing is read or written yet."""
        self.store = PageStore(path)

    def __repr__(self) -> str:
        return f"Archive({self.store.path!r})"

    @property
    def path(self) -> str:
        """The folder, as an absolute path."""
        return self.store.path

    def posts(
        self,
        platform: PlatformNames = None,
        profile: PlatformNames = None,
        *,
        validate: Severity = "warn",
    ) -> pd.DataFrame:
        """Return every observation of every post: what each load has seen, told apart by `as_of`.

        Pages of loads that were cut in the middle count as well. An observation that was read twice, with the same
        post key, is one row: of its copies the one that tells most. A file that is damaged is left out, with a
        warning that names it.

        Parameters
        ----------
        platform : str or list of str, optional
            Only posts of these networks; the frame has their columns, also where there are no posts.
        profile : str or list of str, optional
            Only posts of the profiles with these labels.
        validate : {"warn", "raise", None}, default "warn"
            What to do about values that should not be: see :func:`schema`.

        Returns
        -------
        pandas.DataFrame
            The posts frame, load after load in the order in which they were made. Without `platform`, its columns are
            those of the networks that have a page here; if none has, only those that every network shares.

        Raises
        ------
        ValueError
            If there is no such platform.
        SchemaError
            With `validate="raise"`, if a check fails.

        Examples
        --------
        >>> ayr.Archive("no-such-folder").posts().columns.tolist()
        ['platform', 'profile', 'id', 'created', 'post', 'post_url', 'as_of', 'extra']
        """
        posts, platforms = self._observed(platform, profile)
        return validate_frame(posts, validate, platforms)

    def latest(
        self,
        platform: PlatformNames = None,
        profile: PlatformNames = None,
        *,
        validate: Severity = "warn",
    ) -> pd.DataFrame:
        """Return the newest observation of each post, one row per platform, profile and id.

        A record of a failure never stands for a post that was once seen whole. Posts without an id cannot be told
        apart, and all are there.

        Parameters
        ----------
        platform, profile, validate
            As in :meth:`posts`.

        Returns
        -------
        pandas.DataFrame
            The posts frame, in the order of :meth:`posts`.

        Examples
        --------
        >>> ayr.Archive("no-such-folder").latest("bluesky")["like_count"].dtype
        Int64Dtype()
        """
        posts, platforms = self._observed(platform, profile)
        return validate_frame(latest_observations(posts), validate, platforms)

    def growth(
        self,
        metric: str = "engagements",
        freq: str | None = None,
        platform: PlatformNames = None,
        profile: PlatformNames = None,
    ) -> pd.DataFrame:
        """Follow a metric of each post over time, by all that the loads have seen.

        Parameters
        ----------
        metric, freq, platform, profile
            As in :meth:`PostsAccessor.growth` and :meth:`posts`.

        Returns
        -------
        pandas.DataFrame
            The table of :meth:`PostsAccessor.growth`.

        Raises
        ------
        ValueError
            If there is no such metric, frequency or platform, or the metric is a rate.

        Examples
        --------
        >>> ayr.Archive("no-such-folder").growth("views").columns.tolist()[4:]
        ['created', 'age_hours', 'value', 'increment', 'hours', 'per_hour', 'fell']
        """
        return growth(self._observed(platform, profile)[0], metric, freq)

    def pages(self) -> pd.DataFrame:
        """List the kept pages, with the checksums by which anybody can see that nothing was changed.

        Returns
        -------
        pandas.DataFrame
            A row per page, load after load: `platform`, `profile` (str); `received` (datetime64[us, UTC]); `page`
            (Int64, its number in its load); `status` (Int64, of the reply); `bytes` (Int64, of the body as it came);
            `sha256` (str, of the compressed body, which `tail -n +3 FILE | sha256sum` computes again); and `file`
            (str, its place in the folder).

        Examples
        --------
        >>> ayr.Archive("no-such-folder").pages().columns.tolist()
        ['platform', 'profile', 'received', 'page', 'status', 'bytes', 'sha256', 'file']
        """
        lines = sorted(self.store.heads(self.store.names()), key=lambda one: (one[1].load, one[1].place, one[0]))
        rows = [
            (
                line.request.platform,
                line.request.profile,
                line.received_at,
                line.number,
                line.status,
                line.length,
                line.sha256,
                page_path(name),
            )
            for name, line in lines
        ]
        return pd.DataFrame(rows, columns=list(_PAGES)).astype(_PAGES)

    def to_parquet(self, path: str | os.PathLike[str]) -> pd.DataFrame:
        """Write every observation into a data set of Parquet files, or add to one what it does not have yet.

        The data set is a folder with a file for each network and month of publication; the files have the columns of
        the posts frame, and every engine that knows Parquet reads them without ayrframe: pandas, DuckDB, polars,
        Spark, R. :func:`read_parquet` reads them back, docs/scale.md says how the folder is laid out.

        Pages that are in the data set already are not read again, and each file is there whole or not at all: the call
        may be repeated, interrupted, or made while loads write to the archive. Several archives may go into one
        data set. One call at a time can write to it.

        Parameters
        ----------
        path : str or path
            The folder of the data set; it is made, for you alone to look into, if it is not there.

        Returns
        -------
        pandas.DataFrame
            A row per file that was written, none if nothing was new: `platform`, `month` (str, such as 2026-03, or
            unknown), `posts` (Int64, in the file now), `bytes` (Int64) and `file` (str, its place in the folder).

        Raises
        ------
        AyrframeError
            If somebody else writes to the data set, a file of it is damaged, or a later version of ayrframe wrote it.
        OSError
            If the folder cannot be written to.

        Warns
        -----
        DataWarning
            For each page that is damaged and left out.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     archive = ayr.Archive(folder / "replies")
        ...     posts = ayr.load("youtube", limit=None, client=api.client(), archive=archive)
        >>> int(archive.to_parquet(folder / "posts")["posts"].sum()) == len(posts)
        True
        >>> len(archive.to_parquet(folder / "posts"))  # nothing is new
        0
        """
        return update_dataset(self.store, check_folder(path, "A data set"))

    def _observed(self, platform: PlatformNames, profile: PlatformNames) -> tuple[pd.DataFrame, list[Platform]]:
        """Return each observation, in the order of the loads, and the platforms of the frame."""
        return read_observations(self.store, self.store.names(), make_selection(platform, profile))
