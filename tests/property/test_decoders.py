"""Properties of the two doors over generated JSON of all ten platforms, hostile values included."""

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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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

_odd_text = st.text(st.sampled_from('{}[]":,\\ tfn0123eE+-.NaI\ufeff\n"posts'), max_size=40).map(str.encode)
many = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
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
    """Read a time as the contract writes it, by other means than the library."""
    for time_format in ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"):
        try:
            return datetime.strptime(text, time_format)  # noqa: DTZ007
        except (TypeError, ValueError):
            continue
    return None


def same_number(sent: Any, back: Any) -> bool:
    if isinstance(sent, bool) or isinstance(back, bool):
        return sent is back
    if isinstance(sent, str) and isinstance(back, int):
        return sent.lstrip("-").isdecimal() and int(sent) == back
    if isinstance(sent, int) and isinstance(back, str):
        return back.lstrip("-").isdecimal() and sent == int(back)
    if isinstance(sent, float) and isinstance(back, str):
        return math.isinf(sent) or math.isnan(sent)
    if isinstance(sent, float) and isinstance(back, int):
        return float(back) == sent  # the digits that were sent, where a float would round them
    return bool(sent == back)


def same(sent: Any, back: Any, *, absent: frozenset[str] = frozenset()) -> bool:
    """Tell whether what came back is what was sent, but for the differences that contract .3 allows."""
    if isinstance(sent, dict) and isinstance(back, dict):
        kept = {key: value for key, value in sent.items() if value is not None or key in back}
        return back.keys() <= kept.keys() and all(
            (key in absent and key not in back) or (key in back and same(value, back[key]))
            for key, value in kept.items()
        )
    if isinstance(sent, list) and isinstance(back, list):
        return len(sent) == len(back) and all(map(same, sent, back))
    if isinstance(sent, str) and isinstance(back, str):
        mended = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in sent)
        return mended == back or (parse_time(sent) is not None and parse_time(sent) == parse_time(back))
    return same_number(sent, back)


@given(page=any_page())
@many
def test_posts_come_back_as_they_were_sent(page: tuple[str, list[str]]) -> None:
    platform, items = page
    aliases = {"post": "text", "postUrl": "permalink", "created": "timestamp"} if platform == "threads" else {}
    sent = [json.loads(item) for item in items]
    back = read(platform, items).ayr.to_posts()
    assert len(back) == len(sent)
    for one, other in zip(sent, back, strict=True):
        repeated = frozenset(
            common
            for common, alias in aliases.items()
            if isinstance(one, dict) and same(one.get(common), one.get(alias))
        )
        assert same(one, other, absent=repeated), (one, other)


def assert_read_as_with_care(platform: Platform, items: list[Raw]) -> None:
    """Hold whatever door the items take against the by_field one alone."""
    decoder = post_decoder(platform)
    arrays, unmatched = decoder.decode_items(items)
    by_field = [decoder.decode_by_field(item) for item in items]
    expected, bad = decoder._build_arrays([record for record, _ in by_field])
    assert bad is None
    assert unmatched == [rest for _, rest in by_field]
    for column, one, other in zip(sent_by(platform), arrays, expected, strict=True):
        assert one.type == other.type == ARROW_TYPES[column.kind]
        assert one.equals(other) or pa.array(one.to_pylist()).equals(pa.array(other.to_pylist())), column.name


@given(page=any_page())
@many
def test_the_strict_door_gives_what_the_careful_door_gives(page: tuple[str, list[str]]) -> None:
    platform, items = page
    assert_read_as_with_care(PLATFORMS[platform], [Raw(item.encode()) for item in items])


@given(page=any_page(hostile=False), data=st.data())
@many
def test_one_field_that_nobody_declared_is_left_over_as_by_the_careful_door(
    page: tuple[str, list[str]], data: st.DataObject
) -> None:
    platform, items = page
    key = data.draw(st.sampled_from(["brandNew", "n\\u00e9w", "n.e", "in_x", "undeclared_", ""]))
    raws = []
    for item in items:
        rest = item.strip().removeprefix("{")
        comma = "" if rest.strip() == "}" else ","
        more = f'{{"{key}":{data.draw(values)}{comma}{rest}'
        raws.append(Raw((more if data.draw(st.booleans()) else item).encode()))
    assert_read_as_with_care(PLATFORMS[platform], raws)


