"""A posts frame survives what analysts do to it: pandas operations, files, empty frames, HTML, pandas options."""

from __future__ import annotations

import copy
import io
import json
import pickle
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

FIXTURES = Path(__file__).parents[1] / "fixtures" / "documented"
PLATFORMS = [
    *("bluesky", "facebook", "instagram", "linkedin", "pinterest"),
    *("snapchat", "threads", "tiktok", "twitter", "youtube"),
]
AS_OF = "2026-02-03T04:05:06.789Z"
BLUESKY_ID = "at://did:plc:qv4zr7mxk2ovenandcrumb/app.bsky.feed.post/3lk2abcde7x2z"
IDS = [
    BLUESKY_ID,
    *("208811740958066_915520165614271", "208811740958066_914863059013315", "2704195865833540"),
    *("18944250668443044", "18044250668443045", "17009050404727"),
    *("urn:li:share:7160123456789012345", "urn:li:share:7160987654321098765"),
    *("1074649418547261999", "1074649468512980111", "47604348729001622"),
    *("W7_EDlXWTBiXAEEniNoMPwAAYc3Bh", "W7_EDlXWTBiXAEEniNoMPwAAYc3Bi"),
    *("18052698742159991", "18052698742159992"),
    "7376767676767676761",
    *("1748654321098765432", "1749273645546826853"),
    *("R-5PvIDBMWb", "-uh5ztLoIfb"),
]
# Expansions of each platform, in any order.
EXPANSIONS = {
    "bluesky": {"labels", "extra"},
    "facebook": {"reactions", "media", "liked_by", "properties", "extra"},
    "instagram": {"media", "extra"},
    "linkedin": {"reactions", "media", "liked_by", "comment_urns", "extra"},
    "pinterest": {"media", "product_tags", "extra"},
    "snapchat": {"extra"},
    "threads": {"media", "extra"},
    "tiktok": {
        *("impression_sources", "audience_countries", "audience_cities", "video_view_retention"),
        *("engagement_likes", "media", "tags", "audience_genders", "audience_types", "extra"),
    },
    "twitter": {"media", "media_variants", "media_metrics", "urls", "referenced_tweets", "edit_history", "extra"},
    "youtube": {"media", "extra"},
}
ALL_EXPANSIONS = set().union(*EXPANSIONS.values())


def documented(platform: str) -> list[dict[str, Any]]:
    return json.loads((FIXTURES / f"{platform}.json").read_text("utf-8"))["posts"]


def documented_frame(platform: str) -> pd.DataFrame:
    return ayr.from_posts(documented(platform), platform=platform, profile="main", as_of=AS_OF)


@pytest.fixture(scope="module")
def everything() -> pd.DataFrame:
    posts = [post for platform in PLATFORMS for post in documented(platform)]
    return ayr.from_posts(posts, profile="main", as_of=AS_OF)


@pytest.fixture
def posts(everything: pd.DataFrame) -> pd.DataFrame:
    return everything.copy()


