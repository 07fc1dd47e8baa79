"""The rules of a schema are tried on whole columns first: what keeps them all, pandera has nothing to say about."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pandera.errors import SchemaErrors

import ayrframe as ayr
from ayrframe import _schema
from ayrframe._platforms import PLATFORMS

SAMPLES = {name: ayr.load_sample(name, validate=None).head(4) for name in PLATFORMS}
ODD: dict[str, list[Any]] = {
    "str": ["", "a", None],
    "Int64": [-1, 0, 1, None],
    "float64": [-1.0, -0.0, 1.0, 1.0000001, np.inf, np.nan],
    "boolean": [True, None],
    "datetime64[us, UTC]": [pd.Timestamp("2100-01-01", tz="UTC"), pd.Timestamp("2000-01-01", tz="UTC"), pd.NaT],
}
CASTS = ["object", "float64", "Int64", "boolean", "string", "str", "category", "datetime64[us, UTC]"]


def pandera_is_content(posts: pd.DataFrame, platform: str) -> bool:
    try:
        ayr.schema(platform).validate(posts, lazy=True)
    except SchemaErrors:
        return False
    return True


def keeps(posts: pd.DataFrame, platform: str) -> bool:
    return not _schema._broken(posts, (PLATFORMS[platform],)) and not _schema._has_duplicates(posts)


@some.composite
def odd_posts(draw: some.DrawFn) -> tuple[str, pd.DataFrame]:
    platform = draw(some.sampled_from(list(PLATFORMS)))
    posts = SAMPLES[platform].copy()
    for name in draw(some.lists(some.sampled_from(list(posts.columns)), max_size=2)):
        row = draw(some.integers(0, len(posts) - 1))
        posts.loc[row, name] = draw(some.sampled_from(ODD[str(posts[name].dtype)]))
    if draw(some.booleans()):
        posts = pd.concat([posts, posts.head(1)], ignore_index=True)
    if draw(some.booleans()):
        later = posts.head(2).assign(as_of=lambda one: one["as_of"] + pd.Timedelta(hours=1))
        posts = pd.concat([posts, later], ignore_index=True)
    return platform, posts


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_sample_keeps_every_rule_and_pandera_agrees(platform: str) -> None:
    assert keeps(SAMPLES[platform], platform)
    assert pandera_is_content(SAMPLES[platform], platform)


@given(odd=odd_posts())
@settings(max_examples=300, deadline=None)
def test_what_keeps_every_rule_pandera_accepts_and_what_it_accepts_keeps_them(odd: tuple[str, pd.DataFrame]) -> None:
    platform, posts = odd
    assert keeps(posts, platform) == pandera_is_content(posts, platform)


@given(odd=odd_posts(), dropped=some.booleans())
@settings(max_examples=100, deadline=None)
def test_report_on_broken_columns_equals_report_of_whole_schema(odd: tuple[str, pd.DataFrame], dropped: bool) -> None:
    platforms = (PLATFORMS[odd[0]],)
    posts = odd[1].drop(columns=["created", "extra"]) if dropped else odd[1]
    cases, structural = _schema._found(posts, platforms, _schema._broken(posts, platforms))
    expected, is_structural = _schema._found(posts, platforms, list(_schema.schema_of(platforms).columns))
    pd.testing.assert_frame_equal(cases, expected)
    assert structural == is_structural


@given(data=some.data())
@settings(max_examples=200, deadline=None)
def test_a_column_of_another_dtype_is_never_taken_for_what_is_declared(data: some.DataObject) -> None:
    platform = data.draw(some.sampled_from(list(PLATFORMS)))
    posts = SAMPLES[platform].copy()
    name, dtype = data.draw(some.sampled_from(list(posts.columns))), data.draw(some.sampled_from(CASTS))
    try:
        posts[name] = posts[name].astype(dtype)
    except (ValueError, TypeError):
        return
    assert not keeps(posts, platform) or pandera_is_content(posts, platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_frame_that_lacks_a_column_or_has_one_twice_is_left_to_pandera(platform: str) -> None:
    posts = SAMPLES[platform]
    for name in posts.columns:
        assert not keeps(posts.drop(columns=name), platform), name
    assert not keeps(pd.concat([posts, posts[["id"]]], axis=1), platform)


def test_pandera_is_not_asked_about_a_frame_that_keeps_every_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(_schema, "schema_of", lambda _: asked.append(1))
    _schema.validated(SAMPLES["tiktok"], "raise")
    assert not asked
