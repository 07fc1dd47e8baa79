"""Properties of decoding, expansions and round trips over generated JSON of all platforms, with hostile values."""

from __future__ import annotations

import functools
import json
import math
import warnings
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from msgspec import Raw

import ayrframe as ayr
from ayrframe._decode.arrays import ARROW_TYPES
from ayrframe._decode.json import object_decoder
from ayrframe._decode.posts import post_decoder
from ayrframe._frame.extra import UNDECLARED, iter_extra_fields, iter_invalid_values
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Platform
from tests.property.strategies import pages, values

_json_like_text = st.text(st.sampled_from('{}[]":,\\ tfn0123eE+-.NaI\ufeff\n"posts'), max_size=40).map(str.encode)
# 300 examples; `--hypothesis-profile=thorough` tries ten times as many.
many = settings(max_examples=3 * settings().max_examples, deadline=None, suppress_health_check=list(HealthCheck))
MOMENT = "2026-01-01T00:00:00Z"


@functools.cache
def page_of(platform: Platform, *, hostile: bool) -> st.SearchStrategy[list[str]]:
    return pages(platform, hostile=hostile)


@st.composite
def any_page(draw: st.DrawFn, *, hostile: bool = True) -> tuple[str, list[str]]:
    name = draw(st.sampled_from(list(PLATFORMS)))
    return name, draw(page_of(PLATFORMS[name], hostile=hostile))


def read(platform: str, items: list[str]) -> pd.DataFrame:
    body = f'{{"posts":[{",".join(items)}]}}'.encode()
    return ayr.read_json(body, platform=platform, as_of=MOMENT, validate=None)


def parse_time(text: Any) -> datetime | None:
    """Parse a time with the standard library only."""
    for time_format in ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"):
        try:
            return datetime.strptime(text, time_format)  # noqa: DTZ007
        except (TypeError, ValueError):
            continue
    return None


def same_number(original: Any, result: Any) -> bool:
    if isinstance(original, bool) or isinstance(result, bool):
        return original is result
    if isinstance(original, str) and isinstance(result, int):
        return original.lstrip("-").isdecimal() and int(original) == result
    if isinstance(original, int) and isinstance(result, str):
        return result.lstrip("-").isdecimal() and original == int(result)
    if isinstance(original, float) and isinstance(result, (str, type(None))):
        return math.isinf(original) or math.isnan(original)
    if isinstance(original, float) and isinstance(result, int):
        return float(result) == original  # the original digits, where a float would round them
    return bool(original == result)


def same(original: Any, result: Any, *, absent: frozenset[str] = frozenset()) -> bool:
    """Return whether a result equals the original, except for nulls, surrogates and the form of numbers and times."""
    if isinstance(original, dict) and isinstance(result, dict):
        present = {key: value for key, value in original.items() if value is not None or key in result}
        return result.keys() <= present.keys() and all(
            (key in absent and key not in result) or (key in result and same(value, result[key]))
            for key, value in present.items()
        )
    if isinstance(original, list) and isinstance(result, list):
        return len(original) == len(result) and all(map(same, original, result))
    if isinstance(original, str) and isinstance(result, str):
        repaired = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in original)
        return repaired == result or (parse_time(original) is not None and parse_time(original) == parse_time(result))
    return same_number(original, result)


@given(page=any_page())
@many
def test_to_posts_returns_the_original_posts(page: tuple[str, list[str]]) -> None:
    platform, items = page
    aliases = {
        "threads": {"post": "text", "postUrl": "permalink", "created": "timestamp"},
        "instagram": {"post": "caption"},
        "pinterest": {"post": "description"},
    }.get(platform, {})
    original = [json.loads(item) for item in items]
    result = read(platform, items).ayr.to_posts()
    assert len(result) == len(original)
    for post, result_post in zip(original, result, strict=True):
        repeated = frozenset(
            common
            for common, alias in aliases.items()
            if isinstance(post, dict)
            and (post.get(common) == post.get(alias) or same(post.get(common), post.get(alias)))
        )
        assert same(post, result_post, absent=repeated), (post, result_post)


def assert_decoded_as_by_field(platform: Platform, items: list[Raw]) -> None:
    """Compare the decoder with its field-by-field fallback."""
    decoder = post_decoder(platform)
    arrays, unmatched = decoder.decode_items(items)
    by_field = [decoder.decode_by_field(item) for item in items]
    expected, invalid = decoder._build_arrays([record for record, _ in by_field])
    assert invalid is None
    assert unmatched == [rest for _, rest in by_field]
    for column, array, other in zip(sent_by(platform), arrays, expected, strict=True):
        assert array.type == other.type == ARROW_TYPES[column.kind]
        assert array.equals(other) or pa.array(array.to_pylist()).equals(pa.array(other.to_pylist())), column.name


@given(page=any_page())
@many
def test_decode_items_equals_decoding_by_field(page: tuple[str, list[str]]) -> None:
    platform, items = page
    assert_decoded_as_by_field(PLATFORMS[platform], [Raw(item.encode()) for item in items])


@given(page=any_page(hostile=False), data=st.data())
@many
def test_decode_items_with_one_undeclared_field_equals_decoding_by_field(
    page: tuple[str, list[str]], data: st.DataObject
) -> None:
    platform, items = page
    key = data.draw(st.sampled_from(["brandNew", "n\\u00e9w", "n.e", "in_x", "undeclared_", ""]))
    changed = []
    for item in items:
        rest = item.strip().removeprefix("{")
        comma = "" if rest.strip() == "}" else ","
        more = f'{{"{key}":{data.draw(values)}{comma}{rest}'
        changed.append(Raw((more if data.draw(st.booleans()) else item).encode()))
    assert_decoded_as_by_field(PLATFORMS[platform], changed)