def expand_all(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {name: frame.ayr.expand(name) for name in frame.ayr.expansions()["name"]}


def assert_same_tables(left: pd.DataFrame, right: pd.DataFrame) -> None:
    left_tables, right_tables = expand_all(left), expand_all(right)
    assert list(left_tables) == list(right_tables)
    for name, table in left_tables.items():
        pd.testing.assert_frame_equal(table, right_tables[name], obj=name)


def assert_same_except_dtype_of_key(left: pd.DataFrame, right: pd.DataFrame) -> None:
    left_tables, right_tables = expand_all(left), expand_all(right)
    assert list(left_tables) == list(right_tables)
    for name, table in left_tables.items():
        as_read = table.assign(as_of=pd.to_datetime(table["as_of"], utc=True)).astype(
            right_tables[name].dtypes.iloc[:4]
        )
        pd.testing.assert_frame_equal(as_read, right_tables[name], obj=name)


def test_frame_of_all_platforms_has_exact_ids(posts: pd.DataFrame) -> None:
    assert posts["id"].tolist() == IDS
    assert posts["platform"].drop_duplicates().tolist() == PLATFORMS


# --- pandas -----------------------------------------------------------------------------------------------------------


def test_concat_of_platform_frames_equals_frame_of_all_platforms(posts: pd.DataFrame) -> None:
    combined = pd.concat([documented_frame(platform) for platform in PLATFORMS], ignore_index=True)
    pd.testing.assert_frame_equal(combined[posts.columns], posts)
    assert set(combined.columns) == set(posts.columns)
    assert_same_tables(combined, posts)


def test_concat_with_empty_frames_does_not_change_dtypes(posts: pd.DataFrame) -> None:
    empty = [ayr.from_posts([], platform=platform) for platform in PLATFORMS]
    combined = pd.concat([*empty, posts, *empty], ignore_index=True)
    pd.testing.assert_frame_equal(combined[posts.columns], posts)


def test_drop_duplicates_returns_each_row_once(posts: pd.DataFrame) -> None:
    twice = pd.concat([posts, posts], ignore_index=True)
    pd.testing.assert_frame_equal(twice.drop_duplicates(), posts)
    pd.testing.assert_frame_equal(twice.drop_duplicates(subset=ayr.KEY), posts)
    assert twice.duplicated().sum() == len(posts)


def test_nunique_and_value_counts_and_hash_work_on_every_column(posts: pd.DataFrame) -> None:
    assert posts.nunique()["id"] == len(IDS)
    for column in posts.columns:
        assert posts[column].value_counts().sum() == posts[column].notna().sum()
    assert len(pd.util.hash_pandas_object(posts)) == len(posts)


def test_sort_values_on_every_column_returns_all_rows(posts: pd.DataFrame) -> None:
    for column in posts.columns:
        ordered = posts.sort_values(column, kind="stable")
        assert sorted(ordered.index) == list(range(len(posts)))
        assert ordered.sort_index().equals(posts)


def test_describe_and_aggregate_work(posts: pd.DataFrame) -> None:
    assert posts.describe(include="all").shape[1] == len(posts.columns)
    likes = posts.groupby("platform")["like_count"].sum(min_count=1).dropna()
    assert likes.to_dict() == {"bluesky": 41, "facebook": 52, "instagram": 228, "linkedin": 12, "tiktok": 57}


def test_merge_on_the_key_is_exact(posts: pd.DataFrame) -> None:
    marks = posts[list(ayr.KEY)].assign(mark=range(len(posts)))
    merged = posts.merge(marks, on=ayr.KEY, how="outer", validate="one_to_one", indicator=True)
    assert merged["_merge"].eq("both").all()
    assert len(merged) == len(posts)
    media = posts.ayr.media().merge(posts, on=ayr.KEY, how="left", validate="many_to_one", suffixes=("", "_of_post"))
    assert media["post"].notna().all()


def test_key_selects_columns(posts: pd.DataFrame) -> None:
    assert list(posts[ayr.KEY].columns) == ["platform", "profile", "id", "as_of"]
    assert list(posts.set_index(ayr.KEY).index.names) == ["platform", "profile", "id", "as_of"]


def test_groupby_on_the_key_covers_all_rows(posts: pd.DataFrame) -> None:
    sizes = posts.groupby(ayr.KEY).size()
    assert len(sizes) == len(posts)
    assert sizes.eq(1).all()
    spent = posts.ayr.impression_sources().groupby(ayr.KEY)["fraction"].sum()
    assert spent.tolist() == [1.0]


def test_groupby_on_names_of_the_key_covers_all_rows(posts: pd.DataFrame) -> None:
    assert len(posts.groupby(["platform", "profile", "id", "as_of"]).size()) == len(posts)


def test_pivot_table_on_the_key_covers_all_rows(posts: pd.DataFrame) -> None:
    key = ["platform", "profile", "id", "as_of"]
    wide = posts.ayr.reactions().pivot_table(index=key, columns="reaction", values="count", aggfunc="sum")
    assert len(wide) == 4
    assert wide["like"].sum() == 21 + 5 + 4 + 1
    restored = posts.ayr.reactions().pivot(index=key, columns="reaction", values="count")  # noqa: PD010
    assert len(restored) == 4
    views = posts.pivot_table(index=key, values="video_views", aggfunc="sum", observed=True)
    assert len(views) == len(posts)


def test_melt_and_set_index_do_not_change_ids(posts: pd.DataFrame) -> None:
    key = ["platform", "profile", "id", "as_of"]
    pd.testing.assert_frame_equal(posts.set_index(key).reset_index()[posts.columns], posts)
    long = posts.melt(id_vars=key, value_vars=["like_count", "share_count"])
    assert set(long["id"]) == set(IDS)


def test_join_on_the_id_is_exact(posts: pd.DataFrame) -> None:
    notes = pd.DataFrame({"id": ["1748654321098765432", "1748654321098765433"], "found": ["hit", "near miss"]})
    assert posts.merge(notes, on="id", how="inner")["found"].tolist() == ["hit"]


def test_copy_and_pickle_return_an_equal_frame(posts: pd.DataFrame) -> None:
    for restored in (copy.copy(posts), copy.deepcopy(posts), pickle.loads(pickle.dumps(posts)), posts.copy()):
        pd.testing.assert_frame_equal(restored, posts)
        assert_same_tables(restored, posts)


def test_frame_has_no_attrs_or_metadata(posts: pd.DataFrame) -> None:
    assert posts.attrs == {}
    assert type(posts) is pd.DataFrame


def test_assignment_to_the_frame_works(posts: pd.DataFrame) -> None:
    posts.loc[0, "like_count"] = 42
    posts.loc[0, "post"] = "changed"
    posts.loc[0, "viewer_thread_muted"] = pd.NA
    assert str(posts["like_count"].dtype) == "Int64"
    assert posts.ayr.to_posts()[0]["likeCount"] == 42


def assert_every_cell_can_be_written(frame: pd.DataFrame) -> None:
    for name, dtype in frame.dtypes.items():
        value = {"str": "x", "Int64": 7, "float64": 0.5, "boolean": True}.get(str(dtype), pd.Timestamp(AS_OF))
        frame.loc[frame.index[0], name] = value
        assert frame[name].iloc[0] == value, name
        assert frame[name].dtype == dtype, name
        frame.loc[frame.index[0], name] = None
        assert frame[name].isna().iloc[0], name
        assert frame[name].dtype == dtype, name


@pytest.mark.parametrize("platform", PLATFORMS)
def test_cells_of_a_frame_are_writable(platform: str) -> None:
    assert_every_cell_can_be_written(documented_frame(platform))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_cells_of_a_child_table_are_writable(platform: str) -> None:
    posts = documented_frame(platform)
    for name in posts.ayr.expansions()["name"]:
        table = posts.ayr.expand(name)
        if len(table):
            assert_every_cell_can_be_written(table)


def test_cells_of_mixed_and_sample_frames_are_writable() -> None:
    mixed = [post for platform in PLATFORMS for post in documented(platform)]
    assert_every_cell_can_be_written(ayr.from_posts(mixed, as_of=AS_OF))
    assert_every_cell_can_be_written(ayr.load_sample("tiktok"))


# --- files ------------------------------------------------------------------------------------------------------------


def test_parquet_round_trip_is_exact(posts: pd.DataFrame, tmp_path: Path) -> None:
    posts.to_parquet(tmp_path / "posts.parquet")
    restored = pd.read_parquet(tmp_path / "posts.parquet")
    pd.testing.assert_frame_equal(restored, posts)
    assert_same_tables(restored, posts)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_parquet_round_trip_of_an_empty_frame_is_exact(platform: str, tmp_path: Path) -> None:
    empty = ayr.from_posts([], platform=platform)
    empty.to_parquet(tmp_path / "empty.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "empty.parquet"), empty)


def test_feather_round_trip_is_exact(posts: pd.DataFrame, tmp_path: Path) -> None:
    posts.to_feather(tmp_path / "posts.feather")
    pd.testing.assert_frame_equal(pd.read_feather(tmp_path / "posts.feather"), posts)


def csv_round_trip(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(frame.to_csv(index=False)), dtype={"id": str})


def test_csv_read_as_text_has_exact_ids(posts: pd.DataFrame) -> None:
    restored = csv_round_trip(posts)
    assert restored["id"].tolist() == IDS
    assert list(restored.columns) == list(posts.columns)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_expansions_work_after_csv(platform: str) -> None:
    frame = documented_frame(platform)
    assert_same_except_dtype_of_key(csv_round_trip(frame), frame)


def test_expansions_of_all_ten_work_after_csv(posts: pd.DataFrame) -> None:
    assert_same_except_dtype_of_key(csv_round_trip(posts), posts)


def test_expansions_after_csv_have_the_same_dtypes() -> None:
    frame = documented_frame("tiktok")[[*ayr.COMMON, "impression_sources"]]
    assert_same_tables(csv_round_trip(frame), frame)


def test_card_dictionary_and_drift_work_after_csv(posts: pd.DataFrame) -> None:
    restored = csv_round_trip(posts)
    assert len(restored.ayr.dictionary()) == len(posts.columns)
    assert "20" in repr(restored.ayr)
    assert len(restored.ayr._repr_html_()) > 100
    seen = "finding != 'never seen'"  # CSV leaves an empty text as missing, so a field may look as if it never came
    pd.testing.assert_frame_equal(restored.ayr.drift().query(seen), posts.ayr.drift().query(seen))


def test_to_csv_reads_back_with_every_row(posts: pd.DataFrame, tmp_path: Path) -> None:
    posts.loc[0, "post"] = "=cmd()"
    posts.ayr.to_csv(tmp_path / "posts.csv")
    restored = pd.read_csv(tmp_path / "posts.csv", dtype={"id": str})
    assert sorted(restored["id"].str.lstrip("'")) == sorted(IDS)
    assert not restored["post"].dropna().str.startswith("=").any()


# --- the accessor on results ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "derive",
    [
        lambda posts: posts[posts["platform"].eq("tiktok")],
        lambda posts: posts.query("platform == 'tiktok'"),
        lambda posts: posts.loc[posts["video_views"].gt(900).fillna(value=False)],
        lambda posts: posts.assign(week=1, like_count=posts["like_count"]).query("platform == 'tiktok'"),
        lambda posts: posts.sort_values("created").loc[lambda frame: frame["platform"].eq("tiktok")],
        lambda posts: posts.set_index("id", drop=False).loc[["7376767676767676761"]],
        lambda posts: posts.iloc[[16]],
        lambda posts: pd.concat([posts.iloc[[16]]]),
        lambda posts: posts[[*ayr.COMMON, "impression_sources"]].iloc[[16]],
    ],
    ids=range(9),
)
def test_accessor_works_on_derived_frames(derive: Any, posts: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        derive(posts).ayr.impression_sources(), documented_frame("tiktok").ayr.impression_sources()
    )


def test_expansions_follow_the_order_of_the_rows(posts: pd.DataFrame) -> None:
    turned = posts.iloc[::-1]
    assert (
        turned.ayr.media()["id"].drop_duplicates().tolist() == posts.ayr.media()["id"].drop_duplicates().tolist()[::-1]
    )


def test_expansions_of_a_repeated_row_are_repeated(posts: pd.DataFrame) -> None:
    twice = pd.concat([posts, posts])
    assert len(twice.ayr.media()) == 2 * len(posts.ayr.media())


def test_expansion_without_its_source_column_is_not_available(posts: pd.DataFrame) -> None:
    reduced = documented_frame("tiktok").drop(columns="impression_sources")
    assert "impression_sources" not in set(reduced.ayr.expansions()["name"])
    assert not hasattr(reduced.ayr, "impression_sources")
    with pytest.raises(ValueError, match="lacks the column 'impression_sources' of TikTok"):
        reduced.ayr.expand("impression_sources")


def test_child_tables_merge_with_their_posts(posts: pd.DataFrame) -> None:
    for name, table in expand_all(posts).items():
        joined = table.merge(posts[["platform", "profile", "id", "as_of"]], how="inner")
        assert len(joined) == len(table), name


def test_accessor_works_with_additional_columns(posts: pd.DataFrame) -> None:
    mine = posts.assign(campaign="spring")
    assert set(posts.columns) <= set(mine.ayr.dictionary()["column"])
    assert_same_tables(mine, posts)
    assert mine.ayr.validate() is not None
    assert mine.ayr.to_posts() == posts.ayr.to_posts()


# --- empty frames -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS)
def test_expansions_of_an_empty_frame_have_the_same_columns_and_dtypes(platform: str) -> None:
    full = documented_frame(platform)
    for empty in (ayr.from_posts([], platform=platform), full.iloc[:0]):
        assert set(empty.ayr.expansions()["name"]) == EXPANSIONS[platform]
        assert empty.ayr.expansions()["posts"].eq(0).all()
        for name in EXPANSIONS[platform]:
            table = empty.ayr.expand(name)
            assert len(table) == 0
            pd.testing.assert_series_equal(table.dtypes, full.ayr.expand(name).dtypes, obj=name)


@pytest.mark.parametrize(
    ("platform", "name"), [("facebook", "reactions"), ("linkedin", "reactions"), ("twitter", "media_metrics")]
)
def test_wide_expansions_of_an_empty_frame_have_the_same_columns_and_dtypes(platform: str, name: str) -> None:
    full = documented_frame(platform).ayr.expand(name, wide=True)
    empty = ayr.from_posts([], platform=platform).ayr.expand(name, wide=True)
    pd.testing.assert_series_equal(empty.dtypes, full.dtypes)


def test_other_methods_work_on_an_empty_frame() -> None:
    empty = ayr.from_posts([], platform="twitter")
    assert empty.ayr.to_posts() == []
    assert len(empty.ayr.dictionary()) == len(empty.columns)
    assert set(empty.ayr.drift()["finding"]) <= {"never seen"}
    assert len(empty.ayr.validate()) == 0
    assert repr(empty.ayr)
    assert empty.ayr._repr_html_()


def test_expansions_of_posts_without_data_are_empty(posts: pd.DataFrame) -> None:
    for platform in PLATFORMS:
        empty_posts = ayr.from_posts([{"id": "1"}], platform=platform)
        for name in EXPANSIONS[platform] - {"media"}:
            pd.testing.assert_frame_equal(
                empty_posts.ayr.expand(name), documented_frame(platform).ayr.expand(name).iloc[:0], obj=name
            )


# --- names that the accessor lists ------------------------------------------------------------------------------------


def public_names(accessor: Any) -> list[str]:
    return [name for name in dir(accessor) if not name.startswith("_")]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_dir_lists_methods_and_expansions_of_the_platform(platform: str) -> None:
    names = public_names(documented_frame(platform).ayr)
    assert {"expand", "expansions", "to_posts", "drift", "dictionary", "validate"} <= set(names)
    assert set(names) & ALL_EXPANSIONS == EXPANSIONS[platform]
    assert len(names) == len(set(names))
    assert set(documented_frame(platform).ayr.expansions()["name"]) == EXPANSIONS[platform]


def test_dir_of_all_platforms_lists_every_expansion_once(posts: pd.DataFrame) -> None:
    names = public_names(posts.ayr)
    assert set(names) & ALL_EXPANSIONS == ALL_EXPANSIONS
    assert len(names) == len(set(names))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_dir_lists_callables_with_docstrings(platform: str) -> None:
    accessor = documented_frame(platform).ayr
    for name in set(public_names(accessor)) - {"plot"}:
        method = getattr(accessor, name)
        assert callable(method), name
        assert len(method.__doc__ or "") > 20, name
        assert method.__name__ == name


@pytest.mark.parametrize("name", ["no_such_table", "impression_sources", "reactionz", "", "labels "])
def test_unknown_expansion_raises_with_choices(name: str) -> None:
    accessor = documented_frame("linkedin").ayr
    for call in (lambda: accessor.expand(name), lambda: getattr(accessor, name)):
        with pytest.raises(ayr.ExpansionError) as caught:
            call()
        assert isinstance(caught.value, AttributeError)
        assert isinstance(caught.value, ayr.AyrframeError)
        assert all(known in str(caught.value) for known in EXPANSIONS["linkedin"])
    assert not hasattr(accessor, name)


def test_expansions_lists_platforms(posts: pd.DataFrame) -> None:
    listed = posts.ayr.expansions().set_index("name")
    assert set(listed.index) == ALL_EXPANSIONS
    assert listed.index.is_unique
    assert listed.loc["reactions", "platforms"] == "facebook, linkedin"
    assert listed.loc["liked_by", "platforms"] == "facebook, linkedin"
    assert listed.loc["edit_history", "posts"] == 1


def test_platforms_lists_expansions() -> None:
    listed = ayr.platforms().set_index("platform")["expansions"]
    for platform in PLATFORMS:
        assert set(listed[platform].split(", ")) == EXPANSIONS[platform]


# --- other frames -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1]}),
        pd.DataFrame(),
        pd.DataFrame({"platform": ["tiktok"], "id": ["1"]}),
        pd.DataFrame({0: [1], ("x", "y"): [2]}),
        pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("platform", "a"), ("id", "b")])),
        pd.DataFrame([[1, 2]], columns=["ayr", "ayr"]),
    ],
    ids=range(6),
)
def test_other_frames_are_unaffected(frame: pd.DataFrame) -> None:
    assert not hasattr(frame, "ayr") or "ayr" in frame.columns
    assert "shape" in dir(frame)
    assert pickle.loads(pickle.dumps(frame)).equals(frame)
    assert copy.copy(frame).equals(frame)
    assert copy.deepcopy(frame).equals(frame)
    assert repr(frame)
    assert frame._repr_html_()


