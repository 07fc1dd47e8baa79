"""Which frames have `.ayr`: posts frames and metrics frames; for other tables, an error that names the maker."""

from __future__ import annotations

import functools
import inspect
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import duckdb
import pandas as pd
import polars
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

import ayrframe as ayr
import ayrframe.dask  # for `ddf.ayr`

AS_OF = "2026-03-31T00:00:00Z"

Table = Callable[[], pd.DataFrame]


@functools.cache
def sample() -> pd.DataFrame:
    """Return the samples with columns of a user: numbers, and groups of several dtypes."""
    posts = ayr.load_sample()
    numbers = pd.Series(range(len(posts)))
    return posts.assign(
        spend=numbers * 1.5,
        campaign=pd.Series(["spring", "summer", None]).take(numbers % 3).array,
        loose=pd.Series(["a", "b"], dtype=object).take(numbers % 2).array,
        unknown=None,
        paid=numbers % 2 == 0,
        size=pd.Categorical(pd.Series(["L", "S"]).take(numbers % 2), categories=["S", "M", "L"]),
        wave=pd.Timestamp("2026-01-01") + pd.to_timedelta(numbers % 2, "D"),
    )


def three_posts(**changes: Any) -> pd.DataFrame:
    """Return posts with 10, 20 and 30 likes, 1, 2 and 3 replies, from March 1, 2 and 3."""
    posts = [
        {"id": str(n), "created": f"2026-03-0{n}T00:00:00Z", "post": f"Bread {n}", "likeCount": 10 * n, "replyCount": n}
        for n in (1, 2, 3)
    ]
    return ayr.from_posts(posts, platform="bluesky", as_of=AS_OF, validate=None).assign(**changes)


def values(table: pd.DataFrame, *columns: str, metric: object = "likes") -> list[list[Any]]:
    """Return these columns of the rows of a metric."""
    return table.loc[table["metric"] == str(metric), list(columns)].to_numpy().tolist()


# ── Every table that a method returns ───────────────────────────────────────────────────────────────────────────────


def returns_table(function: object) -> bool:
    return inspect.isfunction(function) and inspect.signature(function).return_annotation == "pd.DataFrame"


def public_methods(accessor: type) -> list[str]:
    return [name for name in dir(accessor) if not name.startswith("_") and returns_table(getattr(accessor, name))]


POSTS_FRAMES = {"latest", "validate"}
METRICS_FRAMES = {"metrics", "at_age"}
LOADING = {"load", "load_sample", "read_json", "read_parquet", "from_posts", "accounts"}
# The arguments and names of tables that a method does not return without arguments.
VARIANTS = {"growth(freq='D')": ("growth", {"freq": "D"}), "text(part)": ("text", {"part": "hashtags"})}
VARIANTS["match_url()"] = ("match_url", {"urls": ["tiktok.com/@bakery"]})
NEEDS_ARGUMENTS = {"expand", "enrich", "match_url"}


def makers() -> Iterator[tuple[str, Table]]:
    """Yield the names of all methods and functions that return tables of another kind, and calls of them."""
    for name in set(public_methods(ayr.PostsAccessor)) - POSTS_FRAMES - METRICS_FRAMES - NEEDS_ARGUMENTS:
        yield f"{name}()", lambda name=name: getattr(sample().ayr, name)()
    for label, (name, arguments) in VARIANTS.items():
        maker = label if name == "text" else f"{name}()"
        yield maker, lambda name=name, arguments=arguments: getattr(sample().ayr, name)(**arguments)
    for name in ayr.load_sample().ayr.expansions()["name"]:
        yield f"{name}()", lambda name=name: sample().ayr.expand(name)
    for name, platform in {"reactions": "facebook", "media_metrics": "x"}.items():
        yield f"{name}(wide=True)", lambda n=name, p=platform: ayr.load_sample(p).ayr.expand(n, wide=True)
    for name in set(filter(lambda name: returns_table(getattr(ayr, name)), ayr.__all__)) - LOADING:
        arguments = ("tiktok",) if name == "dictionary" else (sample(),) if name == "check" else ()
        maker = f"{name}()" if name == "dictionary" else f"ayr.{name}()"
        yield maker, lambda name=name, arguments=arguments: getattr(ayr, name)(*arguments)


