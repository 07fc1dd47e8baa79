"""One part of a data set ↔ its Parquet file, in which a flipped bit is no other number but an error."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ayrframe._frame import frame, united
from ayrframe._periods import Window
from ayrframe.columns import AS_OF, CREATED, ID, PROFILE
from ayrframe.errors import AyrframeError
from ayrframe.spec import Platform

_OURS = b"ayrframe"
_ROWS = 32_768  # of a row group, the least that a filter can pass over
_ORDER = (PROFILE, CREATED, ID, AS_OF)
# Arrow has no one error for files that are not what they should be.
_DAMAGED = (pa.ArrowException, OSError, ValueError, KeyError)


@cache
def schema_of(platforms: tuple[Platform, ...]) -> pa.Schema:
    """Return the columns of several networks in one file, with what pandas needs to read its own dtypes back."""
    return pa.Schema.from_pandas(frame(united([], platforms)), preserve_index=False)


def write(path: str, posts: pa.Table, platforms: tuple[Platform, ...], *, without_id: Iterable[str] = ()) -> None:
    """Write a file; `without_id` are the pages of which it holds posts that have no id."""
    schema = schema_of(platforms)
    notes = {_OURS: json.dumps({"without_id": sorted(without_id)}).encode()}
    posts = posts.select(schema.names).cast(schema).sort_by([(column.name, "ascending") for column in _ORDER])
    with open(path, "xb") as file:
        pq.write_table(
            posts.replace_schema_metadata({**(schema.metadata or {}), **notes}),
            file,
            compression="zstd",
            row_group_size=_ROWS,
            write_page_checksum=True,
            write_page_index=True,
        )
        file.flush()
        os.fsync(file.fileno())


def read(
    path: str,
    platform: Platform,
    *,
    window: Window | None = None,
    profiles: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """Return the posts of a file that lie in a period and are of these profiles; what it does not tell is null.

    A column that was declared after the file was written is null for its posts.
    """
    schema = schema_of((platform,))
    options = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
    try:
        file = ds.dataset(path, schema=schema, format=ds.ParquetFileFormat(default_fragment_scan_options=options))
        posts = file.to_table(columns=None if columns is None else list(columns), filter=_filter(window, profiles))
        posts.validate(full=True)
    except FileNotFoundError:
        raise
    except _DAMAGED:
        posts = None
    if posts is None:
        raise damaged(path)
    return posts.replace_schema_metadata(None)


def pages_without_id(path: str) -> set[str]:
    """Return the pages of which a file holds posts without an id; nobody could tell them from others again."""
    try:
        notes = (pq.read_schema(path).metadata or {}).get(_OURS)
        return set(json.loads(notes)["without_id"]) if notes else set()
    except FileNotFoundError:
        raise
    except (*_DAMAGED, TypeError):
        pass
    raise damaged(path)


def later_columns(path: str, platform: Platform) -> list[str]:
    """Return the columns of a file that this version does not know."""
    try:
        return [name for name in pq.read_schema(path).names if name not in schema_of((platform,)).names]
    except FileNotFoundError:
        raise
    except _DAMAGED:
        pass
    raise damaged(path)


def damaged(path: str) -> AyrframeError:
    """Return the error that says so, and how to mend it."""
    return AyrframeError(
        f"Cannot read {path!r}: the file is damaged, or it is none that ayrframe wrote. Delete it and call "
        "Archive.to_parquet again: its posts are then made anew out of the archive."
    )


def _filter(window: Window | None, profiles: Sequence[str] | None) -> pc.Expression | None:
    found = []
    if profiles is not None:
        found.append(pc.field(PROFILE.name).isin(pa.array(list(profiles), pa.large_string())))
    created = pc.field(CREATED.name)
    # A post of which nobody knows the time is not left out.
    if window is not None and window.since is not None:
        found.append((created >= pa.scalar(window.since, pa.timestamp("us", "UTC"))) | created.is_null())
    if window is not None and window.until is not None:
        found.append((created <= pa.scalar(window.until, pa.timestamp("us", "UTC"))) | created.is_null())
    together = None
    for one in found:
        together = one if together is None else together & one
    return together
