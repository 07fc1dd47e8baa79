"""Spans of profiles that fit into memory: a file is sorted by them, so a span of labels is one of its rows."""

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

ProfileWeight = tuple[str, int]


class ProfileRange(NamedTuple):
    """Labels of profiles from `first` to before `end`; None is no end."""

    first: str | None = None
    end: str | None = None

    @property
    def rows(self) -> pc.Expression | None:
        """The filter that its rows pass; None if all do."""
        label = pc.field(PROFILE.name)
        return combine_filters(
            None if self.first is None else label >= pa.scalar(self.first, pa.large_string()),
            None if self.end is None else label < pa.scalar(self.end, pa.large_string()),
        )

    def meets(self, first: str, last: str) -> bool:
        """Tell whether a label from `first` to `last` can lie in it."""
        return (self.first is None or self.first <= last) and (self.end is None or first < self.end)


ALL_PROFILES = ProfileRange()


def combine_filters(*filters: pc.Expression | None) -> pc.Expression | None:
    """Return the filter that passes what all of these pass; None passes everything."""
    asked = [one for one in filters if one is not None]
    return reduce(and_, asked) if asked else None


def split_ranges(weights: Iterable[ProfileWeight], at_once: int = ROWS_PER_RANGE) -> list[ProfileRange]:
    """Return the spans into which rows fall, about so many into each.

    A weight says how many rows begin at a label. All rows of one label are in one span.
    """
    at: Counter[str] = Counter()
    for label, rows in weights:
        at[label] += rows
    cuts: list[str] = []
    here = 0
    for label, rows in sorted(at.items()):
        if here and here + rows > at_once:
            cuts.append(label)
            here = 0
        here += rows
    return [ProfileRange(first, end) for first, end in zip([None, *cuts], [*cuts, None], strict=True)]
