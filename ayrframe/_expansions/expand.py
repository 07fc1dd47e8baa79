"""The posts frame → a child table: each platform's share unfolded, put together in the order of the posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from ayrframe._decode.json import JSON_ERRORS
from ayrframe._expansions.cells import ChildRows, RowPositions, iter_sources
from ayrframe._expansions.shapes import melted_fields, unfold_column, unfold_post_columns
from ayrframe._frame.dtypes import to_frame
from ayrframe._frame.extra import iter_extra_fields
from ayrframe._frame.key import post_key_columns
from ayrframe._frame.platform_rows import platform_mask, platforms_in, take_rows
from ayrframe._frame.to_arrow import to_arrow, unreadable_cell_error
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms import child_tables as tables
from ayrframe._platforms.columns import AS_OF, EXTRA
from ayrframe._platforms.spec import ChildTable, Column, Expansion, Melt, Platform, RowPerElement, RowPerKey, Unit
from ayrframe.errors import ExpansionError, quote, warn_user

PlatformExpansion = tuple[Platform, Expansion]
T = TypeVar("T")


def expansions_by_name(
    posts: pd.DataFrame, platforms: Iterable[Platform] | None = None
) -> dict[str, list[PlatformExpansion]]:
    """Return the expansions that platforms, else a frame's own, declare and whose source it has, by name."""
    found: dict[str, list[PlatformExpansion]] = {}
    for platform in platforms_in(posts) if platforms is None else platforms:
        for expansion in platform.expansions:
            if expansion.source in posts.columns and not pd.api.types.is_numeric_dtype(posts[expansion.source].dtype):
                found.setdefault(expansion.table.name, []).append((platform, expansion))
    return found


def expansion_names(posts: pd.DataFrame, platforms: Iterable[Platform] | None = None) -> list[str]:
    """Return the names of all expansions of a frame, `extra` last."""
    return [*expansions_by_name(posts, platforms), *([tables.EXTRA_TABLE.name] if EXTRA.name in posts.columns else [])]


def expand(posts: pd.DataFrame, name: str, *, wide: bool = False) -> pd.DataFrame:
    """Return the child table of this name: the post key, then the table's columns."""
    if name == tables.EXTRA_TABLE.name and EXTRA.name in posts.columns:
        return _add_post_key(posts, _extra_child_rows(posts), [cell.name for cell in tables.EXTRA_TABLE.cells])
    owners = expansions_by_name(posts).get(name)
    if not owners:
        raise ExpansionError(unknown_expansion_message(posts, name))
    return expand_platforms(posts, owners, wide=wide)


def expand_platforms(posts: pd.DataFrame, owners: Sequence[PlatformExpansion], *, wide: bool) -> pd.DataFrame:
    """Return the child table of these owners, who may have no post here: the columns are the same."""
    table = owners[0][1].table
    if wide and not table.wide_row_meaning:
        raise ValueError(f"{table.name} has no wide form; leave wide=True out.")
    parts = [_expand_platform(posts, platform, expansion, wide=wide) for platform, expansion in owners]
    return _add_post_key(
        posts, _concat_in_post_order(parts), _wide_columns(owners) if wide else [cell.name for cell in table.cells]
    )


ExpansionCounts = Counter[tuple[str, str]]


