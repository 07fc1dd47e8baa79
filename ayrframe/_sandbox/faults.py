"""Change responses by fault rules, applied in the order in which they were added."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from inspect import Parameter, signature
from typing import Any

from ayrframe._platforms import PLATFORMS
from ayrframe._sandbox.cursor import parse_cursor
from ayrframe._sandbox.messages import ERROR_MESSAGES, RecordedRequest, SandboxResponse, error_response
from ayrframe.errors import check_number, describe, quote, suggest

FaultEffect = Callable[[RecordedRequest, SandboxResponse], SandboxResponse]

_UNDECLARED_FIELDS = {"sandboxDrift": {"since": "2026-02-01", "values": [1, 2.5, None]}}


@dataclass(slots=True)
class FaultRule:
    """An effect and its requests: of those that match, the first `after` are skipped, the next `times` are changed."""

    effect: FaultEffect
    times: int | None
    after: int
    platform: str | None
    profile: str | None
    when: Callable[[RecordedRequest], bool] | None
    matched: int = 0

    def apply(self, request: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        """Return the response to this request, changed if the rule applies; count the request if it matches."""
        if (
            self.platform not in (None, request.platform)
            or self.profile not in (None, request.profile)
            or (self.when is not None and not self.when(request))
        ):
            return response
        self.matched += 1
        applies = self.matched > self.after and (self.times is None or self.matched <= self.after + self.times)
        return self.effect(request, response) if applies else response


def make_effect(kind: str, value: Any, options: Mapping[str, Any]) -> FaultEffect:
    """Return the effect of a kind of fault.

    Raises
    ------
    ValueError
        If the kind is unknown.
    TypeError
        If the kind does not have an option, or the value is of the wrong type.
    """
    if not isinstance(kind, str):
        raise TypeError(f"`kind` must be a str, got {describe(kind)}.")
    if kind not in FAULT_KINDS:
        similar, kinds = suggest(kind, FAULT_KINDS), ", ".join(FAULT_KINDS)
        raise ValueError(f"Unknown kind of fault {quote(kind)}.{similar} Choose from: {kinds}.")
    parameters = dict(signature(FAULT_KINDS[kind]).parameters)
    _check_value(value, kind, parameters.pop("value", None))
    for name in options:
        if name not in parameters:
            names = ", ".join(parameters) or "none"
            raise TypeError(
                f"The fault {kind!r} has no option {quote(name)}.{suggest(name, parameters)} Its options: {names}."
            )
    return FAULT_KINDS[kind](**({} if value is None else {"value": value}), **options)


def _check_value(value: object, kind: str, parameter: Parameter | None) -> None:
    """Raise a TypeError or ValueError if the value of a fault does not fit the declared parameter, if there is one."""
    if parameter is None:
        if value is not None:
            raise TypeError(f"The fault {kind!r} has no value, got {describe(value)}.")
        return
    if value is None and parameter.default is not Parameter.empty:
        return
    if isinstance(parameter.default, int | float):
        check_number(value, "value", 0, integer=isinstance(parameter.default, int))
    elif not isinstance(value, Mapping):
        raise TypeError(f"`value` of the fault {kind!r} must be a dict, got {describe(value)}.")


def _add_latency(value: float = 1.0) -> FaultEffect:
    return lambda _, response: replace(response, delay=response.delay + value)


def _replace_status(
    value: int = 500, *, body: str | bytes | Mapping[str, Any] | None = None, retry_after: object = None
) -> FaultEffect:
    if body is None:
        body = error_response(value, ERROR_MESSAGES.get(value, "Ayrshare internal error")).fields
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    content = text.encode() if isinstance(text, str) else text
    headers = {"Content-Type": "text/html; charset=utf-8"} if content.lstrip()[:1] == b"<" else {}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return lambda _, response: replace(response, status=value, body=content, headers={**response.headers, **headers})


def _change_headers(value: Mapping[str, str | None]) -> FaultEffect:
    return lambda _, response: replace(
        response, headers={name: text for name, text in {**response.headers, **value}.items() if text is not None}
    )


def _cut_body(value: float = 0.5) -> FaultEffect:
    return lambda _, response: replace(response, body_share=value)


def _add_fields(value: Mapping[str, Any] = _UNDECLARED_FIELDS) -> FaultEffect:
    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        if response.blocks is not None:
            platform, blocks = response.blocks
            changed = [{**block, "analytics": {**block["analytics"], **value}} for block in blocks]
            return _with_fields(response, **{platform: changed})
        posts = response.posts
        return response if posts is None else _with_fields(response, posts=[{**post, **value} for post in posts])

    return effect


def _posts_with_error(value: int = 400, *, status: str = "error") -> FaultEffect:
    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        error = error_response(value, "Error getting analytics", 187, "analytics").fields
        if response.blocks is not None:
            platform, (*found, missing) = response.blocks
            errors = [{**error, "platform": platform, "id": missing["id"]}]
            return replace(_with_fields(response, status=status, errors=errors, **{platform: found}), status=value)
        if not response.posts:
            return response
        *valid, failed = response.posts
        return replace(
            _with_fields(response, status=status, posts=[*valid, {"id": failed["id"], **error}]), status=value
        )

    return effect


def _partial_success(value: int = 200) -> FaultEffect:
    return _posts_with_error(value, status="partial")


def _drop_analytics(value: int = 1) -> FaultEffect:
    """Leave out the analytics of the last `value` posts of a batch."""

    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        if response.blocks is None:
            return response
        platform, blocks = response.blocks
        return _with_fields(response, **{platform: blocks[: max(len(blocks) - value, 0)]})

    return effect


def _foreign_posts(value: int = 1) -> FaultEffect:
    """Send the analytics of the last `value` posts of a batch as those of another account, with zeros."""

    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        platform, blocks = response.blocks or ("", [])
        zeros = PLATFORMS[platform].unmeasured_zeros if platform else None
        if zeros is None:
            return response
        kept = max(len(blocks) - value, 0)
        account = {zeros.account: "Another account"}
        foreign = [{**block, "analytics": {**_zero_numbers(block["analytics"]), **account}} for block in blocks[kept:]]
        return _with_fields(response, **{platform: [*blocks[:kept], *foreign]})

    return effect


def _zero_numbers(analytics: Mapping[str, Any]) -> dict[str, Any]:
    return {name: 0 if type(value) in (int, float) else value for name, value in analytics.items()}


def _loop_cursors(value: int = 1) -> FaultEffect:
    """Return to the first cursor after `value` cursors were requested: 1 gives A → A, 2 gives A → B → A."""
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
    """Repeat the last `value` posts of each page on the next one, which still has at least one new post."""

    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        following = parse_cursor(_response_pagination(response).get("next", ""))
        if following is None or response.start is None:
            return response
        remaining = min(following.remaining + value, response.start.remaining - 1)
        return _with_next_cursor(response, str(replace(following, remaining=remaining)))

    return effect


def _insert_empty_pages(value: int = 1) -> FaultEffect:
    """Insert `value` pages without posts, with a cursor to the next page, before each page."""

    def effect(_: RecordedRequest, response: SandboxResponse) -> SandboxResponse:
        start = response.start
        if start is None or start.repeat >= value:
            return response
        return _with_fields(_with_next_cursor(response, str(replace(start, repeat=start.repeat + 1))), posts=[])

    return effect


def _remove_pagination() -> FaultEffect:
    return lambda _, response: replace(
        response, fields={name: value for name, value in response.fields.items() if name != "meta"}
    )


def _with_fields(response: SandboxResponse, **fields: Any) -> SandboxResponse:
    return replace(response, fields={**response.fields, **fields})


def _response_pagination(response: SandboxResponse) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = response.fields.get("meta", {}).get("pagination", {})
    return fields


def _with_next_cursor(response: SandboxResponse, next_cursor: str) -> SandboxResponse:
    limit = _response_pagination(response).get("limit")
    return _with_fields(response, meta={"pagination": {"hasMore": True, "next": next_cursor, "limit": limit}})


FAULT_KINDS: Mapping[str, Callable[..., FaultEffect]] = {
    "latency": _add_latency,
    "status": _replace_status,
    "headers": _change_headers,
    "cut": _cut_body,
    "drift": _add_fields,
    "beside_error": _posts_with_error,
    "partial": _partial_success,
    "absent": _drop_analytics,
    "foreign": _foreign_posts,
    "loop": _loop_cursors,
    "overlap": _overlap_pages,
    "empty": _insert_empty_pages,
    "no_cursor": _remove_pagination,
}
