"""Test part T of the fault table: connections on real sockets, with the fault on page 1 and on page 3 of 5."""

from __future__ import annotations

import contextlib
import datetime
import gc
import gzip
import re
import socket
import ssl
import sys
import threading
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
import trustme

import ayrframe as ayr
from ayrframe._api.pages import iter_pages
from ayrframe._platforms import find_platform
from ayrframe.errors import AyrframeError, DataWarning, ResponseError, TransportError
from tests.faults.load_client import SLACK, PagesResult, make_client, run_pages, sleeps
from tests.faults.server import (
    GOOD,
    LONG,
    ZIPPED,
    Hit,
    Scenario,
    Server,
    drip,
    envelope,
    five_pages,
    http,
    only_page,
    reset,
    sends,
)

DEADLINE = 0.5
WHERE = pytest.mark.parametrize("page", [1, 3], ids=["page_1", "page_3_of_5"])


def cut(sock: socket.socket, data: bytes) -> None:
    sock.sendall(data)


def run(
    scenario: Scenario, page: int, tls: ssl.SSLContext | None = None, **client_options: Any
) -> tuple[PagesResult, list[Hit], list[float]]:
    """Serve the scenario at a page and check what applies to every fault."""
    placed = only_page(scenario) if page == 1 else five_pages(scenario)
    with Server(placed, tls) as server:
        client = make_client(server.url, **client_options)
        result = run_pages(client)
        hits = [hit for hit in server.hits if page == 1 or hit.params.get("next") == "cursor-3"]
    if page == 3:
        assert result.ids[:4] == ["p1-0", "p1-1", "p2-0", "p2-1"], "the pages before the fault are kept"
    if page == 3 and result.error is None:
        assert result.ids[-4:] == ["p4-0", "p4-1", "p5-0", "p5-1"]
    if result.error is not None:
        assert result.error.platform == "tiktok"
        assert result.error.__cause__ is None
        assert result.error.__context__ is None
        assert result.error.cursor == (None if page == 1 else "cursor-3")
    return result, hits, sleeps(client)


def failed(result: PagesResult, words: str, kind: type[Exception] = TransportError) -> None:
    assert type(result.error) is kind, result.error
    assert re.search(words, str(result.error)), result.error


@WHERE
def test_T1_refused_connection_raises(page: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    if page == 1:
        client = make_client(f"http://127.0.0.1:{port}/api")
        result = run_pages(client)
    else:

        def close_listener(sock: socket.socket, hit: Hit) -> None:
            server._listener.shutdown(socket.SHUT_RDWR)
            server._listener.close()

        with Server(five_pages(close_listener)) as server:
            client = make_client(server.url)
            port = server.port
            result = run_pages(client)
        assert result.ids == ["p1-0", "p1-1", "p2-0", "p2-1"]
    failed(
        result,
        rf"TikTok.*cannot connect to 127\.0\.0\.1:{port} \(Connection refused\) \(4 attempts\)\. Check the network",
    )
    assert result.error is not None
    assert result.error.retryable
    assert len(sleeps(client)) == 3


def test_T2_unresolvable_host_name_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    client = make_client("https://history.invalid/api")
    failed(run_pages(client), "cannot resolve the host name history.invalid")
    assert len(sleeps(client)) == 3


def test_T2_silent_name_server_raises_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(20) and [])
    result = run_pages(make_client("https://history.invalid/api", deadline=DEADLINE))
    over.set()
    failed(result, r"within 0\.[45]\d* s")
    assert result.seconds < DEADLINE + SLACK


def test_T3_connection_never_accepted_raises() -> None:
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(8):  # A full backlog: further connections are not accepted.
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        result = run_pages(make_client(f"http://127.0.0.1:{listener.getsockname()[1]}/api", deadline=DEADLINE))
    failed(result, r"within 0\.[45]\d* s|timeout while connecting to")
    assert result.seconds < DEADLINE + SLACK


