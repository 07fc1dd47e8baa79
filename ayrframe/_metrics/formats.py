"""Determine the format and the kind of posts from the declared conditions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.json import JSON_ERRORS
from ayrframe._expansions.cells import element_decoder
from ayrframe._frame.to_arrow import to_arrow, unreadable_cell_error
from ayrframe._platforms.columns import CREATED, EXTRA, columns_of
from ayrframe._platforms.spec import Column, Condition, Format, Platform

RowIndex = npt.NDArray[np.int64]
BoolMask = npt.NDArray[np.bool_]


class ListElements(NamedTuple):
    """Concatenated elements of lists by path, with the rows and lengths of the lists, and the total number of rows."""

    values: dict[str, pa.Array]
    list_rows: RowIndex
    lengths: RowIndex
    n_rows: int


def post_formats(posts: pd.DataFrame, platform: Platform, rows: RowIndex) -> pa.Array:
    """Return the format of each of these rows, null where it is unknown."""
    choices = [(post_format.name, _format_conditions(post_format)) for post_format in platform.formats]
    return _first_match(posts, platform, rows, choices)


def post_kinds(posts: pd.DataFrame, platform: Platform, rows: RowIndex) -> pa.Array:
    """Return the kind of each of these rows (own, reply, repost, quote), null where it is unknown."""
    choices = [(post_kind.name, (post_kind.condition,)) for post_kind in platform.post_kinds]
    return _first_match(posts, platform, rows, choices)


def _format_conditions(post_format: Format) -> Sequence[Condition]:
    return (*(Condition(path, value) for path, value in post_format.values.items()), *post_format.conditions)


def _first_match(
    posts: pd.DataFrame, platform: Platform, rows: RowIndex, choices: Sequence[tuple[str, Sequence[Condition]]]
) -> pa.Array:
    """Return for each row the name of the first choice whose conditions it meets, null if none."""
    columns = {column.path: column for column in columns_of(platform)}

    chosen = np.full(len(rows), -1)
    # Finding the elements takes most of the time, so all values of a column are read at once, for undecided rows only.
    needed = {
        (condition.path, condition.inner_path)
        for _, conditions in choices
        for condition in conditions
        if condition.inner_path
    }

    @cache
    def cells(column: Column) -> pa.Array:
        return to_arrow(posts, column, rows)

    @cache
    def elements(column: Column) -> ListElements:
        open_rows = np.flatnonzero(chosen < 0)
        paths = {inner for path, inner in needed if path == column.path}
        in_open_rows = _read_elements(posts, column, paths, rows[open_rows])
        return in_open_rows._replace(list_rows=open_rows[in_open_rows.list_rows], n_rows=len(rows))

    def is_met(condition: Condition) -> BoolMask:
        column = columns[condition.path]
        if column.name not in posts.columns:
            return np.zeros(len(rows), dtype=bool)
        if condition.inner_path and not condition.is_missing:
            return _elements_meet(elements(column), condition)
        return _cells_meet(posts, cells(column), condition, rows)

    for choice, (_, conditions) in enumerate(choices):
        left = np.flatnonzero(chosen < 0)
        for condition in conditions:
            if len(left):
                left = left[is_met(condition)[left]]
        chosen[left] = choice
    names = pa.array([name for name, _ in choices], pa.large_string())
    return names.take(pa.array(chosen, mask=chosen < 0))


def _cells_meet(posts: pd.DataFrame, cells: pa.Array, condition: Condition, rows: RowIndex) -> BoolMask:
    if condition.is_missing:
        is_missing = pc.and_(cells.is_null(), to_arrow(posts, CREATED, rows).is_valid())
        return to_mask(is_missing) & ~_may_be_in_extra(posts, condition.path, rows)
    return _values_equal(cells, condition)


def _may_be_in_extra(posts: pd.DataFrame, path: str, rows: RowIndex) -> BoolMask:
    """Return where `extra` may hold an invalid value of this path."""
    return to_mask(pc.match_substring(to_arrow(posts, EXTRA, rows), f'"{path}"'))


def _read_elements(posts: pd.DataFrame, column: Column, paths: Collection[str], rows: RowIndex) -> ListElements:
    """Read the values at some paths from the elements of a column of lists."""
    cells = to_arrow(posts, column, rows)
    list_rows = np.flatnonzero(to_mask(cells.is_valid()))
    fields = tuple(field for field in column.inner if field.path in paths)
    try:
        element_lists = element_decoder(fields).decode_lists(cells)
    except JSON_ERRORS:
        element_lists = None
    if element_lists is None:
        raise unreadable_cell_error(posts, column, cells, rows)
    arrays, lengths = element_lists
    return ListElements(
        {field.path: values for field, values in zip(fields, arrays, strict=True)}, list_rows, lengths, len(rows)
    )


def _elements_meet(elements: ListElements, condition: Condition) -> BoolMask:
    values, list_rows, lengths, n_rows = elements
    is_met = _values_equal(values[condition.inner_path], condition)
    n_met = np.bincount(np.repeat(list_rows, lengths)[is_met], minlength=n_rows)
    n_needed = np.zeros(n_rows, dtype=np.int64)
    n_needed[list_rows] = 1 if condition.any_element else lengths
    return (n_met > 0) & (n_met >= n_needed)


def _values_equal(values: pa.Array, condition: Condition) -> BoolMask:
    if condition.equals is None:
        return to_mask(values.is_valid())
    if isinstance(condition.equals, tuple):
        return to_mask(pc.is_in(values, pa.array(condition.equals, values.type)))
    return to_mask(pc.equal(values, condition.equals))


def to_mask(values: pa.Array) -> BoolMask:
    """Convert an Arrow array of booleans to NumPy; null becomes False."""
    filled = values.fill_null(fill_value=False) if values.null_count else values
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=bool)
