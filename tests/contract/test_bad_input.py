"""Bodies that are no history (faults J1 to J12, P8, P9), and arguments that cannot be meant."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pandas as pd
import pytest

import ayrframe as ayr

FIXTURES = Path(__file__).parents[1] / "fixtures" / "documented"
PLATFORMS = [
    *("bluesky", "facebook", "instagram", "linkedin", "pinterest"),
    *("snapchat", "threads", "tiktok", "twitter", "youtube"),
]
# A long text in which no stretch of letters comes twice: whatever of it a message quotes can be measured.
PRIVATE = "".join(f"secret{number:03d}" for number in range(60))


def refused(body: bytes, folder: Path, name: str = "saved-history.json", *, platform: str | None = "bluesky") -> str:
    """Read a body from a file; return the message of the error, having checked what every such error promises."""
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


def says_where(message: str) -> bool:
    return re.search(r"\b(character|byte|line|position|column|post|item)s?\b( number)? \d+", message) is not None


def page(*, before: str = "", after: str = "", inside: str = "") -> bytes:
    """Return an envelope of three posts with private texts, broken at one of three places."""
    post = '{"id":"%d","post":"' + PRIVATE + '"%s}'
    posts = ",".join(post % (number, inside if number == 1 else "") for number in range(3))
    return f'{before}{{"status":"success","posts":[{posts}]}}{after}'.encode()


def test_the_page_that_the_following_tests_break_is_itself_sound() -> None:
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
def test_J1_comments_and_commas_too_many_or_missing(broken: bytes, tmp_path: Path) -> None:
    assert says_where(refused(broken, tmp_path))


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
def test_J2_duplicate_keys_in_the_envelope(envelope: str, tmp_path: Path) -> None:
    refused(envelope.encode(), tmp_path)


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity"])
def test_J3_nan_and_infinity_in_a_post_cost_neither_page_nor_post(token: str) -> None:
    posts = ayr.read_json(page(inside=f',"likeCount":{token}'), platform="bluesky", validate=None)
    assert posts["id"].tolist() == ["0", "1", "2"]
    assert json.loads(posts["extra"].iloc[1]) == {"likeCount": token}


@pytest.mark.parametrize("token", ["NaN", "Infinity"])
def test_J3_nan_and_infinity_in_the_envelope(token: str, tmp_path: Path) -> None:
    refused(b'{"status":"success","posts":[],"count":' + token.encode() + b"}", tmp_path)


def test_J4_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
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
def test_J5_bytes_that_are_no_utf8(inside: bytes, tmp_path: Path) -> None:
    body = page(inside="@").replace(b"@", inside)
    message = refused(body, tmp_path)
    assert "UTF-8" in message
    assert says_where(message)


def test_J5_a_whole_page_in_latin1_or_windows_letters(tmp_path: Path) -> None:
    body = page(inside=',"note":"Brötchen für fünf"').decode()
    for encoding in ("latin-1", "cp1252", "cp437", "mac-roman"):
        assert "UTF-8" in refused(body.encode(encoding), tmp_path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_J6_utf16_and_utf32(encoding: str, tmp_path: Path) -> None:
    refused(page().decode().encode(encoding), tmp_path)


def test_J7_a_lone_surrogate_costs_neither_page_nor_post() -> None:
    posts = ayr.read_json(page(inside=',"labels":["\\ud800"]'), platform="bluesky", validate=None)
    assert posts.ayr.labels()["value"].tolist() == ["\ufffd"]


def test_J8_nul_and_control_characters_stay_in_the_frame() -> None:
    posts = ayr.read_json(page(inside=',"cid":"a\\u0000b\\u001f"'), platform="bluesky")
    assert posts["cid"].tolist()[1] == "a\x00b\x1f"


@pytest.mark.parametrize(
    "inside",
    ['"likeCount":@', '"new":@', '"id":@', '"labels":[@]', '"viewer":{"threadMuted":@}', '"new":{"a":[@]}', '"new":-@'],
)
def test_J9_an_integer_beyond_4300_digits(inside: str, tmp_path: Path) -> None:
    refused(page(inside="," + inside.replace("@", "7" * 5000)), tmp_path)


@pytest.mark.parametrize("field", ["new", "labels", "viewer", "post", "id"])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_J10_a_hundred_thousand_levels(field: str, opening: str, closing: str, tmp_path: Path) -> None:
    refused(page(inside=f',"{field}":{opening * 100_000}1{closing * 100_000}'), tmp_path)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"posts":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_J10_a_body_of_brackets_only(body: bytes, tmp_path: Path) -> None:
    refused(body, tmp_path)


def test_J10_great_depth_in_memory() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ayr.ResponseError):
        ayr.from_posts([{"id": "1", "new": deep}], platform="bluesky")


def test_J10_fifty_levels_are_no_great_depth() -> None:
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
        b"\x1f\x8b\x08 no gzip",
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=lambda body: f"{len(body)} bytes {body[:8]!a} to {body[-8:]!a}",
)
def test_J11_what_is_no_history(body: bytes, tmp_path: Path) -> None:
    refused(body, tmp_path)


@pytest.mark.parametrize("cut", range(1, 200, 7))
def test_J11_a_page_cut_anywhere(cut: int, tmp_path: Path) -> None:
    body = b'{"status":"success","posts":[{"id":"1","labels":["a","b"],"viewer":{"threadMuted":true},"likeCount":12}]}'
    if cut < len(body):
        refused(body[:cut], tmp_path)


def test_J11_an_empty_file_says_that_it_is_empty(tmp_path: Path) -> None:
    assert "empty" in refused(b"", tmp_path).lower()


def test_J12_twenty_thousand_keys_become_no_columns() -> None:
    keys = ",".join(f'"key{number}":{number}' for number in range(20_000))
    posts = ayr.read_json(page(inside=f",{keys}"), platform="bluesky", validate=None)
    assert list(posts.columns) == list(ayr.from_posts([], platform="bluesky").columns)
    assert len(json.loads(posts["extra"].iloc[1])) == 20_000


@pytest.mark.parametrize("posts", ["null", None])
def test_P8_posts_null_or_absent_with_success_is_an_empty_page_and_is_said(posts: str | None) -> None:
    body = '{"status":"success"' + (f',"posts":{posts}' if posts else "") + "}"
    with pytest.warns(ayr.DataWarning, match="posts"):
        frame = ayr.read_json(body.encode(), platform="bluesky")
    pd.testing.assert_frame_equal(frame, ayr.from_posts([], platform="bluesky"))


@pytest.mark.parametrize("posts", ["{}", '{"0":{"id":"1"}}', '"none"', "5", "true", "false"])
def test_P8_posts_that_are_no_list(posts: str, tmp_path: Path) -> None:
    refused(b'{"status":"success","posts":' + posts.encode() + b"}", tmp_path)


@pytest.mark.parametrize(
    "body", ['{"status":"error"}', '{"posts":null}', '{"status":"error","posts":null}', '{"nope":[]}']
)
def test_P8_neither_posts_nor_success(body: str, tmp_path: Path) -> None:
    refused(body.encode(), tmp_path)


def test_P9_an_item_that_is_no_object_is_kept_and_counted() -> None:
    body = b'{"status":"success","posts":[{"id":"1"},7,null,"text",[1],{"id":"2"}]}'
    frame = ayr.read_json(body, platform="bluesky", validate=None)
    assert len(frame) == 6
    assert frame["extra"].iloc[1:5].map(json.loads).tolist() == [7, None, "text", [1]]
    drift = frame.ayr.drift()
    assert drift.loc[drift["finding"].eq("not an object"), "posts"].sum() == 4


def test_the_documentation_page_itself_is_no_json_and_is_told_so(tmp_path: Path) -> None:
    blocks = []
    for platform in PLATFORMS:
        posts = json.loads((FIXTURES / f"{platform}.json").read_text("utf-8"))["posts"]
        blocks += [f"// {platform} example\n", *(json.dumps(post, indent=1) + ",\n" for post in posts)]
    body = '{\n"status": "success",\n"posts": [\n' + "".join(blocks) + '],\n"lastUpdated": "2024-01-01T00:00:00Z"\n}'
    message = refused(body.encode(), tmp_path, "page.txt", platform=None)
    assert says_where(message)
    assert "JSON" in message


def test_the_message_says_where_the_fault_is(tmp_path: Path) -> None:
    lines = b'{"id":"1"}\n{"id":"2"}\n{"id":3,}\n'
    assert "3" in refused(lines, tmp_path, "saved.ndjson")
    with pytest.raises(ayr.ResponseError, match=r"character 1[0-2]\b"):
        ayr.read_json(b'{"posts": [}', platform="tiktok")


def test_the_message_names_the_file_of_a_glob(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[]")
    (tmp_path / "b.json").write_bytes(b"[}")
    with pytest.raises(ayr.ResponseError, match=r"b\.json"):
        ayr.read_json(str(tmp_path / "*.json"), platform="tiktok")


def test_the_message_quotes_no_more_than_forty_characters_of_one_long_line(tmp_path: Path) -> None:
    for body in (PRIVATE, f'"{PRIVATE}', f'{{"{PRIVATE}":}}', f'[{{"{PRIVATE}":1,}}]', f"<html>{PRIVATE}</html>"):
        refused(body.encode(), tmp_path)


def test_the_error_carries_what_every_error_of_the_library_carries(tmp_path: Path) -> None:
    with pytest.raises(ayr.AyrframeError) as caught:
        ayr.read_json(b"nonsense", platform="tiktok")
    error = caught.value
    assert (error.status, error.code, error.retryable, error.retry_after) == (None, None, False, None)


@pytest.mark.parametrize("attribute", ["doc", "object", "args"])
def test_no_attribute_of_the_error_holds_the_body(attribute: str) -> None:
    with pytest.raises(ayr.ResponseError) as caught:
        ayr.read_json(page(inside=","), platform="bluesky")
    assert PRIVATE[:60] not in repr(getattr(caught.value, attribute, ""))
    assert PRIVATE[:60] not in repr(vars(caught.value))


# --- gzip -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
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
    ids=["half", "bad sum", "five bytes", "empty", "plain", "spoilt", "bad JSON", "nothing"],
)
def test_a_spoilt_gzip_file_is_a_response_error(spoil: Callable[[bytes], bytes], tmp_path: Path) -> None:
    refused(spoil(gzip.compress(page())), tmp_path, "saved.json.gz")


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", [str, Path])
@pytest.mark.parametrize("name", ["nowhere.json", "nowhere.json.gz", "no/where.json"])
def test_a_missing_file_is_a_file_not_found_error(wrap: Any, name: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="where"):
        ayr.read_json(wrap(tmp_path / name), platform="tiktok")


@pytest.mark.parametrize("pattern", ["*.json", "page[0-9].json", "page?.json", "**/*.json"])
def test_a_glob_that_matches_nothing_is_a_file_not_found_error(pattern: str, tmp_path: Path) -> None:
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
def test_an_unknown_platform_is_a_value_error_that_names_the_ten(call: Callable[[Any], Any], name: Any) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        call(name)
    message = str(caught.value)
    assert all(platform in message for platform in PLATFORMS)
    assert len(message) < 400


def test_an_unknown_platform_is_told_before_the_file_is_looked_for() -> None:
    with pytest.raises(ValueError, match="tiktok"):
        ayr.read_json("nowhere.json", platform="myspace")


@pytest.mark.parametrize(
    "posts",
    ["text", b"[]", bytearray(b"[]"), {"posts": []}, {}, pd.DataFrame({"id": ["1"]}), None, 5],
    ids=lambda posts: f"{type(posts).__name__} {posts!a}"[:20],
)
def test_from_posts_refuses_what_is_no_list_of_posts(posts: Any) -> None:
    with pytest.raises(TypeError):
        ayr.from_posts(posts, platform="bluesky")


@pytest.mark.parametrize(
    "value",
    [{1, 2}, frozenset(), object(), 1j, b"bytes", bytearray(b"b"), Path("x"), pd.NA, range(3), iter([])],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize(
    "wrap", [lambda value: value, lambda value: [value], lambda value: {"deep": [value]}], ids=range(3)
)
@pytest.mark.parametrize("field", ["id", "post", "likeCount", "labels", "viewer", "new"])
def test_a_post_with_something_that_json_has_not_is_a_type_error(field: str, wrap: Any, value: Any) -> None:
    with pytest.raises(TypeError):
        ayr.from_posts([{"id": "1"}, {"id": "2"} | {field: wrap(value)}], platform="bluesky")


@pytest.mark.parametrize(
    "value",
    [
        pd.Timestamp("2024-01-01T00:00:00Z"),
        datetime(2024, 1, 1, tzinfo=UTC),
        date(2024, 1, 1),
        Decimal("1.5"),
        UUID(int=5),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("field", ["likeCount", "new"])
def test_a_python_object_that_is_no_json_is_a_type_error_and_not_turned_into_text(field: str, value: Any) -> None:
    with pytest.raises(TypeError):
        ayr.from_posts([{"id": "1"} | {field: value}], platform="bluesky")


@pytest.mark.parametrize("key", [1, None, True, 1.5, ("a",)], ids=ascii)
def test_a_key_that_is_no_text_is_a_type_error(key: Any) -> None:
    for post in ({"id": "1", key: "a"}, {"id": "1", "viewer": {key: "a"}}, {"id": "1", "labels": [{key: "a"}]}):
        with pytest.raises(TypeError):
            ayr.from_posts([post], platform="bluesky")


def test_a_post_that_contains_itself_is_refused() -> None:
    post: dict[str, Any] = {"id": "1"}
    post["self"] = post
    with pytest.raises((ayr.ResponseError, ValueError)):
        ayr.from_posts([post], platform="bluesky")


@pytest.mark.parametrize(
    "as_of",
    ["yesterday-ish", pd.NaT, object(), [], "2024-13-01T00:00:00Z"],
    ids=["words", "NaT", "object", "list", "month 13"],
)
def test_an_as_of_that_is_no_moment_is_refused(as_of: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        ayr.from_posts([{"id": "1"}], platform="bluesky", as_of=as_of)


@pytest.mark.parametrize("profile", [None, 5, float("nan"), pd.NA, b"x", ["a"]], ids=ascii)
def test_a_profile_that_is_no_text_is_refused_so_that_the_key_never_holds_na(profile: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        ayr.from_posts([{"id": "1"}], platform="bluesky", profile=profile)


@pytest.mark.parametrize("validate", ["loud", True, 5, ""])
def test_an_unknown_severity_is_refused(validate: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        ayr.from_posts([{"id": "1"}], platform="bluesky", validate=validate)


@pytest.mark.parametrize("source", [None, 5, ["a.json"], {"posts": []}, [{"id": "1"}]], ids=ascii)
def test_read_json_refuses_what_is_no_source(source: Any) -> None:
    with pytest.raises(TypeError):
        ayr.read_json(source, platform="bluesky")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises((OSError, ayr.ResponseError)) as caught:
        ayr.read_json(tmp_path, platform="bluesky")
    assert not isinstance(caught.value, FileNotFoundError)


def test_an_open_file_stays_open_and_is_the_callers_to_close() -> None:
    source = io.BytesIO(b"[]")
    ayr.read_json(source, platform="bluesky")
    assert not source.closed
