"""Split profiles into ranges whose posts fit into memory; files are sorted by profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._platforms.columns import PROFILE

ROWS_PER_RANGE = 250_000

ProfileRows = tuple[str, int]


class ProfileRange(NamedTuple):
    """Profile labels from `first` up to, but not including, `end`; None is unbounded."""

    first: str | None = None
    end: str | None = None

    @property
    def row_filter(self) -> pc.Expression | None:
        """Filter for the rows of the range, or None for all rows."""
        label = pc.field(PROFILE.name)
        return combine_filters(
            None if self.first is None else label >= pa.scalar(self.first, pa.large_string()),
            None if self.end is None else label < pa.scalar(self.end, pa.large_string()),
        )

    def overlaps(self, first: str, last: str) -> bool:
        """Return whether labels from `first` to `last` may be in the range."""
        return (self.first is None or self.first <= last) and (self.end is None or first < self.end)


ALL_PROFILES = ProfileRange()


def combine_filters(*filters: pc.Expression | None) -> pc.Expression | None:
    """Return the conjunction of filters; None matches all rows."""
    conditions = [condition for condition in filters if condition is not None]
    return reduce(and_, conditions) if conditions else None


def split_ranges(rows_by_profile: Iterable[ProfileRows], rows_per_range: int = ROWS_PER_RANGE) -> list[ProfileRange]:
    """Return ranges with about `rows_per_range` rows each, from pairs of first label and number of rows.

    All rows of a label are in one range.
    """
    counts: Counter[str] = Counter()
    for label, rows in rows_by_profile:
        counts[label] += rows
    starts: list[str] = []
    total = 0
    for label, rows in sorted(counts.items()):
        if total and total + rows > rows_per_range:
            starts.append(label)
            total = 0
        total += rows
    return [ProfileRange(first, end) for first, end in zip([None, *starts], [*starts, None], strict=True)]
