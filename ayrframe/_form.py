"""A form: declared fields, compiled once into the two doors by which JSON objects become columns.

The strict door is a msgspec decoder: an object that conforms never becomes a Python dict. The careful door goes field
by field through `_fields`; what does not fit is left over, as it was sent. Both give the same records, so that one
route leads on to Arrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Raw

from ayrframe._arrays import Mask, array
from ayrframe._fields import MISFIT, fit
from ayrframe._json import NOT_JSON, raw_fields, raw_lists, raw_objects, surrogates_mended
from ayrframe._lots import Listed
from ayrframe._record import Branch, Itself, Leaf, Left, Record, beside_others, written
from ayrframe.spec import Kind

__all__ = ["Form", "Leaf"]

# What the value of a kind begins with, if it fits as a rule; other values are looked at.
_USUAL: dict[Kind, bytes] = {
    Kind.KEY: b'"n',
    Kind.TEXT: b'"n',
    Kind.WHOLE: b"-0123456789n",
    Kind.QUOTED: b'"n',
    Kind.NUMBER: b"-0123456789n",
    Kind.FLAG: b"tfn",
    Kind.TIME: b'"n',
    Kind.LIST: b"[n",
    Kind.OBJECT: b"{n",
}

Lengths = npt.NDArray[np.int64]


class Form:
    """Declared fields as a pair of doors. With `closed`, an object that holds anything else is no conforming one."""

    def __init__(self, leaves: Iterable[Leaf], *, closed: bool = False) -> None:
        """Compile the decoders."""
        self.leaves = tuple(leaves)
        self._branch = Itself(self.leaves[0]) if self.leaves[0].path == "" else Branch(self.leaves)
        self._getters = [self._branch.getter(leaf) for leaf in self.leaves]
        places = {leaf.name: place for place, leaf in enumerate(self.leaves)}
        self._parents = [
            (attrgetter(route), branch.empty, [places[name] for name in branch.names()])
            for route, branch in self._branch.descendants()
        ]
        strict, lax = self._branch.type(closed=closed), self._branch.type(closed=False)
        self._kinds = {leaf.path: leaf.kind for leaf in self.leaves}
        self._widened: dict[str, msgspec.json.Decoder[Any]] = {}
        self._one = msgspec.json.Decoder(strict)
        self._many = msgspec.json.Decoder(list[strict])  # type: ignore[valid-type]
        self._many_lax = msgspec.json.Decoder(list[lax])  # type: ignore[valid-type]
        self._lists = msgspec.json.Decoder(list[list[strict]])  # type: ignore[valid-type]

    def read(self, items: Sequence[Raw]) -> tuple[list[pa.Array], list[bytes | None]]:
        """Return an array per leaf, and for each item the JSON of what did not fit any of them."""
        return self.read_list(Listed.of(items))

    def read_list(self, listed: Listed) -> tuple[list[pa.Array], list[bytes | None]]:
        """Return the same for the items of a list; raises one of NOT_JSON if it is none."""
        records, left = self._records(listed)
        arrays, bad = self._arrays(records)
        if bad is not None:
            for position in np.flatnonzero(bad).tolist():
                records[position], left[position] = self.read_carefully(listed.items[position])
            arrays, _ = self._arrays(records)
        return arrays, left

    def read_lists(self, lists: bytes) -> tuple[list[pa.Array], Lengths]:
        """Return an array per leaf over the elements of all lists in a JSON list of them, and how long each is."""
        try:
            sent = self._lists.decode(lists)
        except NOT_JSON:
            sent = None
        if sent is not None:
            arrays, bad = self._arrays(list(chain.from_iterable(sent)))
        if sent is None or bad is not None:
            sent = raw_lists.decode(lists)
            arrays, _ = self.read(list(chain.from_iterable(sent)))
        return arrays, np.fromiter(map(len, sent), dtype=np.int64, count=len(sent))

    def read_carefully(self, item: Raw) -> tuple[Record, bytes | None]:
        """Return one item by the careful door alone: what fits, and the JSON of what is left over."""
        record, left = self._branch.read_item(surrogates_mended(bytes(item)))
        return record, written(left) if left else None

    def _records(self, listed: Listed) -> tuple[list[Record], list[bytes | None]]:
        """Try the cheapest way first: all items at once, all but for undeclared fields, a few at a time."""
        try:
            records = self._many.decode(listed.text)
            return records, [None] * len(records)
        except NOT_JSON:
            pass
        try:
            if (key := self._only_undeclared(listed)) is not None:
                records = self._many_with(key).decode(listed.text)
                return records, beside_others(key, records)
        except NOT_JSON:
            pass
        try:
            return self._many_lax.decode(listed.text), [
                self._undeclared(item) for item in raw_objects.decode(listed.text)
            ]
        except NOT_JSON:
            pass
        found = [self._few(part) for part in listed.parts()]
        return [*chain.from_iterable(some for some, _ in found)], [*chain.from_iterable(left for _, left in found)]

    def _only_undeclared(self, listed: Listed) -> str | None:
        """Return the one key that the first items have and this form has not; None if it is none or no plain one."""
        first = next(iter(listed.parts()), None)
        keys = {key for item in (first.items if first else ()) for key in raw_fields.decode(item)} - self._branch.keys
        return key if len(keys) == 1 and (key := keys.pop()).isidentifier() else None

    def _many_with(self, key: str) -> msgspec.json.Decoder[Any]:
        """Return a strict door with one more field, whose value is kept as it was sent."""
        if key not in self._widened:
            # Keys come with the data: those of old lots are not kept for ever.
            record = self._branch.type(closed=True, beside=key)
            self._widened = {key: msgspec.json.Decoder(list[record])}  # type: ignore[valid-type]
        return self._widened[key]

    def _few(self, part: Listed) -> tuple[list[Record], list[bytes | None]]:
        """Return the items of a piece all at once if they conform, else each for itself."""
        try:
            records = self._many.decode(part.text)
            return records, [None] * len(records)
        except NOT_JSON:
            return self._one_by_one(part.items)

    def _one_by_one(self, items: Sequence[Raw]) -> tuple[list[Record], list[bytes | None]]:
        records: list[Record] = []
        left: list[bytes | None] = [None] * len(items)
        decode = self._one.decode
        for place, item in enumerate(items):
            try:
                records.append(decode(item))
            except NOT_JSON:
                record, left[place] = self._read_odd(item)
                records.append(record)
        return records, left

    def _read_odd(self, item: Raw) -> tuple[Record, bytes | None]:
        """Return an item that does not conform. Without the fields that surely do not fit it mostly does."""
        try:
            fields = raw_fields.decode(item)
            odd: Left = {key: raw for key, raw in fields.items() if self._refuses(key, raw)}
            rest = {key: raw for key, raw in fields.items() if key not in odd}
            return self._one.decode(msgspec.json.encode(rest)), written(odd) if odd else None
        except NOT_JSON:
            return self.read_carefully(item)

    def _refuses(self, key: str, raw: Raw) -> bool:
        if key not in self._branch.keys:
            return True
        kind = self._kinds.get(key)
        return kind is not None and bytes(memoryview(raw)[:1]) not in _USUAL[kind] and fit(kind, raw) is MISFIT

    def _undeclared(self, fields: dict[str, Raw]) -> bytes | None:
        """Return the fields that this form does not have, as JSON."""
        keys = self._branch.keys
        return None if fields.keys() <= keys else written({key: raw for key, raw in fields.items() if key not in keys})

    def _arrays(self, records: Sequence[Record]) -> tuple[list[pa.Array], Mask | None]:
        bad = np.zeros(len(records), dtype=bool)
        arrays = []
        for leaf, getter in zip(self.leaves, self._getters, strict=True):
            values, misfits = array(leaf.kind, list(map(getter, records)) if getter else records)
            arrays.append(values)
            if misfits is not None:
                bad |= misfits
        for getter, empty, below in self._parents:
            nothing = _nowhere([arrays[place] for place in below])
            bad[[at for at in nothing if getter(records[at]) is not empty]] = True
        return arrays, bad if bad.any() else None


def _nowhere(arrays: Sequence[pa.Array]) -> list[int]:
    """Return the rows in which none of these has a value: nothing was sent there, or an object such as `{}`."""
    if not all(array.null_count for array in arrays):
        return []
    nulls = (array.is_null().to_numpy(zero_copy_only=False) for array in arrays)
    return np.flatnonzero(np.logical_and.reduce([*nulls])).tolist()
