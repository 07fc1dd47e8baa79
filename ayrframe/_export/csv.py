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
    safe = pd.concat([_neutralize_column(posts.iloc[:, number]) for number in range(posts.shape[1])], axis=1)
    safe.columns = pd.Index([_neutralize_value(name) for name in posts.columns], dtype="object")
    with atomic_write(path) as file:
        safe.to_csv(file, index=False, lineterminator="\r\n")


def _neutralize_column(column: pd.Series) -> pd.Series:
    return column if column.dtype.kind in _SAFE_DTYPE_KINDS else column.astype("object").map(_neutralize_value)


def _neutralize_value(value: object) -> object:
    """Neutralize a text; other objects become neutralized text if their text could be read as a formula."""
    if isinstance(value, str):
        return neutralize_formula(value)
    if value is None or value is pd.NA or value is pd.NaT or isinstance(value, Number):
        return value
    text = str(value)
    return value if neutralize_formula(text) == text else neutralize_formula(text)
