"""A data set → the posts frame: only the parts, rows and columns that are asked for are read."""

from __future__ import annotations

import os
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._archive.files import check_folder
from ayrframe._archive.parquet.layout import MANIFEST_FOLDER, DatasetPart, list_parts, unknown_platforms
from ayrframe._archive.parquet.part_file import PartFile
from ayrframe._archive.parquet.ranges import ALL_PROFILES, ProfileRange, combine_filters, split_ranges
from ayrframe._decode.arrays import UTC_TIME
from ayrframe._frame.deduplicate import drop_duplicate_observations
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.schema import Severity, check_severity, validate_frame
from ayrframe._metrics.periods import TimeLike, TimeRange, time_range
from ayrframe._platforms import PlatformNames, as_names, find_platform, in_registry_order
from ayrframe._platforms.columns import CREATED, PROFILE
from ayrframe._platforms.spec import Platform
from ayrframe.errors import warn_user


class DatasetSource(NamedTuple):
    """A data set, and which of its posts are asked for."""

    folder: str
    window: TimeRange
    profiles: tuple[str, ...] | None

    def posts(self, part: DatasetPart, span: ProfileRange = ALL_PROFILES) -> pa.Table:
        """Return the posts of a part that are asked for, or those of a span of it."""
        return PartFile(self.folder, part).read(combine_filters(self._asked, span.rows))

    def spans(self, part: DatasetPart) -> list[ProfileRange]:
        """Return the spans in which a part can be read bit by bit, about as many rows in each."""
        return split_ranges(PartFile(self.folder, part).weights())

    @property
    def _asked(self) -> pc.Expression | None:
        """What is asked for as a filter. A post of which nobody knows the time is not left out."""
        created, (since, until) = pc.field(CREATED.name), (self.window.since, self.window.until)
        return combine_filters(
            None if self.profiles is None else pc.field(PROFILE.name).isin(pa.array(self.profiles, pa.large_string())),
            None if since is None else (created >= pa.scalar(since, UTC_TIME)) | created.is_null(),
            None if until is None else (created <= pa.scalar(until, UTC_TIME)) | created.is_null(),
        )


def open_source(
    folder: str | os.PathLike[str],
    *,
    platform: PlatformNames,
    profile: PlatformNames,
    since: TimeLike | None,
    until: TimeLike | None,
    tz: str,
) -> tuple[DatasetSource, list[DatasetPart], list[Platform]]:
    """Return what is asked of a data set, the parts that can have it, and the networks of the frame."""
    path = check_folder(folder, "A data set")
    source = DatasetSource(
        path, time_range(since, until, tz), None if profile is None else tuple(as_names(profile, "profile"))
    )
    asked = None if platform is None else in_registry_order(find_platform(name) for name in as_names(platform))
    parts = list(list_parts(path))
    if not parts and not os.path.isdir(os.path.join(path, MANIFEST_FOLDER)):
        raise FileNotFoundError(f"There is no data set in {path!r}. Archive.to_parquet makes one.")
    if foreign := unknown_platforms(path):
        text = f"The data set {path!r} has posts of networks that this version does not know, and which are left out: "
        warn_user(text + f"{', '.join(foreign)}.")
    platforms = in_registry_order(part.platform for part in parts) if asked is None else asked
    return source, [one for one in parts if one.platform in platforms and one.may_hold(source.window)], platforms


def read_parquet(
    source: str | os.PathLike[str],
    *,
    platform: PlatformNames = None,
    profile: PlatformNames = None,
    since: TimeLike | None = None,
    until: TimeLike | None = None,
    tz: str = "UTC",
    validate: Severity = "warn",
) -> pd.DataFrame:
    """Read posts from a data set that :meth:`Archive.to_parquet` wrote.

    Only files of the networks and months that are asked for are opened, and of those only the groups of rows that can
    hold the profiles and the period.

    Parameters
    ----------
    source : str or path
        The folder of the data set.
    platform : str or list of str, optional
        Only posts of these networks; the frame has their columns, also where there are no posts.
    profile : str or list of str, optional
        Only posts of the profiles with these labels.
    since, until : str, date or datetime, optional
        Only posts that were published in this period: dates (whole days in `tz`) or times, both inclusive. Posts of
        which nobody knows when they were published are not left out.
    tz : str, default "UTC"
        The time zone in which the days of `since` and `until` begin and end.
    validate : {"warn", "raise", None}, default "warn"
        What to do about values that should not be: see :func:`schema`.

    Returns
    -------
    pandas.DataFrame
        The posts frame with every observation, as :meth:`Archive.posts` gives it, in another order: by network, month,
        profile, `created`, `id` and `as_of`. A column that was declared after a file was written is NA for its posts.

    Raises
    ------
    FileNotFoundError
        If there is no data set.
    AyrframeError
        If a file of it is damaged.
    ValueError
        If there is no such platform or time zone, or the period makes no sense.
    SchemaError
        With `validate="raise"`, if a check fails.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     archive = ayr.Archive(folder / "replies")
    ...     posts = ayr.load(["tiktok", "x"], limit=None, client=api.client(), archive=archive)
    >>> written = archive.to_parquet(folder / "posts")
    >>> winter = ayr.read_parquet(folder / "posts", platform="x", since="2026-01-01", until="2026-01-31")
    >>> winter["created"].dt.strftime("%Y-%m").unique().tolist()
    ['2026-01']
    """
    check_severity(validate)
    data, parts, platforms = open_source(source, platform=platform, profile=profile, since=since, until=until, tz=tz)
    posts = drop_duplicate_observations(to_frame(concat_tables([data.posts(part) for part in parts], platforms)))
    return validate_frame(posts, validate, platforms)
