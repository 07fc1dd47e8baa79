"""A column of times is the times that each text tells alone, and which of them are none."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec import Raw

from ayrframe._decode import arrays
from ayrframe._decode.arrays import ABSENT, UTC_TIME, to_arrow_array
from ayrframe._decode.values import parse_time
from ayrframe._platforms.spec import Kind

USUAL = ["2025-01-06T21:35:08Z", "2024-02-29T23:59:59.999Z", "1000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"]
ODD = [
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
    "2025-01-01T00:00:00",
    "2025-01-01T00:00:00,000Z",
    "2025-01-01T00:00+00:",
    "2025-01-01T00:00:00+00:0",
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


def expected(texts: list[str | None]) -> tuple[list[datetime | None], list[bool]]:
    moments = [None if text is None else parse_time(text) for text in texts]
    return moments, [text is not None and moment is None for text, moment in zip(texts, moments, strict=True)]


def read(texts: list[str | None]) -> tuple[list[datetime | None], list[bool]]:
    times, misfits = to_arrow_array(Kind.TIME, texts)
    assert times.type == UTC_TIME
    moments = [None if moment is None else moment.astimezone(UTC) for moment in times.to_pylist()]
    return moments, [False] * len(texts) if misfits is None else misfits.tolist()


@pytest.mark.parametrize("texts", [USUAL, [*USUAL, None], [None, *USUAL[:1]], USUAL[1:2], [None], []])
def test_times_as_they_are_usually_spelled(texts: list[str | None]) -> None:
    assert read(texts) == expected(texts)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("among", [[], USUAL[:1], USUAL[1:2], USUAL, [None]])
def test_one_odd_time_among_others_is_found(odd: str, among: list[str | None]) -> None:
    texts = [*among, odd, *among]
    assert read(texts) == expected(texts)


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
def test_times_that_are_as_long_together_as_if_they_were_usual_are_told_apart(texts: list[str | None]) -> None:
    assert read(texts) == expected(texts)


WHOLE = some.one_of(some.none(), some.integers(-(2**63), 2**63 - 1))


@given(some.lists(WHOLE, max_size=8))
def test_a_column_of_whole_numbers_is_every_number(numbers: list[int | None]) -> None:
    values, misfits = to_arrow_array(Kind.INTEGER, numbers)
    assert (values.to_pylist(), values.type, misfits) == (numbers, pa.int64(), None)


QUOTED = some.one_of(
    WHOLE,
    some.integers(-(10**18) + 1, 10**18 - 1).map(str),
    some.sampled_from(["", "-", "-0", "007", "+1", " 1", "1 ", "1\n", "1.0", "1e3", "0x1", "many", "\u0663", "9" * 19]),
)


@given(some.lists(QUOTED, max_size=8))
def test_whole_number_accepts_quoted_digits(sent: list[int | str | None]) -> None:
    values, misfits = to_arrow_array(Kind.INTEGER, sent)
    invalid = [isinstance(one, str) and not re.fullmatch("-?[0-9]{1,18}", one) for one in sent]
    assert values.to_pylist() == [
        None if one is None or wrong else int(one) for one, wrong in zip(sent, invalid, strict=True)
    ]
    assert (values.type, misfits is None) == (pa.int64(), not any(invalid))
    assert misfits is None or misfits.tolist() == invalid


TWISTED = some.builds(
    lambda text, place, character: text[: place % len(text)] + character + text[place % len(text) + 1 :],
    some.sampled_from(USUAL),
    some.integers(0, 23),
    some.sampled_from("0123456789-:.TZ+/; é\n"),
)


@given(some.lists(some.one_of(some.none(), some.sampled_from(USUAL), some.sampled_from(ODD), TWISTED), max_size=6))
@settings(max_examples=2000, deadline=None)
def test_a_column_of_times_is_what_each_text_tells_alone(texts: list[str | None]) -> None:
    assert read(texts) == expected(texts)


@given(some.lists(some.from_regex(r"[0-9]{4}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z", fullmatch=True)))
@settings(max_examples=1000, deadline=None)
def test_the_calendar_and_the_clock_are_those_of_each_text_alone(texts: list[str]) -> None:
    assert read([*texts]) == expected([*texts])


CELL = '[{"a":1,"b c":"x y"},[],{},true,null,-0.5e1,"",["é"]]'
OF_TEXTS = '["x, y: {z} [ ]"]'


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\r", "  "])
@pytest.mark.parametrize(
    ("cell", "place"), [(cell, place) for cell in (CELL, OF_TEXTS) for place in range(1, len(cell))]
)
def test_white_space_between_tokens_is_taken_out_wherever_it_stands(cell: str, place: int, space: str) -> None:
    spaced = cell[:place] + space + cell[place:]
    try:
        plain = json.dumps(json.loads(spaced), ensure_ascii=False, separators=(",", ":")).replace("-5.0", "-0.5e1")
    except ValueError:  # Within a token.
        return
    cells, misfits = to_arrow_array(Kind.LIST, [Raw(spaced.encode()), Raw(b'["other words"]'), ABSENT])
    assert (cells.to_pylist(), misfits) == ([plain, '["other words"]', None], None)


def test_words_in_texts_alone_do_not_have_nested_parts_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(arrays, "compact_json")
    cells, _ = to_arrow_array(Kind.LIST, [Raw(b'[{"impressionSource":"For You","percentage":12.5}]'), Raw(b'["a b"]')])
    assert cells.to_pylist() == ['[{"impressionSource":"For You","percentage":12.5}]', '["a b"]']
