"""One GET over HTTP, and what came of it. The only module that knows requests and urllib3; import it only to send.

There is no Session here, on purpose: with it go redirects that carry keys to other hosts, cookies of one profile sent
for another, proxies and `.netrc` entries from the environment.
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

from ayrframe._api.body import BrokenBodyError, decompress
from ayrframe._api.models import Clock, Failure, FailureKind, Response
from ayrframe._api.secrets import Secret, forbid_pickling
from ayrframe._api.timeout import Deadline, resolve_host
from ayrframe._api.transport_errors import classify_exception

MAX_BODY_BYTES = 64 * 2**20
_CONNECT_SECONDS = 10.0
_ALWAYS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "ayrframe"}
_PIECE = 65536
_KEPT = frozenset(
    {"content-type", "content-encoding", "date", "location", "retry-after", "x-ratelimit-max", "x-ratelimit-count"}
)
_here = threading.local()


class Transport:
    """Sends requests; several threads may share one."""

    __slots__ = ("_adapter", "_cap", "_clock", "_lock", "_owner", "_verify")

    def __init__(self, clock: Clock, *, verify: bool | str = True, cap: int = MAX_BODY_BYTES) -> None:
        """Open nothing yet. `verify` may name a file of certificates to trust; `cap` limits a decoded body."""
        self._clock, self._verify, self._cap = clock, verify, cap
        self._open()

    __reduce_ex__ = forbid_pickling("A transport")

    def get(
        self, url: str, params: Sequence[tuple[str, str]], headers: Mapping[str, str | Secret], timeout: float
    ) -> Response | Failure:
        """Return the reply to one GET, whatever its status, or why there is none. `timeout` is for all of it."""
        outcome = self._exchange(url, params, headers, timeout)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def close(self) -> None:
        """Close all idle connections."""
        self._adapter.close()

    def _open(self) -> None:
        self._owner, self._lock = os.getpid(), threading.Lock()
        self._adapter = _Adapter(pool_connections=4, pool_maxsize=32, max_retries=0)

    def _exchange(
        self, url: str, params: Sequence[tuple[str, str]], headers: Mapping[str, str | Secret], timeout: float
    ) -> Response | Failure | BaseException:
        """Return even what is to be raised, so that no traceback leads through frames that hold keys in clear."""
        if self._owner != os.getpid():  # A child of a fork must not write into connections of its parent.
            self._open()
        guard = _here.guard = Deadline(timeout)
        _here.kept = kept = _Kept()
        try:
            sent = {name: value.reveal() if isinstance(value, Secret) else value for name, value in headers.items()}
            request = requests.PreparedRequest()
            request.prepare(method="GET", url=url, params=list(params), headers=_ALWAYS | sent)
            limits = (min(_CONNECT_SECONDS, timeout), timeout)
            reply = self._adapter.send(request, stream=True, timeout=limits, verify=self._verify, proxies={})
            try:
                whole = self._received(reply, guard)
                kept.good = True
                return whole
            finally:
                reply.raw.close()
        except MemoryError as stop:
            stop.__context__ = stop.__cause__ = None
            return stop.with_traceback(None)
        except Exception as error:  # noqa: BLE001 - whatever these libraries raise may hold the request, keys and all
            return classify_exception(error, guard, urlsplit(url).netloc)
        except BaseException as stop:  # noqa: BLE001 - Ctrl-C passes, but without the frames it came through
            stop.__context__ = stop.__cause__ = None
            return stop.with_traceback(None)
        finally:
            guard.let_go()
            kept.give_back()

    def _received(self, reply: requests.Response, guard: Deadline) -> Response:
        raw = reply.raw
        headers = {name.lower(): value for name, value in raw.headers.items()}
        length = headers.get("content-length")
        if length is not None and not re.fullmatch(r"\s*[0-9]+\s*(,\s*[0-9]+\s*)*", length):
            raise BrokenBodyError(FailureKind.NOT_HTTP, "its Content-Length is no number")
        notes: list[str] = []
        body = bytearray()
        pieces = decompress(_pieces(raw, guard, self._cap), headers.get("content-encoding", ""), notes)
        for piece in pieces:
            body += piece
            if len(body) > self._cap:
                raise BrokenBodyError(FailureKind.TOO_BIG, f"it is longer than {self._cap:,} bytes")
        guard.check()
        zipped = headers.get("content-encoding", "").strip().lower() not in ("", "identity")
        return Response(
            status=raw.status,
            headers={name: value for name, value in headers.items() if name in _KEPT},
            body=bytes(body),
            received_at=self._clock.wall(),
            framed=length is not None or bool(raw.chunked) or zipped,
            notes=tuple(notes),
        )


def _pieces(raw: Any, guard: Deadline, cap: int) -> Iterator[bytes]:
    """Yield a body as it arrives. Of all ways to read, only `read1` returns after each receive."""
    taken = 0
    while piece := raw.read1(_PIECE, decode_content=False):
        guard.check()
        taken += len(piece)
        if taken > cap:
            raise BrokenBodyError(FailureKind.TOO_BIG, f"it is longer than {cap:,} bytes")
        yield piece
    guard.check()


class _Guarded:
    """A connection whose socket a guard can reach, also while TLS is being negotiated.

    Python's TLS takes the socket object away from whoever made it, so the connection keeps a second handle on it.
    """

    debuglevel = 0  # http.client would print the headers of each request, keys and all.
    _handle: socket.socket | None = None

    def _new_conn(self: Any) -> socket.socket:
        guard: Deadline = _here.guard
        host = self._dns_host
        found = resolve_host(host, self.port, allowed_gai_family(), guard)
        trouble: OSError | None = None
        for address in found:
            guard.check()
            try:
                limit = min(self.timeout, guard.left())
                made = create_connection(address[:2], limit, socket_options=self.socket_options)
            except OSError as error:
                trouble = error
            else:
                made.settimeout(self.timeout)
                self._handle = made.dup()
                guard.watch(self._handle)
                return made
        raise trouble or OSError("no address")

    def putrequest(self: Any, *args: Any, **kwargs: Any) -> None:
        if self._handle is not None:
            _here.guard.watch(self._handle)
        super().putrequest(*args, **kwargs)  # type: ignore[misc]

    def close(self: Any) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()
        super().close()  # type: ignore[misc]


class _Connection(_Guarded, HTTPConnection):
    pass


class _SecureConnection(_Guarded, HTTPSConnection):
    pass


class _Kept:
    """The connection of one exchange, which no other may have before the reply has proved whole.

    urllib3 gives it back with the last byte of a body, before anybody knows whether that body can be read.
    """

    def __init__(self) -> None:
        self.good = False
        self.connection: Any = None
        self.put: Callable[[Any], None] | None = None

    def give_back(self) -> None:
        put, connection = self.put, self.connection
        self.put = self.connection = None
        if connection is not None and not self.good:
            connection.close()
        if put is not None:
            put(connection)


class _Patient:
    """A pool that gets a connection back at the end of an exchange, when nothing watches or reads it any more."""

    def _put_conn(self, conn: Any) -> None:
        _here.kept.connection, _here.kept.put = conn, super()._put_conn  # type: ignore[misc]


class _Pool(_Patient, HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(_Patient, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
