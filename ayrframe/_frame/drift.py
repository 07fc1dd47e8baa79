"""Compare posts with the declarations: undeclared fields, values of the wrong type, fields that no post has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Raw

from ayrframe._decode.json import compact_json, list_decoder, object_decoder
from ayrframe._decode.values import INVALID, convert
from ayrframe._frame.extra import UNDECLARED, WRONG_TYPE, iter_extra_fields
from ayrframe._frame.platform_rows import platform_mask, platforms_in
from ayrframe._frame.to_arrow import to_arrow
from ayrframe._platforms.columns import EXTRA, sent_by
from ayrframe._platforms.spec import Column, Field, Kind, Platform
from ayrframe.errors import QUOTED_CHARACTERS

NEVER_SEEN = "never seen"
_DRIFT_DTYPES = {"platform": "str", "path": "str", "finding": "str", "posts": "int64", "example": "str"}

DriftFinding = tuple[str, str, str]  # path, finding, example


def drift(posts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per platform, path and finding, with the number of posts and an example."""
    rows = [row for platform in platforms_in(posts) for row in _platform_findings(posts, platform)]
    return pd.DataFrame(rows, columns=list(_DRIFT_DTYPES)).astype(_DRIFT_DTYPES)


def _platform_findings(posts: pd.DataFrame, platform: Platform) -> Iterator[tuple[Any, ...]]:
    rows = np.flatnonzero(platform_mask(platform, posts))
    counts: dict[tuple[str, str], int] = {}
    examples: dict[tuple[str, str], str] = {}
    for findings in _iter_post_findings(posts, platform, rows):
        for path, finding in dict.fromkeys((path, finding) for path, finding, _ in findings):
            counts[path, finding] = counts.get((path, finding), 0) + 1
        for path, finding, value in findings:
            examples.setdefault((path, finding), value[:QUOTED_CHARACTERS])
    for (path, finding), count in counts.items():
        yield platform.name, path, finding, count, examples[path, finding]
    for column in sent_by(platform):
        if column.name in posts.columns and not posts[column.name].iloc[rows].notna().any():
            yield platform.name, column.path, NEVER_SEEN, 0, None


def _iter_post_findings(posts: pd.DataFrame, platform: Platform, rows: np.ndarray) -> Iterator[list[DriftFinding]]:
    """Yield the findings of each post that has any."""
    nested = [column for column in platform.columns if column.inner and column.name in posts.columns]
    cells = {column.name: to_arrow(posts, column, rows).to_pylist() for column in nested}
    extra = to_arrow(posts, EXTRA, rows).to_pylist() if EXTRA.name in posts.columns else [None] * len(rows)
    for position, text in enumerate(extra):
        findings = [(path, reason, value) for path, value, reason in iter_extra_fields(platform, text)] if text else []
        for column in nested:
            cell = cells[column.name][position]
            if cell is not None:
                findings += _cell_findings(column, cell)
        if findings:
            yield findings


def _cell_findings(column: Column, cell: str) -> Iterator[DriftFinding]:
    """Yield the findings in the elements of a nested cell."""
    if column.kind is Kind.MAPPING:
        yield from _object_findings(column.path, object_decoder.decode(cell), column.inner)
    else:
        yield from _list_findings(f"{column.path}[]", Raw(cell), column.inner)


def _list_findings(prefix: str, cell: Raw, inner: tuple[Field, ...]) -> Iterator[DriftFinding]:
    element_field = inner[0] if inner[0].path == "" else None
    for raw in list_decoder.decode(cell):
        if element_field is not None:
            if convert(element_field.kind, raw) is INVALID:
                yield prefix, WRONG_TYPE, compact_json(raw).decode()
        elif bytes(raw).lstrip()[:1] != b"{":
            yield prefix, WRONG_TYPE, compact_json(raw).decode()
        else:
            yield from _object_findings(prefix, object_decoder.decode(raw), inner)


def _object_findings(prefix: str, fields: dict[str, Raw], inner: tuple[Field, ...]) -> Iterator[DriftFinding]:
    declared = {field.path: field for field in inner}
    children: dict[str, list[Field]] = {}
    for field in inner:
        parent, _, child_path = field.path.partition(".")
        if child_path:
            children.setdefault(parent, []).append(
                Field(child_path, field.kind, field.unit, field.meaning, field.inner)
            )
    for key, raw in fields.items():
        path = f"{prefix}.{key}"
        value = compact_json(raw)
        if key in children and value[:1] == b"{":
            yield from _object_findings(path, object_decoder.decode(raw), tuple(children[key]))
        elif key not in declared:
            yield path, WRONG_TYPE if key in children else UNDECLARED, value.decode()
        elif convert(declared[key].kind, raw) is INVALID:
            yield path, WRONG_TYPE, value.decode()
        elif declared[key].inner and value != b"null":
            yield from _list_findings(f"{path}[]", raw, declared[key].inner)
