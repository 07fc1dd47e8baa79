"""Write tables to the sheets of a workbook; texts stay texts, never formulas or numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from ayrframe._export.cells import CellValue, ColumnCells, ExcelTime
from ayrframe._export.report.values import safe_link
from ayrframe._export.sanitize import is_formula

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384

# Excel displays longer texts as ### in cells with the text format.
_MAX_TEXT_FORMAT_LENGTH = 255
# Limits of Excel: links per sheet, and characters of a link, each of which may be escaped as three.
_MAX_LINKS, _MAX_LINK_LENGTH = 65_530, 2_079 // 3
LINE_HEIGHT, MAX_LINES = 15, 24  # points; Excel allows 409
_A4 = 9
_HEADER_STYLE = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#1F4E79",
    "bottom": 1,
    "valign": "vcenter",
    "text_wrap": True,
    "num_format": "@",
}
_LINK_STYLE = {"font_color": "#0563C1", "underline": 1}
_TIME_STYLE = {"num_format": "yyyy-mm-dd hh:mm", "align": "left"}


class SheetWriter:
    """Write sheets to one workbook, each cell in the format of its type."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._format = cache(lambda **options: workbook.add_format({"valign": "top", **options}))

    def add_sheet(self, name: str) -> Any:
        """Add a sheet that is printed across A4, as wide as one page, with its name and page numbers."""
        sheet = self._workbook.add_worksheet(name)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS}"})
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet

    def write_sheet(self, name: str, columns: Sequence[ColumnCells], max_lines: int = MAX_LINES) -> None:
        """Add a sheet with one table: a frozen header row, repeated on each printed page, and filters."""
        sheet = self.add_sheet(name)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(len(columns[0].values), 1), len(columns) - 1)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        self.write_table(sheet, 0, columns, max_lines)

    def write_table(
        self,
        sheet: Any,
        first_row: int,
        columns: Sequence[ColumnCells],
        max_lines: int,
        style: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Write a header row and the rows below it; rows of wrapped texts are as high as these, up to `max_lines`."""
        if any(len(column.header) > column.width for column in columns):
            sheet.set_row(first_row, 2 * LINE_HEIGHT)
        # Texts keep a distance from the numbers before them.
        follows_numbers = [False, *(column.is_numeric for column in columns)]
        indents = [int(not column.is_numeric and follows_numbers[number]) for number, column in enumerate(columns)]
        for number, column in enumerate(columns):
            options = {**_HEADER_STYLE, "align": "right" if column.is_numeric else "left", "indent": indents[number]}
            _write_text(sheet, first_row, number, column.header, self._format(**options))
        styles = [
            {**style, "text_wrap": column.wraps, **({"align": "left", "indent": 1} if indents[number] else {})}
            for number, column in enumerate(columns)
        ]
        wrapped = [
            (number, column.width) for number, column in enumerate(columns) if column.wraps and not column.is_link
        ]
        formats = zip(*(column.formats for column in columns), strict=True)
        rows = zip(zip(*(column.values for column in columns), strict=True), formats, strict=True)
        for row, (values, number_formats) in enumerate(rows, start=first_row + 1):
            lines = max((_count_lines(values[number], width) for number, width in wrapped), default=1)
            if lines > 1:
                sheet.set_row(row, min(lines, max_lines) * LINE_HEIGHT)
            for number, value in enumerate(values):
                link = safe_link(value, _MAX_LINK_LENGTH) if columns[number].is_link and row <= _MAX_LINKS else ""
                if link:
                    sheet.write_url(row, number, link, self._format(**styles[number], **_LINK_STYLE), link)
                elif value is not None:
                    self._write_cell(sheet, (row, number), value, number_formats[number], styles[number])
                elif style:
                    sheet.write_blank(row, number, None, self._format(**style))

    def write_across(
        self, sheet: Any, row: int, widths: Mapping[int, int], text: str, style: Mapping[str, object]
    ) -> None:
        """Write a text across the cells of a row, given as the widths of their columns by number."""
        cell_format = self._format(**style, text_wrap=True)
        first, last = min(widths), max(widths)
        if last > first:
            sheet.merge_range(row, first, row, last, "", cell_format)
        if (lines := _count_lines(text, sum(widths.values()))) > 1:
            sheet.set_row(row, lines * LINE_HEIGHT)
        _write_text(sheet, row, first, text, cell_format)

    def _write_cell(
        self, sheet: Any, position: tuple[int, int], value: CellValue, number_format: str, style: Mapping[str, object]
    ) -> None:
        if isinstance(value, str):
            # With these formats, a text stays a text when a user edits its cell.
            is_short = len(value) <= _MAX_TEXT_FORMAT_LENGTH
            kept = {"num_format": "@"} if is_short else {"quote_prefix": True} if is_formula(value) else {}
            _write_text(sheet, *position, value, self._format(**{**style, **kept}))
        elif isinstance(value, bool):
            sheet.write_boolean(*position, value, self._format(**style))
        else:
            shown = _TIME_STYLE if isinstance(value, ExcelTime) else {"num_format": number_format or "General"}
            sheet.write_number(*position, value, self._format(**{**style, **shown}))


def _count_lines(value: CellValue, width: int) -> int:
    """Return the number of lines of a text that wraps at a width."""
    if not isinstance(value, str):
        return 1
    return sum(max(math.ceil(len(line) / width), 1) for line in value.splitlines()) or 1


def _write_text(sheet: Any, row: int, column: int, text: str, cell_format: Any) -> None:
    """Write one text; XlsxWriter would read `<r>...</r>` as rich text unless it is written in fragments."""
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[0], text[1:-1], text[-1], cell_format)
    else:
        sheet.write_string(row, column, text, cell_format)
