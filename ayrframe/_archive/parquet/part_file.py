"""Write and read the Parquet file of a dataset part, and verify it, so that a flipped bit is an error.

Parquet has checksums for data pages, but not for the footer, which describes them. So a hash of the footer is stored
in a second file; without that file the footer is not verified.
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
from ayrframe._archive.parquet.ranges import ProfileRows
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._platforms.columns import AS_OF, CREATED, ID, PROFILE
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError

T = TypeVar("T")

_METADATA_KEY = b"ayrframe"
_FOOTER_END_BYTES = 8  # length of the footer and magic bytes
_MAX_READS = 3  # a file may be replaced between reading it and reading its hashes
_ROW_GROUP_SIZE = 32_768
_SORT_COLUMNS = (PROFILE, CREATED, ID, AS_OF)
# Arrow has no common error for corrupt files.
_READ_ERRORS = (pa.ArrowException, OSError, ValueError, KeyError, TypeError)


@cache
def part_schema(platforms: tuple[Platform, ...]) -> pa.Schema:
    """Return the columns of platforms, with the metadata from which pandas restores the dtypes."""
    return pa.Schema.from_pandas(to_frame(concat_tables([], platforms)), preserve_index=False)


def write_part(path: str, posts: Iterable[pa.Table], platform: Platform, *, without_id: Iterable[str] = ()) -> int:
    """Write a file from tables of consecutive profile ranges, and return its number of rows.

    `without_id` are the pages whose posts without an id are in the file.
    """
    schema = part_schema((platform,))
    metadata = {_METADATA_KEY: json.dumps({"without_id": sorted(without_id)}).encode()}
    count = 0
    with open(path, "wb", opener=open_new_file) as file:
        file_schema = schema.with_metadata({**(schema.metadata or {}), **metadata})
        with pq.ParquetWriter(file, file_schema, compression="zstd", write_page_checksum=True) as writer:
            for table in posts:
                ordered = table.select(schema.names).sort_by([(column.name, "ascending") for column in _SORT_COLUMNS])
                writer.write_table(ordered.cast(file_schema), row_group_size=_ROW_GROUP_SIZE)
                count += len(table)
        file.flush()
        os.fsync(file.fileno())
    return count


class PartFile(NamedTuple):
    """The file of a part in a dataset; everything is read only if the footer is verified."""

    folder: str
    part: DatasetPart

    @property
    def path(self) -> str:
        """Path of the file."""
        return os.path.join(self.folder, self.part.path)

    def read(self, row_filter: pc.Expression | None = None, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the posts that match a filter; columns that were declared later are null."""
        options = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
        file_format = ds.ParquetFileFormat(default_fragment_scan_options=options)

        def read_rows() -> pa.Table:
            file = ds.dataset(self.path, schema=part_schema((self.part.platform,)), format=file_format)
            posts = file.to_table(columns=None if columns is None else list(columns), filter=row_filter)
            posts.validate(full=True)
            return posts.replace_schema_metadata(None)

        return self._read_verified(read_rows)

    def pages_without_id(self) -> set[str]:
        """Return the pages whose posts without an id are in the file: these posts cannot be deduplicated by key."""

        def read_metadata() -> set[str]:
            metadata = (pq.read_schema(self.path).metadata or {}).get(_METADATA_KEY)
            return set(json.loads(metadata)["without_id"]) if metadata else set()

        return self._read_verified(read_metadata)

    def rows_by_profile(self) -> list[ProfileRows]:
        """Return the first profile and the number of rows of each row group, from the footer."""

        def read_row_groups() -> list[ProfileRows]:
            metadata = pq.ParquetFile(self.path).metadata
            groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
            index = metadata.schema.names.index(PROFILE.name)
            statistics = [group.column(index).statistics for group in groups]
            return [
                (values.min if values is not None and values.has_min_max else "", group.num_rows)
                for values, group in zip(statistics, groups, strict=True)
            ]

        return self._read_verified(read_row_groups)

    def unknown_columns(self) -> list[str]:
        """Return the columns that this version does not know."""
        known = part_schema((self.part.platform,)).names
        return self._read_verified(lambda: [name for name in pq.read_schema(self.path).names if name not in known])

    def _read_verified(self, read: Callable[[], T]) -> T:
        """Return the result of a function that reads the file, if the footer is verified."""
        try:
            if self._has_known_footer():
                return read()
        except FileNotFoundError:
            raise
        except _READ_ERRORS:
            pass
        raise AyrframeError(
            f"Cannot read {self.path!r}: the file is corrupt, or another program wrote it. Move it away and call "
            "to_parquet of each archive in the dataset, which writes its posts again. To accept a file that was "
            "rewritten on purpose, delete its entry in _footers."
        )

    def _has_known_footer(self) -> bool:
        """Return whether the hash of the footer is recorded, or no hashes are."""
        for _ in range(_MAX_READS):
            footer = footer_hash(self.path)
            # Read after the footer: a hash is recorded before its file is moved to its path.
            try:
                with open(
                    os.path.join(self.folder, self.part.footers_path), encoding="ascii", errors="replace"
                ) as file:
                    if footer in file.read().split():
                        return True
            except FileNotFoundError:
                return True
        return False


def footer_hash(path: str) -> str:
    """Return the hash of the footer of a file."""
    with open(path, "rb") as file:
        file.seek(-_FOOTER_END_BYTES, os.SEEK_END)
        length = int.from_bytes(file.read(4), "little")
        file.seek(-_FOOTER_END_BYTES - length, os.SEEK_END)
        return hashlib.sha256(file.read()).hexdigest()
