"""Rules of the posts frame: values, rows, columns, `as_of`, platforms, sources, warnings; one fact per test."""

from __future__ import annotations

import gzip
import io
import json
import math
import os
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr

pytestmark = pytest.mark.filterwarnings("ignore::ayrframe.DataWarning")

FIXTURES = Path(__file__).parents[1] / "fixtures" / "documented"
PLATFORMS = [
    *("bluesky", "facebook", "instagram", "linkedin", "pinterest"),
    *("snapchat", "threads", "tiktok", "twitter", "youtube"),
]
AS_OF = "2026-02-03T04:05:06.789Z"
UTC_MICROSECONDS = "datetime64[us, UTC]"


def parameter_id(value: Any) -> str:
    return value if isinstance(value, str) and value.isidentifier() else ascii(value)[:60]


facts = partial(pytest.mark.parametrize, ids=parameter_id)


def decode(*posts: Any, platform: str = "bluesky", **options: Any) -> pd.DataFrame:
    return ayr.from_posts(list(posts), platform=platform, **{"as_of": AS_OF, "validate": None, **options})


def decode_text(body: str, platform: str = "bluesky", **options: Any) -> pd.DataFrame:
    return ayr.read_json(body.encode(), platform=platform, **{"as_of": AS_OF, "validate": None, **options})


def extra_of(posts: pd.DataFrame, row: int = 0) -> Any:
    text = posts["extra"].iloc[row]
    return None if pd.isna(text) else json.loads(text)


def documented(platform: str) -> list[dict[str, Any]]:
    return json.loads((FIXTURES / f"{platform}.json").read_text("utf-8"))["posts"]


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return value


def nest(path: str, value: Any) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    return {head: nest(rest, value) if rest else value}


def declared_paths(platform: str) -> list[str]:
    return [path for path in ayr.dictionary(platform)["path"] if isinstance(path, str) and path]


# --- missing and null -------------------------------------------------------------------------------------------------


@facts("platform", PLATFORMS)
def test_missing_field_is_na_and_not_zero(platform: str) -> None:
    posts = decode({"id": "1"}, platform=platform)
    given = ["platform", "profile", "id", "as_of", "read_at"]
    assert posts.drop(columns=given).isna().to_numpy().all()
    assert posts[given].notna().to_numpy().all()


@facts("platform", PLATFORMS)
def test_null_is_na_in_every_column(platform: str) -> None:
    for path in declared_paths(platform):
        posts = decode({"id": "1", **nest(path, None)} if path != "id" else {"id": None}, platform=platform)
        given = ["platform", "profile", "as_of", "read_at", "extra", *([] if path == "id" else ["id"])]
        assert posts.drop(columns=given).isna().to_numpy().all(), path
        assert without_nulls(posts.ayr.to_posts()[0]) == without_nulls({"id": "1", **nest(path, None)}) or path == "id"


@facts(("text", "column"), [("[]", "labels"), ("[ ]", "labels")])
def test_empty_list_is_unchanged(text: str, column: str) -> None:
    posts = decode_text('[{"id": "1", "labels": ' + text + "}]")
    assert posts[column].tolist() == ["[]"]
    assert posts["extra"].isna().all()


def test_empty_object_is_unchanged() -> None:
    posts = decode({"id": "1", "reactions": {}}, platform="facebook")
    assert posts["reactions"].tolist() == ["{}"]
    assert posts["extra"].isna().all()


def test_null_leaves_extra_missing() -> None:
    assert decode({"id": "1", "likeCount": None, "viewer": None})["extra"].isna().all()


# --- integers ---------------------------------------------------------------------------------------------------------


@facts(
    ("json_value", "value"),
    [
        (3, 3),
        (0, 0),
        (-1, -1),
        ("179", 179),
        ("-5", -5),
        ("0", 0),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        (3.0, 3),
        (-0.0, 0),
        (1000.0, 1000),
        (2**53 + 1, 2**53 + 1),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
    ],
)
def test_integer_column_accepts_integers(json_value: Any, value: int) -> None:
    posts = decode({"id": "1", "likeCount": json_value})
    assert posts["like_count"].tolist() == [value]
    assert posts["extra"].isna().all()


@facts(
    "json_value",
    [
        3.5,
        True,
        False,
        "1e3",
        "3.0",
        " 7",
        "7 ",
        "7\n",
        "",
        "-",
        "+5",
        "1_000",
        "1,000",
        "١٢",
        "²",
        "0x10",
        "many",
        "9" * 19,
        2**63,
        -(2**63) - 1,
        10**30,
        1e300,
        [],
        [1],
        {},
        {"a": 1},
    ],
)
def test_integer_column_other_value_is_na_and_in_extra(json_value: Any) -> None:
    posts = decode({"id": "1", "likeCount": json_value})
    assert posts["like_count"].isna().all()
    assert str(posts["like_count"].dtype) == "Int64"
    assert extra_of(posts) == {"likeCount": json_value}
    assert type(extra_of(posts)["likeCount"]) is type(json_value)


@facts(("token", "value"), [("3.0", 3), ("1e3", 1000), ("1E+3", 1000), ("3.00", 3), ("-0", 0), ("12.50e1", 125)])
def test_integer_column_accepts_number_tokens_with_an_integral_value(token: str, value: int) -> None:
    posts = decode_text('[{"id":"1","likeCount":' + token + "}]")
    assert posts["like_count"].tolist() == [value]
    assert posts["extra"].isna().all()


@facts("token", ["3.5", "true", '"1e3"', "9223372036854775808", "1e19", "[]", '"\\u0661"'])
def test_integer_column_other_token_is_na_and_in_extra(token: str) -> None:
    posts = decode_text('[{"id":"1","likeCount":' + token + "}]")
    assert posts["like_count"].isna().all()
    assert extra_of(posts) == {"likeCount": json.loads(token)}


# --- floats -----------------------------------------------------------------------------------------------------------


@facts(
    ("json_value", "value"),
    [(0.5, 0.5), (3, 3.0), (-2, -2.0), (2**53, 2.0**53), (2**53 + 2, 2.0**53 + 2), (10**22, 1e22)],
)
def test_float_column_accepts_numbers(json_value: Any, value: float) -> None:
    posts = decode({"id": "1", "engagement": json_value}, platform="linkedin")
    assert posts["engagement"].tolist() == [value]
    assert posts["extra"].isna().all()


@facts("json_value", ["0.5", "3", "", True, False, 2**53 + 1, 10**23, 10**400, -(2**53) - 1, [], {}, [0.5]])
def test_float_column_inexact_value_is_na_and_in_extra(json_value: Any) -> None:
    posts = decode({"id": "1", "engagement": json_value}, platform="linkedin")
    assert posts["engagement"].isna().all()
    assert str(posts["engagement"].dtype) == "float64"
    assert extra_of(posts) == {"engagement": json_value}
    assert type(extra_of(posts)["engagement"]) is type(json_value)


@facts(("token", "word"), [("Infinity", "Infinity"), ("-Infinity", "-Infinity")])
@facts(("field", "column"), [("engagement", "engagement"), ("likeCount", "like_count"), ("id", "id"), ("post", "post")])
def test_infinity_is_text_in_extra(token: str, word: str, field: str, column: str) -> None:
    read = decode_text('[{"id":"1","' + field + '":' + token + "}]", platform="linkedin")
    made = decode({"id": "1", field: float(token)}, platform="linkedin")
    for posts in (read, made):
        assert posts[column].isna().all()
        assert extra_of(posts) == {field: word}
        assert posts.ayr.to_posts()[0][field] == word


