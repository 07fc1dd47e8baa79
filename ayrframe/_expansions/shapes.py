"""One platform's share of a child table: JSON cells of a source column → cells of the table, as Arrow arrays.

Each shape of a declaration has one function here. It gives the cells and, for each row, the place of the post that
the row belongs to. Nothing in this module knows pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.batches import together
from ayrframe._decode.decoder import Form, Leaf
from ayrframe._decode.json import raw_items, raw_objects
from ayrframe._expansions.cells import Known, Origin, Part, Sources, empty, filled, form_of, known_of, recoded, takes
from ayrframe._expansions.split_lists import split_lists
from ayrframe._platforms.spec import (
    Cells,
    ChildTable,
    Column,
    Expansion,
    Field,
    Kind,
    Melt,
    RowPerElement,
    RowPerInnerElement,
    RowPerKey,
    RowPerPost,
    snake_case,
)

_counts = msgspec.json.Decoder(list[dict[str, int | None]])
_COUNTS = Form([Leaf("count", "", Kind.WHOLE)])


def numbers_of(shape: Melt, inner: tuple[Field, ...]) -> list[tuple[str, str, Field]]:
    """Return the declared numbers of each group: the group, the name of the number, its field."""
    return [
        (scope, snake_case(field.path.removeprefix(f"{parent}.")), field)
        for scope, parent in shape.groups.items()
        for field in inner
        if field.path.startswith(f"{parent}.")
    ]


def unfold(expansion: Expansion, column: Column, cells: pa.Array, *, wide: bool) -> Part:
    """Return the rows that the JSON cells of the source column hold."""
    places = np.flatnonzero(cells.is_valid().to_numpy(zero_copy_only=False))
    match expansion.shape:
        case RowPerElement() as shape:
            return _each(expansion.table, shape, column.inner, cells, places)
        case RowPerKey() as shape:
            return by_key(expansion.table, shape, cells, places, wide=wide)
        case RowPerInnerElement() as shape:
            return _each_inner(expansion.table, shape, column.inner, cells, places)
        case Melt() as shape:
            return _melt(expansion.table, shape, column.inner, cells, places, wide=wide)
        case None:
            return Part(empty(expansion.table), np.zeros(0, dtype=np.int64))


def single(
    expansion: Expansion, shape: RowPerPost, columns: Mapping[str, Column], sources: Sources, count: int
) -> Part:
    """Return a row for each of `count` posts that tells, in columns of its own, of the one thing it has."""
    table = expansion.table
    cells = filled(table, shape.cells, Known(sources, columns), count)
    told = np.zeros(count, dtype=bool)
    if shape.constant:
        told |= sources[expansion.source].is_valid().to_numpy(zero_copy_only=False)
    for cell in table.cells:
        if cell.kind in (Kind.TEXT, Kind.KEY):
            told |= cells[cell.name].is_valid().to_numpy(zero_copy_only=False)
    for name, value in shape.constant.items():
        cells[name] = pa.repeat(pa.scalar(value, cells[name].type), count)
    if table.position:
        cells[table.position] = pa.repeat(pa.scalar(0, pa.int64()), count)
    places = np.flatnonzero(told)
    rows = pa.array(places)
    return Part(cells if told.all() else {name: values.take(rows) for name, values in cells.items()}, places)


def _positioned(table: ChildTable, rows: dict[str, pa.Array], lengths: Origin) -> dict[str, pa.Array]:
    """Return the cells with the place of each element in its list, if the table has a column for it."""
    if table.position:
        starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows[table.position] = pa.array(np.arange(len(starts)) - starts)
    return rows


def _each(table: ChildTable, shape: RowPerElement, inner: tuple[Field, ...], lists: pa.Array, places: Origin) -> Part:
    if split := split_lists(lists, inner):
        values, lengths = split
        return _rows(table, shape.cells, Known(values, {field.path: field for field in inner}), lengths, places)
    return _parsed(table, shape.cells, inner, lists, places)


def _parsed(table: ChildTable, cells: Cells, inner: tuple[Field, ...], lists: pa.Array, places: Origin) -> Part:
    wanted = {take.path for _, take in takes(cells)}
    fields = tuple(field for field in inner if field.path in wanted)
    arrays, lengths = form_of(fields).read_lists(lists)
    return _rows(table, cells, known_of(fields, arrays), lengths, places)


def _rows(table: ChildTable, cells: Cells, known: Known, lengths: Origin, places: Origin) -> Part:
    """Return a row for each element of all lists."""
    rows = filled(table, cells, known, int(lengths.sum()))
    return Part(_positioned(table, rows, lengths), np.repeat(places, lengths))


def _each_inner(
    table: ChildTable, shape: RowPerInnerElement, inner: tuple[Field, ...], lists: pa.Array, places: Origin
) -> Part:
    within = next(field for field in inner if field.path == shape.path)
    paths = {take.path for _, take in takes(shape.outer)}
    outer = (*(field for field in inner if field.path in paths), within)
    (*arrays, inside), lengths = form_of(outer).read_lists(lists)
    elements = np.flatnonzero(inside.is_valid().to_numpy(zero_copy_only=False))
    below = _parsed(table, shape.cells, within.inner, inside, elements)
    above = filled(table, shape.outer, known_of(outer, arrays), int(lengths.sum()))
    rows = pa.array(below.origin)
    cells = below.cells | {name: above[name].take(rows) for name in shape.outer}
    return Part(cells, np.repeat(places, lengths)[below.origin])


def _melt(
    table: ChildTable, shape: Melt, inner: tuple[Field, ...], lists: pa.Array, places: Origin, *, wide: bool
) -> Part:
    outer_paths = {take.path for _, take in takes(shape.outer)}
    outer = tuple(field for field in inner if field.path in outer_paths)
    numbers = numbers_of(shape, inner)
    arrays, lengths = form_of((*outer, *(field for _, _, field in numbers))).read_lists(lists)
    above = filled(table, shape.outer, known_of(outer, arrays), int(lengths.sum()))
    values = {(scope, metric): array for (scope, metric, _), array in zip(numbers, arrays[len(outer) :], strict=True)}
    layout = _melted_wide if wide else _melted_long
    cells, elements = layout(values, tuple(shape.groups))
    rows = pa.array(elements)
    return Part({name: above[name].take(rows) for name in shape.outer} | cells, np.repeat(places, lengths)[elements])


Numbers = Mapping[tuple[str, str], pa.Array]


def _melted_long(numbers: Numbers, _: tuple[str, ...]) -> tuple[dict[str, pa.Array], Origin]:
    """Lay element by number out row by row and keep the cells that hold a number."""
    valid = np.column_stack([array.is_valid().to_numpy(zero_copy_only=False) for array in numbers.values()])
    filled = np.column_stack([array.fill_null(0).to_numpy() for array in numbers.values()])
    elements, which = np.nonzero(valid)
    scopes = pa.array([scope for scope, _ in numbers], pa.large_string())
    metrics = pa.array([metric for _, metric in numbers], pa.large_string())
    chosen = pa.array(which)
    cells = {"scope": scopes.take(chosen), "metric": metrics.take(chosen), "value": pa.array(filled[valid])}
    return cells, elements


def _melted_wide(numbers: Numbers, scopes: tuple[str, ...]) -> tuple[dict[str, pa.Array], Origin]:
    """Lay element by scope out row by row and keep the rows that hold a number."""
    count = len(next(iter(numbers.values())))
    absent = pa.nulls(count, pa.int64())
    order = np.arange(count * len(scopes)).reshape(len(scopes), count).T.ravel()
    metrics = dict.fromkeys(metric for _, metric in numbers)
    stacked = {
        metric: pa.concat_arrays([numbers.get((scope, metric), absent) for scope in scopes]).take(pa.array(order))
        for metric in metrics
    }
    held = np.any([array.is_valid().to_numpy(zero_copy_only=False) for array in stacked.values()], axis=0)
    rows = np.flatnonzero(held)
    names = pa.array(scopes, pa.large_string()).take(pa.array(rows % len(scopes)))
    return {"scope": names} | {name: array.take(pa.array(rows)) for name, array in stacked.items()}, rows // len(scopes)


def by_key(table: ChildTable, shape: RowPerKey, cells: pa.Array, places: Origin, *, wide: bool) -> Part:
    """Return the rows of the objects; `places` are those of the cells that have one."""
    text = together(cells)
    return _each_key_wide(shape, text, places) if wide else _each_key(table, shape, text, places)


def _each_key(table: ChildTable, shape: RowPerKey, text: bytes, places: Origin) -> Part:
    keys, counts, lengths = _pairs(text)
    origin = np.repeat(places, lengths)
    if shape.total:
        kinds = np.asarray(pc.not_equal(keys, shape.total).to_numpy(zero_copy_only=False))
        keys, counts, origin = keys.filter(pa.array(kinds)), counts.filter(pa.array(kinds)), origin[kinds]
    name, label, count = (cell.name for cell in table.cells)
    return Part({name: keys, label: recoded(keys, shape.labels), count: counts}, origin)


def _pairs(text: bytes) -> tuple[pa.Array, pa.Array, Origin]:
    """Return the keys and numbers of all objects in a JSON list, and how many each object has."""
    objects: list[dict[str, Any]]
    try:
        objects = _counts.decode(text)
        counts = pa.array(_values(objects), pa.int64())
    except (msgspec.ValidationError, OverflowError):
        objects = raw_objects.decode(text)
        (counts,), _ = _COUNTS.read(_values(objects))
    keys = pa.array(list(chain.from_iterable(objects)), pa.large_string())
    return keys, counts, np.fromiter(map(len, objects), dtype=np.int64, count=len(objects))


def _values(objects: list[dict[str, Any]]) -> list[Any]:
    return list(chain.from_iterable(fields.values() for fields in objects))


def _each_key_wide(shape: RowPerKey, text: bytes, places: Origin) -> Part:
    names = (*shape.labels, shape.total) if shape.total else tuple(shape.labels)
    arrays, _ = form_of(tuple(Field(name, Kind.WHOLE) for name in names)).read(raw_items.decode(text))
    cells = dict(zip(names, arrays, strict=True))
    cells["total"] = cells.pop(shape.total) if shape.total else pa.nulls(len(places), pa.int64())
    return Part(cells, places)
