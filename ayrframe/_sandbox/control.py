"""Control a running sandbox: keys, clock, recorded requests and faults."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from ayrframe._platforms import find_platform
from ayrframe._sandbox.api import ROOT_PATH, SandboxApi, SandboxRequest
from ayrframe._sandbox.faults import FaultRule, make_effect
from ayrframe._sandbox.history import PRIMARY_PROFILE, SandboxClock
from ayrframe._sandbox.messages import RecordedRequest, SandboxResponse
from ayrframe._sandbox.server import Server
from ayrframe.errors import check_number, describe, quote, suggest

if TYPE_CHECKING:
    from ayrframe._api.client import Client


class Sandbox:
    """A running sandbox, started by `ayr.sandbox()`.

    Attributes
    ----------
    base_url : str
        Base URL of the sandbox, for `Client`.
    api_key, x_api_key, x_api_secret : str
        API key of the account and the two keys for X. All are fake.
    profile_keys : dict
        Keys of the further profiles by label, as accepted by `load(profile_key=...)`.
    clock : Clock
        Clock of the sandbox, for clients that were not created by `client()`.

    Examples
    --------
    >>> api = ayr.sandbox()
    >>> api.close()
    """

    def __init__(
        self, api: SandboxApi, clock: SandboxClock, keys: tuple[str, ...], profile_keys: dict[str, str], latency: float
    ) -> None:
        """Start the server."""
        self.api_key, self.x_api_key, self.x_api_secret = keys
        self.profile_keys, self.clock = profile_keys, clock
        self._api, self._latency, self._lock = api, latency, threading.Lock()
        self._rules: list[FaultRule] = []
        self._requests: list[RecordedRequest] = []
        self._server = Server(self._respond, clock.wall)
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}{ROOT_PATH}"
        atexit.register(self._server.close)

    def __repr__(self) -> str:
        return f"<Sandbox {self.base_url}, {self.now:%Y-%m-%d %H:%M} UTC>"

    def __enter__(self) -> Sandbox:
        """Return the sandbox itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the sandbox."""
        self.close()

    def close(self) -> None:
        """Close all connections and stop the server; further calls do nothing.

        Examples
        --------
        >>> api = ayr.sandbox()
        >>> api.close()
        >>> api.close()  # does nothing
        """
        self._server.close()
        atexit.unregister(self._server.close)

    def client(self, profile: str = PRIMARY_PROFILE, **options: Any) -> Client:
        """Return a client for one of the profiles, with the sandbox's keys and clock.

        Parameters
        ----------
        profile : str, default ""
            Label of the profile, "" for the primary one.
        **options
            Further arguments of `Client`, such as `timeout` and `deadline`, or keys to replace the sandbox's.

        Raises
        ------
        ValueError
            If the sandbox has no profile of this label.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     posts = ayr.load("threads", limit=None, client=api.client())
        >>> len(posts)
        155
        """
        from ayrframe._api.client import Client

        self._check_profile(profile)
        # Pass every key, even an empty one, so that no key is read from the environment.
        keys = {
            "api_key": self.api_key,
            "profile_key": self.profile_keys.get(profile, ""),
            "x_api_key": self.x_api_key,
            "x_api_secret": self.x_api_secret,
            "base_url": self.base_url,
        }
        client = Client(**{**keys, **options})
        client.clock = self.clock
        return client

    @property
    def now(self) -> datetime:
        """The sandbox's date and time, in UTC.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     print(api.now)
        2026-02-27 06:30:00.125000+00:00
        """
        return self.clock.wall()

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move the clock forwards: numbers grow, new posts appear, rate limits expire.

        Returns
        -------
        datetime
            The new date and time, in UTC.

        Raises
        ------
        ValueError
            If the step is negative.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     print(api.advance(days=1, hours=2))
        2026-02-28 08:30:00.125000+00:00
        """
        self.clock.move(timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))
        return self.now

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests so far, in order of arrival; keys are not recorded.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     posts = ayr.load("bluesky", limit=None, client=api.client())
        ...     print([(request.path, request.status) for request in api.requests])
        [('/api/history/bluesky', 200), ('/api/history/bluesky', 200)]
        """
        return list(self._requests)

    def misbehave(
        self,
        kind: str,
        value: Any = None,
        *,
        times: int | None = None,
        after: int = 0,
        platform: str | None = None,
        profile: str | None = None,
        when: Callable[[RecordedRequest], bool] | None = None,
        **options: Any,
    ) -> None:
        """Add a rule that changes responses from now on.

        Rules apply in the order in which they were added, each to the result of the previous ones.

        Parameters
        ----------
        kind : str
            ==============  ==========================================================================================
            `latency`       delay responses by `value` seconds (1)
            `status`        send HTTP status `value` (500), with `retry_after=` and `body=` a dict, text, HTML or bytes
            `headers`       add the headers `{name: text}`; None removes a header
            `cut`           close the connection after the share `value` (0.5) of the body
            `drift`         set the fields `{name: value}` on every post, e.g. undeclared fields or invalid values
            `beside_error`  HTTP status `value` (400) and `status: error` with posts, the last one an error record
            `partial`       `status: partial`, the last post an error record
            `absent`        leave out the last `value` (1) posts of post analytics
            `foreign`       YouTube: send post analytics of the last `value` (1) videos as those of another channel
            `loop`          return to the first cursor after `value` (1) cursors: 1 is A → A, 2 is A → B → A
            `overlap`       start pages with the last `value` (2) posts of the previous page
            `empty`         insert `value` (1) pages without posts, with a cursor, before each page
            `no_cursor`     omit the pagination, as on platforms with a single page
            ==============  ==========================================================================================
        value : optional
            Value of the kind, as above; the default is in parentheses.
        times, after : int, optional
            Number of matching requests to change, after skipping `after` of them. Default: all.
        platform, profile : str, optional
            Match only requests for this platform, or for the profile of this label ("" is the primary one).
        when : callable, optional
            Match only requests for which this returns true.
        **options
            Options of the kind, as above.

        Raises
        ------
        ValueError
            If the kind, the platform or the profile is unknown, or a number is negative.
        TypeError
            If the kind does not have an option, or an argument is of the wrong type.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     api.misbehave("status", 503, times=2, platform="tiktok")
        ...     api.misbehave("latency", 0.2, when=lambda request: request.number > 1)
        """
        effect = make_effect(kind, value, options)
        name = None if platform is None else find_platform(platform).name
        if profile is not None:
            self._check_profile(profile)
        if times is not None:
            check_number(times, "times", 0, integer=True)
        check_number(after, "after", 0, integer=True)
        if when is not None and not callable(when):
            raise TypeError(f"`when` must be a function of a request, got {describe(when)}.")
        with self._lock:
            self._rules.append(FaultRule(effect, times, after, name, profile, when))

    def behave(self) -> None:
        """Remove all rules that `misbehave()` added.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     api.misbehave("cut", 0.9)
        ...     api.behave()
        """
        with self._lock:
            self._rules.clear()

    def _check_profile(self, label: str) -> None:
        if label != PRIMARY_PROFILE and label not in self.profile_keys:
            labels = ", ".join(map(repr, self.profile_keys)) or "none; create them with sandbox(profiles=[...])"
            similar = suggest(label, self.profile_keys)
            raise ValueError(
                f"Unknown profile {quote(str(label))}.{similar} Further profiles of this sandbox: {labels}."
            )

    def _respond(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> SandboxResponse:
        """Respond to a request and record it."""
        url = urlsplit(target)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        request = SandboxRequest(method, url.path, query, headers, self._api.find_profile(headers), body)
        recorded = self._record(request)
        response = self._api.respond(request)
        with self._lock:
            for rule in self._rules:
                response = rule.apply(recorded, response)
            self._requests[recorded.number - 1] = replace(recorded, status=response.status)
        return replace(response, delay=response.delay + self._latency)

    def _record(self, request: SandboxRequest) -> RecordedRequest:
        secrets = (self.api_key, self.x_api_key, self.x_api_secret, *self.profile_keys.values())
        query = {
            name: "[secret]" if any(secret in value for secret in secrets) else value
            for name, value in request.query.items()
        }
        with self._lock:
            recorded = RecordedRequest(
                number=len(self._requests) + 1,
                method=request.method,
                path=request.path,
                query=query,
                body={} if any(secret.encode() in request.body for secret in secrets) else request.fields,
                platform=request.platform.name if request.platform else None,
                profile=request.profile.label if request.profile else None,
                time=self.now,
                at=time.monotonic(),
            )
            self._requests.append(recorded)
        return recorded
