"""Part D of the fault table: invalid, missing and undeclared values. test_frame_rules.py tests the details."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from tests.faults.load_client import make_client
from tests.faults.server import Server, http, only_page, sends

NAMES = [*("bluesky", "facebook", "instagram", "linkedin", "pinterest"), *("snapchat", "threads", "tiktok", "twitter")]
PLATFORMS = [*NAMES, "youtube"]
AS_OF = "2026-02-03T04:05:06Z"
READ_TIMES = ["as_of", "read_at", "listed_from"]  # they depend on when and how posts are read


def read(*posts: Any, platform: str = "bluesky") -> pd.DataFrame:
    """Decode posts from JSON without validation."""
    return ayr.read_json(json.dumps(posts).encode(), platform=platform, as_of=AS_OF, validate=None)


def extra(posts: pd.DataFrame, row: int = 0) -> Any:
    text = posts["extra"].iloc[row]
    return None if pd.isna(text) else json.loads(text)


def findings(posts: pd.DataFrame) -> dict[str, tuple[str, int]]:
    """Return the finding of each path in the drift report, and its number of posts."""
    found = posts.ayr.drift().query("finding != 'never seen'")
    return {row.path: (row.finding, row.posts) for row in found.itertuples()}


def assert_in_extra(field: str, column: str, value: Any) -> None:
    """Check that an invalid value is NA in its column, is in `extra`, and is reported."""
    posts = read({"id": "1", field: value})
    assert posts[column].isna().all()
    assert extra(posts) == {field: value}
    assert findings(posts) == {field: ("wrong type", 1)}
    with pytest.warns(ayr.DataWarning, match=rf"in 1 post\. {column}: 1 value is not an? .* \(kept in `extra`\)"):
        ayr.from_posts([{"id": "1", field: value}], platform="bluesky")


@pytest.mark.parametrize("post", [{}, {"id": None}, {"id": ""}], ids=["missing", "null", "empty"])
def test_D1_missing_id_is_a_row_and_warns(post: dict[str, Any]) -> None:
    with pytest.warns(ayr.DataWarning, match=r"in 2 posts\. id: 1 value is missing or empty"):
        posts = ayr.from_posts([{"post": "a", **post}, {"id": "1", "post": "b"}], platform="bluesky")
    assert posts["post"].tolist() == ["a", "b"]


@pytest.mark.parametrize("number", [2**53 + 1, 7301234567890123457, 10**30 + 1], ids=["53_bits", "TikTok", "30_digits"])
def test_D2_numeric_id_has_every_digit(number: int) -> None:
    posts = read({"id": number}, {})
    assert posts["id"].iloc[0] == str(number)
    assert posts["id"].dtype == "str"


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**63) - 1, 10**100], ids=["63", "64", "minus_63", "googol"])
def test_D3_integer_beyond_64_bits_is_exact_in_extra(number: int) -> None:
    assert_in_extra("likeCount", "like_count", number)


@pytest.mark.parametrize(("text", "number"), [("179", 179), ("-5", -5), ("007", 7)])
def test_D4_quoted_digits_are_an_integer(text: str, number: int) -> None:
    posts = read({"id": "1", "likeCount": text})
    assert posts["like_count"].tolist() == [number]
    assert findings(posts) == {}


@pytest.mark.parametrize(
    "text", ["1e3", " 7 ", "", "1_000", "1,000", "+5", "0x1F", "٣", "3.5", "9" * 19, "many", "NaN"], ids=ascii
)
def test_D4_other_text_is_not_an_integer(text: str) -> None:
    assert_in_extra("likeCount", "like_count", text)


def test_D5_integer_with_a_long_exponent_is_read() -> None:
    items = ",".join(f'{{"id":"1","likeCount":{token}}}' for token in ("1e00001", "0e99999", "0e-99999", "7e+0000000"))
    posts = ayr.read_json(f"[{items}]".encode(), platform="bluesky", validate=None)
    assert posts["like_count"].tolist() == [10, 0, 0, 7]
    assert posts["extra"].isna().all()


def test_D5_integral_float_is_an_integer() -> None:
    posts = read({"id": "1", "likeCount": 3.0})
    assert posts["like_count"].tolist() == [3]
    assert posts["like_count"].dtype == "Int64"


@pytest.mark.parametrize("value", [3.5, True, False, -0.5], ids=str)
def test_D5_fraction_or_boolean_is_not_an_integer(value: Any) -> None:
    assert_in_extra("likeCount", "like_count", value)


@pytest.mark.parametrize("number", [-1, -300])
def test_D6_negative_count_is_unchanged_and_warns(number: int) -> None:
    with pytest.warns(ayr.DataWarning, match=rf"in 2 posts\. like_count: 1 value is negative, e\.g\. '{number}'"):
        posts = ayr.from_posts([{"id": "1", "likeCount": number}, {"id": "2", "likeCount": 0}], platform="bluesky")
    assert posts["like_count"].tolist() == [number, 0]


def test_D7_null_and_missing_are_NA_and_empty_is_unchanged() -> None:
    posts = read({"id": "1"}, {"id": "2", "reactions": None}, {"id": "3", "reactions": {}}, platform="facebook")
    assert posts["reactions"].isna().tolist() == [True, True, False]
    assert posts["reactions"].iloc[2] == "{}"
    assert posts["extra"].isna().all()
    assert [post.get("reactions") for post in posts.ayr.to_posts()] == [None, None, {}]


def test_D8_key_with_a_dot_does_not_overwrite_a_nested_field() -> None:
    post = {"id": "1", "viewer": {"threadMuted": True}, "viewer.threadMuted": False, "viewer_thread_muted": False}
    posts = read(post)
    assert posts["viewer_thread_muted"].tolist() == [True]
    assert extra(posts) == {"viewer.threadMuted": False, "viewer_thread_muted": False}
    assert posts.ayr.to_posts() == [post]


@pytest.mark.parametrize("name", ["myspace", "TikTok!", "", "gmb"])
def test_D9_unknown_platform_argument_raises_with_choices(name: str) -> None:
    with pytest.raises(ValueError, match=r"Unknown platform .* Choose from: bluesky, .*youtube"):
        ayr.from_posts([{"id": "1"}], platform=name)


def test_D9_unknown_platform_field_is_in_extra_and_not_used() -> None:
    posts = read({"id": "1", "platform": "myspace"})
    assert posts["platform"].tolist() == ["bluesky"]
    assert extra(posts) == {"platform": "myspace"}
    with pytest.raises(ayr.ResponseError, match="Cannot detect the platform of 1 post"):
        ayr.from_posts([{"id": "1", "platform": "myspace"}])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_D10_undeclared_field_is_reported_without_a_column(platform: str) -> None:
    posts = read({"id": "1", "brandNew": {"deep": [1]}}, {"id": "2", "brandNew": 2}, platform=platform)
    assert list(posts.columns) == list(read(platform=platform).columns)
    assert [extra(posts, row) for row in (0, 1)] == [{"brandNew": {"deep": [1]}}, {"brandNew": 2}]
    assert findings(posts) == {"brandNew": ("undeclared", 2)}


@pytest.mark.parametrize("value", [{"count": 3}, [3], "three", None], ids=["object", "list", "text", "null"])
def test_D11_field_of_another_type_does_not_change_the_column(value: Any) -> None:
    posts = read({"id": "1", "likeCount": 3}, {"id": "2", "likeCount": value})
    assert posts["like_count"].dtype == "Int64"
    assert posts["like_count"].iloc[0] == 3
    assert posts["like_count"].isna().tolist() == [False, True]
    assert extra(posts, 1) == (None if value is None else {"likeCount": value})


def test_D12_element_of_another_type_is_NA_and_reported() -> None:
    posts = read({"id": "1", "labels": ["a", 1, {"b": 2}, "c"]})
    assert json.loads(posts["labels"].iloc[0]) == ["a", 1, {"b": 2}, "c"]
    labels = posts.ayr.labels()["value"]
    assert labels.isna().tolist() == [False, True, True, False]
    assert findings(posts) == {"labels[]": ("wrong type", 1)}


def test_D12_list_instead_of_object_or_reverse_is_in_extra() -> None:
    posts = read({"id": "1", "viewer": [True], "labels": {"0": "a"}})
    assert posts[["viewer_thread_muted", "labels"]].isna().to_numpy().all()
    assert extra(posts) == {"viewer": [True], "labels": {"0": "a"}}


TIMES = {
    "2022-05-20T20:07:53Z": "2022-05-20 20:07:53",
    "2022-05-20T20:07:53.1Z": "2022-05-20 20:07:53.1",
    "2022-05-20T20:07:53.123456Z": "2022-05-20 20:07:53.123456",
}


def test_D13_times_with_and_without_fractions_are_read() -> None:
    posts = read(*({"id": time, "created": time} for time in TIMES))
    assert posts["created"].tolist() == [pd.Timestamp(time, tz="UTC") for time in TIMES.values()]
    assert posts["created"].dtype == "datetime64[us, UTC]"


@pytest.mark.parametrize("word", ["now", "today", "yesterday", "NaT", "Now"])
def test_D14_word_is_not_a_time(word: str) -> None:
    assert_in_extra("created", "created", word)


@pytest.mark.parametrize("text", ["2022", "20220520", "2022-05-20", "2022-05-20T20:07:53 Z", "20.5.2022", "", " "])
def test_D15_incomplete_time_is_not_a_time(text: str) -> None:
    assert_in_extra("created", "created", text)


@pytest.mark.parametrize("number", [1653077273, 1653077273000, 0, 1653077273.5, -1])
def test_D16_number_is_not_a_time(number: float) -> None:
    assert_in_extra("created", "created", number)


@pytest.mark.parametrize("time_text", ["2022-05-20T20:07:53+05:30", "2022-05-20T14:37:53+0000", "2022-05-20T14:37:53Z"])
def test_D17_time_with_offset_is_converted_to_UTC(time_text: str) -> None:
    posts = read({"id": "1", "created": time_text}, {"id": "2", "created": "2022-05-20T14:37:53Z"})
    assert posts["created"].tolist() == [pd.Timestamp("2022-05-20 14:37:53", tz="UTC")] * 2


def test_D17_time_without_zone_is_not_a_time() -> None:
    assert_in_extra("created", "created", "2022-05-20T20:07:53")


IMPOSSIBLE = [
    *("2022-13-01T00:00:00Z", "2022-02-30T00:00:00Z", "2022-01-01T24:00:00Z", "2016-12-31T23:59:60Z"),
    *("0000-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
]


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_D18_impossible_time_is_text_in_extra(text: str) -> None:
    assert_in_extra("created", "created", text)


@pytest.mark.parametrize("year", ["0001", "1677", "2262", "9999"])
def test_D18_distant_year_is_a_time(year: str) -> None:
    created = read({"id": "1", "created": f"{year}-01-01T00:00:00Z"})["created"].iloc[0]
    assert (created.year, created.month, created.day) == (int(year), 1, 1)


def test_D19_invalid_values_are_counted() -> None:
    bad = [*IMPOSSIBLE, "now", 7, "2022", None]
    posts = read(*({"id": str(row), "created": value} for row, value in enumerate([*bad, *TIMES])))
    assert findings(posts) == {"created": ("wrong type", len(bad) - 1)}
    assert [extra(posts, row)["created"] for row in range(len(bad) - 1)] == bad[:-1]
    assert posts["created"].notna().sum() == len(TIMES)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_D20_empty_history_has_the_same_columns_and_dtypes(platform: str) -> None:
    empty, sample = read(platform=platform), ayr.load_sample(platform)
    assert len(empty) == 0
    assert empty.dtypes.equals(sample.dtypes)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_D21_column_without_values_has_its_dtype(platform: str) -> None:
    expected = ayr.load_sample(platform).dtypes
    paths = [path.partition(".")[0] for path in ayr.dictionary(platform)["path"] if path]
    for posts in (read({"id": "1"}, platform=platform), read(dict.fromkeys(paths), platform=platform)):
        assert posts.dtypes.equals(expected)


TEXTS = [
    "\u200f\u0645\u0631\u062d\u0628\u0627\u200e world",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd",
    "x" * 100_000,
    *("   ", "", "NA", "null", "None", "nan", "00123", "a\r\nb\rc\td", "\x00"),
    *("'", '"', ",", ";", "=1+1", "<b>", "\xe9 e\u0301", "\u2028"),
]


def test_D22_texts_are_exact_in_the_frame_and_in_Parquet(tmp_path: Path) -> None:
    posts = read(*({"id": str(row), "post": text} for row, text in enumerate(TEXTS)))
    assert posts["post"].tolist() == TEXTS
    posts.to_parquet(tmp_path / "posts.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "posts.parquet"), posts)


def test_D22_to_csv_docstring_names_the_exact_format() -> None:
    docstring = " ".join((ayr.PostsAccessor.to_csv.__doc__ or "").split())
    assert "To preserve dtypes, write `posts.to_parquet(path)`" in docstring


def test_D23_percentages_and_fractions_are_normalised_by_declaration() -> None:
    cities, countries = [{"city_name": "Bern", "percentage": 96.9}], [{"country": "CH", "percentage": 0.0029}]
    posts = read({"id": "1", "audienceCities": cities, "audienceCountries": countries}, platform="tiktok")
    assert json.loads(posts["audience_cities"].iloc[0]) == cities
    assert json.loads(posts["audience_countries"].iloc[0]) == countries
    assert posts.ayr.audience_cities()["fraction"].tolist() == pytest.approx([0.969])
    assert posts.ayr.audience_countries()["fraction"].tolist() == [0.0029]


@pytest.mark.parametrize(
    "odd", [r'"post":"cut \ud83d"', r'"\ud83d":1', '"likeCount":NaN', '"new":[Infinity]', '"new":1e400']
)
@pytest.mark.parametrize("where", ["first post", "last post", "envelope"])
def test_J3_J7_odd_value_on_a_live_page_gives_the_posts_of_read_json(odd: str, where: str, tmp_path: Path) -> None:
    parts = {name: "," + odd if name == where else "" for name in ("first post", "last post", "envelope")}
    posts = f'[{{"id":"1"{parts["first post"]}}},{{"id":"2"{parts["last post"]}}}]'
    meta = '"meta":{"pagination":{"hasMore":true,"next":"2"}}'
    pages = (
        f'{{"status":"success","posts":{posts},{meta}{parts["envelope"]}}}'.encode(),
        b'{"status":"success","posts":[{"id":"3"}]}',
    )
    archive = ayr.Archive(tmp_path / "archive")
    with Server(only_page(sends(*map(http, pages)))) as server, warnings.catch_warnings():
        warnings.simplefilter("ignore", ayr.DataWarning)
        live = ayr.load("bluesky", limit=None, client=make_client(server.url), archive=archive)
        saved = [ayr.read_json(page, platform="bluesky") for page in pages]
        archived = archive.posts()
    expected = pd.concat(saved, ignore_index=True).drop(columns=READ_TIMES)
    assert live["id"].tolist() == ["1", "2", "3"]
    pd.testing.assert_frame_equal(live.drop(columns=READ_TIMES), expected)
    archived = archived.sort_values("id", ignore_index=True)
    pd.testing.assert_frame_equal(archived.drop(columns=[*READ_TIMES, "profile"]), expected.drop(columns="profile"))
