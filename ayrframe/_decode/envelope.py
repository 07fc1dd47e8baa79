"""A reply of the API, live or saved: the items of `posts` as they stand, and what the envelope says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw

from ayrframe._decode.batches import UnparsedArray
from ayrframe._decode.json import (
    JSON_ERRORS,
    check_body,
    find_duplicate_key,
    is_json,
    json_error,
    list_decoder,
    object_decoder,
    quote_nan_and_infinity,
    replace_lone_surrogates,
    value_decoder,
)
from ayrframe._decode.values import parse_time
from ayrframe.errors import ResponseError, printable, quote

EMPTY_HISTORY_CODE = 221  # Ayrshare's code for a history with nothing in it, sent as an error.

# A quotation mark with a backslash before it would be one inside a key.
_POSTS_ARRAY = re.compile(rb'(?<!\\)"posts"\s*:\s*\[')
# So many brackets may end behind the posts.
_MAX_BRACKETS = 8
_NON_JSON_NUMBERS = ("NaN", "Infinity", "-Infinity")
_OPENING_BRACKET = re.compile(rb"\s*([\[{])")
_POST_FIELDS = frozenset({"id", "post", "postUrl", "permalink", "created"})
_ERROR_FIELDS = frozenset({"action", "code"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope: its items, its other fields decoded, and what a reader should be told about it."""

    items: Sequence[Raw]
    fields: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def last_updated(self) -> datetime | None:
        """When Ayrshare read these posts from the network, if the envelope tells."""
        text = self.fields.get("lastUpdated")
        return parse_time(text) if isinstance(text, str) else None


def parse_envelopes(body: bytes, source: str) -> list[Envelope]:
    """Return the replies in a body: an envelope, a bare list of posts, or one post or envelope a line.

    `source` names the body in errors.
    """
    body = check_body(body, source)
    found = _parse_body(body, source)
    if found is None:
        found = _parse_body(replace_lone_surrogates(quote_nan_and_infinity(body)), source)
        words = {word for reply in found or () for word in reply.fields.values() if word in _NON_JSON_NUMBERS}
        if words:
            raise ResponseError(
                f"Cannot read {source}: {words.pop()} stands in its envelope, and JSON has no such word."
            )
    if found is None:
        raise json_error(body, source)
    return found


def peek_envelope(body: bytes, source: str) -> tuple[Envelope, UnparsedArray] | None:
    """Return a reply without its items, and the list in which they stand unread; None if that cannot be told apart.

    Whether the list is one is for its reader to find out. The rest is JSON, and the list stands in it as its `posts`.
    """
    body = check_body(body, source)
    opening = _OPENING_BRACKET.match(body)
    if opening is None:
        return None
    return _peek_list(body, opening.end()) if opening[1] == b"[" else _peek_object(body, source)


def _peek_list(body: bytes, start: int) -> tuple[Envelope, UnparsedArray] | None:
    end = body.rfind(b"]", start)
    return None if end < 0 or body[end + 1 :].strip() else (Envelope(()), UnparsedArray(body, start, end))


def _peek_object(body: bytes, source: str) -> tuple[Envelope, UnparsedArray] | None:
    found = _POSTS_ARRAY.search(body)
    if not found or not is_json(body[: found.end()] + b"]}"):
        return None
    start = found.end()
    # The end of a list behind the posts would do as well; that of the posts comes before it.
    *_, end = (-1, *(end for end in _iter_closing_brackets(body, start) if is_json(body[:start] + body[end:])))
    around = body[:start] + body[end:]
    if end < 0 or find_duplicate_key(around, object_decoder.decode(around)):
        return None
    reply = _build_envelope(object_decoder.decode(around), source)
    return None if reply.notes else (reply, UnparsedArray(body, start, end))


def _iter_closing_brackets(body: bytes, start: int) -> Iterator[int]:
    """Yield the places of the last brackets behind `start`, from the end: one of them is that of the posts."""
    end = len(body)
    for _ in range(_MAX_BRACKETS):
        end = body.rfind(b"]", start, end)
        if end < 0:
            return
        yield end


def _parse_body(body: bytes, source: str) -> list[Envelope] | None:
    """Return the replies, or None if the body is neither one JSON text nor one a line."""
    try:
        return [_parse_document(body, source)]
    except JSON_ERRORS:
        pass
    return _parse_lines(body, source)


