"""Posts into files for people: what a spreadsheet would run as a formula is made harmless."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

# What spreadsheets take for the start of a formula, full-width forms included.
_FORMULA = re.compile("^(?=[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20])")
_NUMERIC = "biufcmM"


def to_csv(posts: pd.DataFrame, path: str | Path) -> None:
    """Write a CSV file in which no text starts like a formula; numbers are left as they are.

    Lines end as RFC 4180 wants it: only then a carriage return inside a text is kept from starting a new line.
    """
    safe = posts.rename(columns=_harmless)
    for place, name in enumerate(safe.columns):
        column = posts.iloc[:, place]
        if column.dtype.kind not in _NUMERIC:
            safe[name] = column.astype("object").map(_harmless)
    safe.to_csv(path, index=False, lineterminator="\r\n")


def _harmless(value: object) -> object:
    return _FORMULA.sub("'", value) if isinstance(value, str) else value
