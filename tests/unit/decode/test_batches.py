"""Lists that nobody has read are cut where an item seems to end; whoever reads them finds out, and nothing changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import ayrframe as ayr
from ayrframe._decode import batches as batches_module
from ayrframe._decode import posts as posts_module
from ayrframe._decode.batches import JSONArray, UnparsedArray, iter_batches, iter_cell_batches
from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.envelope import parse_envelopes, peek_envelope
from ayrframe._decode.json import JSON_ERRORS, list_decoder
from ayrframe._decode.posts import decode_posts, decode_unparsed
from ayrframe._decode.records import FieldSpec
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Kind
from tests.property.strategies import pages, values

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
TIKTOK = PLATFORMS["tiktok"]
many = settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches_module, "_BATCH_BYTES", 60)
    monkeypatch.setattr(batches_module, "_MAX_ITEMS", 2)


def unparsed(text: str) -> UnparsedArray:
    body = text.encode()
    return UnparsedArray(body, 1, len(body) - 1)


def array_text(posts: list[Any], **how: Any) -> str:
    return json.dumps(posts, **how)


def texts(batches: Any) -> list[str]:
    return [batch.text.decode() for batch in batches]


POSTS = [{"id": str(n), "post": f"text {n}", "tags": ["a", "b"]} for n in range(9)]


@pytest.mark.parametrize("how", [{}, {"separators": (",", ":")}, {"indent": 2}])
def test_a_list_is_cut_into_lists_that_hold_its_items_in_order(how: dict[str, Any]) -> None:
    batches = list(unparsed(array_text(POSTS, **how)).iter_batches())
    assert len(batches) > 2
    assert [post for batch in batches for post in json.loads(batch.text)] == POSTS


def test_a_list_that_is_short_enough_is_one_lot() -> None:
    assert texts(unparsed("[]").iter_batches()) == ["[]"]
    assert texts(unparsed('[{"id":"1"}]').iter_batches()) == ['[{"id":"1"}]']


@pytest.mark.parametrize("first", [{"id": "1"}, {}, 7, ["id", "post"], {"id": ["1"], "post": "p"}])
def test_where_no_seam_can_be_guessed_the_items_are_told_apart(first: Any) -> None:
    batches = list(unparsed(array_text([first, *POSTS])).iter_batches())
    assert [len(batch.items) for batch in batches] == [2] * 5


def test_what_follows_the_last_seam_is_told_apart() -> None:
    batches = list(
        unparsed(array_text([*POSTS, *({"post": "other keys first", "id": str(n)} for n in range(9))])).iter_batches()
    )
    assert [json.loads(item) for batch in batches for item in map(bytes, batch.items)][:9] == POSTS
    assert [len(batch.items) for batch in batches][-4:] == [2, 2, 2, 2]


def test_a_cut_inside_an_item_is_found_out() -> None:
    posts = [{"id": "1", "post": "p", "mediaUrls": [{"id": str(n), "post": "inside"} for n in range(9)]}] * 2
    assert decode_unparsed(unparsed(array_text(posts)), TIKTOK, profile="", as_of=MOMENT) is None


@pytest.mark.parametrize("text", ["[1,]", "[,1]", "[1 2]", '["a]', "[{]", "[NaN]", "[" * 60 + "]" * 59])
def test_what_is_no_list_is_found_out(text: str) -> None:
    assert decode_unparsed(unparsed(text), TIKTOK, profile="", as_of=MOMENT) is None


def test_items_that_are_told_apart_already_make_lots() -> None:
    items = list_decoder.decode(array_text(POSTS))
    assert [len(batch.items) for batch in iter_batches(items)] == [2, 2, 2, 2, 1]
    assert texts(iter_batches([])) == ["[]"]
    assert JSONArray.of(items).items is items


ALIKE = some.builds(
    lambda id_, post, rest: f'{{"id":{id_},"post":{post}{rest}}}',
    some.sampled_from(['"1"', '"a, b"', '"\\"},{\\""', "7", "null", '"},{"']),
    some.sampled_from(['"p"', '"\\\\"', "null", "3"]),
    some.one_of(
        some.just(""),
        values.map(lambda value: f',"tags":{value}'),
        some.just(',"mediaUrls":[{"id":"1","post":"p"},{"id":"2","post":"q"}]'),
    ),
)


@given(items=some.lists(some.one_of(ALIKE, ALIKE, ALIKE, values), max_size=9), size=some.sampled_from([60, 10**6]))
@many
def test_a_list_read_from_its_bytes_is_the_list_read_item_by_item(items: list[str], size: int) -> None:
    text = f"[{','.join(items)}]"
    by_item = decode_posts(list_decoder.decode(text), TIKTOK, profile="", as_of=MOMENT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches_module, "_BATCH_BYTES", size)
        unparsed_table = decode_unparsed(unparsed(text), TIKTOK, profile="", as_of=MOMENT)
    assert unparsed_table is None or unparsed_table.equals(by_item)


@given(data=some.data())
@many
def test_a_frame_read_straight_is_the_frame_read_by_the_other_way(data: some.DataObject) -> None:
    name = data.draw(some.sampled_from(list(PLATFORMS)))
    items = data.draw(pages(PLATFORMS[name]))
    body = f'{{"status":"success","posts":[{",".join(items * 3)}],"lastUpdated":"2026-01-02T00:00:00Z"}}'.encode()
    unparsed_table = ayr.read_json(body, platform=name, validate=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posts_module, "peek_envelope", lambda *_: None)
        other = ayr.read_json(body, platform=name, validate=None)
    pd.testing.assert_frame_equal(unparsed_table, other)


PARTS = some.lists(
    some.sampled_from(
        ['"posts":[', '{"posts":[', '"posts" : [', '"x\\"posts":[', "]", "]}", "[]", "{", "}", ",", ":", '"a"', "1",
         " ", '"status":"success"', '"status":"error"',
         '"posts":[]', '"p ]":"]"', '{"id":"1"}', "\n", "NaN", '"posts":[0]']
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(body=some.one_of(PARTS, PARTS.map(lambda text: f'{{"posts":[{text}'), PARTS.map(lambda text: f"{{{text}}}")))
@settings(many, max_examples=3000)
def test_what_a_glimpse_tells_is_what_a_reader_finds(body: str) -> None:
    try:
        peeked = peek_envelope(body.encode(), "it")
    except ayr.ResponseError:
        return
    if peeked is None:
        return
    envelope, posts = peeked
    try:
        items = list_decoder.decode(b"[%b]" % posts.body[posts.start : posts.end])
    except JSON_ERRORS:
        return
    (read,) = parse_envelopes(body.encode(), "it")
    assert (read.fields, read.warnings) == (envelope.fields, ())
    assert list(map(bytes, read.items)) == list(map(bytes, items))


@pytest.mark.parametrize(
    "body",
    [
        '{"posts":[1],"posts":[]}',
        '{"posts":[],"posts":[1]}',
        '{"history":{"posts":[1]},"posts":[0]}',
        '{"history":{"posts":[1]}}',
        '{"posts":[1],"status":"error","code":221,"message":"m"}',
        '{"posts":[1]} ]',
        '[1] {"a":[]}',
        '{"status":"success"}',
        "[1",
        '{"posts":null,"more":[1]}',
        '"posts"',
    ],
)
def test_a_body_that_is_more_than_one_plain_reply_is_left_to_the_reader(body: str) -> None:
    assert peek_envelope(body.encode(), "it") is None


@pytest.mark.parametrize(
    ("body", "posts"),
    [
        ('{"posts":[1,2]}', "1,2"),
        (' [ 1 , 2 ]\n', " 1 , 2 "),
        ('{"a":["x]"],"posts" : [{"t":["]"]}],"meta":{"l":[1],"t":"]"},"errors":[]}', '{"t":["]"]}'),
        ("[]", ""),
        ('{"x\\"posts":[1],"posts":[]}', ""),
    ],
)  # fmt: skip
def test_a_plain_reply_is_told_apart_from_its_posts(body: str, posts: str) -> None:
    peeked = peek_envelope(body.encode(), "it")
    assert peeked
    assert peeked[1].body[peeked[1].start : peeked[1].end].decode() == posts


ELEMENTS = some.lists(
    some.one_of(
        some.builds(lambda n, text: {"n": n, "t": text}, some.integers(-9, 9), some.text("ab,]é", max_size=5)),
        some.sampled_from([{}, {"n": "7"}, {"n": 1.5, "more": [1]}, {"t": 4}, 5, None]),
    ),
    max_size=4,
)


@given(lists=some.lists(some.one_of(some.none(), ELEMENTS), max_size=12))
@many
def test_lists_read_in_lots_are_the_lists_read_at_once(lists: list[Any]) -> None:
    decoder = RecordDecoder([FieldSpec("n", "n", Kind.INTEGER), FieldSpec("t", "t", Kind.TEXT)])
    cells = pa.array([None if one is None else json.dumps(one) for one in lists], pa.large_string())
    (numbers, texts), lengths = decoder.decode_lists(cells)
    elements = [element for one in lists if one is not None for element in one]
    fields = [element if isinstance(element, dict) else {} for element in elements]
    assert lengths.tolist() == [len(one) for one in lists if one is not None]
    wholes = [{"7": 7, 1.5: None}.get(one.get("n"), one.get("n")) for one in fields]
    assert numbers.to_pylist() == wholes
    assert texts.to_pylist() == [one["t"] if isinstance(one.get("t"), str) else None for one in fields]


def test_cells_are_lots_of_about_as_many_bytes_each() -> None:
    cells = pa.array(['["some words"]', None] * 20, pa.large_string())
    batches = list(iter_cell_batches(cells))
    assert [item for batch in batches for item in json.loads(batch)] == [["some words"]] * 20
    assert {len(json.loads(batch)) for batch in batches} == {4}
    assert list(iter_cell_batches(cells.slice(1, 1))) == [b"[]"]