MAKERS = sorted(makers(), key=lambda pair: pair[0])


@pytest.mark.parametrize(
    "number", range(len(MAKERS)), ids=[f"{name} {number}" for number, (name, _) in enumerate(MAKERS)]
)
def test_accessor_of_another_table_raises_and_names_its_maker(number: int) -> None:
    maker, table = MAKERS[number]
    for frame in (table(), table().iloc[:0]):
        with pytest.raises(AttributeError, match="needs a posts frame or a metrics frame") as caught:
            frame.ayr  # noqa: B018
        assert re.search(rf"this table is a result of ([a-z_]+\(\) or )*{re.escape(maker)}[. ]", str(caught.value))
        assert not hasattr(frame, "ayr")
        assert "shape" in dir(frame)


def test_accessor_of_tables_of_an_archive_raises_and_names_its_maker(tmp_path: Path) -> None:
    archive = ayr.Archive(tmp_path / "archive")
    with ayr.sandbox() as api:
        ayr.load("bluesky", limit=None, archive=archive, client=api.client(), progress=False)
    tables = {
        "Archive.profiles()": archive.profiles(),
        "Archive.pages()": archive.pages(),
        "Archive.to_parquet()": archive.to_parquet(tmp_path / "dataset"),
        "growth()": archive.growth("likes"),
    }
    for maker, table in tables.items():
        with pytest.raises(AttributeError, match="needs a posts frame or a metrics frame") as caught:
            table.ayr  # noqa: B018
        assert f"this table is a result of {maker}. " in str(caught.value)
    for frame in (archive.posts(), archive.latest(), ayr.read_parquet(tmp_path / "dataset")):
        assert isinstance(frame.ayr, ayr.PostsAccessor)


def test_accessor_of_posts_frames_and_metrics_frames_offers_their_methods() -> None:
    for name in POSTS_FRAMES:
        assert isinstance(getattr(sample().ayr, name)().ayr, ayr.PostsAccessor)
    for name in METRICS_FRAMES:
        assert isinstance(getattr(sample().ayr, name)().ayr, ayr.MetricsAccessor)
    assert isinstance(sample().ayr.metrics().ayr.latest().ayr, ayr.MetricsAccessor)
    assert isinstance(sample().ayr.enrich(ayr.load_sample()).ayr, ayr.PostsAccessor)


@pytest.mark.parametrize(
    "name", sorted(set(public_methods(ayr.PostsAccessor)) - set(public_methods(ayr.MetricsAccessor)))
)
def test_metrics_frame_refuses_methods_of_posts_frames(name: str) -> None:
    with pytest.raises(AttributeError, match=rf"`\.ayr\.{name}` needs a posts frame; this is a metrics frame"):
        getattr(three_posts().ayr.metrics().ayr, name)


@pytest.mark.parametrize("name", ["reactions", "likes", "sumary"])
def test_metrics_frame_without_a_method_lists_its_methods(name: str) -> None:
    with pytest.raises(AttributeError, match=f"no method '{name}'") as caught:
        getattr(three_posts().ayr.metrics().ayr, name)
    assert "summary" in str(caught.value)


def test_plots_of_a_metrics_frame_are_those_that_need_metrics() -> None:
    names = {name for name in dir(three_posts().ayr.metrics().ayr.plot) if not name.startswith("_")}
    assert names >= {"timeline", "top_posts", "above_normal", "best_times", "crossposts", "compare"}
    assert names.isdisjoint({"reactions", "retention", "audience", "completion", "growth", "coverage"})


# ── Tables of other libraries ───────────────────────────────────────────────────────────────────────────────────────


FOREIGN = {
    "polars.DataFrame. Convert it with `.to_pandas()`": polars.from_pandas,
    "polars.LazyFrame. Convert it with `.collect().to_pandas()`": lambda posts: polars.from_pandas(posts).lazy(),
    "pyarrow.Table. Convert it with `.to_pandas()`": pa.Table.from_pandas,
    "duckdb.DuckDBPyRelation. Convert it with `.df()`": duckdb.from_df,
    "dask.DataFrame. Convert it with `.compute()`": lambda posts: dd.from_pandas(posts, npartitions=1),
    "dict. ayr.from_posts makes": lambda posts: posts.to_dict("list"),
    "list. ayr.from_posts makes": lambda posts: posts.ayr.to_posts(),
    "pandas.Series.": lambda posts: posts["id"],
    "NoneType.": lambda posts: None,
}


