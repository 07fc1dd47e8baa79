"""JSON documents as trees that keep what parsing loses: tokens of numbers, duplicate keys, escapes and white space."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Object:
    """A JSON object; keys are JSON texts and may repeat."""

    members: list[tuple[str, Node]] = field(default_factory=list)
    space: str = ""


@dataclass(slots=True)
class Array:
    """A JSON array."""

    items: list[Node] = field(default_factory=list)
    space: str = ""


Node = Object | Array | str  # A str is the JSON text of a scalar, or anything that is written unchanged.


def write(node: Node, space: str | None = None) -> str:
    """Return the text of a node; `space` replaces the white space between its tokens."""
    if isinstance(node, str):
        return node
    gap = node.space if space is None else space
    if isinstance(node, Array):
        return f"[{gap}{f',{gap}'.join([write(item, space) for item in node.items])}{gap}]"
    members = [f"{key}{gap}:{gap}{write(value, space)}" for key, value in node.members]
    return f"{{{gap}{f',{gap}'.join(members)}{gap}}}"


def quoted(text: str) -> str:
    """Return a text as JSON."""
    return json.dumps(text, ensure_ascii=False)


def from_python(value: Any) -> Node:
    """Return a tree of a Python object."""
    if isinstance(value, dict):
        return Object([(quoted(key), from_python(item)) for key, item in value.items()])
    if isinstance(value, list):
        return Array([from_python(item) for item in value])
    return value if isinstance(value, (Object, Array)) else json.dumps(value)


def iter_removals(node: Node) -> Iterator[Callable[[], Callable[[], None]]]:
    """Yield functions that remove a part of a tree, large parts first; each returns a function that undoes it."""
    if isinstance(node, str):
        return
    parts: list[Any] = node.items if isinstance(node, Array) else node.members
    size = len(parts)
    while size:
        for start in range(0, len(parts), size):
            yield _removal(parts, start, size)
        size //= 2
    for part in list(parts):
        yield from iter_removals(part if isinstance(node, Array) else part[1])


def _removal(parts: list[Any], start: int, size: int) -> Callable[[], Callable[[], None]]:
    def remove() -> Callable[[], None]:
        before = list(parts)
        del parts[start : start + size]
        return lambda: parts.__setitem__(slice(None), before)

    return remove


class Number(str):
    """The token of a JSON number."""

    __slots__ = ()


class Constant(str):
    """NaN, Infinity or -Infinity, which JSON does not have."""

    __slots__ = ()


_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    return _SURROGATES.sub("\ufffd", text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {clean(key): clean(value) if type(value) is str else value for key, value in pairs}


def read(text: str | bytes) -> Any:
    """Parse JSON with the standard library only; numbers stay tokens, lone surrogates in objects become U+FFFD."""
    return json.loads(text, object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=Constant)
