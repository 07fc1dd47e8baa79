"""Compute the documented API's response to a request, without HTTP and without faults."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Kind, Parameter, Platform
from ayrframe._sandbox.cursor import Cursor, parse_cursor
from ayrframe._sandbox.history import PRIMARY_PROFILE, SandboxProfile, SyntheticHistories, SyntheticPost
from ayrframe._sandbox.messages import (
    ERROR_MESSAGES,
    INVALID_PARAMETER,
    NO_HISTORY,
    NOT_LINKED,
    POST_NOT_FOUND,
    X_KEYS_MISSING,
    RefusedError,
    SandboxResponse,
    error_response,
)
from ayrframe._sandbox.synthetic.generators import format_time

ROOT_PATH = "/api"
RATE_WINDOW = 300.0
COMMON_PARAMETERS = (Parameter("limit", Kind.INTEGER), Parameter("next", Kind.ID))
_HISTORY_PATH = f"{ROOT_PATH}/history/"
_DEFAULT_LIMIT, _MAX_LIMIT = 10, 500
_BOOLEANS = {"true": True, "false": False}
# Posts of visitors on a page carry these fields. The samples contain none.
_VISITOR_POST_FIELDS = {"statusType": "wall_post"}


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """A parsed request; header names are in lower case, `profile` is None for invalid keys."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    profile: SandboxProfile | None

    @property
    def platform(self) -> Platform | None:
        """The requested platform; None if the path names no known platform."""
        return PLATFORMS.get(self.path.removeprefix(_HISTORY_PATH)) if self.path.startswith(_HISTORY_PATH) else None


class SandboxApi:
    """The API of all profiles of a sandbox."""

    def __init__(
        self, histories: SyntheticHistories, profiles: Sequence[SandboxProfile], secrets: Sequence[str], rate_limit: int
    ) -> None:
        """Store the profiles; `secrets` are the API key and the two X keys that requests must send."""
        self.histories, self.rate_limit = histories, rate_limit
        self._api_key, *self._x_keys = secrets
        self._profiles = {profile.key: profile for profile in profiles if profile.label != PRIMARY_PROFILE}
        self._primary = next(profile for profile in profiles if profile.label == PRIMARY_PROFILE)
        self._windows: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def find_profile(self, headers: Mapping[str, str]) -> SandboxProfile | None:
        """Return the profile that the keys of a request belong to; None if they are invalid."""
        if headers.get("authorization") != f"Bearer {self._api_key}":
            return None
        key = headers.get("profile-key")
        return self._primary if key is None else self._profiles.get(key)

    def respond(self, request: SandboxRequest) -> SandboxResponse:
        """Return the response to a request."""
        try:
            profile = self._authorize(request)
        except RefusedError as refusal:
            return refusal.response
        count = self._count_request(profile)
        limits = {"x-ratelimit-max": str(self.rate_limit), "x-ratelimit-count": str(count)}
        try:
            response = (
                self._history_response(request, profile)
                if count <= self.rate_limit
                else error_response(429, ERROR_MESSAGES[429])
            )
        except RefusedError as refusal:
            response = refusal.response
        return replace(response, headers=limits)

    def _authorize(self, request: SandboxRequest) -> SandboxProfile:
        if not request.path.startswith(_HISTORY_PATH) or "/" in request.path.removeprefix(_HISTORY_PATH):
            raise RefusedError(error_response(404, "Not found: the path must be /api/history/PLATFORM."))
        if request.method != "GET":
            raise RefusedError(
                replace(
                    error_response(405, f"Method {request.method[:40]} not allowed; use GET."), headers={"Allow": "GET"}
                )
            )
        if request.profile is None:
            known = request.headers.get("authorization") == f"Bearer {self._api_key}"
            raise RefusedError(
                error_response(403, "Profile Key not valid" if known else ERROR_MESSAGES[403], action="authorize")
            )
        return request.profile

    def _count_request(self, profile: SandboxProfile) -> int:
        """Count a request and return the profile's number of requests in the current five-minute window."""
        now = self.histories.clock.now()
        with self._lock:
            window_start, count = self._windows.get(profile.label, (now, 0))
            if now - window_start >= RATE_WINDOW:
                window_start, count = now, 0
            self._windows[profile.label] = window_start, count + 1
        return count + 1

    def _history_response(self, request: SandboxRequest, profile: SandboxProfile) -> SandboxResponse:
        platform = request.platform
        # The same path also accepts the id of a post, so an unknown platform is reported as an unknown post.
        if platform is None:
            raise RefusedError(error_response(404, "Post ID not found.", POST_NOT_FOUND, "history"))
        required = platform.headers
        if required and [request.headers.get(name.lower()) for name in required] != self._x_keys:
            message = f"x_credentials_required: send {' and '.join(required)}."
            raise RefusedError(error_response(400, message, X_KEYS_MISSING, "history"))
        if platform.name not in profile.post_counts:
            raise RefusedError(
                error_response(400, f"{platform.title} is not linked to this profile.", NOT_LINKED, "history")
            )
        return self._page_response(platform, profile, _parse_parameters(platform, request))

    def _page_response(self, platform: Platform, profile: SandboxProfile, values: Mapping[str, Any]) -> SandboxResponse:
        user = values.get("userId") or values.get("userName") or ""
        history = self.histories.history(profile, platform, user)
        name = _short_hash(profile.seed, profile.label, platform.name, user)
        start = values.get("next") or Cursor(name, len(history.posts))
        if start.history != name:
            raise _invalid_parameter("next", "is not a cursor of this history")
        # Posts are newest first, but a cursor counts from the oldest post, so that new posts do not move it.
        remaining = min(start.remaining, len(history.posts))
        older = zip(range(remaining - 1, -1, -1), history.posts[len(history.posts) - remaining :], strict=True)
        selected = [(index, post) for index, post in older if _is_selected(platform, post, values)]
        limit = values.get("limit", _DEFAULT_LIMIT)
        page, has_more = selected[:limit], len(selected) > limit
        if not page and "next" not in values:
            raise RefusedError(_no_posts_response())
        pagination = {"hasMore": has_more, "next": str(Cursor(name, page[-1][0])), "limit": limit} if has_more else None
        fields = {
            "status": "success",
            "posts": [_selected_fields(post, values) for _, post in page],
            "lastUpdated": format_time(history.read_at, milliseconds=True),
            "nextUpdate": format_time(history.read_at + self.histories.refresh, milliseconds=True),
            "meta": {"pagination": pagination or {"hasMore": False, "limit": limit}},
        }
        return SandboxResponse(fields=fields, start=start)


