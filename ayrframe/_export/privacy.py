"""What in a posts frame holds people, by the declarations, and the same frame without it."""

from __future__ import annotations

import msgspec
import pandas as pd

from ayrframe._decode.json import JSON_ERRORS, list_decoder, object_decoder
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import EXTRA
from ayrframe._platforms.spec import Role

_DECLARED = [(one, column) for one in PLATFORMS.values() for column in one.columns if column.role is Role.PEOPLE]
_COLUMNS = frozenset(column.name for _, column in _DECLARED)
_PATHS = frozenset(column.path for _, column in _DECLARED)
_TABLES = {
    expansion.table.name: expansion.table
    for platform in PLATFORMS.values()
    for expansion in platform.expansions
    if expansion.source in _COLUMNS
}

PEOPLE_TABLES = frozenset(_TABLES)


def people_columns(posts: pd.DataFrame) -> set[str]:
    """Return the columns that hold people: those declared so, and a child table of people that was merged in."""
    here = set(posts.columns)
    found = here & _COLUMNS
    for table in _TABLES.values():
        cells = {cell.name for cell in table.cells}
        found |= cells if cells <= here else set()
    return found


def drop_people_from_extra(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the posts without the fields of people that were of a wrong type and landed in `extra`."""
    posts = posts.copy(deep=False)
    for place, name in enumerate(posts.columns):
        if name != EXTRA.name:
            continue
        cells = posts.iloc[:, place]
        cleaned = cells.astype("object").map(lambda cell: _without_people(cell) if isinstance(cell, str) else cell)
        posts.isetitem(
            place, (cleaned.astype(cells.dtype) if isinstance(cells.dtype, pd.StringDtype) else cleaned).array
        )
    return posts


def drop_people(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the posts without any column or leftover that holds people."""
    return drop_people_from_extra(posts).loc[:, ~posts.columns.isin(people_columns(posts))]


def _without_people(text: str) -> str | None:
    """Return one cell of `extra`, or None where nothing is left or its people cannot be told from the rest."""
    if "\\" not in text and not any(path.rpartition(".")[2] in text for path in _PATHS):
        return text
    try:
        kept = _kept(text.encode(errors="replace"), "").decode()
    except JSON_ERRORS:
        return None
    return None if kept == "{}" else kept


def _kept(value: bytes, path: str) -> bytes:
    """Return a JSON value without the fields of people, at any depth; every other token stays as it is."""
    value = value.strip()
    if value[:1] == b"{":
        fields = {f"{path}.{key}": (key, bytes(inner)) for key, inner in object_decoder.decode(value).items()}
        kept = [
            msgspec.json.encode(key) + b":" + _kept(inner, place)
            for place, (key, inner) in fields.items()
            if not any(place.endswith(f".{one}") for one in _PATHS)
        ]
        return b"{" + b",".join(kept) + b"}"
    if value[:1] == b"[":
        return b"[" + b",".join(_kept(bytes(inner), path) for inner in list_decoder.decode(value)) + b"]"
    return value
