"""Serve a response function over HTTP/1.1 on 127.0.0.1."""

from __future__ import annotations

import contextlib
import gzip
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from ayrframe._sandbox.messages import SandboxResponse

Responder = Callable[[str, str, Mapping[str, str], bytes], SandboxResponse]

_SERVER_JOIN_SECONDS = 5.0
_MAX_BODY_BYTES = 1 << 20
_STATUSES_WITHOUT_BODY = (204, 304)


class Server(ThreadingMixIn, TCPServer):
    """A threaded HTTP server that runs until it is closed."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, respond: Responder, wall: Callable[[], datetime]) -> None:
        """Start serving; `respond` is called with method, target, headers and body of each request."""
        self.respond, self.wall = respond, wall
        self.closing = threading.Event()
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._closed, self._owner_pid, self._lock = False, os.getpid(), threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)
        self._acceptor = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True, name="ayrframe-sandbox")
        self._acceptor.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a new thread and keep track of both until the connection ends."""
        thread = threading.Thread(
            target=self._serve, args=(request, client_address), daemon=True, name="ayrframe-sandbox-connection"
        )
        with self._lock:
            self._connections[thread] = request
        thread.start()

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._connections.pop(threading.current_thread(), None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore errors of clients that disconnected."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Close all connections and wait for their threads; further calls do nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self.closing.set()
        # A forked child does not have the serving thread, so waiting for it there would never end.
        if self._owner_pid == os.getpid():
            self.shutdown()
            self._acceptor.join(_SERVER_JOIN_SECONDS)
            with self._lock:
                connections = dict(self._connections)
            for connection in connections.values():
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            end = time.monotonic() + _SERVER_JOIN_SECONDS
            for thread in connections.keys() - {threading.current_thread()}:
                thread.join(max(end - time.monotonic(), 0.0))
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # Send header and body together.
    server: Server

    def _respond(self) -> None:
        request_headers = {name.lower(): value for name, value in self.headers.items()}
        length = request_headers.get("content-length", "0")
        has_length = length.isdecimal() and int(length) <= _MAX_BODY_BYTES
        body = self.rfile.read(int(length)) if has_length else b""
        if has_length and len(body) < int(length):
            self.close_connection = True  # The client disconnected while it sent the body.
            return
        # A body that was not read would be read as the next request.
        self.close_connection |= not has_length or "transfer-encoding" in request_headers
        response = self.server.respond(self.command, self.path, request_headers, body)
        if response.delay:
            self.server.closing.wait(response.delay)
        body = response.content if response.status not in _STATUSES_WITHOUT_BODY else b""
        headers = {"Content-Type": "application/json; charset=utf-8", **response.headers}
        if "gzip" in request_headers.get("accept-encoding", "").lower():
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        if response.body_share < 1:
            body, self.close_connection = body[: int(len(body) * response.body_share)], True
        if self.close_connection:
            headers["Connection"] = "close"
        self.send_response(response.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _respond  # noqa: N815

    def version_string(self) -> str:
        return "ayrframe-sandbox"

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002
        return format_datetime(self.server.wall().replace(microsecond=0), usegmt=True)

    def log_message(self, *_: Any) -> None:
        pass
