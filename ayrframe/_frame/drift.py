"""Compare posts with the declarations: undeclared fields, values of the wrong type, new values, fields never seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from msgspec import Raw
from msgspec.json import encode

from ayrframe._decode.json import compact_json, list_decoder, object_decoder
from ayrframe._decode.values import INVALID, convert
from ayrframe._frame.clean_cells import cells_to_examine
from ayrframe._frame.extra import UNDECLARED, WRONG_TYPE, iter_extra_fields
from ayrframe._frame.new_values import NEW_VALUE, iter_new_values
from ayrframe._frame.platform_rows import rows_by_platform, take_rows
from ayrframe._frame.to_arrow import to_arrow
from ayrframe._platforms.columns import EXTRA, sent_by
from ayrframe._platforms.spec import Column, Field, Kind, Platform
from ayrframe.errors import QUOTED_CHARACTERS, warn_user

NEVER_SEEN = "never seen"
_DRIFT_DTYPES = {"platform": "str", "path": "str", "finding": "str", "posts": "int64", "example": "str"}

DriftFinding = tuple[str, str, str]  # path, example, finding


def drift(posts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per platform, path and finding, with the number of posts and an example."""
    if EXTRA.name not in posts.columns:
        warn_user("The frame lacks the column 'extra', so undeclared fields and invalid values are not reported.")
    rows = [row for platform, rows in rows_by_platform(posts) for row in _platform_findings(posts, platform, rows)]
    return pd.DataFrame(rows, columns=list(_DRIFT_DTYPES)).astype(_DRIFT_DTYPES)


def _platform_findings(posts: pd.DataFrame, platform: Platform, rows: np.ndarray) -> Iterator[tuple[Any, ...]]:
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for findings in _iter_post_findings(posts, platform, rows):
        counts.update(list(dict.fromkeys((path, finding) for path, _, finding in findings)))
        for path, value, finding in findings:
            examples.setdefault((path, finding), value[:QUOTED_CHARACTERS])
    for (path, finding), count in counts.items():
        yield platform.name, path, finding, count, examples[path, finding]
    for column, positions, values in iter_new_values(posts, platform, rows):
        yield platform.name, column.path, NEW_VALUE, len(positions), encode(values[0]).decode()[:QUOTED_CHARACTERS]
    for column in sent_by(platform):
        if column.name in posts.columns and take_rows(posts[column.name].array, rows).isna().all():
            yield platform.name, column.path, NEVER_SEEN, 0, None


def _iter_post_findings(posts: pd.DataFrame, platform: Platform, rows: np.ndarray) -> Iterator[list[DriftFinding]]:
    """Yield the findings of each post that has any."""
    cells_of: dict[int, list[tuple[Column, str]]] = {}
    for column in platform.columns:
        if column.inner and column.name in posts.columns:
            cells = to_arrow(posts, column, rows)
            positions = cells_to_examine(cells, column)
            for position, cell in zip(positions.tolist(), cells.take(pa.array(positions)).to_pylist(), strict=True):
                cells_of.setdefault(position, []).append((column, cell))
    extra = to_arrow(posts, EXTRA, rows) if EXTRA.name in posts.columns else pa.nulls(len(rows), pa.large_string())
    for position in sorted({*cells_of, *np.flatnonzero(extra.is_valid()).tolist()}):
        text = extra[position].as_py()
        findings = list(iter_extra_fields(platform, text)) if text else []
        for column, cell in cells_of.get(position, ()):
            if column.kind is Kind.MAPPING:
                findings += _object_findings(column.path, object_decoder.decode(cell), column.inner)
            else:
                findings += _list_findings(f"{column.path}[]", Raw(cell), column.inner)
        if findings:
            yield findings


def _list_findings(prefix: str, cell: Raw, inner: tuple[Field, ...]) -> Iterator[DriftFinding]:
    is_scalar = inner[0].path == ""
    for raw in list_decoder.decode(cell):
        if not is_scalar and bytes(raw).lstrip()[:1] == b"{":
            yield from _object_findings(prefix, object_decoder.decode(raw), inner)
        elif not is_scalar or convert(inner[0].kind, raw) is INVALID:
            yield prefix, compact_json(raw).decode(), WRONG_TYPE


def _object_findings(
    prefix: str, fields: dict[str, Raw], inner: tuple[Field, ...], parent: str = ""
) -> Iterator[DriftFinding]:
    """Yield the findings in an object; the declared paths of its fields start with `parent`."""
    declared = {field.path: field for field in inner}
    for key, raw in fields.items():
        path, value, field = f"{prefix}.{key}", compact_json(raw), declared.get(parent + key)
        if field is not None:
            converted = convert(field.kind, raw)
            if converted is INVALID:
                yield path, value.decode(), WRONG_TYPE
            elif field.values and converted is not None and converted not in field.values:
                yield path, value.decode(), NEW_VALUE
            elif field.inner and value != b"null":
                yield from _list_findings(f"{path}[]", raw, field.inner)
        elif not any(inner_path.startswith(f"{parent}{key}.") for inner_path in declared):
            yield path, value.decode(), UNDECLARED
        elif value[:1] == b"{":
            yield from _object_findings(path, object_decoder.decode(raw), inner, f"{parent}{key}.")
        else:
            yield path, value.decode(), WRONG_TYPE
