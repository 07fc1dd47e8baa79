"""Define the requests that a sandbox records and the responses that it sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ayrframe._platforms import PLATFORMS
from ayrframe._sandbox.cursor import Cursor

ERROR_MESSAGES = {
    401: "Unauthorized",
    403: "API Key not valid",
    404: "Not found",
    429: "Too many requests in five minutes. Please wait and try again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """A request that the sandbox received; keys are not recorded.

    Attributes
    ----------
    number : int
        Position among all requests, from 1.
    method, path, query, body
        HTTP method, path, the query parameters with the last value of each name, and the fields of a JSON body.
    platform : str or None
        Requested platform; None if the path names no known platform.
    profile : str or None
        Label of the profile, "" for the primary one; None if the keys were invalid.
    status : int
        HTTP status of the response; 0 in the `when` callable of `misbehave`, which is called before the response.
    time : datetime
        Time of arrival by the sandbox's clock, in UTC.
    at : float
        Time of arrival in seconds of monotonic real time.

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
    body: Mapping[str, Any] = field(default_factory=dict)
    platform: str | None
    profile: str | None
    status: int = 0
    time: datetime
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxResponse:
    """A response before it is written: either `body`, or `fields` as JSON.

    `start` is the cursor of the page's first post, `delay` the seconds to wait before sending, and `body_share` the
    share of the body to send before closing the connection.
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
        """The posts; None if the response contains none."""
        posts = self.fields.get("posts") if self.body is None else None
        return posts if isinstance(posts, list) else None

    @property
    def blocks(self) -> tuple[str, list[dict[str, Any]]] | None:
        """The platform and the list of post analytics; None if the response contains none."""
        lists = ((name, value) for name, value in self.fields.items() if name in PLATFORMS and isinstance(value, list))
        return next(lists, None) if self.body is None else None

    @property
    def content(self) -> bytes:
        """The body as bytes; JSON is written as JavaScript does, without spaces and escapes."""
        if self.body is not None:
            return self.body
        return json.dumps(self.fields, ensure_ascii=False, separators=(",", ":")).encode()


def error_response(status: int, message: str, code: int | None = None, action: str = "request") -> SandboxResponse:
    """Return an error in Ayrshare's flat format; without `code`, the HTTP status is the code."""
    fields = {"action": action, "status": "error", "code": status if code is None else code, "message": message}
    return SandboxResponse(status=status, fields=fields)
