"""Check the address of the API and numbers of seconds before any request."""

from __future__ import annotations

import ipaddress
from numbers import Real
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ayrframe._api.secrets import PRINTABLE_ASCII
from ayrframe.errors import ArgumentTypeError, describe

_MAX_SECONDS = 4_000_000  # Some systems cannot wait longer.


def check_base_url(base_url: object) -> tuple[str, str | None]:
    """Return the base URL without a trailing slash, and the problem with it if it is invalid.

    Keys are sent to this address, so it must use https, except on this computer. The problem never repeats the
    address, which may contain a password.
    """
    if not isinstance(base_url, str) or not PRINTABLE_ASCII.fullmatch(base_url.strip()):
        return "", "`base_url` must be an address such as https://api.ayrshare.com/api, without spaces."
    url = base_url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "", "`base_url` has an invalid host or port. Use an address such as https://api.ayrshare.com/api."
    problem = _base_url_problem(parts)
    return ("", problem) if problem else (url, None)


def _base_url_problem(parts: SplitResult) -> str | None:
    host = parts.hostname
    if "@" in parts.netloc:
        return "`base_url` must not contain a user name or a password: the API accepts only keys."
    if parts.scheme not in ("https", "http") or not host:
        return "`base_url` must begin with https:// and a host name."
    if parts.query or parts.fragment:
        return "`base_url` must not contain a query (?) or a fragment (#)."
    if parts.scheme == "http" and not _is_loopback(host):
        return f"`base_url` must use https: http would send the keys to {host} unencrypted."
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_seconds(value: Any, name: str) -> float:
    """Return a positive number of seconds as float, or raise TypeError or ValueError."""
    expected = f"`{name}` must be a number of seconds greater than 0 and at most {_MAX_SECONDS:,} (46 days)"
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number:
        raise ArgumentTypeError(f"{expected}, got {describe(value)}.")
    if not 0 < value <= _MAX_SECONDS:
        raise ValueError(f"{expected}, got {describe(value)}.")
    return float(value)
