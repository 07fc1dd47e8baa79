"""Convert a posts frame back to posts as the API returns them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from ayrframe._frame.platform_rows import rows_by_platform
from ayrframe._frame.to_arrow import to_arrow
from ayrframe._platforms.columns import EXTRA, sent_by
from ayrframe._platforms.spec import NESTED, Column, Kind, Platform

PostDict = Any


def to_posts(posts: pd.DataFrame) -> list[PostDict]:
    """Return the posts as Python objects, in the order of the rows."""
    restored: list[PostDict] = [{} for _ in range(len(posts))]
    for platform, rows in rows_by_platform(posts):
        for row, post in zip(rows, _platform_posts(posts, platform, rows), strict=True):
            restored[row] = post
    return restored


def _platform_posts(posts: pd.DataFrame, platform: Platform, rows: np.ndarray) -> list[PostDict]:
    sent = [column for column in sent_by(platform) if column.name in posts.columns]
    values = {column.name: _column_values(posts, column, rows) for column in sent}
    for column in sent:
        if column.fills in values:
            values[column.fills] = [
                None if shared_value == platform_value else shared_value
                for shared_value, platform_value in zip(values[column.fills], values[column.name], strict=True)
            ]
    restored: list[dict[str, Any]] = [{} for _ in rows]
    for column in sent:
        *parents, key = column.path.split(".")
        for post, value in zip(restored, values[column.name], strict=True):
            if value is not None:
                parent_object = post
                for parent in parents:
                    parent_object = parent_object.setdefault(parent, {})
                parent_object[key] = value
    if EXTRA.name not in posts.columns:
        return restored
    extra = to_arrow(posts, EXTRA, rows).to_pylist()
    return [
        post if text is None else _merge_extra(post, parse_cell(text))
        for post, text in zip(restored, extra, strict=True)
    ]


def _column_values(posts: pd.DataFrame, column: Column, rows: np.ndarray) -> list[Any]:
    values = to_arrow(posts, column, rows).to_pylist()
    convert = _CELL_CONVERTERS.get(column.kind)
    return [value if value is None else convert(value) for value in values] if convert else values


def parse_cell(text: str) -> Any:
    """Return the value of a JSON cell; numbers that are too large for a float are None."""
    return json.loads(text, parse_float=_parse_finite_float)


def _parse_finite_float(token: str) -> float | None:
    value = float(token)
    return value if math.isfinite(value) else None


def _format_time(time: datetime) -> str:
    return time.replace(tzinfo=None).isoformat() + "Z"


_CELL_CONVERTERS: dict[Kind, Callable[[Any], Any]] = {Kind.TIME: _format_time, **dict.fromkeys(NESTED, parse_cell)}


def _merge_extra(post: dict[str, Any], extra: Any) -> PostDict:
    """Insert the fields of `extra` into a post; an item that was not an object is all in `extra`."""
    if not isinstance(extra, dict):
        return extra
    for key, value in extra.items():
        current = post.get(key)
        post[key] = _merge_extra(current, value) if isinstance(current, dict) and isinstance(value, dict) else value
    return post
