"""Write posts to an Excel workbook: summary, posts, child tables, coverage and definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

import pandas as pd

from ayrframe._expansions.expand import expand, expansion_names
from ayrframe._export.atomic_write import atomic_write
from ayrframe._export.cells import to_cells
from ayrframe._export.definitions import definitions
from ayrframe._export.privacy import PEOPLE_TABLE_NAMES, drop_people_from_extra, people_columns
from ayrframe._export.sanitize import MAX_CELL_LENGTH
from ayrframe._export.sheet import MAX_COLUMNS, MAX_ROWS, SheetWriter
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.coverage import coverage
from ayrframe._metrics.periods import to_timezone
from ayrframe._metrics.summary import summary
from ayrframe.errors import quote, warn_user

_POSTS_SHEET = "Posts"
# Cells in memory cost about 200 bytes each. Larger workbooks are written to disk row by row, at a price: openpyxl does
# not undo the escape of texts such as _x0041_ there.
_MAX_CELLS_IN_MEMORY = 1_000_000


def to_excel(posts: pd.DataFrame, path: str | Path, *, tz: TimeZone | None = None, people: bool = False) -> None:
    """Write a workbook atomically."""
    try:
        import xlsxwriter  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError("Excel files require XlsxWriter. Install it with: pip install 'ayrframe[excel]'") from error
    zone = to_timezone(tz)
    if Path(path).suffix.lower() != ".xlsx":
        raise ValueError(f"Cannot write {quote(Path(path).name)}: the file name must end in .xlsx.")
    _check_size(_POSTS_SHEET, posts)
    tables = _sheet_tables(posts, tz, people=people)
    for name, table in tables.items():
        _check_size(name, table)
    with atomic_write(path) as file:
        truncated = _write_workbook(xlsxwriter, file, tables, zone)
    if truncated:
        counts = ", ".join(f"{count} in {column}" for column, count in truncated.items())
        warn_user(
            f"Shortened {truncated.total()} cell(s) to {MAX_CELL_LENGTH:,} characters, the limit of Excel: {counts}. "
            "Each ends with a note of its full length; `posts.to_parquet(path)` writes complete texts."
        )


def _sheet_tables(posts: pd.DataFrame, tz: TimeZone | None, *, people: bool) -> dict[str, pd.DataFrame]:
    """Return the table of each sheet, in the order of the sheets."""
    left_out = set() if people else people_columns(posts)
    # The other sheets need all columns, since the columns identify the platform of a frame without rows.
    unique = posts.loc[:, ~posts.columns.duplicated()]
    if not people:
        posts, unique = drop_people_from_extra(posts), drop_people_from_extra(unique)
    child_tables = [name for name in expansion_names(unique) if people or name not in PEOPLE_TABLE_NAMES]
    return {
        "Summary": summary(unique, tz=tz),
        _POSTS_SHEET: posts.loc[:, ~posts.columns.isin(left_out)],
        **{name: expand(unique, name) for name in child_tables},
        "Coverage": coverage(unique),
        "Definitions": definitions(unique, to_timezone(tz), left_out=left_out, people=people),
    }


def _check_size(name: str, table: pd.DataFrame) -> None:
    rows, columns = table.shape
    if rows >= MAX_ROWS or columns > MAX_COLUMNS:
        raise ValueError(
            f"Sheet {name} would have {rows:,} rows and {columns:,} columns; Excel allows {MAX_ROWS - 1:,} rows below "
            f"the header and {MAX_COLUMNS:,} columns. Nothing was written: select fewer posts, or use "
            "`posts.to_parquet(path)`."
        )


def _write_workbook(xlsxwriter: Any, file: Path, tables: Mapping[str, pd.DataFrame], zone: tzinfo) -> Counter[str]:
    """Write all sheets; return the number of truncated texts per column."""
    on_disk = sum(table.size for table in tables.values()) > _MAX_CELLS_IN_MEMORY
    texts_only = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options = {"constant_memory": on_disk, "tmpdir": str(file.parent), **texts_only}
    workbook = xlsxwriter.Workbook(str(file), options)
    workbook.use_zip64()
    writer = SheetWriter(workbook)
    truncated: Counter[str] = Counter()
    for name, table in tables.items():
        columns = [to_cells(header, table.iloc[:, number], zone) for number, header in enumerate(table.columns)]
        writer.write_sheet(name, columns)
        for column in columns:
            truncated[f"{name}.{column.header[:40]}"] += column.truncated
    try:
        workbook.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        # The cause, such as a full disk, is the error that callers can handle.
        raise error.args[0] from None
    return +truncated
