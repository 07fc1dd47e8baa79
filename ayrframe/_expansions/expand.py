"""The posts frame → a child table: each platform's share unfolded, put together in the order of the posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from ayrframe._decode.json import NOT_JSON
from ayrframe._expansions.cells import Origin, Part, takes
from ayrframe._expansions.shapes import numbers_of, single, unfold
from ayrframe._frame.dtypes import frame as to_frame
from ayrframe._frame.extra import leftovers
from ayrframe._frame.key import key_columns
from ayrframe._frame.platform_rows import platforms_in, rows_of, take_rows
from ayrframe._frame.to_arrow import cells_of, unreadable
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import AS_OF, EXTRA
from ayrframe._platforms.spec import ChildTable, Column, Expansion, Melt, Platform, RowPerElement, RowPerKey, Unit
from ayrframe.errors import ExpansionError, quote, warn_user

Owner = tuple[Platform, Expansion]
T = TypeVar("T")


def expansions_in(posts: pd.DataFrame, platforms: Iterable[Platform] | None = None) -> dict[str, list[Owner]]:
    """Return the expansions that platforms, else a frame's own, declare and whose source it has, by name."""
    found: dict[str, list[Owner]] = {}
    for platform in platforms_in(posts) if platforms is None else platforms:
        for expansion in platform.expansions:
            if expansion.source in posts.columns and not pd.api.types.is_numeric_dtype(posts[expansion.source].dtype):
                found.setdefault(expansion.table.name, []).append((platform, expansion))
    return found


def names_in(posts: pd.DataFrame, platforms: Iterable[Platform] | None = None) -> list[str]:
    """Return the names of all expansions of a frame, `extra` last."""
    return [*expansions_in(posts, platforms), *([tables.EXTRA_TABLE.name] if EXTRA.name in posts.columns else [])]


def expand(posts: pd.DataFrame, name: str, *, wide: bool = False) -> pd.DataFrame:
    """Return the child table of this name: the post key, then the table's columns."""
    if name == tables.EXTRA_TABLE.name and EXTRA.name in posts.columns:
        return _keyed(posts, _extra(posts), [cell.name for cell in tables.EXTRA_TABLE.cells])
    owners = expansions_in(posts).get(name)
    if not owners:
        raise ExpansionError(no_such(posts, name))
    return unfolded(posts, owners, wide=wide)


def unfolded(posts: pd.DataFrame, owners: Sequence[Owner], *, wide: bool) -> pd.DataFrame:
    """Return the child table of these owners, who may have no post here: the columns are the same."""
    table = owners[0][1].table
    if wide and not table.wide:
        raise ValueError(f"{table.name} has no wide form; leave wide=True out.")
    parts = [_share(posts, platform, expansion, wide=wide) for platform, expansion in owners]
    return _keyed(posts, _in_order(parts), _wide_names(owners) if wide else [cell.name for cell in table.cells])


Counts = Counter[tuple[str, str]]


