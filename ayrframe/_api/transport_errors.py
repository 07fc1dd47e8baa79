"""Classify the exceptions of HTTP libraries; their own texts may contain keys and are not used."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from ayrframe._api.body import InvalidBodyError
from ayrframe._api.models import Failure, FailureKind
from ayrframe._api.timeout import Deadline

_MAX_CAUSES = 30
_TLS_EOF_ERRORS = (ssl.SSLEOFError, ssl.SSLZeroReturnError)

FailureMatch = tuple[FailureKind, str] | None


def classify_exception(error: BaseException, deadline: Deadline, host: str) -> Failure:
    """Return the failure of a request from the exception that it raised."""
    causes = _ordered_causes(error)
    for matcher in (
        _match_deadline,
        _match_body,
        _match_certificate,
        _match_tls,
        _match_name_resolution,
        _match_timeout,
        _match_connection,
        _match_incomplete,
    ):
        if match := matcher(causes, deadline):
            kind, message = match
            return Failure(kind, message.format(host=host))
    kinds = ", ".join(dict.fromkeys(type(cause).__name__ for cause in causes))
    return Failure(FailureKind.NOT_HTTP, f"{host} did not send a valid HTTP response ({kinds[:80]})")


def _find_cause(causes: list[BaseException], *kinds: type[BaseException]) -> Any:
    return next((cause for cause in causes if isinstance(cause, kinds)), None)


def _match_deadline(_: list[BaseException], deadline: Deadline) -> FailureMatch:
    if not deadline.expired:
        return None
    return FailureKind.TIMEOUT, f"no complete response from {{host}} within {deadline.seconds:.3g} s"


def _match_body(causes: list[BaseException], _: Deadline) -> FailureMatch:
    cause = _find_cause(causes, InvalidBodyError)
    return (cause.kind, f"invalid response from {{host}}: {_escape_braces(str(cause))}") if cause else None


def _match_certificate(causes: list[BaseException], _: Deadline) -> FailureMatch:
    cause = _find_cause(causes, ssl.SSLCertVerificationError)
    if cause is None:
        return None
    reason = _escape_braces(getattr(cause, "verify_message", "") or "it does not match the host")
    return FailureKind.TLS, f"the TLS certificate of {{host}} is not trusted ({reason}); no key was sent"


def _match_tls(causes: list[BaseException], _: Deadline) -> FailureMatch:
    cause = _find_cause(causes, ssl.SSLError)
    if cause is None or _find_cause(causes, *_TLS_EOF_ERRORS, TimeoutError):
        return None
    return (
        FailureKind.TLS,
        f"the TLS handshake with {{host}} failed ({_escape_braces(cause.reason or 'no reason given')})",
    )


def _match_name_resolution(causes: list[BaseException], _: Deadline) -> FailureMatch:
    match = _find_cause(causes, socket.gaierror, UnicodeError)
    return (FailureKind.DNS, "cannot resolve the host name {host}") if match else None


def _match_timeout(causes: list[BaseException], deadline: Deadline) -> FailureMatch:
    if not _find_cause(causes, TimeoutError):
        return None
    action = "connecting to" if deadline.connecting else "waiting for data from"
    return FailureKind.TIMEOUT, f"timeout while {action} {{host}}"


def _match_connection(causes: list[BaseException], deadline: Deadline) -> FailureMatch:
    failed = next((cause for cause in causes if isinstance(cause, OSError) and cause.errno), None)
    if failed is None or not deadline.connecting:
        return None
    return FailureKind.CONNECT, f"cannot connect to {{host}} ({os.strerror(failed.errno or 0)})"


def _match_incomplete(causes: list[BaseException], _: Deadline) -> FailureMatch:
    match = _find_cause(causes, http.client.IncompleteRead, ConnectionError, *_TLS_EOF_ERRORS)
    return (FailureKind.INCOMPLETE, "{host} closed the connection before the response was complete") if match else None


def _escape_braces(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def _ordered_causes(error: BaseException) -> list[BaseException]:
    """Return an exception and its causes, innermost first."""
    return list(_iter_causes(error))[::-1]


def _iter_causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue and len(seen) < _MAX_CAUSES:
        exception = queue.pop()
        if isinstance(exception, BaseException) and id(exception) not in seen:
            seen.add(id(exception))
            queue += [exception.__cause__, exception.__context__, *exception.args]
            yield exception