def _parse_document(text: bytes, source: str) -> Envelope:
    opening = _OPENING_BRACKET.match(text)
    if opening is None:
        value = bytes(value_decoder.decode(text)).decode()
        raise ResponseError(f"Cannot read {source}: it is {quote(value)}, not a reply and not a list of posts.")
    if opening[1] == b"[":
        return Envelope(list_decoder.decode(text))
    fields = object_decoder.decode(text)
    if "posts" not in fields and fields.keys() & _POST_FIELDS and not fields.keys() & _ERROR_FIELDS:
        return Envelope([Raw(text)])
    if duplicate := find_duplicate_key(text, fields):
        raise ResponseError(
            f"Cannot read {source}: {quote(duplicate)} stands duplicate in its envelope, so one of them is lost."
        )
    return _build_envelope(fields, source)


def _parse_lines(body: bytes, source: str) -> list[Envelope] | None:
    """Read one JSON text a line: an envelope is a reply of its own, posts that follow each other are one together."""
    first, *others = lines = [line for line in body.splitlines() if line.strip()]
    if not others or not _OPENING_BRACKET.match(first):
        return None
    found: list[Envelope] = []
    loose: list[Raw] = []
    for number, line in enumerate(lines, start=1):
        is_envelope = _is_envelope_line(line)
        if is_envelope is None:
            if number == 1:
                return None
            raise json_error(line, f"line {number} of {source}")
        if is_envelope:
            found += [Envelope(loose)] if loose else []
            found.append(_parse_document(line, f"line {number} of {source}"))
            loose = []
        else:
            loose.append(Raw(line))
    return [*found, Envelope(loose)] if loose else found


def _is_envelope_line(line: bytes) -> bool | None:
    """Tell whether a line is a reply and no post; None if it is not JSON."""
    if not is_json(line):
        return None
    opening = _OPENING_BRACKET.match(line)
    return opening is not None and opening[1] == b"{" and "posts" in object_decoder.decode(line)


def _build_envelope(sent: dict[str, Raw], source: str) -> Envelope:
    fields = {key: _decode_field(raw) for key, raw in sent.items() if key != "posts"}
    posts = sent.get("posts", Raw(b"null"))
    if bytes(memoryview(posts)[:1]) == b"[":
        items = list_decoder.decode(posts)
        problem = _describe_error(fields, items)
        return Envelope(items, fields, (f"{source} carries posts beside {problem}.",) if problem else ())
    if bytes(posts) != b"null":
        raise ResponseError(f"Cannot read {source}: its `posts` is {quote(bytes(posts).decode())}, not a list.")
    if problem := _describe_error(fields):
        if _error_code(fields) == EMPTY_HISTORY_CODE:
            return Envelope([], fields)
        error = ResponseError(f"Cannot read {source}: it is no history but {problem}.")
        error.code = _error_code(fields)
        raise error
    if fields.get("status") == "success":
        return Envelope(
            [], fields, (f"{source} has no `posts`, though its status is success: read as an empty history.",)
        )
    raise ResponseError(f"Cannot read {source}: it has no `posts`; its fields are {quote(', '.join(sent))}.")


def _decode_field(raw: Raw) -> Any:
    try:
        return msgspec.json.decode(raw)
    except JSON_ERRORS:
        return bytes(raw).decode()


def _error_object(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the object that holds the error, wherever this body has it: flat, in `errors`, or below `history`."""
    errors = fields.get("errors")
    for candidate in (fields.get("history"), errors[0] if isinstance(errors, list) and errors else None):
        if isinstance(candidate, dict) and "code" in candidate:
            return candidate
    return fields


def _error_code(fields: dict[str, Any]) -> int | None:
    code = _error_object(fields).get("code")
    return code if isinstance(code, int) else None


def _first_error_message(items: Sequence[Raw]) -> object:
    """Return what Ayrshare says of the first post that could not be read."""
    for item in items:
        record = _decode_field(item)
        if isinstance(record, dict) and record.get("status") == "error" and record.get("message"):
            return record["message"]
    return None


def _describe_error(fields: dict[str, Any], items: Sequence[Raw] = ()) -> str | None:
    error = _error_object(fields)
    status = error.get("status", fields.get("status"))
    if status not in ("error", "partial") and "code" not in error:
        return None
    message = error.get("message") or _first_error_message(items)
    said = f": {printable(message)}" if isinstance(message, str) else ""
    code = f" with code {_error_code(fields)}" if _error_code(fields) is not None else ""
    return f"Ayrshare's status {quote(str(status))}{code}{said}"
