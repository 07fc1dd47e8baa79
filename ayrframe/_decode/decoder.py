"""Decode JSON objects to Arrow arrays: strict decoding first, then lax, then field by field.

Strict decoding is done by msgspec and creates no dicts. Lax decoding also accepts undeclared fields. The fallback
converts each field with `values.convert`, and returns undeclared and invalid fields as unmatched JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Raw

from ayrframe._decode.arrays import BoolArray, IntArray, to_arrow_array
from ayrframe._decode.batches import JSONArray, iter_cell_batches
from ayrframe._decode.json import (
    JSON_ERRORS,
    list_of_lists_decoder,
    list_of_objects_decoder,
    object_decoder,
    replace_lone_surrogates,
)
from ayrframe._decode.records import FieldSpec, ObjectNode, Record, ScalarNode, unmatched_json


class RecordDecoder:
    """Decoder of objects with declared fields.

    With `closed`, undeclared fields are returned as unmatched; otherwise they are ignored by strict decoding.
    """

    def __init__(self, fields: Iterable[FieldSpec], *, closed: bool = False) -> None:
        """Build the record types and compile their msgspec decoders."""
        self.fields = tuple(fields)
        self._node = ScalarNode(self.fields[0]) if self.fields[0].path == "" else ObjectNode(self.fields)
        self._field_readers = [self._node.field_reader(field) for field in self.fields]
        positions = {field.name: position for position, field in enumerate(self.fields)}
        self._nested_nodes = [
            (nested, [positions[name] for name in nested.node.field_names()]) for nested in self._node.iter_nested()
        ]
        strict, lax = self._node.record_type(closed=closed), self._node.record_type(closed=False)
        self._strict, self._strict_list = msgspec.json.Decoder(strict), msgspec.json.Decoder(list[strict])  # type: ignore[valid-type]
        self._lax, self._lax_list = msgspec.json.Decoder(lax), msgspec.json.Decoder(list[lax])  # type: ignore[valid-type]
        self._nested_list = msgspec.json.Decoder(list[list[strict]])  # type: ignore[valid-type]

    def decode_items(self, items: Sequence[Raw]) -> tuple[list[pa.Array], list[bytes | None]]:
        """Return an array per field, and per item the JSON of its undeclared and invalid fields, or None."""
        return self.decode_array(JSONArray.from_items(items))

    def decode_array(self, array: JSONArray) -> tuple[list[pa.Array], list[bytes | None]]:
        """Decode the items of a list as `decode_items` does; raises one of JSON_ERRORS if it is not a valid list."""
        records, unmatched = self._decode_records(array)
        arrays, invalid = self._build_arrays(records)
        for position in () if invalid is None else np.flatnonzero(invalid).tolist():
            _, unmatched[position] = self.decode_by_field(array.items[position])
        return arrays, unmatched

    def decode_lists(self, cells: pa.Array) -> tuple[list[pa.Array], IntArray]:
        """Return an array per field with the elements of all cells, which are JSON lists, and the length of each list.

        Null cells are skipped. Raises one of JSON_ERRORS if any other cell is not a list.
        """
        arrays, lengths = zip(*map(self._decode_list_batch, iter_cell_batches(cells)), strict=True)
        if len(arrays) == 1:
            return arrays[0], lengths[0]
        return [pa.concat_arrays(parts) for parts in zip(*arrays, strict=True)], np.concatenate(lengths)

    def _decode_list_batch(self, text: bytes) -> tuple[list[pa.Array], IntArray]:
        try:
            lists = self._nested_list.decode(text)
            arrays, _ = self._build_arrays(list(chain.from_iterable(lists)))
        except JSON_ERRORS:
            lists = list_of_lists_decoder.decode(text)
            arrays, _ = self.decode_items(list(chain.from_iterable(lists)))
        return arrays, np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))

    def decode_by_field(self, item: Raw) -> tuple[Record, bytes | None]:
        """Decode one item with the fallback: return a record of its valid fields, and the JSON of the others."""
        record, unmatched = self._node.decode_item(replace_lone_surrogates(bytes(item)))
        return record, unmatched_json(unmatched) if unmatched else None

    def _decode_records(self, array: JSONArray) -> tuple[list[Record], list[bytes | None]]:
        """Return a record per item, and the JSON of its undeclared and invalid fields.

        Decode the list strictly; if that fails, the list without undeclared fields; if that fails, item by item.
        """
        try:
            records = self._strict_list.decode(array.text)
            return records, [None] * len(records)
        except JSON_ERRORS as error:
            # The wording of the error decides only what to try next: after an invalid value, the lax decoder would fail
            # as well (1.1 x the time with one invalid value in 100 posts).
            may_be_undeclared = "unknown field" in str(error)
        if may_be_undeclared:
            with suppress(*JSON_ERRORS):
                records = self._lax_list.decode(array.text)
                return records, [self._undeclared_json(fields) for fields in list_of_objects_decoder.decode(array.text)]
        decoded = [self._decode_record(item) for item in array.items]
        return [record for record, _ in decoded], [unmatched for _, unmatched in decoded]

    def _decode_record(self, item: Raw) -> tuple[Record, bytes | None]:
        """Return the record of one item, and the JSON of its undeclared and invalid fields."""
        try:
            return self._strict.decode(item), None
        except JSON_ERRORS:
            pass
        try:
            return self._lax.decode(item), self._undeclared_json(object_decoder.decode(item))
        except JSON_ERRORS:
            return self.decode_by_field(item)

    def _undeclared_json(self, fields: dict[str, Raw]) -> bytes | None:
        """Return the JSON of the undeclared fields of an object that the lax decoder accepts."""
        unmatched = self._node.undeclared_fields(fields)
        return unmatched_json(unmatched) if unmatched else None

    def _build_arrays(self, records: Sequence[Record]) -> tuple[list[pa.Array], BoolArray | None]:
        invalid = np.zeros(len(records), dtype=bool)
        records_at: dict[str, Sequence[Record]] = {"": records}
        for nested, _ in self._nested_nodes:
            records_at[nested.path] = nested.read(records_at[nested.parent])
        arrays = []
        for field, (parent, read) in zip(self.fields, self._field_readers, strict=True):
            values, mask = to_arrow_array(field.kind, read(records_at[parent]))
            arrays.append(values)
            if mask is not None:
                invalid |= mask
        for nested, positions in self._nested_nodes:
            empty_rows = _empty_rows([arrays[position] for position in positions])
            objects, empty = records_at[nested.path], nested.node.empty
            invalid[[row for row in empty_rows if objects[row] is not empty]] = True
        return arrays, invalid if invalid.any() else None


def _empty_rows(arrays: Sequence[pa.Array]) -> list[int]:
    """Return the rows that are null in all arrays: the object was absent, empty or without a valid value."""
    if not all(array.null_count for array in arrays):
        return []
    nulls = (array.is_null().to_numpy(zero_copy_only=False) for array in arrays)
    return np.flatnonzero(np.logical_and.reduce([*nulls])).tolist()
