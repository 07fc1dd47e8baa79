"""Lists and objects in JSON cells become rows, independently of other cells."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as some

import ayrframe as ayr
from ayrframe._expansions.cells import element_decoder
from ayrframe._expansions.shapes import unfold_column, unfold_mapping
from ayrframe._expansions.split_lists import split_lists
from ayrframe._platforms import PLATFORMS, child_tables as tables
from ayrframe._platforms.spec import Field, Kind, RowPerKey

TIKTOK = PLATFORMS["tiktok"]
TAGS = next(expansion for expansion in TIKTOK.expansions if expansion.table is tables.TAGS_TABLE)
TAGS_COLUMN = next(column for column in TIKTOK.columns if column.name == TAGS.source)
FIELDS = (
    Field("name", Kind.TEXT),
    Field("n", Kind.INTEGER),
    Field("x", Kind.FLOAT),
    Field("second", Kind.QUOTED_INTEGER),
)

WORDS = some.lists(
    some.sampled_from(['"', "\\", ",", ":", "{", "}", "[", "]", "a", '"name":', '"n":', "日", " "]), max_size=6
).map("".join)
SCALARS = some.one_of(
    WORDS, some.integers(-(2**64), 2**64), some.floats(allow_nan=False, allow_infinity=False), some.none(),
    some.booleans(), some.from_regex(r"-?[0-9]{1,19}", fullmatch=True),
)  # fmt: skip


def cells(*values: Any) -> pa.Array:
    texts = [
        None if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False) for value in values
    ]
    return pa.array(texts, pa.large_string())


def tags(sent: pa.Array) -> list[tuple[str | None, int]]:
    """Return the rows of lists of texts: the text, and the index of its post."""
    rows = unfold_column(TAGS, TAGS_COLUMN, sent, wide=False)
    return list(zip(rows.cells["value"].to_pylist(), rows.post_positions.tolist(), strict=True))


def parsed_tags(sent: pa.Array) -> list[tuple[str | None, int]]:
    """Return the same rows by parsing every list."""
    (texts,), lengths = element_decoder(TAGS_COLUMN.inner).decode_lists(sent)
    posts = np.flatnonzero(sent.is_valid().to_numpy(zero_copy_only=False))
    return list(zip(texts.to_pylist(), np.repeat(posts, lengths).tolist(), strict=True))


def test_unfold_column_returns_texts_in_order() -> None:
    sent = cells(["a", "b c"], [], None, ["日本", "]["])
    assert tags(sent) == [("a", 0), ("b c", 0), ("日本", 3), ("][", 3)]


@pytest.mark.parametrize(
    ("odd", "text"),
    [('"', '"'), ("\\", "\\"), ('","', '","'), (1, None), (None, None), (["a"], None), ({"a": "b"}, None)],
)
def test_unfold_column_odd_element_does_not_change_other_rows(odd: Any, text: str | None) -> None:
    assert tags(cells(["a"], [odd, "b"])) == [("a", 0), (text, 1), ("b", 1)]
    assert tags(cells([odd], ["a"])) == [(text, 0), ("a", 1)]


@pytest.mark.parametrize("cell", ['["]', '["a","]'])
def test_expansion_unclosed_text_in_a_cell_raises(cell: str) -> None:
    posts = ayr.load_sample("tiktok").head(2)
    posts["tags"] = pd.Series(['["a"]', cell], dtype="str")
    with pytest.raises(ayr.ExpansionError, match="tags"):
        posts.ayr.tags()


def test_unfold_column_ignores_white_space_between_texts() -> None:
    assert tags(pa.array(['["a", "b"]', '[ "c" ]'], pa.large_string())) == [("a", 0), ("b", 0), ("c", 1)]


@given(some.lists(some.one_of(some.none(), some.lists(some.one_of(WORDS, SCALARS), max_size=3)), max_size=4))
@settings(max_examples=3 * settings().max_examples, deadline=None)
def test_unfold_column_splits_texts_as_parsing_does(lists: list[Any]) -> None:
    sent = cells(*lists)
    assert tags(sent) == parsed_tags(sent)


ELEMENTS = some.one_of(
    some.fixed_dictionaries({"name": WORDS, "n": some.integers(-9, 99)}),
    some.dictionaries(some.sampled_from(["name", "n", "x", "second", "other"]), SCALARS, max_size=4),
)


@given(some.lists(some.one_of(some.none(), some.lists(ELEMENTS, max_size=3)), max_size=4))
@settings(max_examples=3 * settings().max_examples, deadline=None)
def test_split_lists_returns_the_values_of_parsing(lists: list[Any]) -> None:
    sent = cells(*lists)
    found = split_lists(sent, FIELDS)
    if found is not None:
        arrays, lengths = element_decoder(FIELDS).decode_lists(sent)
        assert found[1].tolist() == lengths.tolist()
        for field, array in zip(FIELDS, arrays, strict=True):
            values = found[0].get(field.path)
            assert array.to_pylist() == (values.to_pylist() if values is not None else [None] * len(array))


def is_split(*values: Any) -> bool:
    return split_lists(cells(*values), FIELDS) is not None


@pytest.mark.parametrize(
    "odd",
    [
        {"name": 'a "quoted" word', "n": 1},
        {"name": "back\\slash", "n": 1},
        {"name": "a", "n": "1"},
        {"name": "a", "n": None},
        {"name": "a", "n": 1.5},
        {"name": "a", "n": True},
        {"name": "a", "n": 2**63},
        {"name": "a", "n": [1]},
        {"name": "a", "n": 1, "more": 1},
        {"name": "a"},
        {"n": 1, "name": "a"},
        {},
        5,
        None,
        "a",
        [],
    ],
)
def test_split_lists_rejects_odd_elements(odd: Any) -> None:
    plain = {"name": "a", "n": 1}
    assert is_split([plain], [plain])
    assert not is_split([plain, odd])
    assert not is_split([plain], [odd])
    assert not is_split([odd, plain])


@pytest.mark.parametrize("value", [2**53, -(2**53), 1e300, "1"])
def test_split_lists_rejects_inexact_numbers(value: Any) -> None:
    assert is_split([{"x": 2**53 - 1}, {"x": -1e3}])
    assert not is_split([{"x": 1}, {"x": value}])


@pytest.mark.parametrize("wide", [False, True])
@given(
    some.lists(
        some.one_of(
            some.fixed_dictionaries({"like": some.integers(-9, 9), "total": some.integers(0, 99)}),
            some.dictionaries(some.sampled_from(["like", "love", "total", 'a"b']), SCALARS, max_size=3),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=2 * settings().max_examples, deadline=None)
def test_unfold_mapping_of_a_post_does_not_depend_on_other_posts(wide: bool, objects: list[dict[str, Any]]) -> None:
    combined = reactions(objects, wide=wide)
    separate = [reactions([mapping], wide=wide) for mapping in objects]
    assert combined == {name: [value for table in separate for value in table[name]] for name in combined}


def test_unfold_mapping_returns_rows_or_columns_per_key() -> None:
    objects: list[dict[str, Any]] = [{"like": 1, "total": 1}, {}, {"love": None, 'a"b': 2, "like": "many"}]
    assert reactions(objects, wide=False) == {
        "reaction": ["like", "love", 'a"b', "like"],
        "label": ["Like", "Love", None, "Like"],
        "count": [1, None, 2, None],
    }
    assert reactions(objects, wide=True) == {
        "like": [1, None, None],
        "love": [None, None, None],
        "total": [1, None, None],
    }


def reactions(objects: list[dict[str, Any]], *, wide: bool) -> dict[str, list[Any]]:
    shape = RowPerKey(labels={"like": "Like", "love": "Love"}, total_key="total")
    rows = unfold_mapping(tables.REACTIONS_TABLE, shape, cells(*objects), np.arange(len(objects)), wide=wide)
    return {name: array.to_pylist() for name, array in rows.cells.items()}


@pytest.mark.parametrize("name", ["videoViewRetention", "engagementLikes"])
def test_expansion_of_a_curve_has_positions_relative_to_its_last_second(name: str) -> None:
    curves: list[list[Any]] = [
        [{"second": "0", "percentage": 1}, {"second": "5", "percentage": 0.5}, {"second": "20", "percentage": 0.25}],
        [{"second": "8", "percentage": 1}, {"percentage": 0.5}, 3, {"second": "2", "percentage": 0.25}],
        [{"second": "7", "percentage": 1}],  # the only moment is the last one, wherever it is in the video
        [{"second": "0", "percentage": 1}, {"second": "0", "percentage": 1}],
        [{"second": "-3", "percentage": 1}, {"second": "0", "percentage": 1}],
        [{"second": "-4", "percentage": 1}, {"second": "8", "percentage": 1}],
        [{"second": "9007199254740993", "percentage": 1}, {"second": "0", "percentage": 1}],  # not exact as a float
        [],
    ]
    sent = [{"id": str(number), name: curve} for number, curve in enumerate(curves)]
    posts = ayr.from_posts(sent, platform="tiktok", as_of="2026-03-01", validate=None)
    table = posts.ayr.expand("video_view_retention" if name == "videoViewRetention" else "engagement_likes")
    assert table.columns[4:].tolist() == ["second", "position", "fraction"]
    assert table["position"].dtype == "float64"
    positions = [rows["position"].fillna(-1).tolist() for _, rows in table.groupby("id", sort=False)]
    assert positions == [[0, 0.25, 1], [1, -1, -1, 0.25], [-1], [-1, -1], [-1, -1], [-1, 1], [1, 0]]
