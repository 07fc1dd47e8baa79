"""Check JSON text, repair what JSON forbids but real files contain, write it canonically, and describe errors.

A byte order mark is removed; NaN, Infinity and lone surrogates can be repaired. Everything else that is invalid is
reported with its position and at most 40 characters of the text.
"""

from __future__ import annotations

import json
import math
import re
import sys
from contextlib import suppress
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from ayrframe.errors import QUOTED_CHARACTERS, ResponseError

MAX_DIGITS = 4300
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_OR_UTF32 = re.compile(rb"\xff\xfe|\xfe\xff|\x00\x00\xfe\xff|[^\x00]\x00|\x00[^\x00]")
_NON_BLANK = re.compile(rb"\S")
# Possessive (*+), so that the cost of a text that does not match is linear, too.
STRING_PATTERN = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
# Strings are matched first, so that a word or number inside a string is not taken for a value. A string without end is
# matched too, or the search would begin again at each of its quotation marks.
_STRING_OR_WORD = re.compile(STRING_PATTERN + rb"?|\b(NaN|Infinity)\b", re.DOTALL)
# A number beyond every float, written as no sender does. Because of the tab, nested text is read again, and it is null.
_INFINITY = b"1E+0999\t"
# All digits of a shorter number are matched too, or the search would begin again at each of them.
_STRING_OR_LONG_NUMBER = re.compile(STRING_PATTERN + rb"?|([0-9]{%d})|[0-9]+" % (MAX_DIGITS + 1), re.DOTALL)
# In a sample of every 215th byte, a number of more than MAX_DIGITS digits gives 20 consecutive digits. Loads take 6 x
# as long if the whole text is searched instead.
_SAMPLE_STEP, _SAMPLED_DIGITS = 215, b"0" * 20
DIGITS_TO_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_MAX_DEPTH = 1000  # far more than any post has
_NO_BRACKETS = bytes(set(range(256)) - set(b'[]{}"'))
_ESCAPED_CHARACTER = re.compile(rb"\\.", re.DOTALL)
_BRACKET_STEPS = bytes.maketrans(b"[{]}", b"\1\1\xff\xff")  # 1 for an opening one, -1 for a closing one
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
# Every escape sequence is matched, from the left, so that the end of `\\ud800` is not taken for a surrogate.
_ESCAPE_SEQUENCE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)

_FLOAT_TOKEN = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+|-?[0-9]+\.[0-9]+")

value_decoder = msgspec.json.Decoder(msgspec.Raw)
object_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
list_of_lists_decoder = msgspec.json.Decoder(list[list[msgspec.Raw]])
list_of_objects_decoder = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
list_decoder = msgspec.json.Decoder(list[msgspec.Raw])

JSON_ERRORS = (msgspec.DecodeError, RecursionError)


def check_body(body: bytes, source: str) -> bytes:
    """Return the body without a byte order mark.

    Raises ResponseError if the body is empty, not UTF-8, has a huge number, or is nested too deeply. The JSON syntax is
    not checked. `source` names the body in errors.
    """
    body = body.removeprefix(_BYTE_ORDER_MARK)
    if _UTF16_OR_UTF32.match(body):
        raise ResponseError(f"Cannot read {source}: expected JSON in UTF-8, found UTF-16 or UTF-32.")
    if not _NON_BLANK.search(body):
        raise ResponseError(f"Cannot read {source}: expected JSON, found nothing (it is empty).")
    _check_utf8(body, source)
    if _SAMPLED_DIGITS in body[::_SAMPLE_STEP].translate(DIGITS_TO_ZEROS):
        _check_number_lengths(body, source)
    if sys.version_info >= (3, 14):
        check_depth(body, source)
    return body


def check_depth(body: bytes, source: str) -> None:
    """Raise ResponseError if JSON is nested much deeper than any post; Python before 3.14 limits the depth itself."""
    unescaped = _ESCAPED_CHARACTER.sub(b"", body)
    # Most texts have no brackets, so only their quotation marks are left, which are removed at once.
    brackets = unescaped.translate(None, _NO_BRACKETS).replace(b'""', b"")
    outside_texts = b"".join(brackets.split(b'"')[::2])
    steps = np.frombuffer(outside_texts.translate(_BRACKET_STEPS), np.int8)
    if steps.cumsum(dtype=np.int64).max(initial=0) > _MAX_DEPTH:
        raise _depth_error(source)


def _depth_error(source: str) -> ResponseError:
    return ResponseError(f"Cannot read {source}: JSON is nested too deeply (posts have a few levels).")


