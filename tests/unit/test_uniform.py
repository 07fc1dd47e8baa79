"""Lists that are written alike are cut; whatever is not, is read value by value, with the same result."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ayrframe import _uniform as uniform
from ayrframe import tables
from ayrframe._cells import form_of
from ayrframe._keyed import by_key
from ayrframe.spec import EachKey, Field, Kind

FIELDS = (Field("name", Kind.TEXT), Field("n", Kind.WHOLE), Field("x", Kind.NUMBER), Field("second", Kind.QUOTED))
ITSELF = (Field("", Kind.TEXT),)


def cells(*values: Any) -> pa.Array:
    texts = [None if one is None else json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in values]
    return pa.array(texts, pa.large_string())


def cut(*values: Any) -> tuple[dict[str, list[Any]], list[int]] | None:
    found = uniform.objects(cells(*values), FIELDS)
    return found and ({path: array.to_pylist() for path, array in found[0].items()}, found[1].tolist())


def test_lists_that_are_written_alike_are_cut() -> None:
    a, b = {"name": "a }, {", "n": 1, "x": 0.5, "second": "7"}, {"name": "日本", "n": -2, "x": 3, "second": "0"}
    assert cut([a, b], None, [], [b]) == (
        {"name": ["a }, {", "日本", "日本"], "n": [1, -2, -2], "x": [0.5, 3.0, 3.0], "second": [7, 0, 0]},
        [2, 0, 1],
    )


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
def test_an_element_that_is_written_otherwise_leaves_all_to_the_doors(odd: Any) -> None:
    plain = {"name": "a", "n": 1}
    assert cut([plain], [plain]) is not None
    assert cut([plain, odd]) is None
    assert cut([plain], [odd]) is None
    assert cut([odd, plain]) is None


@pytest.mark.parametrize("value", [2**53, -(2**53), 1e300, "1"])
def test_numbers_that_a_float_may_not_hold_exactly_are_left_to_the_doors(value: Any) -> None:
    assert cut([{"x": 2**53 - 1}, {"x": -1e3}]) is not None
    assert cut([{"x": 1}, {"x": value}]) is None


def test_texts_are_cut() -> None:
    values, lengths = uniform.texts(cells(["a", "b c"], [], None, ["日本", "]["])) or (None, None)
    assert values is not None
    assert lengths is not None
    assert values.to_pylist() == ["a", "b c", "日本", "]["]
    assert lengths.tolist() == [2, 0, 2]


@pytest.mark.parametrize("odd", [['"'], ["\\"], [1], [None], [["a"]], [{"a": "b"}]])
def test_texts_that_are_none_are_left_to_the_doors(odd: Any) -> None:
    assert uniform.texts(cells(["a"], odd)) is None
    assert uniform.texts(cells(odd, ["a"])) is None


WORDS = some.lists(
    some.sampled_from(['"', "\\", ",", ":", "{", "}", "[", "]", "a", '"name":', '"n":', "日", " "]), max_size=6
).map("".join)
SCALARS = some.one_of(
    WORDS, some.integers(-(2**64), 2**64), some.floats(allow_nan=False, allow_infinity=False), some.none(),
    some.booleans(), some.from_regex(r"-?[0-9]{1,19}", fullmatch=True),
)  # fmt: skip
ELEMENTS = some.one_of(
    some.fixed_dictionaries({"name": WORDS, "n": some.integers(-9, 99)}),
    some.dictionaries(some.sampled_from(["name", "n", "x", "second", "other"]), SCALARS, max_size=4),
)


@given(some.lists(some.one_of(some.none(), some.lists(ELEMENTS, max_size=3)), max_size=4))
@settings(max_examples=1000, deadline=None)
def test_what_is_cut_is_what_the_doors_read(lists: list[Any]) -> None:
    sent = cells(*lists)
    found = uniform.objects(sent, FIELDS)
    if found is not None:
        arrays, lengths = form_of(FIELDS).read_lists(sent)
        assert found[1].tolist() == lengths.tolist()
        for field, array in zip(FIELDS, arrays, strict=True):
            values = found[0].get(field.path)
            assert array.to_pylist() == (values.to_pylist() if values is not None else [None] * len(array))


@given(some.lists(some.lists(some.one_of(WORDS, SCALARS), max_size=3), max_size=4))
@settings(max_examples=1000, deadline=None)
def test_what_is_cut_of_texts_is_what_the_doors_read(lists: list[Any]) -> None:
    sent = cells(*lists)
    found = uniform.texts(sent)
    if found is not None:
        (array,), lengths = form_of(ITSELF).read_lists(sent)
        assert (found[0].to_pylist(), found[1].tolist()) == (array.to_pylist(), lengths.tolist())


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
@settings(max_examples=500, deadline=None)
def test_reactions_of_a_post_do_not_depend_on_other_posts(wide: bool, objects: list[dict[str, Any]]) -> None:
    together = reactions(objects, wide=wide)
    alone = [reactions([one], wide=wide) for one in objects]
    assert together == {name: [value for table in alone for value in table[name]] for name in together}


def test_reactions_have_a_row_for_each_key_or_a_column_for_each_declared_one() -> None:
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
    shape = EachKey(labels={"like": "Like", "love": "Love"}, total="total")
    part = by_key(tables.REACTIONS, shape, cells(*objects), np.arange(len(objects)), wide=wide)
    return {name: array.to_pylist() for name, array in part.cells.items()}
