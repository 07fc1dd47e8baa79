"""Methods of `ddf.ayr` equal those of `posts.ayr`, however the posts are partitioned."""

from __future__ import annotations

import functools
from typing import Any

import dask
import dask.dataframe as dd
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from pandas.testing import assert_frame_equal

import ayrframe as ayr
from ayrframe.errors import DataWarning
from tests.scale.partitions import PLATFORMS, assert_same, computed, cut, observed


@functools.cache
def sample(platform: str) -> pd.DataFrame:
    return ayr.load_sample(platform)


@functools.cache
def shuffled() -> pd.DataFrame:
    """Posts of all platforms in random order, with duplicates, error records and rows without an id."""
    posts = sample("all")
    again = posts.sample(frac=0.4, random_state=1)
    later = again.assign(as_of=again["as_of"] + pd.Timedelta(days=1), like_count=again["like_count"] + 7)
    failures = ayr.from_posts(
        [{"id": one, "action": "analytics", "code": 187, "status": "error"} for one in posts["id"].iloc[:60]],
        platform="bluesky",
        as_of="2027-01-01",
        validate=None,
    )
    nameless = posts.sample(30, random_state=2).assign(id=pd.Series([None] * 30, dtype="str"))
    same = again.head(40).assign(like_count=pd.array([999] * 40, dtype="Int64"))
    whole = pd.concat([posts, later, failures, nameless, same])
    return whole.sample(frac=1, random_state=3).reset_index(drop=True)


CUTS = st.lists(st.integers(0, 2300), max_size=6)
BY = st.sampled_from(
    ["platform", "profile", "month", "week", ["format", "kind"], ["day", "profile"], ["kind", "month", "format"]]
)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_expansions_of_each_platform_equal_pandas(platform: str) -> None:
    posts = sample(platform)
    ddf = cut(posts, [40, 40, 97])
    names = posts.ayr.expansions()["name"].tolist()
    assert_same(ddf.ayr.expansions(), posts.ayr.expansions())
    for name in names:
        assert_same(ddf.ayr.expand(name), posts.ayr.expand(name))
        assert_same(getattr(ddf.ayr, name)(), posts.ayr.expand(name))
    assert set(names) <= set(dir(ddf.ayr))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_metrics_summary_and_coverage_of_each_platform_equal_pandas(platform: str) -> None:
    posts = sample(platform)
    ddf = cut(posts, [1, 77])
    assert_same(ddf.ayr.metrics(), posts.ayr.metrics())
    for by in ("platform", ["month", "format"]):
        assert_same(ddf.ayr.summary(by), posts.ayr.summary(by))
    for of in ("metrics", "columns"):
        assert_same(ddf.ayr.coverage(of), posts.ayr.coverage(of))


@settings(max_examples=10, deadline=None)
@given(ends=CUTS, name=st.sampled_from(["reactions", "media", "extra", "liked_by", "labels"]))
def test_expansions_of_any_partitions_equal_pandas(ends: list[int], name: str) -> None:
    ddf = cut(shuffled(), ends)
    assert_same(ddf.ayr.expand(name), shuffled().ayr.expand(name))


@settings(max_examples=10, deadline=None)
@given(ends=CUTS, by=BY, tz=st.sampled_from([None, "Asia/Kathmandu", "America/New_York"]))
def test_summary_of_any_partitions_equals_pandas(ends: list[int], by: Any, tz: str | None) -> None:
    assert_same(cut(shuffled(), ends).ayr.summary(by, tz=tz), shuffled().ayr.summary(by, tz=tz), rtol=1e-12)


@settings(max_examples=5, deadline=None)
@given(ends=CUTS, of=st.sampled_from(["metrics", "columns"]))
def test_coverage_of_any_partitions_equals_pandas(ends: list[int], of: Any) -> None:
    assert_same(cut(shuffled(), ends).ayr.coverage(of), shuffled().ayr.coverage(of))


@settings(max_examples=5, deadline=None)
@given(ends=CUTS)
def test_metrics_and_expansion_list_of_any_partitions_equal_pandas(ends: list[int]) -> None:
    ddf, followers = cut(shuffled(), ends), {"x": 900, "tiktok": 12_000}
    assert_same(ddf.ayr.metrics(followers=followers), shuffled().ayr.metrics(followers=followers))
    assert_same(ddf.ayr.expansions(), shuffled().ayr.expansions())


