"""Posts on their way into a data set, laid down part by part: a part is put together when all that is for it is there.

However many pages are added, no more than a batch of them, or a span of one part, stands in memory at a time; best if
they come profile after profile, so that a span is in few of the files.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._archive.parquet.layout import UNKNOWN_MONTH, DatasetPart, split_by_month, split_into_parts
from ayrframe._archive.parquet.ranges import ProfileRange, ProfileWeight
from ayrframe._platforms.columns import ID, KEY, PROFILE
from ayrframe._platforms.spec import Platform

_AT_ONCE = 96 << 20  # bytes of posts in memory before they are laid down
_FAST = pa.ipc.IpcWriteOptions(compression="lz4")


class PagePosts(NamedTuple):
    """The posts of one page, and those that it once had and that stand in a later one again: they are taken out."""

    page: str
    platform: Platform
    posts: pa.Table
    again: pa.Table


class SpillFile(NamedTuple):
    """A file that was laid down: posts of profiles from `first` to `last`."""

    path: str
    first: str
    last: str
    rows: int

    def taken_up(self, span: ProfileRange) -> pa.Table:
        """Return its rows of these profiles."""
        with pa.OSFile(self.path) as file:
            posts = pa.ipc.open_file(file).read_all()
        return posts if span.rows is None else posts.filter(span.rows)


@dataclass
class StagedPart:
    """What was laid down for one part: posts, posts without an id by page, and the keys of posts to take out."""

    named: list[SpillFile] = field(default_factory=list)
    nameless: dict[str, list[SpillFile]] = field(default_factory=lambda: defaultdict(list))
    withdrawn: list[SpillFile] = field(default_factory=list)
    founded: bool = False

    @property
    def brings(self) -> bool:
        """Whether there is anything to put into the part, be it no more than that it is there."""
        return bool(self.named or self.nameless or self.founded)

    @property
    def sheets(self) -> list[SpillFile]:
        """All of it."""
        return [*self.named, *chain.from_iterable(self.nameless.values()), *self.withdrawn]

    @property
    def weights(self) -> list[ProfileWeight]:
        """How many rows begin at which profile."""
        return [(sheet.first, sheet.rows) for sheet in self.sheets]

    def clear(self) -> None:
        """Remove it from the disk."""
        for sheet in self.sheets:
            os.unlink(sheet.path)


class StagingArea:
    """The piles of all parts, in a folder of their own."""

    def __init__(self, folder: str) -> None:
        """Begin with nothing."""
        self.piles: dict[DatasetPart, StagedPart] = defaultdict(StagedPart)
        self.pages: dict[str, set[str]] = {}
        self._folder = folder
        self._numbers = count()
        self._waiting: dict[Platform, list[pa.Table]] = defaultdict(list)
        self._size = 0

    def add(self, piece: PagePosts) -> None:
        """Take in a page. What must not be mixed with others, because it has no key, is laid down by itself."""
        parts = self.pages.setdefault(piece.page, set())
        for part, posts in split_by_month(piece.platform, piece.again):
            self.piles[part].withdrawn.append(self._laid_down(posts.select(KEY)))
        if not len(piece.posts) and not len(piece.again):
            # An empty history is one of a network, whose columns are then here.
            nothing = DatasetPart(piece.platform, UNKNOWN_MONTH)
            parts.add(nothing.name)
            self.piles[nothing].founded = True
        parts.update(part.name for part in split_into_parts(piece.platform, piece.posts))
        has_id = pc.is_valid(piece.posts.column(ID.name))
        for part, posts in split_by_month(piece.platform, piece.posts.filter(pc.invert(has_id))):
            self.piles[part].nameless[piece.page].append(self._laid_down(posts))
        named = piece.posts.filter(has_id)
        self._waiting[piece.platform].append(named)
        self._size += named.nbytes
        if self._size > _AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Lay down what is still in memory."""
        for platform, tables in self._waiting.items():
            for part, posts in split_by_month(platform, pa.concat_tables(tables)):
                self.piles[part].named.append(self._laid_down(posts))
        self._waiting.clear()
        self._size = 0

    def _laid_down(self, posts: pa.Table) -> SpillFile:
        path = os.path.join(self._folder, f"{next(self._numbers):08}.arrow")
        with pa.ipc.new_file(path, posts.schema, options=_FAST) as file:
            file.write_table(posts)
        first, last = pc.min_max(posts.column(PROFILE.name)).as_py().values()
        return SpillFile(path, first, last, len(posts))


def read_spilled(sheets: Iterable[SpillFile], span: ProfileRange) -> Iterator[pa.Table]:
    """Yield what was laid down of the profiles of a span."""
    for sheet in sheets:
        if span.meets(sheet.first, sheet.last):
            yield sheet.taken_up(span)
