"""Find and remove the columns, fields and child tables of a posts frame that contain data about people."""

from __future__ import annotations

import msgspec
import pandas as pd

from ayrframe._decode.json import JSON_ERRORS, list_decoder, object_decoder
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import EXTRA
from ayrframe._platforms.spec import Role

_PEOPLE_COLUMNS = [
    column for platform in PLATFORMS.values() for column in platform.columns if column.role is Role.PEOPLE
]
_PEOPLE_COLUMN_NAMES = frozenset(column.name for column in _PEOPLE_COLUMNS)
_PEOPLE_PATHS = tuple(f".{column.path}" for column in _PEOPLE_COLUMNS)
_PEOPLE_TABLES = {
    expansion.table.name: expansion.table
    for platform in PLATFORMS.values()
    for expansion in platform.expansions
    if expansion.source in _PEOPLE_COLUMN_NAMES
}

PEOPLE_TABLE_NAMES = frozenset(_PEOPLE_TABLES)


def people_columns(posts: pd.DataFrame) -> set[str]:
    """Return the columns with people: those declared so, and those of a child table of people that was merged in."""
    columns = set(posts.columns)
    people = columns & _PEOPLE_COLUMN_NAMES
    for table in _PEOPLE_TABLES.values():
        cells = {cell.name for cell in table.cells}
        people |= cells if cells <= columns else set()
    return people


def drop_people_from_extra(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the posts without the fields of people in `extra`, which is where values of a wrong type are stored."""
    posts = posts.copy(deep=False)
    for number, name in enumerate(posts.columns):
        if name != EXTRA.name:
            continue
        column = posts.iloc[:, number]
        cleaned = column.astype("object").map(lambda cell: _clean_extra(cell) if isinstance(cell, str) else cell)
        if isinstance(column.dtype, pd.StringDtype):
            cleaned = cleaned.astype(column.dtype)
        posts.isetitem(number, cleaned.array)
    return posts


def drop_people(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the posts without columns of people, and without fields of people in `extra`."""
    return drop_people_from_extra(posts).loc[:, ~posts.columns.isin(people_columns(posts))]


def _clean_extra(text: str) -> str | None:
    """Return one cell of `extra` without people; None if nothing remains or the JSON is invalid."""
    if "\\" not in text and not any(path.rpartition(".")[2] in text for path in _PEOPLE_PATHS):
        return text
    try:
        cleaned = _remove_people(text.encode(errors="replace"), "").decode()
    except JSON_ERRORS:
        return None
    return None if cleaned == "{}" else cleaned


def _remove_people(value: bytes, path: str) -> bytes:
    """Return a JSON value without the fields of people, at any depth; all other tokens are unchanged."""
    value = value.strip()
    if value[:1] == b"{":
        remaining = [
            msgspec.json.encode(key) + b":" + _remove_people(bytes(field), f"{path}.{key}")
            for key, field in object_decoder.decode(value).items()
            if not f"{path}.{key}".endswith(_PEOPLE_PATHS)
        ]
        return b"{" + b",".join(remaining) + b"}"
    if value[:1] == b"[":
        return b"[" + b",".join(_remove_people(bytes(item), path) for item in list_decoder.decode(value)) + b"]"
    return value
