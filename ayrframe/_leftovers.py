"""What stands in `extra`: each value with its API path and the reason why no column holds it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from msgspec import Raw

from ayrframe._decode import sent_by
from ayrframe._json import compact, raw_fields
from ayrframe.spec import Platform

UNDECLARED = "undeclared"
WRONG_TYPE = "wrong type"
NO_OBJECT = "not an object"


def leftovers(platform: Platform | None, extra: str) -> Iterator[tuple[str, str, str]]:
    """Yield field, value as JSON text, and reason, for everything in one cell of `extra`."""
    if extra.lstrip()[:1] != "{":
        yield "", extra, NO_OBJECT
        return
    declared, parents = _paths(platform) if platform else (frozenset(), frozenset())
    yield from _below("", raw_fields.decode(extra), declared, parents)


def is_undeclared(platform: Platform, extra: str) -> bool:
    """Tell by the outermost keys alone whether surely nothing in one cell of `extra` is declared."""
    return extra[:1] == "{" and _known(platform).isdisjoint(raw_fields.decode(extra))


def _below(
    prefix: str, fields: dict[str, Raw], declared: frozenset[str], parents: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    for key, raw in fields.items():
        path = prefix + key
        value = compact(raw)
        if path in parents and "." not in key:
            inside = raw_fields.decode(value) if value[:1] == b"{" else {}
            if inside:
                yield from _below(f"{path}.", inside, declared, parents)
            else:
                yield path, value.decode(), NO_OBJECT
        else:
            yield path, value.decode(), WRONG_TYPE if path in declared and "." not in key else UNDECLARED


@cache
def _paths(platform: Platform) -> tuple[frozenset[str], frozenset[str]]:
    """Return the declared paths of a platform, and those above them."""
    declared = frozenset(column.path for column in sent_by(platform))
    parts = [path.split(".") for path in declared]
    return declared, frozenset(".".join(path[:depth]) for path in parts for depth in range(1, len(path)))


@cache
def _known(platform: Platform) -> frozenset[str]:
    """Return the declared paths of a platform together with those above them."""
    return frozenset().union(*_paths(platform))
