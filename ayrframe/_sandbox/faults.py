"""Ways to misbehave: a list of rules, asked one after the other, each of which may change the answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ayrframe._platforms import find_platform
from ayrframe._sandbox.cursor import Cursor, parse_cursor
from ayrframe._sandbox.messages import ANALYTICS, MESSAGES, RecordedRequest, SandboxResponse, error_response

FaultEffect = Callable[[RecordedRequest, SandboxResponse], SandboxResponse]

_DRIFT = {"sandboxDrift": {"since": "2026-02-01", "values": [1, 2.5, None]}}


@dataclass(slots=True)
class FaultRule:
    """An effect, and which requests it is for: after the first `after` that fit, `times` of them."""

    effect: FaultEffect
    times: int | None
    after: int
    platform: str | None
    profile: str | None
    when: Callable[[RecordedRequest], bool] | None
    seen: int = 0

    def takes(self, request: RecordedRequest) -> bool:
        """Tell whether this request is meant, and count it."""
        wanted = (
            self.platform in (None, request.platform)
            and self.profile in (None, request.profile)
            and (self.when is None or self.when(request))
        )
        if not wanted:
            return False
        self.seen += 1
        return self.seen > self.after and (self.times is None or self.seen <= self.after + self.times)


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

    def changed(self, request: RecordedRequest, answer: SandboxResponse) -> SandboxResponse:
        """Return the answer as the rules leave it."""
        with self.lock:
            for rule in self.rules:
                if rule.takes(request):
                    answer = rule.effect(request, answer)
        return answer


def make_effect(kind: str, value: Any, options: Mapping[str, Any]) -> FaultEffect:
    """Return what a kind of misbehaviour does; a ValueError names all there are."""
    if kind not in KINDS:
        raise ValueError(f"{str(kind)[:40]!r} is no way to misbehave. There are: {', '.join(KINDS)}.")
    return KINDS[kind](**({} if value is None else {"value": value}), **options)


def _latency(value: float = 1.0) -> FaultEffect:
    return lambda _, answer: replace(answer, delay=answer.delay + value)


def _status(
    value: int = 500, *, body: str | bytes | Mapping[str, Any] | None = None, retry_after: object = None
) -> FaultEffect:
    if body is None:
        body = error_response(value, MESSAGES.get(value, "Ayrshare internal error")).fields
    if not isinstance(body, bytes):
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
    content = body
    kind = {"Content-Type": "text/html; charset=utf-8"} if content.lstrip()[:1] == b"<" else {}
    more = kind if retry_after is None else {**kind, "Retry-After": str(retry_after)}
    return lambda _, answer: replace(answer, status=value, body=content, headers={**answer.headers, **more})


def _headers(value: Mapping[str, str | None]) -> FaultEffect:
    def effect(_: RecordedRequest, answer: SandboxResponse) -> SandboxResponse:
        headers = {**answer.headers, **value}
        return replace(answer, headers={name: text for name, text in headers.items() if text is not None})

    return effect


def _cut(value: float = 0.5) -> FaultEffect:
    return lambda _, answer: replace(answer, share=value)


def _drift(value: Mapping[str, Any] = _DRIFT) -> FaultEffect:
    def effect(_: RecordedRequest, answer: SandboxResponse) -> SandboxResponse:
        posts = answer.posts
        return answer if posts is None else _with(answer, posts=[{**post, **value} for post in posts])

    return effect


def _beside_error(value: int = 400, *, status: str = "error") -> FaultEffect:
    def effect(_: RecordedRequest, answer: SandboxResponse) -> SandboxResponse:
        if not answer.posts:
            return answer
        *good, failed = answer.posts
        record = {"id": failed["id"], **error_response(value, "Error getting analytics", ANALYTICS, "analytics").fields}
        return replace(_with(answer, status=status, posts=[*good, record]), status=value)

    return effect


def _partial(value: int = 200) -> FaultEffect:
    return _beside_error(value, status="partial")


def _loop(value: int = 1) -> FaultEffect:
    """Lead back to the first cursor as soon as so many were asked for: 1 gives A → A, 2 gives A → B → A."""
    walked: dict[tuple[object, ...], list[str]] = {}

    def effect(request: RecordedRequest, answer: SandboxResponse) -> SandboxResponse:
        asked = request.query.get("next")
        if asked is None or answer.posts is None:
            return answer
        path = walked.setdefault((request.profile, request.platform), [])
        if asked not in path:
            path.append(asked)
        return _to(answer, path[0]) if path.index(asked) >= value - 1 else answer

    return effect


def _overlap(value: int = 2) -> FaultEffect:
    """Let each page begin with so many posts of the one before; a page always brings at least one that is new."""

    def effect(_: RecordedRequest, answer: SandboxResponse) -> SandboxResponse:
        following = parse_cursor(_pagination(answer).get("next", ""))
        if following is None or answer.start is None:
            return answer
        return _to(answer, str(replace(following, left=min(following.left + value, answer.start.left - 1))))

    return effect


def _empty(value: int = 1) -> FaultEffect:
    """Give a page without posts, and a cursor to the posts it should have had; so many such pages in a row."""

    def effect(_: RecordedRequest, answer: SandboxResponse) -> SandboxResponse:
        start = answer.start
        if start is None or start.turn >= value:
            return answer
        return _with(_to(answer, str(Cursor(start.history, start.left, start.turn + 1))), posts=[])

    return effect


def _no_cursor() -> FaultEffect:
    def effect(_: RecordedRequest, answer: SandboxResponse) -> SandboxResponse:
        return replace(answer, fields={name: value for name, value in answer.fields.items() if name != "meta"})

    return effect


def _with(answer: SandboxResponse, **fields: Any) -> SandboxResponse:
    return replace(answer, fields={**answer.fields, **fields})


def _pagination(answer: SandboxResponse) -> Mapping[str, Any]:
    found: Mapping[str, Any] = answer.fields.get("meta", {}).get("pagination", {})
    return found


def _to(answer: SandboxResponse, following: str) -> SandboxResponse:
    limit = _pagination(answer).get("limit")
    return _with(answer, meta={"pagination": {"hasMore": True, "next": following, "limit": limit}})


KINDS: Mapping[str, Callable[..., FaultEffect]] = {
    "latency": _latency,
    "status": _status,
    "headers": _headers,
    "cut": _cut,
    "drift": _drift,
    "beside_error": _beside_error,
    "partial": _partial,
    "loop": _loop,
    "overlap": _overlap,
    "empty": _empty,
    "no_cursor": _no_cursor,
}
