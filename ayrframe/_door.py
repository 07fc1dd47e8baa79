"""JSON lists → records: the strict door of a form, and the wider ones that keep some of its fields as they were sent.

Which fields those are, the decoder's own complaint tells: what stands at its path, or the key that nobody declared. A
guess that is wrong costs time and nothing else, since a wider door is as strict about everything besides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from itertools import starmap
from typing import Any

import msgspec
from msgspec import Raw

from ayrframe._json import NOT_JSON, raw_fields
from ayrframe._record import Branch, Itself, Left, Record, written

# Paths as nested keys; at its end each stands whole.
Tree = dict[str, "str | Tree"]

_NULL = Raw(b"null")
_COMPLAINT = re.compile(r"(?:Object contains unknown field `([^`]*)`|.*) - at `\$\[[^\]]*\]((?:\.[^`]*)?)`", re.DOTALL)


class Door:
    """A decoder of the objects of a form, but for what stands at its `loose` paths: that is sorted out one by one."""

    def __init__(self, root: Branch | Itself, loose: tuple[str, ...] = (), *, closed: bool = True) -> None:
        """Compile the decoder; the objects below the outermost are closed always."""
        self._root, self._loose = root, loose
        self._tree, self._around = _tree_of(loose), {path: _around(path) for path in loose}
        self.read = msgspec.json.Decoder(list[root.type(closed=closed, loose=loose)]).decode  # type: ignore[misc]

    def wider(self, complaint: Exception) -> tuple[str, ...] | None:
        """Return what should be loose as well after this complaint, None if it names no field that could be."""
        told = _COMPLAINT.fullmatch(str(complaint))
        if told is None:
            return None
        path, undeclared = told[2].removeprefix("."), told[1]
        if undeclared is not None:
            # A key with a dot in it would be no step of a path.
            path = f"{path}.{undeclared}".removeprefix(".") if undeclared.isidentifier() else ""
        if not path or path in self._loose or not self._root.has_room(path):
            return None
        return (*(one for one in self._loose if not one.startswith(f"{path}.")), path)

    def sorted_out(
        self, records: Sequence[Record], items: Callable[[], Sequence[Raw]]
    ) -> tuple[dict[str, list[Any]], list[bytes | None]]:
        """Return what fits at each declared loose path, for all records, and for each the JSON of what is left over."""
        if not self._loose:
            return {}, [None] * len(records)
        fitting: dict[str, list[Any]] = {}
        left: list[list[bytes | None]] = []
        for path in self._loose:
            sent, declared = self._sent(path, records), self._root.at(path)
            if declared is None:
                rest: Iterable[Left | Raw | None] = sent
            else:
                fitting[path], rest = _fitting(declared, sent)
            left.append([written(part) if part else None for part in rest])
        if len(left) == 1:
            return fitting, [text and self._alone(path, text) for text in left[0]]
        rows = zip(*left, strict=True)
        return fitting, [self._together(row, place, items) for place, row in enumerate(rows)]

    def _sent(self, path: str, records: Sequence[Record]) -> Sequence[Raw | None]:
        """Return what stands at a loose path of each record; nothing, in one way or another, where it was not sent."""
        found = records
        for name in self._root.attributes(path):
            found = [getattr(record, name, None) for record in found]
        return found

    def _alone(self, path: str, text: bytes) -> bytes:
        """Return what is left of an item, which is this and nothing else."""
        before, behind = self._around[path]
        return before + text + behind

    def _together(self, texts: Sequence[bytes | None], place: int, items: Callable[[], Sequence[Raw]]) -> bytes | None:
        """Return what is left of one item at all loose paths, in the order in which it was sent."""
        left = {path: text for path, text in zip(self._loose, texts, strict=True) if text is not None}
        if len(left) > 1:
            return _in_order(items()[place], self._tree, left)
        return next(starmap(self._alone, left.items()), None)


def one_by_one(
    decode: Callable[[Raw], Any], carefully: Callable[[Raw], tuple[Any, Any]], items: Sequence[Raw]
) -> tuple[list[Any], list[Any]]:
    """Return the value of each item, by the careful door where it does not fit, and what that left over."""
    values: list[Any] = []
    left: list[Any] = [None] * len(items)
    for place, item in enumerate(items):
        try:
            values.append(decode(item))
        except NOT_JSON:
            value, left[place] = carefully(item)
            values.append(value)
    return values, left


def _fitting(declared: Branch | Itself, sent: Sequence[Raw | None]) -> tuple[list[Any], list[Left | Raw | None]]:
    """Return what fits of what was sent for one thing that is declared, and what is left over."""
    decode = msgspec.json.Decoder(declared.type(closed=True) | None).decode
    values, left = one_by_one(decode, declared.read_inside, [raw or _NULL for raw in sent])
    return [declared.empty if value is None else value for value in values], left


def _tree_of(paths: Iterable[str]) -> Tree:
    tree: Tree = {}
    for path in paths:
        *keys, last = path.split(".")
        reduce(lambda inside, key: inside.setdefault(key, {}), keys, tree)[last] = path  # type: ignore[arg-type, return-value]
    return tree


def _around(path: str) -> tuple[bytes, bytes]:
    """Return what stands before and behind a value that is all there is of its item."""
    keys = path.split(".")
    return b"".join(b"{%b:" % msgspec.json.encode(key) for key in keys), b"}" * len(keys)


def _in_order(item: Raw, tree: Tree, texts: Mapping[str, bytes]) -> bytes | None:
    """Return the JSON of these parts of an item, by path, in the order in which it holds them; None if it has none."""
    members = []
    for key, raw in raw_fields.decode(item).items():
        below = tree.get(key, {})
        text = texts.get(below) if isinstance(below, str) else _in_order(raw, below, texts) if below else None
        if text is not None:
            members.append(b"%b:%b" % (msgspec.json.encode(key), text))
    return b"{%b}" % b",".join(members) if members else None