def test_accessor_of_another_frame_raises_with_instructions() -> None:
    with pytest.raises(AttributeError) as caught:
        pd.DataFrame({"platform": ["tiktok"], "id": ["1"]}).ayr  # noqa: B018
    message = str(caught.value)
    assert "profile" in message
    assert "as_of" in message
    assert all(name in message for name in ("load_sample", "read_json", "from_posts"))


def test_accessor_of_an_unknown_platform_works() -> None:
    times = {name: [pd.Timestamp(AS_OF)] for name in ("as_of", "created", "read_at", "listed_from")}
    frame = pd.DataFrame({"platform": ["myspace"], "profile": [""], "id": ["1"], **times})
    assert frame.ayr.expansions()["posts"].sum() == 0
    assert repr(frame.ayr)
    assert dir(frame.ayr)
    assert not hasattr(frame.ayr, "reactions")


@pytest.mark.parametrize(
    "method",
    [
        "metrics",
        "coverage",
        "summary",
        "timeline",
        "compare",
        "top_posts",
        "above_normal",
        "best_times",
        "crossposts",
        "growth",
        "at_age",
        "velocity",
        "drift",
        "dictionary",
        "validate",
        "to_posts",
        "extra",
        "tags",
    ],
)
def test_methods_that_go_by_platform_refuse_other_platforms(method: str) -> None:
    posts = ayr.load_sample("tiktok").head(3)
    posts.loc[1, "platform"] = "myspace" * 10
    with pytest.raises(
        ayr.AyrframeError, match=r"^Column 'platform' must have names of platforms, got '(myspace){5}mysp"
    ) as caught:
        getattr(posts.ayr, method)()
    assert ". Choose from: bluesky, facebook, instagram, " in str(caught.value)
    assert "myspace" * 6 not in str(caught.value)


