"""The sandbox while it runs: its keys, its clock, what it was asked, and how it is told to misbehave."""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from ayrframe._sandbox.api import ROOT_PATH, SandboxApi, SandboxRequest
from ayrframe._sandbox.faults import FaultRules, make_effect
from ayrframe._sandbox.history import PRIMARY_PROFILE, SandboxClock
from ayrframe._sandbox.messages import RecordedRequest, SandboxResponse
from ayrframe._sandbox.server import Server

if TYPE_CHECKING:
    from ayrframe._api.client import Client


class Sandbox:
    """A running sandbox, as :func:`sandbox` starts it.

    Attributes
    ----------
    base_url : str
        Where it is.
    api_key, x_api_key, x_api_secret : str
        The keys it takes, of its primary profile and for X. They are made up.
    profile_keys : dict
        The key of each further profile by its label, as `load(profile_key=...)` takes them.
    clock : Clock
        Its time, for a client that was not made by :meth:`client`.

    Examples
    --------
    >>> api = ayr.sandbox()
    >>> api.close()
    """

    def __init__(
        self, api: SandboxApi, clock: SandboxClock, keys: tuple[str, ...], profile_keys: dict[str, str], latency: float
    ) -> None:
        """Begin to serve."""
        self.api_key, self.x_api_key, self.x_api_secret = keys
        self.profile_keys, self.clock = profile_keys, clock
        self._api, self._rules, self._latency = api, FaultRules(), latency
        self._requests: list[RecordedRequest] = []
        self._server = Server(self._respond, clock.wall)
        self.base_url = f"{self._server.address}{ROOT_PATH}"
        atexit.register(self._server.close)

    def __repr__(self) -> str:
        return f"<Sandbox {self.base_url}, {self.now:%Y-%m-%d %H:%M} UTC>"

    def __enter__(self) -> Sandbox:
        """Return the sandbox itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End all connections, and wait until nothing of it runs any more.

        Examples
        --------
        >>> api = ayr.sandbox()
        >>> api.close()
        >>> api.close()  # again is no error
        """
        self._server.close()
        atexit.unregister(self._server.close)

    def client(self, profile: str = PRIMARY_PROFILE, **options: Any) -> Client:
        """Return a client for one of the profiles, with all keys it needs, in the sandbox's time.

        Parameters
        ----------
        profile : str, default ""
            The label of the profile, "" for the primary one.
        **options
            Whatever else :class:`Client` takes: `timeout`, `deadline`, or keys other than those of the sandbox.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     posts = ayr.load("threads", limit=None, client=api.client())
        >>> len(posts)
        155
        """
        from ayrframe._api.client import Client

        if profile != PRIMARY_PROFILE and profile not in self.profile_keys:
            labels = ", ".join(map(repr, self.profile_keys)) or "only the primary one"
            raise ValueError(f"{profile[:40]!r} is no profile of this sandbox. There are: {labels}.")
        # Each key is passed, also the one that is not there, so that none of the environment is read.
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
        """What time it is in the sandbox.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     print(api.now)
        2026-02-27 06:30:00.125000+00:00
        """
        return self.clock.wall()

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move the clock forwards: posts gather numbers, new ones appear, limits are forgotten.

        Returns
        -------
        datetime
            What time it is then.

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
        """What was asked so far, in this order. No key is among it.

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
        """From now on, answer otherwise than right.

        Rules work one after the other in the order they were made, each on what the ones before have left.

        Parameters
        ----------
        kind : str
            ==============  ==========================================================================================
            `latency`       answers take `value` seconds more (1)
            `status`        HTTP status `value` (500), with `retry_after=` and `body=` a dict, text (also HTML) or bytes
            `headers`       headers `{name: text}` more, or None for one to leave out
            `cut`           the connection ends after a share `value` (0.5) of the body
            `drift`         these fields `{name: value}` on every post, undeclared ones or such of another type
            `beside_error`  HTTP status `value` (400) and `status: error`, yet posts, the last of them an error record
            `partial`       `status: partial`, the last of the posts an error record
            `loop`          cursors lead back to the first once `value` (1) were used: 1 is A → A, 2 is A → B → A
            `overlap`       pages begin with the last `value` (2) posts of the page before
            `empty`         pages without posts but with a cursor to them, `value` (1) in a row
            `no_cursor`     no word about pages, as from networks that have just one
            ==============  ==========================================================================================
        value : optional
            As above.
        times, after : int, optional
            For how many requests, after how many that are spared, both counted among those that fit. Not given: all.
        platform, profile : str, optional
            Only for this network, for the profile of this label ("" is the primary one).
        when : callable, optional
            Only for requests for which this returns true.
        **options
            As above.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     api.misbehave("status", 503, times=2, platform="tiktok")
        ...     api.misbehave("latency", 0.2, when=lambda request: request.number > 1)
        """
        effect = make_effect(kind, value, options)
        self._rules.add(effect, times=times, after=after, platform=platform, profile=profile, when=when)

    def behave(self) -> None:
        """Forget all that :meth:`misbehave` was told.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     api.misbehave("cut", 0.9)
        ...     api.behave()
        """
        self._rules.clear()

    def _respond(self, method: str, target: str, headers: Mapping[str, str]) -> SandboxResponse:
        """Answer a request and note it."""
        url = urlsplit(target)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        profile = self._api.find_profile(headers)
        request = SandboxRequest(method, url.path, query, headers, profile)
        recorded = self._record(request)
        response = self._rules.apply(recorded, self._api.respond(request))
        with self._rules.lock:
            self._requests[recorded.number - 1] = replace(recorded, status=response.status)
        return replace(response, delay=response.delay + self._latency)

    def _record(self, request: SandboxRequest) -> RecordedRequest:
        secrets = (self.api_key, self.x_api_key, self.x_api_secret, *self.profile_keys.values())
        query = {
            name: "[secret]" if any(secret in value for secret in secrets) else value
            for name, value in request.query.items()
        }
        with self._rules.lock:
            recorded = RecordedRequest(
                number=len(self._requests) + 1,
                method=request.method,
                path=request.path,
                query=query,
                platform=request.platform.name if request.platform else None,
                profile=request.profile.label if request.profile else None,
                time=self.now,
                at=time.monotonic(),
            )
            self._requests.append(recorded)
        return recorded
