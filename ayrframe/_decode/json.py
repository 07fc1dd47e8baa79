"""Bytes that claim to be JSON: either well-formed and safe to keep as text, or a clear error.

Knows nothing of posts. What JSON forbids but real files contain (a byte order mark, NaN, lone surrogates) is mended
where that loses nothing; all else is refused with its position and at most 40 characters of the body.
"""

from __future__ import annotations

import json
import re

import msgspec
import numpy as np
import pyarrow as pa

from ayrframe.errors import QUOTED_CHARACTERS, ResponseError

MAX_DIGITS = 4300
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_OR_UTF32 = re.compile(rb"\xff\xfe|\xfe\xff|\x00\x00\xfe\xff|[^\x00]\x00|\x00[^\x00]")
_NON_BLANK = re.compile(rb"\S")
STRING_PATTERN = rb'"(?:[^"\\]|\\.)*"'
# Strings are consumed first, so that a word or number inside one is never taken for a value.
_STRING_OR_WORD = re.compile(STRING_PATTERN + rb"|-?\bInfinity\b|\bNaN\b", re.DOTALL)
_STRING_OR_LONG_NUMBER = re.compile(STRING_PATTERN + rb"|([0-9]{%d})" % (MAX_DIGITS + 1), re.DOTALL)
# A run of more digits than that shows in every sample of each 215th byte as 20 digits side by side.
_SAMPLE_STEP, _SAMPLED_DIGITS = 215, b"0" * 20
_ANY_DIGIT_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
# Escapes are consumed one by one from the left, so that an escaped backslash before a `u` is never misread.
_ESCAPE_SEQUENCE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)

value_decoder = msgspec.json.Decoder(msgspec.Raw)
object_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
list_of_lists_decoder = msgspec.json.Decoder(list[list[msgspec.Raw]])
list_of_objects_decoder = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
list_decoder = msgspec.json.Decoder(list[msgspec.Raw])

JSON_ERRORS = (msgspec.DecodeError, RecursionError)


def check_body(body: bytes, source: str) -> bytes:
    """Return the body without a byte order mark, as UTF-8 that holds no endless number; `source` names it in errors."""
    body = body.removeprefix(_BYTE_ORDER_MARK)
    if _UTF16_OR_UTF32.match(body):
        raise ResponseError(f"Cannot read {source}: it looks like UTF-16 or UTF-32, and JSON has to be UTF-8.")
    if not _NON_BLANK.search(body):
        raise ResponseError(f"Cannot read {source}: it is empty, there is no JSON in it.")
    _check_utf8(body, source)
    _check_number_lengths(body, source)
    return body


def replace_lone_surrogates(text: bytes) -> bytes:
    """Return JSON in which each lone surrogate, which is no character, stands as U+FFFD."""
    if b"\\" not in text or not _SURROGATE_ESCAPE.search(text):
        return text
    return _ESCAPE_SEQUENCE.sub(lambda escape: rb"\ufffd" if escape[1] else escape[0], text)


def quote_nan_and_infinity(body: bytes) -> bytes:
    """Return the body with NaN and Infinity, where they stand as values, turned into texts."""
    return _STRING_OR_WORD.sub(lambda match: match[0] if match[0][:1] == b'"' else b'"%b"' % match[0], body)


def compact_json(text: bytes | msgspec.Raw) -> bytes:
    """Return JSON without white space outside strings; every token stays as it was sent."""
    return msgspec.json.format(bytes(text), indent=-1)


def is_json(text: str | bytes) -> bool:
    """Tell whether this is one JSON text."""
    try:
        value_decoder.decode(text)
    except JSON_ERRORS:
        return False
    return True


def find_duplicate_key(body: bytes, fields: dict[str, msgspec.Raw]) -> str | None:
    """Return a key that stands repeated in the outermost object of `body`, whose decoded fields these are.

    A decoder keeps the last of the two in silence; so the lengths of what it kept are held against the length of the
    text, and only where they differ the text is read again with an eye on its keys.
    """
    if _compact_length(fields) == len(body):
        return None
    text = compact_json(body)
    if _compact_length(object_decoder.decode(text)) == len(text):
        return None
    repeated: list[str] = []

    def find_repeated(pairs: list[tuple[str, object]]) -> None:
        seen: set[str] = set()
        repeated[:] = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]

    json.loads(body, object_pairs_hook=find_repeated, parse_int=str, parse_float=str)
    return repeated[0] if repeated else None


def json_error(body: bytes, source: str) -> ResponseError:
    """Return the error that says why and where this body is not JSON."""
    text = body.decode("utf-8", errors="replace")
    if text.lstrip()[:1] == "<":
        return ResponseError(f"Cannot read {source}: it is HTML or XML instead of JSON: {_excerpt(text.lstrip(), 0)}.")
    try:
        json.loads(text, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        where = f"{error.msg} at character {error.pos} (line {error.lineno})"
        return ResponseError(f"Cannot read {source}: it is not valid JSON: {where}, near {_excerpt(text, error.pos)}.")
    except RecursionError:
        return ResponseError(f"Cannot read {source}: its JSON is nested too deep; no post of this API is.")
    return ResponseError(f"Cannot read {source}: it is not valid JSON.")


def _check_utf8(body: bytes, source: str) -> None:
    if _is_utf8(body):
        return
    start = 0
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        start = error.start
    before = body[max(start - QUOTED_CHARACTERS, 0) : start].decode("utf-8", errors="ignore")
    raise ResponseError(f"Cannot read {source}: it is not valid UTF-8 at byte {start}, after {before!r}.")


def _check_number_lengths(body: bytes, source: str) -> None:
    if _SAMPLED_DIGITS not in body[::_SAMPLE_STEP].translate(_ANY_DIGIT_TO_ZERO):
        return
    for match in _STRING_OR_LONG_NUMBER.finditer(body):
        if match[1]:
            where = f"at byte {match.start()} has more than {MAX_DIGITS} digits"
            raise ResponseError(f"Cannot read {source}: the number {where}, so it is no number of this API.")


def _is_utf8(body: bytes) -> bool:
    """Check without making a text of it, which for pages with emoji would cost four bytes a character."""
    if body.isascii():
        return True
    offsets = pa.py_buffer(np.array([0, len(body)], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(body)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _compact_length(fields: dict[str, msgspec.Raw]) -> int:
    """Return how long an object of these fields is when written without white space."""
    return sum(len(msgspec.json.encode(key)) + len(value) + 2 for key, value in fields.items()) + 2 - bool(fields)


def _excerpt(text: str, position: int) -> str:
    start = max(position - QUOTED_CHARACTERS // 2, 0)
    return repr(text[start : start + QUOTED_CHARACTERS])
