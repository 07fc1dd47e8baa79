"""Which pages are in a data set, and in which parts: text files, a line for each page, written anew when they grow.

A page counts as being there if each part it has posts in is there. So a part that somebody deleted is made again, and
so is everything that an interrupted call has not noted here: pages may be added twice without harm.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import groupby

from ayrframe._archive.parquet.layout import MANIFEST_FOLDER

_LINE = re.compile(r"[0-9a-f]{24}( [a-z]+/[0-9a-z-]+)*")

PartLines = tuple[str, ...]
Publish = Callable[[bytes, str], None]


class Manifest:
    """The pages of a data set, each named by the 24 hex digits that its archive calls it by.

    Pages that begin alike stand on one shelf, and no more than a shelf is in memory at a time.
    """

    def __init__(self, folder: str) -> None:
        """Remember the folder; nothing is read yet."""
        self._folder = folder

    def parts_of(self, pages: Iterable[str]) -> Iterator[tuple[str, PartLines | None]]:
        """Yield pages with the names of the parts in which they have posts; None if they were never noted."""
        for name, here in groupby(sorted(pages), key=_shelf_of):
            shelf = self._shelf(name)
            for page in here:
                yield page, shelf.get(page)

    def note(self, pages: Mapping[str, Iterable[str]], publish: Publish) -> None:
        """Note pages with their parts, and have the shelves written that change."""
        for name, here in groupby(sorted(pages), key=_shelf_of):
            shelf = self._shelf(name) | {page: tuple(sorted(pages[page])) for page in here}
            self._write(name, shelf, publish)

    def forget(self, parts: Collection[str], publish: Publish, *, but: Collection[str]) -> None:
        """Have it that pages, all but these, were never noted if they have posts in one of the parts."""
        for name in sorted(_shelves(self._folder)):
            shelf = self._shelf(name)
            kept = {page: of for page, of in shelf.items() if page in but or not has_part(of, parts)}
            if len(kept) < len(shelf):
                self._write(name, kept, publish)

    def _write(self, name: str, shelf: Mapping[str, PartLines], publish: Publish) -> None:
        lines = (" ".join((page, *parts)) for page, parts in sorted(shelf.items()))
        publish("\n".join([*lines, ""]).encode(), os.path.join(MANIFEST_FOLDER, name))

    def _shelf(self, name: str) -> dict[str, PartLines]:
        return dict(_read(os.path.join(self._folder, MANIFEST_FOLDER, name)))


def has_part(parts: PartLines, others: Collection[str]) -> bool:
    """Tell whether one of the parts is among others."""
    return any(part in others for part in parts)


def _shelves(folder: str) -> list[str]:
    try:
        return os.listdir(os.path.join(folder, MANIFEST_FOLDER))
    except FileNotFoundError:
        return []


def _shelf_of(page: str) -> str:
    return page[:2]


def _read(path: str) -> Iterator[tuple[str, PartLines]]:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            lines = file.read().split("\n")
    except (FileNotFoundError, IsADirectoryError):
        return
    # The last line ends with a line break, too; what is cut or odd is as if it had never been noted.
    for line in lines[:-1]:
        if _LINE.fullmatch(line):
            page, *parts = line.split(" ")
            yield page, tuple(parts)
