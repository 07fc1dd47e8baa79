"""Determine the format and the kind of posts from the declared conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import BoolArray, IntArray
from ayrframe._decode.json import JSON_ERRORS
from ayrframe._expansions.cells import element_decoder
from ayrframe._frame.to_arrow import to_arrow, unreadable_cell_error
from ayrframe._platforms.columns import CREATED, EXTRA, columns_of
from ayrframe._platforms.spec import Column, Condition, Platform

Decoded = TypeVar("Decoded")


def post_formats(posts: pd.DataFrame, platform: Platform, rows: IntArray) -> pa.Array:
    """Return the format of each of these rows, null where it is unknown."""
    choices = [
        (choice.name, (*(Condition(path, value) for path, value in choice.values.items()), *choice.conditions))
        for choice in platform.formats
    ]
    return _first_match(posts, platform, rows, choices)


def post_kinds(posts: pd.DataFrame, platform: Platform, rows: IntArray) -> pa.Array:
    """Return the kind of each of these rows (own, reply, repost, ...), null where it is unknown."""
    choices = [(post_kind.name, (post_kind.condition,)) for post_kind in platform.post_kinds]
    return _first_match(posts, platform, rows, choices)


def meets(posts: pd.DataFrame, platform: Platform, rows: IntArray, condition: Condition) -> BoolArray:
    """Return which of these rows meet a condition."""
    return to_mask(_first_match(posts, platform, rows, [("", (condition,))]).is_valid())


def is_foreign(platform: Platform, kinds: pa.Array) -> BoolArray:
    """Return where a kind is that of posts with the numbers of another account's post."""
    names = {post_kind.name for post_kind in platform.post_kinds if post_kind.is_foreign}
    return to_mask(pc.is_in(kinds, pa.array(sorted(names), pa.large_string())))


def _first_match(
    posts: pd.DataFrame, platform: Platform, rows: IntArray, choices: Sequence[tuple[str, Sequence[Condition]]]
) -> pa.Array:
    """Return for each row the name of the first choice whose conditions it meets, null if none."""
    columns = {column.path: column for column in columns_of(platform)}
    chosen = np.full(len(rows), -1)
    # Finding the elements takes most of the time, so all values of a column are read at once, for undecided rows only.
    needed = {(condition.path, condition.inner_path) for _, conditions in choices for condition in conditions}

    @cache
    def cells(column: Column) -> pa.Array:
        return to_arrow(posts, column, rows)

    @cache
    def elements(column: Column) -> tuple[dict[str, pa.Array], IntArray, IntArray]:
        """Return the elements of lists by path, the row of each element, and the number of elements of each row."""
        open_rows, n_elements = np.flatnonzero(chosen < 0), np.zeros_like(chosen)
        fields = tuple(field for field in column.inner if field.path and (column.path, field.path) in needed)
        decode = element_decoder(fields).decode_lists
        is_list, (arrays, lengths) = decode_cells(
            posts, column, rows[open_rows], lambda cells: (cells.is_valid(), decode(cells))
        )
        n_elements[open_rows[to_mask(is_list)]] = lengths
        values = {field.path: array for field, array in zip(fields, arrays, strict=True)}
        return values, np.repeat(np.arange(len(rows)), n_elements), n_elements

    def is_met(condition: Condition) -> BoolArray:
        column = columns[condition.path]
        if column.name not in posts.columns:
            return np.zeros(len(rows), dtype=bool)
        if condition.is_missing:
            # An invalid value may be in `extra`.
            in_extra = to_mask(pc.match_substring(to_arrow(posts, EXTRA, rows), f'"{column.path}"'))
            return to_mask(pc.and_(cells(column).is_null(), cells(CREATED).is_valid())) & ~in_extra
        if not condition.inner_path:
            return _values_match(cells(column), condition)
        values, element_rows, n_elements = elements(column)
        n_met = np.bincount(element_rows[_values_match(values[condition.inner_path], condition)], minlength=len(rows))
        return n_met > 0 if condition.any_element else (n_met > 0) & (n_met == n_elements)

    for choice, (_, conditions) in enumerate(choices):
        left = np.flatnonzero(chosen < 0)
        for condition in conditions:
            if len(left):
                left = left[is_met(condition)[left]]
        chosen[left] = choice
    names = pa.array([name for name, _ in choices], pa.large_string())
    return names.take(pa.array(chosen, mask=chosen < 0))


def _values_match(values: pa.Array, condition: Condition) -> BoolArray:
    if condition.matches:
        return to_mask(pc.match_substring_regex(values, condition.matches))
    if condition.equals is None:
        return to_mask(values.is_valid())
    if isinstance(condition.equals, tuple):
        return to_mask(pc.is_in(values, pa.array(condition.equals, values.type)))
    return to_mask(pc.equal(values, condition.equals))


def decode_cells(posts: pd.DataFrame, column: Column, rows: IntArray, decode: Callable[[pa.Array], Decoded]) -> Decoded:
    """Decode the JSON cells of a column in some rows; raise an ExpansionError for the first invalid cell."""
    cells = to_arrow(posts, column, rows)
    with suppress(*JSON_ERRORS):
        return decode(cells)
    raise unreadable_cell_error(posts, column, cells, rows)


def to_mask(values: pa.Array) -> BoolArray:
    """Convert an Arrow array of booleans to NumPy; null becomes False."""
    filled = values.fill_null(fill_value=False) if values.null_count else values
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=bool)
