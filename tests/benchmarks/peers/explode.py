"""Build child tables with hand-written pandas code: `explode` and `DataFrame(list)` on parsed dicts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import ayrframe as ayr
from ayrframe._frame.dtypes import DTYPE_NAMES
from ayrframe._platforms.spec import (
    CONVERSIONS,
    Cells,
    CellSource,
    ChildTable,
    Expansion,
    Field,
    Kind,
    Melt,
    Platform,
    RowPerElement,
    RowPerInnerElement,
    RowPerKey,
    RowPerPost,
    snake_case,
)

_KEY = list(ayr.KEY)


def expand_by_hand(posts: pd.DataFrame, objects: pd.Series, platform: Platform, expansion: Expansion) -> pd.DataFrame:
    """Return the child table of an expansion from parsed dicts."""
    column = next(column for column in platform.columns if column.name == expansion.source)
    table = expansion.table
    match expansion.shape:
        case RowPerElement(cells=cells):
            keys, elements = _explode(posts, objects)
            rows = _build_cells(table, cells, elements, column.inner)
            if table.position_cell:
                rows[table.position_cell] = keys.groupby(level=0, sort=False).cumcount().to_numpy()
            if table.relative_cell:
                name, source = table.relative_cell
                values = rows[source].astype("float64")
                groups = values.groupby(keys.index.to_numpy())
                smallest, largest = groups.transform("min"), groups.transform("max")
                rows[name] = (values / largest).where((values >= 0) & (smallest < largest))
        case RowPerInnerElement(path=path, outer=outer, cells=cells):
            keys, elements = _explode(posts, objects)
            inner = elements.str.get(path)
            outer_value = _nested_values(elements, next(iter(outer.values())).path)
            pairs = pd.DataFrame({"outer": outer_value, "inner": inner}).explode("inner")
            pairs = pairs[pairs["inner"].notna()]
            fields = next(field for field in column.inner if field.path == path).inner
            rows = _build_cells(table, cells, pairs["inner"].reset_index(drop=True), fields)
            rows[next(iter(outer))] = pairs["outer"].to_numpy()
            keys = keys.reset_index(drop=True).take(pairs.index)
        case RowPerKey(labels=labels, total_key=total):
            pairs = objects.dropna().map(lambda counts: [pair for pair in counts.items() if pair[0] != total])
            keys, elements = _explode(posts, pairs)
            rows = pd.DataFrame(elements.tolist(), columns=["reaction", "count"])
            rows["label"] = rows["reaction"].map(labels)
        case Melt(outer=outer, groups=groups):
            keys, elements = _explode(posts, objects)
            keys, rows = _melt(keys, elements, groups, next(iter(outer.values())).path)
        case None:
            keys, rows = posts[_KEY].iloc[:0], _with_dtypes(table, {}, posts.index[:0])
    if expansion.row_per_post is not None:
        keys, rows = _add_single_rows(posts, keys, rows, table, expansion.row_per_post)
    rows = rows[[cell.name for cell in table.cells]].astype({cell.name: DTYPE_NAMES[cell.kind] for cell in table.cells})
    return pd.concat([keys.reset_index(drop=True), rows.reset_index(drop=True)], axis=1)


def _explode(posts: pd.DataFrame, objects: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    long = posts[_KEY].assign(element=objects).explode("element")
    long = long[long["element"].notna()]
    return long[_KEY], long["element"].reset_index(drop=True)


def _nested_values(elements: pd.Series, path: str) -> pd.Series:
    for step in filter(None, path.split(".")):
        elements = elements.str.get(step)
    return elements


def _build_cells(table: ChildTable, cells: Cells, elements: pd.Series, inner: tuple[Field, ...]) -> pd.DataFrame:
    units = {field.path: field.unit for field in inner}
    flat = pd.DataFrame(elements.tolist()) if all("." not in path and path for path in units) else None
    values_by_cell: dict[str, Any] = {}
    cells_by_name = {cell.name: cell for cell in table.cells}
    for name, sources in cells.items():
        values = None
        for source in sources if isinstance(sources, tuple) else (sources,):
            candidate = flat.get(source.path) if flat is not None else _nested_values(elements, source.path)
            if candidate is None:
                continue
            if source.recode:
                candidate = candidate.map(source.recode)
            if divisor := CONVERSIONS.get((units[source.path], cells_by_name[name].unit)):
                candidate = candidate / divisor
            if source.only_for_type:
                candidate = candidate.where(values_by_cell["type"] == source.only_for_type)
            values = candidate if values is None else values.where(values.notna(), candidate)
        values_by_cell[name] = values
    return _with_dtypes(table, values_by_cell, elements.index)


def _with_dtypes(table: ChildTable, values_by_cell: dict[str, Any], index: Any = None) -> pd.DataFrame:
    rows = {}
    for cell in table.cells:
        values = values_by_cell.get(cell.name)
        if values is None:
            values = pd.Series(np.nan, index=index, dtype="object")
        rows[cell.name] = values.astype("float64") if cell.kind is Kind.QUOTED_INTEGER else values
    frame = pd.DataFrame(rows)
    for cell in table.cells:
        if cell.kind is Kind.INTEGER and frame[cell.name].dtype != "Int64":
            frame[cell.name] = pd.to_numeric(frame[cell.name]).astype("Int64")
    return frame


def _melt(keys: pd.DataFrame, elements: pd.Series, groups: Any, key_path: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    names = _nested_values(elements, key_path)
    rows = []
    for index, (element, name) in enumerate(zip(elements, names, strict=True)):
        for scope, parent in groups.items():
            for metric, value in element.get(parent, {}).items():
                rows.append((index, name, scope, snake_case(metric), value))
    long = pd.DataFrame(rows, columns=["row", "media_key", "scope", "metric", "value"])
    return keys.take(long["row"]), long.drop(columns="row")


def _add_single_rows(
    posts: pd.DataFrame, keys: pd.DataFrame, rows: pd.DataFrame, table: ChildTable, single: RowPerPost
) -> tuple[pd.DataFrame, pd.DataFrame]:
    single_posts = posts[~posts.index.isin(keys.index)]
    values_by_cell: dict[str, Any] = {}
    for name, sources in single.cells.items():
        values = None
        for source in sources if isinstance(sources, tuple) else (sources,):
            candidate = _single_value(single_posts, source, name, values_by_cell)
            values = candidate if values is None else values.where(values.notna(), candidate)
        values_by_cell[name] = values
    texts = [name for name in values_by_cell if name in ("media_id", "type", "url", "thumbnail_url")]
    has_media = pd.DataFrame({name: values_by_cell[name].notna() for name in texts}).any(axis=1)
    single_values = {name: values[has_media] for name, values in values_by_cell.items()}
    frame = _with_dtypes(table, single_values, single_posts.index[has_media])
    for name, value in single.constant.items():
        frame[name] = value
    frame["position"] = 0
    single_rows = pd.concat([single_posts.loc[has_media, _KEY], frame], axis=1)
    if not len(rows):
        return single_rows[_KEY], frame
    listed_rows = keys.assign(**{cell.name: rows[cell.name].to_numpy() for cell in table.cells})
    all_rows = pd.concat([listed_rows, single_rows]).sort_index(kind="stable")
    return all_rows[_KEY], all_rows.drop(columns=_KEY)


def _single_value(posts: pd.DataFrame, source: CellSource, name: str, values_by_cell: dict[str, Any]) -> pd.Series:
    values = posts[source.path]
    if source.recode:
        values = values.map(source.recode)
    if name == "duration_s" and source.path == "duration":
        values = values / 1000
    return values.where(values_by_cell["type"] == source.only_for_type) if source.only_for_type else values
