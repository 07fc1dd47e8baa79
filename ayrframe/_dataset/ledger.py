"""Which pages are in a data set, and in which parts: text files, a line for each page, written anew when they grow.

A page counts as being there if each part it has posts in is there. So a part that somebody deleted is made again, and
so is everything that an interrupted call has not noted here: pages may be added twice without harm.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping

from ayrframe._dataset.layout import PAGES

_LINE = re.compile(r"[0-9a-f]{24}( [a-z]+/[0-9a-z-]+)*")

Publish = Callable[[bytes, str], None]


class Ledger:
    """The pages of a data set, each named by the 24 hex digits that its archive calls it by."""

    def __init__(self, folder: str) -> None:
        """Remember the folder; a shelf, all pages that begin alike, is read when it is asked for."""
        self._folder = folder
        self._shelves: dict[str, dict[str, tuple[str, ...]]] = {}

    def parts_of(self, page: str) -> tuple[str, ...] | None:
        """Return the names of the parts in which a page has posts; None if it was not noted."""
        return self._shelf(page[:2]).get(page)

    def note(self, pages: Mapping[str, Iterable[str]], publish: Publish) -> None:
        """Note pages with their parts, and have the shelves written that change."""
        changed: set[str] = set()
        for page, parts in pages.items():
            self._shelf(page[:2])[page] = tuple(sorted(parts))
            changed.add(page[:2])
        for name in sorted(changed):
            lines = (" ".join((page, *parts)) for page, parts in sorted(self._shelf(name).items()))
            publish("\n".join([*lines, ""]).encode(), os.path.join(PAGES, name))

    def _shelf(self, name: str) -> dict[str, tuple[str, ...]]:
        if name not in self._shelves:
            self._shelves[name] = dict(_read(os.path.join(self._folder, PAGES, name)))
        return self._shelves[name]


def _read(path: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            lines = file.read().split("\n")
    except FileNotFoundError:
        return
    # The last line ends with a line break, too; what is cut or odd is as if it had never been noted.
    for line in lines[:-1]:
        if _LINE.fullmatch(line):
            page, *parts = line.split(" ")
            yield page, tuple(parts)
