"""Posts into a workbook: the summary first, then the posts, their child tables, what is missing, what it means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from ayrframe._expansions.expand import expand, expansion_names
from ayrframe._export.atomic_write import atomic_write
from ayrframe._export.cells import to_cells
from ayrframe._export.definitions import definitions
from ayrframe._export.privacy import PEOPLE_TABLES, drop_people_from_extra, people_columns
from ayrframe._export.sanitize import MAX_CELL_LENGTH
from ayrframe._export.sheet import COLUMNS, ROWS, SheetWriter
from ayrframe._metrics.coverage import coverage
from ayrframe._metrics.periods import to_timezone
from ayrframe._metrics.summary import summary
from ayrframe.errors import quote, warn_user

_POSTS = "Posts"
# Cells in memory cost about 200 bytes each. A larger workbook goes to disk row by row, at a price: openpyxl does not
# undo the escape of texts such as _x0041_ there.
_CELLS_IN_MEMORY = 1_000_000


def to_excel(posts: pd.DataFrame, path: str | Path, *, tz: str | None = None, people: bool = False) -> None:
    """Write a workbook, whole or not at all."""
    library = _library()
    place = to_timezone(tz)
    if Path(path).suffix.lower() != ".xlsx":
        raise ValueError(f"The name of the file has to end in .xlsx, and {quote(Path(path).name)} does not.")
    _refuse_too_large(_POSTS, posts)
    tables = _tables(posts, tz, people=people)
    for name, table in tables.items():
        _refuse_too_large(name, table)
    with atomic_write(path) as file:
        cuts = _write(library, file, tables, place)
    if cuts:
        _warn_of(cuts)


def _library() -> Any:
    try:
        import xlsxwriter  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError("Excel files need XlsxWriter. Get it with: pip install 'ayrframe[excel]'") from error
    return xlsxwriter


def _tables(posts: pd.DataFrame, tz: str | None, *, people: bool) -> dict[str, pd.DataFrame]:
    """Return what each sheet shows, in the order of the sheets."""
    left_out = set() if people else people_columns(posts)
    # Columns of people only leave the sheet: a frame without rows is known by its columns.
    known = posts.loc[:, ~posts.columns.duplicated()]
    if not people:
        posts, known = drop_people_from_extra(posts), drop_people_from_extra(known)
    children = [name for name in expansion_names(known) if people or name not in PEOPLE_TABLES]
    return {
        "Summary": summary(known, tz=tz),
        _POSTS: posts.loc[:, ~posts.columns.isin(left_out)],
        **{name: expand(known, name) for name in children},
        "Coverage": coverage(known),
        "Definitions": definitions(known, to_timezone(tz), left_out=left_out, people=people),
    }


def _refuse_too_large(name: str, table: pd.DataFrame) -> None:
    rows, columns = table.shape
    if rows >= ROWS or columns > COLUMNS:
        raise ValueError(
            f"The sheet {name} would have {rows:,} rows and {columns:,} columns; Excel holds {ROWS - 1:,} rows below a "
            f"header and {COLUMNS:,} columns. Nothing was written: choose fewer posts, or use `posts.to_parquet(path)`."
        )


def _write(library: Any, file: Path, tables: Mapping[str, pd.DataFrame], place: ZoneInfo) -> Counter[str]:
    """Write all sheets; return how many texts were cut, by column."""
    on_disk = sum(table.size for table in tables.values()) > _CELLS_IN_MEMORY
    no_guesses = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = library.Workbook(str(file), {"constant_memory": on_disk, "tmpdir": str(file.parent), **no_guesses})
    book.use_zip64()
    pen = SheetWriter(book)
    cuts: Counter[str] = Counter()
    for name, table in tables.items():
        columns = [to_cells(header, table.iloc[:, number], place) for number, header in enumerate(table.columns)]
        pen.write(name, columns)
        for column in columns:
            cuts[f"{name}.{column.header[:40]}"] += column.cut
    try:
        book.close()
    except library.exceptions.FileCreateError as error:
        # Its cause, such as a full disk, is what callers know how to handle.
        raise error.args[0] from None
    return +cuts


def _warn_of(cuts: Mapping[str, int]) -> None:
    places = ", ".join(f"{count} in {place}" for place, count in cuts.items())
    warn_user(
        f"{sum(cuts.values())} cell(s) held more than {MAX_CELL_LENGTH:,} characters, which is all that Excel takes, "
        f"and were cut: {places}. Each ends with a mark; `posts.to_parquet(path)` keeps all."
    )