@functools.cache
def accounts() -> pd.DataFrame:
    """Followers of most platforms, before, at and after the time of the posts."""
    with ayr.sandbox() as api:
        first = ayr.accounts("all", client=api.client())
    times = [shuffled()["as_of"].min() + pd.Timedelta(days=days) for days in (-1, 0, 1)]
    return pd.concat([first.assign(as_of=time, followers=first["followers"] * n) for n, time in enumerate(times, 1)])


@pytest.mark.parametrize("ends", [[300], [0, 5, 900, 900, 1800]])
def test_metrics_with_followers_of_accounts_equal_pandas(ends: list[int]) -> None:
    with pytest.warns(DataWarning, match="has no number of followers of pinterest, snapchat"):
        expected = shuffled().ayr.metrics(followers=accounts())
    assert expected.groupby("platform")["er_followers"].count()["tiktok"] > 0
    with pytest.warns(DataWarning, match="`followers` has no number of followers of"):
        assert_same(cut(shuffled(), ends).ayr.metrics(followers=accounts()), expected)


@pytest.mark.parametrize("name", ["reactions", "media_metrics"])
def test_wide_format_has_the_columns_of_all_platforms_in_each_partition(name: str) -> None:
    posts = pd.concat([sample("facebook"), sample("linkedin"), sample("twitter")], ignore_index=True)
    # Each partition has posts of one platform only; the last one is empty.
    ddf = cut(posts, [len(sample("facebook")), 310, len(posts)])
    assert_same(ddf.ayr.expand(name, wide=True), posts.ayr.expand(name, wide=True))
    assert_same(getattr(ddf.ayr, name)(wide=True), posts.ayr.expand(name, wide=True))


def test_columns_do_not_depend_on_rows() -> None:
    both = pd.concat([sample("facebook"), sample("linkedin")], ignore_index=True)
    ddf = dd.from_pandas(both, npartitions=2)
    one = ddf[ddf["platform"] == "linkedin"]
    wide = computed(one.ayr.reactions(wide=True))
    expected = both[both["platform"] == "linkedin"].ayr.reactions(wide=True)
    assert wide.columns.tolist() == both.ayr.reactions(wide=True).columns.tolist()
    assert_frame_equal(wide[expected.columns.tolist()], expected)


def test_methods_after_a_filter_equal_pandas() -> None:
    posts = shuffled()
    ddf = dd.from_pandas(posts, npartitions=5)
    left, ddf = posts[posts["platform"] == "tiktok"], ddf[ddf["platform"] == "tiktok"]
    assert_same(ddf.ayr.metrics(), left.ayr.metrics())
    assert_same(ddf.ayr.impression_sources(), left.ayr.impression_sources())
    assert_same(ddf.ayr.summary("month"), left.ayr.summary("month"), rtol=1e-12)
    assert_same(ddf.ayr.coverage(), left.ayr.coverage())
    assert_same(ddf.ayr.expansions(), left.ayr.expansions())


def test_methods_of_concatenated_frames_equal_pandas() -> None:
    parts = [dd.from_pandas(sample(name), npartitions=2) for name in ("tiktok", "youtube", "twitter")]
    posts = pd.concat([sample(name) for name in ("tiktok", "youtube", "twitter")], ignore_index=True)
    ddf = dd.concat(parts)
    assert_same(ddf.ayr.metrics(), posts.ayr.metrics())
    assert_same(ddf.ayr.media(), posts.ayr.media())
    assert_same(ddf.ayr.summary(["format"]), posts.ayr.summary(["format"]))
    assert_same(ddf.ayr.coverage("columns"), posts.ayr.coverage("columns"))


