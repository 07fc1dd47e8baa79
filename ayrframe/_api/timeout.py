"""A limit on all of one request: name, connection, TLS, headers and body. No HTTP library is needed for it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any


class Deadline:
    """Cuts the connection of one request when its time is up, and never touches it once it was let go.

    A timeout of a socket counts anew with each byte, so that a slow drip passes it for ever.
    """

    def __init__(self, seconds: float) -> None:
        """Start the clock."""
        self.seconds = seconds
        self.expired = False
        self.connecting = True
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def remaining(self) -> float:
        """Return how many seconds remain, at least a few thousandths, since 0 means no limit to a socket."""
        return max(self._end - time.monotonic(), 0.005)

    def attach(self, connected_socket: socket.socket) -> None:
        """From now on, cut this socket when the time is up."""
        with self._lock:
            self._socket, self.connecting = connected_socket, False
            if self.expired:
                _shut_down(connected_socket)

    def check(self) -> None:
        """Raise TimeoutError if the time is up: a socket that was cut looks like the end of a body."""
        if self.expired or time.monotonic() > self._end:
            self.expired = True
            raise TimeoutError

    def release(self) -> None:
        """Stop the clock. The lock makes sure that no cut is under way when this returns."""
        self._timer.cancel()
        with self._lock:
            self._socket = None

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            if self._socket is not None:
                _shut_down(self._socket)


def _shut_down(connected_socket: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected_socket.shutdown(socket.SHUT_RDWR)


def resolve_host(host: str, port: int, family: Any, deadline: Deadline) -> list[tuple[Any, ...]]:
    """Return the addresses of a host. Python can't interrupt the look-up, so it waits for it from outside."""
    addresses: list[tuple[Any, ...]] = []
    errors: list[OSError | UnicodeError] = []

    def resolve() -> None:
        try:
            addresses.extend(entry[4] for entry in socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            errors.append(error)

    worker = threading.Thread(target=resolve, daemon=True)
    worker.start()
    worker.join(deadline.remaining())
    if worker.is_alive():
        deadline.check()
        deadline.expired = True
        raise TimeoutError
    if errors:
        raise errors[0]
    return addresses
