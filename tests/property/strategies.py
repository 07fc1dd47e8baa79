"""Hypothesis strategies for the JSON text of posts of any platform: conforming, unusual and hostile."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from ayrframe._platforms.columns import COMMON_API_COLUMNS
from ayrframe._platforms.spec import Column, Field, Kind, Platform

_spaces = st.sampled_from(["", "", "", " ", "\n", "\t "])
_chars = st.characters(codec="utf-8", exclude_characters="")
_plain = st.text(st.sampled_from('abc é€😀"\\/\n\u2028<>&$=[]{}:,'), max_size=8)


def _quoted(text: str, *, escape: bool) -> str:
    return json.dumps(text, ensure_ascii=escape)


texts = st.builds(
    lambda text, escape: _quoted(text, escape=escape), st.one_of(_plain, st.text(_chars, max_size=6)), st.booleans()
)
surrogates = st.sampled_from(
    ['"\\ud800"', '"a\\udfffb"', '"\\\\ud800"', '"\\ud83d\\ude00"', '"\\ud83dx"', '"\\ude00\\ud83d"']
)
wholes = st.one_of(
    st.integers(-3, 10**6).map(str),
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from(
        ["0", "-0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "9007199254740993"]
    ),
)
numbers = st.one_of(
    wholes,
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(
        ["3.0", "3.5", "1e2", "1E+2", "100e-2", "-0.0", "1e400", "-1e400", "1e-400", "9007199254740993.0", "0.1e1"]
    ),
)
words = st.sampled_from(["true", "false", "null"])
digits = st.sampled_from(
    ['"179"', '"-3"', '"007"', '"1e3"', '" 7 "', '"3.0"', '""', '"9223372036854775807"', '"999999999999999999"']
)
_valid_times = st.sampled_from(
    ["2025-01-06T21:35:08.951Z", "2024-02-29T23:59:59Z", "2025-01-06T21:35:08+0000", "2025-01-06T21:35:08.123456-05:30"]
)
_invalid_times = st.sampled_from(
    [
        "now", "today", "2022", "20220520", "2022-05-20", "2022-05-20T20:07:53", "2022-05-20T20:07:53 Z",
        "2022-05-20 20:07:53Z", "2022-13-01T00:00:00Z", "2023-02-29T00:00:00Z", "2022-05-20T24:00:00Z",
        "2022-05-20T23:59:60Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+05:30", "9999-12-31T23:59:59-01:00",
        "2022-05-20T20:07:53.1234567Z", "2022-05-20T20:07:53+24:00", "2022-05-20T20:07:53+05:60",
        "99999-01-01T00:00:00Z",
    ]
)  # fmt: skip
times = _valid_times.map(json.dumps)
invalid_times = _invalid_times.map(json.dumps)
scalars = st.one_of(texts, numbers, words, digits, times, invalid_times)


def _object(members: list[tuple[str, str]], space: str) -> str:
    return (
        "{"
        + space
        + f",{space}".join(f"{json.dumps(key)}{space}:{space}{value}" for key, value in members)
        + space
        + "}"
    )


def _list(items: list[str], space: str) -> str:
    return "[" + space + f"{space},{space}".join(items) + space + "]"


_keys = st.sampled_from(["a", "b", "like", "total", "id", "likeCount", "a.b", "publicMetrics.likeCount", "é", ""])
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.builds(_list, st.lists(inner, max_size=3), _spaces),
        st.builds(_object, st.lists(st.tuples(_keys, inner), max_size=3), _spaces),
    ),
    max_leaves=6,
)

_VALID = {
    Kind.ID: st.one_of(texts, wholes),
    Kind.TEXT: texts,
    Kind.INTEGER: wholes,
    Kind.QUOTED_INTEGER: digits,
    Kind.FLOAT: numbers,
    Kind.BOOLEAN: words,
    Kind.TIME: times,
}


def _inner(fields: tuple[Field, ...], *, hostile: bool) -> st.SearchStrategy[str]:
    """Return elements of a nested column; with `hostile`, some are not as declared."""
    if not fields or fields[0].path == "":
        return st.one_of(texts, scalars) if hostile else texts
    return objects([(field.path, _value(field, hostile=hostile)) for field in fields], hostile=hostile)


def _value(declared: Column | Field, *, hostile: bool) -> st.SearchStrategy[str]:
    if declared.kind is Kind.LIST:
        valid = st.builds(_list, st.lists(_inner(declared.inner, hostile=hostile), max_size=3), _spaces)
    elif declared.kind is Kind.MAPPING:
        valid = _inner(declared.inner, hostile=hostile) if declared.inner else st.just('{"a":1}')
    else:
        valid = _VALID[declared.kind]
    return st.one_of(valid, valid, valid, values, surrogates) if hostile else valid


def objects(members: list[tuple[str, st.SearchStrategy[str]]], *, hostile: bool) -> st.SearchStrategy[str]:
    """Return objects with some of these members, given by dotted path; with `hostile`, also with others."""

    @st.composite
    def build(draw: st.DrawFn) -> str:
        chosen = draw(st.lists(st.sampled_from(members), max_size=8, unique_by=lambda member: member[0]))
        tree: dict[str, object] = {}
        for path, value in chosen:
            *parents, key = path.split(".")
            inside = tree
            for parent in parents:
                inside = inside.setdefault(parent, {})  # type: ignore[assignment]
                if not isinstance(inside, dict):
                    break
            else:
                inside[key] = draw(value)
        if hostile:
            for key, value in draw(st.lists(st.tuples(_keys, values), max_size=2)):
                tree.setdefault(key, value)
            for key in [key for key, value in tree.items() if isinstance(value, dict)]:
                if draw(st.integers(0, 4)) == 0:
                    tree[key] = draw(st.one_of(st.just("{}"), values))
        return _to_json(tree, draw(_spaces))

    return build()


def _to_json(tree: dict[str, object], space: str) -> str:
    members = [(key, _to_json(value, space) if isinstance(value, dict) else str(value)) for key, value in tree.items()]
    return _object(members, space)


def items(platform: Platform, *, hostile: bool = True) -> st.SearchStrategy[str]:
    """Return an item of `posts` as JSON text."""
    declared = [(column.path, _value(column, hostile=hostile)) for column in (*COMMON_API_COLUMNS, *platform.columns)]
    post = objects(declared, hostile=hostile)
    return st.one_of(post, post, post, post, values) if hostile else post


def pages(platform: Platform, *, hostile: bool = True) -> st.SearchStrategy[list[str]]:
    """Return the items of a page."""
    return st.lists(items(platform, hostile=hostile), max_size=4)
