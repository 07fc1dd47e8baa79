"""Make texts safe for files: not read as formulas by spreadsheets, legal in XML, short enough for a cell."""

from __future__ import annotations

import re

# Characters that start a formula in spreadsheets, including full-width forms.
_FORMULA_START = re.compile("^(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
# Where a reader of CSV that separates cells by semicolons, as Excel does in many countries, would start a cell.
_CELL_START = re.compile("(?<=[;\n])(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Characters that are illegal in XML 1.0, and DEL. Writers escape some of them in a form that few readers undo.
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROL_PICTURES = {"\x7f": "\u2421", **{chr(code): chr(0x2400 + code) for code in range(0x20)}}
_REPLACEMENT = "\ufffd"

# Excel limits a cell to this number of UTF-16 code units; an emoji has two.
MAX_CELL_LENGTH = 32_767


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet could read a text as a formula."""
    return _FORMULA_START.match(text) is not None


def neutralize_formula(text: str) -> str:
    """Return a text with an apostrophe before each part that could be read as a formula, without lone surrogates."""
    return _CELL_START.sub("'", _FORMULA_START.sub("'", _LONE_SURROGATE.sub(_REPLACEMENT, text)))


def to_legal_text(text: str) -> str:
    """Return a text that is legal in a cell: line breaks become line feeds, other control characters visible symbols.

    NUL becomes U+2400, and so on to DEL, which becomes U+2421. Code points that are not characters become U+FFFD. Tabs
    are unchanged.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ILLEGAL_IN_XML.sub(lambda match: _CONTROL_PICTURES.get(match[0], _REPLACEMENT), lines)


def truncate_text(text: str) -> str:
    """Return a text, shortened to the length of a cell with a note at its end if it is longer."""
    if len(text) <= MAX_CELL_LENGTH // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL_LENGTH:
        return text
    note = f" … [shortened; {len(text):,} characters in total]"
    return units[: 2 * (MAX_CELL_LENGTH - len(note))].decode("utf-16-le", errors="ignore") + note
