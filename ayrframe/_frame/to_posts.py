"""The posts frame → the posts as the API sends them: the way back through the decoder."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from ayrframe._frame.platform_rows import platform_mask, platforms_in
from ayrframe._frame.to_arrow import to_arrow
from ayrframe._platforms.columns import EXTRA, sent_by
from ayrframe._platforms.spec import NESTED, Column, Kind, Platform

PostDict = Any


def to_posts(posts: pd.DataFrame) -> list[PostDict]:
    """Return the posts as they came, in the order of the rows."""
    found: list[PostDict] = [{} for _ in range(len(posts))]
    for platform in platforms_in(posts):
        rows = np.flatnonzero(platform_mask(platform, posts))
        for row, post in zip(rows, _platform_posts(posts, platform, rows), strict=True):
            found[row] = post
    return found


def _platform_posts(posts: pd.DataFrame, platform: Platform, rows: np.ndarray) -> list[PostDict]:
    sent = [column for column in sent_by(platform) if column.name in posts.columns]
    values = {column.name: _column_values(posts, column, rows) for column in sent}
    for column in sent:
        if column.fills in values:
            values[column.fills] = [
                None if common == own else common
                for common, own in zip(values[column.fills], values[column.name], strict=True)
            ]
    found: list[dict[str, Any]] = [{} for _ in rows]
    for column in sent:
        *parents, key = column.path.split(".")
        for post, value in zip(found, values[column.name], strict=True):
            if value is not None:
                inside = post
                for parent in parents:
                    inside = inside.setdefault(parent, {})
                inside[key] = value
    if EXTRA.name not in posts.columns:
        return found
    return [_merge_extra(post, left) for post, left in zip(found, _column_values(posts, EXTRA, rows), strict=True)]


def _column_values(posts: pd.DataFrame, column: Column, rows: np.ndarray) -> list[Any]:
    values = to_arrow(posts, column, rows).to_pylist()
    convert = _CELL_CONVERTERS.get(column.kind)
    if column is EXTRA:
        return [_EMPTY_EXTRA if text is None else parse_cell(text) for text in values]
    return [value if value is None else convert(value) for value in values] if convert else values


def parse_cell(text: str) -> Any:
    """Return the value of a JSON cell; a number beyond every float stays a text."""
    return json.loads(text, parse_float=_parse_finite_float, parse_constant=str)


def _parse_finite_float(token: str) -> float | str:
    value = float(token)
    return value if math.isfinite(value) else token


def _format_time(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"


_EMPTY_EXTRA: dict[str, Any] = {}
_CELL_CONVERTERS: dict[Kind, Callable[[Any], Any]] = {Kind.TIME: _format_time, **dict.fromkeys(NESTED, parse_cell)}


def _merge_extra(post: dict[str, Any], left: Any) -> PostDict:
    """Put what was left over back in its place; an item that was no object is what was left over."""
    if not isinstance(left, dict):
        return left
    for key, value in left.items():
        below = post.get(key)
        post[key] = _merge_extra(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return post
