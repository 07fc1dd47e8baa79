"""Describe the columns of a platform or a posts frame: dtype, unit, meaning, API path, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import pandas as pd

from ayrframe._frame.dtypes import DTYPE_NAMES, union_columns
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._platforms.columns import columns_of
from ayrframe._platforms.spec import Column, Platform

_CELL_STYLE = "text-align:left;vertical-align:top;white-space:normal;max-width:26em"


class DictionaryFrame(pd.DataFrame):
    """DataFrame that notebooks show in full, with wrapped text; results of its methods are plain DataFrames."""

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        head = "".join(f'<th style="{_CELL_STYLE}">{escape(str(name))}</th>' for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f'<td style="{_CELL_STYLE}">{_format_value(value)}</td>' for value in row) + "</tr>"
            for row in self.itertuples(index=False)
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


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
