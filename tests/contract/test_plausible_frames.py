"""What plausible frames do that are not as a load gave them: read back, laid together, odd, or at the edges of time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

AS_OF = "2026-03-10T00:00:00Z"


def read_back(posts: pd.DataFrame, **options: Any) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(posts.to_csv(index=False)), **options)


def test_a_post_read_back_from_csv_is_the_same_post() -> None:
    posts = ayr.load_sample("tiktok").head(3)
    old = read_back(posts, dtype={"id": "str"})
    both = pd.concat([old, posts], ignore_index=True)
    assert both.ayr.summary()["posts"].unique().tolist() == [3]
    assert len(both.ayr.metrics()) == 6
    assert both.ayr.metrics()["as_of"].dtype == posts["as_of"].dtype


@pytest.mark.parametrize("platform", ["facebook", "pinterest", "tiktok"])
def test_csv_read_as_text_keeps_every_digit(platform: str, tmp_path: Path) -> None:
    posts = ayr.load_sample(platform)
    posts.ayr.to_csv(tmp_path / "posts.csv", people=True)
    back = pd.read_csv(tmp_path / "posts.csv", dtype="str")
    pd.testing.assert_frame_equal(back.ayr.metrics().drop(columns="post"), posts.ayr.metrics().drop(columns="post"))
    ids = [name for name in posts if name.endswith("_id")]
    pd.testing.assert_frame_equal(back[ids], posts[ids])


def test_ids_that_lost_digits_are_refused_and_not_made_up() -> None:
    back = read_back(ayr.load_sample("pinterest"), dtype={"id": "str"})
    with pytest.raises(ayr.AyrframeError, match=r"'board_id' does not hold what it held .*: float64 instead of str"):
        back.ayr.to_posts()


def test_a_video_counts_once_though_its_post_stands_twice() -> None:
    posts = ayr.load_sample("x")
    pd.testing.assert_frame_equal(pd.concat([posts, posts]).ayr.completion(), posts.ayr.completion())


def test_a_reference_that_could_not_be_read_is_no_proof_of_an_own_post() -> None:
    sent = {"id": "1", "created": AS_OF, "referencedTweets": {"type": "quoted", "id": "9"}}
    odd = ayr.from_posts([sent, {"id": "2", "created": AS_OF}], platform="x", as_of=AS_OF, validate=None)
    kinds = odd.ayr.metrics()["kind"]
    assert pd.isna(kinds[0])
    assert kinds[1] == "own"


def test_shares_of_posts_without_an_id_do_not_multiply() -> None:
    sent = [
        {"impressionSources": [{"impression_source": name, "percentage": 1.0}], "videoViews": views}
        for name, views in (("A", 100), ("B", 300))
    ]
    posts = ayr.from_posts(sent, platform="tiktok", as_of=AS_OF, validate=None)
    from matplotlib.figure import Figure

    ax = posts.ayr.plot.impression_sources(ax=Figure().subplots())
    assert all(bar.get_width() <= 1 for bar in ax.patches)


def test_reactions_beyond_64_bits_are_unknown_and_not_negative() -> None:
    sent = {"id": "1", "reactions": {"like": 2**63 - 1, "love": 5}}
    posts = ayr.from_posts([sent], platform="linkedin", as_of=AS_OF, validate=None)
    assert posts.ayr.metrics()["reactions"].isna().all()


@pytest.mark.parametrize("followers", [12000, {"x": float("inf")}, {"x": -1}, {"x": "many"}, {"x": 1, "twitter": 2}])
def test_followers_that_are_none_are_refused(followers: Any) -> None:
    with pytest.raises(ValueError, match="followers"):
        ayr.load_sample("x").ayr.metrics(followers=followers)


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [("summary", {"by": None}), ("summary", {"by": 5}), ("timeline", {"period": ["week"]})],
)
def test_arguments_of_another_kind_are_told_what_there_is(verb: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="There are: "):
        getattr(ayr.load_sample("x").ayr, verb)(**arguments)


def test_a_timeline_without_an_end_is_refused() -> None:
    sent = [{"id": "1", "created": "0001-01-03T00:00:00Z"}, {"id": "2", "created": AS_OF}]
    posts = ayr.from_posts(sent, platform="x", as_of=AS_OF, validate=None)
    with pytest.raises(ValueError, match="from 1 to 2026 would have"):
        posts.ayr.timeline(period="day")


def test_a_group_without_posts_in_a_period_has_none_that_tell() -> None:
    sent = {
        "bluesky": [{"id": "1", "created": "2026-01-05T00:00:00Z", "likeCount": 3}],
        "tiktok": [{"id": "2", "created": "2026-02-05T00:00:00Z", "likeCount": 3}],
    }
    posts = pd.concat([ayr.from_posts(each, platform=name, as_of=AS_OF) for name, each in sent.items()])
    likes = posts.ayr.compare().query("metric == 'likes'").set_index("platform")
    assert likes.loc["bluesky", ["posts_with_before", "posts_with_this"]].tolist() == [1, 0]
    assert pd.isna(likes.loc["bluesky", "this"])


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_times_of_another_zone_are_the_same_moments(zone: str) -> None:
    posts = ayr.load_sample("x")
    moved = posts.assign(as_of=posts["as_of"].dt.tz_convert(zone))
    pd.testing.assert_frame_equal(moved.ayr.metrics(), posts.ayr.metrics())
    pd.testing.assert_frame_equal(posts.convert_dtypes().ayr.metrics(), posts.ayr.metrics())


def test_a_row_without_a_network_belongs_to_none() -> None:
    posts = ayr.load_sample("x").convert_dtypes()
    odd = posts.assign(platform=posts["platform"].mask(posts.index == 0))
    assert len(odd.ayr.metrics()) == len(posts)
    assert odd.ayr.summary()["posts"].max() == len(posts) - 1


def test_numbers_in_place_of_times_are_told_in_a_sentence() -> None:
    posts = ayr.load_sample("x").assign(as_of=1772173800125)
    with pytest.raises(ayr.AyrframeError, match="The column 'as_of' does not hold what it held"):
        posts.ayr.metrics()