def _no_posts_response() -> SandboxResponse:
    """Return the error that the API sends for an empty history: nested, as in recorded responses."""
    error = error_response(400, "History not found.", NO_HISTORY, "history")
    return replace(error, fields={"status": "error", "history": error.fields})


def _short_hash(*parts: object) -> str:
    return hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=6).hexdigest()


# Request parameters.
def _parse_parameters(platform: Platform, request: SandboxRequest) -> dict[str, Any]:
    """Parse and validate the query parameters of a request."""
    known = {parameter.api_name: parameter for parameter in (*COMMON_PARAMETERS, *platform.parameters)}
    values: dict[str, Any] = {}
    for name, text in request.query.items():
        if name not in known:
            raise _invalid_parameter(name, f"is not supported for {platform.name}")
        if known[name].primary_only and "profile-key" in request.headers:
            raise _invalid_parameter(name, "requires the API key without a Profile-Key header")
        values[name] = _PARSERS[known[name].kind](known[name], text)
    return values


def _invalid_parameter(name: str, problem: str) -> RefusedError:
    return RefusedError(error_response(400, f"The parameter {name[:40]} {problem}.", INVALID_PARAMETER, "history"))


def _parse_limit(parameter: Parameter, text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_MAX_LIMIT)) else 0
    if not 1 <= number <= _MAX_LIMIT:
        raise _invalid_parameter(parameter.api_name, f"must be an integer from 1 to {_MAX_LIMIT}")
    return number


def _parse_next(parameter: Parameter, text: str) -> Cursor:
    if cursor := parse_cursor(text):
        return cursor
    raise _invalid_parameter(parameter.api_name, "is not a valid cursor")


def _parse_boolean(parameter: Parameter, text: str) -> bool:
    if text not in _BOOLEANS:
        raise _invalid_parameter(parameter.api_name, "must be true or false")
    return _BOOLEANS[text]


def _parse_date(parameter: Parameter, text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise _invalid_parameter(parameter.api_name, "must be a date such as 2026-03-17")


def _parse_text(parameter: Parameter, text: str) -> str:
    if not text or (parameter.values and text not in parameter.values):
        raise _invalid_parameter(parameter.api_name, f"must be {' or '.join(parameter.values) or 'a non-empty text'}")
    return text


_PARSERS: Mapping[Kind, Callable[[Parameter, str], Any]] = {
    Kind.INTEGER: _parse_limit,
    Kind.ID: _parse_next,
    Kind.BOOLEAN: _parse_boolean,
    Kind.TIME: _parse_date,
    Kind.TEXT: _parse_text,
}


# Selection of posts.
def _is_story(platform: Platform, post: SyntheticPost) -> bool:
    stories = [form.values for form in platform.formats if form.name == "story" and form.values]
    return any(all(post.get(path) == value for path, value in values.items()) for values in stories)


_FILTERS: Mapping[str, Callable[[Platform, SyntheticPost, Any], bool]] = {
    "since": lambda _, post, day: post["created"][:10] >= day,
    "until": lambda _, post, day: post["created"][:10] <= day,
    "dataType": lambda platform, post, kind: _is_story(platform, post) == (kind == "stories"),
    "pagePublished": lambda _, post, own_only: not own_only or not _VISITOR_POST_FIELDS.items() <= post.items(),
}


def _is_selected(platform: Platform, post: SyntheticPost, values: Mapping[str, Any]) -> bool:
    return all(select(platform, post, values[name]) for name, select in _FILTERS.items() if name in values)


def _selected_fields(post: SyntheticPost, values: Mapping[str, Any]) -> SyntheticPost:
    return {"id": post["id"]} if values.get("skipAnalytics") else post
