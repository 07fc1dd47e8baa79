"""Convert decoded values to Arrow arrays and validate them column by column.

Strict decoding leaves times, quoted integers and nested values as text; they are parsed and checked here, by column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.json import canonical_json, compact_json
from ayrframe._decode.values import parse_integer, parse_time
from ayrframe._platforms.spec import Kind

# For annotations, also in the layers above.
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

UTC_TIME = pa.timestamp("us", "UTC")
ARROW_TYPES: dict[Kind, pa.DataType] = {
    Kind.ID: pa.large_string(),
    Kind.TEXT: pa.large_string(),
    Kind.INTEGER: pa.int64(),
    Kind.QUOTED_INTEGER: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TIME: UTC_TIME,
    Kind.LIST: pa.large_string(),
    Kind.MAPPING: pa.large_string(),
}
ABSENT = msgspec.Raw(b"")

_INTEGER_REGEX = r"^-?[0-9]{1,18}$"
_DATE_REGEX = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK_REGEX = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
_TIME_REGEX = rf"^{_DATE_REGEX}T{_CLOCK_REGEX}(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])$"
# The range of Python datetimes, in microseconds since 1970.
_MIN_TIME, _MAX_TIME = -62_135_596_800_000_000, 253_402_300_799_999_999
_OPENING_BYTES = {Kind.LIST: ord("["), Kind.MAPPING: ord("{")}
_NULL_BYTE = ord("n")
_CONTROL_WHITESPACE = (b"\n", b"\t", b"\r")
# JavaScript writes 0.00005 and 5e-7 where Python writes 5e-05 and 5e-07.
# Two expressions that begin with a character, because one with alternatives takes several times as long.
_SMALL_NUMBER, _SHORT_EXPONENT = re.compile(rb"\.0000"), re.compile(rb"-[1-9][,\]}]")
_BACKSLASH_OR_SMALL_NUMBER = re.compile(rb"\\|0\.0000|e-[1-9][,\]}]")
# Or a number after a bracket, colon or comma that Python would perhaps write otherwise.
_BACKSLASH_OR_NUMBER = re.compile(
    rb"\\|[\[:,]-?(?:[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+|[0-9]+\.[0-9]+0|0\.0000[0-9]+|(?=[0-9.]{17})[0-9]+\.[0-9]+"
    rb"|(?<=-)0)[,\]}]"
)
_IS_STRUCTURAL = np.isin(np.arange(256), np.frombuffer(b"{[]},:", dtype=np.uint8))


def to_arrow_array(kind: Kind, values: Sequence[Any]) -> tuple[pa.Array, BoolArray | None]:
    """Return an array with nulls for invalid values, and a mask of these, or None if all values are valid."""
    if kind is Kind.TIME:
        return _time_array(values)
    if kind is Kind.INTEGER:
        return _integer_array(values)
    if kind is Kind.QUOTED_INTEGER:
        return parse_digits(pa.array(values, pa.large_string()))
    if kind in _OPENING_BYTES:
        return _nested_array(values, _OPENING_BYTES[kind])
    return pa.array(values, ARROW_TYPES[kind]), None


def parse_digits(texts: pa.Array) -> tuple[pa.Array, BoolArray | None]:
    """Parse strings of digits to int64; return nulls for invalid strings, and a mask of these or None."""
    valid = pc.match_substring_regex(texts, _INTEGER_REGEX)
    return _null_invalid(texts, valid).cast(pa.int64()), _invalid_mask(valid)


def _integer_array(values: Sequence[int | str | None]) -> tuple[pa.Array, BoolArray | None]:
    try:
        return pa.array(values, pa.int64()), None
    except pa.ArrowInvalid:  # At least one is a string.
        numbers = list(values)
    strings = [(position, value) for position, value in enumerate(values) if isinstance(value, str)]
    for position, value in strings:
        numbers[position] = parse_integer(value)
    invalid = [position for position, _ in strings if numbers[position] is None]
    mask = np.zeros(len(numbers), dtype=bool)
    mask[invalid] = True
    return pa.array(numbers, pa.int64()), mask if invalid else None


def _time_array(values: Sequence[str | None]) -> tuple[pa.Array, BoolArray | None]:
    texts = pa.array(values, pa.large_string())
    if (times := _parse_valid_times(texts)) is not None:
        return times, None
    valid = pc.match_substring_regex(texts, _TIME_REGEX)
    candidates = _null_invalid(texts, valid)
    try:
        times = candidates.cast(UTC_TIME)
    except pa.ArrowInvalid:
        # More than six digits of a fraction, or a day that does not exist, such as 30 February.
        valid = pa.array([parse_time(text) is not None for text in candidates.fill_null("").to_pylist()])
        valid = pc.if_else(texts.is_valid(), valid, None)
        times = pc.replace_substring_regex(_null_invalid(texts, valid), r"(\.[0-9]{6})[0-9]+", r"\1").cast(UTC_TIME)
    microseconds = times.view(pa.int64())
    first, last = pc.min_max(microseconds).as_py().values()
    if first is not None and (first < _MIN_TIME or last > _MAX_TIME):
        in_range = pc.and_(pc.greater_equal(microseconds, _MIN_TIME), pc.less_equal(microseconds, _MAX_TIME))
        valid = pc.and_(valid, in_range.fill_null(fill_value=True))
    return _null_invalid(times, valid), _invalid_mask(valid)


def _parse_valid_times(texts: pa.Array) -> pa.Array | None:
    """Return the times of a new array of texts, or None if any may be invalid. Takes half the time of the expression.

    Arrow's parser also accepts a space for `T`, times without seconds or minutes, and offsets without minutes. Years
    before 1000 or after 8999 may be out of range.
    """
    try:
        times = texts.cast(UTC_TIME)
    except pa.ArrowInvalid:
        return None
    if texts.null_count == len(texts):
        return times
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64, count=len(texts) + 1)
    starts, ends = ends[:-1], ends[1:]
    if texts.null_count:
        present = ends > starts
        starts, ends = starts[present], ends[present]
    if (ends - starts).min() < len("2026-01-02T03:04:05Z"):
        return None
    characters = np.frombuffer(data, dtype=np.uint8)
    years, sign = characters[starts], characters[ends - len("+00")]
    is_valid = (
        (years > ord("0"))
        & (years < ord("9"))
        & (characters[starts + len("2026-01-02")] == ord("T"))
        & (characters[starts + len("2026-01-02T03:04")] == ord(":"))
        & (sign != ord("+"))
        & (sign != ord("-"))
    )
    return times if is_valid.all() else None


def _null_invalid(values: pa.Array, valid: pa.Array) -> pa.Array:
    return values if pc.all(valid, min_count=0).as_py() else pc.if_else(valid, values, None)


def _invalid_mask(valid: pa.Array) -> BoolArray | None:
    if pc.all(valid, min_count=0).as_py():
        return None
    return np.asarray(pc.invert(valid).fill_null(fill_value=False).to_numpy(zero_copy_only=False))


def _nested_array(values: Sequence[msgspec.Raw], opening: int) -> tuple[pa.Array, BoolArray | None]:
    """Return JSON texts as cells, from one buffer without creating Python strings; check only their first character."""
    lengths, text = _concatenate(values)
    normalized = _normalize(values, text)
    if normalized is not values:
        lengths, text = _concatenate(normalized)
    offsets = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    # An absent value has length 0, so this is the first byte of the next value: `present` ignores it.
    first = np.frombuffer(text or b"-", dtype=np.uint8).take(offsets[:-1], mode="clip")
    present = (lengths > 0) & (first != _NULL_BYTE)
    buffers = map(pa.py_buffer, (offsets, text, np.packbits(present, bitorder="little")))
    cells = pa.LargeStringArray.from_buffers(len(values), *buffers)
    invalid = present & (first != opening)
    return (pc.if_else(pa.array(invalid), None, cells), invalid) if invalid.any() else (cells, None)


def _may_have_whitespace(text: bytes) -> bool:
    """Return whether there may be white space between tokens; nearly always it is between words, in strings."""
    if any(character in text for character in _CONTROL_WHITESPACE):  # Inside strings they are escaped.
        return True
    if b" " not in text:
        return False
    characters = np.frombuffer(text, dtype=np.uint8)
    spaces = np.flatnonzero(characters == ord(" "))
    around = characters.take((spaces - 1, spaces + 1), mode="clip")
    return bool(_IS_STRUCTURAL[around].any())


def _concatenate(values: Sequence[msgspec.Raw]) -> tuple[IntArray, bytes]:
    return np.fromiter(map(len, values), dtype=np.int64, count=len(values)), b"".join(values)


def _normalize(values: Sequence[msgspec.Raw], text: bytes) -> Sequence[msgspec.Raw]:
    """Return the values as canonical JSON; white space between tokens, escapes and small numbers may be otherwise."""
    has_small_number = _SMALL_NUMBER.search(text) or _SHORT_EXPONENT.search(text)
    if not _may_have_whitespace(text) and b"\\" not in text and not has_small_number:
        return values
    return [msgspec.Raw(_normalize_cell(bytes(value))) if value else value for value in values]


def _normalize_cell(text: bytes) -> bytes:
    compact = compact_json(text)
    # Who writes spaces may also write 1.50. To search all cells for it would take half the time of decoding.
    odd = _BACKSLASH_OR_SMALL_NUMBER if len(compact) == len(text) else _BACKSLASH_OR_NUMBER
    return canonical_json(compact) if odd.search(compact) else compact
