"""Frames that differ from a fresh load: read back from CSV, concatenated, incomplete, in other time zones."""

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


def test_summary_of_posts_read_back_from_csv_counts_them_once() -> None:
    posts = ayr.load_sample("tiktok").head(3)
    old = read_back(posts, dtype={"id": "str"})
    combined = pd.concat([old, posts], ignore_index=True)
    assert combined.ayr.summary()["posts"].unique().tolist() == [3]
    assert len(combined.ayr.metrics()) == 6
    assert combined.ayr.metrics()["as_of"].dtype == posts["as_of"].dtype


@pytest.mark.parametrize("platform", ["facebook", "pinterest", "tiktok"])
def test_metrics_of_csv_read_as_text_are_exact(platform: str, tmp_path: Path) -> None:
    posts = ayr.load_sample(platform)
    posts.ayr.to_csv(tmp_path / "posts.csv", people=True)
    restored = pd.read_csv(tmp_path / "posts.csv", dtype="str")
    pd.testing.assert_frame_equal(restored.ayr.metrics().drop(columns="post"), posts.ayr.metrics().drop(columns="post"))
    ids = [name for name in posts if name.endswith("_id")]
    pd.testing.assert_frame_equal(restored[ids], posts[ids])


def test_to_posts_with_inexact_ids_raises() -> None:
    restored = read_back(ayr.load_sample("pinterest"), dtype={"id": "str"})
    with pytest.raises(ayr.AyrframeError, match="Column 'board_id' has dtype float64, expected str"):
        restored.ayr.to_posts()


def test_completion_counts_repeated_posts_once() -> None:
    posts = ayr.load_sample("x")
    pd.testing.assert_frame_equal(pd.concat([posts, posts]).ayr.completion(), posts.ayr.completion())


def test_metrics_kind_is_missing_if_the_reference_is_invalid() -> None:
    raw_post = {"id": "1", "created": AS_OF, "referencedTweets": {"type": "quoted", "id": "9"}}
    odd = ayr.from_posts([raw_post, {"id": "2", "created": AS_OF}], platform="x", as_of=AS_OF, validate=None)
    kinds = odd.ayr.metrics()["kind"]
    assert pd.isna(kinds[0])
    assert kinds[1] == "own"


def test_plot_impression_sources_of_posts_without_id_stays_below_one() -> None:
    raw_posts = [
        {"impressionSources": [{"impression_source": name, "percentage": 1.0}], "videoViews": views}
        for name, views in (("A", 100), ("B", 300))
    ]
    posts = ayr.from_posts(raw_posts, platform="tiktok", as_of=AS_OF, validate=None)
    from matplotlib.figure import Figure

    ax = posts.ayr.plot.impression_sources(ax=Figure().subplots())
    assert all(bar.get_width() <= 1 for bar in ax.patches)


def test_metrics_reactions_beyond_64_bits_are_missing() -> None:
    raw_post = {"id": "1", "reactions": {"like": 2**63 - 1, "love": 5}}
    posts = ayr.from_posts([raw_post], platform="linkedin", as_of=AS_OF, validate=None)
    assert posts.ayr.metrics()["reactions"].isna().all()


@pytest.mark.parametrize("followers", [12000, {"x": float("inf")}, {"x": -1}, {"x": "many"}, {"x": 1, "twitter": 2}])
def test_metrics_invalid_followers_raise(followers: Any) -> None:
    with pytest.raises(ValueError, match="followers"):
        ayr.load_sample("x").ayr.metrics(followers=followers)


