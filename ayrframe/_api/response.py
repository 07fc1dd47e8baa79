"""Parse a response: a page of posts, an error of Ayrshare, or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from ayrframe._api.error_codes import ERROR_STATUS, ErrorBody, body_text, find_error_body, is_html, to_exception
from ayrframe._api.models import Failure, FailureKind, RequestContext, Response
from ayrframe._decode.envelope import EMPTY_HISTORY_CODE, Envelope, parse_envelopes
from ayrframe._decode.json import (
    JSON_ERRORS,
    check_body,
    decode_json,
    is_json,
    list_decoder,
    object_decoder,
    repair_json,
    value_decoder,
)
from ayrframe.errors import AyrframeError, ResponseError, TransportError, printable

T = TypeVar("T")

OK, FIRST_ERROR_STATUS = 200, 400
_DATA_STATUSES = (200, 400, 404)
_REDIRECT_STATUSES = frozenset({300, 301, 302, 303, 305, 307, 308})


def parse_response(response: Response, context: RequestContext) -> Envelope | AyrframeError | Failure:
    """Return the envelope, the error that the response reports, or the failure of a truncated response."""
    return parse_with(_parse_history_body, response, context)


def parse_with(
    parse_body: Callable[[Response, RequestContext], T | AyrframeError], response: Response, context: RequestContext
) -> T | AyrframeError | Failure:
    """Return the content of a response if its status allows a body with data, else the error or the failure."""
    if response.status in _DATA_STATUSES:
        return _parse_data(parse_body, response, context)
    if response.status >= FIRST_ERROR_STATUS:
        return parse_error(response, context)
    return _unexpected_status_error(response, context)


def _parse_data(
    parse_body: Callable[[Response, RequestContext], T | AyrframeError], response: Response, context: RequestContext
) -> T | AyrframeError | Failure:
    try:
        return parse_body(response, context)
    except ResponseError as problem:
        text, code = str(problem), problem.code
    if not response.is_known_complete and _is_truncated(response.body):
        return Failure(FailureKind.CORRUPT, f"the response was truncated after {len(response.body):,} bytes")
    if response.status != OK:
        return parse_error(response, context)
    if is_html(response.body):
        title = printable(context.redact(body_text(response.body)))
        text = (
            f"{context}: expected JSON, got a web page titled {title!r}. A captive portal or a proxy may be in the "
            "way, or `base_url` is wrong."
        )
    error = ResponseError(context.redact(text))
    error.status, error.code = response.status, code
    return error


def _parse_history_body(response: Response, context: RequestContext) -> Envelope | AyrframeError:
    source = f"the response for {context}"
    fields = _decode_fields(response.body)
    if fields is None and response.status != OK:
        return parse_error(response, context)
    if fields is not None and not _has_posts(fields):
        error_body = find_error_body(fields)
        if error_body and error_body.code == EMPTY_HISTORY_CODE:
            return Envelope([], {name: value for name, value in fields.items() if name != "posts"})
        if response.status != OK or (error_body and error_body.status == ERROR_STATUS):
            return parse_error(response, context)
    envelopes = parse_envelopes(response.body, source)
    # A file may contain a list, one post, or an envelope per line; a live response must be one envelope.
    if fields is None or len(envelopes) != 1 or ("posts" not in fields and envelopes[0].items):
        raise ResponseError(f"Cannot read {source}: expected an envelope {{'posts': [...]}}, got other JSON.")
    return replace(
        envelopes[0],
        warnings=collect_warnings(envelopes[0].warnings, fields, response, context),
        value_warnings=tuple(map(context.redact, envelopes[0].value_warnings)),
    )


def parse_error(response: Response, context: RequestContext) -> AyrframeError:
    """Return the error that a response reports."""
    fields = _decode_fields(response.body) or {}
    error_body = find_error_body(fields)
    if error_body is None:
        message = fields.get("message")
        error_body = ErrorBody(message=message if isinstance(message, str) else "")
    return to_exception(response, error_body, context)


def _unexpected_status_error(response: Response, context: RequestContext) -> AyrframeError:
    status, location = response.status, response.headers.get("location", "")
    error: AyrframeError
    if status in _REDIRECT_STATUSES and location:
        host = printable(context.redact(_redirect_host(location)))
        error = TransportError(
            f"{context}: the server redirects to {host} (HTTP {status}). Redirects are not followed, to protect the "
            "keys: set `base_url` to the address of the API."
        )
    else:
        error = ResponseError(f"{context}: expected HTTP 200, got HTTP {status}. Check `base_url`.")
    error.status = status
    return error


def _redirect_host(location: str) -> str:
    try:
        return urlsplit(location).hostname or "another address of the same host"
    except ValueError:
        return "an unreadable address"


def _has_posts(fields: dict[str, Any]) -> bool:
    """Return whether `posts` contains at least one post; error records without an id do not count."""
    posts = fields.get("posts")
    return isinstance(posts, list) and any(
        not isinstance(post, dict) or post.get("status") != ERROR_STATUS or "id" in post for post in posts
    )


def collect_warnings(
    problems: Iterable[str], fields: dict[str, Any], response: Response, context: RequestContext
) -> tuple[str, ...]:
    """Return all warnings about a response: these problems, those in its fields, and those about its transfer."""
    source = f"the response for {context}"
    warnings = [*problems, *_response_warnings(fields, source)]
    warnings += [f"In {source}: {warning}." for warning in response.warnings]
    redacted = (context.redact(warning) for warning in warnings)
    return tuple(warning[:1].upper() + warning[1:] for warning in redacted)


def _response_warnings(fields: dict[str, Any], source: str) -> list[str]:
    entries = fields.get("warning", fields.get("warnings"))
    entry_list = entries if isinstance(entries, list) else [entries]
    messages = [entry.get("message") if isinstance(entry, dict) else entry for entry in entry_list[:5]]
    return [f"{source} contains a warning: {printable(message)!r}." for message in messages if isinstance(message, str)]


def _decode_fields(body: bytes) -> dict[str, Any] | None:
    """Return the decoded fields of a JSON object; None if the body is not a JSON object."""
    try:
        text = check_body(body, "the response")
        fields = object_decoder.decode(text if is_json(text) else repair_json(text)[0])
        return {name: _decode_first_posts(raw) if name == "posts" else decode_json(raw) for name, raw in fields.items()}
    except (*JSON_ERRORS, ResponseError, ValueError):
        return None


def _decode_first_posts(raw: msgspec.Raw) -> Any:
    """Decode `posts` up to the first valid post, which is enough for `_has_posts`; pages are long."""
    if bytes(memoryview(raw)[:1]) != b"[":
        return decode_json(raw)
    posts: list[Any] = []
    for item in list_decoder.decode(raw):
        posts.append(decode_json(item))
        if _has_posts({"posts": posts[-1:]}):
            break
    return posts


def _is_truncated(body: bytes) -> bool:
    """Return whether a body is the beginning of a longer JSON text."""
    try:
        value_decoder.decode(body)
    except (RecursionError, msgspec.DecodeError) as error:
        return "truncated" in str(error)
    return False