def test_refused_platforms_are_listed_up_to_five() -> None:
    posts = ayr.load_sample("tiktok").head(8)
    posts["platform"] = [*"abcdefg", "tiktok"]
    with pytest.raises(ayr.AyrframeError, match=r"got 'a', 'b', 'c', 'd', 'e' and 2 more\. Choose"):
        posts.ayr.metrics()


def test_expansion_of_other_platforms_is_named_with_them() -> None:
    posts = ayr.load_sample("tiktok").head(3)
    message = "The expansion 'reactions' exists for facebook and linkedin only. Expansions of these posts: impression_s"
    with pytest.raises(ayr.ExpansionError, match=f"^`posts.ayr` has no method or expansion 'reactions'. {message}"):
        posts.ayr.reactions()
    with pytest.raises(ayr.ExpansionError, match=f"^These posts have no expansion 'reactions'. {message}"):
        posts.ayr.expand("reactions")


def test_expansion_of_a_dropped_column_names_the_column() -> None:
    posts = ayr.load_sample("linkedin").head(3).drop(columns="reactions")
    with pytest.raises(ayr.ExpansionError, match="It needs the column 'reactions', which is missing or has numbers"):
        posts.ayr.reactions()


def test_misspelled_names_get_a_suggestion() -> None:
    posts = ayr.load_sample("tiktok").head(3)
    with pytest.raises(AttributeError, match=r"^`ayrframe` has no attribute 'laod'\. Did you mean 'load'\?$"):
        ayr.laod  # noqa: B018
    with pytest.raises(
        AttributeError, match=r"^`posts.ayr.plot` has no plot 'timelin'\. Did you mean 'timeline'\? Cho"
    ):
        posts.ayr.plot.timelin  # noqa: B018
    with pytest.raises(AttributeError, match=r"'impresion_sources'\. Did you mean 'impression_sources'\? Expansions"):
        posts.ayr.impresion_sources  # noqa: B018
    assert not hasattr(ayr, "foo")
    assert not hasattr(posts.ayr.plot, "foo")
    assert pickle.loads(pickle.dumps(posts.ayr.plot)).__class__ is type(posts.ayr.plot)


