"""An archive as a dask DataFrame: a partition for each profile of each network."""

from __future__ import annotations

import os

import dask.dataframe as dd
import pandas as pd
from dask.base import tokenize

from ayrframe._archive.page_store import PageStore
from ayrframe._archive.read import ProfilePages, Selection, list_profile_pages, make_selection, read_observations
from ayrframe._frame.schema import Severity, check_severity, validate_frame
from ayrframe._platforms import PlatformNames
from ayrframe.dask._graph import from_tasks
from ayrframe.dask._warnings import heard


def read_archive(
    path: str | os.PathLike[str],
    platform: PlatformNames = None,
    profile: PlatformNames = None,
    *,
    validate: Severity = "warn",
) -> dd.DataFrame:
    """Read every observation of every post in an archive, as `Archive(path).posts()` does, in many partitions.

    The folder has to be there, under the same path, for every worker. No page is read before the result is computed.
    What loads add to the archive after this call is not in it, but for pages of a load that was under way.

    Parameters
    ----------
    path : str or path
        The folder of the archive.
    platform : str or list of str, optional
        Only posts of these networks; the frame has their columns, also where there are no posts.
    profile : str or list of str, optional
        Only posts of the profiles with these labels.
    validate : {"warn", "raise", None}, default "warn"
        What to do about values that should not be, partition by partition: see :func:`ayrframe.schema`.

    Returns
    -------
    dask.dataframe.DataFrame
        The columns and dtypes of the posts frame. There is a partition for each profile of each network, networks in
        their usual order, labels sorted; in it are its observations, load after load, each once.

    Raises
    ------
    ValueError
        If there is no such platform, or `path` is nothing a folder can be called.
    FileNotFoundError
        If there is no such folder on this machine.
    SchemaError
        When it is computed with `validate="raise"`, if a check fails.

    Warns
    -----
    DataWarning
        If a file of the archive is damaged and left out, or a check finds something.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     posts = ayr.load(["bluesky", "x"], limit=None, archive=ayr.Archive(folder), client=api.client())
    >>> ddf = ayr.dask.read_archive(folder)
    >>> ddf.npartitions, len(ddf.compute(scheduler="sync")) == len(posts)
    (2, True)
    """
    check_severity(validate)
    store, which = PageStore(path), make_selection(platform, profile)
    if not os.path.isdir(store.path):
        raise FileNotFoundError(f"There is no archive in {store.path!r}. load(..., archive=...) makes one.")
    found = list_profile_pages(store, which)
    names = frozenset(one.name for one in which.among(share.platform for share in found))
    meta, _ = read_observations(store, [], Selection(names, None))
    name = f"archive-{tokenize(store.path, sorted(names), found, validate)}"
    return from_tasks(name, _observations, [(store.path, share, names, validate) for share in found], meta)


@heard
def _observations(path: str, share: ProfilePages, names: frozenset[str], validate: Severity) -> pd.DataFrame:
    """Return a partition, under the columns of all networks of these names."""
    store = PageStore(path)
    posts, platforms = read_observations(store, share.names(store), Selection(names, frozenset([share.profile])))
    return validate_frame(posts, validate, platforms)
