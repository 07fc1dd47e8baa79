"""Each post beside what is normal for its account, and the best posts of each network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def liked(*likes: int | None, platform: str = "bluesky", **more: Any) -> pd.DataFrame:
    sent = [{"id": str(place), "likeCount": count, **more} for place, count in enumerate(likes)]
    return ayr.from_posts(sent, platform=platform, as_of=AS_OF, validate=None)


def listed(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def test_normal_is_the_median_of_the_other_posts() -> None:
    table = above_normal(liked(1, 100, 3, 2, 5, 4), "likes")
    assert listed(table["value"]) == [1, 100, 3, 2, 5, 4]
    # Of 1, for one, the others are 100 3 2 5 4.
    assert listed(table["normal"]) == [4, 3, 4, 4, 3, 3]
    assert listed(table["peers"]) == [5] * 6
    assert listed(table["ratio"]) == pytest.approx([1 / 4, 100 / 3, 3 / 4, 2 / 4, 5 / 3, 4 / 3])


def test_of_an_even_number_of_others_normal_lies_between_the_middle_two() -> None:
    table = above_normal(liked(10, 20, 40), "likes")
    assert listed(table["normal"]) == [30, 25, 15]


def test_equal_values_are_each_others_peers() -> None:
    assert listed(above_normal(liked(7, 7, 7), "likes")["normal"]) == [7, 7, 7]


def test_there_is_no_ratio_below_five_peers_but_there_is_a_normal() -> None:
    table = above_normal(liked(1, 2, 3, 4, 5), "likes")
    assert listed(table["peers"]) == [4] * 5
    assert table["normal"].notna().all()
    assert table["ratio"].isna().all()


def test_there_is_no_ratio_over_a_normal_of_zero() -> None:
    table = above_normal(liked(0, 0, 0, 0, 0, 0, 9), "likes")
    assert listed(table["normal"]) == [0] * 7
    assert table["ratio"].isna().all()


def test_a_post_alone_has_no_normal() -> None:
    row = above_normal(liked(3), "likes").iloc[0]
    assert row["peers"] == 0
    assert pd.isna(row["normal"])


def test_a_post_without_the_metric_is_nobodys_peer_but_has_a_normal() -> None:
    table = above_normal(liked(1, None, 2, 3), "likes")
    assert listed(table["value"]) == [1, None, 2, 3]
    assert listed(table["peers"]) == [2, 3, 2, 2]
    assert listed(table["normal"]) == [2.5, 2, 2, 1.5]
    assert table["ratio"].isna().all()


def test_only_posts_of_one_network_profile_kind_and_format_are_held_against_each_other() -> None:
    reel = {"mediaProductType": "REELS", "mediaType": "VIDEO"}
    image = {"mediaProductType": "FEED", "mediaType": "IMAGE"}
    reply = {"referencedTweets": [{"type": "replied_to", "id": "9"}]}
    public = [{"publicMetrics": {"likeCount": likes}} for likes in (1, 2, 1000, 2000)]
    frames = [
        ayr.from_posts(sent, platform=platform, profile=profile, as_of=AS_OF, validate=None)
        for platform, profile, sent in (
            ("instagram", "a", [{"id": "1", "likeCount": 10, **reel}, {"id": "2", "likeCount": 90, **image}]),
            ("instagram", "a", [{"id": "3", "likeCount": 30, **reel}, {"id": "4", "likeCount": 70}]),
            ("instagram", "b", [{"id": "5", "likeCount": 50, **reel}]),
            ("twitter", "a", [{"id": "6", "post": "a", **public[0]}, {"id": "7", "post": "b", **public[1]}]),
            ("twitter", "a", [{"id": "8", **public[2], **reply}, {"id": "9", **public[3], **reply}]),
        )
    ]
    posts = pd.concat(frames, ignore_index=True)
    table = above_normal(posts, "likes").set_index("id")["normal"]
    assert listed(table) == [30, None, 10, None, None, 2, 1, 2000, 1000]


def test_posts_of_unknown_kind_and_format_are_a_group_of_their_own() -> None:
    table = above_normal(liked(1, 9), "likes")
    assert table[["kind", "format"]].isna().all(axis=None)
    assert listed(table["normal"]) == [9, 1]


def test_the_rows_keep_the_order_of_the_posts_whatever_their_index() -> None:
    posts = liked(5, 1, 4, 2).iloc[[2, 0, 3, 1]]
    table = above_normal(posts, "likes")
    assert table["id"].tolist() == ["2", "0", "3", "1"]
    assert isinstance(table.index, pd.RangeIndex)
    assert listed(table["normal"]) == [2, 2, 4, 4]


def test_of_several_observations_the_newest_counts_once() -> None:
    older = ayr.from_posts([{"id": "0", "likeCount": 1}], platform="bluesky", as_of="2026-03-01", validate=None)
    table = above_normal(pd.concat([liked(50, 60), older]), "likes")
    assert listed(table["value"]) == [50, 60]
    assert listed(table["normal"]) == [60, 50]


def test_engagements_are_the_default() -> None:
    posts = liked(2, 4, replyCount=10)
    pd.testing.assert_frame_equal(above_normal(posts), above_normal(posts, "engagements"))
    assert listed(above_normal(posts)["value"]) == [12, 14]


def test_a_rate_can_be_held_against_what_is_normal_too() -> None:
    sent = [{"id": str(n), "likeCount": n, "videoViews": 100} for n in (1, 2, 6)]
    table = above_normal(ayr.from_posts(sent, platform="tiktok", as_of=AS_OF, validate=None), "er_views")
    assert listed(table["value"]) == pytest.approx([0.01, 0.02, 0.06])
    assert listed(table["normal"]) == pytest.approx([0.04, 0.035, 0.015])


@pytest.mark.parametrize("read", [above_normal, top_posts])
def test_an_unknown_metric_is_refused_and_the_known_ones_are_named(read: Any) -> None:
    with pytest.raises(ValueError, match=r"Unknown metric 'hearts'\..* Choose from: likes, .*er_reach"):
        read(liked(1), "hearts")


@pytest.mark.parametrize("read", [above_normal, top_posts])
def test_no_posts_give_an_empty_table_with_the_same_columns(read: Any) -> None:
    for platform in ("bluesky", "twitter"):
        empty, full = read(ayr.from_posts([], platform=platform)), read(ayr.load_sample(platform))
        assert empty.empty
        assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


def test_columns_and_dtypes() -> None:
    assert above_normal(liked(None)).dtypes.astype(str).to_dict() == DTYPES
    head, rest = list(DTYPES.items())[:4], list(DTYPES.items())[4:]
    assert top_posts(liked(None)).dtypes.astype(str).to_dict() == dict([*head, ("rank", "Int64"), *rest])


# ── The best ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_top_posts_are_the_highest_of_each_network_in_the_order_of_the_networks() -> None:
    posts = pd.concat([liked(1, 9, 5, platform="tiktok"), liked(2, 8, 3)], ignore_index=True)
    table = top_posts(posts, "likes", n=2)
    assert table[["platform", "rank", "value"]].values.tolist() == [
        ["bluesky", 1, 8],
        ["bluesky", 2, 3],
        ["tiktok", 1, 9],
        ["tiktok", 2, 5],
    ]
    assert isinstance(table.index, pd.RangeIndex)


def test_normal_and_peers_of_the_top_posts_are_those_among_all() -> None:
    best = top_posts(liked(1, 2, 3, 4, 5, 60), "likes", n=1).iloc[0]
    assert (best["normal"], best["peers"], best["ratio"]) == (3, 5, 20)


def test_of_equal_posts_the_first_in_the_frame_is_first() -> None:
    assert top_posts(liked(5, 5, 5), "likes", n=2)["id"].tolist() == ["0", "1"]


def test_posts_without_the_metric_have_no_rank() -> None:
    assert top_posts(liked(None, 3, None), "likes")["id"].tolist() == ["1"]
    assert top_posts(liked(None, None), "likes").empty


@pytest.mark.parametrize("n", [0, -1, 1.5, True, "3", None])
def test_n_has_to_be_a_number_of_posts(n: Any) -> None:
    with pytest.raises(ValueError, match="`n` must be a positive integer"):
        top_posts(liked(1), "likes", n=n)


def test_n_may_be_a_number_of_numpy() -> None:
    assert len(top_posts(liked(1, 2, 3), "likes", n=np.int64(2))) == 2


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
def test_normal_and_peers_are_what_a_loop_over_all_other_posts_finds(rows: list[tuple[str, Any, int | None]]) -> None:
    sent = [
        {"platform": platform, "id": str(place), "likeCount": likes, **(form if platform == "instagram" else {})}
        for place, (platform, form, likes) in enumerate(rows)
    ]
    posts = ayr.from_posts(sent, platform=None if sent else "bluesky", as_of=AS_OF, validate=None)
    table = above_normal(posts, "likes")
    shapes = [(post["platform"], "mediaType" in post) for post in sent]
    for place, shape in enumerate(shapes):
        others = [
            float(rows[other][2])
            for other in range(len(rows))
            if other != place and shapes[other] == shape and rows[other][2] is not None
        ]
        normal, value = (np.median(others) if others else np.nan), rows[place][2]
        assert table["peers"][place] == len(others)
        np.testing.assert_equal(table["normal"][place], normal)
        known = value is not None and len(others) >= 5 and normal != 0
        np.testing.assert_equal(table["ratio"][place], value / normal if known else np.nan)
