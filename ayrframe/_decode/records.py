"""Build record types from declared fields: one tree of nodes serves the strict decoder and the field-by-field fallback.

Both give the same records. What the fallback cannot put into a record is returned as unmatched JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Raw

from ayrframe._decode.arrays import ABSENT
from ayrframe._decode.json import canonical_json, object_decoder, quote_overflow
from ayrframe._decode.values import INVALID, convert
from ayrframe._platforms.spec import NESTED, Kind

# A larger integer may not be exact as a float. Strict decoding rejects it, and the fallback compares all digits.
_MAX_FLOAT_INTEGER = 2**53 - 1
INT64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_CANONICAL_TOKEN = re.compile(rb'"[^"\\]*"|[1-9][0-9]*|true|false|null')
_FLOAT_TYPE = Annotated[float, Meta(ge=-_MAX_FLOAT_INTEGER, le=_MAX_FLOAT_INTEGER)] | None
STRICT_TYPES: dict[Kind, Any] = {
    Kind.ID: str | None,
    Kind.TEXT: str | None,
    Kind.INTEGER: INT64 | str | None,  # Quoted digits are valid; to_arrow_array parses them.
    Kind.QUOTED_INTEGER: str | None,
    Kind.FLOAT: _FLOAT_TYPE,
    Kind.BOOLEAN: bool | None,
    Kind.TIME: str | None,
    Kind.LIST: Raw,
    Kind.MAPPING: Raw,
}
Record = Any
Values = Sequence[Any]
Unmatched = dict[str, "Raw | Unmatched"]


class FieldSpec(NamedTuple):
    """A field to decode: column name, dotted path in the object, kind. The path "" is the item itself."""

    name: str
    path: str
    kind: Kind


class ScalarNode:
    """Decodes items that are single values, not objects; the record of an item is its value."""

    empty = None

    def __init__(self, spec: FieldSpec) -> None:
        self._spec = spec

    def record_type(self, *, closed: bool) -> Any:  # noqa: ARG002
        return STRICT_TYPES[self._spec.kind]

    def undeclared_fields(self, _: dict[str, Raw]) -> Unmatched:
        return {}

    def field_reader(self, _: FieldSpec) -> tuple[str, Callable[[Values], Values]]:
        return "", lambda items: items

    def iter_nested(self) -> Iterable[NestedNode]:
        return ()

    def decode_item(self, text: bytes) -> tuple[Record, Unmatched | Raw | None]:
        return self.decode_nested(Raw(text))

    def decode_nested(self, raw: Raw) -> tuple[Record, Unmatched | Raw | None]:
        value = convert(self._spec.kind, raw)
        return (None, raw) if value is INVALID else (value, None)


class ObjectNode:
    """Decodes objects with declared keys to records; each key is a field or a nested object."""

    def __init__(self, specs: Iterable[FieldSpec], name: str = "Record") -> None:
        self._name = name
        self._fields: dict[str, FieldSpec] = {}
        nested: dict[str, list[FieldSpec]] = {}
        for spec in specs:
            head, _, rest = spec.path.partition(".")
            if rest:
                nested.setdefault(head, []).append(spec._replace(path=rest))
            else:
                self._fields[head] = spec
        self._nodes = {key: ObjectNode(specs, key) for key, specs in nested.items()}
        self._type = self.record_type(closed=True)
        self.empty = self._type()

    def record_type(self, *, closed: bool) -> Any:
        """Return the record type; with `closed`, decoding fails on undeclared fields at any depth."""
        absent = dict.fromkeys(NESTED, ABSENT)
        specs = [
            (spec.name, STRICT_TYPES[spec.kind], msgspec.field(name=key, default=absent.get(spec.kind)))
            for key, spec in self._fields.items()
        ]
        nodes = [
            (_nested_attribute(key), node.record_type(closed=closed), msgspec.field(name=key, default=node.empty))
            for key, node in self._nodes.items()
        ]
        return msgspec.defstruct(self._name, [*specs, *nodes], forbid_unknown_fields=closed, frozen=True, gc=False)

    def undeclared_fields(self, fields: dict[str, Raw]) -> Unmatched:
        """Return the undeclared fields, at any depth, of an object whose declared fields are valid."""
        unmatched: Unmatched = {}
        for key, raw in fields.items():
            if key in self._nodes:
                if nested := self._nodes[key].undeclared_fields(object_decoder.decode(raw)):
                    unmatched[key] = nested
            elif key not in self._fields:
                unmatched[key] = raw
        return unmatched

    def field_reader(self, spec: FieldSpec) -> tuple[str, Callable[[Values], Values]]:
        """Return the path of the object that contains a field, and a function that reads the field from its records."""
        return spec.path.rpartition(".")[0], attribute_reader(spec.name)

    def iter_nested(self) -> Iterable[NestedNode]:
        """Yield the nested nodes at all depths, each after its parent."""
        for key, node in self._nodes.items():
            yield NestedNode(key, "", attribute_reader(_nested_attribute(key)), node)
            for nested in node.iter_nested():
                yield nested._replace(path=f"{key}.{nested.path}", parent=f"{key}.{nested.parent}".rstrip("."))

    def field_names(self) -> Iterable[str]:
        """Yield the names of the fields at all depths."""
        yield from (spec.name for spec in self._fields.values())
        for node in self._nodes.values():
            yield from node.field_names()

    def decode_item(self, text: bytes) -> tuple[Record, Unmatched | Raw | None]:
        if text.lstrip()[:1] != b"{":
            return self.empty, Raw(text)
        return self.decode_fields(object_decoder.decode(text))

    def decode_fields(self, fields: dict[str, Raw]) -> tuple[Record, Unmatched]:
        """Convert the fields one by one; return a record of the valid ones, and the unmatched rest."""
        record: dict[str, Any] = {}
        unmatched: Unmatched = {}
        for key, raw in fields.items():
            if key in self._fields:
                spec = self._fields[key]
                value = convert(spec.kind, raw)
                if value is INVALID:
                    unmatched[key] = raw
                elif value is not None:
                    record[spec.name] = value
            elif key in self._nodes:
                record[_nested_attribute(key)], rest = self._nodes[key].decode_nested(raw)
                if rest is not None:
                    unmatched[key] = rest
            else:
                unmatched[key] = raw
        return self._type(**record), unmatched

    def decode_nested(self, raw: Raw) -> tuple[Record, Unmatched | Raw | None]:
        """Decode the object at a key; if none of its values is valid, all of it is unmatched."""
        text = bytes(raw).strip()
        if text == b"null":
            return self.empty, None
        if text[:1] != b"{":
            return self.empty, raw
        record, unmatched = self.decode_fields(object_decoder.decode(text))
        return (self.empty, unmatched or raw) if record == self.empty else (record, unmatched or None)


class NestedNode(NamedTuple):
    """A node inside another: its path, the path of its parent, and a function to read it from parent records."""

    path: str
    parent: str
    read: Callable[[Values], Values]
    node: ObjectNode


def attribute_reader(name: str) -> Callable[[Values], Values]:
    """Return a function that reads a declared attribute of each record.

    The function is generated from source, as dataclasses do; with `operator.attrgetter`, decoding a clean page takes
    1.04 x as long. The name comes from a declaration, never from data, and has to be an identifier.
    """
    if not name.isidentifier():
        raise ValueError(f"{name!r} is not an attribute name.")
    read: Callable[[Values], Values] = eval(f"lambda records: [record.{name} for record in records]", {})  # noqa: S307
    return read


def _nested_attribute(key: str) -> str:
    """Return the record attribute of the object at a key."""
    return f"in_{key}"


def unmatched_json(unmatched: Unmatched | Raw) -> bytes:
    """Return the JSON of unmatched fields, as the `extra` column contains it."""
    if not isinstance(unmatched, dict):
        token = bytes(unmatched).strip()
        return token if _CANONICAL_TOKEN.fullmatch(token) else quote_overflow(token) or canonical_json(token)
    return b"{%b}" % b",".join(
        b"%b:%b" % (msgspec.json.encode(key), unmatched_json(unmatched[key])) for key in unmatched
    )