def list_expansions(posts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per expansion: name, platforms, source column, what one row is, posts that have it."""
    return describe_expansions(posts, platforms_in(posts), count_posts_by_expansion(posts))


def count_posts_by_expansion(posts: pd.DataFrame) -> ExpansionCounts:
    """Return how many posts have an expansion, by name and platform; counts of parts of a frame can be added."""
    found = Counter(
        {
            (name, platform.name): len(np.unique(_expand_platform(posts, platform, expansion, wide=False).origin))
            for name, owners in expansions_by_name(posts).items()
            for platform, expansion in owners
        }
    )
    if EXTRA.name in posts.columns:
        found[tables.EXTRA_TABLE.name, ""] = int(posts[EXTRA.name].count())
    return found


def describe_expansions(posts: pd.DataFrame, platforms: Sequence[Platform], counts: ExpansionCounts) -> pd.DataFrame:
    """Return the overview of expansions of these platforms, out of what was counted."""
    rows = [
        (
            name,
            ", ".join(platform.name for platform, _ in owners),
            ", ".join(dict.fromkeys(expansion.source for _, expansion in owners)),
            owners[0][1].table.row_meaning,
            sum(counts[name, platform.name] for platform, _ in owners),
        )
        for name, owners in expansions_by_name(posts, platforms).items()
    ]
    if EXTRA.name in posts.columns:
        everywhere = ", ".join(platform.name for platform in platforms)
        rows.append(
            (
                tables.EXTRA_TABLE.name,
                everywhere,
                EXTRA.name,
                tables.EXTRA_TABLE.row_meaning,
                counts[tables.EXTRA_TABLE.name, ""],
            )
        )
    columns = {"name": "str", "platforms": "str", "source": "str", "row": "str", "posts": "int64"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _expand_platform(posts: pd.DataFrame, platform: Platform, expansion: Expansion, *, wide: bool) -> ChildRows:
    """Return one platform's rows; their origin is the place of the post in the frame."""
    rows = np.flatnonzero(platform_mask(platform, posts))
    columns = {column.name: column for column in platform.columns}
    source = columns[expansion.source]
    part = ChildRows({}, np.zeros(0, dtype=np.int64))
    if expansion.shape is not None:
        cells = to_arrow(posts, source, rows)
        try:
            part = unfold_column(expansion, source, cells, wide=wide)
        except JSON_ERRORS:
            readable = False
        else:
            readable = True
        if not readable:
            raise unreadable_cell_error(posts, source, cells, rows)
        if isinstance(expansion.shape, RowPerElement):
            _warn_about_fractions(expansion.table, expansion.shape, source, part, posts["id"].array, rows)
    if expansion.row_per_post is not None:
        named = {take.path for _, take in iter_sources(expansion.row_per_post.cells)} | {expansion.source}
        sources = {name: to_arrow(posts, columns[name], rows) for name in named if name in posts.columns}
        alone = unfold_post_columns(expansion, expansion.row_per_post, columns, sources, len(rows))
        part = _append_single_rows(part, alone) if part.cells else alone
    return ChildRows(part.cells, rows[part.origin])


def _append_single_rows(listed: ChildRows, alone: ChildRows) -> ChildRows:
    """Return the listed rows, and for posts that have none of them the row they have alone."""
    rest = np.flatnonzero(~np.isin(alone.origin, listed.origin))
    chosen = pa.array(rest)
    cells = {name: pa.concat_arrays([values, alone.cells[name].take(chosen)]) for name, values in listed.cells.items()}
    return ChildRows(cells, np.concatenate((listed.origin, alone.origin[rest])))


def _concat_in_post_order(parts: list[ChildRows]) -> ChildRows:
    """Return all parts as one, in the order of the posts; rows of one post keep their order."""
    if len(parts) == 1 and (np.diff(parts[0].origin) >= 0).all():
        return parts[0]
    together = pa.concat_tables([pa.table(part.cells) for part in parts], promote_options="default")
    origin = np.concatenate([part.origin for part in parts])
    order = np.argsort(origin, kind="stable")
    if not np.array_equal(order, np.arange(len(order))):
        together = together.take(pa.array(order))
    columns = {name: together.column(name).combine_chunks() for name in together.column_names}
    return ChildRows(columns, origin[order])


def _add_post_key(posts: pd.DataFrame, part: ChildRows, names: Iterable[str]) -> pd.DataFrame:
    """Return the rows as a frame that starts with the key of the post each belongs to."""
    keys = {name: take_rows(values.array, part.origin) for name, values in post_key_columns(posts).items()}
    keys[AS_OF.name] = keys[AS_OF.name].copy()  # It may be a view of the posts.
    return to_frame(pa.table({name: part.cells[name] for name in names}), keys)


def _wide_columns(owners: Sequence[PlatformExpansion]) -> list[str]:
    """Return the columns of the wide form: what is declared, whether or not a post has it."""
    names: dict[str, None] = {}
    for platform, expansion in owners:
        if isinstance(expansion.shape, RowPerKey):
            names |= dict.fromkeys(expansion.shape.labels)
        elif isinstance(expansion.shape, Melt):
            inner = next(column.inner for column in platform.columns if column.name == expansion.source)
            metrics = (metric for _, metric, _ in melted_fields(expansion.shape, inner))
            names |= dict.fromkeys([*expansion.shape.outer, "scope", *metrics])
    return [*names, "total"] if any(isinstance(expansion.shape, RowPerKey) for _, expansion in owners) else [*names]


def _extra_child_rows(posts: pd.DataFrame) -> ChildRows:
    found = []
    origin = []
    for platform in platforms_in(posts):
        rows = np.flatnonzero(platform_mask(platform, posts))
        for place, text in zip(rows, to_arrow(posts, EXTRA, rows).to_pylist(), strict=True):
            if text is not None:
                left = list(iter_extra_fields(platform, text))
                found += left
                origin += [place] * len(left)
    order = np.argsort(np.array(origin, dtype=np.int64), kind="stable")
    columns = zip(*(found[place] for place in order), strict=True) if found else ((), (), ())
    names = [cell.name for cell in tables.EXTRA_TABLE.cells]
    cells = {name: pa.array(values, pa.large_string()) for name, values in zip(names, columns, strict=True)}
    return ChildRows(cells, np.array(origin, dtype=np.int64)[order])


def _warn_about_fractions(
    table: ChildTable, shape: RowPerElement, source: Column, part: ChildRows, ids: Any, rows: RowPositions
) -> None:
    """Warn where declared percents of a post sum to 1 or less, for they may have been fractions already."""
    units = {field.path: field.unit for field in source.inner}
    for name, take in iter_sources(shape.cells):
        if units[take.path] is not Unit.PERCENT or not len(part.origin):
            continue
        sums = np.bincount(part.origin, part.cells[name].fill_null(0).to_numpy() * 100, minlength=len(rows))
        low = np.flatnonzero((sums > 0) & (sums <= 1))
        if len(low):
            warn_user(
                f"{table.name}: the percents of {len(low)} post(s) sum to 1 or less, the first being post "
                f"{quote(str(ids[rows[low[0]]]))}. They may have been fractions already; all were divided by 100."
            )


def unknown_expansion_message(posts: pd.DataFrame, name: str, platforms: Sequence[Platform] | None = None) -> str:
    """Return what to say of a name that is no expansion of these posts."""
    here = platforms_in(posts) if platforms is None else platforms
    others = [
        platform.name
        for platform in PLATFORMS.values()
        if platform not in here and any(expansion.table.name == name for expansion in platform.expansions)
    ]
    elsewhere = f" It belongs to {', '.join(others)}, and there are no such posts here." if others else ""
    there = ", ".join(expansion_names(posts, here)) or "none"
    return f"These posts have no expansion {quote(name)}.{elsewhere} There are: {there}."
