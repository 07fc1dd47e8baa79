"""Objects that are all written alike → columns, cut at what repeats, without reading JSON value by value.

An API writes the elements of a list with the same keys in the same order: `[{"country":"US","percentage":0.9},…]`.
Compact and without escapes, such lists can be cut at the texts between the values. A quotation mark inside a text is
escaped, so no cut can fall into one. What is not of this form, or has a value that its field does not take as it
stands, is left to the doors of a form: None says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Raw

from ayrframe._arrays import digits
from ayrframe._json import NOT_JSON, raw_fields, raw_items
from ayrframe.spec import Field, Kind

Lengths = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_EXACT = 2.0**53 - 1
_QUOTED = frozenset({Kind.TEXT, Kind.KEY, Kind.QUOTED})
_BARE = frozenset({Kind.WHOLE, Kind.NUMBER})


def texts(cells: pa.Array) -> tuple[pa.Array, Lengths] | None:
    """Return the elements of lists of plain texts, and how many each list has."""
    full, some = _full(cells)
    if not _stands_between(full, '["', '"]'):
        return None
    pieces = pc.split_pattern(_inside(full, '["', '"]'), '","')
    values = pieces.flatten()
    return (values, _lengths(pieces, some)) if _plain(values) else None


def objects(cells: pa.Array, fields: Sequence[Field]) -> tuple[dict[str, pa.Array], Lengths] | None:
    """Return the values of scalar fields over the elements of all lists, by path, and how many each list has."""
    full, some = _full(cells)
    keys = _keys(full, {field.path: field.kind for field in fields})
    if keys is None:
        return None
    form = _Template(keys)
    start, end = f"[{{{form.start}", f"{form.end}}}]"
    if not _stands_between(full, start, end):
        return None
    pieces = pc.split_pattern(_inside(full, start, end), f"{form.end}}},{{{form.start}")
    values = form.read(pieces.flatten())
    return None if values is None else (values, _lengths(pieces, some))


class _Template:
    """What stands between the values of an object that is written with these keys."""

    def __init__(self, kinds: dict[str, Kind]) -> None:
        self.kinds = kinds
        marks = ['"' if kind in _QUOTED else "" for kind in kinds.values()]
        openings = [f'"{key}":{mark}' for key, mark in zip(kinds, marks, strict=True)]
        self.start, self.end = openings[0], marks[-1]
        self.cuts = [f"{mark},{opening}" for mark, opening in zip(marks, openings[1:], strict=False)]

    def read(self, pieces: pa.Array) -> dict[str, pa.Array] | None:
        """Return the values by key, if every one is what its kind takes; the pieces lack `start` and `end`."""
        values = {}
        for (key, kind), tokens in zip(self.kinds.items(), _cut(pieces, self.cuts), strict=False):
            read = None if tokens is None else _read(kind, tokens)
            if read is None:
                return None
            values[key] = read
        return values


def _full(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Return what is not empty, and which of all cells that have a value these are."""
    sent = cells.drop_null()
    some = pc.not_equal(sent, "[]")
    return sent.filter(some), np.asarray(some.to_numpy(zero_copy_only=False))


def _lengths(pieces: pa.Array, some: Mask) -> Lengths:
    lengths = np.zeros(len(some), dtype=np.int64)
    lengths[some] = pieces.value_lengths().to_numpy(zero_copy_only=False)
    return lengths


def _keys(full: pa.Array, kinds: dict[str, Kind]) -> dict[str, Kind] | None:
    """Return the keys of the first element of all with their kinds, if all of them are declared and scalar."""
    if not len(full):
        return None
    found = {}
    for key, value in (_object(full[0].as_buffer().to_pybytes()) or {}).items():
        kind = kinds.get(key)
        if kind not in (_QUOTED if bytes(value)[:1] == b'"' else _BARE):
            return None
        found[key] = kind
    return found or None


def _object(text: bytes) -> dict[str, Raw] | None:
    """Return the fields of the first element of a list, if it is an object."""
    try:
        return raw_fields.decode(raw_items.decode(text)[0])
    except NOT_JSON:
        return None


def _stands_between(values: pa.Array, start: str, end: str) -> bool:
    both = pc.and_(pc.starts_with(values, start), pc.ends_with(values, end))
    return bool(pc.all(both, min_count=0).as_py())


def _inside(values: pa.Array, start: str, end: str) -> pa.Array:
    cut = pc.binary_slice(values.cast(pa.large_binary()), len(start.encode()), -len(end.encode()))
    return cut.cast(pa.large_string())


def _cut(pieces: pa.Array, cuts: Sequence[str]) -> Iterator[pa.Array | None]:
    """Yield what stands before each cut, and behind the last; None where a piece lacks one."""
    first = np.arange(len(pieces)) * 2
    for cut in cuts:
        halves = pc.split_pattern(pieces, cut, max_splits=1).flatten()
        if len(halves) != 2 * len(pieces):
            yield None
            return
        yield halves.take(pa.array(first))
        pieces = halves.take(pa.array(first + 1))
    yield pieces


def _plain(values: pa.Array) -> bool:
    """Tell whether texts stand for themselves: no escapes, and no end of a text."""
    data = values.buffers()[2]
    text = data.to_pybytes() if data else b""
    return b'"' not in text and b"\\" not in text


def _read(kind: Kind, tokens: pa.Array) -> pa.Array | None:
    """Return the values that tokens stand for, if every one is what its field takes."""
    if kind in _QUOTED:
        if not _plain(tokens):
            return None
        if kind is not Kind.QUOTED:
            return tokens
        numbers, misfits = digits(tokens)
        return numbers if misfits is None else None
    try:
        numbers = tokens.cast(pa.int64() if kind is Kind.WHOLE else pa.float64())
    except pa.ArrowInvalid:
        return None
    # Also false for what is no number at all.
    exact = kind is Kind.WHOLE or pc.all(pc.less_equal(pc.abs(numbers), _EXACT), min_count=0).as_py()
    return numbers if exact else None
