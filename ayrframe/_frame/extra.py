"""Read the column `extra`: undeclared fields and invalid values, each with its API path and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Raw

from ayrframe._decode.json import compact_json, object_decoder
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Platform

UNDECLARED = "undeclared"
WRONG_TYPE = "wrong type"
NOT_AN_OBJECT = "not an object"


def iter_extra_fields(platform: Platform | None, extra: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, value as JSON text, and reason of each field in a cell of `extra`."""
    if extra.lstrip()[:1] != "{":
        yield "", extra, NOT_AN_OBJECT
        return
    declared, parents = _declared_paths(platform) if platform else (frozenset(), frozenset())
    yield from _iter_fields_below("", object_decoder.decode(extra), declared, parents)


def iter_invalid_values(platform: Platform, cells: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Yield cell position, path and value of the declared fields in cells of `extra` that have an invalid value."""
    declared = {path.partition(".")[0] for path in _declared_paths(platform)[0]}
    for position, extra in enumerate(cells):
        # Most cells have undeclared fields only; a look at their top-level keys takes a sixth of the time.
        if extra[:1] != "{" or not declared.isdisjoint(object_decoder.decode(extra)):
            for path, value, reason in iter_extra_fields(platform, extra):
                if reason != UNDECLARED:
                    yield position, path, value


def _iter_fields_below(
    prefix: str, fields: dict[str, Raw], declared: frozenset[str], parents: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    for key, raw in fields.items():
        path, value = prefix + key, compact_json(raw)
        is_parent, is_declared = ("." not in key and path in paths for paths in (parents, declared))
        if is_parent and value[:1] == b"{" and value != b"{}":
            yield from _iter_fields_below(f"{path}.", object_decoder.decode(value), declared, parents)
        else:
            yield path, value.decode(), NOT_AN_OBJECT if is_parent else WRONG_TYPE if is_declared else UNDECLARED


@cache
def _declared_paths(platform: Platform) -> tuple[frozenset[str], frozenset[str]]:
    """Return the declared paths of a platform, and the paths of their parent objects."""
    declared = frozenset(column.path for column in sent_by(platform))
    keys = [path.split(".") for path in declared]
    return declared, frozenset(".".join(path[:depth]) for path in keys for depth in range(1, len(path)))
