"""The archive as users see it: read every observation, the latest ones, growth, and a list of pages."""

from __future__ import annotations

import os

import pandas as pd

from ayrframe._archive.accounts import StoredAccounts
from ayrframe._archive.add import add_pages
from ayrframe._archive.files import check_folder
from ayrframe._archive.listing import list_pages, list_profiles
from ayrframe._archive.observations import read_observations
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.read import make_selection
from ayrframe._archive.to_parquet import update_dataset
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._frame.sources import JSONSources
from ayrframe._frame.times import TimeLike
from ayrframe._metrics.growth import growth
from ayrframe._platforms import PlatformNames
from ayrframe._platforms.spec import Platform


class Archive(StoredAccounts):
    """Folder with the unchanged pages of loads.

    `load(..., archive=...)` writes each page before it requests the next, and requests pages again only when the API
    may have newer numbers. The methods read the pages offline and without a key. The folder contains no keys, but the
    posts of your profiles, so only its owner can read it.

    Parameters
    ----------
    path : str or path
        Folder; it is created by the first load.

    Raises
    ------
    ValueError
        If `path` is not a valid path.

    Examples
    --------
    >>> archive = ayr.Archive(folder)
    >>> len(archive), len(archive.posts("tiktok"))
    (0, 0)
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.store = PageStore(path)

    def __repr__(self) -> str:
        return f"Archive({self.store.path!r})"

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(list_pages(self.store))

    def __bool__(self) -> bool:
        """Return True, also without pages."""
        return True

    @property
    def path(self) -> str:
        """The folder, as an absolute path.

        Examples
        --------
        >>> ayr.Archive(folder).path == str(folder)
        True
        """
        return self.store.path

    def posts(
        self, platform: PlatformNames = None, profile: PlatformNames = None, *, validate: Severity = "warn"
    ) -> pd.DataFrame:
        """Return every observation of every post; `as_of` distinguishes the observations of a post.

        Pages of interrupted loads are included. Of observations with the same post key, the most complete one is
        returned. Corrupt files are skipped with a warning.

        Parameters
        ----------
        platform : str or list of str, optional
            Return only posts of these platforms; the frame has their columns even if there are no posts.
        profile : str or list of str, optional
            Return only posts of the profiles with these labels.
        validate : {"warn", "raise", None}, default "warn"
            How to handle invalid values: see `ayr.schema()`.

        Returns
        -------
        pandas.DataFrame
            The posts frame, load after load, oldest first. Without `platform`, it has the columns of all platforms in
            the archive, or of an empty archive the columns that all platforms share.

        Raises
        ------
        FileNotFoundError
            If the folder does not exist.
        ValueError
            If the platform is unknown, or the archive has pages but none of the profile.
        SchemaError
            If `validate="raise"` and validation fails.

        Warns
        -----
        DataWarning
            For each corrupt file, and if validation finds invalid values. Also if several keys loaded without a profile
            label: the posts of the first key have the label `""`, those of each other key `unlabelled-` and six digits.

        Examples
        --------
        >>> ayr.Archive(folder).posts().columns.tolist() == ayr.COMMON
        True
        """
        posts, platforms = self._read(platform, profile)
        return validate_frame(posts, validate, platforms)

    def latest(
        self, platform: PlatformNames = None, profile: PlatformNames = None, *, validate: Severity = "warn"
    ) -> pd.DataFrame:
        """Return the latest observation of each post, one row per platform, profile and id.

        Error records do not replace posts. Rows without an id are all returned.

        Parameters
        ----------
        platform, profile, validate
            As in `posts()`.

        Returns
        -------
        pandas.DataFrame
            The posts frame, in the order of `posts()`.

        Examples
        --------
        >>> ayr.Archive(folder).latest("bluesky")["like_count"].dtype
        Int64Dtype()
        """
        posts, platforms = self._read(platform, profile)
        return validate_frame(latest_observations(posts), validate, platforms)

    def growth(
        self,
        metric: str = "engagements",
        freq: str | None = None,
        platform: PlatformNames = None,
        profile: PlatformNames = None,
    ) -> pd.DataFrame:
        """Return the growth of a metric of each post over all observations.

        Parameters
        ----------
        metric, freq, platform, profile
            As in `posts.ayr.growth()` and `posts()`.

        Returns
        -------
        pandas.DataFrame
            As from `posts.ayr.growth()`.

        Raises
        ------
        ValueError
            If the metric, frequency, platform or profile is unknown, or the metric is a rate.

        Examples
        --------
        >>> ayr.Archive(folder).growth("views").columns.tolist()[4:]
        ['created', 'age_hours', 'value', 'increment', 'hours', 'per_hour', 'fell']
        """
        return growth(self._read(platform, profile)[0], metric, freq)

    def pages(self) -> pd.DataFrame:
        """List the pages, with checksums that prove that they were not changed.

        Returns
        -------
        pandas.DataFrame
            One row per page, load after load: `platform`, `profile` (str); `received` (datetime64[us, UTC]); `page`
            (Int64, number of the page in its load); `status` (Int64, HTTP status); `bytes` (Int64, size of the body);
            `sha256` (str, of the compressed body, equal to the output of `tail -n +3 FILE | sha256sum`); and `file`
            (str, path in the folder).

        Examples
        --------
        >>> ayr.Archive(folder).pages().columns.tolist()
        ['platform', 'profile', 'received', 'page', 'status', 'bytes', 'sha256', 'file']
        """
        return list_pages(self.store)

    def profiles(self) -> pd.DataFrame:
        """List the profiles of the archive.

        Returns
        -------
        pandas.DataFrame
            One row per platform and profile: `platform`, `profile` (str); `pages` (Int64, number of pages); `posts`
            (Int64, number of different posts); `first_reading` and `last_reading` (datetime64[us, UTC], when the first
            and the last page were received).

        Examples
        --------
        >>> ayr.Archive(folder).profiles().columns.tolist()
        ['platform', 'profile', 'pages', 'posts', 'first_reading', 'last_reading']
        """
        return list_profiles(self.store)

    def add(
        self, source: JSONSources, *, platform: str | None = None, profile: str = "", as_of: TimeLike | None = None
    ) -> int:
        """Add saved responses as pages, and return the number of pages.

        The responses are stored unchanged, except that posts of several platforms in one response become several pages.
        The same response with the same time is stored once. No load answers from these pages.

        Parameters
        ----------
        source, platform, profile, as_of
            As in `ayr.read_json()`. The pages of the profile `""` are of the same profile as loads without a label.

        Returns
        -------
        int
            Number of pages.

        Raises
        ------
        ResponseError, OSError
            If a file cannot be read or a page not be written; the pages of the files before it are in the archive.
        TypeError, ValueError
            If an argument is invalid.

        Examples
        --------
        >>> archive = ayr.Archive(folder)
        >>> archive.add(b'{"posts": [{"id": "1"}]}', platform="tiktok", profile="bakery", as_of="2026-03-01")
        1
        >>> archive.posts()["profile"].tolist()
        ['bakery']
        """
        return add_pages(self.store, source, platform, profile, as_of)

    def to_parquet(self, path: str | os.PathLike[str]) -> pd.DataFrame:
        """Write every observation to a dataset of Parquet files, or add the missing ones to an existing dataset.

        The dataset is a folder with one file per platform and month of publication. The files have the columns of the
        posts frame and can be read without ayrframe, for example with pandas, DuckDB, polars, Spark or R.
        `ayr.read_parquet()` reads the dataset, docs/scale.md describes its layout.

        Pages that are in the dataset are not read again, and each file is replaced atomically: calls may be repeated,
        interrupted, or made while loads write to the archive. Several archives can be added to one dataset, by one
        process at a time.

        Parameters
        ----------
        path : str or path
            Folder of the dataset; it is created if necessary, readable only by you.

        Returns
        -------
        pandas.DataFrame
            One row per file that was written, none if there were no new pages: `platform`, `month` (str, such as
            2026-03, or unknown), `posts` (Int64, number of rows in the file), `bytes` (Int64, size of the file) and
            `file` (str, path in the folder).

        Raises
        ------
        AyrframeError
            If another process is writing to the dataset, or a file of it is corrupt or from a later version of
            ayrframe.
        OSError
            If the folder is not writable.

        Warns
        -----
        DataWarning
            For each corrupt page, which is skipped.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     archive = ayr.Archive(folder / "pages")
        ...     posts = ayr.load("youtube", limit=None, client=api.client(), archive=archive)
        >>> int(archive.to_parquet(folder / "posts")["posts"].sum()) == len(posts)
        True
        >>> len(archive.to_parquet(folder / "posts"))  # no new pages
        0
        """
        return update_dataset(self.store, check_folder(path, "a dataset"))

    def _read(self, platform: PlatformNames, profile: PlatformNames) -> tuple[pd.DataFrame, list[Platform]]:
        """Return every observation, load after load, and the platforms of the frame."""
        self.store.check_exists()
        return read_observations(self.store, self.store.names(), make_selection(platform, profile))