# --- hostile names and texts in HTML ----------------------------------------------------------------------------------

EVIL = "<script>alert('1')</script>\"&<img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """Collects every tag, and every attribute, of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


def assert_harmless(html: str) -> None:
    parsed = Tags()
    parsed.feed(html)
    assert not parsed.seen & {"script", "img", "iframe", "object"}
    assert not {name for name in parsed.attributes if name.startswith("on")}


@pytest.fixture
def evil() -> pd.DataFrame:
    post = {"id": EVIL, "post": EVIL, "postUrl": f"https://x/{EVIL}", "labels": [EVIL], EVIL: EVIL, "likeCount": EVIL}
    frame = ayr.from_posts([post, EVIL], platform="bluesky", profile=EVIL, as_of=AS_OF, validate=None)
    return frame.assign(**{EVIL: EVIL, "plain": EVIL})


def test_card_html_is_escaped(evil: pd.DataFrame) -> None:
    assert_harmless(evil.ayr._repr_html_())


def test_card_html_of_an_unknown_platform_is_escaped(evil: pd.DataFrame) -> None:
    assert_harmless(evil.assign(platform=EVIL).ayr._repr_html_())


def test_dictionary_html_is_escaped_and_complete(evil: pd.DataFrame) -> None:
    html = evil.ayr.dictionary()._repr_html_()
    assert_harmless(html)
    assert "like_count" in html