@WHERE
def test_T4_response_without_data_raises(page: int) -> None:
    stays_silent(lambda sock, hit: hit.stall(), page)


@WHERE
def test_T5_stalled_body_raises(page: int) -> None:
    def half(sock: socket.socket, hit: Hit) -> None:
        sock.sendall(http(LONG)[:500])
        hit.stall()

    stays_silent(half, page)


@WHERE
def test_T6_slow_body_raises(page: int) -> None:
    def slow(sock: socket.socket, hit: Hit) -> None:
        sock.sendall(http(LONG)[: -len(LONG)])
        drip(sock, hit, LONG)

    stays_silent(slow, page)


@WHERE
def test_T7_slow_headers_raise(page: int) -> None:
    stays_silent(lambda sock, hit: drip(sock, hit, http(LONG)), page)


@WHERE
@pytest.mark.parametrize("where", ["headers", "body"])
def test_T8_slow_response_over_TLS_raises(page: int, where: str, authority: trustme.CA, ca_file: str) -> None:
    def slow(sock: socket.socket, hit: Hit) -> None:
        ahead = 0 if where == "headers" else len(http(LONG)) - len(LONG)
        sock.sendall(http(LONG)[:ahead])
        drip(sock, hit, http(LONG)[ahead:])

    stays_silent(slow, page, tls=context(authority), verify=ca_file)


