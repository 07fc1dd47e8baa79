"""Each post counts once in each group, with its latest observation; expected numbers are counted by hand."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import pandas as pd
import pytest

import ayrframe as ayr
import ayrframe.dask  # for `ddf.ayr`

LABELS = "under several profile labels"


def observed(likes: dict[str, int], as_of: str = "2026-03-20", *, profile: str = "", **fields: Any) -> pd.DataFrame:
    """Return bluesky posts with these likes by id, from March 1."""
    post = {"created": "2026-03-01T10:00:00Z", "post": "Fresh bread today", **fields}
    posts = [post | {"id": name, "likeCount": count} for name, count in likes.items()]
    return ayr.from_posts(posts, platform="bluesky", profile=profile, as_of=as_of, validate=None)


def concat(*frames: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)


def likes(posts: pd.DataFrame, *by: str) -> list[list[Any]]:
    """Return groups, number of posts and sum of likes; check that posts, metrics and partitions give the same."""
    columns = [*by, "posts", "sum"]
    table = posts.ayr.summary(by or "platform", metric="likes")[columns]
    metrics = posts.ayr.metrics()
    found = [metrics.ayr.summary(by or "platform", metric="likes")]
    for frame in (posts, metrics):
        ddf = dd.from_pandas(frame, npartitions=min(3, len(frame)))
        found.append(ddf.ayr.summary(by or "platform", metric="likes").compute(scheduler="sync"))
    for other in found:
        pd.testing.assert_frame_equal(other[columns].reset_index(drop=True), table)
    rows: list[list[Any]] = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    return rows


def warned(posts: pd.DataFrame, call: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(posts)
    return [str(warning.message) for warning in caught]


# ── Rows that a merge repeated ──────────────────────────────────────────────────────────────────────────────────────


def test_post_in_two_campaigns_counts_once_in_each_and_once_in_total() -> None:
    campaigns = pd.DataFrame({"id": ["1", "2", "2", "4"], "campaign": ["rye", "rye", "oat", "oat"]})
    posts = observed({"1": 10, "2": 20, "3": 40}).merge(campaigns, on="id", how="left")
    assert len(posts) == 4
    assert likes(posts) == [[3, 70.0]]
    assert likes(posts, "campaign") == [["oat", 1, 20.0], ["rye", 2, 30.0], [None, 1, 40.0]]
    assert likes(posts, "campaign", "month") == [
        ["oat", "2026-03", 1, 20.0],
        ["rye", "2026-03", 2, 30.0],
        [None, "2026-03", 1, 40.0],
    ]
    for frame in (posts, posts.ayr.metrics()):
        assert frame.ayr.top_posts("likes")["value"].tolist() == [40.0, 20.0, 10.0]
        assert len(frame.ayr.above_normal()) == 3
        assert frame.ayr.timeline("likes")[["posts", "sum"]].to_numpy().tolist() == [[3, 70.0]]
        assert frame.ayr.best_times("likes", min_posts=1)["posts"].sum() == 3
        compared = frame.ayr.compare("day", at="2026-03-01", by="campaign", metric="likes")
        assert compared["this"].tolist() == [1.0, 20.0, 2.0, 30.0, 1.0, 40.0]


def test_group_has_the_latest_observation_that_is_in_it() -> None:
    old = observed({"1": 10, "2": 20}, "2026-03-10").assign(campaign="rye")
    new = observed({"1": 15}, "2026-03-20").assign(campaign="oat")
    assert likes(concat(old, new), "campaign") == [["oat", 1, 15.0], ["rye", 2, 30.0]]
    assert likes(concat(new, old)) == [[2, 35.0]]


def test_repeated_rows_of_all_observations_count_with_the_latest() -> None:
    campaigns = pd.DataFrame({"id": ["1", "1"], "campaign": ["rye", "oat"]})
    posts = concat(observed({"1": 15}, "2026-03-20"), observed({"1": 10}, "2026-03-10")).merge(campaigns, on="id")
    assert likes(posts, "campaign") == [["oat", 1, 15.0], ["rye", 1, 15.0]]
    assert likes(posts.ayr.latest(), "campaign") == [["oat", 1, 15.0], ["rye", 1, 15.0]]
    assert posts.ayr.latest()["campaign"].tolist() == ["rye", "oat"]


def test_different_values_of_repeated_rows_give_a_warning() -> None:
    ads = pd.DataFrame({"id": ["1", "1", "2"], "ad": ["x", "y", "x"], "spend": [3.0, 4.0, 5.0]})
    posts = observed({"1": 10, "2": 20}).merge(ads, on="id")
    message = "Several rows of a post have different values of 'spend'; the last row counts"
    calls: list[Any] = [
        lambda accessor: accessor.summary(metric="spend")["sum"].sum(),
        lambda accessor: accessor.timeline("spend")["sum"].sum(),
        lambda accessor: accessor.compare("day", at="2026-03-01", metric="spend")["this"].iloc[1],
        lambda accessor: accessor.top_posts("spend")["value"].sum(),
    ]
    for call in calls:
        for frame in (posts, posts.ayr.metrics()):
            with pytest.warns(ayr.DataWarning, match=message) as caught:
                assert call(frame.ayr) == 9.0
            assert len(caught) == 1
    for partitions in (1, 2):  # copies in one partition, and in two
        ddf = dd.from_pandas(posts, npartitions=partitions)
        with pytest.warns(ayr.DataWarning, match=message):
            assert ddf.ayr.summary(metric="spend").compute(scheduler="sync")["sum"].tolist() == [9.0]
    assert warned(posts, lambda posts: posts.ayr.summary("ad", metric="spend")) == []
    assert warned(posts, lambda posts: posts.ayr.summary(metric="likes")) == []


# ── One account under two labels ────────────────────────────────────────────────────────────────────────────────────


def two_labels() -> pd.DataFrame:
    """Return one account, read without a label, and later with one; a post was added in between."""
    return concat(observed({"1": 10, "2": 20}, "2026-03-10"), observed({"1": 15, "2": 25, "3": 40}, profile="bakery"))


@pytest.mark.filterwarnings(f"ignore:.*{LABELS}")
def test_account_under_two_labels_counts_once_unless_the_profile_is_a_group() -> None:
    posts = two_labels()
    assert likes(posts) == [[3, 80.0]]
    assert likes(posts, "month") == [["2026-03", 3, 80.0]]
    assert likes(posts, "profile") == [["", 2, 30.0], ["bakery", 3, 80.0]]
    assert posts.ayr.timeline("likes")["sum"].tolist() == [80.0]
    assert posts.ayr.compare("day", at="2026-03-01", metric="likes")["this"].tolist() == [3.0, 80.0]
    assert posts.ayr.compare("day", at="2026-03-01", metric="likes", by="profile")["this"].tolist() == [2, 30, 3, 80]
    assert posts.ayr.best_times("likes", min_posts=1)["posts"].sum() == 3


@pytest.mark.parametrize(
    "call",
    [
        lambda posts: posts.ayr.summary(metric="likes"),
        lambda posts: posts.ayr.metrics().ayr.summary("month", metric="likes"),
        lambda posts: posts.ayr.timeline("likes"),
        lambda posts: posts.ayr.compare("day", metric="likes"),
        lambda posts: posts.ayr.best_times("likes"),
        lambda posts: posts.ayr.top_posts("likes"),
        lambda posts: posts.ayr.plot.calendar(),
        lambda posts: dd.from_pandas(posts, npartitions=1).ayr.summary(metric="likes").compute(scheduler="sync"),
    ],
    ids=range(8),
)
def test_account_under_two_labels_gives_one_warning_that_names_them(call: Any) -> None:
    messages = warned(two_labels(), call)
    assert len(messages) == 1
    assert "2 post(s) are in the frame under several profile labels ('', 'bakery'); each is counted once" in messages[0]


@pytest.mark.parametrize(
    "call",
    [
        lambda posts: posts.ayr.summary("profile", metric="likes"),
        lambda posts: posts.ayr.compare("day", by="profile", metric="likes"),
        lambda posts: posts.ayr.above_normal("likes"),
        lambda posts: posts.ayr.latest(),
        lambda posts: posts.ayr.metrics(),
    ],
    ids=range(5),
)
def test_results_by_profile_give_no_warning_about_labels(call: Any) -> None:
    assert warned(two_labels(), call) == []


def test_equal_ids_of_two_platforms_are_two_posts() -> None:
    other = ayr.from_posts([{"id": "1", "likeCount": 7}], platform="tiktok", profile="bakery", validate=None)
    posts = concat(observed({"1": 10}), other)
    assert likes(posts) == [[1, 10.0], [1, 7.0]]


def test_different_posts_of_two_profiles_give_no_warning() -> None:
    posts = concat(observed({"1": 10}), observed({"2": 20}, profile="bakery"))
    assert warned(posts, lambda posts: posts.ayr.summary(metric="likes")) == []
    assert likes(posts) == [[2, 30.0]]


def test_archive_of_an_account_under_two_labels_counts_each_post_once(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path)
    with ayr.sandbox(profiles=["bakery"]) as api:
        key = api.profile_keys["bakery"]
        options: dict[str, Any] = {"limit": None, "archive": archive, "client": api.client(), "progress": False}
        once = ayr.load("bluesky", profile_key=key, **options)
        ayr.load("bluesky", profile_key={"bakery": key}, **options)
    both = archive.latest()
    assert (both["id"].nunique(), len(both)) == (once["id"].nunique(), 2 * len(once))
    with pytest.warns(ayr.DataWarning, match=LABELS):
        found = both.ayr.summary()
    pd.testing.assert_frame_equal(found, once.ayr.summary())


# ── Observations ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_latest_observation_counts_in_any_order() -> None:
    first, second, third = (observed({"1": 10 * n}, f"2026-03-{n}0") for n in (1, 2, 3))
    for frames in ((first, second, third), (third, first, second), (second, third, first, second)):
        posts = concat(*frames)
        assert likes(posts) == [[1, 30.0]]
        assert posts.ayr.latest()["like_count"].tolist() == [30]
        assert posts.ayr.latest().ayr.latest()["like_count"].tolist() == [30]


def test_last_row_of_equal_observations_counts() -> None:
    assert likes(concat(observed({"1": 10}), observed({"1": 11}))) == [[1, 11.0]]


def test_latest_observation_counts_also_with_less_values() -> None:
    posts = concat(observed({"1": 10}, "2026-03-10"), observed({"1": 10}, "2026-03-20").assign(like_count=pd.NA))
    assert likes(posts.astype({"like_count": "Int64"})) == []
    assert posts.ayr.summary(dropna=False).set_index("metric").loc["likes", "posts"] == 1


def test_rows_without_id_are_all_kept() -> None:
    nameless = observed({"1": 10, "2": 20}).assign(id=pd.Series([None, None], dtype="str"))
    assert likes(concat(nameless, nameless)) == [[4, 60.0]]
    assert len(concat(nameless, nameless).ayr.latest()) == 4
    assert len(concat(nameless, nameless).ayr.metrics().ayr.latest()) == 4
    assert len(concat(nameless, nameless).ayr.above_normal()) == 4


def test_rows_without_content_never_replace_others() -> None:
    posts = observed({"1": 10}, "2026-03-10")
    record = {"id": "1", "action": "analytics", "code": 187, "status": "error", "message": "not found"}
    failed = ayr.from_posts([record], platform="bluesky", as_of="2026-03-20", validate=None)
    for frame in (concat(posts, failed), concat(failed, posts)):
        assert likes(frame) == [[1, 10.0]]
        assert frame.ayr.latest()["like_count"].tolist() == [10]
        assert frame.ayr.metrics().ayr.latest()["likes"].tolist() == [10]
    only_record = failed.ayr.summary(dropna=False).set_index("metric").loc["likes"]
    assert (only_record["posts"], only_record["posts_with"]) == (1, 0)


# ── Plots of child tables ───────────────────────────────────────────────────────────────────────────────────────────


def test_plot_of_a_child_table_counts_each_post_once() -> None:
    def facebook(counts: dict[str, int], as_of: str, profile: str = "") -> pd.DataFrame:
        post = {"id": "1", "created": "2026-03-01T10:00:00Z", "reactions": {**counts, "total": sum(counts.values())}}
        return ayr.from_posts([post], platform="facebook", as_of=as_of, profile=profile, validate=None)

    old, new = facebook({"like": 8, "love": 2}, "2026-03-10"), facebook({"like": 9, "love": 3}, "2026-03-20", "bakery")
    expected = new.ayr.plot.reactions()
    with pytest.warns(ayr.DataWarning, match=LABELS):
        found = concat(old, new).ayr.plot.reactions()
    assert found.get_title(loc="left") == expected.get_title(loc="left")
    assert [bar.get_width() for bar in found.patches] == [bar.get_width() for bar in expected.patches]
