"""Decode with pandas alone: `json.loads`, `json_normalize`, `to_datetime`, `convert_dtypes`, and pandera."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

import ayrframe as ayr
from ayrframe._frame.dtypes import DTYPE_NAMES
from ayrframe._platforms.columns import columns_of, sent_by
from ayrframe._platforms.spec import CONVERSIONS, NESTED, Column, Endpoint, Expansion, Kind, Platform, RowPerElement
from tests.benchmarks.pages import Page, value_at
from tests.benchmarks.peers.plain_expansions import source_column, sources_of


def reader(page: Page, *, text: bool = True) -> Callable[[], pd.DataFrame]:
    """Return a function that decodes a page into a validated frame that equals ours.

    Without `text`, nested values remain lists and dicts, and their columns are not validated.
    """
    platform = page.platform
    schema: Any = ayr.schema(platform.name)
    names = [column.name for column in _columns(platform) if text or column.kind not in NESTED]
    schema = schema.remove_columns([name for name in schema.columns if name not in names])
    return lambda: schema.validate(_frame(page, text=text), lazy=True)


def compare_frames(theirs: pd.DataFrame, ours: pd.DataFrame, platform: Platform) -> None:
    """Raise if the frame differs from ours; of nested values that remain lists, only the number is compared."""
    ours = ours[list(theirs.columns)]
    nested = [column.name for column in _columns(platform) if column.kind in NESTED]
    untyped = [name for name in nested if theirs[name].dtype == object]
    pd.testing.assert_frame_equal(theirs.drop(columns=untyped), ours.drop(columns=untyped))
    pd.testing.assert_series_equal(theirs[untyped].notna().sum(), ours[untyped].notna().sum())


def expander(page: Page, expansion: Expansion) -> Callable[[list[dict[str, Any]]], pd.DataFrame]:
    """Return a function that builds a child table from parsed dicts with `json_normalize(record_path)`."""
    column, shape = source_column(page.platform, expansion), expansion.shape
    assert isinstance(shape, RowPerElement)
    units = {field.path: field.unit for field in column.inner}

    def expand(posts: list[dict[str, Any]]) -> pd.DataFrame:
        posts_with_value = [post for post in posts if post.get(column.path)]
        flat = pd.json_normalize(posts_with_value, record_path=column.path, meta="id", record_prefix="e.")
        rows = {"id": flat["id"]}
        for cell in expansion.table.cells:
            rows[cell.name] = pd.Series(np.nan, index=flat.index, dtype="object")
            for source in reversed(sources_of(shape, cell)):
                values = flat.get(f"e.{source.path or 0}", rows[cell.name])
                values = values.map(source.recode) if source.recode else values
                divisor = CONVERSIONS.get((units[source.path], cell.unit))
                values = values / divisor if divisor else values
                rows[cell.name] = values.where(values.notna(), rows[cell.name])
            if cell.kind is Kind.INTEGER:
                rows[cell.name] = pd.to_numeric(rows[cell.name])
        return pd.DataFrame(rows).astype({cell.name: DTYPE_NAMES[cell.kind] for cell in expansion.table.cells})

    return expand


def _frame(page: Page, *, text: bool) -> pd.DataFrame:
    envelope = json.loads(page.body)
    posts, columns_sent = envelope["posts"], sent_by(page.platform, Endpoint.HISTORY)
    # json_normalize would spread mappings over columns that depend on the posts.
    nested_paths = [column.path for column in columns_sent if column.kind in NESTED]
    nested_values = {path: [value_at(post, path) for post in posts] for path in nested_paths}
    flat = pd.json_normalize(posts).reindex(columns=[column.path for column in columns_sent]).astype("object")
    for column in columns_sent:
        if column.kind is Kind.TIME:
            flat[column.path] = pd.to_datetime(flat[column.path], format="ISO8601", utc=True).dt.as_unit("us")
    for path, values in nested_values.items():
        flat[path] = pd.Series([_to_json(value) for value in values] if text else values, dtype="object")
    frame = flat.set_axis([column.name for column in columns_sent], axis=1).convert_dtypes()
    frame["platform"], frame["profile"], frame["extra"] = page.platform.name, "", np.nan
    frame["as_of"] = pd.Timestamp(envelope["lastUpdated"])
    for column in page.platform.columns:
        if column.fills and column.name in frame:
            frame[column.fills] = frame[column.name].fillna(frame[column.fills])
    columns = _columns(page.platform)
    untyped = [] if text else [column.name for column in columns_sent if column.kind in NESTED]
    dtypes = {column.name: "object" if column.name in untyped else DTYPE_NAMES[column.kind] for column in columns}
    return frame[[column.name for column in columns]].astype(dtypes)


def _columns(platform: Platform) -> list[Column]:
    """Return the columns of the history with the caller's labels, as the recipe of an analyst has them."""
    names = {column.name for column in sent_by(platform, Endpoint.HISTORY)}
    names |= {"platform", "profile", "as_of", "extra"}
    return [column for column in columns_of(platform) if column.name in names]


def _to_json(value: Any) -> Any:
    return np.nan if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
