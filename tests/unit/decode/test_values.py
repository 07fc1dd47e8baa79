"""Conversion of one JSON value: what it returns, and that it takes no time for numbers with long exponents."""

from __future__ import annotations

import pytest
from msgspec import Raw

from ayrframe._decode.values import INVALID, convert, parse_time
from ayrframe._platforms.spec import Kind


@pytest.mark.parametrize(
    "text", ["2026-01-02T03:04:05+05:60", "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05-99:99"]
)
def test_parse_time_of_an_offset_that_does_not_exist_is_none(text: str) -> None:
    assert parse_time(text) is None


def test_parse_time_of_the_largest_offset_is_converted_to_utc() -> None:
    assert str(parse_time("2026-01-02T00:00:00+23:59")) == "2026-01-01 00:01:00+00:00"


@pytest.mark.parametrize("token", ["1e99999999", "-1.5e99999999", "123456789e999999999", "1e20", "1.5", "1e-1"])
def test_convert_integer_beyond_64_bits_or_with_a_fraction_is_invalid(token: str) -> None:
    assert convert(Kind.INTEGER, Raw(token.encode())) is INVALID


@pytest.mark.parametrize(
    ("token", "number"),
    [("9223372036854775807", 2**63 - 1), ("1e18", 10**18), ("1.50e1", 15), ("100e-2", 1), ("0e99999999", 0)],
)
def test_convert_integer_written_in_any_way_is_exact(token: str, number: int) -> None:
    assert convert(Kind.INTEGER, Raw(token.encode())) == number