@pytest.mark.parametrize("found", FOREIGN)
def test_table_of_another_library_is_refused_with_its_type(found: str, tmp_path: Path) -> None:
    posts = three_posts()
    table: Any = FOREIGN[found](posts)
    calls: list[tuple[str, Callable[[], object]]] = [
        ("`frame` must be a pandas DataFrame", lambda: ayr.PostsAccessor(table)),
        ("`frame` must be a pandas DataFrame", lambda: ayr.MetricsAccessor(table)),
        ("`frame` must be a pandas DataFrame", lambda: ayr.AccountsAccessor(table)),
        ("`analytics` must be a pandas DataFrame", lambda: posts.ayr.enrich(table)),
        ("`source` must be a posts frame, an ayr.Archive,", lambda: ayr.report(table, tmp_path / "report.html")),
        *([] if "dask" in found else [("`posts` must be a dask DataFrame", lambda: ayr.dask.DaskAccessor(table))]),
    ]
    for expected, call in calls:
        with pytest.raises(TypeError, match=re.escape(f"got {found}")) as caught:
            call()
        assert str(caught.value).startswith(expected)


@pytest.mark.parametrize("found", [found for found in FOREIGN if "Convert" in found])
def test_converted_table_of_another_library_has_the_metrics_of_the_posts(found: str) -> None:
    posts = three_posts()
    convert = {".to_pandas()": "to_pandas", ".df()": "df", ".compute()": "compute"}
    table: Any = FOREIGN[found](posts)
    table = table.collect() if "collect" in found else table
    converted = next(getattr(table, name)() for code, name in convert.items() if code in found)
    assert ayr.PostsAccessor(converted).metrics()["likes"].tolist() == [10, 20, 30]


def test_frame_of_pandas_is_refused_by_the_accessor_of_dask() -> None:
    with pytest.raises(TypeError, match=r"got pandas.DataFrame. Use ayr.PostsAccessor for frames of pandas."):
        ayr.dask.DaskAccessor(three_posts())


@pytest.mark.parametrize("posts", [None, 7])
def test_from_posts_refuses_what_is_not_a_list(posts: Any) -> None:
    with pytest.raises(TypeError, match="`posts` must be a list of dicts, got"):
        ayr.from_posts(posts)


# ── Frames that users made ──────────────────────────────────────────────────────────────────────────────────────────


def test_accessor_of_a_mixed_frame_raises() -> None:
    posts = three_posts()
    with pytest.raises(AttributeError, match="this frame mixes both"):
        pd.concat([posts, posts.ayr.metrics()]).ayr  # noqa: B018


@pytest.mark.parametrize(
    ("merge", "column"),
    [
        (lambda posts, metrics: posts.merge(metrics, on="id"), "platform"),
        (lambda posts, metrics: posts.merge(metrics, on=ayr.KEY), "created"),
        (lambda posts, metrics: metrics.merge(metrics[["id", "likes"]], on="id"), "likes"),
        (lambda posts, metrics: posts.merge(posts[["id", "like_count"]], on="id"), "like_count"),
        (lambda posts, metrics: posts.merge(posts.ayr.extra(), on="id"), "platform"),
    ],
    ids=range(5),
)
def test_accessor_after_a_merge_that_renamed_columns_names_one(merge: Any, column: str) -> None:
    posts = three_posts()
    with pytest.raises(AttributeError, match=f"needs the column '{column}', which a merge renamed to '{column}_x' and"):
        merge(posts, posts.ayr.metrics()).ayr  # noqa: B018


def test_own_columns_that_a_merge_renamed_are_own_columns() -> None:
    costs = pd.DataFrame({"id": ["1", "2", "3"], "spend": [1.0, 2.0, 3.0]})
    merged = three_posts().merge(costs, on="id").merge(costs, on="id")
    assert merged.ayr.top_posts("spend_y")["value"].tolist() == [3.0, 2.0, 1.0]


