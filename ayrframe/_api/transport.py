"""Send requests with requests and urllib3, which only this module imports.

A requests.Session is not used: it would follow redirects with the keys, send the cookies of one profile with requests
for another, and use proxies and `.netrc` entries of the environment. Each request has a connection of its own: what a
server sends behind a response can never be read as the response to another request, perhaps of another profile.
"""

from __future__ import annotations

import http.client
import logging
import re
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import allowed_gai_family, create_connection

from ayrframe._api.body import CHUNK_BYTES, InvalidBodyError, decompress
from ayrframe._api.models import Clock, Failure, FailureKind, Response
from ayrframe._api.secrets import Secret, forbid_pickling
from ayrframe._api.timeout import Deadline, resolve_host
from ayrframe._api.transport_errors import classify_exception

MAX_BODY_BYTES = 64 * 2**20
_CONNECT_SECONDS = 10.0
_MAX_INFORMATIONAL_RESPONSES = 20
_REQUEST_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": "ayrframe",
    "Connection": "close",
}
_BODY_HEADERS = {"Content-Type": "application/json"}
_RESPONSE_HEADERS = frozenset(
    {"content-type", "content-encoding", "date", "location", "retry-after", "x-ratelimit-max", "x-ratelimit-count"}
)
_thread_state = threading.local()
# urllib3 logs addresses, and so cursors, in which a server may repeat a key.
logging.getLogger("urllib3.connectionpool").addFilter(lambda _: not hasattr(_thread_state, "deadline"))


class Transport:
    """Sends requests. Safe for use by several threads."""

    __slots__ = ("_clock", "_max_bytes", "_verify")

    def __init__(self, clock: Clock, *, verify: bool | str = True, max_bytes: int = MAX_BODY_BYTES) -> None:
        """Set the limits. `verify` may be a file of certificates; `max_bytes` limits decoded bodies."""
        self._clock, self._verify, self._max_bytes = clock, verify, max_bytes

    __reduce_ex__ = forbid_pickling("A transport")

    def send(
        self,
        url: str,
        params: Sequence[tuple[str, str]],
        headers: Mapping[str, str | Secret],
        timeout: float,
        body: bytes | None = None,
    ) -> Response | Failure:
        """Return the response to a request, or the failure; `timeout` limits the whole request in seconds.

        The request is a GET request, or with a JSON `body` a POST request.
        """
        outcome = self._send_request(url, params, headers, timeout, body)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def _send_request(
        self,
        url: str,
        params: Sequence[tuple[str, str]],
        headers: Mapping[str, str | Secret],
        timeout: float,
        body: bytes | None,
    ) -> Response | Failure | BaseException:
        """Return exceptions instead of raising them, so that no traceback contains frames with plain keys."""
        deadline = _thread_state.deadline = Deadline(timeout)
        adapter = _Adapter(max_retries=0)
        try:
            plain_headers = {
                name: value.reveal() if isinstance(value, Secret) else value for name, value in headers.items()
            }
            request = requests.PreparedRequest()
            request.prepare(
                method="GET" if body is None else "POST",
                url=url,
                params=list(params),
                headers=_REQUEST_HEADERS | ({} if body is None else _BODY_HEADERS) | plain_headers,
                data=body,
            )
            limits = (min(_CONNECT_SECONDS, timeout), timeout)
            response = adapter.send(request, stream=True, timeout=limits, verify=self._verify, proxies={})
            try:
                return self._read_response(response, deadline)
            finally:
                response.raw.close()
        except MemoryError as stop:
            stop.__context__ = stop.__cause__ = None
            return stop.with_traceback(None)
        except Exception as error:  # noqa: BLE001 - any exception of these libraries may contain the request and its keys
            return classify_exception(error, deadline, urlsplit(url).netloc)
        except BaseException as stop:  # noqa: BLE001 - KeyboardInterrupt is raised without its frames
            stop.__context__ = stop.__cause__ = None
            return stop.with_traceback(None)
        finally:
            adapter.close()
            deadline.release()
            del _thread_state.deadline

    def _read_response(self, response: requests.Response, deadline: Deadline) -> Response:
        raw = response.raw
        headers = {name.lower(): value for name, value in raw.headers.items()}
        length = headers.get("content-length")
        if length is not None and not re.fullmatch(r"\s*[0-9]+\s*(,\s*[0-9]+\s*)*", length):
            raise InvalidBodyError(FailureKind.NOT_HTTP, "its Content-Length is not a number")
        warnings: list[str] = []
        body = bytearray()
        chunks = decompress(_iter_chunks(raw, deadline, self._max_bytes), headers.get("content-encoding", ""), warnings)
        for chunk in chunks:
            body += chunk
            if len(body) > self._max_bytes:
                raise InvalidBodyError(FailureKind.TOO_LARGE, f"it is longer than {self._max_bytes:,} bytes")
        deadline.check()
        is_compressed = headers.get("content-encoding", "").strip().lower() not in ("", "identity")
        return Response(
            status=raw.status,
            headers={name: value for name, value in headers.items() if name in _RESPONSE_HEADERS},
            body=bytes(body),
            received_at=self._clock.wall(),
            is_known_complete=length is not None or bool(raw.chunked) or is_compressed,
            warnings=tuple(warnings),
        )


def _iter_chunks(raw: Any, deadline: Deadline, max_bytes: int) -> Iterator[bytes]:
    """Yield a body as it arrives; only `read1` returns after each receive."""
    received_bytes = 0
    while chunk := raw.read1(CHUNK_BYTES, decode_content=False):
        deadline.check()
        received_bytes += len(chunk)
        if received_bytes > max_bytes:
            raise InvalidBodyError(FailureKind.TOO_LARGE, f"it is longer than {max_bytes:,} bytes")
        yield chunk
    deadline.check()


class _FinalResponse(http.client.HTTPResponse):
    """The response to a request, after the informational responses (1xx) that a server may send before it."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MAX_INFORMATIONAL_RESPONSES):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status == http.HTTPStatus.SWITCHING_PROTOCOLS:
                raise InvalidBodyError(FailureKind.NOT_HTTP, "it switches to another protocol (HTTP 101)")
            if status >= http.HTTPStatus.OK:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise InvalidBodyError(FailureKind.NOT_HTTP, "only informational responses (HTTP 1xx) came")


class _DeadlineConnection:
    """A connection that the deadline can shut down, also during the TLS handshake."""

    debuglevel = 0  # At higher levels, http.client prints the headers with the keys.
    response_class: Any = _FinalResponse

    def _new_conn(self: Any) -> socket.socket:
        deadline: Deadline = _thread_state.deadline
        host = self._dns_host
        addresses = resolve_host(host, self.port, allowed_gai_family(), deadline)
        connect_error: OSError | None = None
        for address in addresses:
            deadline.check()
            try:
                limit = min(self.timeout, deadline.remaining())
                new_socket = create_connection(address[:2], limit, socket_options=self.socket_options)
            except OSError as error:
                connect_error = error
            else:
                new_socket.settimeout(self.timeout)
                deadline.attach(new_socket)
                return new_socket
        raise connect_error or OSError("no address")


class _Connection(_DeadlineConnection, HTTPConnection):
    pass


class _SecureConnection(_DeadlineConnection, HTTPSConnection):
    pass


class _ClosingPool:
    """A pool that closes the connection of a response that was read, instead of keeping it."""

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.close()


class _Pool(_ClosingPool, HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(_ClosingPool, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
