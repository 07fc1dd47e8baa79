"""The cells of a child table, each filled from what was read: the first value found, translated, in its own unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import ARROW_TYPES
from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.records import FieldSpec
from ayrframe._platforms.spec import CONVERSIONS, Cell, Cells, CellSource, ChildTable, Column, Field

RowPositions = npt.NDArray[np.int64]
SourceArrays = Mapping[str, pa.Array]


class ChildRows(NamedTuple):
    """Rows of a child table: their cells by name, and the place of each row's post."""

    cells: dict[str, pa.Array]
    post_positions: RowPositions


class FieldValues(NamedTuple):
    """Where cells find values: arrays by path, and what each is declared to be."""

    values: Mapping[str, pa.Array]
    fields: Mapping[str, Field | Column]


def iter_sources(cells: Cells) -> Iterable[tuple[str, CellSource]]:
    """Return every way in which a cell may be filled."""
    for name, sources in cells.items():
        for source in sources if isinstance(sources, tuple) else (sources,):
            yield name, source


def values_by_path(fields: Sequence[Field], arrays: Sequence[pa.Array]) -> FieldValues:
    """Return what was read of the first fields, by path."""
    values = {field.path: array for field, array in zip(fields, arrays, strict=False)}
    return FieldValues(values, {field.path: field for field in fields})


def fill_cells(table: ChildTable, cells: Cells, available: FieldValues, count: int) -> dict[str, pa.Array]:
    """Return every cell of the table: the first value that one of its ways finds, in the cell's own unit."""
    filled: dict[str, pa.Array] = {}
    cells_by_name = {cell.name: cell for cell in table.cells}
    # What counts only for media of one type has to wait until the types are known.
    for name, source in sorted(iter_sources(cells), key=lambda pair: bool(pair[1].only_for_type)):
        if source.path not in available.values:
            continue
        field, cell, values = available.fields[source.path], cells_by_name[name], available.values[source.path]
        if source.recode:
            values = recode(values, source.recode)
        if divisor := CONVERSIONS.get((field.unit, cell.unit)):
            values = pc.divide(values.cast(pa.float64(), safe=False), float(divisor))
        if source.only_for_type:
            types = filled["type"] if "type" in filled else pa.nulls(count, pa.large_string())
            values = pc.if_else(pc.equal(types, source.only_for_type).fill_null(fill_value=False), values, None)
        values = values.cast(ARROW_TYPES[cell.kind])
        filled[name] = pc.coalesce(filled[name], values) if name in filled else values
    return {cell.name: filled[cell.name] if cell.name in filled else _null_cells(cell, count) for cell in table.cells}


def empty_cells(table: ChildTable, count: int = 0) -> dict[str, pa.Array]:
    return {cell.name: _null_cells(cell, count) for cell in table.cells}


def _null_cells(cell: Cell, count: int) -> pa.Array:
    return pa.nulls(count, ARROW_TYPES[cell.kind])


def recode(values: pa.Array, names: Mapping[str, str]) -> pa.Array:
    positions = pc.index_in(values, pa.array(list(names), pa.large_string()))
    return pa.array(list(names.values()), pa.large_string()).take(positions)


@cache
def element_decoder(fields: tuple[Field, ...]) -> RecordDecoder:
    """Return the doors of what a nested column holds."""
    return RecordDecoder([FieldSpec(field.name, field.path, field.kind) for field in fields])