@pytest.mark.parametrize("name", ["created", "read_at", "listed_from", "as_of"])
def test_accessor_without_a_common_column_names_it_and_common(name: str) -> None:
    for frame in (three_posts(), three_posts().ayr.metrics()):
        with pytest.raises(AttributeError, match=rf"missing columns: {name}\. .*ayr\.COMMON"):
            frame.drop(columns=name).ayr  # noqa: B018


def test_posts_frame_of_the_common_columns_works() -> None:
    assert sample()[ayr.COMMON].ayr.latest().shape == (1550, 12)


@pytest.mark.parametrize("name", ["platform", "profile", "id"])
def test_groupby_apply_without_the_group_column_says_how_to_keep_it(name: str) -> None:
    posts = three_posts()
    for frame in (posts, posts.ayr.metrics()):
        with pytest.raises(AttributeError, match=rf"groupby\('{name}'\)\.apply leaves out the column of the groups"):
            frame.groupby(name).apply(lambda group: len(group.ayr.summary()))
        counts = frame.groupby(name)[list(frame)].apply(lambda group: group.ayr.summary()["posts"].max())
        assert counts.sum() == 3


def test_accessor_follows_columns_that_are_added_later() -> None:
    metrics = three_posts().ayr.metrics()
    assert metrics.ayr.summary(metric="likes")["sum"].tolist() == [60.0]
    metrics["cost"] = [1.0, 2.0, 3.0]
    assert metrics.ayr.summary(metric="cost")["sum"].tolist() == [6.0]
    metrics["likes"] = 5
    assert metrics.ayr.summary(metric="likes")["sum"].tolist() == [15.0]
    del metrics["kind"]
    with pytest.raises(AttributeError, match="missing columns: kind"):
        metrics.ayr  # noqa: B018


# An empty metrics frame does not say which platforms it is of, and those are columns of crossposts().
@pytest.mark.parametrize("name", sorted({*public_methods(ayr.MetricsAccessor)} - {"crossposts"}))
def test_method_of_an_empty_frame_equals_that_of_its_metrics(name: str) -> None:
    empty = sample().iloc[:0]
    result = getattr(empty.ayr.metrics().ayr, name)()
    assert len(result) == 0
    if name != "latest":
        full, of_posts = getattr(sample().ayr, name)(), getattr(empty.ayr, name)()
        assert_frame_equal(result, of_posts)
        assert result.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


# ── Dropped columns ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["summary", "compare", "timeline", "top_posts", "above_normal", "metrics", "velocity"])
def test_dropped_column_is_named_in_one_warning(name: str) -> None:
    posts = three_posts().drop(columns="like_count")
    message = r"'like_count' \(likes of bluesky\)\. Engagements do not include them\."
    with pytest.warns(ayr.DataWarning, match=message) as caught:
        getattr(posts.ayr, name)()
    assert len(caught) == 1


@pytest.mark.parametrize(
    ("column", "name", "lost"),
    [
        ("extra", "drift", "undeclared fields and invalid values"),
        ("extra", "coverage", "invalid values and error records"),
        ("post", "text", "no texts"),
        ("post", "crossposts", "'post'"),
        ("post_url", "top_posts", "'post_url'"),
    ],
)
def test_dropped_common_column_is_named_in_one_warning(column: str, name: str, lost: str) -> None:
    with pytest.warns(ayr.DataWarning, match=lost) as caught:
        getattr(three_posts().drop(columns=column).ayr, name)()
    assert len(caught) == 1
    assert f"'{column}'" in str(caught[0].message)


