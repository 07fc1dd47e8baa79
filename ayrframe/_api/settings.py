"""Settings that are checked before anything is sent: the address of the API, and numbers of seconds."""

from __future__ import annotations

import ipaddress
import math
from urllib.parse import SplitResult, urlsplit

from ayrframe._api.secrets import PRINTABLE_ASCII


def check_base_url(base_url: object) -> tuple[str, str | None]:
    """Return the base URL without a slash at its end, and what is wrong with it if anything is.

    Keys go to this address, so it has to be https, except on this computer. The complaint never repeats the address,
    which may hold a password.
    """
    if not isinstance(base_url, str) or not PRINTABLE_ASCII.fullmatch(base_url.strip()):
        return "", "base_url has to be an address such as https://api.ayrshare.com/api, without spaces."
    url = base_url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "", "base_url is no address that can be read: its host or its port is malformed."
    problem = _base_url_problem(parts)
    return ("", problem) if problem else (url, None)


def _base_url_problem(parts: SplitResult) -> str | None:
    host = parts.hostname
    if "@" in parts.netloc:
        return "base_url holds a user name or a password. Leave them out: the API takes only keys."
    if parts.scheme not in ("https", "http") or not host:
        return "base_url has to begin with https:// and the name of a host."
    if parts.query or parts.fragment:
        return "base_url has to end before any ? or #."
    if parts.scheme == "http" and not _is_loopback(host):
        return f"base_url has to be https: over http everybody on the way to {host} could read the keys."
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_seconds(value: object, name: str) -> float:
    """Return a number of seconds; a ValueError says that it has to be more than 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value <= 0:
        raise ValueError(f"{name} has to be a number of seconds above 0.")
    return float(value)
