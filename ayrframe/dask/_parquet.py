"""A data set as a dask DataFrame: a partition for each of its files, several for a large one."""

from __future__ import annotations

import os

import dask.dataframe as dd
import pandas as pd
from dask.base import tokenize

from ayrframe._archive.parquet.layout import DatasetPart
from ayrframe._archive.parquet.ranges import ProfileRange
from ayrframe._archive.parquet.read import DatasetSource, open_source
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.schema import Severity, check_severity, validate_frame
from ayrframe._metrics.periods import TimeLike
from ayrframe._platforms import PlatformNames, find_platform
from ayrframe.dask._graph import from_tasks
from ayrframe.dask._warnings import heard


def read_parquet(
    source: str | os.PathLike[str],
    *,
    platform: PlatformNames = None,
    profile: PlatformNames = None,
    since: TimeLike | None = None,
    until: TimeLike | None = None,
    tz: str = "UTC",
    validate: Severity = "warn",
) -> dd.DataFrame:
    """Read posts from a data set, as :func:`ayrframe.read_parquet` does, in many partitions.

    The folder has to be there, under the same path, for every worker. No post is read before the result is computed.
    What is added to the data set after this call is in it only where it came into a file that was there.

    Parameters
    ----------
    source, platform, profile, since, until, tz
        As in :func:`ayrframe.read_parquet`.
    validate : {"warn", "raise", None}, default "warn"
        What to do about values that should not be, partition by partition: see :func:`ayrframe.schema`.

    Returns
    -------
    dask.dataframe.DataFrame
        The columns and dtypes of the posts frame. There is a partition for each network and month that can have what
        is asked for, in the order of :func:`ayrframe.read_parquet`; a file of more than about 250,000 observations has
        several, each with whole profiles.

    Raises
    ------
    FileNotFoundError
        If there is no data set.
    ValueError
        If there is no such platform or time zone, or the period makes no sense.
    AyrframeError
        If a file is damaged; most of that shows when it is computed.
    SchemaError
        When it is computed with `validate="raise"`, if a check fails.

    Warns
    -----
    DataWarning
        If the data set has networks that this version does not know, or a check finds something.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     archive = ayr.Archive(folder / "replies")
    ...     posts = ayr.load("tiktok", limit=None, archive=archive, client=api.client())
    >>> written = archive.to_parquet(folder / "posts")
    >>> ddf = ayr.dask.read_parquet(folder / "posts", since="2026-01-01")
    >>> ddf.npartitions, int(ddf.ayr.metrics()["views"].count().compute(scheduler="sync"))
    (2, 19)
    """
    check_severity(validate)
    data, parts, platforms = open_source(source, platform=platform, profile=profile, since=since, until=until, tz=tz)
    names = tuple(one.name for one in platforms)
    meta = to_frame(concat_tables([], platforms))
    written = [(part.name, os.stat(os.path.join(data.folder, part.place)).st_mtime_ns) for part in parts]
    name = f"posts-{tokenize(data, names, written, validate)}"
    spans = [
        (data, part.platform.name, part.month, span, names, validate) for part in parts for span in data.spans(part)
    ]
    return from_tasks(name, _posts, spans, meta)


@heard
def _posts(
    data: DatasetSource, platform: str, month: str, span: ProfileRange, names: tuple[str, ...], validate: Severity
) -> pd.DataFrame:
    """Return a partition, under the columns of all networks of these names."""
    own = find_platform(platform)
    posts = to_frame(
        concat_tables([data.posts(DatasetPart(own, month), span)], [find_platform(name) for name in names])
    )
    return validate_frame(posts, validate, [own])