def test_dropped_videos_are_named_in_one_warning() -> None:
    posts = ayr.load_sample("x")
    with pytest.warns(ayr.DataWarning, match="lacks the column 'media_metrics'|lacks the column 'media'"):
        assert len(posts[ayr.COMMON].ayr.completion()) == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda frame: frame.ayr.summary(metric="likes"),
        lambda frame: frame.ayr.summary(metric=["shares", "likes"]),
        lambda frame: frame.ayr.compare(metric="likes"),
        lambda frame: frame.ayr.timeline("likes"),
        lambda frame: frame.ayr.top_posts("likes"),
        lambda frame: frame.ayr.above_normal("likes"),
        lambda frame: frame.ayr.best_times("likes"),
        lambda frame: frame.ayr.crossposts("likes"),
    ],
    ids=range(8),
)
def test_dropped_column_that_is_asked_for_by_name_raises(call: Any) -> None:
    posts = three_posts()
    with pytest.raises(ValueError, match="lacks the column 'like_count', from which likes of Bluesky is read"):
        call(posts.drop(columns="like_count"))
    with pytest.raises(ValueError, match="lacks the column 'likes'"):
        call(posts.ayr.metrics().drop(columns="likes"))


@pytest.mark.parametrize("column", ["age_days", "watch_time_s", "er_views", "reach", "post"])
def test_dropped_column_of_a_metrics_frame_leaves_the_others(column: str) -> None:
    metrics = three_posts().ayr.metrics()
    expected = metrics.ayr.compare("day", at="2026-03-03", metric=["likes", "comments"])
    assert_frame_equal(
        metrics.drop(columns=column).ayr.compare("day", at="2026-03-03", metric=["likes", "comments"]), expected
    )
    assert expected["mean_age_days_this"].tolist() == [28.0, 28.0, 28.0]


# ── Own columns ─────────────────────────────────────────────────────────────────────────────────────────────────────


def frames(posts: pd.DataFrame) -> list[pd.DataFrame]:
    """Return a posts frame and its metrics frame."""
    return [posts, posts.ayr.metrics()]


def test_own_columns_are_carried_by_metrics_and_latest() -> None:
    posts = three_posts(spend=[1.0, 2.0, 4.0], campaign=["a", "a", "b"])
    for frame in (posts.ayr.metrics(), posts.ayr.latest(), posts.ayr.metrics().ayr.latest()):
        assert frame[["spend", "campaign"]].to_numpy().tolist() == [[1.0, "a"], [2.0, "a"], [4.0, "b"]]
    assert posts.ayr.metrics().columns[-2:].tolist() == ["spend", "campaign"]


def test_own_number_is_a_metric() -> None:
    for frame in frames(three_posts(spend=[1.0, 2.0, 4.0])):
        assert frame.ayr.top_posts("spend")[["id", "value"]].to_numpy().tolist() == [["3", 4.0], ["2", 2.0], ["1", 1.0]]
        assert values(frame.ayr.summary(metric="spend"), "posts_with", "sum", "median", metric="spend") == [
            [3, 7.0, 2.0]
        ]
        assert frame.ayr.timeline("spend", period="day")["sum"].tolist() == [1.0, 2.0, 4.0]
        compared = frame.ayr.compare("day", at="2026-03-03", metric="spend")
        assert values(compared, "statistic", "before", "this", "change", metric="spend") == [["sum", 2.0, 4.0, 1.0]]


def test_own_integers_beside_metrics_are_summed_with_them() -> None:
    for frame in frames(three_posts(cost=[5, 7, 9])):
        table = frame.ayr.summary(metric=["cost", "likes"])
        assert table["metric"].tolist() == ["cost", "likes"]
        assert table["sum"].tolist() == [21.0, 60.0]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["a", "a", "b"], [["a", 2, 30.0], ["b", 1, 30.0]]),
        (pd.Series(["b", "a", "a"], dtype=object), [["a", 2, 50.0], ["b", 1, 10.0]]),
        ([True, False, True], [[False, 1, 20.0], [True, 2, 40.0]]),
        (pd.Categorical(["lo", "hi", "lo"], categories=["lo", "mid", "hi"]), [["lo", 2, 40.0], ["hi", 1, 20.0]]),
        (pd.to_datetime(["2026-01-02", "2026-01-01", "2026-01-02"]), None),
        ([2, 1, 2], [[1, 1, 20.0], [2, 2, 40.0]]),
        (["a", None, "a"], [["a", 2, 40.0], [None, 1, 20.0]]),
        ([None, None, None], [[None, 3, 60.0]]),
    ],
    ids=["str", "object", "bool", "categorical", "datetime", "int", "missing", "all missing"],
)
def test_own_column_of_any_dtype_is_a_group(column: Any, expected: list[list[Any]] | None) -> None:
    days = [[pd.Timestamp("2026-01-01"), 1, 20.0], [pd.Timestamp("2026-01-02"), 2, 40.0]]
    for frame in frames(three_posts(group=column)):
        table = frame.ayr.summary("group", metric="likes")
        found = table[["group", "posts", "sum"]].astype(object)
        assert found.where(found.notna(), None).to_numpy().tolist() == (days if expected is None else expected)


