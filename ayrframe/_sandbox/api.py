"""Compute the documented API's response to a request, without HTTP and without faults."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Kind, Parameter, Platform
from ayrframe._sandbox.accounts import accounts_response, requested_platforms
from ayrframe._sandbox.analytics import InvalidParameterError, parse_analytics_body
from ayrframe._sandbox.cursor import Cursor, parse_cursor
from ayrframe._sandbox.history import PRIMARY_PROFILE, SandboxProfile, SyntheticHistories, SyntheticPost
from ayrframe._sandbox.messages import ERROR_MESSAGES, SandboxResponse, error_response
from ayrframe._sandbox.synthetic.generators import format_time
from ayrframe._sandbox.synthetic.samples import with_times

ROOT_PATH = "/api"
RATE_WINDOW = 300.0
COMMON_PARAMETERS = (Parameter("limit", Kind.INTEGER), Parameter("next", Kind.ID))
_HISTORY_PATH = f"{ROOT_PATH}/history/"
_ACCOUNTS_PATH, _POST_ANALYTICS_PATH = f"{ROOT_PATH}/analytics/social", f"{ROOT_PATH}/analytics/post"
_DEFAULT_LIMIT, _MAX_LIMIT = 10, 500
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
    body: bytes = b""

    @property
    def platform(self) -> Platform | None:
        """The requested platform; None if the request names no known platform, or several."""
        if self.path in (_ACCOUNTS_PATH, _POST_ANALYTICS_PATH):
            names = requested_platforms(self.body)
            return PLATFORMS.get(names[0]) if len(names) == 1 else None
        return PLATFORMS.get(self.path.removeprefix(_HISTORY_PATH)) if self.path.startswith(_HISTORY_PATH) else None

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of a JSON body; other bodies have none."""
        try:
            fields = json.loads(self.body)
        except ValueError:
            return {}
        return fields if isinstance(fields, dict) else {}


