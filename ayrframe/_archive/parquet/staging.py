"""Stage the posts of pages by dataset part in temporary files, until all posts of a part are there.

Only one batch of pages, or one profile range of a part, is in memory at a time. Pages should be added profile after
profile, so that few files have posts of a range.
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
from ayrframe._archive.parquet.ranges import ProfileRange
from ayrframe._archive.read import PageContent
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import ID, KEY, PROFILE
from ayrframe._platforms.spec import Platform

_MAX_BUFFERED_BYTES = 96 << 20
_IPC_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


class SpillFile(NamedTuple):
    """A temporary file with posts of profiles from `first` to `last`."""

    path: str
    first: str
    last: str
    rows: int


@dataclass
class StagedPart:
    """Staged posts of a part: those with an id, those without an id by page, and the keys of posts to remove."""

    with_id: list[SpillFile] = field(default_factory=list)
    without_id: dict[str, list[SpillFile]] = field(default_factory=lambda: defaultdict(list))
    removed_keys: list[SpillFile] = field(default_factory=list)
    is_empty_history: bool = False

    @property
    def files(self) -> list[SpillFile]:
        """All temporary files."""
        return [*self.with_id, *chain.from_iterable(self.without_id.values()), *self.removed_keys]


class StagingArea:
    """The staged posts of all parts, in a folder for temporary files."""

    def __init__(self, folder: str) -> None:
        self.parts: dict[DatasetPart, StagedPart] = defaultdict(StagedPart)
        self.pages: dict[str, set[str]] = {}
        self._folder, self._file_numbers = folder, count()
        self._buffer: dict[Platform, list[pa.Table]] = defaultdict(list)
        self._buffered_bytes = 0

    def add(self, page: PageContent) -> None:
        """Add the posts of a page. Posts without an id go to a file of their own, because they have no key."""
        platform, digest, posts = PLATFORMS[page.header.request.platform], page.name.digest, page.posts
        part_names = self.pages.setdefault(digest, set())
        for part, part_posts in split_by_month(platform, page.repeated_posts):
            self.parts[part].removed_keys.append(self._spill(part_posts.select(KEY)))
        if not len(posts) and not len(page.repeated_posts):
            # The columns of the platform are part of the dataset even if its history is empty.
            empty_part = DatasetPart(platform, UNKNOWN_MONTH)
            part_names.add(empty_part.name)
            self.parts[empty_part].is_empty_history = True
        part_names.update(part.name for part in split_into_parts(platform, posts))
        has_id = pc.is_valid(posts.column(ID.name))
        for part, part_posts in split_by_month(platform, posts.filter(pc.invert(has_id))):
            self.parts[part].without_id[digest].append(self._spill(part_posts))
        with_id = posts.filter(has_id)
        self._buffer[platform].append(with_id)
        self._buffered_bytes += with_id.nbytes
        if self._buffered_bytes > _MAX_BUFFERED_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the buffered posts to temporary files."""
        for platform, tables in self._buffer.items():
            for part, posts in split_by_month(platform, pa.concat_tables(tables)):
                self.parts[part].with_id.append(self._spill(posts))
        self._buffer.clear()
        self._buffered_bytes = 0

    def _spill(self, posts: pa.Table) -> SpillFile:
        path = os.path.join(self._folder, f"{next(self._file_numbers):08}.arrow")
        with pa.ipc.new_file(path, posts.schema, options=_IPC_OPTIONS) as file:
            file.write_table(posts)
        first, last = pc.min_max(posts.column(PROFILE.name)).as_py().values()
        return SpillFile(path, first, last, len(posts))


def read_spilled(files: Iterable[SpillFile], profile_range: ProfileRange) -> Iterator[pa.Table]:
    """Yield the rows of a profile range from temporary files."""
    for file in files:
        if profile_range.overlaps(file.first, file.last):
            with pa.OSFile(file.path) as source:
                posts = pa.ipc.open_file(source).read_all()
            yield posts if profile_range.row_filter is None else posts.filter(profile_range.row_filter)
