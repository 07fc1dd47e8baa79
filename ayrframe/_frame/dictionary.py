"""Describe the columns of a platform or a posts frame: dtype, unit, meaning, API path, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import pandas as pd

from ayrframe._frame.dtypes import DTYPE_NAMES, union_columns
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._platforms.columns import columns_of
from ayrframe._platforms.spec import Column, Platform

_MEANING = "meaning"
_CELL_STYLE = "text-align:left;vertical-align:top;white-space:normal;"
# The meaning gets the width; the other columns break words where needed.
_WIDTHS = {_MEANING: "min-width:24em;width:40%", "column": "white-space:nowrap", "note": "min-width:12em"}
_OTHER_WIDTH = "overflow-wrap:anywhere;min-width:6.2em;max-width:14em"


class DictionaryFrame(pd.DataFrame):
    """DataFrame that notebooks show in full, with wrapped text, as long as it has the column `meaning`."""

    @property
    def _constructor(self) -> type[DictionaryFrame]:
        return DictionaryFrame

    def _repr_html_(self) -> str | None:
        if _MEANING not in self.columns:
            return pd.DataFrame(self)._repr_html_()  # type: ignore[operator, no-any-return]
        shown = self.reset_index(allow_duplicates=True) if self.index.names != [None] else self
        styles = [f"{_CELL_STYLE}{_WIDTHS.get(str(name), _OTHER_WIDTH)}" for name in shown.columns]
        head = _row_html("th", map(str, shown.columns), styles)
        rows = (_row_html("td", row, styles) for row in shown.itertuples(index=False, name=None))
        return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def _row_html(tag: str, values: Iterable[object], styles: Iterable[str]) -> str:
    cells = (
        f'<{tag} style="{style}">{_format_value(value)}</{tag}>' for value, style in zip(values, styles, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def platform_dictionary(platform: Platform) -> DictionaryFrame:
    """Return one row per declared column of a platform."""
    return DictionaryFrame([_dictionary_row(column, [(platform, column)]) for column in columns_of(platform)])


def frame_dictionary(posts: pd.DataFrame) -> DictionaryFrame:
    """Return one row per declared column of a posts frame, with the share of rows that have a value.

    The share refers to rows of the platforms that declare the column.
    """
    platforms = platforms_in(posts)
    rows = []
    for column in union_columns(platforms):
        declarations = [
            (platform, declared)
            for platform in platforms
            for declared in columns_of(platform)
            if declared.name == column.name
        ]
        if not declarations or column.name not in posts.columns:
            continue
        is_declared = posts["platform"].isin([platform.name for platform, _ in declarations]).to_numpy(dtype=bool)
        values = posts.loc[is_declared, column.name]
        names = ", ".join(platform.name for platform, _ in declarations)
        rows.append({**_dictionary_row(column, declarations), "platforms": names, "present": values.notna().mean()})
    return DictionaryFrame(rows)


def _dictionary_row(column: Column, declarations: list[tuple[Platform, Column]]) -> dict[str, object]:
    sent = [declared for _, declared in declarations if declared.path]
    return {
        "column": column.name,
        "dtype": DTYPE_NAMES[column.kind],
        "unit": column.unit.value,
        "meaning": column.meaning,
        "endpoint": "; ".join(dict.fromkeys(declared.endpoint.value for declared in sent)),
        "path": " / ".join(dict.fromkeys(declared.path for declared in sent)),
        "role": column.role.value,
        "evidence": "; ".join(dict.fromkeys(declared.evidence.value for declared in sent)),
        "note": " ".join(_column_notes(declarations)),
    }


def _column_notes(declarations: list[tuple[Platform, Column]]) -> Iterable[str]:
    for platform, column in declarations:
        parts = [column.note] if column.note else []
        if column.retired_on:
            parts.append(f"Retired by the platform on {column.retired_on}.")
        if column.fills and column.fills != column.name:
            parts.append(f"`{column.fills}` takes its value.")
        if parts:
            yield (f"{platform.title}: " if len(declarations) > 1 else "") + " ".join(dict.fromkeys(parts))


def _format_value(value: object) -> str:
    return f"{value:.0%}" if isinstance(value, float) else escape(str(value))
