"""A form: declared fields, compiled once into the two doors by which JSON objects become columns.

The strict door is a msgspec decoder: an object that conforms never becomes a Python dict. The careful door goes field
by field through `_fields`; what does not fit is left over, as it was sent. Both give the same records, so that one
route leads on to Arrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Raw

from ayrframe._arrays import Mask, array
from ayrframe._json import NOT_JSON, raw_fields, raw_lists, raw_objects, surrogates_mended
from ayrframe._lots import Listed
from ayrframe._record import Branch, Itself, Leaf, Record, beside_others, written

__all__ = ["Form", "Leaf"]

# So many items tell what the others of their lot hold as well.
_FIRST = 32

Lengths = npt.NDArray[np.int64]


class Form:
    """Declared fields as a pair of doors. With `closed`, an object that holds anything else is no conforming one."""

    def __init__(self, leaves: Iterable[Leaf], *, closed: bool = False) -> None:
        """Compile the decoders."""
        self.leaves = tuple(leaves)
        self._branch = Itself(self.leaves[0]) if self.leaves[0].path == "" else Branch(self.leaves)
        self._readers = [self._branch.reader(leaf) for leaf in self.leaves]
        places = {leaf.name: place for place, leaf in enumerate(self.leaves)}
        self._below = [(below, [places[name] for name in below.branch.names()]) for below in self._branch.descendants()]
        strict, lax = self._branch.type(closed=closed), self._branch.type(closed=False)
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
        """Try the cheapest way first: all items at once, all but for undeclared fields, each item for itself."""
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
        return self._one_by_one(listed.items)

    def _only_undeclared(self, listed: Listed) -> str | None:
        """Return the one key that the first items have and this form has not; None if it is none or no plain one."""
        keys = {key for item in listed.items[:_FIRST] for key in raw_fields.decode(item)} - self._branch.keys
        return key if len(keys) == 1 and (key := keys.pop()).isidentifier() else None

    def _many_with(self, key: str) -> msgspec.json.Decoder[Any]:
        """Return a strict door with one more field, whose value is kept as it was sent."""
        if key not in self._widened:
            # Keys come with the data: those of old lots are not kept for ever.
            record = self._branch.type(closed=True, beside=key)
            self._widened = {key: msgspec.json.Decoder(list[record])}  # type: ignore[valid-type]
        return self._widened[key]

    def _one_by_one(self, items: Sequence[Raw]) -> tuple[list[Record], list[bytes | None]]:
        records: list[Record] = []
        left: list[bytes | None] = [None] * len(items)
        decode = self._one.decode
        for place, item in enumerate(items):
            try:
                records.append(decode(item))
            except NOT_JSON:
                record, left[place] = self.read_carefully(item)
                records.append(record)
        return records, left

    def _undeclared(self, fields: dict[str, Raw]) -> bytes | None:
        """Return the fields that this form does not have, as JSON."""
        keys = self._branch.keys
        return None if fields.keys() <= keys else written({key: raw for key, raw in fields.items() if key not in keys})

    def _arrays(self, records: Sequence[Record]) -> tuple[list[pa.Array], Mask | None]:
        bad = np.zeros(len(records), dtype=bool)
        inside: dict[str, Sequence[Record]] = {"": records}
        for below, _ in self._below:
            inside[below.path] = below.read(inside[below.parent])
        arrays = []
        for leaf, (parent, read) in zip(self.leaves, self._readers, strict=True):
            values, misfits = array(leaf.kind, read(inside[parent]))
            arrays.append(values)
            if misfits is not None:
                bad |= misfits
        for below, places in self._below:
            nothing = _nowhere([arrays[place] for place in places])
            objects, empty = inside[below.path], below.branch.empty
            bad[[at for at in nothing if objects[at] is not empty]] = True
        return arrays, bad if bad.any() else None


def _nowhere(arrays: Sequence[pa.Array]) -> list[int]:
    """Return the rows in which none of these has a value: nothing was sent there, or an object such as `{}`."""
    if not all(array.null_count for array in arrays):
        return []
    nulls = (array.is_null().to_numpy(zero_copy_only=False) for array in arrays)
    return np.flatnonzero(np.logical_and.reduce([*nulls])).tolist()
