"""A few fields that are not as declared cost their own column a second look, and the posts none."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from msgspec import Raw

import ayrframe as ayr
from ayrframe import _form
from ayrframe._decode import form_of
from ayrframe._door import Door
from ayrframe._form import Form
from ayrframe._json import raw_items
from ayrframe._lots import Listed
from ayrframe._platforms import PLATFORMS
from ayrframe._record import Branch, Itself, Leaf
from ayrframe.spec import Kind

MOMENT = "2026-01-01T00:00:00Z"
POSTS = [{"id": str(n), "post": "text", "publicMetrics": {"likeCount": n, "replyCount": 2 * n}} for n in range(6)]


def with_these(*changes: tuple[int, str, Any]) -> list[dict[str, Any]]:
    """Return the posts with a value put at a path of some of them."""
    posts = json.loads(json.dumps(POSTS))
    for place, path, value in changes:
        *parents, key = path.split("/")
        inside = posts[place]
        for parent in parents:
            inside = inside[parent]
        inside[key] = value
    return posts


@pytest.fixture
def _never_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise AssertionError("Posts were read one by one.")

    monkeypatch.setattr(_form, "one_by_one", fail)


def read(posts: list[dict[str, Any]]) -> pd.DataFrame:
    return ayr.read_json(json.dumps({"posts": posts}).encode(), platform="twitter", as_of=MOMENT, validate=None)


@pytest.mark.usefixtures("_never_one_by_one")
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
def test_what_is_not_as_declared_is_sorted_out_by_its_field(
    changes: list[tuple[int, str, Any]], extra: dict[int, str], likes: dict[int, Any]
) -> None:
    posts = read(with_these(*changes))
    assert posts["extra"].dropna().to_dict() == extra
    assert posts["public_metrics_like_count"].astype(object).tolist() == [likes.get(n, n) for n in range(6)]
    gone = [place for place, path, _ in changes if path == "publicMetrics"]
    assert posts["public_metrics_reply_count"].astype(object).tolist() == [
        pd.NA if n in gone else 2 * n for n in range(6)
    ]
    assert posts["id"].tolist() == [str(n) for n in range(6)]


@pytest.mark.usefixtures("_never_one_by_one")
def test_an_id_that_is_a_number_is_the_text_of_it() -> None:
    posts = read(with_these((2, "id", 2**60), (4, "id", "a\ud800")))
    assert posts["id"].tolist() == ["0", "1", str(2**60), "3", "a\ufffd", "5"]
    assert posts["extra"].isna().all()


def test_a_post_that_its_columns_refuse_later_is_read_with_care_whatever_else_is_loose() -> None:
    changes = [(n, "publicMetrics/likeCount", str(10 + n)) for n in range(6)]
    posts = read(with_these(*changes, (3, "created", "yesterday"), (4, "media", 1), (4, "publicMetrics/likeCount", {})))
    assert posts["public_metrics_like_count"].astype(object).tolist() == [10, 11, 12, 13, pd.NA, 15]
    assert posts["extra"].dropna().to_dict() == {
        3: '{"created":"yesterday"}',
        4: '{"publicMetrics":{"likeCount":{}},"media":1}',
    }


def test_more_odd_fields_than_a_door_may_have_are_read_all_the_same() -> None:
    keys = ["likeCount", "replyCount", "retweetCount", "quoteCount", "bookmarkCount", "impressionCount"]
    posts = read(with_these(*((n, f"publicMetrics/{key}", "?") for n, key in enumerate(keys))))
    assert posts["extra"].tolist() == [f'{{"publicMetrics":{{"{key}":"?"}}}}' for key in keys]
    assert posts["public_metrics_reply_count"].astype(object).tolist() == [0, pd.NA, 4, 6, 8, 10]


@pytest.mark.parametrize(
    ("complaint", "loose"),
    [
        ("Expected `int | null`, got `str` - at `$[7].publicMetrics.likeCount`", ("publicMetrics.likeCount",)),
        ("Expected `object`, got `null` - at `$[7].publicMetrics`", ("publicMetrics",)),
        ("Object contains unknown field `new` - at `$[0]`", ("new",)),
        ("Object contains unknown field `new` - at `$[0].publicMetrics`", ("publicMetrics.new",)),
        ("Object contains unknown field `a.b` - at `$[0]`", None),
        ("Object contains unknown field `` - at `$[0]`", None),
        ("Object contains unknown field `a`b` - at `$[0]`", None),
        ("Expected `object`, got `int` - at `$[7]`", None),
        ("Expected `int`, got `str` - at `$[7].other.likeCount`", None),
        ("Expected `int`, got `str` - at `$[7].publicMetrics.likeCount.deeper`", None),
        ("JSON is malformed: invalid character (byte 3)", None),
    ],
)
def test_what_a_complaint_tells(complaint: str, loose: tuple[str, ...] | None) -> None:
    root = Branch([Leaf("likes", "publicMetrics.likeCount", Kind.WHOLE)])
    assert Door(root).wider(ValueError(complaint)) == loose


def test_what_is_no_object_has_no_room_for_fields() -> None:
    door = Door(Itself(Leaf("count", "", Kind.WHOLE)))
    assert door.wider(ValueError("Object contains unknown field `new` - at `$[0]`")) is None


def test_an_object_that_is_loose_takes_its_fields_with_it() -> None:
    root = Branch([Leaf("likes", "a.b", Kind.WHOLE), Leaf("id", "id", Kind.KEY)])
    complaint = ValueError("Expected `object`, got `int` - at `$[7].a`")
    assert Door(root, ("a.b", "id")).wider(complaint) == ("id", "a")


def test_the_complaints_of_the_decoder_are_understood() -> None:
    """Were they put in other words, the slower ways would give the same: only this would tell."""
    door = Door(Branch([Leaf("likes", "a.b", Kind.WHOLE), Leaf("id", "id", Kind.KEY)]))
    told = {
        b'[{"id":"1"},{"a":{"b":1.5}}]': ("a.b",),
        b'[{"id":1}]': ("id",),
        b'[{"a":[]}]': ("a",),
        b'[{"a":{"c":1}}]': ("a.c",),
        b'[{"c":1}]': ("c",),
    }
    for text, loose in told.items():
        with pytest.raises(ValueError, match="at") as caught:
            door.read(text)
        assert door.wider(caught.value) == loose


def test_an_undeclared_key_is_no_declared_one_whatever_their_columns_are_called() -> None:
    form = Form([Leaf("in_reply", "inReply", Kind.TEXT), Leaf("reply_count", "a.b", Kind.WHOLE)], closed=True)
    (replies, counts), left = form.read([Raw(b'{"reply":1,"inReply":"x","a":{"b":2}}'), Raw(b'{"in_a":3}')])
    assert (replies.to_pylist(), counts.to_pylist()) == (["x", None], [2, None])
    assert left == [b'{"reply":1}', b'{"in_a":3}']
    (replies, _), left = form.read([Raw(b'{"reply":1}')])
    assert (replies.to_pylist(), left) == ([None], [b'{"reply":1}'])


def test_items_are_told_apart_only_where_several_parts_of_one_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    form = form_of(PLATFORMS["twitter"])
    monkeypatch.setattr(Listed, "items", property(lambda _: pytest.fail("The items were told apart.")))
    text = json.dumps(with_these((3, "publicMetrics/likeCount", "many"), (4, "new", 1))).encode()
    _, left = form.read_list(Listed(text))
    assert left == [None, None, None, b'{"publicMetrics":{"likeCount":"many"}}', b'{"new":1}', None]
    assert [form.read_carefully(Raw(item))[1] for item in raw_items.decode(text)] == left
