"""A form: declared fields, compiled once into decoders of JSON objects.

The strict decoder is msgspec's: an object that conforms never becomes a Python dict. The fallback goes field by field
through `_fields` and keeps what is undeclared or invalid. Both give the same records, so that one route leads to Arrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Raw

from ayrframe._decode.arrays import BoolArray, to_arrow_array
from ayrframe._decode.batches import JSONArray, iter_cell_batches
from ayrframe._decode.json import (
    JSON_ERRORS,
    list_of_lists_decoder,
    list_of_objects_decoder,
    object_decoder,
    replace_lone_surrogates,
)
from ayrframe._decode.records import FieldSpec, ObjectNode, Record, ScalarNode, unmatched_json

Lengths = npt.NDArray[np.int64]


class RecordDecoder:
    """Compiled decoders of declared fields. With `closed`, the strict one refuses objects with undeclared fields."""

    def __init__(self, leaves: Iterable[FieldSpec], *, closed: bool = False) -> None:
        """Compile the decoders."""
        self.leaves = tuple(leaves)
        self._branch = ScalarNode(self.leaves[0]) if self.leaves[0].path == "" else ObjectNode(self.leaves)
        self._readers = [self._branch.reader(leaf) for leaf in self.leaves]
        places = {leaf.name: place for place, leaf in enumerate(self.leaves)}
        self._below = [(below, [places[name] for name in below.branch.names()]) for below in self._branch.descendants()]
        strict, lax = self._branch.type(closed=closed), self._branch.type(closed=False)
        self._strict, self._strict_list = msgspec.json.Decoder(strict), msgspec.json.Decoder(list[strict])  # type: ignore[valid-type]
        self._lax, self._lax_list = msgspec.json.Decoder(lax), msgspec.json.Decoder(list[lax])  # type: ignore[valid-type]
        self._lists = msgspec.json.Decoder(list[list[strict]])  # type: ignore[valid-type]

    def read(self, items: Sequence[Raw]) -> tuple[list[pa.Array], list[bytes | None]]:
        """Return an array per leaf, and for each item the JSON of what did not fit any of them."""
        return self.read_list(JSONArray.of(items))

    def read_list(self, listed: JSONArray) -> tuple[list[pa.Array], list[bytes | None]]:
        """Return the same for the items of a list; raises one of NOT_JSON if it is none."""
        records, left = self._records(listed)
        arrays, bad = self._arrays(records)
        for position in () if bad is None else np.flatnonzero(bad).tolist():
            _, left[position] = self.read_carefully(listed.items[position])
        return arrays, left

    def read_lists(self, cells: pa.Array) -> tuple[list[pa.Array], Lengths]:
        """Return an array per leaf over the elements of all lists that are cells, and how long each list is.

        Cells without a list are passed over. It raises one of NOT_JSON if another holds none.
        """
        arrays, lengths = zip(*map(self._read_lists, iter_cell_batches(cells)), strict=True)
        if len(arrays) == 1:
            return arrays[0], lengths[0]
        return [pa.concat_arrays(parts) for parts in zip(*arrays, strict=True)], np.concatenate(lengths)

    def _read_lists(self, lists: bytes) -> tuple[list[pa.Array], Lengths]:
        try:
            sent = self._lists.decode(lists)
            arrays, _ = self._arrays(list(chain.from_iterable(sent)))
        except JSON_ERRORS:
            sent = list_of_lists_decoder.decode(lists)
            arrays, _ = self.read(list(chain.from_iterable(sent)))
        return arrays, np.fromiter(map(len, sent), dtype=np.int64, count=len(sent))

    def read_carefully(self, item: Raw) -> tuple[Record, bytes | None]:
        """Return one item by the careful door alone: what fits, and the JSON of what is left over."""
        record, left = self._branch.read_item(replace_lone_surrogates(bytes(item)))
        return record, unmatched_json(left) if left else None

    def _records(self, listed: JSONArray) -> tuple[list[Record], list[bytes | None]]:
        """Return a record per item, and the JSON of what is undeclared or invalid in it.

        The cheapest way is tried first: strict decoding, then all but undeclared fields, then post by post.
        """
        try:
            records = self._strict_list.decode(listed.text)
            return records, [None] * len(records)
        except JSON_ERRORS as error:
            # Only what to try next depends on the wording: an odd value among 100 posts would fail here again (1.1 x).
            may_be_undeclared = "unknown field" in str(error)
        if may_be_undeclared:
            with suppress(*JSON_ERRORS):
                records = self._lax_list.decode(listed.text)
                return records, [self._undeclared(fields) for fields in list_of_objects_decoder.decode(listed.text)]
        read = [self._read_one(item) for item in listed.items]
        return [record for record, _ in read], [left for _, left in read]

    def _read_one(self, item: Raw) -> tuple[Record, bytes | None]:
        """Return the same for one item."""
        try:
            return self._strict.decode(item), None
        except JSON_ERRORS:
            pass
        try:
            return self._lax.decode(item), self._undeclared(object_decoder.decode(item))
        except JSON_ERRORS:
            return self.read_carefully(item)

    def _undeclared(self, fields: dict[str, Raw]) -> bytes | None:
        """Return the undeclared fields of an object that the lax decoder accepts, as JSON."""
        left = self._branch.undeclared(fields)
        return unmatched_json(left) if left else None

    def _arrays(self, records: Sequence[Record]) -> tuple[list[pa.Array], BoolArray | None]:
        bad = np.zeros(len(records), dtype=bool)
        inside: dict[str, Sequence[Record]] = {"": records}
        for below, _ in self._below:
            inside[below.path] = below.read(inside[below.parent])
        arrays = []
        for leaf, (parent, read) in zip(self.leaves, self._readers, strict=True):
            values, invalid = to_arrow_array(leaf.kind, read(inside[parent]))
            arrays.append(values)
            if invalid is not None:
                bad |= invalid
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
