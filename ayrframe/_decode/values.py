"""One value at a time, with care: whether a piece of JSON fits what is declared.

These are the rules of the careful door. They are written without a look at the strict one, so that the two can be
held against each other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import msgspec

from ayrframe._decode.json import compact_json
from ayrframe._platforms.spec import Kind

ConvertedValue = str | int | float | bool | msgspec.Raw | None


class Invalid:
    """What `fit` returns for a value that its column cannot hold."""


INVALID: Final = Invalid()

_time = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?"
    r"(?:Z|([+-])([0-9]{2}):?([0-9]{2}))"
)
_whole = re.compile(r"-?[0-9]{1,18}")
_integer = re.compile(rb"-?[0-9]+")
_integral = re.compile(rb"(-?[0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,4}))?")
_number = re.compile(rb"-?[0-9].*", re.DOTALL)
_INT64 = range(-(2**63), 2**63)
_INT64_DIGITS = 20
_LAST_HOUR, _LAST_MINUTE = 23, 59

_text = msgspec.json.Decoder(str)


def convert(kind: Kind, raw: msgspec.Raw) -> ConvertedValue | Invalid:
    """Return the value this JSON stands for in a column of this kind, None for null, or MISFIT."""
    token = bytes(raw).strip()
    return None if token == b"null" else _RULES[kind](token)


def parse_time(text: str) -> datetime | None:
    """Return the moment a text names, in UTC, or None if it is not written as this API writes times."""
    match = _time.fullmatch(text)
    if not match:
        return None
    *parts, fraction, sign, hours, minutes = match.groups()
    if sign and (int(minutes) > _LAST_MINUTE or int(hours) > _LAST_HOUR):
        return None
    try:
        zone = UTC if sign is None else timezone(timedelta(hours=int(hours), minutes=int(minutes)) * int(f"{sign}1"))
        return datetime(*map(int, parts), int((fraction or "0").ljust(6, "0")), tzinfo=zone).astimezone(UTC)  # type: ignore[misc, arg-type]
    except (ValueError, OverflowError):
        return None


def whole_number(text: str) -> int | None:
    """Return the whole number a text of digits stands for, None if it is not one."""
    return int(text) if _whole.fullmatch(text) else None


def _fit_text(token: bytes) -> ConvertedValue | Invalid:
    return _text.decode(token) if token[:1] == b'"' else INVALID


def _fit_key(token: bytes) -> ConvertedValue | Invalid:
    return token.decode() if _integer.fullmatch(token) else _fit_text(token)


def _fit_whole(token: bytes) -> ConvertedValue | Invalid:
    if token[:1] == b'"':
        number = whole_number(_text.decode(token))
        return INVALID if number is None else number
    match = _integral.fullmatch(token)
    if not match:
        return INVALID
    # Exact arithmetic on the digits: a float would round what lies beyond 2 ** 53.
    before, after = match[1], (match[2] or b"").rstrip(b"0")
    power = int(match[3] or 0) - len(after)
    digits = (before + after).rstrip(b"0") if power < 0 else before + after
    power += len(before + after) - len(digits)
    if not digits.strip(b"-0"):
        return 0
    if power < 0 or len(digits) + power > _INT64_DIGITS:
        return INVALID
    value = int(digits) * 10**power
    return value if value in _INT64 else INVALID


def _fit_quoted(token: bytes) -> ConvertedValue | Invalid:
    value = _fit_whole(token)
    return value if isinstance(value, Invalid) else str(value)


def _fit_number(token: bytes) -> ConvertedValue | Invalid:
    if not _number.fullmatch(token):
        return INVALID
    value = float(token)
    if not math.isfinite(value) or (_integer.fullmatch(token) and int(value) != int(token)):
        return INVALID
    return value


def _fit_flag(token: bytes) -> ConvertedValue | Invalid:
    return {b"true": True, b"false": False}.get(token, INVALID)


def _fit_time(token: bytes) -> ConvertedValue | Invalid:
    text = _fit_text(token)
    return text if isinstance(text, str) and parse_time(text) else INVALID


def _fit_nested(opening: bytes) -> Callable[[bytes], ConvertedValue | Invalid]:
    return lambda token: msgspec.Raw(compact_json(token)) if token[:1] == opening else INVALID


_RULES: dict[Kind, Callable[[bytes], ConvertedValue | Invalid]] = {
    Kind.ID: _fit_key,
    Kind.TEXT: _fit_text,
    Kind.INTEGER: _fit_whole,
    Kind.QUOTED_INTEGER: _fit_quoted,
    Kind.FLOAT: _fit_number,
    Kind.BOOLEAN: _fit_flag,
    Kind.TIME: _fit_time,
    Kind.LIST: _fit_nested(b"["),
    Kind.MAPPING: _fit_nested(b"{"),
}
