"""The recipe with pandas alone: `json.loads`, `json_normalize`, `to_datetime`, `convert_dtypes`, checked by pandera."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

import ayrframe as ayr
from ayrframe._frame.dtypes import DTYPE_NAMES
from ayrframe._platforms.columns import columns_of, sent_by
from ayrframe._platforms.spec import CONVERSIONS, NESTED, Expansion, Kind, Platform, RowPerElement
from tests.benchmarks.pages import Page, value_at
from tests.benchmarks.peers.plain_expansions import source_of, ways_of


def reader(page: Page, *, text: bool = True) -> Callable[[], pd.DataFrame]:
    """Return the job: bytes to a checked frame, equal to ours cell by cell.

    Without `text`, nested parts are left as the lists and dicts they are, and nobody checks their columns.
    """
    platform = page.platform
    schema: Any = ayr.schema(platform.name)
    if not text:
        nested = [column.name for column in columns_of(platform) if column.kind in NESTED]
        schema = schema.remove_columns(nested)
    return lambda: schema.validate(_frame(page, text=text), lazy=True)


def same(theirs: pd.DataFrame, ours: pd.DataFrame, platform: Platform) -> None:
    """Raise unless the frame is ours; of nested parts that were left as lists, their number has to be the same."""
    nested = [column.name for column in columns_of(platform) if column.kind in NESTED]
    loose = [name for name in nested if theirs[name].dtype == object]
    pd.testing.assert_frame_equal(theirs.drop(columns=loose), ours.drop(columns=loose))
    pd.testing.assert_series_equal(theirs[loose].notna().sum(), ours[loose].notna().sum())


def unfolder(page: Page, expansion: Expansion) -> Callable[[list[dict[str, Any]]], pd.DataFrame]:
    """Return the job: ready-made dicts to a child table by `json_normalize(record_path)`, keyed by the post's id."""
    source, shape = source_of(page.platform, expansion), expansion.shape
    assert isinstance(shape, RowPerElement)
    units = {field.path: field.unit for field in source.inner}

    def unfold(posts: list[dict[str, Any]]) -> pd.DataFrame:
        having = [post for post in posts if post.get(source.path)]
        flat = pd.json_normalize(having, record_path=source.path, meta="id", record_prefix="e.")
        rows = {"id": flat["id"]}
        for cell in expansion.table.cells:
            rows[cell.name] = pd.Series(np.nan, index=flat.index, dtype="object")
            for take in reversed(ways_of(shape, cell)):
                values = flat.get(f"e.{take.path or 0}", rows[cell.name])
                values = values.map(take.recode) if take.recode else values
                divisor = CONVERSIONS.get((units[take.path], cell.unit))
                values = values / divisor if divisor else values
                rows[cell.name] = values.where(values.notna(), rows[cell.name])
            if cell.kind is Kind.INTEGER:
                rows[cell.name] = pd.to_numeric(rows[cell.name])
        return pd.DataFrame(rows).astype({cell.name: DTYPE_NAMES[cell.kind] for cell in expansion.table.cells})

    return unfold


def _frame(page: Page, *, text: bool) -> pd.DataFrame:
    reply = json.loads(page.body)
    posts, sent = reply["posts"], sent_by(page.platform)
    # An object whose keys are data would be spread over columns that depend on the posts.
    kept = {column.path: [value_at(post, column.path) for post in posts] for column in sent if column.kind in NESTED}
    flat = pd.json_normalize(posts).reindex(columns=[column.path for column in sent]).astype("object")
    for column in sent:
        if column.kind is Kind.TIME:
            flat[column.path] = pd.to_datetime(flat[column.path], format="ISO8601", utc=True).dt.as_unit("us")
    for path, values in kept.items():
        flat[path] = pd.Series([_written(value) for value in values] if text else values, dtype="object")
    frame = flat.set_axis([column.name for column in sent], axis=1).convert_dtypes()
    frame["platform"], frame["profile"], frame["extra"] = page.platform.name, "", np.nan
    frame["as_of"] = pd.Timestamp(reply["lastUpdated"])
    for column in page.platform.columns:
        if column.fills:
            frame[column.fills] = frame[column.name].fillna(frame[column.fills])
    columns = columns_of(page.platform)
    loose = [] if text else [column.name for column in sent if column.kind in NESTED]
    dtypes = {column.name: "object" if column.name in loose else DTYPE_NAMES[column.kind] for column in columns}
    return frame[[column.name for column in columns]].astype(dtypes)


def _written(value: Any) -> Any:
    return np.nan if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
