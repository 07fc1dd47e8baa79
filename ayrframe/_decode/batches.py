"""JSON lists and JSON cells in iter_batches: each a list of its own, so that what stands between bytes and arrays stays small.

Of a list that nobody has read, iter_batches are cut off without looking at what is between: where an item ends is guessed by
how the first one begins. Whoever reads the iter_batches finds out. A lot cut inside an item is no JSON; and if every lot is,
every cut was right.
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
# Two keys with a plain value between: one alone, such as `id`, begins many an object inside a post as well.
_FIRST_KEYS = re.compile(
    rb'\s*\{\s*(%b)\s*:\s*(?:%b|[^",:{}\[\]]+),\s*(%b)\s*:' % (STRING_PATTERN, STRING_PATTERN, STRING_PATTERN)
)
_ITEM_BOUNDARY = rb"\}\s*(,)\s*\{\s*%b\s*:\s*(?:" + STRING_PATTERN + rb'|[^",:{}\[\]]+),\s*%b\s*:'


class JSONArray:
    """A JSON list as text, whose items are told apart once somebody asks for them."""

    def __init__(self, text: bytes) -> None:
        """Keep the text."""
        self.text = text

    @cached_property
    def items(self) -> Sequence[Raw]:
        """The items; raises one of NOT_JSON if this is no list."""
        return list_decoder.decode(self.text)

    @classmethod
    def from_items(cls, items: Sequence[Raw]) -> JSONArray:
        """Return the list of these items."""
        array = cls(b"[%b]" % b",".join(items))
        array.__dict__["items"] = items
        return array


class UnparsedArray(NamedTuple):
    """A list that nobody has read: where in a body it begins, behind its bracket, and where it ends."""

    body: bytes
    start: int
    end: int

    def iter_batches(self) -> Iterator[JSONArray]:
        """Yield the list in iter_batches; their guessed ends are right if all of them turn out to be JSON."""
        start = self.start
        boundary = self._boundary_pattern()
        while (
            boundary
            and self.end - start > _BATCH_BYTES
            and (cut := boundary.search(self.body, start + _BATCH_BYTES, self.end))
        ):
            yield self._slice(start, cut.start(1))
            start = cut.end(1)
        rest = self._slice(start, self.end)
        yield from [rest] if self.end - start <= 2 * _BATCH_BYTES else iter_batches(rest.items)

    def _slice(self, start: int, end: int) -> JSONArray:
        return JSONArray(b"".join((b"[", memoryview(self.body)[start:end], b"]")))

    def _boundary_pattern(self) -> re.Pattern[bytes] | None:
        """Return what stands where an item ends and one begins that is written like the first."""
        first = _FIRST_KEYS.match(self.body, self.start, self.end)
        return first and re.compile(_ITEM_BOUNDARY % (re.escape(first[1]), re.escape(first[2])), re.DOTALL)


def iter_batches(items: Sequence[Raw]) -> Iterator[JSONArray]:
    """Yield items that are told apart already in iter_batches; none of them make one lot."""
    yield from (
        JSONArray.from_items(items[start : start + _MAX_ITEMS]) for start in range(0, len(items) or 1, _MAX_ITEMS)
    )


def iter_cell_batches(cells: pa.Array) -> Iterator[bytes]:
    """Yield JSON cells that are not null in iter_batches, each as one JSON list; none of them make one lot."""
    texts = cells.drop_null()
    count = (pc.sum(pc.binary_length(texts)).as_py() or 0) // _BATCH_BYTES + 1
    size = -(-len(texts) // count) or 1
    yield from (join_cells(texts.slice(start, size)) for start in range(0, len(texts) or 1, size))


def join_cells(cells: pa.Array) -> bytes:
    """Return all cells as one JSON list, without making a Python text of any."""
    texts = cells.drop_null()
    offsets = pa.array([0, len(texts)], pa.int64())
    joined = pc.binary_join(pa.LargeListArray.from_arrays(offsets, texts), pa.scalar(",", pa.large_string()))
    return b"".join((b"[", joined[0].as_buffer(), b"]"))
