"""Write posts to a CSV file in which no text is read as a formula."""

from __future__ import annotations

from numbers import Number
from pathlib import Path

import pandas as pd

from ayrframe._export.atomic_write import atomic_write
from ayrframe._export.privacy import drop_people
from ayrframe._export.sanitize import neutralize_formula

_SAFE_DTYPE_KINDS = "biufcmM"  # booleans, numbers and times


def to_csv(posts: pd.DataFrame, path: str | Path, *, people: bool = False) -> None:
    """Write a CSV file in which no text is read as a formula; numbers are unchanged.

    Lines end with CRLF, as in RFC 4180: otherwise a carriage return inside a text would start a new line.
    """
    posts = (posts if people else drop_people(posts)).reset_index(drop=True)
    columns = [
        column if column.dtype.kind in _SAFE_DTYPE_KINDS else column.astype("object").map(_neutralize_value)
        for _, column in posts.items()
    ]
    safe = pd.concat(columns, axis=1)
    safe.columns = pd.Index([_neutralize_value(name) for name in posts.columns], dtype="object")
    with atomic_write(path) as file:
        safe.to_csv(file, index=False, lineterminator="\r\n")


def _neutralize_value(value: object) -> object:
    """Neutralize a text; other objects become neutralized text if their text could be read as a formula."""
    if value is None or value is pd.NA or value is pd.NaT or isinstance(value, Number):
        return value
    text = value if isinstance(value, str) else str(value)
    neutral = neutralize_formula(text)
    return value if neutral == text else neutral
