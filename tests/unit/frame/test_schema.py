"""Rules that validate whole columns accept the same frames as pandera, and messages describe what is invalid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as some
from pandera.errors import SchemaErrors

import ayrframe as ayr
from ayrframe._frame import schema as _schema
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


def pandera_accepts(posts: pd.DataFrame, platform: str) -> bool:
    try:
        ayr.schema(platform).validate(posts, lazy=True)
    except SchemaErrors:
        return False
    return True


def rules_accept(posts: pd.DataFrame, platform: str) -> bool:
    return not _schema._invalid_columns(posts, (PLATFORMS[platform],)) and not _schema._has_repeated_keys(posts)


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
def test_rules_accept_samples_as_pandera_does(platform: str) -> None:
    assert rules_accept(SAMPLES[platform], platform)
    assert pandera_accepts(SAMPLES[platform], platform)


@given(odd=odd_posts())
@settings(max_examples=120, deadline=None)
def test_rules_and_pandera_accept_the_same_frames(odd: tuple[str, pd.DataFrame]) -> None:
    platform, posts = odd
    assert rules_accept(posts, platform) == pandera_accepts(posts, platform)


@given(odd=odd_posts(), dropped=some.booleans())
@settings(max_examples=100, deadline=None)
def test_report_on_invalid_columns_equals_report_of_whole_schema(odd: tuple[str, pd.DataFrame], dropped: bool) -> None:
    platforms = (PLATFORMS[odd[0]],)
    posts = odd[1].drop(columns=["created", "extra"]) if dropped else odd[1]
    cases = _schema._pandera_cases(posts, platforms, _schema._invalid_columns(posts, platforms))
    expected = _schema._pandera_cases(posts, platforms, list(_schema.build_schema(platforms).columns))
    pd.testing.assert_frame_equal(cases, expected)


@given(data=some.data())
@settings(max_examples=200, deadline=None)
def test_rules_reject_wrong_dtypes_that_pandera_rejects(data: some.DataObject) -> None:
    platform = data.draw(some.sampled_from(list(PLATFORMS)))
    posts = SAMPLES[platform].copy()
    name, dtype = data.draw(some.sampled_from(list(posts.columns))), data.draw(some.sampled_from(CASTS))
    try:
        posts[name] = posts[name].astype(dtype)
    except (ValueError, TypeError):
        return
    assert not rules_accept(posts, platform) or pandera_accepts(posts, platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_rules_reject_missing_and_duplicate_columns(platform: str) -> None:
    posts = SAMPLES[platform]
    for name in posts.columns:
        assert not rules_accept(posts.drop(columns=name), platform), name
    assert not rules_accept(pd.concat([posts, posts[["id"]]], axis=1), platform)


INVALID_VALUES = {
    "integer": ({"id": "1", "likeCount": "many"}, "like_count: 1 value is not an integer, e.g. '\"many\"'"),
    "string": ({"id": "1", "post": 3}, "post: 1 value is not a string, e.g. '3'"),
    "ISO 8601 time": ({"id": "1", "created": "now"}, "created: 1 value is not an ISO 8601 time, e.g. '\"now\"'"),
    "object": (7, "1 post is not a JSON object, e.g. '7'"),
    "non-empty object": ({"id": "1", "viewer": {}}, "viewer: 1 value is not a non-empty object, e.g. '{}'"),
}


@pytest.mark.parametrize("check", INVALID_VALUES)
def test_message_names_the_expected_type_of_an_invalid_value(check: str) -> None:
    post, problem = INVALID_VALUES[check]
    with pytest.raises(ayr.SchemaError) as caught:
        ayr.from_posts([post, {"id": "2"}], platform="bluesky", validate="raise")
    assert f"{problem} (kept in `extra`)" in str(caught.value)
    assert check in caught.value.failure_cases["check"].tolist()


def test_message_counts_problems_posts_and_values() -> None:
    posts = [{"id": "1", "likeCount": "many"}, {"id": "1", "likeCount": "few"}]
    with pytest.raises(ayr.SchemaError) as caught:
        ayr.from_posts(posts, platform="bluesky", validate="raise", as_of="2026-01-01")
    assert str(caught.value) == (
        "Validation found 2 problems in 2 posts. 1 row repeats the post key (platform, profile, id, "
        "as_of) of another, e.g. id '1': sums count it twice; "
        "like_count: 2 values are not integers, e.g. '\"many\"' (kept in `extra`)."
    )


def test_message_names_missing_columns_and_wrong_dtypes() -> None:
    posts = SAMPLES["bluesky"].drop(columns=["post", "reply_count"]).astype({"like_count": "float64"})
    with pytest.raises(ayr.SchemaError) as caught:
        posts.ayr.validate()
    assert str(caught.value) == (
        "Columns or dtypes of the posts frame are wrong. Validation found 2 problems in 4 posts. "
        "missing columns: post, reply_count; like_count: expected dtype Int64, found 'float64'."
    )
    assert set(caught.value.failure_cases["check"]) == {"column present", "dtype Int64"}


def test_message_omits_rules_that_cannot_be_checked_on_a_wrong_dtype() -> None:
    posts = SAMPLES["bluesky"].astype({"like_count": "str"})
    posts.loc[0, "repost_count"] = -1
    with pytest.raises(ayr.SchemaError) as caught:
        posts.ayr.validate()
    assert "found 2 problems in 4 posts" in str(caught.value)
    assert "like_count: expected dtype Int64, found 'str'" in str(caught.value)
    assert "repost_count: 1 value is negative, e.g. '-1'" in str(caught.value)


def test_validate_frame_does_not_call_pandera_for_a_valid_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(_schema, "build_schema", lambda _: asked.append(1))
    _schema.validate_frame(SAMPLES["tiktok"], "raise")
    assert not asked


def test_message_counts_posts_that_are_not_objects() -> None:
    with pytest.warns(
        ayr.DataWarning, match=r"in 3 posts\. .*; 2 posts are not JSON objects, e\.g\. '7' \(kept in `extra`\)"
    ):
        ayr.from_posts([7, {"id": "1"}, "text"], platform="tiktok", as_of="2026-01-01")


def test_message_has_no_example_of_a_missing_value() -> None:
    with pytest.warns(ayr.DataWarning, match=r"in 2 posts\. id: 2 values are missing or empty\.$"):
        ayr.from_posts([{"post": "a"}, {"id": "", "post": "b"}], platform="tiktok", as_of="2026-01-01")


def test_posts_may_be_created_ten_minutes_after_the_time_of_this_clock() -> None:
    posts = SAMPLES["tiktok"].copy()
    now = pd.Timestamp.now("UTC").as_unit("us")
    posts["created"] = now + pd.Timedelta(minutes=9)
    posts.ayr.validate()
    posts["created"] = now + pd.Timedelta(minutes=11)
    with pytest.warns(ayr.DataWarning, match="created: 4 values are in the future"):
        posts.ayr.validate("warn")
