"""A table onto a sheet: texts as texts, never as formulas, links or numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ayrframe._export.cells import ColumnCells, ExcelTime
from ayrframe._export.sanitize import is_formula

ROWS, COLUMNS = 1_048_576, 16_384

# Excel shows a longer text as ### in a cell whose format is text.
_LONGEST_AS_TEXT = 255
_HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "bottom": 1, "valign": "vcenter"}


class SheetWriter:
    """Writes cells into one workbook, each in the form that its type asks for."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._header = book.add_format({**_HEADER, "num_format": "@"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        # Both keep a text a text when somebody edits its cell.
        self._text = book.add_format({"num_format": "@"})
        self._quoted = book.add_format({"quote_prefix": True})

    def write(self, name: str, columns: Sequence[ColumnCells]) -> None:
        """Add a sheet with a header row that stays in sight and can be filtered by."""
        sheet = self._book.add_worksheet(name)
        last, rows = len(columns) - 1, len(columns[0].values)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(rows, 1), last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{ROWS}"})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            _write_text(sheet, 0, place, column.header, self._header)
        for row, values in enumerate(zip(*(column.values for column in columns), strict=True), start=1):
            for place, value in enumerate(values):
                if value is not None:
                    self._put(sheet, row, place, value)

    def _put(self, sheet: Any, row: int, place: int, value: object) -> None:
        if isinstance(value, str):
            _write_text(sheet, row, place, value, self._format_of(value))
        elif isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        else:
            sheet.write_number(row, place, value, self._moment if isinstance(value, ExcelTime) else None)

    def _format_of(self, text: str) -> Any:
        if len(text) <= _LONGEST_AS_TEXT:
            return self._text
        return self._quoted if is_formula(text) else None


def _write_text(sheet: Any, row: int, place: int, text: str, form: Any) -> None:
    """Write one text. XlsxWriter takes what looks like its own mark-up for that, unless it comes in pieces."""
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, place, text[0], text[1:-1], text[-1], form)
    else:
        sheet.write_string(row, place, text, form)
