"""Limit the duration of a request: name resolution, connection, TLS, headers and body."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any


class Deadline:
    """Closes the connection of one request at its deadline, unless it was released before.

    The timeout of a socket starts again with each byte, so a server that sends slowly would never exceed it.
    """

    def __init__(self, seconds: float) -> None:
        """Start the timer."""
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
        """Return the remaining seconds, at least 0.005: a socket takes 0 as no limit."""
        return max(self._end - time.monotonic(), 0.005)

    def attach(self, connected_socket: socket.socket) -> None:
        """Shut down the connection of this socket at the deadline.

        Keeps a duplicate: Python's TLS detaches the original object, and its owner may close it at any time.
        """
        with self._lock:
            self._socket, self.connecting = connected_socket.dup(), False
            if self.expired:
                _shut_down(self._socket)

    def check(self) -> None:
        """Raise TimeoutError after the deadline: a socket that was shut down looks like the end of a body."""
        if self.expired or time.monotonic() > self._end:
            self.expired = True
            raise TimeoutError

    def release(self) -> None:
        """Stop the timer and close the duplicate. The lock ensures that no shutdown is in progress meanwhile."""
        self._timer.cancel()
        with self._lock:
            if self._socket is not None:
                self._socket.close()
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
    """Return the addresses of a host, looked up in a thread, because Python cannot interrupt a lookup."""
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
