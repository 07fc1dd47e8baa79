"""Expand nested columns of a posts frame into child tables, for all of its platforms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress

import numpy as np
import pandas as pd
import pyarrow as pa

from ayrframe._decode.arrays import IntArray
from ayrframe._decode.json import JSON_ERRORS
from ayrframe._expansions.cells import ChildRows, iter_sources
from ayrframe._expansions.shapes import melted_fields, unfold_column, unfold_post_columns, unfold_post_groups
from ayrframe._frame.dtypes import to_frame
from ayrframe._frame.extra import iter_extra_fields
from ayrframe._frame.key import post_key_columns
from ayrframe._frame.platform_rows import (
    is_accounts_frame,
    known_platforms_in,
    platform_mask,
    platforms_in,
    rows_by_platform,
    take_rows,
)
from ayrframe._frame.to_arrow import to_arrow, unreadable_cell_error
from ayrframe._platforms import PLATFORMS, child_tables as tables
from ayrframe._platforms.columns import AS_OF, EXTRA
from ayrframe._platforms.spec import Column, Expansion, Melt, Platform, RowPerElement, RowPerKey, Unit
from ayrframe.errors import ExpansionError, join_names, quote, suggest, warn_user

PlatformExpansion = tuple[Platform, Expansion]


def expansions_by_name(
    posts: pd.DataFrame, platforms: Iterable[Platform] | None = None
) -> dict[str, list[PlatformExpansion]]:
    """Return the declared expansions whose source column is in the frame, by name.

    `platforms` defaults to those of the frame.
    """
    expansions: dict[str, list[PlatformExpansion]] = {}
    for platform in known_platforms_in(posts) if platforms is None else platforms:
        for expansion in platform.expansions:
            if expansion.source in posts.columns and _may_have_lists(posts[expansion.source]):
                expansions.setdefault(expansion.table.name, []).append((platform, expansion))
    return expansions


def _may_have_lists(values: pd.Series) -> bool:
    """Return whether a column may hold JSON; an empty one is read from CSV as numbers."""
    return not pd.api.types.is_numeric_dtype(values.dtype) or bool(values.isna().all())


def expansion_names(posts: pd.DataFrame, platforms: Iterable[Platform] | None = None) -> list[str]:
    """Return the names of the expansions of a frame; `extra` is last."""
    return [*expansions_by_name(posts, platforms), *([tables.EXTRA_TABLE.name] if EXTRA.name in posts.columns else [])]


def expand(posts: pd.DataFrame, name: str, *, wide: bool = False) -> pd.DataFrame:
    """Return a child table: the post key, then the columns of the table."""
    if name == tables.EXTRA_TABLE.name and EXTRA.name in posts.columns:
        return _add_post_key(posts, _extra_child_rows(posts), [cell.name for cell in tables.EXTRA_TABLE.cells])
    declared = expansions_by_name(posts, platforms_in(posts)).get(name)
    if dropped := _dropped_sources(posts, name):
        columns = ", ".join(f"{source!r} of {platform.title}" for platform, source in dropped)
        if not declared:
            raise ValueError(f"The frame lacks the column {columns}, from which {name} is read. Keep it.")
        warn_user(f"The frame lacks columns, so {name} has no rows of these platforms: {columns}.")
    if not declared:
        raise ExpansionError(unknown_expansion_message(posts, name))
    return expand_platforms(posts, declared, wide=wide)


def _dropped_sources(posts: pd.DataFrame, name: str) -> list[tuple[Platform, str]]:
    """Return the platforms of the frame with this expansion whose source column is missing, with its name."""
    return [
        (platform, expansion.source)
        for platform in platforms_in(posts)
        for expansion in platform.expansions
        if expansion.table.name == name and expansion.source not in posts.columns
    ]


def expand_platforms(posts: pd.DataFrame, declared: Sequence[PlatformExpansion], *, wide: bool) -> pd.DataFrame:
    """Return the child table that some platforms declare; its columns do not depend on the posts."""
    table = declared[0][1].table
    if wide and not table.wide_row_meaning:
        raise ValueError(f"Expansion {table.name!r} has no wide format; call it without `wide=True`.")
    parts = [_expand_platform(posts, platform, expansion, wide=wide) for platform, expansion in declared]
    names = _wide_columns(declared) if wide else [cell.name for cell in table.cells]
    return _add_post_key(posts, _concat_in_post_order(parts), names)


ExpansionCounts = Counter[tuple[str, str]]


def list_expansions(posts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per expansion: name, platforms, source columns, meaning of a row, number of posts."""
    return describe_expansions(posts, known_platforms_in(posts), count_posts_by_expansion(posts))


def count_posts_by_expansion(posts: pd.DataFrame) -> ExpansionCounts:
    """Count the posts with rows in each expansion, by name and platform; counts of partitions can be added."""
    counts: ExpansionCounts = Counter()
    for name, declared in expansions_by_name(posts).items():
        for platform, expansion in declared:
            child_rows = _expand_platform(posts, platform, expansion, wide=False)
            counts[name, platform.name] = len(np.unique(child_rows.post_positions))
    if EXTRA.name in posts.columns:
        counts[tables.EXTRA_TABLE.name, ""] = int(posts[EXTRA.name].count())
    return counts


