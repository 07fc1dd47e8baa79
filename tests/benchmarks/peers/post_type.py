"""The type of a post, as somebody who writes a schema by hand for pyarrow, polars or DuckDB would put it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Column, Field, Kind
from tests.benchmarks.pages import Page

UTC_TIME = pa.timestamp("us", "UTC")
_PLAIN: dict[Kind, pa.DataType] = {
    Kind.ID: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.QUOTED_INTEGER: pa.string(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TIME: UTC_TIME,
}
_NO_KEYS = ("none",)

Keys = Mapping[str, Iterable[str]]


def post_type(page: Page) -> pa.StructType:
    """Return the struct that holds each declared field of a post. Objects whose keys are data hold counts."""
    return _struct(sent_by(page.platform), page.keys)


def _struct(fields: Iterable[Column | Field], keys: Keys) -> pa.StructType:
    tree: dict[str, Any] = {}
    for field in fields:
        *parents, last = field.path.split(".")
        at = tree
        for parent in parents:
            at = at.setdefault(parent, {})
        at[last] = field
    return _of_tree(tree, keys)


def _of_tree(tree: Mapping[str, Any], keys: Keys) -> pa.StructType:
    inner = {name: _of_tree(at, keys) if isinstance(at, dict) else _of(at, keys) for name, at in tree.items()}
    return pa.struct(list(inner.items()))


def _of(field: Column | Field, keys: Keys) -> pa.DataType:
    if field.kind is Kind.LIST:
        itself = next((inner for inner in field.inner if inner.path == ""), None)
        return pa.list_(_PLAIN[itself.kind] if itself else _struct(field.inner, keys))
    if field.kind is Kind.MAPPING:
        return pa.struct([(key, pa.int64()) for key in list(keys[field.path]) or _NO_KEYS])
    return _PLAIN[field.kind]
