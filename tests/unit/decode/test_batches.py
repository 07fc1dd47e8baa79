"""Lists split into batches without parsing them give the same posts as lists parsed item by item, or none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import ayrframe as ayr
from ayrframe._decode import batches as batches_module
from ayrframe._decode.batches import JSONArray, UnparsedArray, iter_batches, iter_cell_batches
from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.envelope import parse_envelopes, peek_envelope
from ayrframe._decode.json import JSON_ERRORS, list_decoder
from ayrframe._decode.posts import decode_posts, decode_unparsed
from ayrframe._decode.records import FieldSpec
from ayrframe._frame import read as read_module
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Kind
from tests.property.strategies import pages, values

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
TIKTOK = PLATFORMS["tiktok"]
# 300 examples; `--hypothesis-profile=thorough` tries ten times as many.
many = settings(max_examples=3 * settings().max_examples, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches_module, "_BATCH_BYTES", 60)
    monkeypatch.setattr(batches_module, "_MAX_ITEMS", 2)


def unparsed(text: str) -> UnparsedArray:
    body = text.encode()
    return UnparsedArray(body, 1, len(body) - 1)


def array_text(posts: list[Any], **options: Any) -> str:
    return json.dumps(posts, **options)


def texts(batches: Any) -> list[str]:
    return [batch.text.decode() for batch in batches]


POSTS = [{"id": str(n), "post": f"text {n}", "tags": ["a", "b"]} for n in range(9)]


@pytest.mark.parametrize("options", [{}, {"separators": (",", ":")}, {"indent": 2}])
def test_unparsed_array_batches_hold_all_items_in_order(options: dict[str, Any]) -> None:
    batches = list(unparsed(array_text(POSTS, **options)).iter_batches())
    assert len(batches) > 2
    assert [post for batch in batches for post in json.loads(batch.text)] == POSTS


def test_unparsed_array_short_list_is_one_batch() -> None:
    assert texts(unparsed("[]").iter_batches()) == ["[]"]
    assert texts(unparsed('[{"id":"1"}]').iter_batches()) == ['[{"id":"1"}]']


@pytest.mark.parametrize("first", [{"id": "1"}, {}, 7, ["id", "post"], {"id": ["1"], "post": "p"}])
def test_unparsed_array_without_boundary_pattern_is_parsed(first: Any) -> None:
    batches = list(unparsed(array_text([first, *POSTS])).iter_batches())
    assert [len(batch.items) for batch in batches] == [2] * 5


def test_unparsed_array_long_rest_after_last_boundary_is_parsed() -> None:
    batches = list(
        unparsed(array_text([*POSTS, *({"post": "other keys first", "id": str(n)} for n in range(9))])).iter_batches()
    )
    assert [json.loads(item) for batch in batches for item in map(bytes, batch.items)][:9] == POSTS
    assert [len(batch.items) for batch in batches][-4:] == [2, 2, 2, 2]


def test_decode_unparsed_cut_inside_an_item_returns_none() -> None:
    posts = [{"id": "1", "post": "p", "mediaUrls": [{"id": str(n), "post": "inside"} for n in range(9)]}] * 2
    assert decode_unparsed(unparsed(array_text(posts)), TIKTOK, profile="", read_at=MOMENT) is None


@pytest.mark.parametrize("text", ["[1,]", "[,1]", "[1 2]", '["a]', "[{]", "[NaN]", "[" * 60 + "]" * 59])
def test_decode_unparsed_invalid_list_returns_none(text: str) -> None:
    assert decode_unparsed(unparsed(text), TIKTOK, profile="", read_at=MOMENT) is None


def test_iter_batches_parsed_items_are_not_parsed_again() -> None:
    items = list_decoder.decode(array_text(POSTS))
    assert [len(batch.items) for batch in iter_batches(items)] == [2, 2, 2, 2, 1]
    assert texts(iter_batches([])) == ["[]"]
    assert JSONArray.from_items(items).items is items


SIMILAR_ITEMS = st.builds(
    lambda id_, post, rest: f'{{"id":{id_},"post":{post}{rest}}}',
    st.sampled_from(['"1"', '"a, b"', '"\\"},{\\""', "7", "null", '"},{"']),
    st.sampled_from(['"p"', '"\\\\"', "null", "3"]),
    st.one_of(
        st.just(""),
        values.map(lambda value: f',"tags":{value}'),
        st.just(',"mediaUrls":[{"id":"1","post":"p"},{"id":"2","post":"q"}]'),
    ),
)


@given(
    items=st.lists(st.one_of(SIMILAR_ITEMS, SIMILAR_ITEMS, SIMILAR_ITEMS, values), max_size=9),
    size=st.sampled_from([60, 10**6]),
)
@many
def test_decode_unparsed_equals_decode_posts_or_returns_none(items: list[str], size: int) -> None:
    text = f"[{','.join(items)}]"
    by_item = decode_posts(list_decoder.decode(text), TIKTOK, profile="", read_at=MOMENT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches_module, "_BATCH_BYTES", size)
        from_text = decode_unparsed(unparsed(text), TIKTOK, profile="", read_at=MOMENT)
    assert from_text is None or from_text.equals(by_item)


@given(data=st.data())
@many
def test_read_json_unparsed_frame_equals_parsed_frame(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(PLATFORMS)))
    items = data.draw(pages(PLATFORMS[name]))
    body = f'{{"status":"success","posts":[{",".join(items * 3)}],"lastUpdated":"2026-01-02T00:00:00Z"}}'.encode()
    from_text = ayr.read_json(body, platform=name, as_of=MOMENT, validate=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_module, "peek_envelope", lambda *_: None)
        from_items = ayr.read_json(body, platform=name, as_of=MOMENT, validate=None)
    pd.testing.assert_frame_equal(from_text, from_items)


BODY_PARTS = st.lists(
    st.sampled_from(
        ['"posts":[', '{"posts":[', '"posts" : [', '"x\\"posts":[', "]", "]}", "[]", "{", "}", ",", ":", '"a"', "1",
         " ", '"status":"success"', '"status":"error"',
         '"posts":[]', '"p ]":"]"', '{"id":"1"}', "\n", "NaN", '"posts":[0]']
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(
    body=st.one_of(
        BODY_PARTS, BODY_PARTS.map(lambda text: f'{{"posts":[{text}'), BODY_PARTS.map(lambda text: f"{{{text}}}")
    )
)
@settings(many, max_examples=10 * settings().max_examples)
def test_peek_envelope_equals_parse_envelopes(body: str) -> None:
    try:
        peeked = peek_envelope(body.encode(), "the body")
    except ayr.ResponseError:
        return
    if peeked is None:
        return
    envelope, posts = peeked
    try:
        items = list_decoder.decode(b"[%b]" % posts.body[posts.start : posts.end])
    except JSON_ERRORS:
        return
    (parsed,) = parse_envelopes(body.encode(), "the body")
    assert (parsed.fields, parsed.warnings) == (envelope.fields, ())
    assert list(map(bytes, parsed.items)) == list(map(bytes, items))


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
def test_peek_envelope_ambiguous_body_returns_none(body: str) -> None:
    assert peek_envelope(body.encode(), "the body") is None


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
def test_peek_envelope_finds_the_text_of_posts(body: str, posts: str) -> None:
    peeked = peek_envelope(body.encode(), "the body")
    assert peeked
    assert peeked[1].body[peeked[1].start : peeked[1].end].decode() == posts


ELEMENTS = st.lists(
    st.one_of(
        st.builds(lambda n, text: {"n": n, "t": text}, st.integers(-9, 9), st.text("ab,]é", max_size=5)),
        st.sampled_from([{}, {"n": "7"}, {"n": 1.5, "more": [1]}, {"t": 4}, 5, None]),
    ),
    max_size=4,
)


@given(lists=st.lists(st.one_of(st.none(), ELEMENTS), max_size=12))
@many
def test_decode_lists_in_batches_equals_lists_decoded_one_by_one(lists: list[Any]) -> None:
    decoder = RecordDecoder([FieldSpec("n", "n", Kind.INTEGER), FieldSpec("t", "t", Kind.TEXT)])
    cells = pa.array([None if items is None else json.dumps(items) for items in lists], pa.large_string())
    (numbers, texts), lengths = decoder.decode_lists(cells)
    elements = [element for items in lists if items is not None for element in items]
    objects = [element if isinstance(element, dict) else {} for element in elements]
    assert lengths.tolist() == [len(items) for items in lists if items is not None]
    expected_numbers = [{"7": 7, 1.5: None}.get(item.get("n"), item.get("n")) for item in objects]
    assert numbers.to_pylist() == expected_numbers
    assert texts.to_pylist() == [item["t"] if isinstance(item.get("t"), str) else None for item in objects]


def test_iter_cell_batches_have_similar_size() -> None:
    cells = pa.array(['["some words"]', None] * 20, pa.large_string())
    batches = list(iter_cell_batches(cells))
    assert [item for batch in batches for item in json.loads(batch)] == [["some words"]] * 20
    assert {len(json.loads(batch)) for batch in batches} == {4}
    assert list(iter_cell_batches(cells.slice(1, 1))) == [b"[]"]
