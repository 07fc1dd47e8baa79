"""Which format a post has and how it stands to others, as far as its network tells."""

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
    """Values out of lists, by path: all together, which rows have a list, how long each is, and how many rows."""

    values: dict[str, pa.Array]
    places: RowIndex
    lengths: RowIndex
    among: int


def post_formats(posts: pd.DataFrame, platform: Platform, rows: RowIndex) -> pa.Array:
    """Return the format of each of these rows, null where the network does not tell."""
    return _first(posts, platform, rows, [(form.name, _signs(form)) for form in platform.formats])


def post_kinds(posts: pd.DataFrame, platform: Platform, rows: RowIndex) -> pa.Array:
    """Return how each of these rows stands to other posts, null where the network does not tell."""
    return _first(posts, platform, rows, [(relation.name, (relation.condition,)) for relation in platform.post_kinds])


def _signs(form: Format) -> Sequence[Condition]:
    return (*(Condition(path, value) for path, value in form.values.items()), *form.conditions)


def _first(
    posts: pd.DataFrame, platform: Platform, rows: RowIndex, choices: Sequence[tuple[str, Sequence[Condition]]]
) -> pa.Array:
    """Return for each row the name of the first choice whose signs it all shows."""
    columns = {column.path: column for column in columns_of(platform)}

    chosen = np.full(len(rows), -1)
    # Whatever is asked of the elements of a column is read at once, for the rows that are undecided by then: to find
    # the elements is most of the work.
    asked = {(sign.path, sign.inner_path) for _, signs in choices for sign in signs if sign.inner_path}

    @cache
    def cells(column: Column) -> pa.Array:
        return to_arrow(posts, column, rows)

    @cache
    def inside(column: Column) -> ListElements:
        undecided = np.flatnonzero(chosen < 0)
        found = _elements(posts, column, {inner for path, inner in asked if path == column.path}, rows[undecided])
        return found._replace(places=undecided[found.places], among=len(rows))

    def shown(sign: Condition) -> BoolMask:
        column = columns[sign.path]
        if column.name not in posts.columns:
            return np.zeros(len(rows), dtype=bool)
        nested = sign.inner_path and not sign.is_missing
        return _elements_show(inside(column), sign) if nested else _shows(posts, cells(column), sign, rows)

    for choice, (_, signs) in enumerate(choices):
        left = np.flatnonzero(chosen < 0)
        for sign in signs:
            if len(left):
                left = left[shown(sign)[left]]
        chosen[left] = choice
    names = pa.array([name for name, _ in choices], pa.large_string())
    return names.take(pa.array(chosen, mask=chosen < 0))


def _shows(posts: pd.DataFrame, cells: pa.Array, sign: Condition, rows: RowIndex) -> BoolMask:
    if sign.is_missing:
        there = pc.and_(cells.is_null(), to_arrow(posts, CREATED, rows).is_valid())
        return to_mask(there) & ~_left_over(posts, sign.path, rows)
    return _equals(cells, sign)


def _left_over(posts: pd.DataFrame, path: str, rows: RowIndex) -> BoolMask:
    """Return where a value may have been sent that its column could not hold."""
    return to_mask(pc.match_substring(to_arrow(posts, EXTRA, rows), f'"{path}"'))


def _elements(posts: pd.DataFrame, column: Column, paths: Collection[str], rows: RowIndex) -> ListElements:
    """Return what stands at some paths in the elements of a column's lists."""
    cells = to_arrow(posts, column, rows)
    places = np.flatnonzero(to_mask(cells.is_valid()))
    fields = tuple(field for field in column.inner if field.path in paths)
    try:
        read = element_decoder(fields).decode_lists(cells)
    except JSON_ERRORS:
        read = None
    if read is None:
        raise unreadable_cell_error(posts, column, cells, rows)
    arrays, lengths = read
    return ListElements(
        {field.path: values for field, values in zip(fields, arrays, strict=True)}, places, lengths, len(rows)
    )


def _elements_show(elements: ListElements, sign: Condition) -> BoolMask:
    values, places, lengths, among = elements
    hits = np.bincount(np.repeat(places, lengths)[_equals(values[sign.inner_path], sign)], minlength=among)
    wanted = np.zeros(among, dtype=np.int64)
    wanted[places] = 1 if sign.any_element else lengths
    return (hits > 0) & (hits >= wanted)


def _equals(values: pa.Array, sign: Condition) -> BoolMask:
    if sign.equals is None:
        return to_mask(values.is_valid())
    if isinstance(sign.equals, tuple):
        return to_mask(pc.is_in(values, pa.array(sign.equals, values.type)))
    return to_mask(pc.equal(values, sign.equals))


def to_mask(values: pa.Array) -> BoolMask:
    """Return an Arrow array of truths as NumPy's; null is not true."""
    known = values.fill_null(fill_value=False) if values.null_count else values
    return np.asarray(known.to_numpy(zero_copy_only=False), dtype=bool)