def test_drift_and_expansions_html_is_escaped(evil: pd.DataFrame) -> None:
    for table in (evil.ayr.drift(), evil.ayr.expansions(), evil.ayr.extra(), evil.ayr.labels()):
        assert_harmless(table._repr_html_())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platform_dictionary_html_is_escaped_and_complete(platform: str) -> None:
    html = ayr.dictionary(platform)._repr_html_()
    assert_harmless(html)
    assert all(name in html for name in documented_frame(platform).columns)


def test_card_html_encodes_as_utf8(evil: pd.DataFrame) -> None:
    assert evil.ayr._repr_html_().encode("utf-8")
    assert evil.ayr.dictionary()._repr_html_().encode("utf-8")


def test_card_shows_platforms_posts_period_and_expansions(posts: pd.DataFrame) -> None:
    for card in (repr(posts.ayr), posts.ayr._repr_html_()):
        assert "TikTok" in card
        assert "20" in card
        assert "2023" in card
        assert "2025" in card
        assert "impression_sources" in card


# --- options of pandas ------------------------------------------------------------------------------------------------


def texts_of(frame: pd.DataFrame) -> list[Any]:
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def test_python_string_storage_works(posts: pd.DataFrame) -> None:
    with pd.option_context("mode.string_storage", "python"):
        frame = pd.concat([documented_frame(platform) for platform in PLATFORMS], ignore_index=True)[posts.columns]
        assert texts_of(frame) == texts_of(posts)
        assert [str(dtype) for dtype in frame.dtypes] == [str(dtype) for dtype in posts.dtypes]
        for name, table in expand_all(frame).items():
            assert texts_of(table) == texts_of(posts.ayr.expand(name)), name
        assert frame.ayr.to_posts() == posts.ayr.to_posts()
        assert len(frame.ayr.validate()) == len(posts)
        assert repr(frame.ayr) == repr(posts.ayr)


