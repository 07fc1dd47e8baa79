"""Viewers of each quarter of a video."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._metrics.completion import completion
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.child_tables import QUARTILE_METRICS

AS_OF = "2026-03-10T00:00:00Z"
DTYPES = {
    "platform": "str",
    "profile": "str",
    "id": "str",
    "as_of": "datetime64[us, UTC]",
    "media_key": "str",
    "scope": "str",
    "quarter": "Int64",
    "viewers": "Int64",
    "fraction": "float64",
}


def quarters(*counts: int | None) -> dict[str, int | None]:
    return {f"playback{quarter}Count": count for quarter, count in zip((0, 25, 50, 75, 100), counts, strict=False)}


def video(key: str = "7_1", **scopes: dict[str, int | None]) -> dict[str, Any]:
    return {"mediaKey": key, "type": "video", **scopes}


def posts_of(*media: list[dict[str, Any]], as_of: str = AS_OF) -> pd.DataFrame:
    sent = [{"id": str(position), "post": "a", "media": items} for position, items in enumerate(media, 1)]
    return ayr.from_posts(sent, platform="twitter", as_of=as_of, validate=None)


def to_list(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def test_completion_of_video_gives_row_per_quarter_and_fraction_of_starters() -> None:
    table = completion(posts_of([video(organicMetrics=quarters(200, 100, 50, 40, 30))]))
    assert to_list(table["quarter"]) == [0, 25, 50, 75, 100]
    assert to_list(table["viewers"]) == [200, 100, 50, 40, 30]
    assert to_list(table["fraction"]) == [1, 0.5, 0.25, 0.2, 0.15]
    assert set(table["media_key"]) == {"7_1"}


def test_completion_of_two_scopes_keeps_them_apart_and_defaults_to_organic() -> None:
    posts = posts_of([video(organicMetrics=quarters(100, 80), nonPublicMetrics=quarters(900, 90))])
    assert to_list(completion(posts)["viewers"])[:2] == [100, 80]
    assert set(completion(posts)["scope"]) == {"organic"}
    paid = completion(posts, "non_public")
    assert to_list(paid["fraction"])[:2] == [1, 0.1]
    assert set(paid["scope"]) == {"non_public"}


def test_completion_of_video_without_quarters_in_scope_has_no_rows() -> None:
    posts = posts_of([video(nonPublicMetrics=quarters(9, 3))])
    assert completion(posts).empty
    only_views = posts_of([video(publicMetrics={"viewCount": 5}, organicMetrics={"viewCount": 5})])
    assert completion(only_views).empty


def test_completion_of_missing_quarter_is_na() -> None:
    table = completion(posts_of([video(organicMetrics=quarters(10, None, 5))]))
    assert to_list(table["viewers"]) == [10, None, 5, None, None]
    assert to_list(table["fraction"]) == [1, None, 0.5, None, None]


@pytest.mark.parametrize("start", [None, 0, -1])
def test_completion_without_starters_has_no_fraction(start: int | None) -> None:
    table = completion(posts_of([video(organicMetrics=quarters(start, 3, 2, 1, 1))]))
    assert table["fraction"].isna().all()
    assert to_list(table["viewers"]) == [0 if start == 0 else None, 3, 2, 1, 1]


def test_completion_of_minus_one_is_na() -> None:
    table = completion(posts_of([video(organicMetrics=quarters(4, -1, 2, -1, 1))]))
    assert to_list(table["viewers"]) == [4, None, 2, None, 1]


def test_completion_of_post_with_two_videos_gives_rows_for_each() -> None:
    table = completion(
        posts_of(
            [video("a", organicMetrics=quarters(4, 2)), video("b", organicMetrics=quarters(8, 2))], [], [video("c")]
        )
    )
    assert table["media_key"].tolist() == ["a"] * 5 + ["b"] * 5
    assert table["id"].tolist() == ["1"] * 10
    assert [table["fraction"][1], table["fraction"][6]] == [0.5, 0.25]


def test_completion_of_large_number_is_exact() -> None:
    assert completion(posts_of([video(organicMetrics=quarters(2**60 + 1))]))["viewers"][0] == 2**60 + 1


def test_completion_of_several_observations_uses_latest() -> None:
    older = posts_of([video(organicMetrics=quarters(1, 1))], as_of="2026-03-01")
    newer = posts_of([video(organicMetrics=quarters(10, 5))])
    table = completion(pd.concat([newer, older]))
    assert to_list(table["viewers"])[:2] == [10, 5]
    assert len(table) == 5


@pytest.mark.parametrize("platform", [name for name in PLATFORMS if name != "twitter"])
def test_completion_of_platform_without_media_metrics_raises(platform: str) -> None:
    message = r"^These posts have no completion of videos; it exists for twitter only\.$"
    posts = ayr.load_sample(platform)
    for call in (posts.ayr.completion, posts.ayr.plot.completion):
        with pytest.raises(ayr.ExpansionError, match=message):
            call()


def test_completion_with_posts_of_other_platforms_is_unchanged() -> None:
    alone, together = completion(ayr.load_sample("twitter")), completion(ayr.load_sample())
    pd.testing.assert_frame_equal(alone, together)
    assert alone.dtypes.astype(str).to_dict() == DTYPES


def test_completion_of_empty_frame_gives_empty_table() -> None:
    assert completion(ayr.from_posts([], platform="twitter")).dtypes.astype(str).to_dict() == DTYPES
    assert completion(posts_of([])).empty


@pytest.mark.parametrize("scope", ["public", "both", "", None, 3])
def test_completion_with_unknown_scope_raises_and_lists_scopes(scope: Any) -> None:
    with pytest.raises(ValueError, match="Choose from: organic, non_public"):
        completion(ayr.load_sample("tiktok"), scope)


def test_quartile_metrics_equal_columns_of_expansion() -> None:
    wide = ayr.load_sample("twitter").ayr.media_metrics(wide=True)
    assert [name for name in wide.columns if name.startswith("playback")] == list(QUARTILE_METRICS)
    assert list(QUARTILE_METRICS.values()) == [0, 25, 50, 75, 100]


def test_completion_with_empty_latest_observation_uses_older_one() -> None:
    earlier = posts_of([video("7_1", organicMetrics=quarters(200, 100)), video("7_2", organicMetrics=quarters(50, 20))])
    later = posts_of([video("7_1"), video("7_2", organicMetrics=quarters(60, 30))], as_of="2026-04-20T00:00:00Z")
    table = completion(pd.concat([earlier, later], ignore_index=True))
    assert table.drop_duplicates("media_key")[["media_key", "viewers"]].values.tolist() == [["7_1", 200], ["7_2", 60]]
    assert len(table) == 10


def test_completion_of_two_videos_without_key_keeps_both() -> None:
    table = completion(posts_of([{"organicMetrics": quarters(9, 3)}, {"organicMetrics": quarters(8, 2)}]))
    assert to_list(table.query("quarter == 0")["viewers"]) == [9, 8]
