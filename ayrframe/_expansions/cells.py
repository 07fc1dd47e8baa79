"""Fill the columns of a child table from decoded values: recode them, convert their units, cast to their dtypes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import ARROW_TYPES, BoolArray, IntArray
from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.records import FieldSpec
from ayrframe._platforms.spec import CONVERSIONS, Cells, CellSource, ChildTable, Column, Field

ValuesByPath = Mapping[str, pa.Array]


class ChildRows(NamedTuple):
    """Rows of a child table: arrays by column name, and for each row the position of its post."""

    cells: dict[str, pa.Array]
    post_positions: IntArray


def iter_sources(cells: Cells) -> Iterable[tuple[str, CellSource]]:
    """Yield the name of each cell with each of its sources."""
    for name, sources in cells.items():
        for source in sources if isinstance(sources, tuple) else (sources,):
            yield name, source


def is_valid(array: pa.Array) -> BoolArray:
    """Return a mask of the values that are not null."""
    return np.asarray(array.is_valid())


def fill_cells(
    table: ChildTable, cells: Cells, values_by_path: ValuesByPath, fields: Mapping[str, Field | Column], count: int
) -> dict[str, pa.Array]:
    """Return an array per cell of the table: the first valid value of its sources, in the unit of the cell."""
    filled: dict[str, pa.Array] = {}
    cells_by_name = {cell.name: cell for cell in table.cells}
    # Sources for one type of media need the cell `type`, so they come last.
    for name, source in sorted(iter_sources(cells), key=lambda pair: bool(pair[1].only_for_type)):
        if source.path not in values_by_path:
            continue
        field, cell, values = fields[source.path], cells_by_name[name], values_by_path[source.path]
        if source.recode:
            values = recode(values, source.recode)
        if divisor := CONVERSIONS.get((field.unit, cell.unit)):
            values = pc.divide(values.cast(pa.float64(), safe=False), float(divisor))
        if source.only_for_type:
            types = filled["type"] if "type" in filled else pa.nulls(count, pa.large_string())
            values = pc.if_else(pc.equal(types, source.only_for_type).fill_null(fill_value=False), values, None)
        values = values.cast(ARROW_TYPES[cell.kind])
        filled[name] = pc.coalesce(filled[name], values) if name in filled else values
    nulls = {cell.name: pa.nulls(count, ARROW_TYPES[cell.kind]) for cell in table.cells if cell.name not in filled}
    return {cell.name: (filled if cell.name in filled else nulls)[cell.name] for cell in table.cells}


def recode(values: pa.Array, names: Mapping[str, str]) -> pa.Array:
    """Replace values by their names; values without a name become null."""
    positions = pc.index_in(values, pa.array(list(names), pa.large_string()))
    return pa.array(list(names.values()), pa.large_string()).take(positions)


@cache
def element_decoder(fields: tuple[Field, ...]) -> RecordDecoder:
    """Return the decoder of the elements of a nested column."""
    return RecordDecoder([FieldSpec(field.name, field.path, field.kind) for field in fields])
