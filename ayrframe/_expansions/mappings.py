"""Objects whose keys are data → a row for each key, or a column: their numbers, and what the network calls them."""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.batches import together
from ayrframe._decode.decoder import Form, Leaf
from ayrframe._decode.json import raw_items, raw_objects
from ayrframe._expansions.cells import Origin, Part, form_of, recoded
from ayrframe._platforms.spec import ChildTable, Field, Kind, RowPerKey

_counts = msgspec.json.Decoder(list[dict[str, int | None]])
_COUNTS = Form([Leaf("count", "", Kind.WHOLE)])


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
