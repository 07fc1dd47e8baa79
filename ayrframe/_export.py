"""Posts into files for people: what a spreadsheet would run as a formula is made harmless."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

# What spreadsheets take for the start of a formula, full-width forms included.
_FORMULA = r"^(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])"


def to_csv(posts: pd.DataFrame, path: str | Path) -> None:
    """Write a CSV file in which no text starts like a formula; numbers are left as they are."""
    safe = posts.copy()
    for name in map(str, posts.select_dtypes("str").columns):
        safe[name] = posts[name].str.replace(_FORMULA, "'", regex=True)
    safe.to_csv(path, index=False)
