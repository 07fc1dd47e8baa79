"""A server on raw sockets at 127.0.0.1, which sends exactly the bytes of a test, valid or not."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Hit:
    """One request. `fault` is its number among the requests that get the fault, from 0."""

    number: int
    at: float
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    closing: threading.Event
    fault: int = 0

    @property
    def params(self) -> dict[str, str]:
        return {
            name: values[0] for name, values in parse_qs(urlsplit(self.target).query, keep_blank_values=True).items()
        }

    def stall(self, seconds: float = 30) -> None:
        self.closing.wait(seconds)


# Sends a response and returns whether the connection stays open for another request.
Scenario = Callable[[socket.socket, Hit], bool | None]


@dataclass
class Server:
    scenario: Scenario
    tls: ssl.SSLContext | None = None
    hits: list[Hit] = field(default_factory=list)

    def __enter__(self) -> Server:
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/api"

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
            with self._lock:
                self._open.add(sock)
            while not self.closing.is_set() and (request := _read_request(sock)):
                with self._lock:
                    hit = Hit(len(self.hits), time.monotonic(), *request, self.closing)
                    self.hits.append(hit)
                if not self.scenario(sock, hit):
                    break
        with self._lock:
            self._open.discard(sock)
        sock.close()


def _read_request(sock: socket.socket) -> tuple[str, str, dict[str, str], bytes] | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    method, target, _ = first.split(" ")
    return method, target, headers, body


def http(body: bytes | str = b"", status: int = 200, headers: Iterable[str] = (), *, length: object = None) -> bytes:
    """Return an HTTP response; `length` overrides the Content-Length, "" omits it."""
    content = body.encode() if isinstance(body, str) else body
    length_header = "" if length == "" else f"Content-Length: {len(content) if length is None else length}\r\n"
    lines = "".join(f"{line}\r\n" for line in headers)
    return (
        f"HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\n{length_header}{lines}\r\n".encode("latin-1")
        + content
    )


def is_complete(response: bytes) -> bool:
    """Return whether a response has as many bytes as it announces, so that the connection can be used again."""
    head, _, body = response.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)^content-length: (\d+)\r?$", head, re.MULTILINE)
    return length is None or int(length[1]) <= len(body)


def envelope(ids: Iterable[object], cursor: str | None = None, **fields: Any) -> bytes:
    """Return an envelope in the format of Ayrshare."""
    meta = {"meta": {"pagination": {"hasMore": bool(cursor), **({"next": cursor} if cursor else {})}}}
    return json.dumps(
        {"status": "success", "posts": [{"id": str(i), "post": f"post {i}"} for i in ids], **meta, **fields}
    ).encode()


GOOD = envelope(["a", "b"])
LONG = json.dumps({"status": "success", "posts": [{"id": str(i), "post": "x" * 60} for i in range(150)]}).encode()
ZIPPED = gzip.compress(LONG)


def sends(*responses: bytes) -> Scenario:
    """Return a scenario that sends these responses in turn, repeats the last, and closes after a cut one."""

    def send(sock: socket.socket, hit: Hit) -> bool:
        response = responses[min(hit.fault, len(responses) - 1)]
        sock.sendall(response)
        return is_complete(response)

    return send


def five_pages(scenario: Scenario, at: int = 3, headers: Iterable[str] = ()) -> Scenario:
    """Return a history of five pages, one of them served by the scenario; `headers` are those of the other pages."""
    faults = iter(range(10_000))

    def serve(sock: socket.socket, hit: Hit) -> bool | None:
        name = hit.params.get("next", "cursor-1")
        number = int(name[-1]) if name in {f"cursor-{n}" for n in range(1, 6)} else at
        if number == at:
            hit.fault = next(faults)
            return scenario(sock, hit)
        body = envelope([f"p{number}-{i}" for i in range(2)], f"cursor-{number + 1}" if number < 5 else None)
        sock.sendall(http(body, headers=headers))
        return True

    return serve


def only_page(scenario: Scenario) -> Scenario:
    """Return a history of one page, served by the scenario."""
    faults: Iterator[int] = iter(range(10_000))

    def serve(sock: socket.socket, hit: Hit) -> bool | None:
        hit.fault = next(faults)
        return scenario(sock, hit)

    return serve


def reset(sock: socket.socket) -> None:
    """Close with RST instead of FIN."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def drip(sock: socket.socket, hit: Hit, data: bytes, gap: float = 0.1) -> None:
    for byte in data:
        sock.sendall(bytes([byte]))
        if hit.closing.wait(gap):
            return
