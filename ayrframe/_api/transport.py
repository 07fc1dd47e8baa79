"""Send GET requests with requests and urllib3, which only this module imports.

A requests.Session is not used: it would follow redirects with the keys, send the cookies of one profile with requests
for another, and use proxies and `.netrc` entries of the environment.
"""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
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
_REQUEST_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "ayrframe"}
_RESPONSE_HEADERS = frozenset(
    {"content-type", "content-encoding", "date", "location", "retry-after", "x-ratelimit-max", "x-ratelimit-count"}
)
_thread_state = threading.local()


class Transport:
    """Sends requests. Safe for use by several threads."""

    __slots__ = ("_adapter", "_clock", "_lock", "_max_bytes", "_owner", "_verify")

    def __init__(self, clock: Clock, *, verify: bool | str = True, max_bytes: int = MAX_BODY_BYTES) -> None:
        """Create a connection pool. `verify` may be a file of certificates; `max_bytes` limits decoded bodies."""
        self._clock, self._verify, self._max_bytes = clock, verify, max_bytes
        self._reset()

    __reduce_ex__ = forbid_pickling("A transport")

    def get(
        self, url: str, params: Sequence[tuple[str, str]], headers: Mapping[str, str | Secret], timeout: float
    ) -> Response | Failure:
        """Return the response to a GET request, or the failure; `timeout` limits the whole request in seconds."""
        outcome = self._send_request(url, params, headers, timeout)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def close(self) -> None:
        """Close all idle connections."""
        self._adapter.close()

    def _reset(self) -> None:
        self._owner, self._lock = os.getpid(), threading.Lock()
        self._adapter = _Adapter(pool_connections=4, pool_maxsize=32, max_retries=0)

    def _send_request(
        self, url: str, params: Sequence[tuple[str, str]], headers: Mapping[str, str | Secret], timeout: float
    ) -> Response | Failure | BaseException:
        """Return exceptions instead of raising them, so that no traceback contains frames with plain keys."""
        if self._owner != os.getpid():  # After a fork, the child must not use connections of the parent.
            self._reset()
        deadline = _thread_state.deadline = Deadline(timeout)
        _thread_state.holder = holder = _ConnectionHolder()
        try:
            plain_headers = {
                name: value.reveal() if isinstance(value, Secret) else value for name, value in headers.items()
            }
            request = requests.PreparedRequest()
            request.prepare(method="GET", url=url, params=list(params), headers=_REQUEST_HEADERS | plain_headers)
            limits = (min(_CONNECT_SECONDS, timeout), timeout)
            response = self._adapter.send(request, stream=True, timeout=limits, verify=self._verify, proxies={})
            try:
                result = self._read_response(response, deadline)
                holder.is_reusable = True
                return result
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
            deadline.release()
            holder.release_connection()

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


class _DeadlineConnection:
    """A connection that the deadline can shut down, also during the TLS handshake.

    Python's TLS detaches the original socket object, so the connection keeps a duplicate.
    """

    debuglevel = 0  # At higher levels, http.client prints the headers with the keys.
    _duplicate_socket: socket.socket | None = None

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
                self._duplicate_socket = new_socket.dup()
                deadline.attach(self._duplicate_socket)
                return new_socket
        raise connect_error or OSError("no address")

    def putrequest(self: Any, *args: Any, **kwargs: Any) -> None:
        if self._duplicate_socket is not None:
            _thread_state.deadline.attach(self._duplicate_socket)
        super().putrequest(*args, **kwargs)  # type: ignore[misc]

    def close(self: Any) -> None:
        duplicate_socket, self._duplicate_socket = self._duplicate_socket, None
        if duplicate_socket is not None:
            duplicate_socket.close()
        super().close()  # type: ignore[misc]


class _Connection(_DeadlineConnection, HTTPConnection):
    pass


class _SecureConnection(_DeadlineConnection, HTTPSConnection):
    pass


class _ConnectionHolder:
    """Holds the connection of one request back from the pool until its response is known to be complete.

    urllib3 returns it to the pool with the last byte of the body, before the body is decoded.
    """

    def __init__(self) -> None:
        self.is_reusable = False
        self.connection: Any = None
        self.return_to_pool: Callable[[Any], None] | None = None

    def release_connection(self) -> None:
        return_to_pool, connection = self.return_to_pool, self.connection
        self.return_to_pool = self.connection = None
        if connection is not None and not self.is_reusable:
            connection.close()
        if return_to_pool is not None:
            return_to_pool(connection)


class _HoldingPool:
    """A pool that receives a connection at the end of the request, after its deadline was released."""

    def _put_conn(self, conn: Any) -> None:
        _thread_state.holder.connection, _thread_state.holder.return_to_pool = conn, super()._put_conn  # type: ignore[misc]


class _Pool(_HoldingPool, HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(_HoldingPool, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
