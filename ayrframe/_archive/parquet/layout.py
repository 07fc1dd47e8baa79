"""Define the layout of a dataset: one folder per platform, in it one folder with one file per month.

::

    <folder>/network=all/month=all/columns.parquet              no rows, the columns of all files
    <folder>/network=tiktok/month=2026-03/posts.parquet         TikTok posts published in March 2026
    <folder>/network=tiktok/month=unknown/posts.parquet         posts without a publication date
    <folder>/_pages/<two hex digits>                            the pages that were added (`manifest`)
    <folder>/_footers/tiktok/2026-03                            hashes that the footer of that file may have

Each file has the columns of its platform. The partition column is `network`, because several engines reject one that
is also stored in the files. The file without rows is first by name, for engines that use the columns of the first file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import IntArray
from ayrframe._metrics.periods import TimeRange
from ayrframe._platforms import ALL_PLATFORMS, PLATFORMS
from ayrframe._platforms.columns import CREATED
from ayrframe._platforms.spec import Platform

COLUMNS_FILE = os.path.join(f"network={ALL_PLATFORMS}", f"month={ALL_PLATFORMS}", "columns.parquet")
MANIFEST_FOLDER = "_pages"
FOOTERS_FOLDER = "_footers"
UNKNOWN_MONTH = "unknown"

_PLATFORM_FOLDER = re.compile("network=([a-z0-9_]+)")
_MONTH_FOLDER = re.compile(f"month=([0-9]{{4}}-[0-9]{{2}}|{UNKNOWN_MONTH})")


class DatasetPart(NamedTuple):
    """The posts of one platform published in one month."""

    platform: Platform
    month: str

    @property
    def path(self) -> str:
        """Path of the file in the dataset."""
        return os.path.join(f"network={self.platform.name}", f"month={self.month}", "posts.parquet")

    @property
    def name(self) -> str:
        """Name in the manifest."""
        return f"{self.platform.name}/{self.month}"

    @property
    def footers_path(self) -> str:
        """Path of the file with the hashes that the footer may have."""
        return os.path.join(FOOTERS_FOLDER, self.platform.name, self.month)

    def may_contain(self, window: TimeRange) -> bool:
        """Return whether posts of a period may be in this part; posts without a date are in every period."""
        if self.month == UNKNOWN_MONTH:
            return True
        starts_in_time = window.since is None or _format_month(window.since) <= self.month
        return starts_in_time and (window.until is None or self.month <= _format_month(window.until))


def list_parts(folder: str) -> Iterator[DatasetPart]:
    """Yield the parts of a dataset, platforms in registry order and months in order of time."""
    names = _stored_platforms(folder)
    for platform in PLATFORMS.values():
        if platform.name in names:
            for name in sorted(_list_names(os.path.join(folder, f"network={platform.name}"))):
                match = _MONTH_FOLDER.fullmatch(name)
                if match and os.path.lexists(os.path.join(folder, (part := DatasetPart(platform, match[1])).path)):
                    yield part


def unknown_platforms(folder: str) -> list[str]:
    """Return the platforms of a dataset that this version does not know."""
    return sorted(_stored_platforms(folder) - set(PLATFORMS) - {ALL_PLATFORMS})


def split_into_parts(platform: Platform, posts: pa.Table) -> set[DatasetPart]:
    """Return the parts to which posts of a platform belong."""
    return {_month_part(platform, number) for number in np.unique(_month_numbers(posts)).tolist()}


def split_by_month(platform: Platform, posts: pa.Table) -> Iterator[tuple[DatasetPart, pa.Table]]:
    """Yield the posts of a platform month by month, each in their order."""
    numbers = _month_numbers(posts)
    order = np.argsort(numbers, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1):
        if len(rows):
            yield _month_part(platform, int(numbers[rows[0]])), posts.take(pa.array(rows))


def _month_numbers(posts: pa.Table) -> IntArray:
    """Return the month of each post, counted from the year 0; 0 where the date is missing."""
    created = posts.column(CREATED.name)
    numbers = pc.add(pc.multiply(pc.year(created), 12), pc.month(created))
    return np.asarray(numbers.fill_null(0).to_numpy(), dtype=np.int64)


def _month_part(platform: Platform, number: int) -> DatasetPart:
    return DatasetPart(platform, f"{(number - 1) // 12:04}-{(number - 1) % 12 + 1:02}" if number else UNKNOWN_MONTH)


def _format_month(time: datetime) -> str:
    return f"{time.year:04}-{time.month:02}"


def _stored_platforms(folder: str) -> set[str]:
    return {match[1] for name in _list_names(folder) if (match := _PLATFORM_FOLDER.fullmatch(name))}


def _list_names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
