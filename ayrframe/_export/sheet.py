"""Write tables to the sheets of a workbook; texts stay texts, never formulas, links or numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ayrframe._export.cells import ColumnCells, ExcelTime
from ayrframe._export.sanitize import is_formula

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384

# Excel displays longer texts as ### in cells with the text format.
_MAX_TEXT_FORMAT_LENGTH = 255
_HEADER_FORMAT = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "bottom": 1, "valign": "vcenter"}


class SheetWriter:
    """Write sheets to one workbook, each cell in the format of its type."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._header_format = workbook.add_format({**_HEADER_FORMAT, "num_format": "@"})
        self._time_format = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        # With these two formats, a text stays a text when a user edits its cell.
        self._text_format = workbook.add_format({"num_format": "@"})
        self._quoted_format = workbook.add_format({"quote_prefix": True})

    def write_sheet(self, name: str, columns: Sequence[ColumnCells]) -> None:
        """Add a sheet with a frozen header row and filters."""
        sheet = self._workbook.add_worksheet(name)
        last_column, rows = len(columns) - 1, len(columns[0].values)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(rows, 1), last_column)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS}"})
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
            _write_text(sheet, 0, number, column.header, self._header_format)
        for row, values in enumerate(zip(*(column.values for column in columns), strict=True), start=1):
            for number, value in enumerate(values):
                if value is not None:
                    self._write_cell(sheet, row, number, value)

    def _write_cell(self, sheet: Any, row: int, column: int, value: object) -> None:
        if isinstance(value, str):
            is_short = len(value) <= _MAX_TEXT_FORMAT_LENGTH
            text_format = self._text_format if is_short else self._quoted_format if is_formula(value) else None
            _write_text(sheet, row, column, value, text_format)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        else:
            sheet.write_number(row, column, value, self._time_format if isinstance(value, ExcelTime) else None)


def _write_text(sheet: Any, row: int, column: int, text: str, cell_format: Any) -> None:
    """Write one text; XlsxWriter would read `<r>...</r>` as rich text unless it is written in fragments."""
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[0], text[1:-1], text[-1], cell_format)
    else:
        sheet.write_string(row, column, text, cell_format)
