"""Find cells of nested columns whose values all have their declared types, by decoding them in batches.

The types accept less than the field-by-field rules of drift: what they reject is examined there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Meta, Raw

from ayrframe._decode.batches import iter_cell_batches
from ayrframe._decode.json import JSON_ERRORS
from ayrframe._platforms.spec import Column, Field, Kind

# Decoding a list takes about as long as decoding its cells, but stops at the first one that is rejected.
_INT64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_EXACT_FLOAT = Annotated[float, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
_TYPES: dict[Kind, Any] = {
    Kind.ID: str | None,
    Kind.TEXT: str | None,
    Kind.INTEGER: _INT64 | None,
    Kind.QUOTED_INTEGER: Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")] | None,
    Kind.FLOAT: _EXACT_FLOAT | None,
    Kind.BOOLEAN: bool | None,
    Kind.TIME: None,
    Kind.LIST: list[Raw] | None,
    Kind.MAPPING: dict[str, Raw] | None,
}


def cells_to_examine(cells: pa.Array, column: Column) -> npt.NDArray[np.int64]:
    """Return the positions of the cells that may have undeclared keys, new values or values of another type."""
    decoders = _decoders(column)
    positions = np.flatnonzero(cells.is_valid())
    if _accepts(decoders[1], iter_cell_batches(cells)):
        return positions[:0]
    texts = cells.drop_null().to_pylist()
    return positions[[not _accepts(decoders[0], [text]) for text in texts]]


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


def _object_type(fields: Iterable[Field], prefix: str = "") -> Any:
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
