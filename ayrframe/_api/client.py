"""Send requests with the keys, address and time limits of a client."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from ayrframe._api.models import Clock, Failure, Response
from ayrframe._api.rate_limit import RATE_LIMITERS, RateLimiter
from ayrframe._api.secrets import Redactor, Secret, fingerprint, forbid_pickling, make_secret
from ayrframe._api.settings import check_base_url, check_seconds
from ayrframe.errors import ConfigError

if TYPE_CHECKING:
    from ayrframe._api.transport import Transport

BASE_URL = "https://api.ayrshare.com/api"
X_KEY, X_SECRET = "X-Twitter-OAuth1-Api-Key", "X-Twitter-OAuth1-Api-Secret"
_ENVIRONMENT_VARIABLES = {
    "api_key": "AYRSHARE_API_KEY",
    "profile_key": "AYRSHARE_PROFILE_KEY",
    "x_api_key": "AYRSHARE_X_API_KEY",
    "x_api_secret": "AYRSHARE_X_API_SECRET",
}


def has_api_key() -> bool:
    """Return whether an environment variable contains an API key, even a malformed one."""
    return bool(os.environ.get(_ENVIRONMENT_VARIABLES["api_key"], "").strip())


class Client:
    """Client for the Ayrshare API: keys, address and time limits.

    Keys are never shown, copied or pickled.

    Parameters
    ----------
    api_key : str, optional
        API key of the primary profile. Default: the environment variable `AYRSHARE_API_KEY`.
    profile_key : str, optional
        Profile-Key of the profile to load from. Default: `AYRSHARE_PROFILE_KEY`, else the primary profile.
    x_api_key, x_api_secret : str, optional
        Key pair of your X developer app, used for X only. Default: `AYRSHARE_X_API_KEY` and `AYRSHARE_X_API_SECRET`.
    base_url : str, optional
        Address of the API. Must use https, except on this computer. Default: `AYRSHARE_BASE_URL`, else Ayrshare.
    timeout : float, default 60
        Maximum duration of one request in seconds, from name resolution to the last byte.
    deadline : float, optional
        Maximum duration of one load in seconds: all pages, waits and retries together. Default: no maximum.

    Attributes
    ----------
    base_url, timeout, deadline
        As passed, or their defaults.
    clock : Clock
        Source of time and pauses; tests replace it, as `Sandbox.client()` does.

    Raises
    ------
    ConfigError
        If no API key is found, or if a key or the address is malformed. The message shows neither.
    TypeError, ValueError
        If `timeout` or `deadline` is not a number, or not a positive one.

    Examples
    --------
    >>> ayr.Client(api_key="AAAAAAAA-BBBBBBBB-CCCCCCCC-DDDDDDDD")
    Client(api_key='****', profile_key=None, base_url='https://api.ayrshare.com/api')
    """

    __slots__ = ("_keys", "_lock", "_redactor", "_sources", "_transport", "base_url", "clock", "deadline", "timeout")

    def __init__(
        self,
        api_key: str | None = None,
        *,
        profile_key: str | None = None,
        x_api_key: str | None = None,
        x_api_secret: str | None = None,
        base_url: str = BASE_URL,
        timeout: float = 60.0,
        deadline: float | None = None,
    ) -> None:
        given_keys = {
            "api_key": api_key,
            "profile_key": profile_key,
            "x_api_key": x_api_key,
            "x_api_secret": x_api_secret,
        }
        self._keys, self._sources, problem = _read_keys(given_keys)
        # Identity, not equality: an explicitly passed default address overrides the environment variable.
        address = os.environ.get("AYRSHARE_BASE_URL") or BASE_URL if base_url is BASE_URL else base_url
        self.base_url, url_problem = check_base_url(address)
        # Some tracebacks print local variables.
        given_keys.clear()
        api_key = profile_key = x_api_key = x_api_secret = None
        base_url = address = ""
        if problem or url_problem:
            raise ConfigError(problem or url_problem)
        self.timeout = check_seconds(timeout, "timeout")
        self.deadline = None if deadline is None else check_seconds(deadline, "deadline")
        self._redactor = Redactor(self._keys.values())
        self.clock = Clock()
        self._lock = threading.Lock()
        self._transport: Transport | None = None

    __reduce_ex__ = forbid_pickling("A client")

    def __repr__(self) -> str:
        profile = "None" if self._keys["profile_key"] is None else "'****'"
        return f"Client(api_key='****', profile_key={profile}, base_url={self.base_url!r})"

    @property
    def sources(self) -> dict[str, str]:
        """Source of each key: `argument` or the name of the environment variable."""
        return dict(self._sources)

    @property
    def profile_key(self) -> Secret | None:
        """Key of the profile to load from by default; None is the primary profile."""
        return self._keys["profile_key"]

    def _identity(self, profile_key: Secret | None = None) -> str:
        """Return a stable fingerprint of the keys and the address, from which no key can be recovered."""
        keys = self._keys
        profile = profile_key or self.profile_key
        return fingerprint(keys["api_key"], profile, keys["x_api_key"], keys["x_api_secret"], self.base_url)

    def _arguments(self) -> dict[str, Any]:
        """Return the arguments that create an equal client without environment variables."""
        keys = {name: key or "" for name, key in self._keys.items()}
        return {**keys, "base_url": self.base_url, "timeout": self.timeout, "deadline": self.deadline}

    def close(self) -> None:
        """Close the client, which can still be used: no connection stays open after its request."""

    def _send(
        self,
        path: str,
        params: Sequence[tuple[str, str]],
        *,
        profile: Secret | None,
        headers: Sequence[str],
        timeout: float,
        json: Mapping[str, Any] | None = None,
    ) -> Response | Failure:
        """Send one GET request, or with a `json` body one POST request.

        `headers` names the headers with X keys to send.
        """
        x_headers = {X_KEY: self._keys["x_api_key"], X_SECRET: self._keys["x_api_secret"]}
        secret_headers = {"Profile-Key": profile, **{name: x_headers.get(name) for name in headers}}
        key = self._keys["api_key"]
        secret_headers["Authorization"] = key.bearer() if key else None
        all_headers: dict[str, str | Secret] = {
            name: value for name, value in secret_headers.items() if value is not None
        }
        body = None if json is None else msgspec.json.encode(json)
        return self._open_transport().send(f"{self.base_url}{path}", params, all_headers, timeout, body)

    def _redactor_of(self, profile: Secret | None) -> Redactor:
        """Return the redactor for the keys of a request."""
        return self._redactor if profile == self.profile_key else Redactor([*self._keys.values(), profile])

    def _limiter(self, profile: Secret | None) -> RateLimiter:
        """Return the rate limiter of a profile, which all clients of this process share."""
        return RATE_LIMITERS.get(fingerprint(self._keys["api_key"], profile, self.base_url), self.clock)

    def _open_transport(self) -> Transport:
        with self._lock:
            if self._transport is None:
                from ayrframe._api.transport import Transport

                self._transport = Transport(self.clock)
            return self._transport


def client_problem(client: object) -> str | None:
    """Return why an argument is not a client, or None.

    The problem is returned, not raised: the argument may be a key, which its caller first deletes from its variables.
    """
    if client is None or isinstance(client, Client):
        return None
    return f"`client` must be an ayr.Client, such as ayr.Client(api_key=...), got {type(client).__name__}."


def _read_keys(given_keys: dict[str, str | None]) -> tuple[dict[str, Secret | None], dict[str, str], str | None]:
    """Return the keys, the source of each, and the first problem or None."""
    keys: dict[str, Secret | None] = {}
    sources: dict[str, str] = {}
    problems: list[str] = []
    for argument, variable in _ENVIRONMENT_VARIABLES.items():
        is_argument = given_keys[argument] is not None
        keys[argument], problem = make_secret(
            given_keys[argument] if is_argument else os.environ.get(variable), argument if is_argument else variable
        )
        problems += [problem] if problem else []
        if keys[argument] is not None:
            sources[argument] = "argument" if is_argument else variable
    if not problems and keys["api_key"] is None:
        problems.append(
            "No API key found: pass ayr.Client(api_key=...) or set AYRSHARE_API_KEY. The key is shown in the Ayrshare "
            "dashboard under API Key. Without a key, use ayr.load_sample() or ayr.sandbox()."
        )
    if not problems and (keys["x_api_key"] is None) != (keys["x_api_secret"] is None):
        problems.append("`x_api_key` and `x_api_secret` must be given together; only one of them is set.")
    return keys, sources, problems[0] if problems else None
