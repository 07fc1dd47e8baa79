"""Read a dataset as a posts frame; only the requested parts, rows and columns are read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._archive.files import check_folder
from ayrframe._archive.parquet.layout import MANIFEST_FOLDER, DatasetPart, list_parts, unknown_platforms
from ayrframe._archive.parquet.part_file import PartFile
from ayrframe._archive.parquet.ranges import ALL_PROFILES, ProfileRange, combine_filters, split_ranges
from ayrframe._archive.read import check_profiles
from ayrframe._decode.arrays import UTC_TIME
from ayrframe._frame.deduplicate import drop_duplicate_observations
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.schema import Severity, check_severity, validate_frame
from ayrframe._frame.times import TimeLike, TimeZone
from ayrframe._metrics.periods import TimeRange, time_range
from ayrframe._platforms import PlatformNames, as_names, find_platform, in_registry_order
from ayrframe._platforms.columns import CREATED, PROFILE
from ayrframe._platforms.spec import Platform
from ayrframe.errors import warn_user


class DatasetSource(NamedTuple):
    """A dataset, and the requested period and profiles."""

    folder: str
    window: TimeRange
    profiles: tuple[str, ...] | None

    def posts(self, part: DatasetPart, profile_range: ProfileRange = ALL_PROFILES) -> pa.Table:
        """Return the requested posts of a part, or of a profile range in it."""
        return PartFile(self.folder, part).read(combine_filters(self._row_filter, profile_range.row_filter))

    def profile_ranges(self, part: DatasetPart) -> list[ProfileRange]:
        """Return profile ranges of a part with about the same number of rows."""
        return split_ranges(PartFile(self.folder, part).rows_by_profile())

    @property
    def _row_filter(self) -> pc.Expression | None:
        """Filter for the requested rows; posts without a date match every period."""
        created, (since, until) = pc.field(CREATED.name), (self.window.since, self.window.until)
        return combine_filters(
            None if self.profiles is None else pc.field(PROFILE.name).isin(pa.array(self.profiles, pa.large_string())),
            None if since is None else (created >= pa.scalar(since, UTC_TIME)) | created.is_null(),
            None if until is None else (created <= pa.scalar(until, UTC_TIME)) | created.is_null(),
        )


def open_source(
    folder: str | os.PathLike[str],
    platform: PlatformNames,
    profile: PlatformNames,
    *,
    period: tuple[TimeLike | None, TimeLike | None, TimeZone],
    validate: Severity,
) -> tuple[DatasetSource, list[DatasetPart], list[Platform]]:
    """Check the arguments of `read_parquet`; return the selection, the parts to read, and the platforms of the frame.

    `period` is `since`, `until` and `tz`.
    """
    check_severity(validate)
    window = time_range(*period)
    path = check_folder(folder, "a dataset")
    profiles = None if profile is None else tuple(as_names(profile, "profile"))
    requested = None if platform is None else in_registry_order(find_platform(name) for name in as_names(platform))
    parts = list(list_parts(path))
    if not parts and not os.path.isdir(os.path.join(path, MANIFEST_FOLDER)):
        raise FileNotFoundError(f"No dataset found in {path!r}. Archive.to_parquet writes one.")
    if unknown := unknown_platforms(path):
        warn_user(f"Skipping platforms in the dataset {path!r} that this version does not know: {', '.join(unknown)}.")
    _check_profiles(path, parts, profiles)
    platforms = in_registry_order(part.platform for part in parts) if requested is None else requested
    parts = [part for part in parts if part.platform in platforms and part.may_contain(window)]
    return DatasetSource(path, window, profiles), parts, platforms


def _check_profiles(folder: str, parts: Sequence[DatasetPart], profiles: Sequence[str] | None) -> None:
    """Raise a ValueError for a requested profile of which the dataset has no posts."""
    missing = set(profiles or ())
    labels: set[str] = set()
    for part in parts:
        if missing:
            table = PartFile(folder, part).read(columns=[PROFILE.name])
            labels |= set(table.column(PROFILE.name).unique().to_pylist())
            missing -= labels
    check_profiles(missing, labels, folder)


def read_parquet(
    source: str | os.PathLike[str],
    *,
    platform: PlatformNames = None,
    profile: PlatformNames = None,
    since: TimeLike | None = None,
    until: TimeLike | None = None,
    tz: TimeZone = "UTC",
    validate: Severity = "warn",
) -> pd.DataFrame:
    """Read posts from a dataset that `Archive.to_parquet()` wrote.

    Only the files of the requested platforms and months are opened, and only the row groups that may contain the
    requested profiles and period are read.

    Parameters
    ----------
    source : str or path
        Folder of the dataset.
    platform : str or list of str, optional
        Return only posts of these platforms; the frame has their columns even if there are no posts.
    profile : str or list of str, optional
        Return only posts of the profiles with these labels.
    since, until : str, date or datetime, optional
        Return only posts that were published in this period: dates (whole days in `tz`) or times, both inclusive.
        Posts without a publication date are included.
    tz : str or tzinfo, default "UTC"
        Time zone of the dates `since` and `until`.
    validate : {"warn", "raise", None}, default "warn"
        How to handle invalid values: see `ayr.schema()`.

    Returns
    -------
    pandas.DataFrame
        The posts frame with every observation, as from `Archive.posts()`, but sorted by platform, month, profile,
        `created`, `id` and `as_of`. A column that was declared after a file was written is NA for its posts.

    Raises
    ------
    FileNotFoundError
        If the folder has no dataset.
    AyrframeError
        If a file is corrupt.
    ValueError
        If a platform, profile or time zone is unknown, or the period is invalid.
    SchemaError
        If `validate="raise"` and validation fails.

    Warns
    -----
    DataWarning
        If the dataset has platforms that this version does not know, or validation finds invalid values.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     archive = ayr.Archive(folder / "pages")
    ...     posts = ayr.load(["tiktok", "x"], limit=None, client=api.client(), archive=archive)
    >>> written = archive.to_parquet(folder / "posts")
    >>> winter = ayr.read_parquet(folder / "posts", platform="x", since="2026-01-01", until="2026-01-31")
    >>> winter["created"].dt.strftime("%Y-%m").unique().tolist()
    ['2026-01']
    """
    selected, parts, platforms = open_source(source, platform, profile, period=(since, until, tz), validate=validate)
    posts = drop_duplicate_observations(to_frame(concat_tables([selected.posts(part) for part in parts], platforms)))
    return validate_frame(posts, validate, platforms)
