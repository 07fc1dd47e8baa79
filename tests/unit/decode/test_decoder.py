"""Undeclared fields and invalid values are kept in `extra`, whichever decoder reads their post."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from msgspec import Raw

import ayrframe as ayr
from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.posts import post_decoder
from ayrframe._decode.records import FieldSpec
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Kind

MOMENT = "2026-01-01T00:00:00Z"
POSTS = [{"id": str(n), "post": "text", "publicMetrics": {"likeCount": n, "replyCount": 2 * n}} for n in range(6)]


def posts_with(*changes: tuple[int, str, Any]) -> list[dict[str, Any]]:
    """Return the posts with values changed: (index of the post, path, value)."""
    posts = json.loads(json.dumps(POSTS))
    for index, path, value in changes:
        *parents, key = path.split("/")
        parent = posts[index]
        for name in parents:
            parent = parent[name]
        parent[key] = value
    return posts


def read(posts: list[dict[str, Any]]) -> pd.DataFrame:
    return ayr.read_json(json.dumps({"posts": posts}).encode(), platform="twitter", as_of=MOMENT, validate=None)


@pytest.mark.parametrize(
    ("changes", "extra", "likes"),
    [
        ([(3, "publicMetrics/likeCount", "many")], {3: '{"publicMetrics":{"likeCount":"many"}}'}, {3: pd.NA}),
        ([(3, "publicMetrics/likeCount", "33")], {}, {3: 33}),
        ([(3, "publicMetrics/likeCount", 7.0), (4, "publicMetrics/likeCount", None)], {}, {3: 7, 4: pd.NA}),
        ([(2, "publicMetrics", None)], {}, {2: pd.NA}),
        ([(2, "publicMetrics", [1])], {2: '{"publicMetrics":[1]}'}, {2: pd.NA}),
        ([(2, "publicMetrics", {"likeCount": [8]})], {2: '{"publicMetrics":{"likeCount":[8]}}'}, {2: pd.NA}),
        (
            [(1, "publicMetrics", "none"), (2, "publicMetrics/likeCount", "?"), (2, "publicMetrics/new", 5)],
            {1: '{"publicMetrics":"none"}', 2: '{"publicMetrics":{"likeCount":"?","new":5}}'},
            {1: pd.NA, 2: pd.NA},
        ),
        ([(n, "brandNew", n) for n in range(6)], {n: f'{{"brandNew":{n}}}' for n in range(6)}, {}),
        ([(5, "publicMetrics/new", None)], {5: '{"publicMetrics":{"new":null}}'}, {}),
        (
            [(0, "publicMetrics/new", 1), (0, "zebra", {"a": [1, 2]}), (0, "post", 5), (1, "zebra", 1)],
            {0: '{"post":5,"publicMetrics":{"new":1},"zebra":{"a":[1,2]}}', 1: '{"zebra":1}'},
            {},
        ),
        ([(4, "in_publicMetrics", 1), (4, "post_", 2), (4, "reply_to_user_id", 3)], {
            4: '{"in_publicMetrics":1,"post_":2,"reply_to_user_id":3}'
        }, {}),
    ],
)  # fmt: skip
def test_decode_undeclared_or_invalid_value_is_moved_to_extra(
    changes: list[tuple[int, str, Any]], extra: dict[int, str], likes: dict[int, Any]
) -> None:
    posts = read(posts_with(*changes))
    assert posts["extra"].dropna().to_dict() == extra
    assert posts["public_metrics_like_count"].astype(object).tolist() == [likes.get(n, n) for n in range(6)]
    without_metrics = [index for index, path, _ in changes if path == "publicMetrics"]
    assert posts["public_metrics_reply_count"].astype(object).tolist() == [
        pd.NA if n in without_metrics else 2 * n for n in range(6)
    ]
    assert posts["id"].tolist() == [str(n) for n in range(6)]


def test_decode_integer_id_becomes_a_string() -> None:
    posts = read(posts_with((2, "id", 2**60), (4, "id", "a\ud800")))
    assert posts["id"].tolist() == ["0", "1", str(2**60), "3", "a\ufffd", "5"]
    assert posts["extra"].isna().all()


def test_decode_post_rejected_by_its_columns_is_decoded_by_field() -> None:
    changes = [(n, "publicMetrics/likeCount", str(10 + n)) for n in range(6)]
    posts = read(posts_with(*changes, (3, "created", "yesterday"), (4, "media", 1), (4, "publicMetrics/likeCount", {})))
    assert posts["public_metrics_like_count"].astype(object).tolist() == [10, 11, 12, 13, pd.NA, 15]
    assert posts["extra"].dropna().to_dict() == {
        3: '{"created":"yesterday"}',
        4: '{"publicMetrics":{"likeCount":{}},"media":1}',
    }


def test_decode_one_invalid_field_per_post_keeps_all_other_fields() -> None:
    keys = ["likeCount", "replyCount", "retweetCount", "quoteCount", "bookmarkCount", "impressionCount"]
    posts = read(posts_with(*((n, f"publicMetrics/{key}", "?") for n, key in enumerate(keys))))
    assert posts["extra"].tolist() == [f'{{"publicMetrics":{{"{key}":"?"}}}}' for key in keys]
    assert posts["public_metrics_reply_count"].astype(object).tolist() == [0, pd.NA, 4, 6, 8, 10]


def test_decode_undeclared_key_named_like_an_attribute_is_unmatched() -> None:
    decoder = RecordDecoder(
        [FieldSpec("in_reply", "inReply", Kind.TEXT), FieldSpec("reply_count", "a.b", Kind.INTEGER)], closed=True
    )
    (replies, counts), unmatched = decoder.decode_items(
        [Raw(b'{"reply":1,"inReply":"x","a":{"b":2}}'), Raw(b'{"in_a":3}')]
    )
    assert (replies.to_pylist(), counts.to_pylist()) == (["x", None], [2, None])
    assert unmatched == [b'{"reply":1}', b'{"in_a":3}']
    (replies, _), unmatched = decoder.decode_items([Raw(b'{"reply":1}')])
    assert (replies.to_pylist(), unmatched) == ([None], [b'{"reply":1}'])


@pytest.mark.parametrize("invalid", [{}, {3: {"publicMetrics": 1}}, {2: {"publicMetrics": {"new": 2}}, 4: {"id": 5}}])
@pytest.mark.parametrize("undeclared", [[], [0], range(6)])
def test_decode_items_only_invalid_posts_are_decoded_by_field(
    invalid: dict[int, dict[str, Any]], undeclared: Sequence[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    decoder = post_decoder(PLATFORMS["twitter"])
    new = [(n, path, n) for n in undeclared for path in ("new", "publicMetrics/new")]
    posts = [post | invalid.get(n, {}) for n, post in enumerate(posts_with(*new))]
    items = [Raw(json.dumps(post).encode()) for post in posts]
    by_field = [decoder.decode_by_field(item) for item in items]
    decoded_by_field: list[Raw] = []
    monkeypatch.setattr(
        decoder, "decode_by_field", lambda item: decoded_by_field.append(item) or by_field[items.index(item)]
    )
    assert decoder.decode_items(items)[1] == [unmatched for _, unmatched in by_field]
    assert sorted(map(items.index, decoded_by_field)) == [*invalid]


def test_decode_items_undeclared_fields_are_found_in_the_whole_list(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = post_decoder(PLATFORMS["twitter"])
    posts = posts_with((1, "new", 1), (2, "publicMetrics/new", 2))
    monkeypatch.setattr(decoder, "_decode_record", lambda _: pytest.fail("Posts were decoded one by one."))
    _, unmatched = decoder.decode_items([Raw(json.dumps(post).encode()) for post in posts])
    assert unmatched == [None, b'{"new":1}', b'{"publicMetrics":{"new":2}}', None, None, None]


@pytest.mark.parametrize("number", ["0", "-3", "0.5", "-1.25e3", "9007199254740991", "-9007199254740991"])
def test_decode_items_usual_floats_are_decoded_in_the_whole_list(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = RecordDecoder([FieldSpec("rate", "rate", Kind.FLOAT)])
    monkeypatch.setattr(decoder, "_decode_record", lambda _: pytest.fail("Posts were decoded one by one."))
    (rates,), unmatched = decoder.decode_items([Raw(f'{{"rate":{number}}}'.encode()), Raw(b'{"rate":null}')])
    assert (rates.to_pylist(), unmatched) == ([float(number), None], [None, None])