@pytest.mark.parametrize("convert", [True, False])
def test_methods_work_with_each_string_dtype_of_dask(convert: bool) -> None:
    posts = sample("facebook")
    with dask.config.set({"dataframe.convert-string": convert}):
        ddf = dd.from_pandas(posts, npartitions=3)
        assert_same(ddf.ayr.metrics(), posts.ayr.metrics())
        assert_same(ddf.ayr.liked_by(), posts.ayr.liked_by())
        assert_same(ddf.ayr.extra(), posts.ayr.extra())
        assert_same(ddf.ayr.summary(["month", "format"]), posts.ayr.summary(["month", "format"]))
        assert_same(ddf.ayr.coverage("columns"), posts.ayr.coverage("columns"))


def test_empty_frame_gives_empty_tables() -> None:
    posts = sample("all").iloc[:0]
    ddf = cut(posts, [0])
    assert_same(ddf.ayr.metrics(), posts.ayr.metrics())
    assert_same(ddf.ayr.summary(["month", "kind"]), posts.ayr.summary(["month", "kind"]))
    assert_same(ddf.ayr.coverage(), posts.ayr.coverage())
    assert_same(ddf.ayr.expansions(), posts.ayr.expansions())
    assert_same(ddf.ayr.reactions(wide=True), posts.ayr.reactions(wide=True))


# ── Duplicates ──────────────────────────────────────────────────────────────────────────────────────────────────────


def likes(ddf: dd.DataFrame) -> tuple[int, float]:
    row = computed(ddf.ayr.summary()).set_index("metric").loc["likes"]
    return int(row["posts"]), float(row["sum"])


@pytest.mark.parametrize("ends", [[], [1], [2], [1, 2], [2, 2, 4], [1, 2, 3, 4]])
def test_summary_uses_the_latest_copy_in_any_partition(ends: list[int]) -> None:
    posts = observed({"a": 1, "b": 10}, {"a": 2}, {"a": 4, "c": 100})
    assert likes(cut(posts, ends)) == (3, 114)
    assert likes(cut(posts.iloc[::-1], ends)) == (3, 114)


@pytest.mark.parametrize("ends", [[], [1], [1, 2]])
def test_summary_uses_the_last_of_copies_with_the_same_as_of(ends: list[int]) -> None:
    posts = pd.concat([observed({"a": 1}), observed({"a": 2}), observed({"a": 3})])
    assert likes(cut(posts, ends)) == (1, 3)
    assert likes(cut(posts.iloc[::-1], ends)) == (1, 1)


def test_same_id_in_another_profile_or_platform_is_another_post() -> None:
    posts = pd.concat([observed({"a": 1}), observed({"a": 2}, profile="cafe"), observed({"a": 4}, platform="tiktok")])
    sums = computed(cut(posts, [1, 2]).ayr.summary("profile"))
    assert sums[sums["metric"] == "likes"]["sum"].tolist() == [1, 2, 4]


def test_error_record_in_another_partition_does_not_replace_a_post() -> None:
    failure = ayr.from_posts([{"id": "a", "code": 187}], platform="bluesky", as_of="2027-01-01", validate=None)
    posts = pd.concat([observed({"a": 1}), failure])
    assert likes(cut(posts, [1])) == likes(cut(posts.iloc[::-1], [1])) == (1, 1)


COUNTS = st.one_of(st.integers(0, 3), st.integers(0, 10**7), st.integers(10**12, 10**12 + 9))


@settings(max_examples=10, deadline=None)
@given(likes=st.lists(COUNTS, min_size=1, max_size=12), ends=st.lists(st.integers(0, 12), max_size=4))
def test_medians_of_any_partitions_equal_pandas(likes: list[int], ends: list[int]) -> None:
    posts = observed({str(number): count for number, count in enumerate(likes)})
    assert_same(cut(posts, [min(end, len(likes)) for end in ends]).ayr.summary(), posts.ayr.summary())


def test_coverage_considers_the_posts_of_all_partitions() -> None:
    # Documented for analytics only; if one post has a value, the reason does not apply to the others.
    posts = sample("instagram").copy()
    column = "ig_reels_avg_watch_time_count"
    posts[column] = pd.array([pd.NA] * len(posts), dtype="Int64")
    assert "not fetched" in posts.ayr.coverage("columns").query("column == @column")["reason"].tolist()
    posts.loc[len(posts) - 1, column] = 5
    expected = posts.ayr.coverage("columns")
    assert "not fetched" not in expected.query("column == @column")["reason"].tolist()
    assert_same(cut(posts, [50, 100]).ayr.coverage("columns"), expected)


