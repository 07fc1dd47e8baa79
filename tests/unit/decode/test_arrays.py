"""Arrays of times, integers and nested values hold what each value gives alone, with a mask of the invalid ones."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import product

import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st
from msgspec import Raw

from ayrframe._decode import arrays
from ayrframe._decode.arrays import ABSENT, UTC_TIME, to_arrow_array
from ayrframe._decode.values import parse_time
from ayrframe._platforms.spec import Kind

VALID_TIMES = ["2025-01-06T21:35:08Z", "2024-02-29T23:59:59.999Z", "1000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"]
INVALID_TIMES = [
    "2023-02-29T00:00:00Z",
    "2025-13-01T00:00:00Z",
    "2025-00-01T00:00:00Z",
    "2025-01-00T00:00:00Z",
    "2025-01-32T00:00:00.000Z",
    "2025-01-01T24:00:00Z",
    "2025-01-01T23:60:00Z",
    "2025-01-01T23:59:60Z",
    "0000-01-01T00:00:00Z",
    "0999-01-01T00:00:00Z",
    "2025-01-01 00:00:00Z",
    "2025-01-01T00:00:00z",
    "2025-01-01T00:00:00+",
    "2025-01-01T00:00Z",
    "2025-01-01",
    "2025-01-01T00:00:00.1234567Z",
    "2025-01-01T00:00:00.123456789+02:00",
    "2025-01-01T00:00:00.1234567891Z",
    "2025-01-01T00:00:00",
    "2025-01-01T00:00:00,000Z",
    "2025-01-01T00:00+00:",
    "2025-01-01T00:00:00+00:0",
    "2025-01-01T00:00:00+05:60",
    "2025-01-01T00:00:00+24:00",
    "2025-1--01T00:00:00Z",
    "2025-01-01T00:0a:00Z",
    "2025-01-01T00:00:00.0é",
    "",
    "2025-01-06T21:35:08Z\n2025-01-06T21:35:08Z",
    "2025-01-06T21:35:08Zx2025-01-06T21:35:08Z",
    "2025-01-06T21:35:08Z\n",
    "025-01-06T21:35:08Z",
    "2025-01-06T21:35:08",
    "x" * 20,
    "x" * 24,
]


def parse_each(texts: list[str | None]) -> tuple[list[datetime | None], list[bool]]:
    times = [None if text is None else parse_time(text) for text in texts]
    return times, [text is not None and time is None for text, time in zip(texts, times, strict=True)]


def convert_times(texts: list[str | None]) -> tuple[list[datetime | None], list[bool]]:
    array, mask = to_arrow_array(Kind.TIME, texts)
    assert array.type == UTC_TIME
    times = [None if time is None else time.astimezone(UTC) for time in array.to_pylist()]
    return times, [False] * len(texts) if mask is None else mask.tolist()


@pytest.mark.parametrize(
    "texts", [VALID_TIMES, [*VALID_TIMES, None], [None, *VALID_TIMES[:1]], VALID_TIMES[1:2], [None], []]
)
def test_to_arrow_array_valid_times_are_parsed(texts: list[str | None]) -> None:
    assert convert_times(texts) == parse_each(texts)


@pytest.mark.parametrize("texts", [VALID_TIMES[:2], [None, *VALID_TIMES[:2]], VALID_TIMES[1:2]])
def test_usual_times_are_parsed_without_the_regular_expression(
    texts: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrays, "_TIME_REGEX", "(")
    assert convert_times(texts)[1] == [False] * len(texts)


@pytest.mark.parametrize("invalid", INVALID_TIMES)
@pytest.mark.parametrize("others", [[], VALID_TIMES[:1], VALID_TIMES[1:2], VALID_TIMES, [None]])
def test_to_arrow_array_one_invalid_time_is_masked(invalid: str, others: list[str | None]) -> None:
    texts = [*others, invalid, *others]
    assert convert_times(texts) == parse_each(texts)


@pytest.mark.parametrize(
    "texts",
    [
        ["2025-01-06T21:35:08Z", "2025-01-06T21:35:08Zx2025-01-06T21:35:08Z", ""],
        ["2025-01-06T21:35:08Z", "2025-01-06T21:35:08Z2", "025-01-06T21:35:08Z"],
        ["2025-01-06T21:35:08Z", "2025-01-06T21:35:08", "Z2025-01-06T21:35:08Z"],
        ["2025-01-06T21:35:08Z", "2025-01-06T21:35:08Z\n2025-01-06T21:35:08Z", None],
        ["2025-01-06T21:35:08Z", None, "2025-01-06T21:35:08Z"],
    ],
)
def test_to_arrow_array_times_of_usual_total_length_are_checked_one_by_one(texts: list[str | None]) -> None:
    assert convert_times(texts) == parse_each(texts)


@pytest.mark.parametrize("kind", [Kind.QUOTED_INTEGER, Kind.TIME, Kind.INTEGER, Kind.TEXT])
@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_to_arrow_array_without_values_has_no_invalid_ones(kind: Kind, values: list[None]) -> None:
    array, mask = to_arrow_array(kind, values)
    assert (array.to_pylist(), mask) == (values, None)


INTEGERS = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))


@given(st.lists(INTEGERS, max_size=8))
def test_to_arrow_array_integers_are_unchanged(numbers: list[int | None]) -> None:
    values, mask = to_arrow_array(Kind.INTEGER, numbers)
    assert (values.to_pylist(), values.type, mask) == (numbers, pa.int64(), None)


INTEGERS_OR_STRINGS = st.one_of(
    INTEGERS,
    st.integers(-(10**18) + 1, 10**18 - 1).map(str),
    st.sampled_from(["", "-", "-0", "007", "+1", " 1", "1 ", "1\n", "1.0", "1e3", "0x1", "many", "\u0663", "9" * 19]),
)


@given(st.lists(INTEGERS_OR_STRINGS, max_size=8))
def test_to_arrow_array_integers_accept_quoted_digits(values: list[int | str | None]) -> None:
    array, mask = to_arrow_array(Kind.INTEGER, values)
    invalid = [isinstance(value, str) and not re.fullmatch("-?[0-9]{1,18}", value) for value in values]
    assert array.to_pylist() == [
        None if value is None or wrong else int(value) for value, wrong in zip(values, invalid, strict=True)
    ]
    assert (array.type, mask is None) == (pa.int64(), not any(invalid))
    assert mask is None or mask.tolist() == invalid


CHANGED_TIMES = st.builds(
    lambda text, index, character: text[: index % len(text)] + character + text[index % len(text) + 1 :],
    st.sampled_from(VALID_TIMES),
    st.integers(0, 23),
    st.sampled_from("0123456789-:.TZ+/; é\n"),
)


@given(
    st.lists(
        st.one_of(st.none(), st.sampled_from(VALID_TIMES), st.sampled_from(INVALID_TIMES), CHANGED_TIMES), max_size=6
    )
)
@settings(max_examples=5 * settings().max_examples, deadline=None)
def test_to_arrow_array_times_equal_those_parsed_one_by_one(texts: list[str | None]) -> None:
    assert convert_times(texts) == parse_each(texts)


@given(st.lists(st.from_regex(r"[0-9]{4}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z", fullmatch=True)))
@settings(max_examples=3 * settings().max_examples, deadline=None)
def test_to_arrow_array_dates_and_clock_times_are_checked_like_single_ones(texts: list[str]) -> None:
    assert convert_times([*texts]) == parse_each([*texts])


DATES = ["2026-01-02", "0000-01-01", "0999-12-31", "9999-12-31", "2026-02-30", "26-01-02"]
CLOCKS = ["03:04:05", "03:04", "03", "03:04:05.1", "03:04:05.", "03:04:05.1234567", "24:00:00", "3:04:05", ""]
OFFSETS = ["Z", "z", "", "+00:00", "-0000", "+00", "-00", "-23:59", "+24:00", "+23:60", "+1:00"]


@pytest.mark.parametrize("separator", ["T", " ", "t", ""])
def test_to_arrow_array_times_in_other_iso_8601_forms_are_invalid(separator: str) -> None:
    for date, clock, offset in product(DATES, CLOCKS, OFFSETS):
        texts = ["2026-01-02T03:04:05Z", None, f"{date}{separator}{clock}{offset}"]
        assert convert_times(texts) == parse_each(texts)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("[0.00005]", "[5e-05]"),
        ("[0.0000125,1]", "[1.25e-05,1]"),
        ("[5e-7]", "[5e-07]"),
        ("[1.5e-9,2]", "[1.5e-09,2]"),
        ("[0.0005]", "[0.0005]"),
    ],
)
def test_to_arrow_array_small_numbers_are_written_as_python_does(cell: str, expected: str) -> None:
    cells, mask = to_arrow_array(Kind.LIST, [Raw(cell.encode()), ABSENT])
    assert (cells.to_pylist(), mask) == ([expected, None], None)


CELL = '[{"a":1,"b c":"x y"},[],{},true,null,-5.0,"",["é"]]'
STRING_CELL = '["x, y: {z} [ ]"]'


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\r", "  "])
@pytest.mark.parametrize(
    ("cell", "index"), [(cell, index) for cell in (CELL, STRING_CELL) for index in range(1, len(cell))]
)
def test_to_arrow_array_lists_have_no_white_space_between_tokens(cell: str, index: int, space: str) -> None:
    spaced = cell[:index] + space + cell[index:]
    try:
        plain = json.dumps(json.loads(spaced), ensure_ascii=False, separators=(",", ":"))
    except ValueError:  # The space is inside a token.
        return
    cells, mask = to_arrow_array(Kind.LIST, [Raw(spaced.encode()), Raw(b'["other text"]'), ABSENT])
    assert (cells.to_pylist(), mask) == ([plain, '["other text"]', None], None)


def test_to_arrow_array_lists_with_spaces_only_in_strings_are_not_reformatted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(arrays, "compact_json")
    cells, _ = to_arrow_array(Kind.LIST, [Raw(b'[{"impressionSource":"For You","percentage":12.5}]'), Raw(b'["a b"]')])
    assert cells.to_pylist() == ['[{"impressionSource":"For You","percentage":12.5}]', '["a b"]']
