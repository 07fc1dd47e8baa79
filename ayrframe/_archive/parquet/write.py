"""Pages → the parts of a data set: laid down, then part by part put together with what is there, and put in place.

Nothing here depends on order, and everything may happen twice: of copies of an observation the same one stays whichever
came first. So a call that dies in the middle leaves whole parts, and the next one does what was left.
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
from ayrframe._archive.parquet.deduplicate import drop_copies, drop_keys
from ayrframe._archive.parquet.layout import COLUMNS_FILE, MANIFEST_FOLDER, UNKNOWN_MONTH, DatasetPart, list_parts
from ayrframe._archive.parquet.manifest import Manifest
from ayrframe._archive.parquet.part_file import PartFile, footer_hash, part_schema, write_part
from ayrframe._archive.parquet.ranges import ALL_PROFILES, ProfileRange, split_ranges
from ayrframe._archive.parquet.staging import PagePosts, StagedPart, StagingArea, read_spilled
from ayrframe._platforms import in_registry_order
from ayrframe._platforms.columns import AS_OF, ID, KEY
from ayrframe._platforms.spec import Column, Platform
from ayrframe.errors import AyrframeError, quote

WRITTEN = {"platform": "str", "month": "str", "posts": "Int64", "bytes": "Int64", "file": "str"}

_SCRATCH, _LOCK = ".ayrframe-half-", ".lock"
_LEFT = re.compile(re.escape(_SCRATCH) + "[a-z0-9_]{8}")
_NAMED = 5


class DatasetWriter:
    """A data set that pages are added to; one at a time may do that."""

    def __init__(self, folder: str, scratch: str) -> None:
        """Use `scratch`, a folder in the data set, for what is not yet whole."""
        self._folder, self._scratch = folder, scratch
        self._ledger = Manifest(folder)
        self._there = {part.name: part for part in list_parts(folder)}

    def lacks(self, pages: Iterable[str]) -> set[str]:
        """Return those pages that have to be added: they never were, or a part is gone that held posts of them."""
        told = self._ledger.parts_of(pages)
        return {page for page, parts in told if parts is None or any(part not in self._there for part in parts)}

    def empty(self, pages: Iterable[str]) -> set[str]:
        """Return those pages of which it is noted that they have no post here."""
        return {page for page, parts in self._ledger.parts_of(pages) if parts == ()}

    def add(self, pieces: Iterable[PagePosts]) -> pd.DataFrame:
        """Add pages, and return the parts that were written."""
        heap = StagingArea(self._scratch)
        for piece in pieces:
            heap.add(piece)
        heap.settle()
        piles = {part: pile for part, pile in heap.piles.items() if pile.brings or part.name in self._there}
        self._declare([*self._there.values(), *piles])
        # A part that is made, or made again, has nothing yet of pages that are not among these.
        founded = {part.name for part in piles if part.name not in self._there}
        self._ledger.forget(founded, self._published, but=heap.pages)
        rows = [self._written(part, pile) for part, pile in self._undated_last(piles)]
        self._ledger.note(heap.pages, self._published)
        return pd.DataFrame(sorted(rows), columns=list(WRITTEN)).astype(WRITTEN)

    def _undated_last(self, piles: Mapping[DatasetPart, StagedPart]) -> Iterator[tuple[DatasetPart, StagedPart]]:
        """Yield parts with what comes into them, last those of posts without a date: others may know theirs by then."""
        for part in sorted(piles, key=lambda part: part.name):
            if part.month != UNKNOWN_MONTH:
                yield part, piles[part]
        for platform in in_registry_order(part.platform for part in piles):
            undated = DatasetPart(platform, UNKNOWN_MONTH)
            if undated in piles:
                yield undated, piles[undated]
            elif undated.name in self._there and len(self._dated(self._present(undated, ALL_PROFILES, KEY), platform)):
                yield undated, StagedPart()

    def _dated(self, posts: pa.Table, platform: Platform) -> pa.Table:
        """Return the keys of those posts that stand in a month: a copy that has its date tells more."""
        keys = posts.select(KEY).filter(pc.is_valid(posts.column(ID.name)))
        these = _is_in(ID, keys) & _is_in(AS_OF, keys)
        months = (
            part for part in list_parts(self._folder) if part.platform is platform and part.month != UNKNOWN_MONTH
        )
        found = (PartFile(self._folder, part).read(these, KEY) for part in months if len(keys))
        return pa.concat_tables([keys.slice(0, 0), *found])

    def _declare(self, parts: Sequence[DatasetPart]) -> None:
        """Have the file in place in which engines find the columns of all networks, and those of later versions."""
        schema = part_schema(tuple(in_registry_order(part.platform for part in parts)))
        path = os.path.join(self._folder, COLUMNS_FILE)
        try:
            known = pq.read_schema(path)
        except (OSError, pa.ArrowException):
            known = pa.schema([])
        whole = pa.unify_schemas([schema, pa.schema([one for one in known if one.name not in schema.names])])
        if not known.equals(whole):
            half = self._half()
            pq.write_table(whole.with_metadata(schema.metadata).empty_table(), half)
            self._place(half, COLUMNS_FILE)

    def _written(self, part: DatasetPart, pile: StagedPart) -> tuple[str, str, int, int, str]:
        file, half = PartFile(self._folder, part), self._half()
        known = part.name in self._there
        if known:
            _refuse_later(file)
        without_id = file.pages_without_id() if known else set()
        within = split_ranges([*pile.weights, *(file.weights() if known else ())])
        posts = (_together(self._present(part, span), pile, span, have=without_id) for span in within)
        if part.month == UNKNOWN_MONTH:
            posts = (drop_keys(some, self._dated(some, part.platform)) for some in posts)
        count = write_part(half, posts, part.platform, without_id=without_id | set(pile.nameless))
        size = os.path.getsize(half)
        # For a moment both may be true of what a reader finds: the file that was there, and this one.
        before = [footer_hash(file.path)] if known else []
        self._published("\n".join([*before, footer_hash(half), ""]).encode(), part.footers)
        self._place(half, part.place)
        pile.clear()
        return part.platform.name, part.month, count, size, part.place

    def _present(self, part: DatasetPart, span: ProfileRange, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the posts that a part has of these profiles so far."""
        if part.name not in self._there:
            return part_schema((part.platform,)).remove_metadata().empty_table()
        return PartFile(self._folder, part).read(span.rows, columns)

    def _half(self) -> str:
        return os.path.join(self._scratch, secrets.token_hex(8))

    def _published(self, content: bytes, place: str) -> None:
        half = self._half()
        with open(half, "wb", opener=open_new_file) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._place(half, place)

    def _place(self, half: str, place: str) -> None:
        """Move a file that is whole to where readers find it: they see the old one or the new one."""
        target = os.path.join(self._folder, place)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        replace_file(half, target)