def overview(posts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per expansion: name, platforms, source column, what one row is, posts that have it."""
    return listed(posts, platforms_in(posts), posts_with(posts))


def posts_with(posts: pd.DataFrame) -> Counts:
    """Return how many posts have an expansion, by name and platform; counts of parts of a frame can be added."""
    found = Counter(
        {
            (name, platform.name): len(np.unique(_share(posts, platform, expansion, wide=False).origin))
            for name, owners in expansions_in(posts).items()
            for platform, expansion in owners
        }
    )
    if EXTRA.name in posts.columns:
        found[tables.EXTRA_TABLE.name, ""] = int(posts[EXTRA.name].count())
    return found


def listed(posts: pd.DataFrame, platforms: Sequence[Platform], counts: Counts) -> pd.DataFrame:
    """Return the overview of expansions of these platforms, out of what was counted."""
    rows = [
        (
            name,
            ", ".join(platform.name for platform, _ in owners),
            ", ".join(dict.fromkeys(expansion.source for _, expansion in owners)),
            owners[0][1].table.row,
            sum(counts[name, platform.name] for platform, _ in owners),
        )
        for name, owners in expansions_in(posts, platforms).items()
    ]
    if EXTRA.name in posts.columns:
        everywhere = ", ".join(platform.name for platform in platforms)
        rows.append(
            (
                tables.EXTRA_TABLE.name,
                everywhere,
                EXTRA.name,
                tables.EXTRA_TABLE.row,
                counts[tables.EXTRA_TABLE.name, ""],
            )
        )
    columns = {"name": "str", "platforms": "str", "source": "str", "row": "str", "posts": "int64"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _share(posts: pd.DataFrame, platform: Platform, expansion: Expansion, *, wide: bool) -> Part:
    """Return one platform's rows; their origin is the place of the post in the frame."""
    rows = np.flatnonzero(rows_of(platform, posts))
    columns = {column.name: column for column in platform.columns}
    source = columns[expansion.source]
    part = Part({}, np.zeros(0, dtype=np.int64))
    if expansion.shape is not None:
        cells = cells_of(posts, source, rows)
        try:
            part = unfold(expansion, source, cells, wide=wide)
        except NOT_JSON:
            readable = False
        else:
            readable = True
        if not readable:
            raise unreadable(posts, source, cells, rows)
        if isinstance(expansion.shape, RowPerElement):
            _warn_of_fractions(expansion.table, expansion.shape, source, part, posts["id"].array, rows)
    if expansion.single is not None:
        named = {take.path for _, take in takes(expansion.single.cells)} | {expansion.source}
        sources = {name: cells_of(posts, columns[name], rows) for name in named if name in posts.columns}
        alone = single(expansion, expansion.single, columns, sources, len(rows))
        part = _beside(part, alone) if part.cells else alone
    return Part(part.cells, rows[part.origin])


def _beside(listed: Part, alone: Part) -> Part:
    """Return the listed rows, and for posts that have none of them the row they have alone."""
    rest = np.flatnonzero(~np.isin(alone.origin, listed.origin))
    chosen = pa.array(rest)
    cells = {name: pa.concat_arrays([values, alone.cells[name].take(chosen)]) for name, values in listed.cells.items()}
    return Part(cells, np.concatenate((listed.origin, alone.origin[rest])))


def _in_order(parts: list[Part]) -> Part:
    """Return all parts as one, in the order of the posts; rows of one post keep their order."""
    if len(parts) == 1 and (np.diff(parts[0].origin) >= 0).all():
        return parts[0]
    together = pa.concat_tables([pa.table(part.cells) for part in parts], promote_options="default")
    origin = np.concatenate([part.origin for part in parts])
    order = np.argsort(origin, kind="stable")
    if not np.array_equal(order, np.arange(len(order))):
        together = together.take(pa.array(order))
    columns = {name: together.column(name).combine_chunks() for name in together.column_names}
    return Part(columns, origin[order])


def _keyed(posts: pd.DataFrame, part: Part, names: Iterable[str]) -> pd.DataFrame:
    """Return the rows as a frame that starts with the key of the post each belongs to."""
    keys = {name: take_rows(values.array, part.origin) for name, values in key_columns(posts).items()}
    keys[AS_OF.name] = keys[AS_OF.name].copy()  # It may be a view of the posts.
    return to_frame(pa.table({name: part.cells[name] for name in names}), keys)


def _wide_names(owners: Sequence[Owner]) -> list[str]:
    """Return the columns of the wide form: what is declared, whether or not a post has it."""
    names: dict[str, None] = {}
    for platform, expansion in owners:
        if isinstance(expansion.shape, RowPerKey):
            names |= dict.fromkeys(expansion.shape.labels)
        elif isinstance(expansion.shape, Melt):
            inner = next(column.inner for column in platform.columns if column.name == expansion.source)
            metrics = (metric for _, metric, _ in numbers_of(expansion.shape, inner))
            names |= dict.fromkeys([*expansion.shape.outer, "scope", *metrics])
    return [*names, "total"] if any(isinstance(expansion.shape, RowPerKey) for _, expansion in owners) else [*names]


def _extra(posts: pd.DataFrame) -> Part:
    found = []
    origin = []
    for platform in platforms_in(posts):
        rows = np.flatnonzero(rows_of(platform, posts))
        for place, text in zip(rows, cells_of(posts, EXTRA, rows).to_pylist(), strict=True):
            if text is not None:
                left = list(leftovers(platform, text))
                found += left
                origin += [place] * len(left)
    order = np.argsort(np.array(origin, dtype=np.int64), kind="stable")
    columns = zip(*(found[place] for place in order), strict=True) if found else ((), (), ())
    names = [cell.name for cell in tables.EXTRA_TABLE.cells]
    cells = {name: pa.array(values, pa.large_string()) for name, values in zip(names, columns, strict=True)}
    return Part(cells, np.array(origin, dtype=np.int64)[order])


def _warn_of_fractions(
    table: ChildTable, shape: RowPerElement, source: Column, part: Part, ids: Any, rows: Origin
) -> None:
    """Warn where declared percents of a post sum to 1 or less, for they may have been fractions already."""
    units = {field.path: field.unit for field in source.inner}
    for name, take in takes(shape.cells):
        if units[take.path] is not Unit.PERCENT or not len(part.origin):
            continue
        sums = np.bincount(part.origin, part.cells[name].fill_null(0).to_numpy() * 100, minlength=len(rows))
        low = np.flatnonzero((sums > 0) & (sums <= 1))
        if len(low):
            warn_user(
                f"{table.name}: the percents of {len(low)} post(s) sum to 1 or less, the first being post "
                f"{quote(str(ids[rows[low[0]]]))}. They may have been fractions already; all were divided by 100."
            )


def no_such(posts: pd.DataFrame, name: str, platforms: Sequence[Platform] | None = None) -> str:
    """Return what to say of a name that is no expansion of these posts."""
    here = platforms_in(posts) if platforms is None else platforms
    others = [
        platform.name
        for platform in PLATFORMS.values()
        if platform not in here and any(expansion.table.name == name for expansion in platform.expansions)
    ]
    elsewhere = f" It belongs to {', '.join(others)}, and there are no such posts here." if others else ""
    there = ", ".join(names_in(posts, here)) or "none"
    return f"These posts have no expansion {quote(name)}.{elsewhere} There are: {there}."
