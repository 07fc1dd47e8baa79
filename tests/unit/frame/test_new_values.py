"""Values that are not among the known values of a field: kept, listed by `drift()`, and warned of."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

AS_OF = "2026-03-01T00:00:00Z"
# Every column with known values: one of them, and a new value.
COLUMNS = [
    ("facebook", "statusType", "status_type", "wall_post", "new_thing"),
    ("facebook", "mediaType", "media_type", "photo", "PHOTO"),
    ("instagram", "mediaProductType", "media_product_type", "AD", "TRIAL_REEL"),
    ("instagram", "mediaType", "media_type", "CAROUSEL_ALBUM", "CAROUSEL"),
    ("linkedin", "status", "status", "PUBLISHED", "DRAFT"),
    ("linkedin", "visibility", "visibility", "LOGGED_IN", "public"),
    ("linkedin", "commentsState", "comments_state", "OPEN", "CLOSED"),
    ("pinterest", "mediaType", "media_type", "multiple_mixed", "IMAGE"),
    ("threads", "mediaProductType", "media_product_type", "THREADS", "FEED"),
    ("threads", "mediaType", "media_type", "AUDIO", "CAROUSEL"),
    ("threads", "replyAudience", "reply_audience", "EVERYONE", ""),
    ("tiktok", "mediaType", "media_type", "video", "image"),
    ("youtube", "privacyStatus", "privacy_status", "unlisted", "members"),
]
NESTED = [
    ("facebook", "mediaUrls", "mediaType", "video", "album"),
    ("facebook", "mediaUrls", "type", "story", "reel"),
    ("pinterest", "mediaUrls", "mediaType", "image", "gif"),
    ("twitter", "media", "type", "animated_gif", "model"),
    ("twitter", "referencedTweets", "type", "retweeted", "liked"),
]


def frame_of(platform: str, *posts: dict[str, Any], validate: Any = None) -> pd.DataFrame:
    sent = [{"id": str(number), "post": "Rye", **post} for number, post in enumerate(posts)]
    return ayr.from_posts(sent, platform=platform, as_of=AS_OF, validate=validate)


def drift_of(posts: pd.DataFrame) -> list[tuple[str, str, int, str]]:
    found = posts.ayr.drift().query("finding != 'never seen'")
    return list(found[["path", "finding", "posts", "example"]].itertuples(index=False, name=None))


def test_columns_above_are_all_columns_with_known_values() -> None:
    from ayrframe._platforms import PLATFORMS

    declared = {(p.name, column.path, column.name) for p in PLATFORMS.values() for column in p.columns if column.values}
    assert {row[:3] for row in COLUMNS} == declared


@pytest.mark.parametrize(("platform", "path", "column", "known", "new"), COLUMNS)
def test_new_value_is_kept_and_reported(platform: str, path: str, column: str, known: str, new: str) -> None:
    posts = frame_of(platform, {path: known}, {path: new}, {}, {path: new})

    assert posts[column].fillna("-").tolist() == [known, new, "-", new]
    assert posts["extra"].isna().all()
    assert drift_of(posts) == [(path, "new value", 2, f'"{new}"')]
    with pytest.warns(ayr.DataWarning, match=f"{column}: 2 new values, e.g. '{new}'"):
        frame_of(platform, {path: known}, {path: new}, {}, {path: new}, validate="warn")
    with pytest.raises(ayr.SchemaError) as caught:
        frame_of(platform, {path: known}, {path: new}, validate="raise")
    assert caught.value.failure_cases[["column", "check", "failure_case", "index"]].values.tolist() == [
        [column, "new value", new, 1]
    ]
    frame_of(platform, {path: known}, {}, validate="raise")


@pytest.mark.parametrize(("platform", "path", "field", "known", "new"), NESTED)
def test_new_value_in_a_list_is_reported(platform: str, path: str, field: str, known: str, new: str) -> None:
    old, changed = {path: [{field: known}, {}]}, {path: [{field: known}, {field: new}]}

    assert drift_of(frame_of(platform, old)) == []
    assert drift_of(frame_of(platform, old, changed)) == [(f"{path}[].{field}", "new value", 1, f'"{new}"')]


def test_known_value_of_another_platform_is_new() -> None:
    posts = pd.concat(
        [frame_of("threads", {"mediaType": "IMAGE"}), frame_of("tiktok", {"mediaType": "IMAGE"})], ignore_index=True
    )

    found = posts.ayr.drift().query("finding == 'new value'")
    assert found[["platform", "path", "posts"]].values.tolist() == [["tiktok", "mediaType", 1]]
    with pytest.raises(ayr.SchemaError, match="media_type: 1 new value"):
        posts.ayr.validate()


def test_status_of_error_record_is_no_new_value() -> None:
    failed = {"id": "1", "action": "analytics", "code": 187, "status": "error", "message": "Error getting analytics"}
    posts = ayr.from_posts([failed], platform="linkedin", as_of=AS_OF, validate="raise")

    assert posts["status"].tolist() == ["error"]
    assert "new value" not in posts.ayr.drift()["finding"].tolist()


def test_text_that_looks_like_a_field_is_no_new_value() -> None:
    post = {"media": [{"type": "photo", "previewImageUrl": 'x"type":"y'}]}
    assert drift_of(frame_of("twitter", post, validate="raise")) == []
