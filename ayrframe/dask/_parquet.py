"""Read a dataset as a dask DataFrame, one or more partitions per file."""

from __future__ import annotations

import os

import dask.dataframe as dd
import pandas as pd
from dask.base import tokenize

from ayrframe._archive.parquet.layout import DatasetPart
from ayrframe._archive.parquet.ranges import ProfileRange
from ayrframe._archive.parquet.read import DatasetSource, open_source
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._frame.times import TimeLike, TimeZone
from ayrframe._platforms import PlatformNames, find_platform
from ayrframe.dask._graph import from_tasks


def read_parquet(
    source: str | os.PathLike[str],
    *,
    platform: PlatformNames = None,
    profile: PlatformNames = None,
    since: TimeLike | None = None,
    until: TimeLike | None = None,
    tz: TimeZone = "UTC",
    validate: Severity = "warn",
) -> dd.DataFrame:
    """Read posts from a dataset in partitions, as `ayr.read_parquet()` does in one frame.

    All workers need access to the folder under the same path. Posts are read when the result is computed. Posts that
    are added later are included only if they are added to a file that exists now.

    Parameters
    ----------
    source, platform, profile, since, until, tz
        As in `ayr.read_parquet()`.
    validate : {"warn", "raise", None}, default "warn"
        How to handle invalid values, partition by partition: see `ayr.schema()`.

    Returns
    -------
    dask.dataframe.DataFrame
        The columns and dtypes of the posts frame, one partition per platform and month that may have requested posts,
        in the order of `ayr.read_parquet()`. A file with more than about 250,000 observations has several
        partitions, each with whole profiles.

    Raises
    ------
    FileNotFoundError, ValueError, AyrframeError, SchemaError
        As in `ayr.read_parquet()`; corrupt files and invalid values raise when the result is computed.

    Warns
    -----
    DataWarning
        As in `ayr.read_parquet()`.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     archive = ayr.Archive(folder / "pages")
    ...     posts = ayr.load("tiktok", limit=None, archive=archive, client=api.client())
    >>> written = archive.to_parquet(folder / "posts")
    >>> ddf = ayr.dask.read_parquet(folder / "posts", since="2026-01-01")
    >>> ddf.npartitions, int(ddf.ayr.metrics()["views"].count().compute(scheduler="sync"))
    (2, 19)
    """
    selected, parts, platforms = open_source(source, platform, profile, period=(since, until, tz), validate=validate)
    names = tuple(platform.name for platform in platforms)
    written = [(part.name, os.stat(os.path.join(selected.folder, part.path)).st_mtime_ns) for part in parts]
    arguments = [
        (selected, part.platform.name, part.month, profile_range, names, validate)
        for part in parts
        for profile_range in selected.profile_ranges(part)
    ]
    name = f"posts-{tokenize(selected, names, written, validate)}"
    return from_tasks(name, _read_range, arguments, to_frame(concat_tables([], platforms)))


def _read_range(
    selected: DatasetSource, name: str, month: str, profiles: ProfileRange, names: tuple[str, ...], validate: Severity
) -> pd.DataFrame:
    """Return the partition of a profile range, with the columns of all platforms of these names."""
    platform = find_platform(name)
    table = selected.posts(DatasetPart(platform, month), profiles)
    posts = to_frame(concat_tables([table], [find_platform(name) for name in names]))
    return validate_frame(posts, validate, [platform])
