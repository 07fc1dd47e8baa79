"""Convert one JSON value to the kind of its column, or find that it is invalid.

This is the fallback for values that strict decoding rejects, written independently of it, so that tests can compare the
two.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import msgspec

from ayrframe._platforms.spec import Kind

ConvertedValue = str | int | float | bool | msgspec.Raw | None


class Invalid:
    """Type of `INVALID`, which `convert` returns for a value that is not of the declared kind."""


INVALID: Final = Invalid()

_TIME_PARTS = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z|([+-])([0-9]{2}):?([0-9]{2}))"
)
_QUOTED_DIGITS = re.compile(r"-?[0-9]{1,18}")
_INTEGER_TOKEN = re.compile(rb"-?[0-9]+")
_DECIMAL_TOKEN = re.compile(rb"(-?[0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_NUMBER_TOKEN = re.compile(rb"-?[0-9].*", re.DOTALL)
_INT64_RANGE = range(-(2**63), 2**63)
_MAX_INT64_DIGITS = 20
_LAST_HOUR, _LAST_MINUTE = 23, 59

_text_decoder = msgspec.json.Decoder(str)


def convert(kind: Kind, raw: msgspec.Raw) -> ConvertedValue | Invalid:
    """Convert a JSON value to a kind; return None for null and `INVALID` for a value of another kind."""
    token = bytes(raw).strip()
    return None if token == b"null" else _CONVERTERS[kind](token)


def parse_time(text: str) -> datetime | None:
    """Parse an ISO 8601 date and time with offset, as Ayrshare writes them, to UTC; None if it is not one."""
    match = _TIME_PARTS.fullmatch(text)
    if not match:
        return None
    *parts, fraction, sign, hours, minutes = match.groups()
    if sign and (int(minutes) > _LAST_MINUTE or int(hours) > _LAST_HOUR):
        return None
    try:
        zone = UTC if sign is None else timezone(timedelta(hours=int(hours), minutes=int(minutes)) * int(f"{sign}1"))
        return datetime(*map(int, parts), int((fraction or "0")[:6].ljust(6, "0")), tzinfo=zone).astimezone(UTC)  # type: ignore[misc, arg-type]
    except (ValueError, OverflowError):
        return None


def parse_integer(text: str) -> int | None:
    """Parse a string of at most 18 digits; None if it is anything else."""
    return int(text) if _QUOTED_DIGITS.fullmatch(text) else None


def _convert_text(token: bytes) -> ConvertedValue | Invalid:
    return _text_decoder.decode(token) if token[:1] == b'"' else INVALID


def _convert_id(token: bytes) -> ConvertedValue | Invalid:
    return token.decode() if _INTEGER_TOKEN.fullmatch(token) else _convert_text(token)


def _convert_integer(token: bytes) -> ConvertedValue | Invalid:
    if token[:1] == b'"':
        number = parse_integer(_text_decoder.decode(token))
        return INVALID if number is None else number
    match = _DECIMAL_TOKEN.fullmatch(token)
    if not match:
        return INVALID
    # Exact arithmetic on the digits: a float would round integers above 2 ** 53.
    before, after = match[1], (match[2] or b"").rstrip(b"0")
    power = int(match[3] or 0) - len(after)
    digits = (before + after).rstrip(b"0") if power < 0 else before + after
    power += len(before + after) - len(digits)
    if not digits.strip(b"-0"):
        return 0
    if power < 0 or len(digits) + power > _MAX_INT64_DIGITS:
        return INVALID
    value = int(digits) * 10**power
    return value if value in _INT64_RANGE else INVALID


def _convert_quoted_integer(token: bytes) -> ConvertedValue | Invalid:
    value = _convert_integer(token)
    return value if isinstance(value, Invalid) else str(value)


def _convert_float(token: bytes) -> ConvertedValue | Invalid:
    if not _NUMBER_TOKEN.fullmatch(token):
        return INVALID
    value = float(token)
    if not math.isfinite(value) or (_INTEGER_TOKEN.fullmatch(token) and int(value) != int(token)):
        return INVALID
    return value


def _convert_time(token: bytes) -> ConvertedValue | Invalid:
    text = _convert_text(token)
    return text if isinstance(text, str) and parse_time(text) else INVALID


def _nested_converter(opening: bytes) -> Callable[[bytes], ConvertedValue | Invalid]:
    return lambda token: msgspec.Raw(token) if token[:1] == opening else INVALID


_CONVERTERS: dict[Kind, Callable[[bytes], ConvertedValue | Invalid]] = {
    Kind.ID: _convert_id,
    Kind.TEXT: _convert_text,
    Kind.INTEGER: _convert_integer,
    Kind.QUOTED_INTEGER: _convert_quoted_integer,
    Kind.FLOAT: _convert_float,
    Kind.BOOLEAN: lambda token: {b"true": True, b"false": False}.get(token, INVALID),
    Kind.TIME: _convert_time,
    Kind.LIST: _nested_converter(b"["),
    Kind.MAPPING: _nested_converter(b"{"),
}
