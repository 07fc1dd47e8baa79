"""What is asked of the sandbox, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ayrframe._sandbox.cursor import Cursor

INVALID_PARAMETER, NOT_LINKED, POST_NOT_FOUND, ANALYTICS_FAILED, NO_HISTORY, X_KEYS_MISSING = (
    101,
    156,
    186,
    187,
    221,
    419,
)

ERROR_MESSAGES = {
    401: "Unauthorized",
    403: "API Key not valid",
    404: "Not found",
    429: "Too many requests in five minutes. Please wait and try again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One request as the sandbox noted it; keys are never kept.

    Attributes
    ----------
    number : int
        Its place among all requests, from 1.
    method, path, query
        What was asked, the query with the last value of each name.
    platform : str or None
        The network that was asked for, if there is one of this name.
    profile : str or None
        The label of the profile, "" for the primary one; None if the keys were refused.
    status : int
        The HTTP status of the answer; 0 for a predicate of `misbehave`, which is asked before there is one.
    time : datetime
        When it came, by the sandbox's clock.
    at : float
        When it came, in seconds of a clock that never stands still.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     api.requests
    []
    """

    number: int
    method: str
    path: str
    query: Mapping[str, str]
    platform: str | None
    profile: str | None
    status: int = 0
    time: datetime
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxResponse:
    """A reply before it is written: `body` as it is, or `fields` as JSON.

    `start` is where the page began, `delay` how many seconds it waits, and `share` how much of the body is sent before
    the connection is closed.
    """

    status: int = 200
    fields: Mapping[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    start: Cursor | None = None
    delay: float = 0.0
    body_share: float = 1.0

    @property
    def posts(self) -> list[dict[str, Any]] | None:
        """The posts; None if this is no history."""
        posts = self.fields.get("posts") if self.body is None else None
        return posts if isinstance(posts, list) else None

    @property
    def content(self) -> bytes:
        """The body, written as JavaScript writes it: no spaces, and all characters as they are."""
        if self.body is not None:
            return self.body
        return json.dumps(self.fields, ensure_ascii=False, separators=(",", ":")).encode()


class RefusedError(Exception):
    """The answer is a refusal."""

    def __init__(self, response: SandboxResponse) -> None:
        """Keep the answer."""
        super().__init__(response)
        self.response = response


def error_response(status: int, message: str, code: int | None = None, action: str = "request") -> SandboxResponse:
    """Return an error in Ayrshare's flat shape. Where its own code is not known, the HTTP status stands for it."""
    code = status if code is None else code
    return SandboxResponse(
        status=status, fields={"action": action, "status": "error", "code": code, "message": message}
    )