@pytest.mark.parametrize("column", ["campaign", "loose", "unknown", "paid", "size", "wave", "month", "kind"])
def test_own_group_on_dask_equals_pandas(column: str) -> None:
    metrics, names = sample().ayr.metrics(), ["likes", "engagements", "er_views", "spend"]
    expected = sample().ayr.summary(column, metric=names)
    assert_frame_equal(metrics.ayr.summary(column, metric=names), expected)
    for frame in (sample(), metrics):
        found = dd.from_pandas(frame, npartitions=3).ayr.summary(column, metric=names).compute(scheduler="sync")
        assert_frame_equal(found.reset_index(drop=True), expected)


def test_own_text_is_str_on_pandas_and_dask() -> None:
    expected = sample().ayr.metrics()
    assert expected[["campaign", "loose", "unknown"]].dtypes.astype(str).tolist() == ["str"] * 3
    found = dd.from_pandas(sample(), npartitions=2).ayr.metrics().compute(scheduler="sync")
    assert_frame_equal(found.reset_index(drop=True), expected)


def test_dask_accessor_of_another_table_raises_and_names_its_maker() -> None:
    with pytest.raises(AttributeError, match=r"result of reactions\(\)"):
        dd.from_pandas(ayr.load_sample("facebook").ayr.reactions(), npartitions=1).ayr  # noqa: B018
    table = dd.from_pandas(three_posts().ayr.metrics(), npartitions=1)
    with pytest.raises(AttributeError, match="metrics frame has `summary` only, not 'coverage'"):
        table.ayr.coverage  # noqa: B018


@pytest.mark.parametrize("name", ["likes", "engagements", "er_views", "er_followers", "format", "kind", "age_days"])
def test_own_column_with_the_name_of_a_metric_raises(name: str) -> None:
    for method in ("metrics", "summary", "top_posts", "latest"):
        with pytest.raises(ValueError, match=rf"Column '{name}' of the posts frame has the name .* Rename it"):
            getattr(three_posts(**{name: 1}).ayr, method)()


@pytest.mark.parametrize("name", ["metric", "posts", "sum", "month", "week"])
def test_group_with_the_name_of_another_column_raises(name: str) -> None:
    for frame in frames(three_posts(**{name: "x"})):
        with pytest.raises(ValueError, match=f"Column '{name}' cannot be a group, .* Rename it"):
            frame.ayr.summary(name)
        assert values(frame.ayr.summary(), "sum") == [[60.0]]


def test_comparison_with_ambiguous_names_raises() -> None:
    for frame in frames(three_posts(change="x", posts=1)):
        with pytest.raises(ValueError, match="Column 'change' cannot be a group"):
            frame.ayr.compare(by="change")
        with pytest.raises(ValueError, match="Column 'posts' cannot be compared"):
            frame.ayr.compare(metric="posts")


@pytest.mark.parametrize("name", ["observed_age_days", "status"])
def test_at_age_refuses_own_columns_with_the_names_of_its_columns(name: str) -> None:
    with pytest.raises(ValueError, match=f"Column '{name}' has the name of a column of at_age"):
        three_posts(**{name: 1}).ayr.at_age()


@pytest.mark.parametrize("name", ["period", "start", "value", "rank", "hour", "content", "row", 5])
def test_own_number_of_any_other_name_is_a_metric(name: Any) -> None:
    posts = three_posts(x=[1, 2, 4]).rename(columns={"x": name})
    for frame in frames(posts):
        assert frame.ayr.timeline(name, period="day")["sum"].tolist() == [1.0, 2.0, 4.0]
        assert frame.ayr.top_posts(name)["value"].tolist() == [4.0, 2.0, 1.0]
        assert values(frame.ayr.summary(name, metric=name), "sum", metric=name) == [[1.0], [2.0], [4.0]]
        found = dd.from_pandas(frame, npartitions=2).ayr.summary(metric=name).compute(scheduler="sync")
        assert found["sum"].tolist() == [7.0]