def put(item: bytes, path: list[str], value: str) -> bytes:
    """Return a post with a value at a path, and every other token as it was."""
    fields = {key: bytes(raw) for key, raw in object_decoder.decode(item).items()}
    key, *below = path
    fields[key] = put(fields.get(key, b"{}"), below, value) if below else value.encode()
    return b"{%b}" % b",".join(b"%b:%b" % (json.dumps(one).encode(), raw) for one, raw in fields.items())


@given(page=any_page(hostile=False), data=st.data())
@many
def test_a_few_fields_that_are_not_as_declared_are_sorted_out_as_by_the_careful_door(
    page: tuple[str, list[str]], data: st.DataObject
) -> None:
    platform, items = page
    declared = [column.path for column in sent_by(PLATFORMS[platform])]
    parents = sorted({path.rpartition(".")[0] for path in declared} - {""})
    undeclared = ["brandNew", *(f"{parent}.brandNew" for parent in parents)]
    paths = data.draw(st.lists(st.sampled_from([*declared, *parents, *parents, *undeclared]), max_size=3))
    raws = [item.encode() for item in items * 2]
    # What stands in an object comes before what stands for the whole of it.
    for path in sorted(paths, key=parents.__contains__):
        raws = [put(raw, path.split("."), data.draw(values)) if data.draw(st.booleans()) else raw for raw in raws]
    assert_read_as_with_care(PLATFORMS[platform], [Raw(raw) for raw in raws])


@given(page=any_page())
@many
def test_invalid_values_are_what_is_left_over_and_declared(page: tuple[str, list[str]]) -> None:
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
def test_conforming_posts_leave_nothing_over_unless_a_number_or_time_is_odd(page: tuple[str, list[str]]) -> None:
    platform, items = page
    frame = read(platform, items)
    leftovers = frame.ayr.expand("extra")
    assert not leftovers["reason"].eq("undeclared").any()


@given(page=any_page())
@many
def test_columns_dtypes_and_rows_never_depend_on_the_data(page: tuple[str, list[str]]) -> None:
    platform, items = page
    frame, empty = read(platform, items), read(platform, [])
    pd.testing.assert_series_equal(frame.dtypes, empty.dtypes)
    assert frame.index.equals(pd.RangeIndex(len(items)))
    assert frame["as_of"].notna().all()


@given(page=any_page())
@many
def test_every_expansion_has_its_columns_whatever_the_posts_hold(page: tuple[str, list[str]]) -> None:
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
def test_all_platforms_in_one_frame_keep_each_row(data: st.DataObject) -> None:
    """Posts of several platforms, told apart by their `platform` field, keep their order and their values."""
    chosen = data.draw(st.lists(st.sampled_from(list(PLATFORMS)), min_size=1, max_size=4))
    posts = [{"platform": platform, "id": str(position)} for position, platform in enumerate(chosen)]
    frame = ayr.from_posts(posts, as_of=MOMENT, validate=None)
    assert frame["platform"].tolist() == chosen
    assert frame["id"].tolist() == [post["id"] for post in posts]
    assert frame.ayr.to_posts() == posts


@given(
    body=st.one_of(
        st.binary(max_size=60),
        st.text(st.sampled_from('{}[]":,\\ tfn0123eE+-.NaI\ufeff\n"posts'), max_size=40).map(str.encode),
    )
)
@many
def test_no_bytes_make_a_foreign_error(body: bytes) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ayr.DataWarning)
            frame = ayr.read_json(body, platform="tiktok")
    except ayr.ResponseError:
        return
    assert isinstance(frame, pd.DataFrame)


@given(data=st.data())
@many
def test_a_damaged_page_is_a_clear_error_or_whole_rows(data: st.DataObject) -> None:
    """Cut, doubled and flipped bytes of a real page never give a wrong number of columns or a foreign error."""
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
def test_the_property_pages_reach_every_platform(platform: str) -> None:
    assert page_of(PLATFORMS[platform], hostile=True) is not None
