"""What a whole response is: a history, a refusal in one of Ayrshare's shapes, or neither of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import msgspec

from ayrframe._api.error_codes import (
    EMPTY_HISTORY_CODE,
    FAILED,
    ErrorReply,
    body_text,
    find_error,
    is_html,
    to_exception,
)
from ayrframe._api.models import Failure, FailureKind, Response
from ayrframe._decode.envelope import Envelope, parse_envelopes
from ayrframe._decode.json import JSON_ERRORS, check_body, list_decoder, object_decoder, value_decoder
from ayrframe._platforms.spec import Platform
from ayrframe.errors import AyrframeError, ResponseError, TransportError, printable

OK, REFUSED = 200, 400
_MAY_HOLD_A_HISTORY = (200, 400, 404)
_REDIRECTS = frozenset({300, 301, 302, 303, 305, 307, 308})


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What a request was for, to name it in errors; `scrub` takes the keys out of a text."""

    platform: Platform
    page: int
    scrub: Callable[[str], str]

    @property
    def where(self) -> str:
        """The words that an error begins with."""
        return self.platform.title + (f", page {self.page}" if self.page > 1 else "")


def parse_response(response: Response, asked: RequestContext) -> Envelope | AyrframeError | Failure:
    """Return the history, the error that this is instead, or a failure of the wire that HTTP did not notice."""
    if response.status in _MAY_HOLD_A_HISTORY:
        return _history(response, asked)
    return _refusal(response, asked) if response.status >= REFUSED else _neither(response, asked)


def _history(response: Response, asked: RequestContext) -> Envelope | AyrframeError | Failure:
    try:
        return _read(response, asked)
    except ResponseError as problem:
        text, code = str(problem), problem.code
    if not response.framed and _broken_off(response.body):
        return Failure(FailureKind.DAMAGED, f"the reply broke off after {len(response.body):,} bytes")
    if response.status != OK:
        return _refusal(response, asked)
    if is_html(response.body):
        title = printable(asked.scrub(body_text(response.body)))
        text = f"{asked.where}: the reply is a web page instead of JSON, titled {title!r}. "
        text += "A portal or a proxy may be in the way, or base_url is wrong."
    error = ResponseError(asked.scrub(text))
    error.status, error.code = response.status, code
    return error


def _read(response: Response, asked: RequestContext) -> Envelope | AyrframeError:
    source = f"the reply for {asked.where}"
    fields = _fields(response.body)
    if fields is None and response.status != OK:
        return _refusal(response, asked)
    if fields is not None and not _has_posts(fields):
        said = find_error(fields)
        if said and said.code == EMPTY_HISTORY_CODE:
            return Envelope([], {name: value for name, value in fields.items() if name != "posts"})
        if response.status != OK or (said and said.status == FAILED):
            return _refusal(response, asked)
    found = parse_envelopes(response.body, source)
    # A file may hold a bare list, one post, or a reply a line; over the wire only an envelope is an answer.
    if fields is None or len(found) != 1 or not fields.keys() & {"posts", "status"}:
        raise ResponseError(f"Cannot read {source}: it is JSON, but not the envelope {{'posts': [...]}} of a history.")
    notes = (*found[0].notes, *_warnings(fields, source), *(f"About {source}: {note}." for note in response.notes))
    return replace(found[0], notes=tuple(asked.scrub(note) for note in notes))


def _refusal(response: Response, asked: RequestContext) -> AyrframeError:
    fields = _fields(response.body)
    said = find_error(fields) if fields else None
    if said is None and fields and isinstance(fields.get("message"), str):
        said = ErrorReply(message=fields["message"])
    return to_exception(
        response.status, said, response.body, network=asked.platform.title, where=asked.where, scrub=asked.scrub
    )


def _neither(response: Response, asked: RequestContext) -> AyrframeError:
    status, target = response.status, response.headers.get("location", "")
    error: AyrframeError
    if status in _REDIRECTS and target:
        error = TransportError(
            f"{asked.where}: the server redirects to {printable(asked.scrub(_host(target)))} (HTTP {status}). "
            "Redirects are not followed, because the keys would go along: set base_url to where the API is."
        )
    else:
        error = ResponseError(f"{asked.where}: the server answered HTTP {status}, which is no history.")
    error.status = status
    return error


def _host(target: str) -> str:
    try:
        return urlsplit(target).hostname or "another address of the same host"
    except ValueError:
        return "an unreadable address"


def _has_posts(fields: dict[str, Any]) -> bool:
    """Tell whether there is at least one post; a mere record of an error that names no post is none."""
    posts = fields.get("posts")
    return isinstance(posts, list) and any(
        not isinstance(post, dict) or post.get("status") != FAILED or "id" in post for post in posts
    )


def _warnings(fields: dict[str, Any], source: str) -> list[str]:
    entries = fields.get("warning", fields.get("warnings"))
    listed = entries if isinstance(entries, list) else [entries]
    said = [entry.get("message") if isinstance(entry, dict) else entry for entry in listed[:5]]
    return [f"{source} carries a warning: {printable(message)!r}." for message in said if isinstance(message, str)]


def _fields(body: bytes) -> dict[str, Any] | None:
    """Return the fields of a JSON object, decoded; None if it is none."""
    try:
        fields = object_decoder.decode(check_body(body, "the reply"))
        return {name: _posts(raw) if name == "posts" else msgspec.json.decode(raw) for name, raw in fields.items()}
    except (*JSON_ERRORS, ResponseError, ValueError):
        return None


def _posts(raw: msgspec.Raw) -> Any:
    """Return posts decoded up to the first that is one: that is enough to know, and pages are long."""
    if bytes(memoryview(raw)[:1]) != b"[":
        return msgspec.json.decode(raw)
    posts: list[Any] = []
    for item in list_decoder.decode(raw):
        posts.append(msgspec.json.decode(item))
        if _has_posts({"posts": posts[-1:]}):
            break
    return posts


def _broken_off(body: bytes) -> bool:
    """Tell whether this is the beginning of a JSON text and not all of it."""
    try:
        value_decoder.decode(body)
    except RecursionError:
        return False
    except msgspec.DecodeError as error:
        return "truncated" in str(error)
    return False