@pytest.mark.parametrize(
    "column",
    [
        ["1", "2", "3"],
        [True, False, True],
        [1j, 2j, 3j],
        pd.Series([1, 2, 3], dtype=object),
        pd.to_timedelta([1, 2, 3]),
    ],
    ids=["text", "bool", "complex", "object", "timedelta"],
)
def test_own_column_without_numbers_is_not_a_metric(column: Any) -> None:
    for frame in frames(three_posts(spend=column)):
        with pytest.raises(ValueError, match=r"Column 'spend' has dtype .*; a metric needs integers or floats"):
            frame.ayr.top_posts("spend")
        with pytest.raises(ValueError, match="Column 'spend' has dtype"):
            frame.ayr.summary(metric=["likes", "spend"])


def test_lists_in_own_columns_do_no_harm() -> None:
    for frame in frames(three_posts(tags=[["a"], ["b"], []])):
        assert frame.ayr.latest()["tags"].tolist() == [["a"], ["b"], []]
        assert values(frame.ayr.summary(), "sum") == [[60.0]]


def test_platform_column_left_from_other_rows_is_not_an_own_column() -> None:
    posts = ayr.load_sample(["bluesky", "tiktok"])
    bluesky = posts[posts["platform"] == "bluesky"]
    assert bluesky.ayr.metrics().columns.tolist() == ayr.load_sample("bluesky").ayr.metrics().columns.tolist()


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def after_csv(frame: pd.DataFrame) -> pd.DataFrame:
    buffer = io.StringIO(frame.to_csv(index=False))
    return pd.read_csv(buffer, dtype={"id": "str"})


def after_parquet(frame: pd.DataFrame) -> pd.DataFrame:
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return pd.read_parquet(buffer)


def after_excel(frame: pd.DataFrame) -> pd.DataFrame:
    times = frame.select_dtypes("datetimetz")
    buffer = io.BytesIO()
    frame.assign(**{name: times[name].dt.tz_localize(None) for name in times}).to_excel(buffer, index=False)
    return pd.read_excel(buffer, dtype={"id": "str"})


@pytest.mark.parametrize("name", sorted(set(public_methods(ayr.MetricsAccessor)) - {"latest"}))
@pytest.mark.parametrize("save", [after_csv, after_parquet, after_excel], ids=lambda save: save.__name__)
def test_saved_frames_give_equal_results(name: str, save: Any) -> None:
    # CSV and Excel cannot write an empty text, and read texts of digits as numbers, and Excel reads others as formulas.
    posts = sample()[sample()["platform"].isin(["bluesky", "instagram", "x", "threads"])].drop(
        columns=["size", "unknown"]
    )
    posts = posts[posts["post"].str.contains("^[^=].*[a-z]", na=False)]
    expected = getattr(posts.ayr, name)()
    assert_frame_equal(getattr(save(posts.ayr.metrics()).ayr, name)(), expected)


def test_ids_that_became_floats_are_read_as_digits_or_refused() -> None:
    for frame in frames(three_posts()):
        floats = frame.assign(id=frame["id"].astype("float64"))
        assert floats.ayr.top_posts()["id"].tolist() == ["3", "2", "1"]
        assert floats.ayr.latest()["id"].tolist() == ["1", "2", "3"]
        lost = frame.assign(id=[2.0**53, 2.0**60, 1.0])
        for name in sorted({*public_methods(ayr.MetricsAccessor)}):
            with pytest.raises(ayr.AyrframeError, match=r'dtype=\{"id": "str"\}'):
                getattr(lost.ayr, name)()
    for name in set(public_methods(ayr.PostsAccessor)) - NEEDS_ARGUMENTS:
        with pytest.raises(ayr.AyrframeError, match=r'dtype=\{"id": "str"\}'):
            getattr(three_posts().assign(id=2.0**53).ayr, name)()


