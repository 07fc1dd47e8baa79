"""Convert the JSON cells of one source column to rows of a child table, one function per declared shape.

Input and output are Arrow arrays; this module does not use pandas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import ARROW_TYPES, IntArray
from ayrframe._decode.batches import join_cells
from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.json import list_decoder, list_of_objects_decoder
from ayrframe._decode.records import FieldSpec
from ayrframe._expansions.cells import (
    ChildRows,
    ValuesByPath,
    element_decoder,
    fill_cells,
    is_valid,
    iter_sources,
    recode,
)
from ayrframe._expansions.split_lists import split_lists
from ayrframe._platforms import spec
from ayrframe._platforms.spec import Cells, ChildTable, Column, Expansion, Field, Kind

_Numbered = TypeVar("_Numbered", Field, Column)

# The values of the elements of all lists, by path, and the length of each list.
DecodedLists = tuple[dict[str, pa.Array], IntArray]

_counts_decoder = msgspec.json.Decoder(list[dict[str, int | None]])
_count_record_decoder = RecordDecoder([FieldSpec("count", "", Kind.INTEGER)])


def melted_fields(groups: Mapping[str, str], fields: Iterable[_Numbered]) -> list[tuple[str, str, _Numbered]]:
    """Return the scope, metric name and declaration of each number in the groups."""
    fields = tuple(fields)
    return [
        (scope, spec.snake_case(field.path.removeprefix(f"{parent}.")), field)
        for scope, parent in groups.items()
        for field in fields
        if field.path.startswith(f"{parent}.")
    ]


def unfold_column(expansion: Expansion, column: Column, cells: pa.Array, *, wide: bool) -> ChildRows:
    """Return the rows in the JSON cells of a source column."""
    table, inner, positions = expansion.table, column.inner, np.flatnonzero(is_valid(cells))
    match expansion.shape:
        case spec.RowPerElement() as shape:
            elements = split_lists(cells, inner) or _decode_lists(cells, inner, shape.cells)
            return _unfold_elements(table, shape.cells, inner, elements, positions)
        case spec.RowPerKey() as shape:
            return unfold_mapping(table, shape, cells, positions, wide=wide)
        case spec.RowPerCount() as shape:
            return _unfold_counts(table, shape, cells, positions)
        case spec.RowPerInnerElement() as shape:
            return _unfold_inner_elements(table, shape, inner, cells, positions)
        case spec.Melt() as shape:
            return _unfold_melt(table, shape, column, cells, positions, wide=wide)
        case None:
            return ChildRows(fill_cells(table, {}, {}, {}, 0), positions[:0])


def unfold_post_columns(
    expansion: Expansion, shape: spec.RowPerPost, columns: Mapping[str, Column], sources: ValuesByPath, count: int
) -> ChildRows:
    """Return at most one row for each of `count` posts, from columns of the post itself.

    A post has a row if one of the text cells has a value, or, for a shape with constants, if the source column has one.
    """
    table = expansion.table
    cells = fill_cells(table, shape.cells, sources, columns, count)
    has_row = is_valid(sources[expansion.source]) if shape.constant else np.zeros(count, dtype=bool)
    for cell in table.cells:
        if cell.kind in (Kind.TEXT, Kind.ID):
            has_row = has_row | is_valid(cells[cell.name])
    constants: dict[str, str | int] = {**shape.constant, **({table.position_cell: 0} if table.position_cell else {})}
    cells |= {name: pa.repeat(pa.scalar(value, cells[name].type), count) for name, value in constants.items()}
    positions = np.flatnonzero(has_row)
    rows = pa.array(positions)
    return ChildRows(cells if has_row.all() else {name: values.take(rows) for name, values in cells.items()}, positions)


def _decode_lists(lists: pa.Array, inner: Iterable[Field], cells: Cells, others: Iterable[Field] = ()) -> DecodedLists:
    """Decode the fields that the cells need, and others."""
    paths = {source.path for _, source in iter_sources(cells)}
    fields = (*(field for field in inner if field.path in paths), *others)
    arrays, lengths = element_decoder(fields).decode_lists(lists)
    return dict(zip((field.path for field in fields), arrays, strict=True)), lengths


def _fill(table: ChildTable, cells: Cells, inner: Iterable[Field], elements: DecodedLists) -> dict[str, pa.Array]:
    values, lengths = elements
    return fill_cells(table, cells, values, {field.path: field for field in inner}, int(lengths.sum()))


def _unfold_elements(
    table: ChildTable, cells: Cells, inner: Iterable[Field], elements: DecodedLists, positions: IntArray
) -> ChildRows:
    _, lengths = elements
    rows = _fill(table, cells, inner, elements)
    if table.position_cell:
        list_starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows[table.position_cell] = pa.array(np.arange(len(list_starts)) - list_starts)
    if table.relative_cell:
        name, source = table.relative_cell
        rows[name] = _relative_values(rows[source], lengths)
    return ChildRows(rows, np.repeat(positions, lengths))


def _relative_values(values: pa.Array, lengths: IntArray) -> pa.Array:
    """Return each value divided by the largest of its list; null if it is negative or the list has no other value."""
    numbers = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    lists = np.repeat(np.arange(len(lengths)), lengths)
    smallest, largest = np.full(len(lengths), np.inf), np.full(len(lengths), -np.inf)
    np.fmin.at(smallest, lists, numbers)
    np.fmax.at(largest, lists, numbers)
    fractions = np.full(len(numbers), np.nan)
    has_fraction = (numbers >= 0) & ((smallest < largest) & (largest > 0))[lists]
    np.divide(numbers, largest[lists], out=fractions, where=has_fraction)
    return pa.array(fractions, from_pandas=True)


def _unfold_inner_elements(
    table: ChildTable, shape: spec.RowPerInnerElement, inner: Sequence[Field], lists: pa.Array, positions: IntArray
) -> ChildRows:
    inner_field = next(field for field in inner if field.path == shape.path)
    outer = _decode_lists(lists, inner, shape.outer, [inner_field])
    inner_lists = outer[0][shape.path]
    elements = _decode_lists(inner_lists, inner_field.inner, shape.cells)
    child_rows = _unfold_elements(
        table, shape.cells, inner_field.inner, elements, np.flatnonzero(is_valid(inner_lists))
    )
    outer_cells, rows = _fill(table, shape.outer, inner, outer), pa.array(child_rows.post_positions)
    cells = child_rows.cells | {name: outer_cells[name].take(rows) for name in shape.outer}
    return ChildRows(cells, np.repeat(positions, outer[1])[child_rows.post_positions])


def _unfold_melt(
    table: ChildTable, shape: spec.Melt, column: Column, lists: pa.Array, positions: IntArray, *, wide: bool
) -> ChildRows:
    inner = column.inner
    melted = melted_fields(shape.groups, inner)
    outer = _decode_lists(lists, inner, shape.outer, [field for _, _, field in melted])
    numbers = {(scope, metric): outer[0][field.path] for scope, metric, field in melted}
    cells, elements = _melt_wide(numbers, tuple(shape.groups)) if wide else _melt_long(numbers)
    outer_cells, rows = _fill(table, shape.outer, inner, outer), pa.array(elements)
    cells |= {name: outer_cells[name].take(rows) for name in shape.outer}
    return ChildRows(cells, np.repeat(positions, outer[1])[elements])


def unfold_post_groups(
    table: ChildTable, shape: spec.Melt, columns: Iterable[Column], sources: ValuesByPath, *, wide: bool
) -> ChildRows:
    """Return the rows of the numbers that are columns of the posts, without values in the outer cells."""
    numbers = {
        (scope, metric): sources[column.name] for scope, metric, column in melted_fields(shape.post_groups, columns)
    }
    cells, positions = _melt_wide(numbers, tuple(shape.post_groups)) if wide else _melt_long(numbers)
    kinds = {cell.name: cell.kind for cell in table.cells}
    outer = {name: pa.nulls(len(positions), ARROW_TYPES[kinds[name]]) for name in shape.outer}
    return ChildRows(cells | outer, positions)


NumbersByScope = Mapping[tuple[str, str], pa.Array]


def _melt_long(numbers: NumbersByScope) -> tuple[dict[str, pa.Array], IntArray]:
    """Return one row per element and number, without missing numbers, and the element of each row."""
    valid = np.column_stack([is_valid(array) for array in numbers.values()])
    filled = np.column_stack([array.fill_null(0).to_numpy() for array in numbers.values()])
    elements, columns = np.nonzero(valid)
    scopes, metrics = (pa.array(names, pa.large_string()) for names in zip(*numbers, strict=True))
    names = {"scope": scopes.take(pa.array(columns)), "metric": metrics.take(pa.array(columns))}
    return names | {"value": pa.array(filled[valid])}, elements


def _melt_wide(numbers: NumbersByScope, scopes: tuple[str, ...]) -> tuple[dict[str, pa.Array], IntArray]:
    """Return one row per element and scope that has a number, and the element of each row."""
    count = len(next(iter(numbers.values())))
    nulls = pa.nulls(count, pa.int64())
    order = pa.array(np.arange(count * len(scopes)).reshape(len(scopes), count).T.ravel())
    stacked = {
        metric: pa.concat_arrays([numbers.get((scope, metric), nulls) for scope in scopes]).take(order)
        for metric in dict.fromkeys(metric for _, metric in numbers)
    }
    rows = np.flatnonzero(np.any([is_valid(array) for array in stacked.values()], axis=0))
    cells = {"scope": pa.array(scopes, pa.large_string()).take(pa.array(rows % len(scopes)))}
    return cells | {name: array.take(pa.array(rows)) for name, array in stacked.items()}, rows // len(scopes)


def unfold_mapping(
    table: ChildTable, shape: spec.RowPerKey, cells: pa.Array, positions: IntArray, *, wide: bool
) -> ChildRows:
    """Return the rows of JSON objects whose keys are data; `positions` are those of the valid cells."""
    text = join_cells(cells)
    if wide:
        return _unfold_keys_wide(shape, text, positions)
    keys, counts, lengths = _read_mappings(text)
    post_positions = np.repeat(positions, lengths)
    if shape.total_key:
        is_kind = pc.not_equal(keys, shape.total_key)
        keys, counts, post_positions = keys.filter(is_kind), counts.filter(is_kind), post_positions[np.asarray(is_kind)]
    name, label, count = (cell.name for cell in table.cells)
    return ChildRows({name: keys, label: recode(keys, shape.labels), count: counts}, post_positions)


def _unfold_counts(table: ChildTable, shape: spec.RowPerCount, cells: pa.Array, positions: IntArray) -> ChildRows:
    """Return one row per key of JSON objects, with the parts of the key in cells of their own."""
    keys, numbers, lengths = _read_mappings(join_cells(cells))
    parts = [key.split(shape.separator) if shape.separator else [key] for key in keys.to_pylist()]
    # A key with another number of parts is in the last cell.
    blank = [None] * (len(shape.cells) - 1)
    split = [
        part if len(part) == len(shape.cells) else [*blank, key]
        for part, key in zip(parts, keys.to_pylist(), strict=True)
    ]
    columns = zip(*split, strict=True) if split else [()] * len(shape.cells)
    filled = {name: pa.array(values, pa.large_string()) for name, values in zip(shape.cells, columns, strict=True)}
    filled |= {shape.number: numbers}
    others = fill_cells(table, {}, {}, {}, len(keys))
    return ChildRows(others | filled, np.repeat(positions, lengths))


def _read_mappings(text: bytes) -> tuple[pa.Array, pa.Array, IntArray]:
    """Return the keys and counts of all objects in a JSON list, and the number of keys of each object."""
    objects: list[dict[str, Any]]
    try:
        objects = _counts_decoder.decode(text)
        counts = pa.array(_mapping_values(objects), pa.int64())
    except (msgspec.ValidationError, OverflowError):
        objects = list_of_objects_decoder.decode(text)
        (counts,), _ = _count_record_decoder.decode_items(_mapping_values(objects))
    keys = pa.array(list(chain.from_iterable(objects)), pa.large_string())
    return keys, counts, np.fromiter(map(len, objects), dtype=np.int64, count=len(objects))


def _mapping_values(objects: list[dict[str, Any]]) -> list[Any]:
    return list(chain.from_iterable(fields.values() for fields in objects))


def _unfold_keys_wide(shape: spec.RowPerKey, text: bytes, positions: IntArray) -> ChildRows:
    names = (*shape.labels, shape.total_key) if shape.total_key else tuple(shape.labels)
    decoder = element_decoder(tuple(Field(name, Kind.INTEGER) for name in names))
    arrays, _ = decoder.decode_items(list_decoder.decode(text))
    cells = dict(zip(names, arrays, strict=True))
    cells["total"] = cells.pop(shape.total_key) if shape.total_key else pa.nulls(len(positions), pa.int64())
    return ChildRows(cells, positions)