@pytest.mark.parametrize(
    ("method", "arguments"), [("summary", {"by": None}), ("summary", {"by": 5}), ("timeline", {"period": ["week"]})]
)
def test_invalid_argument_raises_with_choices(method: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Choose from: "):
        getattr(ayr.load_sample("x").ayr, method)(**arguments)


def test_timeline_with_too_many_periods_raises() -> None:
    raw_posts = [{"id": "1", "created": "0001-01-03T00:00:00Z"}, {"id": "2", "created": AS_OF}]
    posts = ayr.from_posts(raw_posts, platform="x", as_of=AS_OF, validate=None)
    with pytest.raises(ValueError, match="from 1 to 2026 would have"):
        posts.ayr.timeline(period="day")


def test_compare_group_without_posts_in_a_period_is_missing() -> None:
    raw_posts = {
        "bluesky": [{"id": "1", "created": "2026-01-05T00:00:00Z", "likeCount": 3}],
        "tiktok": [{"id": "2", "created": "2026-02-05T00:00:00Z", "likeCount": 3}],
    }
    posts = pd.concat([ayr.from_posts(each, platform=name, as_of=AS_OF) for name, each in raw_posts.items()])
    likes = posts.ayr.compare().query("metric == 'likes'").set_index("platform")
    assert likes.loc["bluesky", ["posts_with_before", "posts_with_this"]].tolist() == [1, 0]
    assert pd.isna(likes.loc["bluesky", "this"])


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_metrics_do_not_depend_on_the_time_zone(zone: str) -> None:
    posts = ayr.load_sample("x")
    converted = posts.assign(as_of=posts["as_of"].dt.tz_convert(zone))
    pd.testing.assert_frame_equal(converted.ayr.metrics(), posts.ayr.metrics())
    pd.testing.assert_frame_equal(posts.convert_dtypes().ayr.metrics(), posts.ayr.metrics())


def test_summary_ignores_rows_without_platform() -> None:
    posts = ayr.load_sample("x").convert_dtypes()
    odd = posts.assign(platform=posts["platform"].mask(posts.index == 0))
    assert len(odd.ayr.metrics()) == len(posts)
    assert odd.ayr.summary()["posts"].max() == len(posts) - 1


def test_metrics_with_numeric_as_of_raise() -> None:
    posts = ayr.load_sample("x").assign(as_of=1772173800125)
    with pytest.raises(ayr.AyrframeError, match="Column 'as_of' has dtype"):
        posts.ayr.metrics()


@pytest.mark.filterwarnings("ignore:[0-9]+ of [0-9]+ rows of the plot have no label")
@pytest.mark.filterwarnings("ignore:No installed font")
@pytest.mark.parametrize(
    "name",
    ["reactions", "impression_sources", "audience", "top_posts", "crossposts", "compare", "coverage", "calendar"],
)
def test_plot_with_hidden_row_labels_is_drawn(name: str) -> None:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    posts = ayr.load_sample()
    draw = getattr(posts.ayr.plot, name)
    for ax in Figure().subplots(1, 2, sharey=True):
        assert draw(ax=ax).get_yticks().size
    ax = Figure().subplots()
    ax.tick_params(labelleft=False)
    assert draw(ax=ax).get_yticks().size
    with rc_context({"ytick.labelleft": False}):
        assert draw(ax=Figure().subplots()).get_yticks().size


METHODS = [
    *("expansions", "to_posts", "drift", "dictionary", "validate", "metrics", "summary", "timeline", "compare"),
    *("coverage", "above_normal", "top_posts", "completion", "crossposts", "text", "best_times", "growth", "at_age"),
    *("velocity", "extra", "media", "latest", "hashtags", "links", "campaigns", "match_url"),
]
PLOTS = [
    *("reactions", "impression_sources", "retention", "audience", "completion", "timeline", "best_times", "top_posts"),
    *("crossposts", "growth", "video_view_retention", "engagement_likes", "audience_countries", "audience_cities"),
    *("audience_genders", "audience_types"),
    *("above_normal", "coverage", "calendar", "compare"),
]


def call(posts: pd.DataFrame, name: str) -> Any:
    from matplotlib.figure import Figure

    if name in METHODS:
        arguments = {"at_age": ["1D"], "velocity": ["likes"], "match_url": ["https://a.example"]}
        return getattr(posts.ayr, name)(*arguments.get(name, []))
    return getattr(posts.ayr.plot, name.removeprefix("plot."))(ax=Figure().subplots())


def frame_with_float_ids(ids: list[float]) -> pd.DataFrame:
    posts = ayr.load_sample("tiktok").head(len(ids))
    return posts.assign(id=pd.Series(ids, dtype="float64"))


EVERY_CALL = [*METHODS, *(f"plot.{name}" for name in PLOTS)]


def test_every_method_and_plot_is_listed() -> None:
    posts = ayr.load_sample("tiktok").ayr
    public = {name for name in dir(type(posts)) if not name.startswith("_")}
    assert public - {"plot", "expand", "enrich", "to_csv", "to_excel"} == set(METHODS) - {"extra", "media"}
    assert {name for name in dir(type(posts.plot)) if not name.startswith("_")} == set(PLOTS)


@pytest.mark.parametrize("name", EVERY_CALL)
def test_F6_ids_that_lost_digits_raise_with_how_to_read_the_file(name: str) -> None:
    with pytest.raises(ayr.AyrframeError, match=r'dtype=\{"id": "str"\}'):
        call(frame_with_float_ids([7300000000000000123.0, float("nan")]), name)


@pytest.mark.parametrize("ids", [["1", 7.3e18], [2.5, 1.0], [float("inf"), 1.0], [-(2.0**54), 1.0]], ids=str)
def test_ids_with_a_float_that_has_no_digits_raise(ids: list[Any]) -> None:
    with pytest.raises(ayr.AyrframeError, match="Column 'id' has dtype"):
        ayr.load_sample("tiktok").head(2).assign(id=ids).ayr.summary()


@pytest.mark.parametrize("dtype", ["float64", "Float64", "float32"])
def test_F6_exact_float_ids_are_read_as_their_digits(dtype: str) -> None:
    posts = ayr.load_sample("tiktok").head(3).assign(id=pd.Series([16777215.0, None, 12.0], dtype=dtype))
    ids = posts.ayr.metrics()["id"]
    assert ids.fillna("missing").tolist() == ["16777215", "missing", "12"]
    assert posts.ayr.to_posts()[0]["id"] == "16777215"


@pytest.mark.parametrize("column", ["id", "post", "like_count", "platform", "as_of"])
@pytest.mark.parametrize("name", EVERY_CALL)
def test_F6_column_that_is_there_twice_raises_with_its_name(name: str, column: str) -> None:
    posts = ayr.load_sample("tiktok").head(2)
    with pytest.raises(ayr.AyrframeError, match=f"several columns named '{column}'"):
        call(pd.concat([posts, posts[[column]]], axis=1), name)


def test_F6_groupby_apply_says_how_to_keep_the_grouping_column() -> None:
    posts = ayr.load_sample(["tiktok", "x"])
    with pytest.raises(AttributeError, match=r"missing columns: platform.*groupby\('platform'\)\[list\(posts\)\]"):
        posts.groupby("platform").apply(lambda group: group.ayr.summary())
    assert len(posts.groupby("platform")[list(posts)].apply(lambda group: group.ayr.summary()))
