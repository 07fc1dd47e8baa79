"""Read an archive as a dask DataFrame, one partition per platform and profile."""

from __future__ import annotations

import os

import dask.dataframe as dd
import pandas as pd
from dask.base import tokenize

from ayrframe._archive.observations import read_observations
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.read import ProfilePages, Selection, list_profile_pages, make_selection
from ayrframe._frame.schema import Severity, check_severity, validate_frame
from ayrframe._platforms import PlatformNames
from ayrframe.dask._graph import from_tasks


def read_archive(
    path: str | os.PathLike[str],
    platform: PlatformNames = None,
    profile: PlatformNames = None,
    *,
    validate: Severity = "warn",
) -> dd.DataFrame:
    """Read every observation of every post in an archive in partitions, as `Archive(path).posts()` does in one frame.

    All workers need access to the folder under the same path. Pages are read when the result is computed. Pages of
    later loads are not included, except those of a load that is running during this call.

    Parameters
    ----------
    path : str or path
        Folder of the archive.
    platform : str or list of str, optional
        Return only posts of these platforms; the frame has their columns even if there are no posts.
    profile : str or list of str, optional
        Return only posts of the profiles with these labels.
    validate : {"warn", "raise", None}, default "warn"
        How to handle invalid values, partition by partition: see `ayr.schema()`.

    Returns
    -------
    dask.dataframe.DataFrame
        The columns and dtypes of the posts frame, one partition per platform and profile, sorted by platform and
        label. A partition has the observations of its profile, load after load, without duplicates.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist on this machine.
    ValueError, SchemaError
        As in `Archive.posts()`; invalid values raise when the result is computed.

    Warns
    -----
    DataWarning
        As in `Archive.posts()`.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     posts = ayr.load(["bluesky", "x"], limit=None, archive=ayr.Archive(folder), client=api.client())
    >>> ddf = ayr.dask.read_archive(folder)
    >>> ddf.npartitions, len(ddf.compute(scheduler="sync")) == len(posts)
    (2, True)
    """
    check_severity(validate)
    store, selection = PageStore(path), make_selection(platform, profile)
    store.check_exists()
    profiles = list_profile_pages(store, selection)
    names = frozenset(platform.name for platform in selection.frame_platforms(pages.platform for pages in profiles))
    meta, _ = read_observations(store, [], Selection(names, None))
    name = f"archive-{tokenize(store.path, sorted(names), profiles, validate)}"
    return from_tasks(name, _read_profile, [(store.path, pages, names, validate) for pages in profiles], meta)


def _read_profile(path: str, pages: ProfilePages, names: frozenset[str], validate: Severity) -> pd.DataFrame:
    """Return the partition of a profile, with the columns of all requested platforms."""
    store = PageStore(path)
    posts, platforms = read_observations(store, pages.names(store), Selection(names, frozenset([pages.profile])))
    return validate_frame(posts, validate, platforms)
