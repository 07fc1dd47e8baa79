"""Split response envelopes, live or saved, into their posts, other fields and warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from msgspec import Raw

from ayrframe._decode.batches import UnparsedArray
from ayrframe._decode.json import (
    JSON_ERRORS,
    check_body,
    decode_json,
    find_duplicate_key,
    is_json,
    json_error,
    list_decoder,
    object_decoder,
    repair_json,
    value_decoder,
)
from ayrframe._decode.values import parse_time
from ayrframe._platforms import PLATFORMS
from ayrframe.errors import ResponseError, printable, quote

EMPTY_HISTORY_CODE = 221  # Ayrshare reports an empty history as an error with this code.
_MAX_CODE = 10**6  # Larger numbers are not codes of Ayrshare.
_CODE_DIGITS = re.compile(r"[0-9]{1,6}")

# After a backslash, the quotation mark would be inside a key.
_POSTS_ARRAY = re.compile(rb'(?<!\\)"posts"\s*:\s*\[')
# At most this many closing brackets are tried as the end of `posts`; other fields after it may contain lists.
_MAX_BRACKETS = 8
_OPENING_BRACKET = re.compile(rb"\s*([\[{])")
_POST_FIELDS = frozenset({"id", "post", "postUrl", "permalink", "created"})
_ERROR_FIELDS = frozenset({"action", "code"})
_NESTED_ENVELOPE_FIELDS = frozenset({"posts", "meta", "warning", "warnings", "errors", "history"})
_SENT_POSTS, _COMMENTS = "GET /history (sent posts)", "GET /comments"
POST_ANALYTICS, _ACCOUNT_ANALYTICS = "POST /analytics/post", "POST /analytics/social (account analytics)"
_FOREIGN_FIELDS, _FOREIGN_VALUES = {"postIds", "history", "analytics"}, (b'"commentId"', b'"analytics"')
_COMMENT_KEY, _ANALYTICS_KEY = re.compile(rb'"commentId"\s*:'), re.compile(rb'"analytics"\s*:')


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope: its posts as JSON, its other fields decoded, and warnings for the user.

    `value_warnings` are about values of posts only; a page with these may be the newest that the API has.
    """

    items: Sequence[Raw]
    fields: dict[str, Any] = field(default_factory=dict, repr=False)  # A cursor may repeat a key.
    warnings: tuple[str, ...] = ()
    value_warnings: tuple[str, ...] = ()

    @property
    def last_updated(self) -> datetime | None:
        """When Ayrshare read these posts from the platform, in UTC; None if the envelope does not contain it."""
        text = self.fields.get("lastUpdated")
        return parse_time(text) if isinstance(text, str) else None

    @property
    def pagination(self) -> dict[str, Any]:
        """The object `meta.pagination`, empty if there is none."""
        meta = self.fields.get("meta")
        pagination = meta.get("pagination") if isinstance(meta, dict) else None
        return pagination if isinstance(pagination, dict) else {}

    @property
    def has_more(self) -> bool:
        """Whether the envelope says that more pages follow."""
        has_more = self.pagination.get("hasMore")
        return has_more is True or (has_more is None and bool(self.pagination.get("next") or self.fields.get("next")))


def parse_envelopes(body: bytes, source: str) -> list[Envelope]:
    """Return the envelopes of a body: one envelope, a list of posts, or one post or envelope per line.

    `source` names the body in errors.
    """
    body = check_body(body, source)
    envelopes = _parse_body(body, source)
    if envelopes is None:
        repaired, count = repair_json(body)
        envelopes = _parse_body(repaired, source)
        if envelopes and count:
            warning = f"{count:,} value(s) in {source} are NaN, which is not JSON; they are read as null."
            envelopes[0] = replace(envelopes[0], value_warnings=(warning,))
    if envelopes is None:
        raise json_error(body, source)
    return envelopes


def peek_envelope(body: bytes, source: str) -> tuple[Envelope, UnparsedArray] | None:
    """Return an envelope without its posts, and the list of posts unparsed; None if they cannot be separated safely.

    The list may still be invalid JSON: decoding it finds out. Everything around it is valid JSON, with the list as its
    only `posts`.
    """
    body = check_body(body, source)
    opening = _OPENING_BRACKET.match(body)
    if opening is None or opening[1] == b"{":
        return _peek_object(body, source) if opening else None
    start = opening.end()
    end = body.rfind(b"]", start)
    return None if end < 0 or body[end + 1 :].strip() else (Envelope(()), UnparsedArray(body, start, end))