def put(item: bytes, path: list[str], value: str) -> bytes:
    """Return a post with a value at a path and all other tokens unchanged."""
    fields = {key: bytes(raw) for key, raw in object_decoder.decode(item).items()}
    key, *below = path
    fields[key] = put(fields.get(key, b"{}"), below, value) if below else value.encode()
    return b"{%b}" % b",".join(b"%b:%b" % (json.dumps(name).encode(), raw) for name, raw in fields.items())


@given(page=any_page(hostile=False), data=st.data())
@many
def test_decode_items_with_a_few_changed_fields_equals_decoding_by_field(
    page: tuple[str, list[str]], data: st.DataObject
) -> None:
    platform, items = page
    declared = [column.path for column in sent_by(PLATFORMS[platform])]
    parents = sorted({path.rpartition(".")[0] for path in declared} - {""})
    undeclared = ["brandNew", *(f"{parent}.brandNew" for parent in parents)]
    paths = data.draw(st.lists(st.sampled_from([*declared, *parents, *parents, *undeclared]), max_size=3))
    changed = [item.encode() for item in items * 2]
    # Values inside an object are put before values that replace the object.
    for path in sorted(paths, key=parents.__contains__):
        changed = [put(raw, path.split("."), data.draw(values)) if data.draw(st.booleans()) else raw for raw in changed]
    assert_decoded_as_by_field(PLATFORMS[platform], [Raw(raw) for raw in changed])


@given(page=any_page())
@many
def test_invalid_values_are_the_declared_fields_of_extra(page: tuple[str, list[str]]) -> None:
    name, items = page
    cells = read(name, items)["extra"].dropna().tolist()
    assert list(iter_invalid_values(PLATFORMS[name], cells)) == [
        (position, path, value)
        for position, extra in enumerate(cells)
        for path, value, reason in iter_extra_fields(PLATFORMS[name], extra)
        if reason != UNDECLARED
    ]


@given(page=any_page(hostile=False))
@many
def test_read_json_conforming_posts_have_no_undeclared_fields(page: tuple[str, list[str]]) -> None:
    platform, items = page
    frame = read(platform, items)
    extra = frame.ayr.expand("extra")
    assert not extra["reason"].eq("undeclared").any()


@given(page=any_page())
@many
def test_read_json_columns_dtypes_and_rows_do_not_depend_on_the_data(page: tuple[str, list[str]]) -> None:
    platform, items = page
    frame, empty = read(platform, items), read(platform, [])
    pd.testing.assert_series_equal(frame.dtypes, empty.dtypes)
    assert frame.index.equals(pd.RangeIndex(len(items)))
    assert frame["as_of"].notna().all()


@given(page=any_page())
@settings(many, max_examples=settings().max_examples)
def test_expand_columns_and_dtypes_do_not_depend_on_the_data(page: tuple[str, list[str]]) -> None:
    platform, items = page
    frame, empty = read(platform, items), read(platform, [])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ayr.DataWarning)
        for name in empty.ayr.expansions()["name"]:
            table = frame.ayr.expand(name)
            pd.testing.assert_series_equal(table.dtypes, empty.ayr.expand(name).dtypes)
            keys = pd.MultiIndex.from_frame(frame[list(ayr.KEY)]).drop_duplicates()
            assert set(map(repr, table[list(ayr.KEY)].itertuples(index=False, name=None))) <= set(map(repr, keys))
        frame.ayr.drift()
        frame.ayr.dictionary()
        assert "<script" not in frame.ayr._repr_html_()


@given(data=st.data())
@many
def test_from_posts_of_several_platforms_keeps_order_and_values(data: st.DataObject) -> None:
    """Posts of several platforms with a `platform` field keep their order and values."""
    chosen = data.draw(st.lists(st.sampled_from(list(PLATFORMS)), min_size=1, max_size=4))
    posts = [{"platform": platform, "id": str(position)} for position, platform in enumerate(chosen)]
    frame = ayr.from_posts(posts, as_of=MOMENT, validate=None)
    assert frame["platform"].tolist() == chosen
    assert frame["id"].tolist() == [post["id"] for post in posts]
    assert frame.ayr.to_posts() == posts


@given(body=st.one_of(st.binary(max_size=60), _json_like_text))
@many
def test_read_json_of_any_bytes_raises_only_response_errors(body: bytes) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ayr.DataWarning)
            frame = ayr.read_json(body, platform="tiktok")
    except ayr.ResponseError:
        return
    assert isinstance(frame, pd.DataFrame)


@given(data=st.data())
@many
def test_read_json_of_a_corrupt_page_raises_or_has_all_columns(data: st.DataObject) -> None:
    """Cut, repeated and flipped bytes of a page never give other columns or an error of another class."""
    posts = b'[{"id":"1","likeCount":3,"tags":["a"]},{"id":"2"}]'
    page = b'{"status":"success","posts":%b,"lastUpdated":"2025-01-01T00:00:00Z"}' % posts
    position = data.draw(st.integers(0, len(page) - 1))
    kind = data.draw(st.sampled_from(["cut", "flip", "double"]))
    damaged = {
        "cut": page[:position],
        "flip": page[:position] + bytes([page[position] ^ (1 << data.draw(st.integers(0, 7)))]) + page[position + 1 :],
        "double": page[:position] + page[position:] * 2,
    }[kind]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ayr.DataWarning)
            frame = ayr.read_json(damaged, platform="tiktok")
    except ayr.ResponseError:
        return
    assert frame.columns.equals(ayr.read_json(b"[]", platform="tiktok").columns)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_page_strategy_exists_for_every_platform(platform: str) -> None:
    assert page_of(PLATFORMS[platform], hostile=True) is not None
