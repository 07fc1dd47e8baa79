"""Texts as files for people can hold them: run by no spreadsheet, legal in XML, no longer than a cell."""

from __future__ import annotations

import re

# Characters that start a formula in spreadsheets, including full-width forms.
_FORMULA_START = re.compile("^(?=[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20])")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Characters that are illegal in XML 1.0, and DEL. Writers escape some of them in a form that few readers undo.
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROL_PICTURES = {"\x7f": "\u2421", **{chr(code): chr(0x2400 + code) for code in range(0x20)}}
_REPLACEMENT = "\ufffd"

# Excel limits a cell to this number of UTF-16 code units; an emoji has two.
MAX_CELL_LENGTH = 32_767


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet could take this text for a formula."""
    return _FORMULA_START.match(text) is not None


def neutralize_formula(text: str) -> str:
    """Return the text with an apostrophe in front if it starts like a formula, and without lone surrogates."""
    return _FORMULA_START.sub("'", _LONE_SURROGATE.sub(_REPLACEMENT, text))


def to_legal_text(text: str) -> str:
    """Return the text as a cell can hold it: every line break a line feed, other control characters as pictures.

    NUL becomes U+2400, and so on to DEL, U+2421; what is no character becomes U+FFFD. Tabs stay.
    """
    if not _ILLEGAL_IN_XML.search(text):
        return text
    return _ILLEGAL_IN_XML.sub(_control_picture, text.replace("\r\n", "\n").replace("\r", "\n"))


def truncate_text(text: str) -> str:
    """Return the text, or its beginning and a mark if it is longer than a cell can hold."""
    if len(text) <= MAX_CELL_LENGTH // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CELL_LENGTH:
        return text
    note = f" … [cut: {len(text):,} characters in all]"
    return units[: 2 * (MAX_CELL_LENGTH - len(note))].decode("utf-16-le", errors="ignore") + note


def _control_picture(match: re.Match[str]) -> str:
    return _CONTROL_PICTURES.get(match[0], _REPLACEMENT)
