"""Convert the JSON cells of one source column to rows of a child table, one function per declared shape.

Input and output are Arrow arrays; this module does not use pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.batches import join_cells
from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.json import list_decoder, list_of_objects_decoder
from ayrframe._decode.records import FieldSpec
from ayrframe._expansions.cells import (
    ChildRows,
    FieldValues,
    RowPositions,
    SourceArrays,
    element_decoder,
    empty_cells,
    fill_cells,
    iter_sources,
    recode,
    values_by_path,
)
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

_counts_decoder = msgspec.json.Decoder(list[dict[str, int | None]])
_count_record_decoder = RecordDecoder([FieldSpec("count", "", Kind.INTEGER)])


def melted_fields(shape: Melt, inner: tuple[Field, ...]) -> list[tuple[str, str, Field]]:
    """Return the scope, metric name and field of each declared number."""
    return [
        (scope, snake_case(field.path.removeprefix(f"{parent}.")), field)
        for scope, parent in shape.groups.items()
        for field in inner
        if field.path.startswith(f"{parent}.")
    ]


def unfold_column(expansion: Expansion, column: Column, cells: pa.Array, *, wide: bool) -> ChildRows:
    """Return the rows in the JSON cells of a source column."""
    positions = np.flatnonzero(cells.is_valid().to_numpy(zero_copy_only=False))
    match expansion.shape:
        case RowPerElement() as shape:
            return _unfold_elements(expansion.table, shape, column.inner, cells, positions)
        case RowPerKey() as shape:
            return unfold_mapping(expansion.table, shape, cells, positions, wide=wide)
        case RowPerInnerElement() as shape:
            return _unfold_inner_elements(expansion.table, shape, column.inner, cells, positions)
        case Melt() as shape:
            return _unfold_melt(expansion.table, shape, column.inner, cells, positions, wide=wide)
        case None:
            return ChildRows(empty_cells(expansion.table), np.zeros(0, dtype=np.int64))


def unfold_post_columns(
    expansion: Expansion, shape: RowPerPost, columns: Mapping[str, Column], sources: SourceArrays, count: int
) -> ChildRows:
    """Return at most one row for each of `count` posts, from columns of the post itself.

    A post has a row if one of the text cells has a value, or, for a shape with constants, if the source column has one.
    """
    table = expansion.table
    cells = fill_cells(table, shape.cells, FieldValues(sources, columns), count)
    has_row = np.zeros(count, dtype=bool)
    if shape.constant:
        has_row |= sources[expansion.source].is_valid().to_numpy(zero_copy_only=False)
    for cell in table.cells:
        if cell.kind in (Kind.TEXT, Kind.ID):
            has_row |= cells[cell.name].is_valid().to_numpy(zero_copy_only=False)
    for name, value in shape.constant.items():
        cells[name] = pa.repeat(pa.scalar(value, cells[name].type), count)
    if table.position_cell:
        cells[table.position_cell] = pa.repeat(pa.scalar(0, pa.int64()), count)
    positions = np.flatnonzero(has_row)
    rows = pa.array(positions)
    return ChildRows(cells if has_row.all() else {name: values.take(rows) for name, values in cells.items()}, positions)


def _add_positions(table: ChildTable, rows: dict[str, pa.Array], lengths: RowPositions) -> dict[str, pa.Array]:
    """Add the position of each element in its list, if the table has a cell for it."""
    if table.position_cell:
        list_starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows[table.position_cell] = pa.array(np.arange(len(list_starts)) - list_starts)
    return rows


def _unfold_elements(
    table: ChildTable, shape: RowPerElement, inner: tuple[Field, ...], lists: pa.Array, positions: RowPositions
) -> ChildRows:
    if split := split_lists(lists, inner):
        values, lengths = split
        field_values = FieldValues(values, {field.path: field for field in inner})
        return _child_rows(table, shape.cells, field_values, lengths, positions)
    return _parse_elements(table, shape.cells, inner, lists, positions)


def _parse_elements(
    table: ChildTable, cells: Cells, inner: tuple[Field, ...], lists: pa.Array, positions: RowPositions
) -> ChildRows:
    paths = {source.path for _, source in iter_sources(cells)}
    fields = tuple(field for field in inner if field.path in paths)
    arrays, lengths = element_decoder(fields).decode_lists(lists)
    return _child_rows(table, cells, values_by_path(fields, arrays), lengths, positions)


def _child_rows(
    table: ChildTable, cells: Cells, values: FieldValues, lengths: RowPositions, positions: RowPositions
) -> ChildRows:
    """Return one row per element, from values of the elements of all lists."""
    rows = fill_cells(table, cells, values, int(lengths.sum()))
    return ChildRows(_add_positions(table, rows, lengths), np.repeat(positions, lengths))


def _unfold_inner_elements(
    table: ChildTable, shape: RowPerInnerElement, inner: tuple[Field, ...], lists: pa.Array, positions: RowPositions
) -> ChildRows:
    inner_field = next(field for field in inner if field.path == shape.path)
    paths = {source.path for _, source in iter_sources(shape.outer)}
    outer = (*(field for field in inner if field.path in paths), inner_field)
    (*arrays, inner_lists), lengths = element_decoder(outer).decode_lists(lists)
    elements = np.flatnonzero(inner_lists.is_valid().to_numpy(zero_copy_only=False))
    inner_rows = _parse_elements(table, shape.cells, inner_field.inner, inner_lists, elements)
    outer_cells = fill_cells(table, shape.outer, values_by_path(outer, arrays), int(lengths.sum()))
    rows = pa.array(inner_rows.post_positions)
    cells = inner_rows.cells | {name: outer_cells[name].take(rows) for name in shape.outer}
    return ChildRows(cells, np.repeat(positions, lengths)[inner_rows.post_positions])


def _unfold_melt(
    table: ChildTable, shape: Melt, inner: tuple[Field, ...], lists: pa.Array, positions: RowPositions, *, wide: bool
) -> ChildRows:
    outer_paths = {source.path for _, source in iter_sources(shape.outer)}
    outer = tuple(field for field in inner if field.path in outer_paths)
    numbers = melted_fields(shape, inner)
    arrays, lengths = element_decoder((*outer, *(field for _, _, field in numbers))).decode_lists(lists)
    outer_cells = fill_cells(table, shape.outer, values_by_path(outer, arrays), int(lengths.sum()))
    values = {(scope, metric): array for (scope, metric, _), array in zip(numbers, arrays[len(outer) :], strict=True)}
    melt = _melt_wide if wide else _melt_long
    cells, elements = melt(values, tuple(shape.groups))
    rows = pa.array(elements)
    cells |= {name: outer_cells[name].take(rows) for name in shape.outer}
    return ChildRows(cells, np.repeat(positions, lengths)[elements])


NumbersByScope = Mapping[tuple[str, str], pa.Array]


def _melt_long(numbers: NumbersByScope, _: tuple[str, ...]) -> tuple[dict[str, pa.Array], RowPositions]:
    """Return one row per element and number, without missing numbers, and the element of each row."""
    valid = np.column_stack([array.is_valid().to_numpy(zero_copy_only=False) for array in numbers.values()])
    filled = np.column_stack([array.fill_null(0).to_numpy() for array in numbers.values()])
    elements, columns = np.nonzero(valid)
    scopes = pa.array([scope for scope, _ in numbers], pa.large_string())
    metrics = pa.array([metric for _, metric in numbers], pa.large_string())
    names = {"scope": scopes.take(pa.array(columns)), "metric": metrics.take(pa.array(columns))}
    return names | {"value": pa.array(filled[valid])}, elements


def _melt_wide(numbers: NumbersByScope, scopes: tuple[str, ...]) -> tuple[dict[str, pa.Array], RowPositions]:
    """Return one row per element and scope that has a number, and the element of each row."""
    count = len(next(iter(numbers.values())))
    nulls = pa.nulls(count, pa.int64())
    order = np.arange(count * len(scopes)).reshape(len(scopes), count).T.ravel()
    metrics = dict.fromkeys(metric for _, metric in numbers)
    stacked = {
        metric: pa.concat_arrays([numbers.get((scope, metric), nulls) for scope in scopes]).take(pa.array(order))
        for metric in metrics
    }
    has_number = np.any([array.is_valid().to_numpy(zero_copy_only=False) for array in stacked.values()], axis=0)
    rows = np.flatnonzero(has_number)
    names = pa.array(scopes, pa.large_string()).take(pa.array(rows % len(scopes)))
    cells = {"scope": names} | {name: array.take(pa.array(rows)) for name, array in stacked.items()}
    return cells, rows // len(scopes)


def unfold_mapping(
    table: ChildTable, shape: RowPerKey, cells: pa.Array, positions: RowPositions, *, wide: bool
) -> ChildRows:
    """Return the rows of JSON objects whose keys are data; `positions` are those of the valid cells."""
    text = join_cells(cells)
    return _unfold_keys_wide(shape, text, positions) if wide else _unfold_keys(table, shape, text, positions)


def _unfold_keys(table: ChildTable, shape: RowPerKey, text: bytes, positions: RowPositions) -> ChildRows:
    keys, counts, lengths = _read_mappings(text)
    post_positions = np.repeat(positions, lengths)
    if shape.total_key:
        is_kind = pc.not_equal(keys, shape.total_key)
        keys, counts = keys.filter(is_kind), counts.filter(is_kind)
        post_positions = post_positions[is_kind.to_numpy(zero_copy_only=False)]
    name, label, count = (cell.name for cell in table.cells)
    return ChildRows({name: keys, label: recode(keys, shape.labels), count: counts}, post_positions)


def _read_mappings(text: bytes) -> tuple[pa.Array, pa.Array, RowPositions]:
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


def _unfold_keys_wide(shape: RowPerKey, text: bytes, positions: RowPositions) -> ChildRows:
    names = (*shape.labels, shape.total_key) if shape.total_key else tuple(shape.labels)
    decoder = element_decoder(tuple(Field(name, Kind.INTEGER) for name in names))
    arrays, _ = decoder.decode_items(list_decoder.decode(text))
    cells = dict(zip(names, arrays, strict=True))
    cells["total"] = cells.pop(shape.total_key) if shape.total_key else pa.nulls(len(positions), pa.int64())
    return ChildRows(cells, positions)
