"""Record which pages are in a dataset and in which parts, in text files with one line per page.

A page counts as added if all parts with posts of it exist. So a part that was deleted is written again, and so is
everything that an interrupted call did not record: adding a page twice has no effect.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from ayrframe._archive.parquet.layout import MANIFEST_FOLDER

_LINE = re.compile(r"[0-9a-f]{24}( [a-z]+/[0-9a-z-]+)*")

_shard_of = itemgetter(slice(2))

PartNames = tuple[str, ...]
Publish = Callable[[bytes, str], None]


class Manifest:
    """The pages of a dataset, identified by the 24 hex digits at the end of their file names.

    Pages with the same first two digits share a file, a shard; only one shard at a time is in memory.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def parts_of(self, pages: Iterable[str]) -> Iterator[tuple[str, PartNames | None]]:
        """Yield pages with the names of the parts that have posts of them, or None for pages not recorded."""
        for name, shard_pages in groupby(sorted(pages), key=_shard_of):
            shard = self._read_shard(name)
            for page in shard_pages:
                yield page, shard.get(page)

    def add(self, pages: Mapping[str, Iterable[str]], publish: Publish) -> None:
        """Record pages with their parts, and publish the shards that change."""
        for name, shard_pages in groupby(sorted(pages), key=_shard_of):
            shard = self._read_shard(name) | {page: tuple(sorted(pages[page])) for page in shard_pages}
            self._write_shard(name, shard, publish)

    def discard(self, parts: Collection[str], publish: Publish, *, except_pages: Collection[str]) -> None:
        """Remove the records of pages with posts in these parts, except of some pages."""
        for name in sorted(os.listdir(os.path.join(self._folder, MANIFEST_FOLDER))):
            shard = self._read_shard(name)
            remaining = {
                page: page_parts
                for page, page_parts in shard.items()
                if page in except_pages or not any(part in parts for part in page_parts)
            }
            if len(remaining) < len(shard):
                self._write_shard(name, remaining, publish)

    def _write_shard(self, name: str, shard: Mapping[str, PartNames], publish: Publish) -> None:
        lines = (" ".join((page, *parts)) for page, parts in sorted(shard.items()))
        publish("\n".join([*lines, ""]).encode(), os.path.join(MANIFEST_FOLDER, name))

    def _read_shard(self, name: str) -> dict[str, PartNames]:
        path = os.path.join(self._folder, MANIFEST_FOLDER, name)
        try:
            with open(path, encoding="ascii", errors="replace") as file:
                lines = file.read().split("\n")
        except (FileNotFoundError, IsADirectoryError):
            return {}
        # Every line ends with a line break; truncated and invalid lines count as not recorded.
        records = (line.split(" ") for line in lines[:-1] if _LINE.fullmatch(line))
        return {page: tuple(parts) for page, *parts in records}
