"""What a posts frame must contain, computed from the parsed source by the rules of the documentation.

Of ayrframe, only the declarations are used: names, paths and kinds.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Column, Kind, Platform
from tests.fuzz.text import Constant, Number, clean

DTYPES = {
    Kind.ID: "str",
    Kind.TEXT: "str",
    Kind.INTEGER: "Int64",
    Kind.QUOTED_INTEGER: "Int64",
    Kind.FLOAT: "float64",
    Kind.BOOLEAN: "boolean",
    Kind.TIME: "datetime64[us, UTC]",
    Kind.LIST: "str",
    Kind.MAPPING: "str",
}
LEADING = ("platform", "profile", "id", "created", "post", "post_url")
TRAILING = ("as_of", "read_at", "listed_from", "analytics_as_of", "analytics_error", "extra")
_TIMES = {"created", "as_of", "read_at", "listed_from", "analytics_as_of"}
_WHOLE = re.compile("-?[0-9]+")
_SHORT_DIGITS = re.compile("-?[0-9]{1,18}")
_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999  # Years 1 to 9999 in UTC.
_MISSING = object()


def columns_and_dtypes(platforms: Sequence[Platform]) -> list[tuple[str, str]]:
    """Return the columns of a posts frame of some platforms, in order, with their dtypes."""
    own = {column.name: DTYPES[column.kind] for platform in platforms for column in platform.columns}
    common = {name: DTYPES[Kind.TIME if name in _TIMES else Kind.TEXT] for name in (*LEADING, *TRAILING)}
    middle = [(name, dtype) for name, dtype in own.items() if name not in common]
    return [*((name, common[name]) for name in LEADING), *middle, *((name, common[name]) for name in TRAILING)]


def microseconds(text: Any) -> int | None:
    """Return a time as microseconds since 1970; None if it is not a time of a response."""
    match = _TIME.fullmatch(text) if type(text) is str else None
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    zone = match[8]
    hours, minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[-2:]))
    if hour > 23 or minute > 59 or second > 59 or hours > 23 or minutes > 59:
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
    offset = (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)
    seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second
    result = seconds * 1_000_000 + int((match[7] or "0").ljust(6, "0")[:6])
    return result if _FIRST <= result <= _LAST else None


def whole(token: str) -> int | None:
    """Return the integer of 64 bits that a number is; None if it is another number."""
    match = _NUMBER.fullmatch(token)
    if match is None:
        return None
    sign, digits, fraction, exponent = match.groups()
    if not (digits + (fraction or "")).strip("0"):
        return 0
    power = int(exponent or 0)
    if abs(power) > 9999:
        return None
    value = Fraction(int(digits + (fraction or ""))) * Fraction(10) ** (power - len(fraction or ""))
    number = int(value) * (-1 if sign else 1)
    return number if value.denominator == 1 and -(2**63) <= number < 2**63 else None


def cell(kind: Kind, value: Any) -> Any:
    """Return what a cell of this kind contains for a value that is not null; _MISSING if the value does not fit."""
    is_number, is_text = type(value) is Number, type(value) is str
    if kind is Kind.ID:
        return str(value) if is_text or (is_number and _WHOLE.fullmatch(value)) else _MISSING
    if kind is Kind.TEXT:
        return value if is_text else _MISSING
    if kind in (Kind.INTEGER, Kind.QUOTED_INTEGER):
        number = whole(value) if is_number else None
        if is_text and _SHORT_DIGITS.fullmatch(value):
            number = int(value)
        return _MISSING if number is None else number
    if kind is Kind.FLOAT:
        if not is_number or not math.isfinite(float(value)):
            return _MISSING
        return _MISSING if _WHOLE.fullmatch(value) and int(float(value)) != int(value) else float(value)
    if kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else _MISSING
    if kind is Kind.TIME:
        time = microseconds(value)
        return _MISSING if time is None else time
    expected = list if kind is Kind.LIST else dict
    return canonical(value) if isinstance(value, expected) else _MISSING


def canonical(value: Any) -> str:
    """Return a nested value in the form of its cell; numbers that JSON or floats cannot hold are null."""
    if isinstance(value, dict):
        return "{" + ",".join([f"{_text(key)}:{canonical(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([canonical(item) for item in value]) + "]"
    if isinstance(value, Constant):
        return "null"
    if isinstance(value, Number):
        if _WHOLE.fullmatch(value):
            return "0" if value == "-0" else str(value)
        number = float(value)
        return repr(number) if math.isfinite(number) else "null"
    return _text(clean(value)) if isinstance(value, str) else {None: "null", True: "true", False: "false"}[value]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def extra_value(value: Any) -> str:
    """Return the JSON of a value in `extra`: numbers beyond every float are texts."""
    if isinstance(value, Constant):
        return "null" if value == "NaN" else f'"{value}"'
    if isinstance(value, Number) and not _WHOLE.fullmatch(value) and math.isinf(float(value)):
        return f'"{value}"'
    return canonical(value)


class Row(NamedTuple):
    """The cells of a post that are not missing, by column, and its `extra`."""

    cells: dict[str, Any]
    extra: str | None


Tree = dict[str, "Column | Tree"]


@cache
def _tree(platform: Platform) -> Tree:
    root: Tree = {}
    for column in sent_by(platform):
        *parents, key = column.path.split(".")
        inside = root
        for parent in parents:
            inside = inside.setdefault(parent, {})  # type: ignore[assignment]
        inside[key] = column
    return root


def expected_row(platform: Platform, item: Any) -> Row:
    """Return the row of an item of `posts`, without the columns that describe the response."""
    if not isinstance(item, dict):
        return Row({}, extra_value(clean(item) if type(item) is str else item))
    cells: dict[str, Any] = {}
    rest = _read_object(_tree(platform), item, cells)
    own = item.get("lastUpdated")
    if not any(column.path == "lastUpdated" for column in platform.columns) and not platform.is_account:
        time = microseconds(own)
        cells |= {} if time is None else {"as_of": time}
    for column in platform.columns:
        if column.fills and column.name in cells:
            cells.setdefault(column.fills, cells[column.name])
    return Row(cells, "{" + ",".join(rest) + "}" if rest else None)


def _read_object(tree: Tree, fields: dict[str, Any], cells: dict[str, Any]) -> list[str]:
    """Add the valid values of an object to the cells, and return the members that `extra` keeps."""
    rest = []
    for key, value in fields.items():
        declared = tree.get(key)
        if isinstance(declared, dict):
            kept = _read_parent(declared, value, cells)
        elif declared is None:
            kept = extra_value(value)
        elif value is None or (isinstance(value, Constant) and value == "NaN"):
            continue
        else:
            converted = cell(declared.kind, value)
            if converted is not _MISSING:
                cells[declared.name] = converted
                continue
            kept = extra_value(value)
        if kept:
            rest.append(f"{_text(key)}:{kept}")
    return rest


def _read_parent(tree: Tree, value: Any, cells: dict[str, Any]) -> str:
    """Return what `extra` keeps of an object with declared fields: all of it if no field has a valid value."""
    if value is None or (isinstance(value, Constant) and value == "NaN"):
        return ""
    if not isinstance(value, dict):
        return extra_value(value)
    count = len(cells)
    rest = _read_object(tree, value, cells)
    if rest:
        return "{" + ",".join(rest) + "}"
    return "" if len(cells) > count else canonical(value)
