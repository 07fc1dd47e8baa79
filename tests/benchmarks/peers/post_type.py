"""Build the Arrow type of a post, the hand-written schema of pyarrow, polars and DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Column, Endpoint, Field, Kind
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
    """Return the struct of all declared fields of a post; mappings contain counts."""
    return _struct_type(sent_by(page.platform, Endpoint.HISTORY), page.keys)


def _struct_type(fields: Iterable[Column | Field], keys: Keys) -> pa.StructType:
    tree: dict[str, Any] = {}
    for field in fields:
        *parents, last = field.path.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = field
    return _tree_type(tree, keys)


def _tree_type(tree: Mapping[str, Any], keys: Keys) -> pa.StructType:
    inner = {
        name: _tree_type(node, keys) if isinstance(node, dict) else _field_type(node, keys)
        for name, node in tree.items()
    }
    return pa.struct(list(inner.items()))


def _field_type(field: Column | Field, keys: Keys) -> pa.DataType:
    if field.kind is Kind.LIST:
        element = next((inner for inner in field.inner if inner.path == ""), None)
        return pa.list_(_PLAIN[element.kind] if element else _struct_type(field.inner, keys))
    if field.kind is Kind.MAPPING:
        return pa.struct([(key, pa.int64()) for key in list(keys[field.path]) or _NO_KEYS])
    return _PLAIN[field.kind]
