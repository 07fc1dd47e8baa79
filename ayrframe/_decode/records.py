"""What a JSON object becomes by each door: a record of what fits its declared fields, and the rest as it was sent."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Raw

from ayrframe._decode.arrays import ABSENT
from ayrframe._decode.json import compact_json, object_decoder, replace_lone_surrogates
from ayrframe._decode.values import INVALID, convert
from ayrframe._platforms.spec import NESTED, Kind

# Whole numbers beyond 2 ** 53 may be no exact floats: they go to the careful door, which counts them out.
_EXACT = 2**53 - 1
# Digits may be quoted: the column converts them.
_whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | str | None
_FLOAT = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+|-?[0-9]+\.[0-9]+")
_number = Annotated[float, Meta(ge=-_EXACT, le=_EXACT)] | None
_STRICT: dict[Kind, Any] = {
    Kind.ID: str | None,
    Kind.TEXT: str | None,
    Kind.INTEGER: _whole,
    Kind.QUOTED_INTEGER: str | None,
    Kind.FLOAT: _number,
    Kind.BOOLEAN: bool | None,
    Kind.TIME: str | None,
    Kind.LIST: Raw,
    Kind.MAPPING: Raw,
}
Record = Any
Values = Sequence[Any]
Unmatched = dict[str, "Raw | Unmatched"]


class FieldSpec(NamedTuple):
    """A value to be read: the name it gets, where it stands, what it is. The path "" is the item itself."""

    name: str
    path: str
    kind: Kind


class ScalarNode:
    """An item that is a value and no object: it is its own record."""

    empty = None

    def __init__(self, leaf: FieldSpec) -> None:
        self._leaf = leaf

    def type(self, *, closed: bool) -> Any:  # noqa: ARG002
        return _STRICT[self._leaf.kind]

    def undeclared(self, _: dict[str, Raw]) -> Unmatched:
        return {}

    def reader(self, _: FieldSpec) -> tuple[str, Callable[[Values], Values]]:
        return "", lambda items: items

    def descendants(self) -> Iterable[NestedNode]:
        return ()

    def read_item(self, text: bytes) -> tuple[Record, Unmatched | Raw | None]:
        return self.read_inside(Raw(text))

    def read_inside(self, raw: Raw) -> tuple[Record, Unmatched | Raw | None]:
        value = convert(self._leaf.kind, raw)
        return (None, raw) if value is INVALID else (value, None)


class ObjectNode:
    """An object with fixed keys: the record type it becomes, and its keys, each a leaf or a branch of its own."""

    def __init__(self, leaves: Iterable[FieldSpec], name: str = "Record") -> None:
        self._name = name
        self._leaves: dict[str, FieldSpec] = {}
        deeper: dict[str, list[FieldSpec]] = {}
        for leaf in leaves:
            head, _, rest = leaf.path.partition(".")
            if rest:
                deeper.setdefault(head, []).append(leaf._replace(path=rest))
            else:
                self._leaves[head] = leaf
        self._branches = {key: ObjectNode(below, key) for key, below in deeper.items()}
        self._type = self.type(closed=True)
        self.empty = self._type()

    def type(self, *, closed: bool) -> Any:
        """Return the record type; with `closed`, it refuses undeclared fields at any depth."""
        leaves = [
            (leaf.name, _STRICT[leaf.kind], _field(key, ABSENT if leaf.kind in NESTED else None))
            for key, leaf in self._leaves.items()
        ]
        branches = [
            (_inside(key), branch.type(closed=closed), _field(key, branch.empty))
            for key, branch in self._branches.items()
        ]
        return msgspec.defstruct(self._name, [*leaves, *branches], forbid_unknown_fields=closed, frozen=True, gc=False)

    def undeclared(self, fields: dict[str, Raw]) -> Unmatched:
        """Return the undeclared fields at any depth of an object whose declared ones are valid."""
        left: Unmatched = {}
        for key, raw in fields.items():
            if key in self._branches:
                if inside := self._branches[key].undeclared(object_decoder.decode(raw)):
                    left[key] = inside
            elif key not in self._leaves:
                left[key] = raw
        return left

    def reader(self, leaf: FieldSpec) -> tuple[str, Callable[[Values], Values]]:
        """Return the path of the objects that hold a leaf, and what reads it out of the records of them."""
        return leaf.path.rpartition(".")[0], attribute_reader(leaf.name)

    def descendants(self) -> Iterable[NestedNode]:
        """Return the branches below this one, each after the one that it is in."""
        for key, branch in self._branches.items():
            yield NestedNode(key, "", attribute_reader(_inside(key)), branch)
            for below in branch.descendants():
                yield below._replace(path=f"{key}.{below.path}", parent=f"{key}.{below.parent}".rstrip("."))

    def names(self) -> Iterable[str]:
        """Return the names of all leaves, however deep they stand."""
        yield from (leaf.name for leaf in self._leaves.values())
        for branch in self._branches.values():
            yield from branch.names()

    def read_item(self, text: bytes) -> tuple[Record, Unmatched | Raw | None]:
        if text.lstrip()[:1] != b"{":
            return self.empty, Raw(text)
        return self.read(object_decoder.decode(text))

    def read(self, fields: dict[str, Raw]) -> tuple[Record, Unmatched]:
        """Go through the fields one by one; return the record of what fits, and the rest."""
        record: dict[str, Any] = {}
        left: Unmatched = {}
        for key, raw in fields.items():
            if key in self._leaves:
                leaf = self._leaves[key]
                value = convert(leaf.kind, raw)
                if value is INVALID:
                    left[key] = raw
                elif value is not None:
                    record[leaf.name] = value
            elif key in self._branches:
                record[_inside(key)], beside = self._branches[key].read_inside(raw)
                if beside is not None:
                    left[key] = beside
            else:
                left[key] = raw
        return self._type(**record), left

    def read_inside(self, raw: Raw) -> tuple[Record, Unmatched | Raw | None]:
        """Read the object below a key; where nothing of it fits, it is left over whole."""
        text = bytes(raw).strip()
        if text == b"null":
            return self.empty, None
        if text[:1] != b"{":
            return self.empty, raw
        record, left = self.read(object_decoder.decode(text))
        return (self.empty, raw) if record == self.empty else (record, left or None)


class NestedNode(NamedTuple):
    """A branch within a branch: its path, that of the one it is in, and what reads it out of the records of that."""

    path: str
    parent: str
    read: Callable[[Values], Values]
    branch: ObjectNode


def attribute_reader(name: str) -> Callable[[Values], Values]:
    """Return a function that reads a declared attribute of each record.

    Its source is generated, as that of a dataclass: an attribute named in the code is read in half the time that
    `operator.attrgetter` takes. The name is checked, and comes from a declaration, never from data.
    """
    if not name.isidentifier():
        raise ValueError(f"{name!r} is not an attribute name.")
    read: Callable[[Values], Values] = eval(f"lambda records: [record.{name} for record in records]", {})  # noqa: S307
    return read


def _inside(key: str) -> str:
    """Return the attribute under which a record keeps the object below this key; no leaf is called so."""
    return f"in_{key}"


def _field(key: str, default: Any) -> Any:
    return msgspec.field(name=key, default=default)


def unmatched_json(left: Unmatched | Raw) -> bytes:
    if not isinstance(left, dict):
        return _as_sent(left)
    return b"{%b}" % b",".join(b"%b:%b" % (msgspec.json.encode(key), unmatched_json(left[key])) for key in left)


def _as_sent(raw: Raw) -> bytes:
    """Return a value as it was sent; a number beyond every float, which readers take for infinite, as a text."""
    token = replace_lone_surrogates(compact_json(raw))
    return b'"%b"' % token if _FLOAT.fullmatch(token) and math.isinf(float(token)) else token