def test_expansions_of_object_dtype_text_work(posts: pd.DataFrame) -> None:
    loose = posts.astype({name: object for name, dtype in posts.dtypes.items() if str(dtype) == "str"})
    assert_same_except_dtype_of_key(loose, posts)
    assert loose.ayr.to_posts() == posts.ayr.to_posts()


def test_expansions_of_arrow_dtypes_work(posts: pd.DataFrame) -> None:
    arrow = posts.convert_dtypes(dtype_backend="pyarrow")
    assert_same_except_dtype_of_key(arrow, posts)


@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option")
def test_infer_string_off_works(posts: pd.DataFrame) -> None:
    try:
        pd.get_option("future.infer_string")
    except pd.errors.OptionError:
        pytest.skip("this pandas has no such option any more")
    with pd.option_context("future.infer_string", False):
        frame = pd.concat([documented_frame(platform) for platform in PLATFORMS], ignore_index=True)[posts.columns]
        assert [str(dtype) for dtype in frame.dtypes] == [str(dtype) for dtype in posts.dtypes]
        assert texts_of(frame) == texts_of(posts)
        for name, table in expand_all(frame).items():
            assert texts_of(table) == texts_of(posts.ayr.expand(name)), name
        assert len(frame.ayr.drift()) == len(posts.ayr.drift())
        assert len(frame.ayr.dictionary()) == len(posts.columns)


