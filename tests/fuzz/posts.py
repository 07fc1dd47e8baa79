"""Posts and accounts of any platform from the names and kinds of its declaration, valid, nearly valid and hostile."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import NamedTuple

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Column, Field, Kind, Platform
from tests.fuzz.text import Array, Node, Object, quoted
from tests.fuzz.values import Scalars

_KEYS = [
    "brandNew", "id", "x", "a.b", "", ".", "é", "status", "code", "message", "total", "like", "lastUpdated",
    "platform", "publicMetrics", "analytics.x", "likeCount", "like_count", "as_of", "extra", "in_viewer",
    "field_0", "__class__", "ключ",
]  # fmt: skip
_ESCAPED_KEYS = [r'"\u0069d"', r'"\ud800"', r'"\u0000"', r'"a\"b"', r'"\\"', r'"\n"', r'"post\u0055rl"']


class Declared(NamedTuple):
    """A declared field: the keys of its path, kind, fields inside, and known values."""

    keys: tuple[str, ...]
    kind: Kind
    inner: tuple[Field, ...]
    values: tuple[str, ...]


@cache
def declared_fields(platform: Platform) -> tuple[Declared, ...]:
    """Return the fields of the posts of a platform, or of its accounts."""
    return tuple(map(_declared, sent_by(platform)))


def _declared(field: Column | Field) -> Declared:
    return Declared(tuple(field.path.split(".")) if field.path else (), field.kind, field.inner, field.values)


class PostGrammar:
    """Writes posts of a platform; `hostility` is the probability that a node is changed."""

    def __init__(self, rng: Random, platform: Platform, hostility: float, allowed: frozenset[str]) -> None:
        self.rng, self.hostility = rng, hostility
        self.scalars = Scalars(rng, allowed)
        self._fields = declared_fields(platform)
        self.allowed = allowed
        self._density = rng.choice((2, 5, 9, 15)) / len(self._fields)
        self.space = rng.choice(("", "", "", " ", "\n  ", "\t")) if "space" in allowed else ""

    def item(self) -> Node:
        """Return an item of a list of posts; with hostility, sometimes not an object."""
        if self.rng.random() < self.hostility / 20:
            return self.value(2)
        return self.post()

    def post(self) -> Object:
        """Return a post with some of the declared fields."""
        rng = self.rng
        chosen = [field for field in self._fields if rng.random() < self._density]
        if rng.random() < 0.8:
            chosen.insert(0, self._fields[0])
        if rng.random() < self.hostility:
            rng.shuffle(chosen)
        return self._hostile_object(self._nest([(field.keys, self.declared(field)) for field in chosen]), 2)

    def declared(self, field: Declared) -> Node:
        """Return a value of a declared field, near misses and other types included."""
        rng = self.rng
        if rng.random() < self.hostility:
            draw = rng.random()
            if draw < 0.5:
                return self.scalars.near_miss(field.kind)
            return self.value(2) if draw < 0.8 else rng.choice(("null", "{}", "[]", '""'))
        if field.values and rng.random() < 0.9:
            return quoted(rng.choice(field.values))
        if field.kind is Kind.LIST:
            return Array([self._element(field.inner) for _ in range(rng.choice((0, 1, 1, 2, 3)))], self.space)
        if field.kind is Kind.MAPPING:
            return self._mapping(field.inner)
        return self.scalars.valid(field.kind)

    def value(self, depth: int) -> Node:
        """Return any JSON value."""
        rng = self.rng
        draw = rng.random()
        if depth == 0 or draw < 0.6:
            return self.scalars.any()
        if draw < 0.8:
            return Array([self.value(depth - 1) for _ in range(rng.randrange(4))], self.space)
        return self._any_object(depth)

    def _any_object(self, depth: int) -> Object:
        rng = self.rng
        return Object([(self.key(), self.value(depth - 1)) for _ in range(rng.randrange(4))], self.space)

    def key(self) -> str:
        """Return a key as JSON."""
        rng = self.rng
        if rng.random() < 0.1 and "escape" in self.allowed:
            return rng.choice(_ESCAPED_KEYS)
        if rng.random() < 0.3:
            return quoted(rng.choice(rng.choice(self._fields).keys))
        return quoted(rng.choice(_KEYS))

    def _element(self, inner: Sequence[Field]) -> Node:
        if self.rng.random() < self.hostility:
            return self.value(2)
        if not inner:
            return self._any_object(1)
        if inner[0].path == "":
            return self.scalars.valid(inner[0].kind)
        return self._inner_object(inner)

    def _inner_object(self, inner: Sequence[Field]) -> Object:
        fields = [_declared(field) for field in inner if self.rng.random() < 0.6]
        return self._hostile_object(self._nest([(field.keys, self.declared(field)) for field in fields]), 1)

    def _mapping(self, inner: Sequence[Field]) -> Object:
        rng = self.rng
        if inner and rng.random() < 0.8:
            return self._inner_object(inner)
        return Object([(self.key(), self.scalars.integer()) for _ in range(rng.randrange(4))], self.space)

    def _nest(self, fields: Sequence[tuple[tuple[str, ...], Node]]) -> Object:
        """Return an object with values at paths."""
        root = Object(space=self.space)
        parents: dict[tuple[str, ...], Object] = {(): root}
        for keys, value in fields:
            for depth in range(1, len(keys)):
                if keys[:depth] not in parents:
                    parents[keys[:depth]] = Object(space=self.space)
                    parents[keys[: depth - 1]].members.append((quoted(keys[depth - 1]), parents[keys[:depth]]))
            parents[keys[:-1]].members.append((quoted(keys[-1]), value))
        return root

    def _hostile_object(self, node: Object, depth: int) -> Object:
        """Insert undeclared fields and duplicate keys into an object and its objects, replace some by other values."""
        rng, hostility = self.rng, self.hostility
        if rng.random() < hostility:
            node.members.insert(rng.randrange(len(node.members) + 1), (self.key(), self.value(2)))
        if rng.random() < hostility / 4 and node.members:
            key, value = rng.choice(node.members)
            node.members.append((key, value if rng.random() < 0.3 else self.value(1)))
        for position, (key, value) in enumerate(node.members):
            if isinstance(value, Object) and depth:
                if rng.random() < hostility / 2:
                    node.members[position] = (key, self.value(1))
                else:
                    self._hostile_object(value, depth - 1)
        return node