def replace_lone_surrogates(text: bytes) -> bytes:
    """Return JSON text with each lone surrogate, which is not a valid character, replaced by U+FFFD."""
    if b"\\" not in text or not _SURROGATE_ESCAPE.search(text):
        return text
    return _ESCAPE_SEQUENCE.sub(lambda escape: rb"\ufffd" if escape[1] else escape[0], text)


def repair_json(body: bytes) -> tuple[bytes, int]:
    """Return the body with NaN as null, Infinity as a number and lone surrogates as U+FFFD; and the number of NaN."""
    count = 0

    def replace(match: re.Match[bytes]) -> bytes:
        nonlocal count
        count += match[1] == b"NaN"
        return {b"NaN": b"null", b"Infinity": _INFINITY}.get(match[1], match[0])

    return replace_lone_surrogates(_STRING_OR_WORD.sub(replace, body)), count


def decode_json(raw: bytes | msgspec.Raw) -> Any:
    """Decode a JSON value; lone surrogates become U+FFFD, and numbers beyond every float None."""
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return msgspec.json.decode(canonical_json(raw))


def canonical_json(text: bytes | msgspec.Raw) -> bytes:
    """Return JSON text in its canonical form; numbers beyond every float become null.

    White space and duplicate keys are removed, floats are written as by Python, and only characters that have to be
    escaped are escaped.
    """
    return msgspec.json.encode(
        json.loads(
            replace_lone_surrogates(bytes(text)).decode(),
            parse_int=lambda digits: msgspec.Raw(b"0" if digits == "-0" else digits.encode()),
            parse_float=lambda token: None if math.isinf(value := float(token)) else msgspec.Raw(repr(value).encode()),
        )
    )


def quote_overflow(token: bytes) -> bytes | None:
    """Return the JSON text of a number beyond every float, which is not valid as a number; else None."""
    if not _FLOAT_TOKEN.fullmatch(token) or not math.isinf(float(token)):
        return None
    return b'"%b"' % token.replace(_INFINITY.strip(), b"Infinity")


def compact_json(text: bytes | msgspec.Raw) -> bytes:
    """Return JSON text without white space between tokens; the tokens themselves are unchanged."""
    return msgspec.json.format(bytes(text), indent=-1)


def is_json(text: str | bytes) -> bool:
    """Return whether this is one valid JSON text."""
    try:
        value_decoder.decode(text)
    except JSON_ERRORS:
        return False
    return True


def find_duplicate_key(body: bytes, fields: dict[str, msgspec.Raw]) -> str | None:
    """Return a key that occurs more than once in the object `body`, or None; `fields` is the decoded object.

    Decoders silently use the last value of a duplicate key. Only if the decoded fields are shorter than the text, the
    text is read again to find the key.
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
    """Return an error that describes why and where this body is not valid JSON."""
    text = body.decode("utf-8", errors="replace")
    if text.lstrip()[:1] == "<":
        return ResponseError(f"Cannot read {source}: expected JSON, found HTML or XML: {_excerpt(text.lstrip(), 0)}.")
    try:
        json.loads(text, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        where = f"{error.msg} at character {error.pos} (line {error.lineno})"
        return ResponseError(f"Cannot read {source}: invalid JSON: {where}, near {_excerpt(text, error.pos)}.")
    except RecursionError:
        return _depth_error(source)
    return ResponseError(f"Cannot read {source}: invalid JSON.")


def _check_utf8(body: bytes, source: str) -> None:
    if body.isascii():
        return
    # Arrow validates the bytes in place; as a Python string, a page with emoji needs four bytes per character.
    offsets = pa.py_buffer(np.array([0, len(body)], dtype=np.int64))
    with suppress(pa.ArrowInvalid):
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(body)).validate(full=True)
        return
    start = 0
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        start = error.start
    before = body[max(start - QUOTED_CHARACTERS, 0) : start].decode("utf-8", errors="ignore")
    raise ResponseError(f"Cannot read {source}: expected UTF-8, found other data at byte {start}, after {before!r}.")


def _check_number_lengths(body: bytes, source: str) -> None:
    for match in _STRING_OR_LONG_NUMBER.finditer(body):
        if match[1]:
            limit = f"numbers of at most {MAX_DIGITS} digits"
            raise ResponseError(f"Cannot read {source}: expected {limit}, found a longer one at byte {match.start()}.")


def _compact_length(fields: dict[str, msgspec.Raw]) -> int:
    """Return the length of the JSON object with these fields, written without white space."""
    return sum(len(msgspec.json.encode(key)) + len(value) + 2 for key, value in fields.items()) + 2 - bool(fields)


def _excerpt(text: str, position: int) -> str:
    start = max(position - QUOTED_CHARACTERS // 2, 0)
    return repr(text[start : start + QUOTED_CHARACTERS])