def overwrite_cells(table: pd.DataFrame) -> None:
    """Write to every column a value that its dtype accepts."""
    for position, dtype in enumerate(table.dtypes):
        if isinstance(dtype, pd.DatetimeTZDtype):
            table.iloc[:, position] = pd.Timestamp("2001-01-01", tz=dtype.tz)
        elif pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype):
            table.iloc[:, position] = 7
        elif pd.api.types.is_string_dtype(dtype):
            table.iloc[:, position] = "overwritten"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_writing_to_a_result_does_not_change_the_posts(platform: str) -> None:
    posts = ayr.load_sample(platform)
    untouched = posts.copy(deep=True)
    names = posts.ayr.expansions()["name"]
    results = [getattr(posts.ayr, name)() for name in names]
    methods = ("metrics", "summary", "coverage", "timeline", "growth", "velocity", "above_normal", "top_posts", "text")
    of_videos = ("completion",) if platform == "twitter" else ()
    results += [getattr(posts.ayr, method)() for method in (*methods, "at_age", "best_times", "crossposts", *of_videos)]
    for table in results:
        overwrite_cells(table)
        pd.testing.assert_frame_equal(posts, untouched)
    for name in names:
        assert not posts.ayr.expand(name).isin(["overwritten"]).any(axis=None)
