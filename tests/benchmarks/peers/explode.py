"""What an analyst would write by hand for the child tables: `explode` and `DataFrame(list)` on ready-made dicts."""

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


def expanded(posts: pd.DataFrame, objects: pd.Series, platform: Platform, expansion: Expansion) -> pd.DataFrame:
    """Return an expansion out of dicts that are parsed already."""
    column = next(column for column in platform.columns if column.name == expansion.source)
    table = expansion.table
    match expansion.shape:
        case RowPerElement(cells=cells):
            keys, elements = _exploded(posts, objects)
            rows = _cells(table, cells, elements, column.inner)
            if table.position_cell:
                rows[table.position_cell] = keys.groupby(level=0, sort=False).cumcount().to_numpy()
        case RowPerInnerElement(path=path, outer=outer, cells=cells):
            keys, elements = _exploded(posts, objects)
            inner = elements.str.get(path)
            above = _values(elements, next(iter(outer.values())).path)
            together = pd.DataFrame({"above": above, "inner": inner}).explode("inner")
            together = together[together["inner"].notna()]
            fields = next(field for field in column.inner if field.path == path).inner
            rows = _cells(table, cells, together["inner"].reset_index(drop=True), fields)
            rows[next(iter(outer))] = together["above"].to_numpy()
            keys = keys.reset_index(drop=True).take(together.index)
        case RowPerKey(labels=labels, total_key=total):
            pairs = objects.dropna().map(lambda counts: [pair for pair in counts.items() if pair[0] != total])
            keys, elements = _exploded(posts, pairs)
            rows = pd.DataFrame(elements.tolist(), columns=["reaction", "count"])
            rows["label"] = rows["reaction"].map(labels)
        case Melt(outer=outer, groups=groups):
            keys, elements = _exploded(posts, objects)
            keys, rows = _melted(keys, elements, groups, next(iter(outer.values())).path)
        case None:
            keys, rows = posts[_KEY].iloc[:0], _typed(table, {}, posts.index[:0])
    if expansion.row_per_post is not None:
        keys, rows = _with_single(posts, keys, rows, table, expansion.row_per_post)
    rows = rows[[cell.name for cell in table.cells]].astype({cell.name: DTYPE_NAMES[cell.kind] for cell in table.cells})
    return pd.concat([keys.reset_index(drop=True), rows.reset_index(drop=True)], axis=1)


def _exploded(posts: pd.DataFrame, objects: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    long = posts[_KEY].assign(element=objects).explode("element")
    long = long[long["element"].notna()]
    return long[_KEY], long["element"].reset_index(drop=True)


def _values(elements: pd.Series, path: str) -> pd.Series:
    for step in filter(None, path.split(".")):
        elements = elements.str.get(step)
    return elements


def _cells(table: ChildTable, cells: Cells, elements: pd.Series, inner: tuple[Field, ...]) -> pd.DataFrame:
    units = {field.path: field.unit for field in inner}
    flat = pd.DataFrame(elements.tolist()) if all("." not in path and path for path in units) else None
    found: dict[str, Any] = {}
    wanted = {cell.name: cell for cell in table.cells}
    for name, ways in cells.items():
        values = None
        for take in ways if isinstance(ways, tuple) else (ways,):
            got = flat.get(take.path) if flat is not None else _values(elements, take.path)
            if got is None:
                continue
            if take.recode:
                got = got.map(take.recode)
            if divisor := CONVERSIONS.get((units[take.path], wanted[name].unit)):
                got = got / divisor
            if take.only_for_type:
                got = got.where(found["type"] == take.only_for_type)
            values = got if values is None else values.where(values.notna(), got)
        found[name] = values
    return _typed(table, found, elements.index)


def _typed(table: ChildTable, found: dict[str, Any], index: Any = None) -> pd.DataFrame:
    rows = {}
    for cell in table.cells:
        values = found.get(cell.name)
        if values is None:
            values = pd.Series(np.nan, index=index, dtype="object")
        rows[cell.name] = values.astype("float64") if cell.kind is Kind.QUOTED_INTEGER else values
    frame = pd.DataFrame(rows)
    for cell in table.cells:
        if cell.kind is Kind.INTEGER and frame[cell.name].dtype != "Int64":
            frame[cell.name] = pd.to_numeric(frame[cell.name]).astype("Int64")
    return frame


def _melted(keys: pd.DataFrame, elements: pd.Series, groups: Any, key_path: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    names = _values(elements, key_path)
    rows = []
    for place, (element, name) in enumerate(zip(elements, names, strict=True)):
        for scope, parent in groups.items():
            for metric, value in element.get(parent, {}).items():
                rows.append((place, name, scope, snake_case(metric), value))
    long = pd.DataFrame(rows, columns=["place", "media_key", "scope", "metric", "value"])
    return keys.take(long["place"]), long.drop(columns="place")


def _with_single(
    posts: pd.DataFrame, keys: pd.DataFrame, rows: pd.DataFrame, table: ChildTable, single: RowPerPost
) -> tuple[pd.DataFrame, pd.DataFrame]:
    alone = posts[~posts.index.isin(keys.index)]
    found: dict[str, Any] = {}
    for name, ways in single.cells.items():
        values = None
        for take in ways if isinstance(ways, tuple) else (ways,):
            got = _single_value(alone, take, name, found)
            values = got if values is None else values.where(values.notna(), got)
        found[name] = values
    texts = [name for name in found if name in ("media_id", "type", "url", "thumbnail_url")]
    told = pd.DataFrame({name: found[name].notna() for name in texts}).any(axis=1)
    frame = _typed(table, {name: values[told] for name, values in found.items()}, alone.index[told])
    for name, value in single.constant.items():
        frame[name] = value
    frame["position"] = 0
    single_rows = pd.concat([alone.loc[told, _KEY], frame], axis=1)
    if not len(rows):
        return single_rows[_KEY], frame
    listed = keys.assign(**{cell.name: rows[cell.name].to_numpy() for cell in table.cells})
    both = pd.concat([listed, single_rows]).sort_index(kind="stable")
    return both[_KEY], both.drop(columns=_KEY)


def _single_value(posts: pd.DataFrame, take: CellSource, name: str, found: dict[str, Any]) -> pd.Series:
    values = posts[take.path]
    if take.recode:
        values = values.map(take.recode)
    if name == "duration_s" and take.path == "duration":
        values = values / 1000
    return values.where(found["type"] == take.only_for_type) if take.only_for_type else values
