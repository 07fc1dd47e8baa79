"""Where posts stand in a data set: a folder for each network, in it one for each month, and in that one file.

::

    <folder>/network=all/month=all/columns.parquet              no posts, but every column that any of the files has
    <folder>/network=tiktok/month=2026-03/posts.parquet         the posts of TikTok that were published in that month
    <folder>/network=tiktok/month=unknown/posts.parquet         those of which nobody knows when
    <folder>/_pages/<two hex digits>                            which pages are in it (`ledger`)
    <folder>/_footers/tiktok/2026-03                            what the footer of that file has to be

Each file has the columns of its own network, and says all by itself what its posts are. The names of the folders are
those that engines understand as columns of their own; they are called `network` and not `platform`, for several
engines refuse a column that stands both in the path and in the file. The file without posts comes first by name:
engines that take the columns of the first file they meet find all of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._metrics.periods import TimeRange
from ayrframe._platforms import ALL_PLATFORMS, PLATFORMS
from ayrframe._platforms.columns import CREATED
from ayrframe._platforms.spec import Platform

PART_FILE_NAME = "posts.parquet"
COLUMNS_FILE = os.path.join(f"network={ALL_PLATFORMS}", f"month={ALL_PLATFORMS}", "columns.parquet")
MANIFEST_FOLDER = "_pages"
FOOTERS_FOLDER = "_footers"
UNKNOWN_MONTH = "unknown"

_NETWORK = re.compile("network=([a-z0-9_]+)")
_MONTH = re.compile(f"month=([0-9]{{4}}-[0-9]{{2}}|{UNKNOWN_MONTH})")


class DatasetPart(NamedTuple):
    """The posts of one network that were published in one month."""

    platform: Platform
    month: str

    @property
    def place(self) -> str:
        """Where its file stands in the data set."""
        return os.path.join(f"network={self.platform.name}", f"month={self.month}", PART_FILE_NAME)

    @property
    def name(self) -> str:
        """What it is called in the ledger."""
        return f"{self.platform.name}/{self.month}"

    @property
    def footers(self) -> str:
        """Where the hashes stand of which that of its file's footer is one."""
        return os.path.join(FOOTERS_FOLDER, self.platform.name, self.month)

    def may_hold(self, window: TimeRange) -> bool:
        """Tell whether a post of it can lie in a period; one that has no time lies in each."""
        if self.month == UNKNOWN_MONTH:
            return True
        begun = window.since is None or _month(window.since) <= self.month
        return begun and (window.until is None or self.month <= _month(window.until))


def list_parts(folder: str) -> Iterator[DatasetPart]:
    """Yield the parts of a data set, networks in the order of the contract and months in that of time."""
    networks = {match[1] for name in _listed(folder) if (match := _NETWORK.fullmatch(name))}
    for platform in PLATFORMS.values():
        if platform.name in networks:
            for name in sorted(_listed(os.path.join(folder, f"network={platform.name}"))):
                match = _MONTH.fullmatch(name)
                if match and os.path.lexists(os.path.join(folder, (part := DatasetPart(platform, match[1])).place)):
                    yield part


def unknown_platforms(folder: str) -> list[str]:
    """Return the networks of a data set that this version does not know."""
    found = [match[1] for name in _listed(folder) if (match := _NETWORK.fullmatch(name))]
    return sorted(set(found) - set(PLATFORMS) - {ALL_PLATFORMS})


def split_into_parts(platform: Platform, posts: pa.Table) -> set[DatasetPart]:
    """Return the parts into which posts of a network fall."""
    return {_part(platform, number) for number in np.unique(_numbers(posts)).tolist()}


def split_by_month(platform: Platform, posts: pa.Table) -> Iterator[tuple[DatasetPart, pa.Table]]:
    """Yield the posts of a network month by month, in the order that they have."""
    numbers = _numbers(posts)
    order = np.argsort(numbers, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1):
        if len(places):
            yield _part(platform, int(numbers[places[0]])), posts.take(pa.array(places))


def _numbers(posts: pa.Table) -> npt.NDArray[np.int64]:
    """Return the number of the month of each post, counted from the year 0; 0 where nobody knows it."""
    created = posts.column(CREATED.name)
    numbers = pc.add(pc.multiply(pc.year(created), 12), pc.month(created))
    return np.asarray(numbers.fill_null(0).to_numpy(), dtype=np.int64)


def _part(platform: Platform, number: int) -> DatasetPart:
    return DatasetPart(platform, f"{(number - 1) // 12:04}-{(number - 1) % 12 + 1:02}" if number else UNKNOWN_MONTH)


def _month(moment: datetime) -> str:
    return f"{moment.year:04}-{moment.month:02}"


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
