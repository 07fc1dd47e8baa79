"""One part of a data set ↔ its Parquet file, in which a flipped bit is no other number but an error.

Parquet knows checksums of pages of data, and none of the footer, which says what the pages are. So the hash of the
footer is kept beside the file; a file that somebody else put there has none, and is taken as it is.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ayrframe._archive.files import open_new_file
from ayrframe._archive.parquet.layout import DatasetPart
from ayrframe._archive.parquet.ranges import ProfileWeight
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._platforms.columns import AS_OF, CREATED, ID, PROFILE
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError

T = TypeVar("T")

_OURS = b"ayrframe"
_TAIL = 8  # the length of the footer, and the magic bytes
_LOOKS = 3  # a file may be replaced twice between two looks, and not for ever
_ROWS = 32_768  # of a row group, the least that a filter can pass over
_ORDER = (PROFILE, CREATED, ID, AS_OF)
# Arrow has no one error for files that are not what they should be.
_DAMAGED = (pa.ArrowException, OSError, ValueError, KeyError, TypeError)


@cache
def part_schema(platforms: tuple[Platform, ...]) -> pa.Schema:
    """Return the columns of several networks in one file, with what pandas needs to read its own dtypes back."""
    return pa.Schema.from_pandas(to_frame(concat_tables([], platforms)), preserve_index=False)


def write_part(path: str, posts: Iterable[pa.Table], platform: Platform, *, without_id: Iterable[str] = ()) -> int:
    """Write a file and return how many posts it holds; the tables come span after span.

    `without_id` are the pages of which it holds posts that have no id.
    """
    schema = part_schema((platform,))
    notes = {_OURS: json.dumps({"without_id": sorted(without_id)}).encode()}
    count = 0
    with open(path, "wb", opener=open_new_file) as file:
        told = schema.with_metadata({**(schema.metadata or {}), **notes})
        with pq.ParquetWriter(file, told, compression="zstd", write_page_checksum=True) as writer:
            for table in posts:
                ordered = table.select(schema.names).sort_by([(column.name, "ascending") for column in _ORDER])
                writer.write_table(ordered.cast(told), row_group_size=_ROWS)
                count += len(table)
        file.flush()
        os.fsync(file.fileno())
    return count


class PartFile(NamedTuple):
    """The file of a part, as it stands in a data set; what is read from it is trusted only if its footer is known."""

    folder: str
    part: DatasetPart

    @property
    def path(self) -> str:
        """Where it stands."""
        return os.path.join(self.folder, self.part.place)

    def read(self, only: pc.Expression | None = None, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the posts of which `only` is true. A column that was declared later is null for them."""
        options = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
        file_format = ds.ParquetFileFormat(default_fragment_scan_options=options)

        def rows() -> pa.Table:
            file = ds.dataset(self.path, schema=part_schema((self.part.platform,)), format=file_format)
            posts = file.to_table(columns=None if columns is None else list(columns), filter=only)
            posts.validate(full=True)
            return posts.replace_schema_metadata(None)

        return self._trusted(rows)

    def pages_without_id(self) -> set[str]:
        """Return the pages of which it holds posts without an id; nobody could tell them from others again."""

        def pages() -> set[str]:
            notes = (pq.read_schema(self.path).metadata or {}).get(_OURS)
            return set(json.loads(notes)["without_id"]) if notes else set()

        return self._trusted(pages)

    def weights(self) -> list[ProfileWeight]:
        """Return how many rows begin at which profile, as far as it tells without being read."""

        def of_groups() -> list[ProfileWeight]:
            about = pq.ParquetFile(self.path).metadata
            groups = [about.row_group(number) for number in range(about.num_row_groups)]
            place = about.schema.names.index(PROFILE.name)
            least = [group.column(place).statistics for group in groups]
            return [
                (told.min if told is not None and told.has_min_max else "", group.num_rows)
                for told, group in zip(least, groups, strict=True)
            ]

        return self._trusted(of_groups)

    def later_columns(self) -> list[str]:
        """Return the columns that this version does not know."""
        known = part_schema((self.part.platform,)).names
        return self._trusted(lambda: [name for name in pq.read_schema(self.path).names if name not in known])

    def _trusted(self, look: Callable[[], T]) -> T:
        """Return what a look at the file gives, or raise the one error that says how to mend it."""
        try:
            if self._is_known():
                return look()
        except FileNotFoundError:
            raise
        except _DAMAGED:
            pass
        raise AyrframeError(
            f"Cannot read {self.path!r}: the file is damaged, or another program wrote it. Move it away, and call "
            "to_parquet of each archive that is in the data set: its posts are made anew out of the pages that are "
            "there. A file that was rewritten on purpose is taken once its entry below _footers is deleted."
        )

    def _is_known(self) -> bool:
        """Tell whether the footer is one that the file may have, if that is known."""
        for _ in range(_LOOKS):
            found = footer_hash(self.path)
            # Asked for after the file: what it may be is written down before the file is in place.
            allowed = self._footers()
            if allowed is None or found in allowed:
                return True
        return False

    def _footers(self) -> list[str] | None:
        """Return the hashes of which that of the footer has to be one; None if nothing is known of it."""
        try:
            with open(os.path.join(self.folder, self.part.footers), encoding="ascii", errors="replace") as file:
                return file.read().split()
        except FileNotFoundError:
            return None


def footer_hash(path: str) -> str:
    """Return the hash of the part of a file that says what its pages are."""
    with open(path, "rb") as file:
        file.seek(-_TAIL, os.SEEK_END)
        length = int.from_bytes(file.read(4), "little")
        file.seek(-_TAIL - length, os.SEEK_END)
        return hashlib.sha256(file.read()).hexdigest()
