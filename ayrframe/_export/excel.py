"""Write posts to an Excel workbook: an overview and the posts for readers, then the tables behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

import pandas as pd

from ayrframe._expansions.expand import expand, expansion_names
from ayrframe._export.atomic_write import atomic_write
from ayrframe._export.cells import SheetColumn, to_cells
from ayrframe._export.definitions import definitions
from ayrframe._export.number_formats import PERCENT, WHOLE, child_table_formats, column_formats, metric_format
from ayrframe._export.overview import Overview, make_overview, write_overview
from ayrframe._export.posts_table import posts_table
from ayrframe._export.privacy import PEOPLE_TABLE_NAMES, drop_people_from_extra, people_columns
from ayrframe._export.sanitize import MAX_CELL_LENGTH
from ayrframe._export.sheet import MAX_COLUMNS, MAX_LINES, MAX_ROWS, SheetWriter
from ayrframe._frame.times import TimeZone
from ayrframe._metrics.coverage import coverage
from ayrframe._metrics.metrics import metrics
from ayrframe._metrics.periods import to_timezone
from ayrframe._metrics.summary import summary
from ayrframe._platforms.columns import PLATFORM, PROFILE
from ayrframe.errors import WarningsOnce, quote, warn_user

_POSTS, _ALL_COLUMNS = "Posts", "All columns"
_COUNTS = dict.fromkeys(("posts", "posts_with", "count"), WHOLE)
_MAX_POST_LINES = 3  # of the text of a post; the cell holds all of it
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
    _check_size(_ALL_COLUMNS, *posts.shape)
    with WarningsOnce():
        overview, tables = _sheets(posts, zone, people=people)
        for name, columns in tables.items():
            _check_size(name, len(columns[0].values), len(columns))
        with atomic_write(path) as file:
            truncated = _write_workbook(xlsxwriter, file, overview, tables, zone)
    if truncated:
        counts = ", ".join(f"{count} in {column}" for column, count in truncated.items())
        warn_user(
            f"Shortened {truncated.total()} cell(s) to {MAX_CELL_LENGTH:,} characters, the limit of Excel: {counts}. "
            "Each ends with a note of its full length; `posts.to_parquet(path)` writes complete texts."
        )


def _sheets(posts: pd.DataFrame, zone: tzinfo, *, people: bool) -> tuple[Overview, dict[str, list[SheetColumn]]]:
    """Return the overview and the columns of each other sheet, in the order of the sheets."""
    left_out = set() if people else people_columns(posts)
    # The other sheets need all columns, since the columns identify the platform of a frame without rows.
    unique = posts.loc[:, ~posts.columns.duplicated()]
    if not people:
        posts, unique = drop_people_from_extra(posts), drop_people_from_extra(unique)
    child_tables = [name for name in expansion_names(unique) if people or name not in PEOPLE_TABLE_NAMES]
    observations = metrics(unique)
    has_several_profiles = len(observations[PROFILE.name].unique()) > 1
    by = [PLATFORM.name, PROFILE.name] if has_several_profiles else [PLATFORM.name]
    statistics = summary(observations, by, zone)
    formats = statistics["metric"].map(metric_format).tolist()
    meanings = definitions(unique, zone, left_out=left_out, people=people)
    return make_overview(observations, zone), {
        _POSTS: posts_table(unique, left_out),
        "Summary": _columns(statistics, _COUNTS | dict.fromkeys(("sum", "median", "rate"), formats)),
        _ALL_COLUMNS: _columns(posts.loc[:, ~posts.columns.isin(left_out)], column_formats(unique)),
        **{name: _columns(expand(unique, name), child_table_formats(unique, name)) for name in child_tables},
        "Coverage": _columns(coverage(unique), _COUNTS),
        "Definitions": _columns(meanings, {"present": PERCENT}, wraps={"meaning", "note", "gaps", "values"}),
    }


def _columns(
    table: pd.DataFrame, formats: Mapping[str, str | Sequence[str]], wraps: Collection[str] = ()
) -> list[SheetColumn]:
    return [
        SheetColumn(name, table.iloc[:, number], formats.get(name, ""), name in wraps)
        for number, name in enumerate(table.columns)
    ]


def _check_size(name: str, rows: int, columns: int) -> None:
    if rows >= MAX_ROWS or columns > MAX_COLUMNS:
        raise ValueError(
            f"Sheet {name} would have {rows:,} rows and {columns:,} columns; Excel allows {MAX_ROWS - 1:,} rows below "
            f"the header and {MAX_COLUMNS:,} columns. Nothing was written: select fewer posts, or use "
            "`posts.to_parquet(path)`."
        )


def _write_workbook(
    xlsxwriter: Any, file: Path, overview: Overview, tables: Mapping[str, Sequence[SheetColumn]], zone: tzinfo
) -> Counter[str]:
    """Write all sheets; return the number of truncated texts per column."""
    on_disk = sum(len(columns) * len(columns[0].values) for columns in tables.values()) > _MAX_CELLS_IN_MEMORY
    texts_only = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options = {"constant_memory": on_disk, "tmpdir": str(file.parent), **texts_only}
    workbook = xlsxwriter.Workbook(str(file), options)
    workbook.use_zip64()
    writer = SheetWriter(workbook)
    write_overview(writer, overview, zone)
    truncated: Counter[str] = Counter()
    for name, columns in tables.items():
        cells = [to_cells(column, zone) for column in columns]
        writer.write_sheet(name, cells, _MAX_POST_LINES if name == _POSTS else MAX_LINES)
        if name != _POSTS:  # its texts are in the sheet of all columns as well
            for column in cells:
                truncated[f"{name}.{column.header[:40]}"] += column.truncated
    try:
        workbook.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        # The cause, such as a full disk, is the error that callers can handle.
        raise error.args[0] from None
    return +truncated
