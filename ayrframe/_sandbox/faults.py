"""Ways to misbehave: a list of rules, cursor one after the other, each of which may change the answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ayrframe._platforms import find_platform
from ayrframe._sandbox.cursor import Cursor, parse_cursor
from ayrframe._sandbox.messages import (
    ANALYTICS_FAILED,
    ERROR_MESSAGES,
    RecordedRequest,
    SandboxResponse,
    error_response,
)

FaultEffect = Callable[[RecordedRequest, SandboxResponse], SandboxResponse]

_UNDECLARED_FIELDS = {"sandboxDrift": {"since": "2026-02-01", "values": [1, 2.5, None]}}


@dataclass(slots=True)
class FaultRule:
    """An effect, and which requests it is for: after the first `after` that fit, `times` of them."""

    effect: FaultEffect
    times: int | None
    after: int
    platform: str | None
    profile: str | None
    when: Callable[[RecordedRequest], bool] | None
    matched: int = 0

    def applies_to(self, request: RecordedRequest) -> bool:
        """Tell whether this request is meant, and count it."""
        matches = (
            self.platform in (None, request.platform)
            and self.profile in (None, request.profile)
            and (self.when is None or self.when(request))
        )
        if not matches:
            return False
        self.matched += 1
        return self.matched > self.after and (self.times is None or self.matched <= self.after + self.times)


@dataclass(slots=True)
class FaultRules:
    """All rules, the oldest first."""

    rules: list[FaultRule] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        effect: FaultEffect,
        *,
        times: int | None,
        after: int,
        platform: str | None,
        profile: str | None,
        when: Callable[[RecordedRequest], bool] | None,
    ) -> None:
        """Put a rule behind the others."""
        name = None if platform is None else find_platform(platform).name
        with self.lock:
            self.rules.append(FaultRule(effect, times, after, name, profile, when))

    def clear(self) -> None:
        """Forget all rules."""
        with self.lock:
            self.rules.clear()

    def apply(self, request: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        """Return the answer as the rules leave it."""
        with self.lock:
            for rule in self.rules:
                if rule.applies_to(request):
                    response = rule.effect(request, response)
        return response


def make_effect(kind: str, value: Any, options: Mapping[str, Any]) -> FaultEffect:
    """Return what a kind of misbehaviour does; a ValueError names all there are."""
    if kind not in FAULT_KINDS:
        raise ValueError(f"{str(kind)[:40]!r} is no way to misbehave. There are: {', '.join(FAULT_KINDS)}.")
    return FAULT_KINDS[kind](**({} if value is None else {"value": value}), **options)


def _add_latency(value: float = 1.0) -> FaultEffect:
    return lambda _, response: replace(response, delay=response.delay + value)


def _replace_status(
    value: int = 500, *, body: str | bytes | Mapping[str, Any] | None = None, retry_after: object = None
) -> FaultEffect:
    if body is None:
        body = error_response(value, ERROR_MESSAGES.get(value, "Ayrshare internal error")).fields
    if not isinstance(body, bytes):
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
    content = body
    content_type = {"Content-Type": "text/html; charset=utf-8"} if content.lstrip()[:1] == b"<" else {}
    new_headers = content_type if retry_after is None else {**content_type, "Retry-After": str(retry_after)}
    return lambda _, response: replace(
        response, status=value, body=content, headers={**response.headers, **new_headers}
    )


def _change_headers(value: Mapping[str, str | None]) -> FaultEffect:
    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        headers = {**response.headers, **value}
        return replace(response, headers={name: text for name, text in headers.items() if text is not None})

    return effect


def _cut_body(value: float = 0.5) -> FaultEffect:
    return lambda _, response: replace(response, body_share=value)


def _add_fields(value: Mapping[str, Any] = _UNDECLARED_FIELDS) -> FaultEffect:
    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        posts = response.posts
        return response if posts is None else _with_fields(response, posts=[{**post, **value} for post in posts])

    return effect


def _posts_with_error(value: int = 400, *, status: str = "error") -> FaultEffect:
    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        if not response.posts:
            return response
        *valid, failed = response.posts
        record = {
            "id": failed["id"],
            **error_response(value, "Error getting analytics", ANALYTICS_FAILED, "analytics").fields,
        }
        return replace(_with_fields(response, status=status, posts=[*valid, record]), status=value)

    return effect


def _partial_success(value: int = 200) -> FaultEffect:
    return _posts_with_error(value, status="partial")


def _loop_cursors(value: int = 1) -> FaultEffect:
    """Lead back to the first cursor as soon as so many were cursor for: 1 gives A → A, 2 gives A → B → A."""
    cursors_by_history: dict[tuple[object, ...], list[str]] = {}

    def effect(request: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        cursor = request.query.get("next")
        if cursor is None or response.posts is None:
            return response
        cursors = cursors_by_history.setdefault((request.profile, request.platform), [])
        if cursor not in cursors:
            cursors.append(cursor)
        return _with_next_cursor(response, cursors[0]) if cursors.index(cursor) >= value - 1 else response

    return effect


def _overlap_pages(value: int = 2) -> FaultEffect:
    """Let each page begin with so many posts of the one before; a page always brings at least one that is new."""

    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        next_cursor = parse_cursor(_pagination_fields(response).get("next", ""))
        if next_cursor is None or response.start is None:
            return response
        return _with_next_cursor(
            response,
            str(replace(next_cursor, remaining=min(next_cursor.remaining + value, response.start.remaining - 1))),
        )

    return effect


def _insert_empty_pages(value: int = 1) -> FaultEffect:
    """Give a page without posts, and a cursor to the posts it should have had; so many such pages in a row."""

    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        start = response.start
        if start is None or start.repeat >= value:
            return response
        return _with_fields(
            _with_next_cursor(response, str(Cursor(start.history, start.remaining, start.repeat + 1))), posts=[]
        )

    return effect


def _remove_pagination() -> FaultEffect:
    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        return replace(response, fields={name: value for name, value in response.fields.items() if name != "meta"})

    return effect


def _with_fields(response: SandboxResponse, **fields: Any) -> SandboxResponse:
    return replace(response, fields={**response.fields, **fields})


def _pagination_fields(response: SandboxResponse) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = response.fields.get("meta", {}).get("pagination", {})
    return fields


def _with_next_cursor(response: SandboxResponse, next_cursor: str) -> SandboxResponse:
    limit = _pagination_fields(response).get("limit")
    return _with_fields(response, meta={"pagination": {"hasMore": True, "next": next_cursor, "limit": limit}})


FAULT_KINDS: Mapping[str, Callable[..., FaultEffect]] = {
    "latency": _add_latency,
    "status": _replace_status,
    "headers": _change_headers,
    "cut": _cut_body,
    "drift": _add_fields,
    "beside_error": _posts_with_error,
    "partial": _partial_success,
    "loop": _loop_cursors,
    "overlap": _overlap_pages,
    "empty": _insert_empty_pages,
    "no_cursor": _remove_pagination,
}
