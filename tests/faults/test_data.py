"""Part D of the fault table: values that are not what they should be. The frame rules hold the detail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

NAMES = [*("bluesky", "facebook", "instagram", "linkedin", "pinterest"), *("snapchat", "threads", "tiktok", "twitter")]
PLATFORMS = [*NAMES, "youtube"]
AS_OF = "2026-02-03T04:05:06Z"


def read(*posts: Any, platform: str = "bluesky") -> pd.DataFrame:
    """Decode posts that came as JSON, unchecked."""
    return ayr.read_json(json.dumps(posts).encode(), platform=platform, as_of=AS_OF, validate=None)


def extra(posts: pd.DataFrame, row: int = 0) -> Any:
    text = posts["extra"].iloc[row]
    return None if pd.isna(text) else json.loads(text)


def findings(posts: pd.DataFrame) -> dict[str, tuple[str, int]]:
    """Return what the drift report says of each path, and of how many posts."""
    found = posts.ayr.drift().query("finding != 'never seen'")
    return {row.path: (row.finding, row.posts) for row in found.itertuples()}


def stands_in_extra(field: str, column: str, value: Any) -> None:
    """Check that a value has no place in its column, is not lost, and is reported."""
    posts = read({"id": "1", field: value})
    assert posts[column].isna().all()
    assert extra(posts) == {field: value}
    assert findings(posts) == {field: ("wrong type", 1)}
    with pytest.warns(ayr.DataWarning, match=rf"in 1 post\. {column}: 1 value is not an? .* \(kept in `extra`\)"):
        ayr.from_posts([{"id": "1", field: value}], platform="bluesky")


@pytest.mark.parametrize("post", [{}, {"id": None}, {"id": ""}], ids=["missing", "null", "empty"])
def test_D1_a_post_without_an_id_is_a_row_that_is_warned_of(post: dict[str, Any]) -> None:
    with pytest.warns(ayr.DataWarning, match=r"in 2 posts\. id: 1 value is missing or empty"):
        posts = ayr.from_posts([{"post": "a", **post}, {"id": "1", "post": "b"}], platform="bluesky")
    assert posts["post"].tolist() == ["a", "b"]


@pytest.mark.parametrize("number", [2**53 + 1, 7301234567890123457, 10**30 + 1], ids=["53_bits", "TikTok", "30_digits"])
def test_D2_an_id_that_is_a_number_keeps_every_digit(number: int) -> None:
    posts = read({"id": number}, {})
    assert posts["id"].iloc[0] == str(number)
    assert posts["id"].dtype == "str"


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**63) - 1, 10**100], ids=["63", "64", "minus_63", "googol"])
def test_D3_a_number_beyond_64_bits_stands_in_extra_digit_for_digit(number: int) -> None:
    stands_in_extra("likeCount", "like_count", number)


@pytest.mark.parametrize(("text", "number"), [("179", 179), ("-5", -5), ("007", 7)])
def test_D4_digits_sent_as_text_are_their_number(text: str, number: int) -> None:
    posts = read({"id": "1", "likeCount": text})
    assert posts["like_count"].tolist() == [number]
    assert findings(posts) == {}


@pytest.mark.parametrize(
    "text", ["1e3", " 7 ", "", "1_000", "1,000", "+5", "0x1F", "٣", "3.5", "9" * 19, "many", "NaN"], ids=ascii
)
def test_D4_other_texts_are_no_numbers(text: str) -> None:
    stands_in_extra("likeCount", "like_count", text)


def test_D5_a_whole_number_written_with_a_fraction_of_zero_is_that_number() -> None:
    posts = read({"id": "1", "likeCount": 3.0})
    assert posts["like_count"].tolist() == [3]
    assert posts["like_count"].dtype == "Int64"


@pytest.mark.parametrize("value", [3.5, True, False, -0.5], ids=str)
def test_D5_fractions_and_flags_are_no_whole_numbers(value: Any) -> None:
    stands_in_extra("likeCount", "like_count", value)


@pytest.mark.parametrize("number", [-1, -300])
def test_D6_a_negative_count_is_kept_and_warned_of(number: int) -> None:
    with pytest.warns(ayr.DataWarning, match=rf"in 2 posts\. like_count: 1 value is negative, e\.g\. '{number}'"):
        posts = ayr.from_posts([{"id": "1", "likeCount": number}, {"id": "2", "likeCount": 0}], platform="bluesky")
    assert posts["like_count"].tolist() == [number, 0]


def test_D7_null_and_missing_are_NA_and_what_is_empty_stays_empty() -> None:
    posts = read({"id": "1"}, {"id": "2", "reactions": None}, {"id": "3", "reactions": {}}, platform="facebook")
    assert posts["reactions"].isna().tolist() == [True, True, False]
    assert posts["reactions"].iloc[2] == "{}"
    assert posts["extra"].isna().all()
    assert [post.get("reactions") for post in posts.ayr.to_posts()] == [None, None, {}]


def test_D8_a_key_with_a_dot_does_not_overwrite_the_field_whose_path_it_looks_like() -> None:
    post = {"id": "1", "viewer": {"threadMuted": True}, "viewer.threadMuted": False, "viewer_thread_muted": False}
    posts = read(post)
    assert posts["viewer_thread_muted"].tolist() == [True]
    assert extra(posts) == {"viewer.threadMuted": False, "viewer_thread_muted": False}
    assert posts.ayr.to_posts() == [post]


@pytest.mark.parametrize("name", ["myspace", "TikTok", "", "gmb"])
def test_D9_an_unknown_platform_as_an_argument_is_refused_with_the_names_there_are(name: str) -> None:
    with pytest.raises(ValueError, match=r"Unknown platform .* Choose from: bluesky, .*youtube"):
        ayr.from_posts([{"id": "1"}], platform=name)


def test_D9_an_unknown_platform_in_a_reply_is_kept_and_tells_nothing() -> None:
    posts = read({"id": "1", "platform": "myspace"})
    assert posts["platform"].tolist() == ["bluesky"]
    assert extra(posts) == {"platform": "myspace"}
    with pytest.raises(ayr.ResponseError, match="Cannot detect the platform of 1 post"):
        ayr.from_posts([{"id": "1", "platform": "myspace"}])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_D10_a_new_field_makes_no_column_and_is_reported(platform: str) -> None:
    posts = read({"id": "1", "brandNew": {"deep": [1]}}, {"id": "2", "brandNew": 2}, platform=platform)
    assert list(posts.columns) == list(read(platform=platform).columns)
    assert [extra(posts, row) for row in (0, 1)] == [{"brandNew": {"deep": [1]}}, {"brandNew": 2}]
    assert findings(posts) == {"brandNew": ("undeclared", 2)}


@pytest.mark.parametrize("value", [{"count": 3}, [3], "three", None], ids=["object", "list", "text", "null"])
def test_D11_a_field_that_changed_its_type_leaves_the_column_as_it_was(value: Any) -> None:
    posts = read({"id": "1", "likeCount": 3}, {"id": "2", "likeCount": value})
    assert posts["like_count"].dtype == "Int64"
    assert posts["like_count"].iloc[0] == 3
    assert posts["like_count"].isna().tolist() == [False, True]
    assert extra(posts, 1) == (None if value is None else {"likeCount": value})


def test_D12_elements_of_another_kind_are_rows_without_a_value_and_are_reported() -> None:
    posts = read({"id": "1", "labels": ["a", 1, {"b": 2}, "c"]})
    assert json.loads(posts["labels"].iloc[0]) == ["a", 1, {"b": 2}, "c"]
    labels = posts.ayr.labels()["value"]
    assert labels.isna().tolist() == [False, True, True, False]
    assert findings(posts) == {"labels[]": ("wrong type", 1)}


def test_D12_a_list_instead_of_an_object_and_the_reverse_stand_whole_in_extra() -> None:
    posts = read({"id": "1", "viewer": [True], "labels": {"0": "a"}})
    assert posts[["viewer_thread_muted", "labels"]].isna().to_numpy().all()
    assert extra(posts) == {"viewer": [True], "labels": {"0": "a"}}


TIMES = {
    "2022-05-20T20:07:53Z": "2022-05-20 20:07:53",
    "2022-05-20T20:07:53.1Z": "2022-05-20 20:07:53.1",
    "2022-05-20T20:07:53.123456Z": "2022-05-20 20:07:53.123456",
}


def test_D13_times_with_and_without_fractions_stand_side_by_side() -> None:
    posts = read(*({"id": time, "created": time} for time in TIMES))
    assert posts["created"].tolist() == [pd.Timestamp(time, tz="UTC") for time in TIMES.values()]
    assert posts["created"].dtype == "datetime64[us, UTC]"


@pytest.mark.parametrize("word", ["now", "today", "yesterday", "NaT", "Now"])
def test_D14_a_word_is_no_time(word: str) -> None:
    stands_in_extra("created", "created", word)


@pytest.mark.parametrize("text", ["2022", "20220520", "2022-05-20", "2022-05-20T20:07:53 Z", "20.5.2022", "", " "])
def test_D15_half_a_time_is_none(text: str) -> None:
    stands_in_extra("created", "created", text)


@pytest.mark.parametrize("number", [1653077273, 1653077273000, 0, 1653077273.5, -1])
def test_D16_a_number_is_no_time(number: float) -> None:
    stands_in_extra("created", "created", number)


@pytest.mark.parametrize("sent", ["2022-05-20T20:07:53+05:30", "2022-05-20T14:37:53+0000", "2022-05-20T14:37:53Z"])
def test_D17_an_offset_is_turned_into_UTC(sent: str) -> None:
    posts = read({"id": "1", "created": sent}, {"id": "2", "created": "2022-05-20T14:37:53Z"})
    assert posts["created"].tolist() == [pd.Timestamp("2022-05-20 14:37:53", tz="UTC")] * 2


def test_D17_a_time_without_a_zone_is_not_guessed() -> None:
    stands_in_extra("created", "created", "2022-05-20T20:07:53")


IMPOSSIBLE = [
    *("2022-13-01T00:00:00Z", "2022-02-30T00:00:00Z", "2022-01-01T24:00:00Z", "2016-12-31T23:59:60Z"),
    *("0000-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
]


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_D18_a_time_that_no_calendar_has_is_kept_as_text(text: str) -> None:
    stands_in_extra("created", "created", text)


@pytest.mark.parametrize("year", ["0001", "1677", "2262", "9999"])
def test_D18_a_far_year_is_a_time(year: str) -> None:
    created = read({"id": "1", "created": f"{year}-01-01T00:00:00Z"})["created"].iloc[0]
    assert (created.year, created.month, created.day) == (int(year), 1, 1)


def test_D19_every_value_that_does_not_fit_is_counted() -> None:
    bad = [*IMPOSSIBLE, "now", 7, "2022", None]
    posts = read(*({"id": str(row), "created": value} for row, value in enumerate([*bad, *TIMES])))
    assert findings(posts) == {"created": ("wrong type", len(bad) - 1)}
    assert [extra(posts, row)["created"] for row in range(len(bad) - 1)] == bad[:-1]
    assert posts["created"].notna().sum() == len(TIMES)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_D20_an_empty_history_has_the_columns_and_types_of_a_full_one(platform: str) -> None:
    none, some = read(platform=platform), ayr.load_sample(platform)
    assert len(none) == 0
    assert none.dtypes.equals(some.dtypes)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_D21_what_no_post_has_keeps_its_type(platform: str) -> None:
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


def test_D22_which_format_is_exact_is_said_where_the_other_is_written() -> None:
    assert "keeps every dtype is `posts.to_parquet(path)`" in " ".join((ayr.PostsAccessor.to_csv.__doc__ or "").split())


def test_D23_two_scales_in_one_post_stay_as_sent_and_are_told_apart_by_their_declaration() -> None:
    cities, countries = [{"city_name": "Bern", "percentage": 96.9}], [{"country": "CH", "percentage": 0.0029}]
    posts = read({"id": "1", "audienceCities": cities, "audienceCountries": countries}, platform="tiktok")
    assert json.loads(posts["audience_cities"].iloc[0]) == cities
    assert json.loads(posts["audience_countries"].iloc[0]) == countries
    assert posts.ayr.audience_cities()["fraction"].tolist() == pytest.approx([0.969])
    assert posts.ayr.audience_countries()["fraction"].tolist() == [0.0029]
