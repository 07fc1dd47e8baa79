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
        self._handle: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def left(self) -> float:
        """Return how many seconds remain, at least a few thousandths, since 0 means no limit to a socket."""
        return max(self._end - time.monotonic(), 0.005)

    def watch(self, handle: socket.socket) -> None:
        """From now on, cut this socket when the time is up."""
        with self._lock:
            self._handle, self.connecting = handle, False
            if self.expired:
                _shut(handle)

    def check(self) -> None:
        """Raise TimeoutError if the time is up: a socket that was cut looks like the end of a body."""
        if self.expired or time.monotonic() > self._end:
            self.expired = True
            raise TimeoutError

    def let_go(self) -> None:
        """Stop the clock. The lock makes sure that no cut is under way when this returns."""
        self._timer.cancel()
        with self._lock:
            self._handle = None

    def _cut(self) -> None:
        with self._lock:
            self.expired = True
            if self._handle is not None:
                _shut(self._handle)


def _shut(handle: socket.socket) -> None:
    with contextlib.suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def resolve_host(host: str, port: int, family: Any, guard: Deadline) -> list[tuple[Any, ...]]:
    """Return the addresses of a host. Python can't interrupt the look-up, so it waits for it from outside."""
    found: list[tuple[Any, ...]] = []
    failed: list[OSError | UnicodeError] = []

    def look_up() -> None:
        try:
            found.extend(entry[4] for entry in socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    worker = threading.Thread(target=look_up, daemon=True)
    worker.start()
    worker.join(guard.left())
    if worker.is_alive():
        guard.check()
        guard.expired = True
        raise TimeoutError
    if failed:
        raise failed[0]
    return found