@contextmanager
def open_dataset(folder: str) -> Iterator[DatasetWriter]:
    """Yield a data set to add to; it is made if it is not there, for its owner's eyes only."""
    import filelock

    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise NotADirectoryError(f"Cannot write a data set to {folder!r}: there is something, and it is no folder.")
    os.makedirs(folder, 0o700, exist_ok=True)
    os.makedirs(os.path.join(folder, MANIFEST_FOLDER), exist_ok=True)
    try:
        lock = filelock.FileLock(os.path.join(folder, _LOCK), timeout=0)
        lock.acquire()
    except filelock.Timeout:
        lock = None
    if lock is None:
        raise AyrframeError(f"Somebody else writes to the data set {folder!r} right now. Try again when that is done.")
    try:
        _sweep(folder)
        scratch = mkdtemp(prefix=_SCRATCH, dir=folder)
        try:
            yield DatasetWriter(folder, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    finally:
        lock.release()


def _sweep(folder: str) -> None:
    """Remove what a process that died has left; nobody else can be at work here."""
    for name in os.listdir(folder):
        if _LEFT.fullmatch(name):
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)


def _refuse_later(file: PartFile) -> None:
    if later := file.later_columns():
        more = f" and {len(later) - _NAMED} more" if len(later) > _NAMED else ""
        raise AyrframeError(
            f"{file.path!r} was written by a later version of ayrframe, or by another program: this one does not know "
            f"{', '.join(map(quote, later[:_NAMED]))}{more}, and would lose what stands there. Update ayrframe, or "
            "name another folder."
        )


def _together(old: pa.Table, pile: StagedPart, span: ProfileRange, *, have: set[str]) -> pa.Table:
    """Return the posts of a span with what was laid down for it, each observation once.

    Posts without an id have no key by which one could see that they are here already: those of the pages `have` are.
    """
    for keys in read_spilled(pile.withdrawn, span):
        old = drop_keys(old, keys)
    nameless = [sheet for page, sheets in pile.nameless.items() if page not in have for sheet in sheets]
    return drop_copies(pa.concat_tables([old, *read_spilled(pile.named, span), *read_spilled(nameless, span)]))


def _is_in(column: Column, keys: pa.Table) -> pc.Expression:
    return pc.field(column.name).isin(keys.column(column.name).combine_chunks())