@facts("field", ["id", "post", "likeCount", "engagement", "created", "mediaUrls"])
def test_nan_means_null_in_memory_and_in_bytes(field: str) -> None:
    for missing in (float("nan"), pd.NA, pd.NaT, None):
        posts = decode({"id": "1", field: missing}, platform="linkedin")
        pd.testing.assert_frame_equal(posts, decode({"id": "1", field: None}, platform="linkedin"))
        assert posts["extra"].isna().all()
    with pytest.warns(ayr.DataWarning, match="2 value"):
        read = decode_text('[{"id":"1","' + field + '":NaN},{"id":"NaN","' + field + '":NaN}]', platform="linkedin")
    assert read["extra"].isna().all()


def test_float_column_overflow_is_na_and_in_extra() -> None:
    posts = decode_text('[{"id":"1","engagement":1e400}]', platform="linkedin")
    assert posts["engagement"].isna().all()
    assert extra_of(posts) == {"engagement": "1e400"}


@facts("token", ["NaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_inside_a_list_become_null(token: str) -> None:
    sources = '[{"id":"1","impressionSources":[{"impression_source":"Search","percentage":' + token + "}]}]"
    posts = decode_text(sources, platform="tiktok")
    assert posts["impression_sources"].tolist() == ['[{"impression_source":"Search","percentage":null}]']
    table = posts.ayr.impression_sources()
    assert table["impression_source"].tolist() == ["Search"]
    assert table["fraction"].isna().all()
    assert posts.ayr.to_posts()[0]["impressionSources"] == [{"impression_source": "Search", "percentage": None}]


def test_nan_deep_in_an_undeclared_field_is_null_in_extra() -> None:
    posts = decode_text('[{"id":"1","new":{"deep":[NaN,-Infinity]}}]')
    assert json.loads(posts["extra"].iloc[0], parse_constant=pytest.fail) == {"new": {"deep": [None, None]}}


# --- booleans, text, ids ----------------------------------------------------------------------------------------------


@facts("json_value", [0, 1, 1.0, "true", "false", "", [], {}])
def test_boolean_column_other_value_is_na_and_in_extra(json_value: Any) -> None:
    posts = decode({"id": "1", "viewer": {"threadMuted": json_value}})
    assert posts["viewer_thread_muted"].isna().all()
    assert extra_of(posts) == {"viewer": {"threadMuted": json_value}}


@facts("json_value", [5, 1.5, True, [], {}, ["a"], {"a": 1}])
def test_text_column_other_value_is_na_and_in_extra(json_value: Any) -> None:
    posts = decode({"id": "1", "post": json_value})
    assert posts["post"].isna().all()
    assert extra_of(posts) == {"post": json_value}
    assert type(extra_of(posts)["post"]) is type(json_value)


@facts("number", [0, 7, 2**53 + 1, 2**63 - 1, 2**63, 1748654321098765432, 10**40 + 7])
def test_id_accepts_integers_with_all_digits(number: int) -> None:
    posts = decode({"id": number})
    assert posts["id"].tolist() == [str(number)]
    assert posts["extra"].isna().all()
    assert decode_text('[{"id":' + str(number) + "}]")["id"].tolist() == [str(number)]


@facts("json_value", [True, 1.5, [], {}, ["1"]])
def test_id_other_value_is_na_and_in_extra(json_value: Any) -> None:
    posts = decode({"id": json_value})
    assert posts["id"].isna().all()
    assert extra_of(posts) == {"id": json_value}


@facts(
    "native", ["", " ", "00123", "9007199254740993", "at://did:plc:a/app.bsky.feed.post/3l", "NA", "nan", "ü🥖", "1e5"]
)
def test_id_is_verbatim(native: str) -> None:
    assert decode({"id": native})["id"].tolist() == [native]


@facts("text", ["NA", "null", "None", "nan", "", " ", "\t\n", "<b>", "=1+1", "-1", "\r\n", "'", '"', "\\"])
def test_text_that_looks_like_another_type_is_unchanged(text: str) -> None:
    posts = decode({"id": "1", "post": text})
    assert posts["post"].tolist() == [text]
    assert posts["post"].notna().all()


@facts(
    "text",
    [
        "שלום \u200fעולם\u200e",
        "مرحبا",
        "👩🏽\u200d🚀👨\u200d👩\u200d👧",
        "a\u0000b\u0001\u001f",
        "\ufeffbom",
        "e\u0301",
        "x" * 100_000,
        "🥖" * 25_000,
    ],
)
def test_text_of_any_script_and_length_is_unchanged(text: str) -> None:
    body = json.dumps([{"id": "1", "post": text}])
    plain = json.dumps([{"id": "1", "post": text}], ensure_ascii=False)
    assert decode({"id": "1", "post": text})["post"].tolist() == [text]
    assert decode_text(body)["post"].tolist() == [text]
    assert decode_text(plain)["post"].tolist() == [text]


@facts(("json_value", "replaced"), [("a\ud800b", "a\ufffdb"), ("\udc00", "\ufffd"), ("\ud800\ud800", "\ufffd\ufffd")])
def test_lone_surrogate_becomes_the_replacement_character(json_value: str, replaced: str) -> None:
    post = {"id": f"i{json_value}", "post": json_value, "labels": [json_value], "new": {json_value: json_value}}
    for posts in (decode_text(json.dumps([post])), decode(post)):
        assert posts[["id", "post"]].iloc[0].tolist() == [f"i{replaced}", replaced]
        assert json.loads(posts["labels"].iloc[0]) == [replaced]
        assert posts.ayr.labels()["value"].tolist() == [replaced]
        assert extra_of(posts) == {"new": {replaced: replaced}}
        assert posts.ayr.to_posts() == [
            {"id": f"i{replaced}", "post": replaced, "labels": [replaced], "new": {replaced: replaced}}
        ]


def test_surrogate_pair_becomes_its_character() -> None:
    posts = decode_text(
        r'[{"id":"\ud83e\udd56","post":"a\ud83e\udd56","labels":["\ud83e\udd56"],"new":"\ud83e\udd56"}]'
    )
    assert posts[["id", "post"]].iloc[0].tolist() == ["🥖", "a🥖"]
    assert posts.ayr.labels()["value"].tolist() == ["🥖"]
    assert extra_of(posts) == {"new": "🥖"}


@facts("kind", ["id", "post", "labels", "new"])
def test_lone_surrogate_in_one_post_does_not_change_others(kind: str) -> None:
    bad = {"id": "2", kind: ["\ud800"] if kind == "labels" else "\ud800"}
    posts = decode_text(json.dumps([{"id": "1", "likeCount": 3}, bad, {"id": "3", "likeCount": 5}]))
    assert posts["like_count"].tolist() == [3, pd.NA, 5]


def test_json_escapes_become_their_characters() -> None:
    posts = decode_text(r'[{"id":"\u0031","po\u0073t":"a\/b\u00e9\ud83e\udd56","labels":["\u0061"]}]')
    assert posts[["id", "post"]].iloc[0].tolist() == ["1", "a/bé🥖"]
    assert json.loads(posts["labels"].iloc[0]) == ["a"]
    assert posts.ayr.labels()["value"].tolist() == ["a"]


# --- times ------------------------------------------------------------------------------------------------------------


@facts(
    ("json_value", "instant"),
    [
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59+00:00"),
        ("2024-02-29T23:59:59.1Z", "2024-02-29T23:59:59.100000+00:00"),
        ("2024-02-29T23:59:59.12Z", "2024-02-29T23:59:59.120000+00:00"),
        ("2024-02-29T23:59:59.123Z", "2024-02-29T23:59:59.123000+00:00"),
        ("2024-02-29T23:59:59.1234Z", "2024-02-29T23:59:59.123400+00:00"),
        ("2024-02-29T23:59:59.12345Z", "2024-02-29T23:59:59.123450+00:00"),
        ("2024-02-29T23:59:59.123456Z", "2024-02-29T23:59:59.123456+00:00"),
        ("2024-03-01T05:30:00+05:30", "2024-03-01T00:00:00+00:00"),
        ("2024-03-01T00:00:00-08:00", "2024-03-01T08:00:00+00:00"),
        ("2024-03-01T00:00:00+0000", "2024-03-01T00:00:00+00:00"),
        ("2024-03-01T00:00:00.5-0330", "2024-03-01T03:30:00.500000+00:00"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999000+00:00"),
        ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"),
    ],
)
def test_time_with_a_zone_is_converted_to_utc(json_value: str, instant: str) -> None:
    posts = decode({"id": "1", "created": json_value})
    assert posts["created"].iloc[0].isoformat() == instant
    assert str(posts["created"].dtype) == UTC_MICROSECONDS
    assert posts["extra"].isna().all()


@facts(
    "json_value",
    [
        "2024-03-01T00:00:00",
        "2024-03-01",
        "2024",
        "20240301",
        "20240301T000000Z",
        "now",
        "today",
        "",
        "NaT",
        1709251200,
        1709251200000,
        1709251200.5,
        "1709251200",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-03-32T00:00:00Z",
        "2024-03-01T24:00:00Z",
        "2024-03-01T23:60:00Z",
        "2016-12-31T23:59:60Z",
        "2024-03-01T00:00:00.1234567891Z",
        "2024-03-01T00:00:00.Z",
        "2024-03-01T00:00:00,5Z",
        "2024-03-01T00:00Z",
        "2024-03-01 00:00:00Z",
        "2024-03-01T00:00:00 Z",
        " 2024-03-01T00:00:00Z",
        "2024-03-01T00:00:00Z\n",
        "2024-03-01t00:00:00z",
        "2024-03-01T00:00:00+05",
        "2024-03-01T00:00:00+5:30",
        "2024-03-01T00:00:00+24:00",
        "2024-03-01T00:00:00+05:60",
        "2024-03-01T00:00:00 +0000",
        "2024-03-01T00:00:00UTC",
        "2024-03-01T00:00:00−08:00",
        "٢٠٢٤-03-01T00:00:00Z",
        "99999-01-01T00:00:00Z",
        "2024-3-1T00:00:00Z",
        "-2024-03-01T00:00:00Z",
        True,
        [],
        {},
        {"_seconds": 1709251200},
    ],
)
def test_time_column_other_value_is_nat_and_in_extra(json_value: Any) -> None:
    for posts in (
        decode({"id": "1", "created": json_value}),
        decode_text(json.dumps([{"id": "1", "created": json_value}])),
    ):
        assert posts["created"].isna().all()
        assert str(posts["created"].dtype) == UTC_MICROSECONDS
        assert extra_of(posts) == {"created": json_value}


@facts(
    "json_value",
    ["0001-01-01T00:00:00+05:30", "9999-12-31T23:59:59-08:00", "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z"],
)
def test_time_at_the_edge_of_the_calendar_is_exact_or_in_extra(json_value: str) -> None:
    posts = decode({"id": "1", "created": json_value})
    assert posts["created"].isna().iloc[0] == (extra_of(posts) == {"created": json_value})
    assert len(posts.ayr.to_posts()) == 1


def test_invalid_time_does_not_change_other_times() -> None:
    posts = decode({"id": "1", "created": "2024-03-01T00:00:00Z"}, {"id": "2", "created": "now"}, {"id": "3"})
    assert posts["created"].tolist()[0] == pd.Timestamp("2024-03-01T00:00:00Z")
    assert posts["created"].isna().tolist() == [False, True, True]
    assert posts["extra"].isna().tolist() == [True, False, True]


# --- every item is a row ----------------------------------------------------------------------------------------------


@facts("item", [None, 7, 1.5, True, False, "text", "", [], [1, {"a": None}], ["id"]])
@facts("platform", ["bluesky", "threads", "twitter"])
def test_item_that_is_not_an_object_is_a_row_with_its_json_in_extra(item: Any, platform: str) -> None:
    for posts in (
        decode({"id": "1"}, item, {"id": "3"}, platform=platform),
        decode_text(json.dumps({"posts": [{"id": "1"}, item, {"id": "3"}]}), platform=platform),
    ):
        assert posts["id"].isna().tolist() == [False, True, False]
        assert json.loads(posts["extra"].iloc[1]) == item
        assert posts["extra"].isna().tolist() == [True, False, True]
        assert posts.ayr.to_posts() == [{"id": "1"}, item, {"id": "3"}]


def test_empty_post_is_a_row() -> None:
    posts = decode({}, {})
    assert len(posts) == 2
    assert posts["extra"].isna().all()
    assert posts.ayr.to_posts() == [{}, {}]


@facts("platform", PLATFORMS)
def test_error_record_is_a_row_with_all_of_its_fields(platform: str) -> None:
    record = {"id": "77", "action": "analytics", "code": 187, "status": "error", "message": "Error getting analytics"}
    posts = decode(*documented(platform), record, platform=platform)
    assert posts["id"].iloc[-1] == "77"
    assert posts.ayr.to_posts()[-1] == record
    assert extra_of(posts, -1)["code"] == 187
    assert posts[["platform", "profile", "as_of"]].notna().to_numpy().all()


@facts("post", [{}, {"id": None}, {"id": ""}, {"id": []}, "text", None, {"post": "p"}])
def test_key_columns_except_id_are_never_na(post: Any) -> None:
    posts = decode(post)
    assert posts[["platform", "profile", "as_of"]].notna().to_numpy().all()


def test_each_item_is_a_row_in_order() -> None:
    items = [{"id": str(number)} if number % 3 else number for number in range(1000)]
    posts = decode(*items)
    assert len(posts) == 1000
    assert posts["id"].dropna().tolist() == [item["id"] for item in items if isinstance(item, dict)]
    assert list(posts.index) == list(range(1000))


def test_repeated_post_is_two_rows() -> None:
    assert len(decode({"id": "1"}, {"id": "1"})) == 2


# --- flattened objects ------------------------------------------------------------------------------------------------


@facts("parent", [{}, [], 5, "text", True, [{"threadMuted": True}]])
def test_flattened_object_empty_or_not_an_object_is_in_extra(parent: Any) -> None:
    for posts in (decode({"id": "1", "viewer": parent}), decode_text(json.dumps([{"id": "1", "viewer": parent}]))):
        assert posts["viewer_thread_muted"].isna().all()
        assert extra_of(posts) == {"viewer": parent}
        assert posts.ayr.to_posts() == [{"id": "1", "viewer": parent}]


def test_flattened_object_only_undeclared_fields_are_in_extra() -> None:
    posts = decode({"id": "1", "viewer": {"threadMuted": True, "blocks": ["a"], "deep": {"x": 1}}})
    assert posts["viewer_thread_muted"].tolist() == [True]
    assert extra_of(posts) == {"viewer": {"blocks": ["a"], "deep": {"x": 1}}}


def test_flattened_object_invalid_value_is_in_extra_at_its_path() -> None:
    posts = decode({"id": "1", "publicMetrics": {"likeCount": "many", "replyCount": 2}}, platform="twitter")
    assert posts["public_metrics_reply_count"].tolist() == [2]
    assert posts["public_metrics_like_count"].isna().all()
    assert extra_of(posts) == {"publicMetrics": {"likeCount": "many"}}


@facts(
    ("platform", "post"),
    [
        ("bluesky", {"id": "1", "viewer": {"threadMuted": None}}),
        ("bluesky", {"id": "1", "viewer": {"threadMuted": None, "embeddingDisabled": True}}),
        ("bluesky", {"id": "1", "viewer": {"other": None}}),
        ("bluesky", {"id": "1", "viewer": {"threadMuted": None, "other": {"deep": None}}}),
        ("threads", {"id": "1", "owner": {"id": None}}),
        ("twitter", {"id": "1", "publicMetrics": {"likeCount": None}, "nonPublicMetrics": {}}),
    ],
)
def test_flattened_object_null_drops_only_its_key(platform: str, post: dict[str, Any]) -> None:
    posts = decode(post, platform=platform)
    assert without_nulls(posts.ayr.to_posts()[0]) == without_nulls(post)


@facts(
    ("platform", "field", "wrong"),
    [
        ("bluesky", "labels", {}),
        ("bluesky", "labels", "a"),
        ("bluesky", "labels", 3),
        ("facebook", "reactions", []),
        ("facebook", "reactions", [1]),
        ("facebook", "reactions", 3),
        ("linkedin", "comments", 12),
        ("linkedin", "comments", {}),
        ("tiktok", "audienceCities", {"city_name": "x"}),
    ],
)
def test_nested_column_of_the_other_json_type_is_in_extra(platform: str, field: str, wrong: Any) -> None:
    posts = decode({"id": "1", field: wrong}, platform=platform)
    assert extra_of(posts) == {field: wrong}
    column = "comment_urns" if field == "comments" else {"audienceCities": "audience_cities"}.get(field, field)
    assert posts[column].isna().all()


def test_nested_column_is_canonical_json() -> None:
    body = '[{"id":"1","audienceCities":[ {"city_name" : "a  b\\t c",\n "percentage": 3.10} , 1.0e2, "\\u00e9" ]}]'
    posts = decode_text(body, platform="tiktok")
    assert posts["audience_cities"].tolist() == ['[{"city_name":"a  b\\t c","percentage":3.1},100.0,"é"]']


@facts(
    ("sent", "cell"),
    [
        ('[{"percentage":5e-7},{"city_name":"e-7]"}]', '[{"percentage":5e-07},{"city_name":"e-7]"}]'),
        ('[{"percentage":0.00005},{"percentage":1.5e-10}]', '[{"percentage":5e-05},{"percentage":1.5e-10}]'),
        ('[{"percentage":0.0001,"city_name":"0.0000"}]', '[{"percentage":0.0001,"city_name":"0.0000"}]'),
    ],
)
def test_nested_column_has_small_numbers_as_python_writes_them(sent: str, cell: str) -> None:
    posts = decode_text(f'[{{"id":"1","audienceCities":{sent}}}]', platform="tiktok")
    assert posts["audience_cities"].tolist() == [cell]


def test_nested_column_from_posts_is_compact_json() -> None:
    posts = decode({"id": "1", "audienceCities": [{"city_name": "a  b", "percentage": 3.1}]}, platform="tiktok")
    assert posts["audience_cities"].tolist() == ['[{"city_name":"a  b","percentage":3.1}]']


# --- keys -------------------------------------------------------------------------------------------------------------


def test_key_with_a_dot_is_not_a_path() -> None:
    posts = decode({"id": "1", "viewer": {"threadMuted": True}, "viewer.threadMuted": False, "a.b": 1, ".": 2, "": 3})
    assert posts["viewer_thread_muted"].tolist() == [True]
    assert extra_of(posts) == {"viewer.threadMuted": False, "a.b": 1, ".": 2, "": 3}
    alone = decode({"id": "1", "viewer.threadMuted": False})
    assert alone["viewer_thread_muted"].isna().all()


def test_column_name_is_not_an_api_key() -> None:
    posts = decode({"id": "1", "like_count": 5, "as_of": "x", "extra": {"a": 1}, "profile": "p", "post_url": "u"})
    assert posts["like_count"].isna().all()
    assert posts["profile"].tolist() == [""]
    assert posts["post_url"].isna().all()
    assert extra_of(posts) == {"like_count": 5, "as_of": "x", "extra": {"a": 1}, "profile": "p", "post_url": "u"}


def test_duplicate_keys_last_one_is_used() -> None:
    posts = decode_text(
        '[{"id":"1","id":"2","likeCount":"x","likeCount":4,"replyCount":4,"replyCount":"x",'
        '"viewer":{"threadMuted":true},"viewer":{"embeddingDisabled":false,"embeddingDisabled":true},"new":1,"new":2}]'
    )
    assert posts["id"].tolist() == ["2"]
    assert posts["like_count"].tolist() == [4]
    assert posts["reply_count"].isna().all()
    assert posts["viewer_thread_muted"].isna().all()
    assert posts["viewer_embedding_disabled"].tolist() == [True]
    assert extra_of(posts) == {"replyCount": "x", "new": 2}


def test_duplicate_keys_last_one_is_used_if_null() -> None:
    posts = decode_text('[{"id":"1","likeCount":4,"likeCount":null}]')
    assert posts["like_count"].isna().all()


def test_duplicate_keys_last_one_is_used_if_escaped() -> None:
    assert decode_text('[{"id":"1","likeCount":4,"like\\u0043ount":5}]')["like_count"].tolist() == [5]


def test_undeclared_keys_do_not_add_columns() -> None:
    post = {"id": "1", **{f"key{number}": number for number in range(20_000)}}
    posts = decode(post)
    assert list(posts.columns) == list(decode({"id": "1"}).columns)
    assert len(extra_of(posts)) == 20_000
    assert len(posts.ayr.extra()) == 20_000
    assert posts.ayr.to_posts() == [post]


# --- long integers ----------------------------------------------------------------------------------------------------


@facts("digits", [20, 400, 4299])
def test_long_integer_is_exact_in_extra(digits: int) -> None:
    number = int("7" * digits)
    read = decode_text('[{"id":"1","likeCount":' + "7" * digits + ',"new":' + "7" * digits + "}]")
    for posts in (read, decode({"id": "1", "likeCount": number, "new": number})):
        assert posts["like_count"].isna().all()
        assert extra_of(posts) == {"likeCount": number, "new": number}
        assert posts.ayr.to_posts() == [{"id": "1", "likeCount": number, "new": number}]


@facts("field", ["likeCount", "new", "labels", "id", "viewer"])
def test_integer_beyond_4300_digits_raises(field: str) -> None:
    token = "7" * 5000
    value = {"labels": f"[{token}]", "viewer": '{"threadMuted":' + token + "}"}.get(field, token)
    with pytest.raises(ayr.ResponseError):
        decode_text('{"posts":[{"' + field + '":' + value + "}]}")


# --- columns and dtypes -----------------------------------------------------------------------------------------------


@facts("platform", PLATFORMS)
def test_columns_and_dtypes_depend_only_on_the_platform(platform: str) -> None:
    full = decode(*documented(platform), platform=platform)
    broken = [{"id": 1.5, **{path.partition(".")[0]: [[]] for path in declared_paths(platform)}}, "text", None]
    for other in (
        decode(platform=platform),
        decode_text('{"status":"success","posts":[]}', platform=platform),
        decode({}, platform=platform),
        decode({"unknown": 1}, platform=platform),
        decode(*broken, platform=platform),
        decode(*documented(platform), *broken, platform=platform),
    ):
        pd.testing.assert_series_equal(other.dtypes, full.dtypes)
        assert isinstance(other.index, pd.RangeIndex)


@facts("platform", PLATFORMS)
def test_columns_start_and_end_with_common_ones(platform: str) -> None:
    columns = list(decode(platform=platform).columns)
    assert columns[:6] == ["platform", "profile", "id", "created", "post", "post_url"]
    assert columns[-6:] == ["as_of", "read_at", "listed_from", "analytics_as_of", "analytics_error", "extra"]
    assert columns[:6] + columns[-6:] == ayr.COMMON
    assert len(set(columns)) == len(columns)


@facts("platform", PLATFORMS)
def test_dtypes_are_the_documented_ones(platform: str) -> None:
    allowed = {"str", "Int64", "float64", "boolean", UTC_MICROSECONDS}
    dtypes = {name: str(dtype) for name, dtype in decode(platform=platform).dtypes.items()}
    assert set(dtypes.values()) <= allowed
    times = ("created", "as_of", "read_at", "listed_from", "analytics_as_of")
    assert {dtypes[name] for name in times} == {UTC_MICROSECONDS}
    assert {dtypes[name] for name in ("platform", "profile", "id", "post", "post_url", "extra")} == {"str"}


def test_column_has_the_same_dtype_on_all_platforms() -> None:
    seen: dict[str, str] = {}
    for platform in PLATFORMS:
        for name, dtype in decode(platform=platform).dtypes.items():
            assert seen.setdefault(name, str(dtype)) == str(dtype), name


@facts(
    ("platform", "path", "name"),
    [
        ("twitter", "publicMetrics.likeCount", "public_metrics_like_count"),
        ("bluesky", "viewer.threadMuted", "viewer_thread_muted"),
        ("linkedin", "comments", "comment_urns"),
        ("linkedin", "videoWatchTimeMs", "video_watch_time_ms"),
        ("facebook", "totalMediaViewUnique", "total_media_view_unique"),
        ("threads", "owner.id", "owner_id"),
        ("tiktok", "fullVideoWatchedRate", "full_video_watched_rate"),
    ],
)
def test_column_is_named_after_the_api_field(platform: str, path: str, name: str) -> None:
    words = ayr.dictionary(platform).set_index("column")
    assert words.loc[name, "path"] == path


# --- several platforms in one frame -----------------------------------------------------------------------------------


def test_several_platforms_union_of_columns_in_platform_order() -> None:
    mixed = ayr.from_posts(
        [*documented("youtube"), *documented("bluesky"), *documented("tiktok")], as_of=AS_OF, validate=None
    )
    singles = [decode(platform=name) for name in ("bluesky", "tiktok", "youtube")]
    platform_columns = [name for single in singles for name in single.columns[6:-6]]
    common = (singles[0].columns[:6], singles[0].columns[-6:])
    assert list(mixed.columns) == [*common[0], *dict.fromkeys(platform_columns), *common[1]]
    assert mixed["platform"].tolist() == ["youtube", "youtube", "bluesky", "tiktok"]
    assert isinstance(mixed.index, pd.RangeIndex)
    for single in singles:
        pd.testing.assert_series_equal(mixed.dtypes[single.columns], single.dtypes)


def test_several_platforms_columns_of_other_platforms_are_na() -> None:
    mixed = ayr.from_posts([*documented("bluesky"), *documented("tiktok")], as_of=AS_OF, validate=None)
    pd.testing.assert_frame_equal(
        mixed.loc[[1], decode(platform="tiktok").columns].reset_index(drop=True),
        decode(*documented("tiktok"), platform="tiktok"),
    )
    foreign = [name for name in mixed.columns if name not in decode(platform="tiktok").columns]
    assert mixed.loc[1, foreign].isna().all()


@facts("platform", PLATFORMS)
def test_post_does_not_depend_on_other_posts(platform: str) -> None:
    everything = [post for name in PLATFORMS for post in documented(name)]
    mixed = ayr.from_posts(everything, as_of=AS_OF, validate=None)
    single = decode(*documented(platform), platform=platform)
    mine = mixed.loc[mixed["platform"].eq(platform), single.columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, single)
    assert mixed["platform"].tolist() == [name for name in PLATFORMS for _ in documented(name)]


# --- to_posts ---------------------------------------------------------------------------------------------------------


def normalize_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: normalize_times(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [normalize_times(inner) for inner in value]
    if isinstance(value, str) and value[4:5] == "-" and "T" in value and value[:4].isdigit():
        return pd.Timestamp(value)
    return value


@facts("platform", PLATFORMS)
def test_to_posts_returns_documented_posts(platform: str) -> None:
    posts = documented(platform)
    assert normalize_times(decode(*posts, platform=platform).ayr.to_posts()) == normalize_times(posts)


def test_to_posts_returns_posts_of_all_platforms() -> None:
    posts = [post for name in PLATFORMS for post in documented(name)]
    frame = ayr.from_posts(posts, as_of=AS_OF, validate=None)
    assert normalize_times(frame.ayr.to_posts()) == normalize_times(posts)


@facts(
    "post",
    [
        {"id": "1", "likeCount": "many", "replyCount": 1.5, "viewer": {"threadMuted": "yes"}},
        {"id": 12345678901234567890, "likeCount": 10**50},
        {"labels": [1, None, {"a": None}, [[]]], "viewer": [], "new": {"null": None, "deep": {"a": []}}},
        {"created": "yesterday", "indexedAt": 5},
        {"viewer": {"threadMuted": True, "more": {"x": {}}}, "viewer.threadMuted": 1},
        {"": {"": {"": 0}}, "a": "", "extra": "x"},
    ],
)
def test_to_posts_returns_hostile_posts(post: dict[str, Any]) -> None:
    restored = decode(post).ayr.to_posts()[0]
    if isinstance(post.get("id"), int):
        restored, post = {**restored, "id": str(restored["id"])}, {**post, "id": str(post["id"])}
    assert without_nulls(restored) == without_nulls(post)


def test_to_posts_decodes_to_the_same_frame() -> None:
    posts = [post for name in PLATFORMS for post in documented(name)]
    frame = ayr.from_posts(posts, as_of=AS_OF, validate=None)
    decoded = ayr.from_posts(frame.ayr.to_posts(), as_of=AS_OF, validate=None)
    pd.testing.assert_frame_equal(decoded, frame)


# --- fields of Threads ------------------------------------------------------------------------------------------------


def test_threads_fields_fill_missing_common_columns() -> None:
    posts = decode(
        {"id": "1", "text": "t", "permalink": "https://www.threads.net/p", "timestamp": "2024-01-01T00:00:00+0100"},
        {"id": "2", "text": "t", "post": "p", "permalink": "l", "postUrl": "u", "created": "2024-01-02T00:00:00Z"},
        platform="threads",
    )
    assert posts["post"].tolist() == ["t", "p"]
    assert posts["text"].tolist() == ["t", "t"]
    assert posts["post_url"].tolist() == ["https://www.threads.net/p", "u"]
    assert posts["created"].tolist() == [pd.Timestamp("2023-12-31T23:00:00Z"), pd.Timestamp("2024-01-02T00:00:00Z")]
    assert posts["timestamp"].isna().tolist() == [False, True]
    assert posts["extra"].isna().all()


def test_threads_invalid_common_field_is_in_extra() -> None:
    posts = decode({"id": "1", "text": "t", "post": 5}, platform="threads")
    assert extra_of(posts) == {"post": 5}
    assert posts.ayr.to_posts() == [{"id": "1", "text": "t", "post": 5}]


# --- as_of ------------------------------------------------------------------------------------------------------------

POST_TIME, ENVELOPE_TIME, ARGUMENT_TIME = "2025-01-03T00:00:00.250Z", "2025-01-02T00:00:00Z", "2025-01-01T00:00:00Z"


def as_of_values(posts: pd.DataFrame) -> list[pd.Timestamp]:
    assert str(posts["as_of"].dtype) == UTC_MICROSECONDS
    return posts["as_of"].tolist()


@facts("platform", ["facebook", "instagram"])
def test_as_of_last_updated_of_the_post_precedes_the_envelope(platform: str) -> None:
    body = {"posts": [{"id": "1", "lastUpdated": POST_TIME}, {"id": "2"}], "lastUpdated": ENVELOPE_TIME}
    posts = decode_text(json.dumps(body), platform=platform, as_of=ARGUMENT_TIME)
    assert as_of_values(posts) == [pd.Timestamp(POST_TIME), pd.Timestamp(ENVELOPE_TIME)]


@facts("platform", [name for name in PLATFORMS if name not in ("facebook", "instagram")])
def test_as_of_last_updated_of_the_post_without_a_column(platform: str) -> None:
    post = {"id": "1", "lastUpdated": POST_TIME}
    posts = decode_text(json.dumps({"posts": [post], "lastUpdated": ENVELOPE_TIME}), platform=platform)
    assert as_of_values(posts) == [pd.Timestamp(POST_TIME)]
    assert normalize_times(posts.ayr.to_posts()) == normalize_times([post])


def test_as_of_envelope_precedes_the_argument() -> None:
    body = json.dumps({"posts": [{"id": "1"}, "text"], "lastUpdated": ENVELOPE_TIME})
    assert as_of_values(decode_text(body, as_of=ARGUMENT_TIME)) == [pd.Timestamp(ENVELOPE_TIME)] * 2


@facts("bad", ["now", "", 5, "2025-01-02", None, {}, "2025-01-02T00:00:00"])
def test_as_of_ignores_invalid_last_updated(bad: Any) -> None:
    body = json.dumps({"posts": [{"id": "1", "lastUpdated": bad}], "lastUpdated": bad})
    assert as_of_values(decode_text(body, platform="facebook", as_of=ARGUMENT_TIME)) == [pd.Timestamp(ARGUMENT_TIME)]


@facts(
    "argument",
    [
        ARGUMENT_TIME,
        "2025-01-01T01:00:00+01:00",
        pd.Timestamp(ARGUMENT_TIME),
        datetime(2025, 1, 1, tzinfo=UTC),
        datetime(2025, 1, 1, 5, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ],
)
def test_as_of_argument_accepts_any_time(argument: Any) -> None:
    assert as_of_values(ayr.from_posts([{"id": "1"}], platform="bluesky", as_of=argument)) == [
        pd.Timestamp(ARGUMENT_TIME)
    ]


def test_as_of_argument_precedes_the_modification_time(tmp_path: Path) -> None:
    file = tmp_path / "saved.json"
    file.write_text('[{"id":"1"}]')
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert as_of_values(ayr.read_json(file, platform="bluesky", as_of=ARGUMENT_TIME)) == [pd.Timestamp(ARGUMENT_TIME)]
    assert as_of_values(ayr.read_json(file, platform="bluesky")) == [pd.Timestamp("2023-11-14T22:13:20Z")]


def test_as_of_of_each_file_is_its_modification_time(tmp_path: Path) -> None:
    for number, moment in ((1, 1_700_000_000), (2, 1_700_000_060)):
        (tmp_path / f"page{number}.json").write_text(f'[{{"id":"{number}"}}]')
        os.utime(tmp_path / f"page{number}.json", (moment, moment))
    posts = ayr.read_json(str(tmp_path / "page*.json"), platform="bluesky")
    assert posts["id"].tolist() == ["1", "2"]
    assert as_of_values(posts) == [pd.Timestamp("2023-11-14T22:13:20Z"), pd.Timestamp("2023-11-14T22:14:20Z")]


def test_as_of_of_bytes_and_objects_is_now() -> None:
    before = pd.Timestamp.now("UTC").floor("us")
    frames = [
        ayr.read_json(b'[{"id":"1"}]', platform="bluesky"),
        ayr.from_posts([{"id": "1"}], platform="bluesky"),
        ayr.read_json(io.BytesIO(b'[{"id":"1"}]'), platform="bluesky"),
    ]
    after = pd.Timestamp.now("UTC")
    assert all(before <= posts["as_of"].iloc[0] <= after for posts in frames)


def test_as_of_is_the_same_for_all_posts_and_never_nat() -> None:
    posts = ayr.from_posts([{}, "x", None, {"id": "1"}], platform="bluesky", validate=None)
    assert posts["as_of"].notna().all()
    assert posts["as_of"].eq(posts["as_of"].iloc[0]).all()


# --- the profile ------------------------------------------------------------------------------------------------------


def test_profile_is_the_argument_on_every_row() -> None:
    posts = decode({"id": "1"}, "text", profile="Café <Nord>")
    assert posts["profile"].tolist() == ["Café <Nord>"] * 2
    assert decode({"id": "1"})["profile"].tolist() == [""]


# --- platform detection -----------------------------------------------------------------------------------------------

ADDRESSES = [
    ("https://bsky.app/profile/a/post/1", "bluesky"),
    ("https://www.facebook.com/1_2", "facebook"),
    ("https://facebook.com/stories/1", "facebook"),
    ("https://m.facebook.com/1", "facebook"),
    ("https://www.instagram.com/p/a/", "instagram"),
    ("https://www.linkedin.com/feed/update/urn:li:share:1", "linkedin"),
    ("https://www.pinterest.com/pin/1", "pinterest"),
    ("https://www.snapchat.com/spotlight/1", "snapchat"),
    ("https://www.threads.net/@a/post/1", "threads"),
    ("https://www.threads.com/@a/post/1", "threads"),
    ("https://www.tiktok.com/@a/video/1", "tiktok"),
    ("https://vm.tiktok.com/1", "tiktok"),
    ("https://twitter.com/a/status/1", "twitter"),
    ("https://x.com/a/status/1", "twitter"),
    ("https://mobile.twitter.com/a/status/1", "twitter"),
    ("https://www.youtube.com/watch?v=1", "youtube"),
    ("https://youtu.be/1", "youtube"),
    ("HTTPS://WWW.TikTok.COM/@a/video/1", "tiktok"),
    ("http://x.com:443/a/status/1", "twitter"),
    ("https://www.tiktok.com/@a?next=https://x.com/b", "tiktok"),
]


@facts(("address", "platform"), ADDRESSES)
def test_platform_is_detected_from_the_host(address: str, platform: str) -> None:
    assert ayr.from_posts([{"id": "1", "postUrl": address}])["platform"].tolist() == [platform]


@facts(
    "address",
    [
        "https://notx.com/a",
        "https://example.com/?u=https://tiktok.com/",
        "https://tiktok.com.example.com/",
        "https://example.com/tiktok.com",
        "https://tiktok.com@example.com/",
        "https://[::1/tiktok.com",
        "tiktok",
        "",
        5,
        None,
    ],
)
def test_platform_of_an_unknown_host_raises(address: Any) -> None:
    with pytest.raises(ayr.ResponseError, match="platform"):
        ayr.from_posts([{"id": "1", "postUrl": address}])


def test_platform_of_threads_is_detected_from_the_permalink() -> None:
    posts = ayr.from_posts([{"id": "1", "permalink": "https://www.threads.net/@a/post/1"}])
    assert posts["platform"].tolist() == ["threads"]


def test_platform_field_precedes_the_host() -> None:
    post = {"id": "1", "platform": "threads", "postUrl": "https://www.instagram.com/p/a/"}
    posts = ayr.from_posts([post])
    assert posts["platform"].tolist() == ["threads"]
    assert posts.ayr.to_posts() == [post]


def test_platform_field_accepts_the_alias_x() -> None:
    assert ayr.from_posts([{"id": "1", "platform": "x"}])["platform"].tolist() == ["twitter"]


def test_platform_of_items_without_url_is_that_of_the_others() -> None:
    posts = ayr.from_posts(
        [{"id": "0"}, {"id": "1", "postUrl": "https://www.tiktok.com/@a/video/1"}, "text", None], validate=None
    )
    assert posts["platform"].tolist() == ["tiktok"] * 4


def test_platform_is_detected_per_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"id":"1"},{"id":"2","postUrl":"https://x.com/a/status/2"}]')
    (tmp_path / "b.json").write_text('[{"id":"3"},{"id":"4","postUrl":"https://youtu.be/4"}]')
    posts = ayr.read_json(str(tmp_path / "*.json"))
    assert posts["platform"].tolist() == ["twitter", "twitter", "youtube", "youtube"]


def test_platform_of_an_item_among_two_platforms_raises() -> None:
    posts = [{"postUrl": "https://x.com/1"}, {"postUrl": "https://youtu.be/1"}, {"id": "1"}]
    with pytest.raises(ayr.ResponseError, match="platform"):
        ayr.from_posts(posts)


@facts("posts", [[], [{"id": "1"}], ["text"]])
def test_platform_cannot_be_detected_raises(posts: list[Any]) -> None:
    with pytest.raises(ayr.ResponseError, match="Pass `platform`"):
        ayr.from_posts(posts)


def test_platform_field_unknown_raises() -> None:
    with pytest.raises(ayr.ResponseError, match="platform"):
        ayr.from_posts([{"id": "1", "platform": "myspace"}])


def test_alias_x_is_twitter() -> None:
    pd.testing.assert_frame_equal(
        decode(*documented("twitter"), platform="x"), decode(*documented("twitter"), platform="twitter")
    )
    assert decode({"id": "1"}, platform="x")["platform"].tolist() == ["twitter"]
    pd.testing.assert_frame_equal(ayr.dictionary("x"), ayr.dictionary("twitter"))
    pd.testing.assert_frame_equal(
        ayr.read_json(b'[{"id":"1"}]', platform="x", as_of=AS_OF),
        ayr.from_posts([{"id": "1"}], platform="twitter", as_of=AS_OF),
    )


def test_platforms_lists_names_titles_and_columns() -> None:
    listed = ayr.platforms()
    assert listed["platform"].tolist() == PLATFORMS
    assert listed["title"].tolist() == [
        *("Bluesky", "Facebook", "Instagram", "LinkedIn", "Pinterest"),
        *("Snapchat", "Threads", "TikTok", "X", "YouTube"),
    ]
    assert listed["columns"].tolist() == [len(decode(platform=name).columns) for name in PLATFORMS]


# --- sources ----------------------------------------------------------------------------------------------------------


@facts("extra", [("tiktok",), (None, "")])
def test_arguments_after_the_first_are_keyword_only(extra: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError):
        ayr.from_posts([{"id": "1"}], *extra)
    with pytest.raises(TypeError):
        ayr.read_json(b"[]", *extra)


@facts("platform", PLATFORMS)
def test_all_sources_give_the_same_frame(platform: str, tmp_path: Path) -> None:
    posts = [*documented(platform), {"id": "1", "new": 1}, {}]
    options = {"platform": platform, "profile": "me", "as_of": AS_OF, "validate": None}
    envelope = json.dumps({"status": "success", "posts": posts}).encode()
    post_list = json.dumps(posts, indent=1).encode()
    lines = "\n".join(json.dumps(post, ensure_ascii=False) for post in posts).encode()
    (tmp_path / "saved.json").write_bytes(envelope)
    (tmp_path / "saved.json.gz").write_bytes(gzip.compress(envelope))
    (tmp_path / "saved.ndjson").write_bytes(lines + b"\n")
    expected = ayr.from_posts(posts, **options)
    with (tmp_path / "saved.json").open("rb") as binary, (tmp_path / "saved.json").open(encoding="utf-8") as text:
        frames = {
            "path": ayr.read_json(tmp_path / "saved.json", **options),
            "path as str": ayr.read_json(str(tmp_path / "saved.json"), **options),
            "gzip": ayr.read_json(tmp_path / "saved.json.gz", **options),
            "glob": ayr.read_json(str(tmp_path / "saved.j*n"), **options),
            "bytes": ayr.read_json(envelope, **options),
            "open file": ayr.read_json(binary, **options),
            "open text file": ayr.read_json(text, **options),
            "BytesIO": ayr.read_json(io.BytesIO(envelope), **options),
            "list of posts": ayr.read_json(post_list, **options),
            "one post per line": ayr.read_json(lines, **options),
            "one post per line, in a file": ayr.read_json(tmp_path / "saved.ndjson", **options),
            "one envelope per line": ayr.read_json(
                b"\n".join(json.dumps({"posts": [post]}).encode() for post in posts), **options
            ),
            "byte order mark": ayr.read_json(b"\xef\xbb\xbf" + envelope, **options),
            "any iterable": ayr.from_posts(iter(posts), **options),
            "tuple": ayr.from_posts(tuple(posts), **options),
        }
    for source, frame in frames.items():
        pd.testing.assert_frame_equal(frame, expected, obj=source)


def test_json_lines_accept_all_line_endings_and_blank_lines() -> None:
    body = b'{"id":"1"}\r\n\r\n  {"id":"2"}\n\n{"id":"3"}'
    assert ayr.read_json(body, platform="bluesky")["id"].tolist() == ["1", "2", "3"]


def test_json_lines_single_post() -> None:
    body = b'{"id":"1","postUrl":"https://bsky.app/profile/a/post/1"}\n{"id":"2"}\n'
    assert ayr.read_json(body)["id"].tolist() == ["1", "2"]


def test_json_lines_line_separator_inside_text_does_not_end_the_line() -> None:
    body = '{"id":"1","post":"a\u2028b\u0085c"}\n{"id":"2"}'.encode()
    posts = ayr.read_json(body, platform="bluesky")
    assert posts["post"].tolist()[0] == "a\u2028b\u0085c"


def test_glob_reads_files_in_order_of_names(tmp_path: Path) -> None:
    for number in (3, 1, 2):
        (tmp_path / f"{number}.json").write_text(f'[{{"id":"{number}"}}]')
    (tmp_path / "4.json.gz").write_bytes(gzip.compress(b'[{"id":"4"}]'))
    assert ayr.read_json(str(tmp_path / "*.json*"), platform="bluesky")["id"].tolist() == ["1", "2", "3", "4"]


def test_path_with_brackets_is_not_a_pattern_if_it_exists(tmp_path: Path) -> None:
    (tmp_path / "history[1].json").write_text('[{"id":"1"}]')
    assert ayr.read_json(str(tmp_path / "history[1].json"), platform="bluesky")["id"].tolist() == ["1"]


def test_from_posts_does_not_change_its_argument() -> None:
    post = {"id": 5, "labels": [1], "viewer": {"threadMuted": 1}, "new": {"a": math.nan}}
    before = repr(post)
    decode(post)
    assert repr(post) == before


def test_reading_twice_gives_equal_frames() -> None:
    posts = [post for name in PLATFORMS for post in documented(name)]
    pd.testing.assert_frame_equal(
        ayr.from_posts(posts, as_of=AS_OF, validate=None), ayr.from_posts(posts, as_of=AS_OF, validate=None)
    )


# --- drift and warnings -----------------------------------------------------------------------------------------------


@facts("json_value", ["1e3", 3.5, True, 2**63, {"by": 1}])
def test_drift_reports_invalid_values(json_value: Any) -> None:
    drift = decode({"id": "1", "likeCount": json_value}, {"id": "2", "likeCount": 4}).ayr.drift()
    row = drift.query("path == 'likeCount'").iloc[0]
    assert (row["finding"], row["posts"]) == ("wrong type", 1)


def test_drift_reports_undeclared_fields_and_items_that_are_not_objects() -> None:
    drift = decode({"id": "1", "saves": 1, "viewer": {"blocks": 2}}, {"id": "2", "saves": 3}, "text").ayr.drift()
    found = drift.query("finding != 'never seen'").set_index("path")
    assert found.loc[["saves", "viewer.blocks"], "finding"].tolist() == ["undeclared"] * 2
    assert found.loc["saves", "posts"] == 2
    assert "not an object" in set(found["finding"])


def test_drift_reports_fields_that_no_post_has() -> None:
    drift = decode({"id": "1", "likeCount": 1}).ayr.drift()
    never = set(drift.query("finding == 'never seen'")["path"])
    assert "cid" in never
    assert "viewer.threadMuted" in never
    assert "likeCount" not in never


@facts("platform", PLATFORMS)
def test_documented_posts_do_not_warn(platform: str, recwarn: pytest.WarningsRecorder) -> None:
    ayr.read_json(FIXTURES / f"{platform}.json")
    assert [str(warning.message) for warning in recwarn] == []


@facts(
    "post",
    [{"id": "1", "likeCount": "1e3"}, {"id": "1", "likeCount": 3.5}, {"id": "1", "created": "2024-03-01T00:00:00"}],
)
def test_invalid_value_warns_with_its_column(post: dict[str, Any]) -> None:
    field = next(key for key in post if key != "id")
    with pytest.warns(ayr.DataWarning, match=f"{field}|like_count"):
        ayr.from_posts([post], platform="bluesky")


def test_missing_ids_warn_once_with_their_number() -> None:
    with pytest.warns(ayr.DataWarning, match="id") as caught:
        ayr.from_posts([{"post": "a"}, {"post": "b"}, {"id": "1"}], platform="bluesky")
    assert len([warning for warning in caught if warning.category is ayr.DataWarning]) == 1
    assert "2" in str(caught[0].message)


def test_negative_counts_warn_and_are_unchanged() -> None:
    with pytest.warns(ayr.DataWarning, match="like_count"):
        posts = ayr.from_posts([{"id": "1", "likeCount": -1}], platform="bluesky")
    assert posts["like_count"].tolist() == [-1]


def test_validate_raise_has_failure_cases_and_frame() -> None:
    with pytest.raises(ayr.SchemaError) as caught:
        ayr.from_posts([{"id": "1", "likeCount": -1}, {"id": "2"}], platform="bluesky", validate="raise", as_of=AS_OF)
    assert isinstance(caught.value.failure_cases, pd.DataFrame)
    assert len(caught.value.failure_cases) == 1
    pd.testing.assert_frame_equal(caught.value.frame, decode({"id": "1", "likeCount": -1}, {"id": "2"}))


def test_validate_none_does_not_check(recwarn: pytest.WarningsRecorder) -> None:
    ayr.from_posts([{"likeCount": -1}, {}], platform="bluesky", validate=None)
    assert not [warning for warning in recwarn if "negative" in str(warning.message)]


@facts(
    ("platform", "post", "column"),
    [
        ("bluesky", {"created": "2999-01-01T00:00:00Z"}, "created"),
        ("tiktok", {"fullVideoWatchedRate": 1.5}, "full_video_watched_rate"),
        ("tiktok", {"videoDuration": -1.5}, "video_duration"),
        ("twitter", {"publicMetrics": {"impressionCount": -1}}, "public_metrics_impression_count"),
        ("facebook", {"engagedUsers": -3}, "engaged_users"),
    ],
)
def test_impossible_value_warns_and_is_unchanged(platform: str, post: dict[str, Any], column: str) -> None:
    with pytest.warns(ayr.DataWarning, match=column):
        posts = ayr.from_posts([{"id": "1", **post}], platform=platform)
    assert posts[column].notna().all()


def test_repeated_post_key_warns() -> None:
    with pytest.warns(ayr.DataWarning, match="key"):
        posts = ayr.from_posts([{"id": "1"}, {"id": "1"}, {"id": "3"}], platform="bluesky")
    assert len(posts) == 3


def test_linkedin_engagement_above_one_does_not_warn(recwarn: pytest.WarningsRecorder) -> None:
    ayr.from_posts([{"id": "1", "engagement": 1.5}], platform="linkedin")
    assert len(recwarn) == 0


@pytest.mark.parametrize(
    "modify",
    [
        lambda posts: posts.astype({"like_count": "float64"}),
        lambda posts: posts.astype({"created": "str"}),
        lambda posts: posts.drop(columns="repost_count"),
    ],
    ids=["whole as float", "time as text", "column gone"],
)
def test_missing_column_or_wrong_dtype_raises(modify: Any) -> None:
    posts = modify(decode({"id": "1", "likeCount": 3}))
    for severity in ("warn", "raise"):
        with pytest.raises(ayr.SchemaError):
            posts.ayr.validate(severity)


@facts("column", ["platform", "profile", "as_of"])
def test_missing_value_in_key_column_raises(column: str) -> None:
    posts = decode({"id": "1"}, {"id": "2"})
    posts.loc[1, column] = None
    with pytest.raises(ayr.SchemaError, match=column):
        posts.ayr.validate("raise")


def test_additional_columns_are_valid() -> None:
    posts = decode({"id": "1"}).assign(campaign="spring", weight=1.5)
    assert posts.ayr.validate("raise").equals(posts)


# --- envelopes --------------------------------------------------------------------------------------------------------


@facts("status", ["error", "partial"])
def test_envelope_with_posts_and_any_status_is_read(status: str) -> None:
    body = json.dumps({"status": status, "code": 187, "message": "Some analytics failed", "posts": [{"id": "1"}]})
    with pytest.warns(ayr.DataWarning, match="Some analytics failed"):
        posts = ayr.read_json(body.encode(), platform="bluesky")
    assert posts["id"].tolist() == ["1"]


@facts(
    "body",
    [
        {"history": {"action": "history", "status": "error", "code": 221, "message": "History not found."}},
        {"action": "history", "status": "error", "code": 221, "message": "History not found."},
        {"status": "success", "posts": []},
        [],
    ],
)
def test_empty_history_is_an_empty_frame(body: Any) -> None:
    posts = ayr.read_json(json.dumps(body).encode(), platform="tiktok")
    pd.testing.assert_frame_equal(posts, decode(platform="tiktok"))


@facts(
    "body",
    [
        {"action": "history", "status": "error", "code": 156, "message": "TikTok is not linked."},
        {"status": "error", "code": 403, "message": "API Key not valid"},
        {"history": {"status": "error", "code": 156, "message": "TikTok is not linked."}},
        {"errors": [{"status": "error", "code": 156, "message": "TikTok is not linked."}], "status": "error"},
    ],
)
def test_saved_error_response_raises_with_its_message(body: Any) -> None:
    with pytest.raises(ayr.AyrframeError, match=r"not linked|not valid"):
        ayr.read_json(json.dumps(body).encode(), platform="tiktok")
