"""Posts on their way into a data set, laid down part by part: a part is put together when all that is for it is there.

However many pages are added, no more than a batch of them and one part stand in memory at a time.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._dataset.layout import UNKNOWN, Part, by_month
from ayrframe.columns import ID, KEY
from ayrframe.spec import Platform

_AT_ONCE = 96 << 20  # bytes of posts in memory before they are laid down
_FAST = pa.ipc.IpcWriteOptions(compression="lz4")


class Piece(NamedTuple):
    """The posts of one page. Those of a `withdrawn` page stand in a later one again, and are taken out."""

    page: str
    platform: Platform
    posts: pa.Table
    withdrawn: bool = False


@dataclass
class Pile:
    """What has been laid down for one part: files of posts, of posts without an id by page, and of keys to take out."""

    named: list[str] = field(default_factory=list)
    nameless: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    withdrawn: list[str] = field(default_factory=list)


class Heap:
    """The piles of all parts, in a folder of their own."""

    def __init__(self, folder: str) -> None:
        """Begin with nothing."""
        self.piles: dict[Part, Pile] = defaultdict(Pile)
        self.pages: dict[str, set[str]] = {}
        self._folder = folder
        self._numbers = count()
        self._waiting: dict[Platform, list[pa.Table]] = defaultdict(list)
        self._size = 0

    def add(self, piece: Piece) -> None:
        """Take in a page. What must not be mixed with others, because it has no key, is laid down by itself."""
        parts = self.pages.setdefault(piece.page, set())
        if piece.withdrawn:
            for part, posts in by_month(piece.platform, piece.posts):
                self.piles[part].withdrawn.append(self._laid_down(posts.select(KEY)))
            return
        if not len(piece.posts):
            # An empty history is one of a network, whose columns are then here.
            nothing = Part(piece.platform, UNKNOWN)
            parts.add(nothing.name)
            self.piles[nothing]
        named = piece.posts.filter(pc.is_valid(piece.posts.column(ID.name)))
        for part, posts in by_month(piece.platform, piece.posts):
            parts.add(part.name)
            if len(named) < len(piece.posts) and len(less := posts.filter(pc.is_null(posts.column(ID.name)))):
                self.piles[part].nameless[piece.page].append(self._laid_down(less))
        self._waiting[piece.platform].append(named)
        self._size += named.nbytes
        if self._size > _AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Lay down what is still in memory."""
        for platform, tables in self._waiting.items():
            for part, posts in by_month(platform, pa.concat_tables(tables)):
                self.piles[part].named.append(self._laid_down(posts))
        self._waiting.clear()
        self._size = 0

    def _laid_down(self, posts: pa.Table) -> str:
        path = os.path.join(self._folder, f"{next(self._numbers):08}.arrow")
        with pa.ipc.new_file(path, posts.schema, options=_FAST) as file:
            file.write_table(posts)
        return path


def taken_up(paths: list[str]) -> Iterator[pa.Table]:
    """Yield what was laid down, and remove it."""
    for path in paths:
        with pa.OSFile(path) as file:
            yield pa.ipc.open_file(file).read_all()
        os.unlink(path)