def _peek_object(body: bytes, source: str) -> tuple[Envelope, UnparsedArray] | None:
    opening = _POSTS_ARRAY.search(body)
    if not opening or not is_json(body[: opening.end()] + b"]}"):
        return None
    start = opening.end()
    # Lists in fields after `posts` end later and also leave valid JSON around them, so the first end is the right one.
    *_, end = (-1, *(end for end in _iter_closing_brackets(body, start) if is_json(body[:start] + body[end:])))
    around = body[:start] + body[end:]
    if end < 0 or _find_duplicate_key(around, object_decoder.decode(around)):
        return None
    envelope = _build_envelope(object_decoder.decode(around), source)
    return None if envelope.warnings else (envelope, UnparsedArray(body, start, end))


def _iter_closing_brackets(body: bytes, start: int) -> Iterator[int]:
    """Yield the positions of the last closing brackets after `start`, last first."""
    end = len(body)
    for _ in range(_MAX_BRACKETS):
        end = body.rfind(b"]", start, end)
        if end < 0:
            return
        yield end


def _parse_body(body: bytes, source: str) -> list[Envelope] | None:
    """Return the envelopes, or None if the body is neither one JSON text nor one per line."""
    with suppress(*JSON_ERRORS):
        return [_parse_document(body, source)]
    return _parse_lines(body, source)


def _parse_document(text: bytes, source: str) -> Envelope:
    opening = _OPENING_BRACKET.match(text)
    if opening is None:
        value = bytes(value_decoder.decode(text)).decode()
        raise ResponseError(f"Cannot read {source}: expected an envelope or a list of posts, found {quote(value)}.")
    if opening[1] == b"[":
        return Envelope(list_decoder.decode(text))
    fields = object_decoder.decode(text)
    if endpoint := other_endpoint(fields):
        raise ResponseError(f"Cannot read {source}: it is a response of {endpoint}, not of GET /history/:platform.")
    if _is_post(fields):
        return Envelope([Raw(text)])
    if duplicate := _find_duplicate_key(text, fields):
        raise ResponseError(f"Cannot read {source}: duplicate key {quote(duplicate)} in the response envelope.")
    return _build_envelope(fields, source)


def _find_duplicate_key(text: bytes, fields: dict[str, Raw]) -> str | None:
    """Return a key that occurs more than once in an envelope, its `meta` or its pagination; None without one."""
    for name in ("meta", "pagination"):
        if duplicate := find_duplicate_key(text, fields):
            return duplicate
        text = bytes(fields.get(name, b""))
        if text[:1] != b"{":
            return None
        fields = object_decoder.decode(text)
    return find_duplicate_key(text, fields)


def _parse_lines(body: bytes, source: str) -> list[Envelope] | None:
    """Parse one JSON text per line; consecutive lines that are posts share one envelope."""
    first, *others = lines = [line for line in body.splitlines() if line.strip()]
    if not others or not _OPENING_BRACKET.match(first) or not is_json(first):
        return None
    envelopes: list[Envelope] = []
    posts: list[Raw] = []
    # With a check of all nested values, posts on lines take 1.2 x as long.
    has_foreign_values = any(name in body for name in _FOREIGN_VALUES)
    foreign_fields = _FOREIGN_FIELDS | PLATFORMS.keys()
    for number, line in enumerate(lines, start=1):
        if not is_json(line):
            if is_json(repair_json(line)[0]):
                return None
            raise json_error(line, f"line {number} of {source}")
        opening = _OPENING_BRACKET.match(line)
        fields = object_decoder.decode(line) if opening and opening[1] == b"{" else {}
        is_suspect = has_foreign_values or not foreign_fields.isdisjoint(fields)
        if "posts" in fields or (is_suspect and other_endpoint(fields)):
            envelopes += [Envelope(posts)] if posts else []
            envelopes.append(_parse_document(line, f"line {number} of {source}"))
            posts = []
        else:
            posts.append(Raw(line))
    return [*envelopes, Envelope(posts)] if posts else envelopes