def test_T8_stalled_TLS_handshake_raises(ca_file: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        result = run_pages(
            make_client(f"https://127.0.0.1:{listener.getsockname()[1]}/api", verify=ca_file, deadline=DEADLINE)
        )
    failed(result, r"within 0\.[45]\d* s")
    assert result.seconds < DEADLINE + SLACK


def stays_silent(scenario: Scenario, page: int, **client_options: Any) -> None:
    """Check the fault with a timeout per request, which is retried, and with a deadline for the load."""
    result, hits, pauses = run(scenario, page, timeout=0.15, **client_options)
    failed(result, "no complete response from .* within 0.15 s|timeout while waiting for data from ")
    assert len(hits) == 4
    assert pauses == [0.75, 1.5, 3.0]
    assert result.seconds < 4 * 0.15 + SLACK
    result, hits, _ = run(scenario, page, timeout=30.0, deadline=DEADLINE, **client_options)
    assert type(result.error) is TransportError
    assert len(hits) == 1
    assert result.seconds < DEADLINE + SLACK


@WHERE
@pytest.mark.parametrize(
    ("fault", "attempts"),
    [
        pytest.param(http(LONG)[:500], 4, id="T9_shorter_than_its_length"),
        pytest.param(
            http(b"", length="", headers=["Transfer-Encoding: chunked"]) + b"1f4\r\n" + LONG[:500] + b"\r\n",
            4,
            id="T10_no_last_chunk",
        ),
        pytest.param(http(LONG[:500], length=""), 2, id="T11_no_length_and_closed_early"),
        pytest.param(http(b"", length=""), 2, id="T11_no_length_and_no_body"),
        pytest.param(http(ZIPPED[: len(ZIPPED) // 2], headers=["Content-Encoding: gzip"]), 4, id="T12_gzip_cut"),
        pytest.param(
            http(ZIPPED[:-8] + b"\0" * 8, headers=["Content-Encoding: gzip"]), 2, id="T13_gzip_with_a_bad_checksum"
        ),
        pytest.param(http(LONG, headers=["Content-Encoding: gzip"]), 2, id="T13_not_gzip_at_all"),
        pytest.param(http(zlib.compress(LONG), headers=["Content-Encoding: gzip"]), 2, id="T13_deflate_without_gzip"),
        pytest.param(
            http(LONG, headers=["Content-Encoding: " + ", ".join(["gzip"] * 6)]), 2, id="T17_stacked_encodings"
        ),
        pytest.param(http(LONG, headers=["Content-Encoding: br"]), 2, id="T17_an_encoding_not_asked_for"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", 2, id="T20_not_HTTP"),
        pytest.param(http(GOOD, headers=["X-Long: " + "x" * 70_000]), 2, id="T20_header_of_70_kB"),
        pytest.param(http(GOOD, headers=[f"X-{n}: 1" for n in range(150)]), 2, id="T20_150_headers"),
        pytest.param(http(GOOD, length="abc"), 2, id="T20_length_abc"),
        pytest.param(http(GOOD, headers=["Content-Length: 7"]), 2, id="T20_two_lengths"),
        pytest.param(b"", 4, id="T18_closed_before_the_headers"),
    ],
)
def test_broken_response_is_retried_and_raises(fault: bytes, attempts: int, page: int) -> None:
    result, hits, _ = run(lambda sock, hit: cut(sock, fault), page)
    failed(result, rf"127\.0\.0\.1.*\({attempts} attempts\)\. |response was truncated.*\({attempts} attempts\)\. ")
    assert len(hits) == attempts
    good = http(envelope(["p3-0", "p3-1"], "cursor-4" if page == 3 else None))
    result, hits, _ = run(lambda sock, hit: cut(sock, fault if hit.fault == 0 else good), page)
    assert result.error is None
    assert len(hits) == 2


def test_T13_connection_of_a_corrupt_response_is_not_reused() -> None:
    """The server closes the connection later, so a request on it would get no response."""
    damaged = http(ZIPPED[:-8] + b"\0" * 8, headers=["Content-Encoding: gzip"])
    ports: list[int] = []

    def late(sock: socket.socket, hit: Hit) -> None:
        ports.append(sock.getpeername()[1])
        sock.sendall(damaged)
        hit.stall(0.1)

    result, hits, _ = run(late, 3)
    failed(result, r"its gzip data are corrupt \(2 attempts\)\. Try again later\.$")
    assert len(hits) == len(set(ports)) == 2


def test_each_request_has_a_connection_of_its_own() -> None:
    ports: list[int] = []
    pages = five_pages(sends(http(envelope(["p3-0"], "cursor-4"))))

    def noted(sock: socket.socket, hit: Hit) -> bool | None:
        ports.append(sock.getpeername()[1])
        return pages(sock, hit)

    with Server(noted) as server:
        assert len(run_pages(make_client(server.url)).pages) == 5
        assert {hit.headers["connection"] for hit in server.hits} == {"close"}
    assert len(set(ports)) == 5


def test_T14_bytes_after_gzip_data_are_ignored_with_a_warning() -> None:
    body = gzip.compress(GOOD) + b"garbage"
    with Server(sends(http(body, headers=["Content-Encoding: gzip"]))) as server:
        result = run_pages(make_client(server.url))
    assert result.ids == ["a", "b"]
    assert any("ignored bytes after the end of the gzip data" in note for note in result.pages[0].envelope.warnings)


def test_T14_bytes_after_the_body_are_not_the_next_response() -> None:
    poison = http(b'{"posts": [{"id": "of another"}]}')
    with Server(five_pages(lambda sock, hit: sock.sendall(http(GOOD) + poison) or True, at=1)) as server:
        result = run_pages(make_client(server.url))
        again = run_pages(make_client(server.url))
    assert result.ids == again.ids == ["a", "b"]


@WHERE
def test_T15_gzip_bomb_raises_with_little_memory(page: int) -> None:
    bomb = gzip.compress(b"[" + b" " * (128 << 20))
    before = peak()
    start = time.monotonic()
    result, hits, _ = run(sends(http(bomb, headers=["Content-Encoding: gzip"])), page, max_bytes=8 << 20)
    failed(result, "longer than 8,388,608 bytes")
    assert len(hits) == 1
    assert result.error is not None
    assert not result.error.retryable
    assert peak() - before < 32 << 20
    assert time.monotonic() - start < 3


@WHERE
def test_T16_endless_chunked_body_raises(page: int) -> None:
    def endless(sock: socket.socket, hit: Hit) -> None:
        sock.sendall(http(b"", length="", headers=["Transfer-Encoding: chunked"]))
        while not hit.closing.is_set():
            sock.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")

    result, hits, _ = run(endless, page, max_bytes=8 << 20)
    failed(result, "longer than 8,388,608 bytes")
    assert len(hits) == 1


@pytest.mark.parametrize(("limit", "fails"), [(len(GOOD) + 1, False), (len(GOOD), False), (len(GOOD) - 1, True)])
def test_body_of_the_maximum_length_is_read(limit: int, fails: bool) -> None:
    result, _, _ = run(sends(http(GOOD)), 1, max_bytes=limit)
    assert (result.error is not None) == fails


@WHERE
def test_T18_reset_before_the_headers_raises(page: int) -> None:
    result, hits, _ = run(lambda sock, hit: reset(sock), page)
    failed(result, "closed the connection before the response was complete")
    assert len(hits) == 4


@pytest.mark.parametrize("seen", [True, False], ids=["before_the_next_request", "in_a_race_with_it"])
def test_T19_closed_connection_between_pages_is_harmless(seen: bool) -> None:
    good = five_pages(sends(http(envelope(["p3"], "cursor-4"))))
    with Server(lambda sock, hit: good(sock, hit) and False) as server:
        client = make_client(server.url)
        numbers = []
        for page in iter_pages(client, find_platform("tiktok")):
            numbers.append(page.number)
            time.sleep(0.05 if seen else 0)
        client.close()
    assert numbers == [1, 2, 3, 4, 5]
    if seen:
        assert sleeps(client) == []


@pytest.mark.parametrize("fault", ["T21_unknown_CA", "T21_wrong_name", "T21_expired"])
def test_invalid_certificate_raises_and_sends_no_key(fault: str, authority: trustme.CA, ca_file: str) -> None:
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    cert = {
        "T21_unknown_CA": lambda: trustme.CA().issue_cert("127.0.0.1"),
        "T21_wrong_name": lambda: authority.issue_cert("example.org"),
        "T21_expired": lambda: authority.issue_cert("127.0.0.1", not_after=past),
    }[fault]()
    with Server(sends(http(GOOD)), context(cert)) as server:
        client = make_client(server.url, verify=ca_file)
        result = run_pages(client)
        assert server.hits == []
    failed(result, "the TLS certificate of 127.0.0.1:.* is not trusted .*; no key was sent")
    assert sleeps(client) == []
    assert result.error is not None
    assert not result.error.retryable


def test_T21_valid_certificate_is_trusted(authority: trustme.CA, ca_file: str) -> None:
    with Server(sends(http(GOOD)), context(authority)) as server:
        assert run_pages(make_client(server.url, verify=ca_file)).ids == ["a", "b"]


def test_T22_https_to_an_http_port_raises() -> None:
    def plain(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listener.accept()
                with sock:
                    sock.recv(1000)
                    sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=plain, args=(listener,), daemon=True)
        thread.start()
        client = make_client(f"https://127.0.0.1:{listener.getsockname()[1]}/api", deadline=2.0)
        result = run_pages(client)
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    failed(result, "the TLS handshake with .* failed")
    assert sleeps(client) == []
    assert result.seconds < 2.0 + SLACK


def test_T23_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(sends(http(GOOD))) as proxy, Server(sends(http(GOOD))) as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert run_pages(make_client(server.url)).ids == ["a", "b"]
        assert proxy.hits == []


def test_T24_netrc_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password something\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with Server(sends(http(GOOD))) as server:
        run_pages(make_client(server.url, api_key="KEY-OF-THE-CALLER"))
        assert server.hits[0].headers["authorization"] == "Bearer KEY-OF-THE-CALLER"


def test_T25_cookies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(five_pages(sends(http(GOOD, headers=["Set-Cookie: who=A; Path=/"])), at=1)) as server:
        first = make_client(server.url, profile_key="PROFILE-A")
        run_pages(first)
        run_pages(first)
        run_pages(make_client(server.url, profile_key="PROFILE-B"))
        assert len(server.hits) == 3
        assert all("cookie" not in hit.headers for hit in server.hits)
        assert [hit.headers["profile-key"] for hit in server.hits] == ["PROFILE-A", "PROFILE-A", "PROFILE-B"]


def test_deadline_does_not_close_the_connection_of_a_later_request() -> None:
    with Server(sends(http(GOOD))) as server:
        client = make_client(server.url, timeout=0.15)
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            assert run_pages(client).error is None


MOMENTS: dict[str, Callable[[bytes], list[bytes]]] = {
    "before_as_HTTP_100": lambda body: [b"HTTP/1.1 100 Continue\r\n\r\n", http(body)],
    "before_as_HTTP_102": lambda body: [b"HTTP/1.1 102 Processing\r\n\r\n", http(body)],
    "before_as_HTTP_103": lambda body: [b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" * 3, http(body)],
    "before_as_HTTP_199": lambda body: [b"HTTP/1.1 199 Unknown\r\n\r\n" + http(body)],
    "before_as_HTTP_103_and_after": lambda body: [b"HTTP/1.1 103 Early\r\n\r\n", http(body) + http(body), http(body)],
    "within_chunks": lambda body: [
        http(b"", length="", headers=["Transfer-Encoding: chunked"]),
        b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) + http(body),
    ],
    "within_gzip": lambda body: [http(gzip.compress(body) + http(body), headers=["Content-Encoding: gzip"])],
    "after_the_body": lambda body: [http(body) + http(body)],
    "late_after_the_body": lambda body: [http(body), http(body)],
    "late_and_cut": lambda body: [http(body), http(body)[:-5]],
    "after_HTTP_204": lambda body: [http(body, 204) + http(body), http(body)],
    "late_after_HTTP_204": lambda body: [http(b"", 204, length=""), http(body)],
    "late_after_HTTP_304": lambda body: [http(b"", 304, length=""), body, http(body)],
    "late_after_HTTP_404": lambda body: [http(b'{"message": "none"}', 404), http(body)],
    "late_after_an_empty_body": lambda body: [http(b""), http(body)],
    "after_HTTP_101": lambda body: [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + http(body), http(body)],
}


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_T26_surplus_bytes_never_reach_another_profile(
    moment: str, secure: bool, authority: trustme.CA, ca_file: str, tmp_path: Path
) -> None:
    def answer(sock: socket.socket, hit: Hit) -> bool:
        owner = f"{hit.headers['profile-key'][-1]} {hit.target.split('/')[-1].split('?')[0]}"
        for piece in MOMENTS[moment](envelope([owner])):
            sock.sendall(piece)
            hit.stall(0.02)
        return True

    archive = ayr.Archive(tmp_path / "archive")
    profiles = {"A": "PROFILE-KEY-OF-A", "B": "PROFILE-KEY-OF-B"}
    calls: list[tuple[Any, dict[str, str]]] = [
        (platform, {label: profiles[label]}) for label in "ABBA" for platform in ("tiktok", "bluesky", "tiktok")
    ]
    arrived = 0
    with Server(answer, context(authority) if secure else None) as server:
        client = make_client(server.url, verify=ca_file if secure else True)
        for platform, keys in [*calls, (["bluesky", "tiktok"], profiles)]:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DataWarning)
                try:
                    posts = ayr.load(platform, client=client, profile_key=keys, archive=archive)
                except AyrframeError:
                    continue
            assert posts["id"].tolist() == (posts["profile"] + " " + posts["platform"]).tolist()
            arrived += len(posts)
    assert arrived == (0 if re.search("204|304|404|101|empty", moment) else 16)
    if arrived:
        archived = archive.posts()
        assert archived["id"].tolist() == (archived["profile"] + " " + archived["platform"]).tolist()


@WHERE
def test_T27_switch_to_another_protocol_raises(page: int) -> None:
    result, hits, _ = run(sends(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n" + http(GOOD)), page)
    failed(result, r"it switches to another protocol \(HTTP 101\) \(2 attempts\)\. Check `base_url`")
    assert len(hits) == 2


@WHERE
def test_T27_endless_informational_responses_raise(page: int) -> None:
    result, hits, _ = run(sends(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000 + http(GOOD)), page)
    failed(result, r"only informational responses \(HTTP 1xx\) came \(2 attempts\)")
    assert len(hits) == 2


def test_T27_slow_informational_responses_raise_at_the_deadline() -> None:
    with Server(lambda sock, hit: drip(sock, hit, b"HTTP/1.1 102 Processing\r\n\r\n" * 10, 0.02)) as server:
        result = run_pages(make_client(server.url, deadline=DEADLINE))
    failed(result, r"within 0\.[45]\d* s")
    assert result.seconds < DEADLINE + SLACK


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_T26_every_connection_of_a_load_with_failures_is_closed(
    secure: bool, authority: trustme.CA, ca_file: str
) -> None:
    """The server reads from each connection after its response, so it sees whether the client closes it."""
    faults = {"cursor-2": "cut", "cursor-3": "error", "cursor-4": "silence"}
    seen: set[str] = set()
    is_closed: SimpleQueue[bool] = SimpleQueue()

    def serve(sock: socket.socket, hit: Hit) -> bool:
        cursor = hit.params.get("next", "cursor-1")
        fault = "" if cursor in seen else faults.get(cursor, "")
        seen.add(cursor)
        number = int(cursor[-1])
        page = http(envelope([f"p{number}"], f"cursor-{number + 1}" if number < 5 else None))
        sock.settimeout(5)
        if fault != "silence":
            sock.sendall({"cut": page[:-5], "error": http(b"", 500)}.get(fault, page))
        if fault == "cut":
            socket.socket.shutdown(sock, socket.SHUT_WR)
        try:
            is_closed.put(sock.recv(1) == b"")
        except TimeoutError:
            is_closed.put(False)
        except OSError:  # Closed without the formalities of TLS or TCP.
            is_closed.put(True)
        return False

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        with Server(serve, context(authority) if secure else None) as server:
            client = make_client(server.url, verify=ca_file if secure else True, timeout=0.4)
            result = run_pages(client)
            gc.collect()
            closed = [is_closed.get(timeout=5) for _ in server.hits]
    assert (result.error, result.ids) == (None, ["p1", "p2", "p3", "p4", "p5"])
    assert len(closed) >= 8  # Five pages and three retries; a busy machine may need more.
    assert all(closed)
    assert [str(warning.message) for warning in caught if warning.category is ResourceWarning] == []


def context(issuer: trustme.CA | trustme.LeafCert) -> ssl.SSLContext:
    cert = issuer.issue_cert("127.0.0.1") if isinstance(issuer, trustme.CA) else issuer
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(made)
    return made


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA) -> Iterator[str]:
    with authority.cert_pem.tempfile() as path:
        yield path


def peak() -> int:
    resource = pytest.importorskip("resource")
    unit = 1 if sys.platform == "darwin" else 1024
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * unit


def test_invalid_JSON_raises_without_retry() -> None:
    with Server(sends(http(LONG[:500]))) as server:
        result = run_pages(make_client(server.url))
        assert len(server.hits) == 1
    failed(result, "invalid JSON", ResponseError)


# Faults of a new connection on page 3 of 5: the server closes the connection after each page.
PAGES = five_pages(sends(http(envelope(["p3-0", "p3-1"], "cursor-4"))), headers=["Connection: close"])


def closing(sock: socket.socket, hit: Hit) -> None:
    PAGES(sock, hit)


def run_pages_into(change: Callable[[], object], client: Any) -> PagesResult:
    """Request pages, and call `change` after the second."""
    result = PagesResult()
    try:
        for page in iter_pages(client, find_platform("tiktok")):
            result.pages.append(page)
            if page.number == 2:
                change()
    except AyrframeError as error:
        result.error = error
    assert result.ids == ["p1-0", "p1-1", "p2-0", "p2-1"], "the pages before the fault are kept"
    assert result.error is not None
    assert (result.error.cursor, result.error.__context__) == ("cursor-3", None)
    return result


def replaced(server: Server) -> socket.socket:
    """Close the listener of the server and open another at its address that accepts no connection."""
    port = server.port
    server._listener.shutdown(socket.SHUT_RDWR)
    server._listener.close()
    return socket.create_server(("127.0.0.1", port), backlog=0)


def test_T2_unresolvable_host_name_on_page_3_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    with Server(closing) as server:
        client = make_client(server.url)
        result = run_pages_into(lambda: monkeypatch.setattr(socket, "getaddrinfo", fail), client)
    failed(result, "cannot resolve the host name")


def test_T3_connection_never_accepted_on_page_3_raises() -> None:
    with Server(closing) as server, contextlib.ExitStack() as stack:

        def fill() -> None:
            listener = stack.enter_context(replaced(server))
            for _ in range(8):
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(listener.getsockname())

        result = run_pages_into(fill, make_client(server.url, deadline=DEADLINE))
    failed(result, r"within 0\.\d* s|timeout while connecting to|deadline of 0\.5 s")


def test_T14_extra_bytes_on_page_3_are_ignored() -> None:
    good = envelope(["p3-0", "p3-1"], "cursor-4")
    result, hits, _ = run(sends(http(gzip.compress(good) + b"garbage", headers=["Content-Encoding: gzip"])), 3)
    assert (result.error, len(hits)) == (None, 1)
    poison = http(b'{"posts": [{"id": "of another"}]}')
    result, _, _ = run(sends(http(good) + poison), 3)
    assert result.error is None
    assert "of another" not in result.ids


@pytest.mark.parametrize("name", ["example.org", "127.0.0.1"], ids=["wrong_name", "unknown_CA"])
def test_T21_other_certificate_on_page_3_raises(name: str, authority: trustme.CA, ca_file: str) -> None:
    issuer = authority if name == "example.org" else trustme.CA()
    with Server(closing, context(authority)) as server:
        client = make_client(server.url, verify=ca_file)
        result = run_pages_into(lambda: setattr(server, "tls", context(issuer.issue_cert(name))), client)
        assert len(server.hits) == 2
    failed(result, "is not trusted .*; no key was sent")
    assert sleeps(client) == []


def test_T22_http_port_on_page_3_raises(authority: trustme.CA, ca_file: str) -> None:
    def plain(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listener.accept()
                with sock:
                    sock.recv(1000)
                    sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with Server(closing, context(authority)) as server, contextlib.ExitStack() as stack:

        def swap() -> None:
            listener = stack.enter_context(replaced(server))
            threading.Thread(target=plain, args=(listener,), daemon=True).start()

        result = run_pages_into(swap, make_client(server.url, verify=ca_file, deadline=2.0))
    failed(result, "the TLS handshake with .* failed")


def test_T23_T24_T25_environment_is_ignored_on_all_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password something\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    cookie = five_pages(sends(http(envelope(["p3"], "cursor-4"), headers=["Set-Cookie: who=A; Path=/"])))
    with Server(sends(http(GOOD))) as proxy, Server(cookie) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        result = run_pages(make_client(server.url, api_key="KEY-OF-THE-CALLER"))
        assert (result.error, len(result.pages), proxy.hits) == (None, 5, [])
        assert {hit.headers["authorization"] for hit in server.hits} == {"Bearer KEY-OF-THE-CALLER"}
        assert not any("cookie" in hit.headers for hit in server.hits)
