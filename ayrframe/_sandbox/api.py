"""The documented API: a request in, an answer out. No HTTP server and no misbehaviour in here."""

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
    MESSAGES,
    NO_POSTS,
    NO_SUCH_POST,
    NOT_LINKED,
    PARAMETER,
    X_KEYS,
    RefusedError,
    SandboxResponse,
    error_response,
)
from ayrframe._sandbox.synthetic.generators import format_time

ROOT_PATH = "/api"
RATE_WINDOW = 300.0
COMMON_PARAMETERS = (Parameter("limit", Kind.INTEGER), Parameter("next", Kind.ID))
_HISTORY = f"{ROOT_PATH}/history/"
_PAGE, _LARGEST = 10, 500
_FLAGS = {"true": True, "false": False}
# What others leave on a page. The synthetic bakery has had no such visitor yet.
_OF_VISITORS = {"statusType": "wall_post"}


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """A request with its headers, their names in lower case; `profile` is None if the keys are refused."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    profile: SandboxProfile | None

    @property
    def platform(self) -> Platform | None:
        """The network that is asked for, if there is one of this name."""
        return PLATFORMS.get(self.path.removeprefix(_HISTORY)) if self.path.startswith(_HISTORY) else None


class SandboxApi:
    """Answers for all profiles."""

    def __init__(
        self, world: SyntheticHistories, profiles: Sequence[SandboxProfile], secrets: Sequence[str], rate_limit: int
    ) -> None:
        """Take the keys to come: that of the account, and the pair for X."""
        self.world, self.rate_limit = world, rate_limit
        self._api_key, *self._x_keys = secrets
        self._profiles = {profile.key: profile for profile in profiles if profile.label != PRIMARY_PROFILE}
        self._primary = next(profile for profile in profiles if profile.label == PRIMARY_PROFILE)
        self._windows: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def profile(self, headers: Mapping[str, str]) -> SandboxProfile | None:
        """Return whom the keys speak for; None if they are refused."""
        if headers.get("authorization") != f"Bearer {self._api_key}":
            return None
        key = headers.get("profile-key")
        return self._primary if key is None else self._profiles.get(key)

    def answer(self, asked: SandboxRequest) -> SandboxResponse:
        """Return the answer, whatever was asked."""
        try:
            profile = self._admitted(asked)
        except RefusedError as refused:
            return refused.answer
        count = self._counted(profile)
        limits = {"x-ratelimit-max": str(self.rate_limit), "x-ratelimit-count": str(count)}
        try:
            answer = self._history(asked, profile) if count <= self.rate_limit else error_response(429, MESSAGES[429])
        except RefusedError as refused:
            answer = refused.answer
        return replace(answer, headers=limits)

    def _admitted(self, asked: SandboxRequest) -> SandboxProfile:
        if not asked.path.startswith(_HISTORY) or "/" in asked.path.removeprefix(_HISTORY):
            raise RefusedError(error_response(404, "There is nothing at this address."))
        if asked.method != "GET":
            raise RefusedError(
                replace(error_response(405, f"{asked.method} is not allowed here."), headers={"Allow": "GET"})
            )
        if asked.profile is None:
            known = asked.headers.get("authorization") == f"Bearer {self._api_key}"
            raise RefusedError(
                error_response(403, "Profile Key not valid" if known else MESSAGES[403], action="authorize")
            )
        return asked.profile

    def _counted(self, profile: SandboxProfile) -> int:
        """Return how many requests the profile has made in its window of five minutes, this one included."""
        now = self.world.clock.now()
        with self._lock:
            began, count = self._windows.get(profile.label, (now, 0))
            if now - began >= RATE_WINDOW:
                began, count = now, 0
            self._windows[profile.label] = began, count + 1
        return count + 1

    def _history(self, asked: SandboxRequest, profile: SandboxProfile) -> SandboxResponse:
        platform = asked.platform
        if platform is None:  # The same place in the path also takes the id of a post.
            raise RefusedError(error_response(404, "The post id is not found.", NO_SUCH_POST, "history"))
        wanted = platform.headers
        if wanted and [asked.headers.get(name.lower()) for name in wanted] != self._x_keys:
            message = f"x_credentials_required: send {' and '.join(wanted)}."
            raise RefusedError(error_response(400, message, X_KEYS, "history"))
        if platform.name not in profile.networks:
            raise RefusedError(
                error_response(400, f"{platform.title} is not linked to this profile.", NOT_LINKED, "history")
            )
        return self._page(platform, profile, _values(platform, asked))

    def _page(self, platform: Platform, profile: SandboxProfile, values: Mapping[str, Any]) -> SandboxResponse:
        user = values.get("userId") or values.get("userName") or ""
        history = self.world.history(profile, platform, user)
        name = _short(profile.seed, profile.label, platform.name, user)
        start = values.get("next") or Cursor(name, len(history.posts))
        if start.history != name:
            raise _wrong("next", "is no cursor of this history")
        # Newest first, while a cursor counts from the oldest: so the place of a post is how many follow it.
        left = min(start.left, len(history.posts))
        below = zip(range(left - 1, -1, -1), history.posts[len(history.posts) - left :], strict=True)
        found = [(place, post) for place, post in below if _fits(platform, post, values)]
        limit = values.get("limit", _PAGE)
        page, more = found[:limit], len(found) > limit
        if not page and "next" not in values:
            raise RefusedError(_no_posts())
        pagination = {"hasMore": more, "next": str(Cursor(name, page[-1][0])), "limit": limit} if more else None
        fields = {
            "status": "success",
            "posts": [_shown(post, values) for _, post in page],
            "lastUpdated": format_time(history.read, milliseconds=True),
            "nextUpdate": format_time(history.read + self.world.refresh, milliseconds=True),
            "meta": {"pagination": pagination or {"hasMore": False, "limit": limit}},
        }
        return SandboxResponse(fields=fields, start=start)


def _no_posts() -> SandboxResponse:
    """Return the error that stands for an empty history. It is nested, as in live replies."""
    flat = error_response(400, "History not found.", NO_POSTS, "history")
    return replace(flat, fields={"status": "error", "history": flat.fields})


def _short(*parts: object) -> str:
    return hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=6).hexdigest()


# What can be asked for.
def _values(platform: Platform, asked: SandboxRequest) -> dict[str, Any]:
    """Return the parameters of a request, read as what they are."""
    known = {parameter.api_name: parameter for parameter in (*COMMON_PARAMETERS, *platform.parameters)}
    values: dict[str, Any] = {}
    for name, text in asked.query.items():
        if name not in known:
            raise _wrong(name, f"is no parameter of {platform.name}")
        if known[name].primary_only and "profile-key" in asked.headers:
            raise _wrong(name, "needs the API key alone, without a Profile-Key")
        values[name] = _READERS[known[name].kind](known[name], text)
    return values


def _wrong(name: str, why: str) -> RefusedError:
    return RefusedError(error_response(400, f"The parameter {name[:40]} {why}.", PARAMETER, "history"))


def _limit(parameter: Parameter, text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST)) else 0
    if not 1 <= number <= _LARGEST:
        raise _wrong(parameter.api_name, f"has to be a whole number from 1 to {_LARGEST}")
    return number


def _next(parameter: Parameter, text: str) -> Cursor:
    if cursor := parse_cursor(text):
        return cursor
    raise _wrong(parameter.api_name, "is no cursor")


def _flag(parameter: Parameter, text: str) -> bool:
    if text not in _FLAGS:
        raise _wrong(parameter.api_name, "has to be true or false")
    return _FLAGS[text]


def _day(parameter: Parameter, text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise _wrong(parameter.api_name, "has to be a date such as 2026-03-17")


def _text(parameter: Parameter, text: str) -> str:
    if not text or (parameter.values and text not in parameter.values):
        raise _wrong(parameter.api_name, f"has to be one of: {', '.join(parameter.values) or 'a text'}")
    return text


_READERS: Mapping[Kind, Callable[[Parameter, str], Any]] = {
    Kind.INTEGER: _limit,
    Kind.ID: _next,
    Kind.BOOLEAN: _flag,
    Kind.TIME: _day,
    Kind.TEXT: _text,
}


# What that selects.
def _is_story(platform: Platform, post: SyntheticPost) -> bool:
    stories = [form.values for form in platform.formats if form.name == "story" and form.values]
    return any(all(post.get(path) == value for path, value in marks.items()) for marks in stories)


_SELECT: Mapping[str, Callable[[Platform, SyntheticPost, Any], bool]] = {
    "since": lambda _, post, day: post["created"][:10] >= day,
    "until": lambda _, post, day: post["created"][:10] <= day,
    "dataType": lambda platform, post, kind: _is_story(platform, post) == (kind == "stories"),
    "pagePublished": lambda _, post, own: not own or not _OF_VISITORS.items() <= post.items(),
}


def _fits(platform: Platform, post: SyntheticPost, values: Mapping[str, Any]) -> bool:
    return all(select(platform, post, values[name]) for name, select in _SELECT.items() if name in values)


def _shown(post: SyntheticPost, values: Mapping[str, Any]) -> SyntheticPost:
    return {"id": post["id"]} if values.get("skipAnalytics") else post
