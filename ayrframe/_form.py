"""A form: declared fields, compiled once into the two doors by which JSON objects become columns.

The strict door is a msgspec decoder: an object that conforms never becomes a Python dict. The careful door goes field
by field through `_fields`; what does not fit is left over, as it was sent. Both give the same records, so that one
route leads on to Arrow.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Meta, Raw

from ayrframe._arrays import ABSENT, Mask, array
from ayrframe._fields import MISFIT, fit
from ayrframe._json import NOT_JSON, compact, raw_fields, raw_lists, raw_objects, surrogates_mended
from ayrframe._lots import Listed
from ayrframe.spec import NESTED, Kind

# Whole numbers beyond 2 ** 53 may be no exact floats: they go to the careful door, which counts them out.
_EXACT = 2**53 - 1
_whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | None
_FLOAT = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+|-?[0-9]+\.[0-9]+")
_number = Annotated[float, Meta(ge=-_EXACT, le=_EXACT)] | None
_STRICT: dict[Kind, Any] = {
    Kind.KEY: str | None,
    Kind.TEXT: str | None,
    Kind.WHOLE: _whole,
    Kind.QUOTED: str | None,
    Kind.NUMBER: _number,
    Kind.FLAG: bool | None,
    Kind.TIME: str | None,
    Kind.LIST: Raw,
    Kind.OBJECT: Raw,
}
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
# The attribute that holds an undeclared field; no name of a leaf ends so.
_UNDECLARED = "undeclared_"

Record = Any
Left = dict[str, "Raw | Left"]
Lengths = npt.NDArray[np.int64]


class Leaf(NamedTuple):
    """A value to be read: the name it gets, where it stands, what it is. The path "" is the item itself."""

    name: str
    path: str
    kind: Kind


class Form:
    """Declared fields as a pair of doors. With `closed`, an object that holds anything else is no conforming one."""

    def __init__(self, leaves: Iterable[Leaf], *, closed: bool = False) -> None:
        """Compile the decoders."""
        self.leaves = tuple(leaves)
        self._branch = _Itself(self.leaves[0]) if self.leaves[0].path == "" else _Branch(self.leaves)
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
        return record, _written(left) if left else None

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
                return records, _beside(key, records)
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
            return self._one.decode(msgspec.json.encode(rest)), _written(odd) if odd else None
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
        return None if fields.keys() <= keys else _written({key: raw for key, raw in fields.items() if key not in keys})

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


class _Itself:
    """An item that is a value and no object: it is its own record."""

    keys: frozenset[str] = frozenset()

    def __init__(self, leaf: Leaf) -> None:
        self._leaf = leaf

    def type(self, *, closed: bool, beside: str | None = None) -> Any:  # noqa: ARG002
        return _STRICT[self._leaf.kind]

    def getter(self, _: Leaf) -> None:
        return None

    def descendants(self) -> Iterable[tuple[str, _Branch]]:
        return ()

    def read_item(self, text: bytes) -> tuple[Record, Left | Raw | None]:
        value = fit(self._leaf.kind, Raw(text))
        return (None, Raw(text)) if value is MISFIT else (value, None)


class _Branch:
    """An object with fixed keys: the record type it becomes, and its keys, each a leaf or a branch of its own."""

    def __init__(self, leaves: Iterable[Leaf], name: str = "Record") -> None:
        self._name = name
        self._leaves: dict[str, Leaf] = {}
        deeper: dict[str, list[Leaf]] = {}
        for leaf in leaves:
            head, _, rest = leaf.path.partition(".")
            if rest:
                deeper.setdefault(head, []).append(leaf._replace(path=rest))
            else:
                self._leaves[head] = leaf
        self._branches = {key: _Branch(below, key) for key, below in deeper.items()}
        self.keys = self._leaves.keys() | self._branches.keys()
        self._type = self.type(closed=True)
        self.empty = self._type()

    def type(self, *, closed: bool, beside: str | None = None) -> Any:
        """Return the record type, with one undeclared key `beside` the others if it is asked for.

        The objects below it are closed always, so that nothing in them is passed over.
        """
        leaves = [
            (leaf.name, _STRICT[leaf.kind], msgspec.field(name=key, default=ABSENT if leaf.kind in NESTED else None))
            for key, leaf in self._leaves.items()
        ]
        branches = [
            (_inside(key), type(branch.empty), msgspec.field(name=key, default=branch.empty))
            for key, branch in self._branches.items()
        ]
        more = [] if beside is None else [(_UNDECLARED, Raw, msgspec.field(name=beside, default=ABSENT))]
        return msgspec.defstruct(
            self._name, [*leaves, *branches, *more], forbid_unknown_fields=closed, frozen=True, gc=False
        )

    def getter(self, leaf: Leaf) -> attrgetter[Any]:
        *parents, _ = leaf.path.split(".")
        return attrgetter(".".join([*map(_inside, parents), leaf.name]))

    def descendants(self) -> Iterable[tuple[str, _Branch]]:
        """Return the branches below this one, with the way to each."""
        for key, branch in self._branches.items():
            yield _inside(key), branch
            for route, below in branch.descendants():
                yield f"{_inside(key)}.{route}", below

    def names(self) -> Iterable[str]:
        """Return the names of all leaves, however deep they stand."""
        yield from (leaf.name for leaf in self._leaves.values())
        for branch in self._branches.values():
            yield from branch.names()

    def read_item(self, text: bytes) -> tuple[Record, Left | Raw | None]:
        if text.lstrip()[:1] != b"{":
            return self.empty, Raw(text)
        return self.read(raw_fields.decode(text))

    def read(self, fields: dict[str, Raw]) -> tuple[Record, Left]:
        """Go through the fields one by one; return the record of what fits, and the rest."""
        record: dict[str, Any] = {}
        left: Left = {}
        for key, raw in fields.items():
            if key in self._leaves:
                leaf = self._leaves[key]
                value = fit(leaf.kind, raw)
                if value is MISFIT:
                    left[key] = raw
                elif value is not None:
                    record[leaf.name] = value
            elif key in self._branches:
                inside, beside = self._branches[key].read_inside(raw)
                if inside is not None:
                    record[_inside(key)] = inside
                if beside is not None:
                    left[key] = beside
            else:
                left[key] = raw
        return self._type(**record), left

    def read_inside(self, raw: Raw) -> tuple[Record | None, Raw | Left | None]:
        """Read the object below a key; where nothing of it fits, it is left over whole."""
        text = bytes(raw).strip()
        if text == b"null":
            return None, None
        if text[:1] != b"{":
            return None, raw
        record, left = self.read(raw_fields.decode(text))
        return (None, raw) if record == self.empty else (record, left or None)


def _beside(key: str, records: Iterable[Record]) -> list[bytes | None]:
    """Return the one undeclared field of each record that has it as a JSON object."""
    name, sent = msgspec.json.encode(key), map(attrgetter(_UNDECLARED), records)
    return [None if raw is ABSENT else b"{%b:%b}" % (name, _as_sent(raw)) for raw in sent]


def _inside(key: str) -> str:
    """Return the attribute under which a record keeps the object below this key; no leaf is called so."""
    return f"in_{key}"


def _written(left: Left | Raw) -> bytes:
    if not isinstance(left, dict):
        return _as_sent(left)
    return b"{%b}" % b",".join(b"%b:%b" % (msgspec.json.encode(key), _written(left[key])) for key in left)


def _as_sent(raw: Raw) -> bytes:
    """Return a value as it was sent; a number beyond every float, which readers take for infinite, as a text."""
    token = surrogates_mended(compact(raw))
    return b'"%b"' % token if _FLOAT.fullmatch(token) and math.isinf(float(token)) else token
