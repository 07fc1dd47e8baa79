"""Split JSON lists and columns of JSON cells into batches, each a JSON list, so that decoding needs little memory.

A list in a response is split without parsing it first (loads take 1.25 x as long without this). Its first item begins
with two keys, such as `{"id": "1", "post":`. An item boundary is assumed wherever `},` is followed by an object that
begins with the same two keys, and the text is cut at that comma. Such text may also occur inside an item, in a string
or a nested list. Cutting is safe all the same, because every batch has to be valid JSON in brackets of its own:

1. If a batch begins where an item begins and is valid, it consists of whole items. Then the comma after it separates
   two items, and the next batch begins where an item begins.
2. The first batch begins where the first item begins. So if all batches are valid, every cut is between two items, and
   the batches hold exactly the items of the list, in order.
3. If a cut is inside an item, a string, object or list is still open there, so the batch before it is not valid.
4. The text before a cut ends with `}` and the text after it begins with `{`, so no batch is empty. If all batches are
   valid, the whole list is therefore valid too.

If a batch is not valid, `decode_unparsed` discards all of them, and the body is parsed item by item. A wrong boundary
costs time but never changes the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Raw

from ayrframe._decode.json import STRING_PATTERN, list_decoder

_MAX_ITEMS = 1024
_BATCH_BYTES = 1152 * 1024
# The value of a string, number, true, false or null; not of a list or object.
_SCALAR_PATTERN = b"(?:" + STRING_PATTERN + rb'|[^",:{}\[\]]++)'
# One key is not enough: many objects inside a post begin with `id` as well.
_FIRST_KEYS = re.compile(
    rb"\s*+\{\s*+(%b)\s*+:\s*+%b,\s*+(%b)\s*+:" % (STRING_PATTERN, _SCALAR_PATTERN, STRING_PATTERN)
)
_ITEM_BOUNDARY = rb"\}\s*+(,)\s*+\{\s*+%b\s*+:\s*+" + _SCALAR_PATTERN + rb",\s*+%b\s*+:"


class JSONArray:
    """A JSON list as text, parsed when its items are read."""

    def __init__(self, text: bytes) -> None:
        """Store the text."""
        self.text = text

    @cached_property
    def items(self) -> Sequence[Raw]:
        """The items as JSON; raises one of JSON_ERRORS if the text is not a valid list."""
        return list_decoder.decode(self.text)

    @classmethod
    def from_items(cls, items: Sequence[Raw]) -> JSONArray:
        """Return a list of these items, which are not parsed again."""
        array = cls(b"[%b]" % b",".join(items))
        array.__dict__["items"] = items
        return array


class UnparsedArray(NamedTuple):
    """The text of a list inside a response: `body[start:end]` without its brackets, not yet parsed."""

    body: bytes
    start: int
    end: int

    def iter_batches(self) -> Iterator[JSONArray]:
        """Yield the list in batches, cut at assumed boundaries; these are right if all batches are valid JSON."""
        start = self.start
        boundary = self._boundary_pattern()
        while boundary and self.end - start > _BATCH_BYTES:
            cut = boundary.search(self.body, start + _BATCH_BYTES, self.end)
            if not cut:
                break
            yield self._slice(start, cut.start(1))
            start = cut.end(1)
        rest = self._slice(start, self.end)
        yield from [rest] if self.end - start <= 2 * _BATCH_BYTES else iter_batches(rest.items)

    def _slice(self, start: int, end: int) -> JSONArray:
        return JSONArray(b"".join((b"[", memoryview(self.body)[start:end], b"]")))

    def _boundary_pattern(self) -> re.Pattern[bytes] | None:
        """Return a pattern for the end of an item and the first two keys of the next, if the first item has these."""
        first = _FIRST_KEYS.match(self.body, self.start, self.end)
        return first and re.compile(_ITEM_BOUNDARY % (re.escape(first[1]), re.escape(first[2])), re.DOTALL)


def iter_batches(items: Sequence[Raw]) -> Iterator[JSONArray]:
    """Yield parsed items in batches of at most 1,024; without items, one empty batch."""
    for start in range(0, len(items) or 1, _MAX_ITEMS):
        yield JSONArray.from_items(items[start : start + _MAX_ITEMS])


def iter_cell_batches(cells: pa.Array) -> Iterator[bytes]:
    """Yield the JSON cells that are not null in batches of similar size, each as a JSON list; at least one batch."""
    texts = cells.drop_null()
    count = (pc.sum(pc.binary_length(texts)).as_py() or 0) // _BATCH_BYTES + 1
    size = -(-len(texts) // count) or 1
    yield from (join_cells(texts.slice(start, size)) for start in range(0, len(texts) or 1, size))


def join_cells(cells: pa.Array) -> bytes:
    """Return the cells that are not null as one JSON list, without creating Python strings."""
    texts = cells.drop_null()
    offsets = pa.array([0, len(texts)], pa.int64())
    joined = pc.binary_join(pa.LargeListArray.from_arrays(offsets, texts), pa.scalar(",", pa.large_string()))
    return b"".join((b"[", joined[0].as_buffer(), b"]"))
