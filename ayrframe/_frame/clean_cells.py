"""Find cells of nested columns whose values all have their declared types, by decoding them in batches.

The types accept less than the field-by-field rules of drift: what they reject is examined there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Meta, Raw

from ayrframe._decode.arrays import IntArray
from ayrframe._decode.batches import iter_cell_batches
from ayrframe._decode.json import JSON_ERRORS
from ayrframe._decode.records import INT64, STRICT_TYPES
from ayrframe._platforms.spec import Column, Field, Kind

# What strict decoding leaves to the checks of whole columns is rejected here.
_TYPES: dict[Kind, Any] = STRICT_TYPES | {
    Kind.INTEGER: INT64 | None,
    Kind.QUOTED_INTEGER: Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")] | None,
    Kind.TIME: None,
    Kind.LIST: list[Raw] | None,
    Kind.MAPPING: dict[str, Raw] | None,
}


def cells_to_examine(cells: pa.Array, column: Column) -> IntArray:
    """Return the positions of the cells that may have undeclared keys, new values or values of another type."""
    cell_decoder, list_decoder = _decoders(column)
    positions = np.flatnonzero(cells.is_valid())
    if _accepts(list_decoder, iter_cell_batches(cells)):  # usually; it stops at the first cell that is rejected
        return positions[:0]
    texts = cells.drop_null().to_pylist()
    return positions[[not _accepts(cell_decoder, [text]) for text in texts]]


def _accepts(decoder: msgspec.json.Decoder[Any], texts: Iterable[bytes | str]) -> bool:
    try:
        for text in texts:
            decoder.decode(text)
    except JSON_ERRORS:
        return False
    return True


@cache
def _decoders(column: Column) -> tuple[msgspec.json.Decoder[Any], msgspec.json.Decoder[Any]]:
    """Return decoders of one cell and of a list of cells."""
    cell = _list_type(column.inner) if column.kind is Kind.LIST else _object_type(column.inner)
    return msgspec.json.Decoder(cell), msgspec.json.Decoder(list[cell])  # type: ignore[valid-type]


def _list_type(inner: tuple[Field, ...]) -> Any:
    element = _TYPES[inner[0].kind] if inner[0].path == "" else _object_type(inner)
    return list[element]  # type: ignore[valid-type]


def _object_type(fields: tuple[Field, ...], prefix: str = "") -> Any:
    """Return a struct of the fields whose path begins with a prefix."""
    types: dict[str, Any] = {}
    parents: dict[str, None] = {}
    for field in fields:
        key, _, rest = field.path.removeprefix(prefix).partition(".")
        if not field.path.startswith(prefix):
            continue
        if rest:
            parents[key] = None
        elif field.values:
            types[key] = Literal[field.values] | None
        else:
            types[key] = _list_type(field.inner) | None if field.inner else _TYPES[field.kind]
    types |= {key: _object_type(fields, f"{prefix}{key}.") for key in parents}
    members = [
        (f"field_{number}", type_, msgspec.field(name=key, default=None))
        for number, (key, type_) in enumerate(types.items())
    ]
    return msgspec.defstruct("Object", members, forbid_unknown_fields=True, frozen=True, gc=False)