class SandboxApi:
    """The API of all profiles of a sandbox."""

    def __init__(
        self, histories: SyntheticHistories, profiles: Sequence[SandboxProfile], secrets: Sequence[str], rate_limit: int
    ) -> None:
        """Store the profiles; `secrets` are the API key and the two X keys that requests must send."""
        self.histories, self.rate_limit = histories, rate_limit
        self._api_key, *self._x_keys = secrets
        # The primary profile is that of requests without a Profile-Key.
        self._profiles = {None if profile.label == PRIMARY_PROFILE else profile.key: profile for profile in profiles}
        self._windows: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def find_profile(self, headers: Mapping[str, str]) -> SandboxProfile | None:
        """Return the profile that the keys of a request belong to; None if they are invalid."""
        return self._profiles.get(headers.get("profile-key")) if self._has_api_key(headers) else None

    def _has_api_key(self, headers: Mapping[str, str]) -> bool:
        return headers.get("authorization") == f"Bearer {self._api_key}"

    def respond(self, request: SandboxRequest) -> SandboxResponse:
        """Return the response to a request."""
        endpoint = self._find_endpoint(request.path)
        if endpoint is None:
            paths = "/api/history/PLATFORM, /api/analytics/post or /api/analytics/social"
            return error_response(404, f"Not found: the path must be {paths}.")
        method, action, respond = endpoint
        if request.method != method:
            error = error_response(405, f"Method {request.method[:40]} not allowed; use {method}.")
            return replace(error, headers={"Allow": method})
        if request.profile is None:
            message = "Profile Key not valid" if self._has_api_key(request.headers) else ERROR_MESSAGES[403]
            return error_response(403, message, action="authorize")
        count = self._count_request(request.profile)
        if count > self.rate_limit:
            response = error_response(429, ERROR_MESSAGES[429])
        else:
            try:
                response = respond(request, request.profile)
            except InvalidParameterError as error:
                response = error_response(400, str(error), 101, action)
        limits = {"x-ratelimit-max": str(self.rate_limit), "x-ratelimit-count": str(count)}
        return replace(response, headers=limits)

    def _find_endpoint(self, path: str) -> tuple[str, str, Callable[..., SandboxResponse]] | None:
        """Return the method of a path, its name in errors, and the function that responds; None for other paths."""
        if path == _ACCOUNTS_PATH:
            return "POST", "social", self._accounts_response
        if path == _POST_ANALYTICS_PATH:
            return "POST", "analytics", self._analytics_response
        if path.startswith(_HISTORY_PATH) and "/" not in path.removeprefix(_HISTORY_PATH):
            return "GET", "history", self._history_response
        return None

    def _accounts_response(self, request: SandboxRequest, profile: SandboxProfile) -> SandboxResponse:
        x_headers = PLATFORMS["twitter"].headers
        return accounts_response(
            request.body,
            self.histories,
            profile,
            has_x_keys=[request.headers.get(name.lower()) for name in x_headers] == self._x_keys,
            has_profile_key="profile-key" in request.headers,
        )

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
            return error_response(404, "Post ID not found.", 186, "history")
        error = self._access_error(platform, request, profile, 400, "history")
        return error or self._page_response(platform, profile, _parse_parameters(platform, request))

    def _analytics_response(self, request: SandboxRequest, profile: SandboxProfile) -> SandboxResponse:
        platform, post_ids = parse_analytics_body(request.fields)
        error = self._access_error(platform, request, profile, 419, "analytics")
        if error is not None:
            return error
        blocks, read_at = self.histories.analytics(profile, platform)
        next_update = read_at + self.histories.refresh
        found = [with_times(blocks[post_id], read_at, next_update) for post_id in post_ids if post_id in blocks]
        if not found or "searchPlatformId" not in request.fields:
            return error_response(404, "Post ID not found.", 186, "analytics")
        if "postIds" in request.fields:
            return SandboxResponse(fields={platform.name: found, "status": "success"})
        return SandboxResponse(fields={"status": "success", "id": post_ids[0], platform.name: found[0]})

    def _access_error(
        self, platform: Platform, request: SandboxRequest, profile: SandboxProfile, status: int, action: str
    ) -> SandboxResponse | None:
        """Return the error of a request without the keys for X, or for a platform that is not linked."""
        required = platform.headers
        if required and [request.headers.get(name.lower()) for name in required] != self._x_keys:
            return error_response(status, f"x_credentials_required: send {' and '.join(required)}.", 419, action)
        if platform.name not in profile.post_counts:
            return error_response(400, f"{platform.title} is not linked to this profile.", 156, action)
        return None

    def _page_response(self, platform: Platform, profile: SandboxProfile, values: Mapping[str, Any]) -> SandboxResponse:
        user = values.get("userId") or values.get("userName") or ""
        posts, read_at = self.histories.history(profile, platform, user)
        history = f"{profile.seed}/{profile.label}/{platform.name}/{user}"
        name = hashlib.blake2b(history.encode(), digest_size=6).hexdigest()
        start = values.get("next") or Cursor(name, len(posts))
        if start.history != name:
            raise InvalidParameterError("next", "is not a cursor of this history")
        # Posts are latest first, but a cursor counts from the oldest post, so that new posts do not move it.
        remaining = min(start.remaining, len(posts))
        older = zip(range(remaining - 1, -1, -1), posts[len(posts) - remaining :], strict=True)
        selected = [(index, post) for index, post in older if _is_selected(platform, post, values)]
        limit = values.get("limit", _DEFAULT_LIMIT)
        page, has_more = selected[:limit], len(selected) > limit
        if not page and "next" not in values:
            # Nested, as in recorded responses.
            error = error_response(400, "History not found.", 221, "history")
            return replace(error, fields={"status": "error", "history": error.fields})
        pagination = {"hasMore": has_more, "next": str(Cursor(name, page[-1][0])), "limit": limit} if has_more else None
        fields = {
            "status": "success",
            "posts": [{"id": post["id"]} if values.get("skipAnalytics") else post for _, post in page],
            "lastUpdated": format_time(read_at, milliseconds=True),
            "nextUpdate": format_time(read_at + self.histories.refresh, milliseconds=True),
            "meta": {"pagination": pagination or {"hasMore": False, "limit": limit}},
        }
        return SandboxResponse(fields=fields, start=start)


# Request parameters.
def _parse_parameters(platform: Platform, request: SandboxRequest) -> dict[str, Any]:
    """Parse and validate the query parameters of a request."""
    known = {parameter.api_name: parameter for parameter in (*COMMON_PARAMETERS, *platform.parameters)}
    values: dict[str, Any] = {}
    for name, text in request.query.items():
        if name not in known:
            raise InvalidParameterError(name, f"is not supported for {platform.name}")
        if known[name].primary_only and "profile-key" in request.headers:
            raise InvalidParameterError(name, "requires the API key without a Profile-Key header")
        parse, problem = _PARSERS[known[name].kind]
        values[name] = parse(text)
        if options := known[name].values:
            problem = f"must be {' or '.join(options)}"
        if values[name] is None or (options and text not in options):
            raise InvalidParameterError(name, problem)
    return values


def _parse_limit(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,3}", text) and 1 <= int(text) <= _MAX_LIMIT else None


def _parse_date(text: str) -> str | None:
    with contextlib.suppress(ValueError):
        if date.fromisoformat(text).isoformat() == text:
            return text
    return None


# By kind: the parser of a value, which returns None for an invalid one, and the problem to report then.
_PARSERS: Mapping[Kind, tuple[Callable[[str], Any], str]] = {
    Kind.INTEGER: (_parse_limit, f"must be an integer from 1 to {_MAX_LIMIT}"),
    Kind.ID: (parse_cursor, "is not a valid cursor"),
    Kind.BOOLEAN: ({"true": True, "false": False}.get, "must be true or false"),
    Kind.TIME: (_parse_date, "must be a date such as 2026-03-17"),
    Kind.TEXT: (lambda text: text or None, "must be a non-empty text"),
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