# ── Chains ──────────────────────────────────────────────────────────────────────────────────────────────────────────

CALLS: dict[str, Callable[[Any], pd.DataFrame]] = {
    "summary": lambda accessor: accessor.summary(["month", "format"]),
    "summary by own": lambda accessor: accessor.summary(["campaign", "profile"], metric=["likes", "spend", "er_views"]),
    "compare": lambda accessor: accessor.compare(by="kind"),
    "compare own": lambda accessor: accessor.compare(
        "week", by="campaign", metric=["spend", "engagements"], tz="Asia/Kolkata"
    ),
    "timeline": lambda accessor: accessor.timeline("spend", period="month"),
    "top_posts": lambda accessor: accessor.top_posts("er_views"),
    "top_posts own": lambda accessor: accessor.top_posts("spend", n=3),
    "above_normal": lambda accessor: accessor.above_normal("likes"),
    "best_times": lambda accessor: accessor.best_times("engagements", min_posts=1),
    "crossposts": lambda accessor: accessor.crossposts("likes"),
}


@functools.cache
def observations() -> pd.DataFrame:
    """Return two observations of each post, in two campaigns for every third, some without id or content."""
    first = sample().iloc[::6].drop(columns=["size", "unknown", "loose", "wave", "paid"])
    second = first.assign(as_of=first["as_of"] + pd.Timedelta(days=3), like_count=first["like_count"] + 5)
    second.loc[second.index[::9], "id"] = None
    return pd.concat([first, second, second.iloc[::3].assign(campaign="autumn")], ignore_index=True)


@pytest.mark.parametrize(
    ("platforms", "chains"),
    [
        (["bluesky", "threads", "tiktok", "twitter"], [["metrics"], ["metrics", "latest", "latest"]]),
        (["tiktok"], [["latest"], ["latest", "metrics", "latest"]]),
    ],
)
@pytest.mark.parametrize("call", CALLS)
def test_chain_of_methods_equals_the_direct_way(call: str, platforms: list[str], chains: list[list[str]]) -> None:
    posts = observations()
    posts = posts[posts["platform"].isin(platforms)]
    expected = CALLS[call](posts.ayr)
    for chain in chains:
        frame = posts
        for name in chain:
            frame = getattr(frame.ayr, name)()
        assert_frame_equal(CALLS[call](frame.ayr), expected)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("call", ["summary", "summary by own", "timeline", "compare own", "best_times"])
def test_order_of_rows_does_not_change_numbers(call: str, seed: int) -> None:
    posts = observations()
    expected = CALLS[call](posts.ayr)
    shuffled = posts.sample(frac=1, random_state=seed)
    for frame in (shuffled, shuffled.ayr.metrics(), shuffled.ayr.latest()):
        assert_frame_equal(CALLS[call](frame.ayr), expected)


def test_metrics_merged_with_campaigns_are_summarized_by_campaign() -> None:
    campaigns = pd.DataFrame(
        {"id": ["1", "2", "2", "3"], "campaign": ["a", "a", "b", "b"], "cost": [2.0, 4.0, 4.0, 6.0]}
    )
    merged = three_posts().ayr.metrics().merge(campaigns, on="id")
    assert values(merged.ayr.summary("campaign"), "campaign", "posts", "sum") == [["a", 2, 30.0], ["b", 2, 50.0]]
    assert values(merged.ayr.summary(), "posts", "sum") == [[3, 60.0]]
    merged["cost_per_engagement"] = merged["cost"] / merged["engagements"]
    assert merged.ayr.top_posts("cost_per_engagement")["value"].tolist() == pytest.approx([2 / 11, 2 / 11, 2 / 11])
    assert values(merged.ayr.latest().ayr.summary("campaign"), "sum") == [[30.0], [50.0]]


@pytest.mark.parametrize("name", ["likez", "er_followers", "id"])
def test_metric_that_a_metrics_frame_does_not_have_is_unknown(name: str) -> None:
    metrics = ayr.load_sample("tiktok").ayr.metrics()
    with pytest.raises(ValueError, match=f"Unknown metric '{name}'"):
        metrics.ayr.summary(metric=name)
