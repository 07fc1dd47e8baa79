"""Comparison of posts with the median of their peers, and top posts of each platform."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import ayrframe as ayr
from ayrframe._metrics.above_normal import above_normal, top_posts

AS_OF = "2026-03-10T00:00:00Z"
DTYPES = {
    "platform": "str",
    "profile": "str",
    "id": "str",
    "as_of": "datetime64[us, UTC]",
    "created": "datetime64[us, UTC]",
    "age_days": "float64",
    "post": "str",
    "post_url": "str",
    "format": "str",
    "kind": "str",
    "value": "float64",
    "normal": "float64",
    "peers": "Int64",
    "ratio": "float64",
}


def posts_with_likes(*likes: int | None, platform: str = "bluesky", **more: Any) -> pd.DataFrame:
    sent = [{"id": str(position), "likeCount": count, **more} for position, count in enumerate(likes)]
    return ayr.from_posts(sent, platform=platform, as_of=AS_OF, validate=None)


def to_list(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def test_above_normal_of_one_group_gives_median_of_other_posts() -> None:
    table = above_normal(posts_with_likes(1, 100, 3, 2, 5, 4), "likes")
    assert to_list(table["value"]) == [1, 100, 3, 2, 5, 4]
    # For example, the peers of 1 are 100, 3, 2, 5 and 4.
    assert to_list(table["normal"]) == [4, 3, 4, 4, 3, 3]
    assert to_list(table["peers"]) == [5] * 6
    assert to_list(table["ratio"]) == pytest.approx([1 / 4, 100 / 3, 3 / 4, 2 / 4, 5 / 3, 4 / 3])


def test_above_normal_of_even_number_of_peers_averages_middle_two() -> None:
    table = above_normal(posts_with_likes(1, 2, 3, 4, 5, 6, 7), "likes")
    assert to_list(table["normal"]) == [4.5, 4.5, 4.5, 4, 3.5, 3.5, 3.5]


def test_above_normal_of_equal_values_counts_them_as_peers() -> None:
    assert to_list(above_normal(posts_with_likes(*[7] * 6), "likes")["normal"]) == [7] * 6


def test_above_normal_with_fewer_than_five_peers_has_no_normal_and_no_ratio() -> None:
    table = above_normal(posts_with_likes(1, 2, 3, 4, 5), "likes")
    assert to_list(table["peers"]) == [4] * 5
    assert table[["normal", "ratio"]].isna().all(axis=None)
    assert table.dtypes.astype(str).to_dict() == DTYPES


def test_above_normal_with_normal_of_zero_has_no_ratio() -> None:
    table = above_normal(posts_with_likes(0, 0, 0, 0, 0, 0, 9), "likes")
    assert to_list(table["normal"]) == [0] * 7
    assert table["ratio"].isna().all()


def test_above_normal_of_single_post_has_no_normal() -> None:
    row = above_normal(posts_with_likes(3), "likes").iloc[0]
    assert row["peers"] == 0
    assert pd.isna(row["normal"])


def test_above_normal_of_post_without_value_is_not_a_peer_but_has_normal() -> None:
    table = above_normal(posts_with_likes(1, None, 2, 3, 4, 5), "likes")
    assert to_list(table["value"]) == [1, None, 2, 3, 4, 5]
    assert to_list(table["peers"]) == [4, 5, 4, 4, 4, 4]
    assert to_list(table["normal"]) == [None, 3, None, None, None, None]
    assert table["ratio"].isna().all()


def test_above_normal_compares_within_platform_profile_kind_and_format() -> None:
    reel = {"mediaProductType": "REELS", "mediaType": "VIDEO"}
    image = {"mediaProductType": "FEED", "mediaType": "IMAGE"}
    reply = {"referencedTweets": [{"type": "replied_to", "id": "9"}]}
    groups = [
        ("instagram", "a", reel), ("instagram", "a", image), ("instagram", "a", {}), ("instagram", "b", reel),
        ("twitter", "a", {"post": "a"}), ("twitter", "a", reply),
    ]  # fmt: skip
    frames = [
        ayr.from_posts(
            [
                {"id": f"{likes}", "likeCount": likes, "publicMetrics": {"likeCount": likes}, **media}
                for likes in range(10**number, 7 * 10**number, 10**number)
            ],
            platform=platform, profile=profile, as_of=AS_OF, validate=None,
        )
        for number, (platform, profile, media) in enumerate(groups)
    ]  # fmt: skip
    table = above_normal(pd.concat(frames, ignore_index=True), "likes")
    # The median of 2 to 6 is 4, that of 1 and 3 to 6 is 4, …, that of 1 to 5 is 3.
    medians = [4, 4, 4, 3, 3, 3]
    assert to_list(table["normal"]) == [median * 10**number for number in range(6) for median in medians]
    assert to_list(table["peers"]) == [5] * 36


def test_above_normal_of_unknown_kind_and_format_compares_them_with_each_other() -> None:
    table = above_normal(posts_with_likes(1, 9, 9, 9, 9, 9), "likes")
    assert table[["kind", "format"]].isna().all(axis=None)
    assert to_list(table["normal"]) == [9] * 6


def test_above_normal_of_reordered_posts_keeps_their_order() -> None:
    posts = posts_with_likes(5, 1, 4, 2, 3, 6).iloc[[2, 0, 3, 1, 4, 5]]
    table = above_normal(posts, "likes")
    assert table["id"].tolist() == ["2", "0", "3", "1", "4", "5"]
    assert isinstance(table.index, pd.RangeIndex)
    assert to_list(table["normal"]) == [3, 3, 4, 4, 4, 3]


def test_above_normal_of_several_observations_uses_latest() -> None:
    older = ayr.from_posts([{"id": "0", "likeCount": 1}], platform="bluesky", as_of="2026-03-01", validate=None)
    table = above_normal(pd.concat([posts_with_likes(50, 60, 60, 60, 60, 60), older]), "likes")
    assert to_list(table["value"]) == [50, 60, 60, 60, 60, 60]
    assert to_list(table["normal"]) == [60] * 6
    assert to_list(table["peers"]) == [5] * 6


def test_above_normal_without_metric_uses_engagements() -> None:
    posts = posts_with_likes(2, 4, replyCount=10)
    pd.testing.assert_frame_equal(above_normal(posts), above_normal(posts, "engagements"))
    assert to_list(above_normal(posts)["value"]) == [12, 14]


def test_above_normal_of_rate_gives_median_rate() -> None:
    sent = [{"id": str(n), "likeCount": n, "videoViews": 100} for n in (1, 2, 6, 3, 4, 5)]
    table = above_normal(ayr.from_posts(sent, platform="tiktok", as_of=AS_OF, validate=None), "er_views")
    assert to_list(table["value"]) == pytest.approx([0.01, 0.02, 0.06, 0.03, 0.04, 0.05])
    assert to_list(table["normal"]) == pytest.approx([0.04, 0.04, 0.03, 0.04, 0.03, 0.03])


@pytest.mark.parametrize("read", [above_normal, top_posts])
def test_unknown_metric_raises_and_lists_metrics(read: Any) -> None:
    with pytest.raises(ValueError, match=r"Unknown metric 'hearts'\..* Choose from: likes, .*er_reach"):
        read(posts_with_likes(1), "hearts")


@pytest.mark.parametrize("read", [above_normal, top_posts])
def test_empty_frame_gives_empty_table_with_same_columns(read: Any) -> None:
    for platform in ("bluesky", "twitter"):
        empty, full = read(ayr.from_posts([], platform=platform)), read(ayr.load_sample(platform))
        assert empty.empty
        assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


def test_above_normal_and_top_posts_have_documented_dtypes() -> None:
    assert above_normal(posts_with_likes(None)).dtypes.astype(str).to_dict() == DTYPES
    head, rest = list(DTYPES.items())[:4], list(DTYPES.items())[4:]
    assert top_posts(posts_with_likes(None)).dtypes.astype(str).to_dict() == dict([*head, ("rank", "Int64"), *rest])


# ── Top posts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_top_posts_of_two_platforms_ranks_each_in_registry_order() -> None:
    posts = pd.concat([posts_with_likes(1, 9, 5, platform="tiktok"), posts_with_likes(2, 8, 3)], ignore_index=True)
    table = top_posts(posts, "likes", n=2)
    assert table[["platform", "rank", "value"]].values.tolist() == [
        ["bluesky", 1, 8],
        ["bluesky", 2, 3],
        ["tiktok", 1, 9],
        ["tiktok", 2, 5],
    ]
    assert isinstance(table.index, pd.RangeIndex)


def test_top_posts_computes_normal_and_peers_from_all_posts() -> None:
    best = top_posts(posts_with_likes(1, 2, 3, 4, 5, 60), "likes", n=1).iloc[0]
    assert (best["normal"], best["peers"], best["ratio"]) == (3, 5, 20)


def test_top_posts_of_equal_values_keeps_order_of_frame() -> None:
    assert top_posts(posts_with_likes(5, 5, 5), "likes", n=2)["id"].tolist() == ["0", "1"]


def test_top_posts_without_value_are_left_out() -> None:
    assert top_posts(posts_with_likes(None, 3, None), "likes")["id"].tolist() == ["1"]
    assert top_posts(posts_with_likes(None, None), "likes").empty


@pytest.mark.parametrize("n", [0, -1, 1.5, True, "3", None])
def test_top_posts_with_invalid_n_raises(n: Any) -> None:
    with pytest.raises(ValueError, match="`n` must be a positive integer"):
        top_posts(posts_with_likes(1), "likes", n=n)


def test_top_posts_accepts_numpy_integer() -> None:
    assert len(top_posts(posts_with_likes(1, 2, 3), "likes", n=np.int64(2))) == 2


# ── Against a plain loop ────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["bluesky", "instagram"]),
            st.sampled_from([{}, {"mediaProductType": "FEED", "mediaType": "IMAGE"}]),
            st.one_of(st.none(), st.integers(0, 9), st.integers(0, 2**62)),
        ),
        max_size=25,
    )
)
def test_above_normal_of_any_posts_equals_plain_loop(rows: list[tuple[str, Any, int | None]]) -> None:
    api_posts = [
        {"platform": platform, "id": str(position), "likeCount": likes, **(media if platform == "instagram" else {})}
        for position, (platform, media, likes) in enumerate(rows)
    ]
    posts = ayr.from_posts(api_posts, platform=None if api_posts else "bluesky", as_of=AS_OF, validate=None)
    table = above_normal(posts, "likes")
    groups = [(post["platform"], "mediaType" in post) for post in api_posts]
    for position, group in enumerate(groups):
        others = [
            float(rows[other][2])
            for other in range(len(rows))
            if other != position and groups[other] == group and rows[other][2] is not None
        ]
        normal, value = (np.median(others) if len(others) >= 5 else np.nan), rows[position][2]
        assert table["peers"][position] == len(others)
        np.testing.assert_equal(table["normal"][position], normal)
        has_ratio = value is not None and len(others) >= 5 and normal != 0
        np.testing.assert_equal(table["ratio"][position], value / normal if has_ratio else np.nan)
