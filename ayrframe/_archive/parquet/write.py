"""Write pages to the parts of a dataset: stage their posts, merge each part with its file, and replace the file.

The result does not depend on the order of pages, and pages may be added twice: of the copies of an observation always
the same one is stored. So an interrupted call leaves complete parts, and the next call finishes the work.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import mkdtemp

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ayrframe._archive.files import open_new_file, replace_file
from ayrframe._archive.parquet.deduplicate import drop_copies, drop_keys, list_from_earlier
from ayrframe._archive.parquet.layout import COLUMNS_FILE, MANIFEST_FOLDER, UNKNOWN_MONTH, DatasetPart, list_parts
from ayrframe._archive.parquet.manifest import Manifest
from ayrframe._archive.parquet.part_file import PartFile, footer_hash, part_schema, write_part
from ayrframe._archive.parquet.ranges import ALL_PROFILES, ProfileRange, split_ranges
from ayrframe._archive.parquet.staging import StagedPart, StagingArea, read_spilled
from ayrframe._archive.read import PageContent
from ayrframe._platforms import in_registry_order
from ayrframe._platforms.columns import AS_OF, ID, KEY
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError, quote

WRITTEN_DTYPES = {"platform": "str", "month": "str", "posts": "Int64", "bytes": "Int64", "file": "str"}

_SCRATCH_PREFIX, _LOCK_FILE = ".ayrframe-half-", ".lock"
_SCRATCH_NAME = re.compile(re.escape(_SCRATCH_PREFIX) + "[a-z0-9_]{8}")
_MAX_LISTED_COLUMNS = 5


class DatasetWriter:
    """A dataset to which pages are added, by one process at a time."""

    def __init__(self, folder: str, scratch_folder: str) -> None:
        self._folder, self._scratch_folder = folder, scratch_folder
        self._manifest = Manifest(folder)
        self._existing = {part.name: part for part in list_parts(folder)}

    def missing_pages(self, pages: Iterable[str]) -> set[str]:
        """Return the pages to add: those not recorded, and those with posts in a part that was deleted."""
        return {
            page
            for page, parts in self._manifest.parts_of(pages)
            if parts is None or any(part not in self._existing for part in parts)
        }

    def pages_without_posts(self, pages: Iterable[str]) -> set[str]:
        """Return the pages that are recorded as having no posts in the dataset."""
        return {page for page, parts in self._manifest.parts_of(pages) if parts == ()}

    def add(self, pages: Iterable[PageContent]) -> pd.DataFrame:
        """Add pages, and return one row per part that was written."""
        staging = StagingArea(self._scratch_folder)
        for page in pages:
            staging.add(page)
        staging.flush()
        staged_parts = {
            part: staged
            for part, staged in staging.parts.items()
            if staged.with_id or staged.without_id or staged.is_empty_history or part.name in self._existing
        }
        self._write_columns_file([*self._existing.values(), *staged_parts])
        # A new part has no posts yet of other pages, even if these are recorded.
        new_parts = {part.name for part in staged_parts if part.name not in self._existing}
        self._manifest.discard(new_parts, self._publish, except_pages=staging.pages)
        rows = [self._write_part(part, staged) for part, staged in self._in_write_order(staged_parts)]
        self._manifest.add(staging.pages, self._publish)
        return pd.DataFrame(sorted(rows), columns=list(WRITTEN_DTYPES)).astype(WRITTEN_DTYPES)

    def _in_write_order(
        self, staged_parts: Mapping[DatasetPart, StagedPart]
    ) -> Iterator[tuple[DatasetPart, StagedPart]]:
        """Yield parts with their staged posts; posts without a date last, as other parts may then have their dates."""
        platforms = {part.platform for part in staged_parts}
        for part in sorted(staged_parts, key=lambda part: (part.month == UNKNOWN_MONTH, part.name)):
            yield part, staged_parts[part]
        for part in self._existing.values():
            if part.month == UNKNOWN_MONTH and part.platform in platforms and part not in staged_parts:
                keys = self._read_part(part, ALL_PROFILES, KEY)
                if len(self._keys_with_date(keys, part.platform)):
                    yield part, StagedPart()

    def _keys_with_date(self, posts: pa.Table, platform: Platform) -> pa.Table:
        """Return the keys of the posts that are also in a part with a month, where the copy has a date."""
        keys = posts.select(KEY).filter(pc.is_valid(posts.column(ID.name)))
        ids, times = (keys.column(column.name).combine_chunks() for column in (ID, AS_OF))
        key_filter = pc.field(ID.name).isin(ids) & pc.field(AS_OF.name).isin(times)
        parts = (part for part in list_parts(self._folder) if part.platform is platform and part.month != UNKNOWN_MONTH)
        tables = (PartFile(self._folder, part).read(key_filter, KEY) for part in parts if len(keys))
        return pa.concat_tables([keys.slice(0, 0), *tables])

    def _write_columns_file(self, parts: Sequence[DatasetPart]) -> None:
        """Write the file with the columns of all platforms, and of later versions."""
        schema = part_schema(tuple(in_registry_order(part.platform for part in parts)))
        try:
            known = pq.read_schema(os.path.join(self._folder, COLUMNS_FILE))
        except (OSError, pa.ArrowException):
            known = pa.schema([])
        merged = pa.unify_schemas([schema, pa.schema([field for field in known if field.name not in schema.names])])
        if not known.equals(merged):
            temporary_path = self._temporary_path()
            pq.write_table(merged.with_metadata(schema.metadata).empty_table(), temporary_path)
            self._move(temporary_path, COLUMNS_FILE)

    def _write_part(self, part: DatasetPart, staged: StagedPart) -> tuple[str, str, int, int, str]:
        """Merge staged posts with the file of a part, and return the row of the result."""
        file, temporary_path = PartFile(self._folder, part), self._temporary_path()
        exists = part.name in self._existing
        if exists and (unknown := file.unknown_columns()):
            more = f" and {len(unknown) - _MAX_LISTED_COLUMNS} more" if len(unknown) > _MAX_LISTED_COLUMNS else ""
            raise AyrframeError(
                f"Cannot update {file.path!r} without losing columns that this version of ayrframe does not know: "
                f"{', '.join(map(quote, unknown[:_MAX_LISTED_COLUMNS]))}{more}. A later version or another program "
                "wrote the file. Update ayrframe, or choose another folder."
            )
        without_id = file.pages_without_id() if exists else set()
        staged_rows = [(spill_file.first, spill_file.rows) for spill_file in staged.files]
        ranges = split_ranges([*staged_rows, *(file.rows_by_profile() if exists else ())])
        tables = (
            _merge_posts(self._read_part(part, profile_range), staged, profile_range, stored_pages=without_id)
            for profile_range in ranges
        )
        if part.month == UNKNOWN_MONTH:
            tables = (drop_keys(table, self._keys_with_date(table, part.platform)) for table in tables)
        count = write_part(temporary_path, tables, part.platform, without_id=without_id | set(staged.without_id))
        size = os.path.getsize(temporary_path)
        # Readers may still find the old file with the new hashes, so both hashes are valid.
        hashes = [*([footer_hash(file.path)] if exists else []), footer_hash(temporary_path)]
        self._publish("\n".join([*hashes, ""]).encode(), part.footers_path)
        self._move(temporary_path, part.path)
        for spill_file in staged.files:
            os.unlink(spill_file.path)
        return part.platform.name, part.month, count, size, part.path

    def _read_part(
        self, part: DatasetPart, profile_range: ProfileRange, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Return the posts of a profile range that are in the file of a part."""
        if part.name not in self._existing:
            return part_schema((part.platform,)).remove_metadata().empty_table()
        return PartFile(self._folder, part).read(profile_range.row_filter, columns)

    def _temporary_path(self) -> str:
        return os.path.join(self._scratch_folder, secrets.token_hex(8))

    def _publish(self, content: bytes, path: str) -> None:
        """Replace a small file, whose path is relative to the dataset."""
        temporary_path = self._temporary_path()
        with open(temporary_path, "wb", opener=open_new_file) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._move(temporary_path, path)

    def _move(self, temporary_path: str, path: str) -> None:
        """Move a complete file to its path in the dataset; readers see either the old or the new file."""
        target = os.path.join(self._folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        replace_file(temporary_path, target)


@contextmanager
def open_dataset(folder: str) -> Iterator[DatasetWriter]:
    """Yield a dataset to write to; it is created if necessary, readable only by its owner."""
    import filelock

    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise NotADirectoryError(f"Cannot write a dataset to {folder!r}: it is a file, not a folder.")
    os.makedirs(folder, 0o700, exist_ok=True)
    os.makedirs(os.path.join(folder, MANIFEST_FOLDER), exist_ok=True)
    lock = filelock.FileLock(os.path.join(folder, _LOCK_FILE))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        message = f"Another process is writing to the dataset {folder!r}. Try again when it has finished."
        raise AyrframeError(message) from None
    try:
        # The lock ensures that these folders are of killed processes.
        for name in filter(_SCRATCH_NAME.fullmatch, os.listdir(folder)):
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
        scratch_folder = mkdtemp(prefix=_SCRATCH_PREFIX, dir=folder)
        try:
            yield DatasetWriter(folder, scratch_folder)
        finally:
            shutil.rmtree(scratch_folder, ignore_errors=True)
    finally:
        lock.release()


def _merge_posts(
    posts: pa.Table, staged: StagedPart, profile_range: ProfileRange, *, stored_pages: set[str]
) -> pa.Table:
    """Return stored posts of a profile range together with the staged ones, each observation once.

    Posts without an id cannot be deduplicated by key, so those of `stored_pages` are not added again. Only their time
    `listed_from` may be earlier now.
    """
    for keys in read_spilled(staged.removed_keys, profile_range):
        posts = drop_keys(posts, keys)
    files = [file for page, files in staged.without_id.items() if page not in stored_pages for file in files]
    stored = [file for page, files in staged.without_id.items() if page in stored_pages for file in files]
    for copies in read_spilled(stored, profile_range):
        posts = list_from_earlier(posts, copies)
    return drop_copies(pa.concat_tables([posts, *read_spilled([*staged.with_id, *files], profile_range)]))