def test_sums_of_integers_are_exact() -> None:
    posts = observed({str(number): 10**12 + number for number in range(500)})
    sums = computed(cut(posts, [0, 7, 7, 90, 300]).ayr.summary())
    assert sums["sum"].dropna().tolist() == posts.ayr.summary()["sum"].dropna().tolist()


# ── Errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_accessor_without_the_post_key_raises() -> None:
    ddf = dd.from_pandas(pd.DataFrame({"a": [1]}), npartitions=1)
    assert not hasattr(ddf, "ayr")
    assert "columns" in dir(ddf)
    with pytest.raises(AttributeError, match=r"needs a posts frame or a metrics frame; missing columns: platform"):
        ddf.ayr  # noqa: B018


def test_invalid_argument_raises_before_computing() -> None:
    ddf = cut(sample("tiktok"), [])
    with pytest.raises(ayr.ExpansionError, match="exists for facebook and linkedin only"):
        ddf.ayr.expand("reactions")
    with pytest.raises(AttributeError, match=r"`ddf\.ayr` has no method or expansion 'reactions'"):
        ddf.ayr.reactions()
    for name in ("growth", "plot"):
        with pytest.raises(
            AttributeError,
            match=rf"no method or expansion '{name}'. Use the method of pandas: ddf.compute\(\).ayr.{name}",
        ):
            getattr(ddf.ayr, name)
    with pytest.raises(ValueError, match="has no wide form"):
        ddf.ayr.expand("media", wide=True)
    with pytest.raises(ValueError, match="Unknown group 'colour' in `by`"):
        ddf.ayr.summary("colour")
    with pytest.raises(ValueError, match="Unknown time zone 'Mars'"):
        ddf.ayr.summary(tz="Mars")
    with pytest.raises(ValueError, match="`of` must be 'metrics' or 'columns'"):
        ddf.ayr.coverage("posts")
    with pytest.raises(ValueError, match="Unknown platform 'myspace'"):
        ddf.ayr.metrics(followers={"myspace": 1})


def test_wide_format_with_missing_columns_raises() -> None:
    posts = pd.concat([sample("facebook"), sample("linkedin")], ignore_index=True)
    ddf = dd.from_pandas(posts, npartitions=2).drop(columns="impression_count")
    expected = posts.drop(columns="impression_count")
    assert_same(ddf.ayr.reactions(), expected.ayr.reactions())
    with pytest.raises(ayr.AyrframeError, match="some columns of LinkedIn are missing"):
        computed(ddf.ayr.reactions(wide=True))


def test_platform_with_a_dropped_column_has_expansions() -> None:
    posts = pd.concat([sample("tiktok"), sample("twitter")], ignore_index=True).drop(columns="video_duration")
    ddf = dd.from_pandas(posts, npartitions=3)
    assert len(posts.ayr.impression_sources()) > 100
    assert_same(ddf.ayr.impression_sources(), posts.ayr.impression_sources())
    assert_same(ddf.ayr.expand("media_metrics"), posts.ayr.media_metrics())
    assert {"impression_sources", "media_metrics"} <= set(dir(ddf.ayr))


def test_warning_is_issued_when_computed() -> None:
    sent = [{"id": "1", "audienceCities": [{"city_name": "Graz", "percentage": 0.5}]}]
    posts = ayr.from_posts(sent, platform="tiktok", validate=None)
    with pytest.warns(DataWarning, match="first: post '1'"):
        expected = posts.ayr.audience_cities()
    with pytest.warns(DataWarning, match="first: post '1'"):
        assert_same(cut(posts, []).ayr.audience_cities(), expected)


def test_equal_calls_have_equal_task_names() -> None:
    ddf = cut(sample("tiktok"), [50])
    assert ddf.ayr.summary("month")._name == ddf.ayr.summary("month")._name
    assert ddf.ayr.summary("month")._name != ddf.ayr.summary("week")._name


def test_repr_has_partitions_and_platforms() -> None:
    assert repr(cut(sample("tiktok"), [50]).ayr) == "<ayr of 2 partition(s), TikTok>"