def describe_expansions(posts: pd.DataFrame, platforms: Sequence[Platform], counts: ExpansionCounts) -> pd.DataFrame:
    """Return the table of `list_expansions` for some platforms, from counts of their posts."""
    rows = [
        (
            name,
            ", ".join(platform.name for platform, _ in declared),
            ", ".join(dict.fromkeys(expansion.source for _, expansion in declared)),
            declared[0][1].table.row_meaning,
            sum(counts[name, platform.name] for platform, _ in declared),
        )
        for name, declared in expansions_by_name(posts, platforms).items()
    ]
    if EXTRA.name in posts.columns:
        table, names = tables.EXTRA_TABLE, ", ".join(platform.name for platform in platforms)
        rows.append((table.name, names, EXTRA.name, table.row_meaning, counts[table.name, ""]))
    columns = {"name": "str", "platforms": "str", "source": "str", "row": "str", "posts": "int64"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _expand_platform(posts: pd.DataFrame, platform: Platform, expansion: Expansion, *, wide: bool) -> ChildRows:
    """Return the rows of one platform; their positions refer to the whole frame."""
    rows = np.flatnonzero(platform_mask(platform, posts))
    columns = {column.name: column for column in platform.columns}
    source = columns[expansion.source]
    child_rows = ChildRows({}, rows[:0])
    if expansion.shape is not None:
        child_rows = _unfold_source(posts, expansion, source, rows, wide=wide)
        _warn_about_fractions(posts, rows, expansion, source, child_rows)
    if expansion.row_per_post is not None:
        paths = {cell.path for _, cell in iter_sources(expansion.row_per_post.cells)} | {expansion.source}
        sources = {name: to_arrow(posts, columns[name], rows) for name in paths if name in posts.columns}
        single_rows = unfold_post_columns(expansion, expansion.row_per_post, columns, sources, len(rows))
        child_rows = _append_single_rows(child_rows, single_rows) if child_rows.cells else single_rows
    if isinstance(expansion.shape, Melt) and expansion.shape.post_groups:
        child_rows = _append_post_groups(posts, platform, expansion, expansion.shape, rows, child_rows, wide=wide)
    return ChildRows(child_rows.cells, rows[child_rows.post_positions])


def _append_post_groups(
    posts: pd.DataFrame,
    platform: Platform,
    expansion: Expansion,
    shape: Melt,
    rows: IntArray,
    child_rows: ChildRows,
    *,
    wide: bool,
) -> ChildRows:
    """Add the rows of the numbers that are columns of the posts, after the other rows of each post."""
    prefixes = tuple(f"{path}." for path in shape.post_groups.values())
    columns = [
        column for column in platform.columns if column.path.startswith(prefixes) and column.name in posts.columns
    ]
    sources = {column.name: to_arrow(posts, column, rows) for column in columns}
    if all(values.null_count == len(rows) for values in sources.values()):
        return child_rows
    post_rows = unfold_post_groups(expansion.table, shape, columns, sources, wide=wide)
    return _concat_in_post_order([child_rows, post_rows])


def _unfold_source(
    posts: pd.DataFrame, expansion: Expansion, source: Column, rows: IntArray, *, wide: bool
) -> ChildRows:
    cells = to_arrow(posts, source, rows)
    with suppress(*JSON_ERRORS):
        return unfold_column(expansion, source, cells, wide=wide)
    # Raised here, so that the decoder's error is not its context.
    raise unreadable_cell_error(posts, source, cells, rows)


def _append_single_rows(rows: ChildRows, single_rows: ChildRows) -> ChildRows:
    """Add the single row of each post that has no other row; the rows are in the order of the posts."""
    missing = np.flatnonzero(~np.isin(single_rows.post_positions, rows.post_positions))
    post_positions = np.concatenate((rows.post_positions, single_rows.post_positions[missing]))
    order = np.argsort(post_positions, kind="stable")
    sources = pa.array(np.concatenate((np.arange(len(rows.post_positions)), len(rows.post_positions) + missing))[order])
    cells = {
        name: pa.concat_arrays([values, single_rows.cells[name]]).take(sources) for name, values in rows.cells.items()
    }
    return ChildRows(cells, post_positions[order])


def _concat_in_post_order(parts: list[ChildRows]) -> ChildRows:
    """Concatenate the rows in the order of the posts; rows of one post keep their order."""
    if len(parts) == 1 and (np.diff(parts[0].post_positions) >= 0).all():
        return parts[0]
    combined = pa.concat_tables([pa.table(part.cells) for part in parts], promote_options="default")
    post_positions = np.concatenate([part.post_positions for part in parts])
    order = np.argsort(post_positions, kind="stable")
    if not np.array_equal(order, np.arange(len(order))):
        combined = combined.take(pa.array(order))
    columns = {name: combined.column(name).combine_chunks() for name in combined.column_names}
    return ChildRows(columns, post_positions[order])


def _add_post_key(posts: pd.DataFrame, rows: ChildRows, names: Iterable[str]) -> pd.DataFrame:
    """Return the rows as a DataFrame whose first columns are the post key."""
    keys = {name: take_rows(values.array, rows.post_positions) for name, values in post_key_columns(posts).items()}
    keys[AS_OF.name] = keys[AS_OF.name].copy()  # may be a view of the posts
    return to_frame(pa.table({name: rows.cells[name] for name in names}), keys)


def _wide_columns(declared: Sequence[PlatformExpansion]) -> list[str]:
    """Return the columns of the wide format: all that are declared, also those without values in these posts."""
    names: dict[str, None] = {}
    for platform, expansion in declared:
        if isinstance(expansion.shape, RowPerKey):
            names |= dict.fromkeys(expansion.shape.labels)
        elif isinstance(expansion.shape, Melt):
            inner = next(column.inner for column in platform.columns if column.name == expansion.source)
            metrics = (metric for _, metric, _ in melted_fields(expansion.shape.groups, inner))
            names |= dict.fromkeys([*expansion.shape.outer, "scope", *metrics])
    return [*names, "total"] if any(isinstance(expansion.shape, RowPerKey) for _, expansion in declared) else [*names]


def _extra_child_rows(posts: pd.DataFrame) -> ChildRows:
    """Return one row per field in `extra`."""
    fields: list[tuple[str, str, str]] = []
    post_positions: list[int] = []
    for platform, rows in rows_by_platform(posts):
        for position, text in zip(rows, to_arrow(posts, EXTRA, rows).to_pylist(), strict=True):
            if text is not None:
                fields += iter_extra_fields(platform, text)
                post_positions += [position] * (len(fields) - len(post_positions))
    order = np.argsort(np.array(post_positions, dtype=np.int64), kind="stable")
    columns = zip(*(fields[position] for position in order), strict=True) if fields else ((), (), ())
    names = [cell.name for cell in tables.EXTRA_TABLE.cells]
    cells = {name: pa.array(values, pa.large_string()) for name, values in zip(names, columns, strict=True)}
    return ChildRows(cells, np.array(post_positions, dtype=np.int64)[order])


def _warn_about_fractions(
    posts: pd.DataFrame, rows: IntArray, expansion: Expansion, source: Column, child_rows: ChildRows
) -> None:
    """Warn if percentages of a post sum to 1 or less, because the API may have sent fractions."""
    units = {field.path: field.unit for field in source.inner}
    for name, cell_source in iter_sources(expansion.shape.cells) if isinstance(expansion.shape, RowPerElement) else ():
        if units[cell_source.path] is Unit.PERCENT:
            percentages = child_rows.cells[name].fill_null(0).to_numpy() * 100
            sums = np.bincount(child_rows.post_positions, percentages, minlength=len(rows))
            suspicious = np.flatnonzero((sums > 0) & (sums <= 1))
            if len(suspicious):
                warn_user(
                    f"{expansion.table.name}: the percentages of {len(suspicious)} post(s) sum to 1 or less (first: "
                    f"post {quote(str(posts['id'].iloc[rows[suspicious[0]]]))}), so they may be fractions already. "
                    "All values were divided by 100."
                )


def unknown_expansion_message(posts: pd.DataFrame, name: str, platforms: Sequence[Platform] | None = None) -> str:
    """Return the error message for the name of an expansion that these posts do not have."""
    names = expansion_names(posts, platforms)
    rows = "accounts" if is_accounts_frame(posts) else "posts"
    return f"These {rows} have no expansion {quote(name)}.{hint_for_unknown_name(posts, name, names, platforms)}"


def hint_for_unknown_name(
    posts: pd.DataFrame, name: str, choices: Iterable[str], platforms: Sequence[Platform] | None = None
) -> str:
    """Return the end of an error message: the platforms that have the expansion or a similar name, and the expansions.

    `choices` are the names that may be meant.
    """
    own = known_platforms_in(posts) if platforms is None else platforms
    is_accounts = is_accounts_frame(posts)
    sources = {
        platform: expansion.source
        for platform in (platform.of_accounts if is_accounts else platform for platform in PLATFORMS.values())
        for expansion in platform.expansions
        if expansion.table.name == name
    }
    if columns := {source for platform, source in sources.items() if platform in own}:
        reason = f" It needs the column {' or '.join(map(repr, sorted(columns)))}, which is missing or has numbers."
    elif sources:
        reason = f" The expansion {name!r} exists for {join_names([platform.name for platform in sources])} only."
    else:
        reason = suggest(name, choices)
    rows = "accounts" if is_accounts else "posts"
    return f"{reason} Expansions of these {rows}: {', '.join(expansion_names(posts, own)) or 'none'}."
