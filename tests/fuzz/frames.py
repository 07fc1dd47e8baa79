"""Compare posts frames with the model and with each other."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import NESTED, Kind, Platform
from tests.fuzz.model import Row, columns_and_dtypes, expected_row, microseconds
from tests.fuzz.observe import Finding
from tests.fuzz.text import Constant, Number, clean, read

_NESTED_COLUMNS = {
    column.name for platform in PLATFORMS.values() for column in platform.columns if column.kind in NESTED
}


def check_shape(frame: pd.DataFrame, platforms: Sequence[Platform], rows: int | None) -> None:
    """Check the number of rows, the index, and that columns and dtypes depend on the platforms only."""
    if rows is not None and len(frame) != rows:
        raise Finding("rows", f"{rows} items, {len(frame)} rows")
    if not frame.index.equals(pd.RangeIndex(len(frame))):
        raise Finding("rows", f"index {frame.index!r}")
    found = [(str(name), str(dtype)) for name, dtype in frame.dtypes.items()]
    expected = columns_and_dtypes(platforms)
    if found != expected:
        differing = [pair for pair in zip(expected, found, strict=False) if pair[0] != pair[1]]
        raise Finding("dtypes", f"{len(found)} columns, expected {len(expected)}, first difference {differing[:1]}")


def column_values(values: pd.Series) -> list[Any]:
    """Return the values of a column as Python objects, times as microseconds, missing ones as None."""
    if not values.notna().any():
        return [None] * len(values)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        numbers = values.to_numpy(dtype="datetime64[us]").astype("int64").tolist()
        return [None if missing else number for number, missing in zip(numbers, values.isna(), strict=True)]
    objects = values.to_numpy(dtype=object).tolist()
    return [None if missing else value for value, missing in zip(objects, values.isna(), strict=True)]


def check_cells(frame: pd.DataFrame, items: Sequence[tuple[Platform, Any]], as_of: int) -> None:
    """Compare each cell of the declared columns, `as_of` and `extra` with the model of its item."""
    rows = [expected_row(platform, item) for platform, item in items]
    names = {column.name: column.kind for platform, _ in items for column in sent_by(platform)}
    expected: dict[str, list[Any]] = {name: [None] * len(rows) for name in (*names, "as_of", "extra")}
    expected["as_of"] = [as_of] * len(rows)
    for number, (cells, extra) in enumerate(rows):
        expected["extra"][number] = extra
        for name, value in cells.items():
            expected[name][number] = value
    for name, values in expected.items():
        found = column_values(frame[name])
        if found != values and not same_json(found, values, names.get(name, Kind.TEXT)):
            _report_cell(name, names.get(name, Kind.TEXT), found, values, rows)
    if column_values(frame["platform"]) != [platform.name for platform, _ in items]:
        raise Finding("cells", f"platform is {frame['platform'].tolist()[:5]}")


def _report_cell(name: str, kind: Kind, found: list[Any], expected: list[Any], rows: Sequence[Row]) -> None:
    pairs = zip(found, expected, strict=True)
    number = next(n for n, pair in enumerate(pairs) if pair[0] != pair[1] and not same_json(pair[:1], pair[1:], kind))
    details = f"row {number} of {len(rows)}, column {name!r}: found {found[number]!r}, expected {expected[number]!r}"
    if name == "extra":
        is_equal = found[number] is not None and expected[number] is not None
        if is_equal and json.loads(found[number]) == json.loads(expected[number]):
            raise Finding("canonical form", details)
    raise Finding("ids" if name == "id" else "extra" if name == "extra" else "cells", details)


def check_equal(
    what: str, base: pd.DataFrame, other: pd.DataFrame, without: Sequence[str] = (), *, name: str = "ways in"
) -> None:
    """Check that a frame has the rows, columns, dtypes and values of another; some columns may differ.

    `name` is the property; in a round trip, the keys of `extra` may be in another order.
    """
    if len(base) != len(other):
        raise Finding(name, f"{what}: {len(other)} rows, expected {len(base)}")
    if not base.dtypes.equals(other.dtypes):
        raise Finding(name, f"{what}: other columns or dtypes: {base.dtypes.compare(other.dtypes)}")
    for column in base.columns:
        if column not in without and not base[column].equals(other[column].set_axis(base.index)):
            is_nested = column in _NESTED_COLUMNS or (column == "extra" and name == "round trip")
            if is_nested and same_json(column_values(base[column]), column_values(other[column])):
                continue
            pairs = zip(column_values(base[column]), column_values(other[column]), strict=True)
            number, pair = next((number, pair) for number, pair in enumerate(pairs) if pair[0] != pair[1])
            raise Finding(name, f"{what}: row {number}, column {column!r}: {pair[1]!r}, expected {pair[0]!r}")


def same_json(base: Sequence[Any], other: Sequence[Any], kind: Kind = Kind.MAPPING) -> bool:
    """Return whether cells are equal, or if they are nested, equal JSON.

    Nested text that is compact and has no escapes is kept as it was sent, with its spelling of numbers.
    """
    if kind not in NESTED:
        return list(base) == list(other)
    return all(
        left == right or (left is not None and right is not None and _parse(left) == _parse(right))
        for left, right in zip(base, other, strict=True)
    )


def _parse(text: str) -> Any:
    return json.loads(text, parse_float=lambda token: number if math.isfinite(number := float(token)) else None)


def check_restored(platform: Platform, item: Any, restored: Any) -> None:
    """Check that a restored post has every value of its source, and no others."""
    aliases = {column.fills: column.path for column in platform.columns if column.fills}
    repeated = {
        path: item.get(aliases[name])
        for name, path in (("post", "post"), ("post_url", "postUrl"), ("created", "created"))
        if isinstance(item, dict) and name in aliases
    }
    if isinstance(item, dict) and isinstance(restored, dict):
        absent = {key for key, value in repeated.items() if key not in restored and _is_repeated(item.get(key), value)}
        item = {key: value for key, value in item.items() if key not in absent}
    if not _is_same(item, restored):
        raise Finding("lost", f"source {_short(item)}, restored {_short(restored)}")


def _is_repeated(value: Any, other: Any) -> bool:
    """Return whether a common field has the value of the field of the platform that fills it."""
    return _is_same(value, other) or _is_same(other, value)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, Constant) and value == "NaN")


def _is_same(source: Any, result: Any) -> bool:
    if isinstance(source, dict):
        if not isinstance(result, dict) or not result.keys() <= source.keys():
            return False
        return all(
            _is_same(value, result[key]) if key in result else _is_missing(value) for key, value in source.items()
        )
    if isinstance(source, list):
        return isinstance(result, list) and len(source) == len(result) and all(map(_is_same, source, result))
    if isinstance(source, Constant):
        return result is None or result == source
    if isinstance(source, Number):
        return _is_same_number(source, result)
    if isinstance(source, str):
        text = clean(source)
        if text == result or (
            isinstance(result, str) and (time := microseconds(text)) is not None and time == microseconds(result)
        ):
            return True
        return (
            isinstance(result, int)
            and not isinstance(result, bool)
            and text.lstrip("-").isdecimal()
            and int(text) == result
        )
    return source is result


def _is_same_number(source: Number, result: Any) -> bool:
    if isinstance(result, bool):
        return False
    if isinstance(result, str):
        return result == source
    if isinstance(result, int):
        return int(source) == result if source.lstrip("-").isdigit() else float(source) == float(result)
    return float(source) in (float("inf"), float("-inf")) if result is None else float(source) == result


def _short(value: Any) -> str:
    return repr(value)[:700]


def parse_posts(body: bytes) -> list[Any]:
    """Return the items of `posts` of an envelope, parsed with the standard library."""
    items: list[Any] = read(body.decode("utf-8", "surrogatepass"))["posts"]
    return items
