"""What a foreign exception means, in words of our own: its own text may hold anything, keys included."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from ayrframe._api.body import BrokenBodyError
from ayrframe._api.models import Failure, FailureKind
from ayrframe._api.timeout import Deadline

_DEEPEST = 30
_CUT_TLS = (ssl.SSLEOFError, ssl.SSLZeroReturnError)

FailureText = tuple[FailureKind, str] | None


def classify_exception(error: BaseException, guard: Deadline, host: str) -> Failure:
    """Return what went wrong with one request."""
    causes = _causes(error)
    for look in (_time, _body, _certificate, _tls, _name, _silence, _no_connection, _cut):
        if found := look(causes, guard):
            trouble, words = found
            return Failure(trouble, words.format(host=host))
    kinds = ", ".join(dict.fromkeys(type(cause).__name__ for cause in causes))
    return Failure(FailureKind.NOT_HTTP, f"what {host} sent is not HTTP ({kinds[:80]})")


def _first(causes: list[BaseException], *kinds: type[BaseException]) -> Any:
    return next((cause for cause in causes if isinstance(cause, kinds)), None)


def _time(_: list[BaseException], guard: Deadline) -> FailureText:
    if not guard.expired:
        return None
    return FailureKind.TIMEOUT, f"no whole reply came from {{host}} within {guard.seconds:.3g} s"


def _body(causes: list[BaseException], _: Deadline) -> FailureText:
    broken = _first(causes, BrokenBodyError)
    return (broken.trouble, f"the reply of {{host}} cannot be used: {_plain(str(broken))}") if broken else None


def _certificate(causes: list[BaseException], _: Deadline) -> FailureText:
    refused = _first(causes, ssl.SSLCertVerificationError)
    if refused is None:
        return None
    reason = _plain(getattr(refused, "verify_message", "") or "it does not fit the host")
    return FailureKind.TLS, f"the certificate of {{host}} cannot be trusted ({reason}), so no key was sent"


def _tls(causes: list[BaseException], _: Deadline) -> FailureText:
    broken = _first(causes, ssl.SSLError)
    if broken is None or _first(causes, *_CUT_TLS, TimeoutError):
        return None
    return (
        FailureKind.TLS,
        f"{{host}} and this computer do not agree on TLS ({_plain(broken.reason or 'no reason given')})",
    )


def _name(causes: list[BaseException], _: Deadline) -> FailureText:
    found = _first(causes, socket.gaierror, UnicodeError)
    return (FailureKind.RESOLVE, "the name {host} cannot be resolved") if found else None


def _silence(causes: list[BaseException], guard: Deadline) -> FailureText:
    if not _first(causes, TimeoutError):
        return None
    what = "no connection to {host} came about" if guard.connecting else "nothing more came from {host}"
    return FailureKind.TIMEOUT, f"{what} in time"


def _no_connection(causes: list[BaseException], guard: Deadline) -> FailureText:
    failed = next((cause for cause in causes if isinstance(cause, OSError) and cause.errno), None)
    if failed is None or not guard.connecting:
        return None
    return FailureKind.CONNECT, f"there is no connection to {{host}} ({os.strerror(failed.errno or 0)})"


def _cut(causes: list[BaseException], _: Deadline) -> FailureText:
    found = _first(causes, http.client.IncompleteRead, ConnectionError, *_CUT_TLS)
    return (FailureKind.CUT, "{host} closed the connection before its reply was complete") if found else None


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def _causes(error: BaseException) -> list[BaseException]:
    """Return the exceptions that an exception is wrapped around, the innermost first."""
    return list(_unwrapped(error))[::-1]


def _unwrapped(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting and len(seen) < _DEEPEST:
        one = waiting.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            waiting += [one.__cause__, one.__context__, *one.args]
            yield one