def _build_envelope(envelope: dict[str, Raw], source: str) -> Envelope:
    fields = {key: decode_json(raw) for key, raw in envelope.items() if key != "posts"}
    posts = envelope.get("posts", Raw(b"null"))
    if bytes(memoryview(posts)[:1]) == b"[":
        items = list_decoder.decode(posts)
        problem = describe_error(fields, items)
        warning = f"Ayrshare returned an error with the posts in {source}: {problem}."
        return Envelope(items, fields, (warning,) if problem else ())
    if bytes(posts) != b"null":
        raise ResponseError(f"Cannot read {source}: expected a list as `posts`, found {quote(bytes(posts).decode())}.")
    if problem := describe_error(fields):
        if error_code(fields) == EMPTY_HISTORY_CODE:
            return Envelope([], fields)
        error = ResponseError(f"Cannot read {source}: Ayrshare returned an error instead of posts: {problem}.")
        error.code = error_code(fields)
        raise error
    if fields.get("status") == "success" and "id" not in fields and not _nested_fields(envelope):
        return Envelope([], fields, (f"Found no `posts` in {source} with status 'success'; read as an empty history.",))
    names = quote(", ".join(envelope)) if envelope else "an empty object"
    raise ResponseError(f"Cannot read {source}: expected a field `posts`, found {names}.")


def _is_post(fields: dict[str, Raw]) -> bool:
    """Return whether an object is one post without an envelope."""
    is_response = bytes(fields.get("status", b"")) == b'"success"' or fields.keys() & ({"posts"} | _ERROR_FIELDS)
    return bool(fields.keys() & _POST_FIELDS) and not is_response


def _nested_fields(fields: dict[str, Raw]) -> dict[str, bytes]:
    """Return the objects and lists that are not fields of an envelope of posts."""
    nested = {name: bytes(raw) for name, raw in fields.items() if name not in _NESTED_ENVELOPE_FIELDS}
    return {name: text for name, text in nested.items() if text[:1] in (b"{", b"[")}


def other_endpoint(fields: dict[str, Raw]) -> str | None:
    """Return the endpoint of a response that has no `posts`, if its fields are those of another endpoint."""
    if "posts" in fields:
        return None
    if "postIds" in fields or bytes(fields.get("history", b""))[:1] == b"[":
        return _SENT_POSTS
    for name, text in _nested_fields(fields).items():
        is_platform = name in PLATFORMS
        if name == "analytics":
            return POST_ANALYTICS
        if _ANALYTICS_KEY.search(text) or (is_platform and text[:1] == b"{"):
            is_post = text[:1] == b"[" or "id" in fields or "id" in object_decoder.decode(text)
            return POST_ANALYTICS if is_post else _ACCOUNT_ANALYTICS
        if is_platform or _COMMENT_KEY.search(text):
            return _COMMENTS
    return None


def _error_object(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the object that describes the error: in `history`, the first of `errors`, or the envelope itself."""
    errors = fields.get("errors")
    for candidate in (fields.get("history"), errors[0] if isinstance(errors, list) and errors else None):
        if isinstance(candidate, dict) and "code" in candidate:
            return candidate
    return fields


def error_code(fields: dict[str, Any]) -> int | None:
    return parse_code(_error_object(fields).get("code"))


def parse_code(value: object) -> int | None:
    """Return an error code, which may be a text of digits; None for other values."""
    if isinstance(value, str) and _CODE_DIGITS.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_CODE else None


def _first_error_message(items: Sequence[Raw]) -> object:
    """Return Ayrshare's message about the first post that it could not read."""
    records = (record for record in map(decode_json, items) if isinstance(record, dict))
    messages = (record.get("message") for record in records if record.get("status") == "error")
    return next(filter(None, messages), None)


def describe_error(fields: dict[str, Any], items: Sequence[Raw] = ()) -> str | None:
    """Return the status, code and message of an error; None if the envelope does not report one."""
    error = _error_object(fields)
    statuses = (fields.get("status"), error.get("status"))
    status = next((status for status in statuses if status in ("error", "partial")), statuses[-1] or statuses[0])
    if status not in ("error", "partial") and "code" not in error:
        return None
    message = error.get("message") or _first_error_message(items)
    text = f": {printable(message)}" if isinstance(message, str) else ""
    code = f", code {error_code(fields)}" if error_code(fields) is not None else ""
    return f"status {quote(str(status))}{code}{text}"
