"""Drift examines only cells that may have findings, with the result of examining all."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

import ayrframe as ayr
from ayrframe._frame import drift as drift_module
from ayrframe._frame.clean_cells import cells_to_examine
from ayrframe._platforms import PLATFORMS

NESTED = [(platform, column) for platform in PLATFORMS.values() for column in platform.columns if column.inner]
VALUES: list[Any] = [
    *(None, 0, -1, 1.5, 2**53, 2**63, 10**30, True),
    *("", "1", "1.5", "01", "photo", "new", "2026-01-02T03:04:05Z"),
    *([], {}, [None], [{}], ["x"], {"a": 1}),
]


def drift_of_all_cells(posts: pd.DataFrame) -> pd.DataFrame:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drift_module, "cells_to_examine", lambda cells, _: np.flatnonzero(cells.is_valid()))
        return posts.ayr.drift()


@st.composite
def cells(draw: st.DrawFn) -> tuple[Any, Any, list[str | None]]:
    """Draw a nested column, and cells with declared keys whose values are of any type, and other keys."""
    platform, column = draw(st.sampled_from(NESTED))
    keys = [field.path for field in column.inner] + ["undeclared"]
    value = st.sampled_from(VALUES)

    def nest(fields: dict[str, Any]) -> dict[str, Any]:
        nested: dict[str, Any] = {}
        for path, inner in fields.items():
            *parents, key = path.split(".")
            target = nested
            for parent in parents:
                target = target.setdefault(parent, {}) if isinstance(target.get(parent, {}), dict) else {}
            target[key] = inner
        return nested

    element = value if column.inner[0].path == "" else st.dictionaries(st.sampled_from(keys), value).map(nest)
    cell = st.lists(element | value, max_size=3) if column.kind.value == "list" else element
    return platform, column, draw(st.lists(st.none() | cell.map(json.dumps), min_size=1, max_size=4))


@given(cells())
@settings(max_examples=250, deadline=None)
def test_drift_examines_every_cell_with_findings(drawn: tuple[Any, Any, list[str | None]]) -> None:
    platform, column, texts = drawn
    posts = ayr.from_posts([{"id": str(i)} for i in range(len(texts))], platform=platform.name, validate=None)
    posts[column.name] = pd.Series(texts, dtype="str")
    pd.testing.assert_frame_equal(posts.ayr.drift(), drift_of_all_cells(posts))


def test_only_cells_that_may_have_findings_are_examined() -> None:
    column = next(column for platform, column in NESTED if (platform.name, column.name) == ("twitter", "media"))
    texts = ['[{"mediaKey":"3_1","type":"photo","width":640,"publicMetrics":{"viewCount":7}}]', None, "[]"]
    assert cells_to_examine(pa.array(texts, pa.large_string()), column).tolist() == []
    texts += ['[{"type":"hologram"}]', "[]", '[{"publicMetrics":{"shares":1}}]', '[{"width":"640"}]']
    assert cells_to_examine(pa.array(texts, pa.large_string()), column).tolist() == [3, 5, 6]
