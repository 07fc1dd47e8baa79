"""Invalid bodies (J1 to J12, P8 and P9 of the fault table) and invalid arguments of read_json and from_posts."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._decode.json import check_depth

FIXTURES = Path(__file__).parents[1] / "fixtures" / "documented"
PLATFORMS = [
    *("bluesky", "facebook", "instagram", "linkedin", "pinterest"),
    *("snapchat", "threads", "tiktok", "twitter", "youtube"),
]
# A long text without repeated parts, so that the length of a quotation from it can be measured.
PRIVATE = "".join(f"secret{number:03d}" for number in range(60))


def read_error_message(
    body: bytes, folder: Path, name: str = "saved-history.json", *, platform: str | None = "bluesky"
) -> str:
    """Return the message of the error from reading a body in a file; check what holds for all such errors."""
    file = folder / name
    file.write_bytes(body)
    with pytest.raises(ayr.ResponseError) as caught:
        ayr.read_json(file, platform=platform)
    error = caught.value
    for linked in (error.__cause__, error.__context__):
        assert linked is None or isinstance(linked, ayr.AyrframeError)
    message = str(error)
    assert name in message
    assert not any(PRIVATE[start : start + 41] in message for start in range(len(PRIVATE) - 40))
    assert len(message) < 500
    assert "\n" not in message
    return message


def has_position(message: str) -> bool:
    return re.search(r"\b(character|byte|line|position|column|post|item)s?\b( number)? \d+", message) is not None


def page(*, before: str = "", after: str = "", inside: str = "") -> bytes:
    """Return an envelope of three posts with private texts, with text inserted before, after or inside it."""
    post = '{"id":"%d","post":"' + PRIVATE + '"%s}'
    posts = ",".join(post % (number, inside if number == 1 else "") for number in range(3))
    return f'{before}{{"status":"success","posts":[{posts}]}}{after}'.encode()


def test_page_without_changes_is_valid() -> None:
    assert ayr.read_json(page(), platform="bluesky")["post"].tolist() == [PRIVATE] * 3


@pytest.mark.parametrize(
    "broken",
    [
        page(inside=',"likeCount":2, // likes so far\n"replyCount":3'),
        page(inside=',"likeCount":2 /* likes */'),
        page(inside=","),
        page(inside=' "likeCount":2'),
        page(inside=',"labels":["a",]'),
        page(inside=",'likeCount':2"),
        page(inside=",likeCount:2"),
        page(inside=',"likeCount":02'),
        page(inside=',"likeCount":.5'),
        page(inside=',"likeCount":+5'),
        page(inside=',"likeCount":undefined'),
        page(inside=',"post":"a\nb"'),
        page(inside=',"post":"\\x41"'),
        page(before="// saved yesterday\n"),
        page(after="\n// saved yesterday"),
        page(before=")]}',\n"),
    ],
    ids=range(16),
)
def test_J1_comments_and_wrong_commas_raise_with_position(broken: bytes, tmp_path: Path) -> None:
    assert has_position(read_error_message(broken, tmp_path))


@pytest.mark.parametrize(
    "envelope",
    [
        '{"status":"error","status":"success","posts":[]}',
        '{"status":"success","posts":[{"id":"1"}],"posts":[]}',
        '{"posts":[],"lastUpdated":"2024-01-01T00:00:00Z","lastUpdated":"2025-01-01T00:00:00Z"}',
        '{"posts":[],"st\\u0061tus":"success","status":"error"}',
    ],
    ids=range(4),
)
def test_J2_duplicate_key_in_the_envelope_raises(envelope: str, tmp_path: Path) -> None:
    read_error_message(envelope.encode(), tmp_path)


def test_J3_nan_in_a_post_is_null_with_one_warning() -> None:
    with pytest.warns(ayr.DataWarning, match="1 value") as caught:
        posts = ayr.read_json(page(inside=',"likeCount":NaN'), platform="bluesky")
    assert len(caught) == 1
    assert posts["id"].tolist() == ["0", "1", "2"]
    assert posts["extra"].isna().all()


@pytest.mark.parametrize("token", ["Infinity", "-Infinity", "1e400"])
def test_J3_infinity_in_a_post_is_moved_to_extra(token: str) -> None:
    posts = ayr.read_json(page(inside=f',"likeCount":{token}'), platform="bluesky", validate=None)
    assert posts["id"].tolist() == ["0", "1", "2"]
    assert json.loads(posts["extra"].iloc[1]) == {"likeCount": token}


@pytest.mark.parametrize("token", ["Infinity", "1e400", '"\\ud83d"'])
def test_J3_J7_infinity_or_half_a_character_in_the_envelope_costs_no_post(token: str) -> None:
    body = b'{"status":"success","posts":[{"id":"1"}],"count":' + token.encode() + b"}"
    assert ayr.read_json(body, platform="bluesky")["id"].tolist() == ["1"]


def test_J4_byte_order_mark_is_removed(tmp_path: Path) -> None:
    (tmp_path / "saved.json").write_bytes(b"\xef\xbb\xbf" + page())
    assert len(ayr.read_json(tmp_path / "saved.json", platform="bluesky")) == 3


@pytest.mark.parametrize(
    "inside",
    [
        b',"note":"caf\xe9"',
        b',"post":"caf\xe9"',
        b',"id":"\xff"',
        b',"labels":["caf\xe9"]',
        b',"caf\xe9":1',
        b',"viewer":{"new":"\xc3"}',
        b',"post":"\xed\xa0\x80"',
        b',"post":"\xc0\xaf"',
        b',"created":"\x80"',
    ],
    ids=ascii,
)
def test_J5_invalid_utf8_raises_with_position(inside: bytes, tmp_path: Path) -> None:
    body = page(inside="@").replace(b"@", inside)
    message = read_error_message(body, tmp_path)
    assert "UTF-8" in message
    assert has_position(message)


def test_J5_page_in_another_8_bit_encoding_raises(tmp_path: Path) -> None:
    body = page(inside=',"note":"Brötchen für fünf"').decode()
    for encoding in ("latin-1", "cp1252", "cp437", "mac-roman"):
        assert "UTF-8" in read_error_message(body.encode(encoding), tmp_path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_J6_utf16_and_utf32_raise(encoding: str, tmp_path: Path) -> None:
    read_error_message(page().decode().encode(encoding), tmp_path)


@pytest.mark.parametrize(
    ("second", "text"), [('{"id":"2","post":"\\ud83d"}', "\ufffd"), ('{"id":"2","post":"x","likeCount":NaN}', "x")]
)
@pytest.mark.filterwarnings("ignore::ayrframe.DataWarning")
def test_J3_J7_invalid_values_on_later_lines_are_replaced(second: str, text: str) -> None:
    lines = ['{"id":"1","post":"a"}', second, '{"id":"3","post":"c"}']
    posts = ayr.read_json("\n".join(lines).encode(), platform="bluesky")
    assert posts["post"].tolist() == ["a", text, "c"]
    assert posts["extra"].isna().all()


def test_J7_lone_surrogate_is_replaced() -> None:
    posts = ayr.read_json(page(inside=',"labels":["\\ud800"]'), platform="bluesky", validate=None)
    assert posts.ayr.labels()["value"].tolist() == ["\ufffd"]


def test_J8_nul_and_control_characters_stay_in_the_frame() -> None:
    posts = ayr.read_json(page(inside=',"cid":"a\\u0000b\\u001f"'), platform="bluesky")
    assert posts["cid"].tolist()[1] == "a\x00b\x1f"


@pytest.mark.parametrize(
    "inside",
    ['"likeCount":@', '"new":@', '"id":@', '"labels":[@]', '"viewer":{"threadMuted":@}', '"new":{"a":[@]}', '"new":-@'],
)
def test_J9_integer_of_more_than_4300_digits_raises(inside: str, tmp_path: Path) -> None:
    read_error_message(page(inside="," + inside.replace("@", "7" * 5000)), tmp_path)


@pytest.mark.parametrize("field", ["new", "labels", "viewer", "post", "id"])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_J10_a_hundred_thousand_levels_raise(field: str, opening: str, closing: str, tmp_path: Path) -> None:
    read_error_message(page(inside=f',"{field}":{opening * 100_000}1{closing * 100_000}'), tmp_path)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"posts":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_J10_body_of_brackets_only_raises(body: bytes, tmp_path: Path) -> None:
    read_error_message(body, tmp_path)


@pytest.mark.parametrize("inside", ["[" * 1000, '"' + "[{" * 9000 + '"', ",".join([r'"\"[\\"'] * 9000), '"",' * 9000])
def test_J10_thousand_levels_and_brackets_in_texts_are_allowed(inside: str) -> None:
    check_depth(inside.encode(), "a file")


@pytest.mark.parametrize(
    "inside", ["[" * 1001, '{"]}":' * 1001, '"]]",' * 9000 + "[" * 1001, r'["\\",' * 1001, '[""," ",' * 1001]
)
def test_J10_depth_does_not_depend_on_the_interpreter(inside: str) -> None:
    with pytest.raises(
        ayr.ResponseError, match=r"^Cannot read a file: JSON is nested too deeply \(posts have a few levels\)"
    ):
        check_depth(inside.encode(), "a file")


def test_J10_from_posts_with_a_hundred_thousand_levels_raises() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ayr.ResponseError):
        ayr.from_posts([{"id": "1", "new": deep}], platform="bluesky")


def test_J10_fifty_levels_are_read() -> None:
    deep: Any = 1
    for _ in range(25):
        deep = [{"a": deep}]
    posts = [{"id": "1", "new": deep, "labels": [deep]}]
    assert ayr.from_posts(posts, platform="bluesky", validate=None).ayr.to_posts() == posts
    assert ayr.read_json(json.dumps(posts).encode(), platform="bluesky", validate=None).ayr.to_posts() == posts


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b" \r\n\t\n",
        b"\xef\xbb\xbf",
        b"null",
        b"true",
        b"5",
        b'"text"',
        b"{}",
        b'{"a":1}\n{"posts":[}',
        page() + page(),
        page() + b" []",
        page()[:-1],
        page()[:-2],
        page()[:700],
        page()[:3],
        b"\x00\x00\x00",
        b"<html><head><title>Sign in</title></head><body>Wi-Fi</body></html>",
        b"<!DOCTYPE html>\n<html>502 Bad Gateway</html>",
        b"id,post\n1,hello\n",
        b"PK\x03\x04 a spreadsheet",
        b"PAR1 a parquet file",
        b"\x1f\x8b\x08 not gzip",
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=lambda body: f"{len(body)} bytes {body[:8]!a} to {body[-8:]!a}",
)
def test_J11_body_without_a_history_raises(body: bytes, tmp_path: Path) -> None:
    read_error_message(body, tmp_path)


@pytest.mark.parametrize("cut", range(1, 200, 7))
def test_J11_page_cut_anywhere_raises(cut: int, tmp_path: Path) -> None:
    body = b'{"status":"success","posts":[{"id":"1","labels":["a","b"],"viewer":{"threadMuted":true},"likeCount":12}]}'
    if cut < len(body):
        read_error_message(body[:cut], tmp_path)


def test_J11_empty_file_error_says_empty(tmp_path: Path) -> None:
    assert "empty" in read_error_message(b"", tmp_path).lower()


def test_J12_twenty_thousand_keys_are_moved_to_extra() -> None:
    keys = ",".join(f'"key{number}":{number}' for number in range(20_000))
    posts = ayr.read_json(page(inside=f",{keys}"), platform="bluesky", validate=None)
    assert list(posts.columns) == list(ayr.from_posts([], platform="bluesky").columns)
    assert len(json.loads(posts["extra"].iloc[1])) == 20_000


@pytest.mark.parametrize("posts", ["null", None])
def test_P8_posts_null_or_absent_with_success_is_an_empty_page_with_a_warning(posts: str | None) -> None:
    body = '{"status":"success"' + (f',"posts":{posts}' if posts else "") + "}"
    with pytest.warns(ayr.DataWarning, match="posts"):
        frame = ayr.read_json(body.encode(), platform="bluesky")
    pd.testing.assert_frame_equal(frame, ayr.from_posts([], platform="bluesky"))


@pytest.mark.parametrize("posts", ["{}", '{"0":{"id":"1"}}', '"none"', "5", "true", "false"])
def test_P8_posts_of_another_type_raise(posts: str, tmp_path: Path) -> None:
    read_error_message(b'{"status":"success","posts":' + posts.encode() + b"}", tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        *('{"status":"error"}', '{"posts":null}', '{"status":"error","posts":null}', '{"nope":[]}'),
        # Answers to other requests: a post that was sent, and another history.
        *('{"status":"success","id":"Ayr1"}', '{"status":"success","history":[{"id":"1"}]}'),
    ],
)
def test_P8_neither_posts_nor_success_raises(body: str, tmp_path: Path) -> None:
    read_error_message(body.encode(), tmp_path)


def test_P9_item_of_another_type_is_moved_to_extra_and_counted() -> None:
    body = b'{"status":"success","posts":[{"id":"1"},7,null,"text",[1],{"id":"2"}]}'
    frame = ayr.read_json(body, platform="bluesky", validate=None)
    assert len(frame) == 6
    assert frame["extra"].iloc[1:5].map(json.loads).tolist() == [7, None, "text", [1]]
    drift = frame.ayr.drift()
    assert drift.loc[drift["finding"].eq("not an object"), "posts"].sum() == 4


def test_error_for_a_copy_of_the_documentation_page_gives_the_position(tmp_path: Path) -> None:
    blocks = []
    for platform in PLATFORMS:
        posts = json.loads((FIXTURES / f"{platform}.json").read_text("utf-8"))["posts"]
        blocks += [f"// {platform} example\n", *(json.dumps(post, indent=1) + ",\n" for post in posts)]
    body = '{\n"status": "success",\n"posts": [\n' + "".join(blocks) + '],\n"lastUpdated": "2024-01-01T00:00:00Z"\n}'
    message = read_error_message(body.encode(), tmp_path, "page.txt", platform=None)
    assert has_position(message)
    assert "JSON" in message


def test_error_gives_the_line_or_character(tmp_path: Path) -> None:
    lines = b'{"id":"1"}\n{"id":"2"}\n{"id":3,}\n'
    assert "3" in read_error_message(lines, tmp_path, "saved.ndjson")
    with pytest.raises(ayr.ResponseError, match=r"character 1[0-2]\b"):
        ayr.read_json(b'{"posts": [}', platform="tiktok")


def test_error_names_the_file_of_a_glob(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[]")
    (tmp_path / "b.json").write_bytes(b"[}")
    with pytest.raises(ayr.ResponseError, match=r"b\.json"):
        ayr.read_json(str(tmp_path / "*.json"), platform="tiktok")


def test_error_quotes_at_most_forty_characters_of_a_long_line(tmp_path: Path) -> None:
    for body in (PRIVATE, f'"{PRIVATE}', f'{{"{PRIVATE}":}}', f'[{{"{PRIVATE}":1,}}]', f"<html>{PRIVATE}</html>"):
        read_error_message(body.encode(), tmp_path)


def test_error_has_the_attributes_of_all_errors(tmp_path: Path) -> None:
    with pytest.raises(ayr.AyrframeError) as caught:
        ayr.read_json(b"nonsense", platform="tiktok")
    error = caught.value
    assert (error.status, error.code, error.retryable, error.retry_after) == (None, None, False, None)


@pytest.mark.parametrize("attribute", ["doc", "object", "args"])
def test_error_attributes_do_not_contain_the_body(attribute: str) -> None:
    with pytest.raises(ayr.ResponseError) as caught:
        ayr.read_json(page(inside=","), platform="bluesky")
    assert PRIVATE[:60] not in repr(getattr(caught.value, attribute, ""))
    assert PRIVATE[:60] not in repr(vars(caught.value))


# --- gzip -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[: len(packed) // 2],
        lambda packed: packed[:-8] + bytes(8),
        lambda packed: packed[:5],
        lambda packed: b"",
        lambda packed: b"plain text",
        lambda packed: packed[:12] + b"\xff\xff\xff\xff" + packed[16:],
        lambda packed: gzip.compress(b"[}"),
        lambda packed: gzip.compress(b""),
    ],
    ids=["half", "wrong checksum", "five bytes", "empty", "plain", "damaged", "invalid JSON", "nothing"],
)
def test_corrupt_gzip_file_raises_response_error(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    read_error_message(damage(gzip.compress(page())), tmp_path, "saved.json.gz")


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", [str, Path])
@pytest.mark.parametrize("name", ["nowhere.json", "nowhere.json.gz", "no/where.json"])
def test_missing_file_raises_file_not_found_error(wrap: Any, name: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="where"):
        ayr.read_json(wrap(tmp_path / name), platform="tiktok")


@pytest.mark.parametrize("pattern", ["*.json", "page[0-9].json", "page?.json", "**/*.json"])
def test_glob_without_matches_raises_file_not_found_error(pattern: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ayr.read_json(str(tmp_path / pattern), platform="tiktok")


@pytest.mark.parametrize("name", ["myspace", "", "TikTok ", "gmb", "all", "\ud800", "x" * 10_000, 5, ["tiktok"], b"x"])
@pytest.mark.parametrize(
    "call",
    [
        lambda name: ayr.read_json(b"[]", platform=name),
        lambda name: ayr.from_posts([], platform=name),
        ayr.schema,
        ayr.dictionary,
    ],
    ids=["read_json", "from_posts", "schema", "dictionary"],
)
def test_unknown_platform_raises_value_error_with_all_names(call: Callable[[Any], Any], name: Any) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        call(name)
    message = str(caught.value)
    assert all(platform in message for platform in PLATFORMS)
    assert len(message) < 400


def test_unknown_platform_raises_before_the_file_is_opened() -> None:
    with pytest.raises(ValueError, match="tiktok"):
        ayr.read_json("nowhere.json", platform="myspace")


@pytest.mark.parametrize(
    "posts",
    ["text", b"[]", bytearray(b"[]"), {"posts": []}, {}, pd.DataFrame({"id": ["1"]}), None, 5],
    ids=lambda posts: f"{type(posts).__name__} {posts!a}"[:20],
)
def test_from_posts_of_another_type_raises_type_error(posts: Any) -> None:
    with pytest.raises(TypeError):
        ayr.from_posts(posts, platform="bluesky")


@pytest.mark.parametrize(
    "value",
    [{1, 2}, frozenset(), object(), 1j, b"bytes", bytearray(b"b"), Path("x"), range(3), iter([])],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize(
    "wrap", [lambda value: value, lambda value: [value], lambda value: {"deep": [value]}], ids=range(3)
)
@pytest.mark.parametrize("field", ["id", "post", "likeCount", "labels", "viewer", "new"])
def test_from_posts_with_a_value_that_json_cannot_represent_raises_type_error(
    field: str, wrap: Any, value: Any
) -> None:
    with pytest.raises(TypeError):
        ayr.from_posts([{"id": "1"}, {"id": "2"} | {field: wrap(value)}], platform="bluesky")


@pytest.mark.parametrize(
    "value", [date(2024, 1, 1), Decimal("1.5"), UUID(int=5)], ids=lambda value: type(value).__name__
)
@pytest.mark.parametrize("field", ["likeCount", "new"])
def test_from_posts_with_a_python_object_raises_type_error_instead_of_converting(field: str, value: Any) -> None:
    with pytest.raises(TypeError):
        ayr.from_posts([{"id": "1"} | {field: value}], platform="bluesky")


@pytest.mark.parametrize("key", [1, None, True, 1.5, ("a",)], ids=ascii)
def test_from_posts_with_a_key_of_another_type_raises_type_error(key: Any) -> None:
    for post in ({"id": "1", key: "a"}, {"id": "1", "viewer": {key: "a"}}, {"id": "1", "labels": [{key: "a"}]}):
        with pytest.raises(TypeError):
            ayr.from_posts([post], platform="bluesky")


def test_from_posts_with_a_post_that_contains_itself_raises() -> None:
    post: dict[str, Any] = {"id": "1"}
    post["self"] = post
    with pytest.raises((ayr.ResponseError, ValueError)):
        ayr.from_posts([post], platform="bluesky")


@pytest.mark.parametrize(
    "as_of",
    ["yesterday-ish", pd.NaT, object(), [], "2024-13-01T00:00:00Z"],
    ids=["words", "NaT", "object", "list", "month 13"],
)
def test_from_posts_with_an_invalid_as_of_raises(as_of: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        ayr.from_posts([{"id": "1"}], platform="bluesky", as_of=as_of)


@pytest.mark.parametrize("profile", [None, 5, float("nan"), pd.NA, b"x", ["a"]], ids=ascii)
def test_from_posts_with_a_profile_of_another_type_raises(profile: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        ayr.from_posts([{"id": "1"}], platform="bluesky", profile=profile)


@pytest.mark.parametrize("validate", ["loud", True, 5, ""])
def test_from_posts_with_an_unknown_validate_raises(validate: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        ayr.from_posts([{"id": "1"}], platform="bluesky", validate=validate)


@pytest.mark.parametrize("source", [None, 5, {"posts": []}, [{"id": "1"}]], ids=ascii)
def test_read_json_of_another_type_raises_type_error(source: Any) -> None:
    with pytest.raises(TypeError):
        ayr.read_json(source, platform="bluesky")


def test_read_json_of_a_folder_raises(tmp_path: Path) -> None:
    with pytest.raises((OSError, ayr.ResponseError)) as caught:
        ayr.read_json(tmp_path, platform="bluesky")
    assert not isinstance(caught.value, FileNotFoundError)


def test_read_json_does_not_close_an_open_file() -> None:
    source = io.BytesIO(b"[]")
    ayr.read_json(source, platform="bluesky")
    assert not source.closed


def test_from_posts_accepts_values_of_pandas_and_numpy() -> None:
    post = {
        "id": "1",
        "created": datetime(2026, 5, 1, 9, tzinfo=timezone(timedelta(hours=2))),
        "likeCount": np.int64(3),
        "viewer": {"threadMuted": np.bool_(True)},
        "new": [
            pd.NA,
            {"deep": float("nan")},
            np.float64(0.5),
            pd.NaT,
            np.datetime64("NaT", "us"),
            np.datetime64("2026-05-01"),
        ],
    }
    posts = ayr.from_posts([post], platform="bluesky")
    assert posts["created"].tolist() == [pd.Timestamp("2026-05-01T07:00:00Z")]
    assert posts["like_count"].tolist() == [3]
    assert posts["viewer_thread_muted"].tolist() == [True]
    assert posts["extra"].tolist() == ['{"new":[null,{"deep":null},0.5,null,null,"2026-05-01T00:00:00"]}']


def test_from_posts_type_error_has_the_post_and_the_key() -> None:
    with pytest.raises(TypeError, match=r"Post 1 .*type set.* key 'labels'"):
        ayr.from_posts([{"id": "1"}, {"id": "2", "labels": [{"deep": {1}}]}], platform="bluesky")


@pytest.mark.parametrize("post", [{"labels": ["é😀"], "new": {"ü": [1e-7, 1e22, 0.1]}}, {"id": "1", "new": 'a\n"\\/'}])
def test_posts_are_the_same_by_every_way_in(post: dict[str, Any]) -> None:
    arguments = {"platform": "bluesky", "as_of": "2026-05-01T00:00:00Z", "validate": None}
    expected = ayr.from_posts([post], **arguments)
    for text in (json.dumps([post]), json.dumps({"posts": [post]}, ensure_ascii=False, indent=2)):
        pd.testing.assert_frame_equal(ayr.read_json(text.encode(), **arguments), expected)
