"""Test part S of the fault table: no error, log or repr shows one of four planted keys."""

from __future__ import annotations

import base64
import copy
import html
import http.client
import json
import logging
import pickle
import re
import socket
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import pytest

import ayrframe as ayr
from ayrframe._api.client import X_KEY, X_SECRET, Client
from ayrframe._api.secrets import Redactor, Secret, fingerprint, make_secret
from ayrframe.errors import AyrframeError, ConfigError, ResponseError
from tests.faults.load_client import make_client, run_pages
from tests.faults.server import GOOD, Hit, Server, envelope, five_pages, http as reply, only_page, reset, sends

KEYS = {
    "api_key": "QK7W2M9X-4TBZ8RHD-N3VYC6PL-5JFS1GAE",
    "profile_key": 'p+o/f=ILE~kzq&9x7w2v5u<t4s3>r1"q',
    "x_api_key": "xConsumerKeyZ81hd72KdPw",
    "x_api_secret": "xs3cretOfTheAppThatIsQuiteLong0123456789abcdefgh",
}
X_HEADERS = (X_KEY, X_SECRET)


def echo(status: int, shape: Callable[[str], object] = lambda text: {"status": "error", "message": text}) -> Any:
    """Return a scenario whose response repeats every key of the request in all encodings."""

    def serve(sock: socket.socket, hit: Hit) -> bool:
        sent = [
            hit.headers[name]
            for name in ("authorization", "profile-key", X_KEY.lower(), X_SECRET.lower())
            if name in hit.headers
        ]
        keys = [key.removeprefix("Bearer ") for key in sent]
        forms = [
            form
            for key in keys
            for form in (key, key.lower(), quote(key, safe=""), html.escape(key), key[:12], key[-9:])
        ]
        forms += [
            base64.b64encode(text.encode()).decode() for key in keys for text in (key, "Bearer " + key, "ab" + key)
        ]
        said = shape(" ".join(forms))
        body = said if isinstance(said, str) else json.dumps(said)
        sock.sendall(
            reply(body, status, ["Location: http://" + re.sub(r"[^a-zA-Z0-9]", "", keys[0]) + ".example/" + keys[0]])
        )
        return True

    return serve


# At least one scenario per error class and kind of failure; all repeat the keys where possible.
SCENARIOS: dict[str, Any] = {
    **{f"status_{status}": echo(status) for status in (302, 400, 401, 403, 404, 419, 429, 500, 503, 201)},
    **{
        f"code_{code}": echo(400, lambda text, code=code: {"errors": [{"code": code, "message": text}]})
        for code in (156, 221, 272, 9999)
    },
    "not_JSON": echo(200, lambda text: text),
    "not_JSON_500": echo(500, lambda text: text),
    "web_page": echo(200, lambda text: f"<html><title>{text}</title></html>"),
    "broken_JSON": echo(200, lambda text: '{"posts": [' + text),
    "posts_is_text": echo(200, lambda text: {"posts": text}),
    "odd_fields": echo(200, lambda text: {text: 1}),
    "status_error_200": echo(200),
    "notes": echo(
        200, lambda text: {"status": "error", "message": text, "posts": [{"id": "a"}], "warning": [{"message": text}]}
    ),
    "odd_cursor": echo(200, lambda text: {"status": "success", "posts": [], "meta": {"pagination": {"next": [text]}}}),
    "cut": lambda sock, hit: sock.sendall(reply(GOOD)[:-5]),
    "reset": lambda sock, hit: reset(sock),
    "not_HTTP": lambda sock, hit: sock.sendall(hit.headers["authorization"].encode() + b"\r\n\r\n"),
    "odd_header": lambda sock, hit: sock.sendall(reply(GOOD, length=hit.headers["authorization"])),
    "odd_encoding": lambda sock, hit: sock.sendall(
        reply(GOOD, headers=["Content-Encoding: " + hit.headers["authorization"][7:]])
    ),
    "stall": lambda sock, hit: hit.stall(),
    "loop": sends(reply(envelope(["a"], "A"))),
    "empty_pages": lambda sock, hit: sock.sendall(reply(envelope([], f"c{hit.number}"))) or True,
}


@pytest.mark.parametrize("page", [1, 3], ids=["page_1", "page_3_of_5"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_S4_S5_S6_S7_S10_errors_show_no_key(
    name: str,
    page: int,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    scenario = SCENARIOS[name]
    messages: list[str] = []
    with Server(only_page(scenario) if page == 1 else five_pages(scenario)) as server, caplog.at_level(logging.DEBUG):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            client = make_client(server.url, timeout=0.1 if name == "stall" else 5.0, **KEYS)
            result = run_pages(client, "twitter", headers=X_HEADERS, notify=messages.append)
        assert any(X_SECRET.lower() in hit.headers for hit in server.hits), "the keys were sent"
    out, err = capsys.readouterr()
    channels = {
        "logs": "\n".join([*(record.getMessage() for record in caplog.records), caplog.text]),
        "stdout": out,
        "stderr": err,
        "warnings": "\n".join(str(entry.message) for entry in caught),
        "notify": "\n".join(messages),
        "client": repr(client) + str(client) + repr([getattr(client, slot) for slot in Client.__slots__]),
        "notes": repr([page.envelope.warnings for page in result.pages]),
        **(of_error(result.error) if result.error else {}),
    }
    assert leaks(channels) == []


def of_error(error: AyrframeError) -> dict[str, str]:
    chain: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        if (exception := waiting.pop()) is not None and exception not in chain:
            chain.append(exception)
            waiting += [exception.__cause__, exception.__context__]
    return {
        "text": "\n".join(str(exception) for exception in chain),
        "repr": "\n".join(repr(exception) for exception in chain),
        "args": repr([exception.args for exception in chain]),
        "vars": repr([vars(exception) for exception in chain]),
        "pickle": repr(pickle.dumps(error)),
        "copy": repr(vars(copy.deepcopy(error))),
        "traceback": "".join(traceback.format_exception(error)),
        "locals": "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        + locals_of(error),
    }


def locals_of(error: BaseException) -> str:
    found = []
    step: TracebackType | None = error.__traceback__
    while step is not None:
        if "ayrframe/ayrframe" in step.tb_frame.f_code.co_filename or "/ayrframe/" in step.tb_frame.f_code.co_filename:
            found.append(repr(step.tb_frame.f_locals))
        step = step.tb_next
    return "\n".join(found)


def leaks(channels: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return channel, key and encoding of each leak: whole, in part, in base64, or escaped for URL or HTML."""
    found = []
    for name, key in KEYS.items():
        coded = [base64.b64encode(b"ab"[:shift] + key.encode()).decode()[4:20] for shift in range(3)]
        for form in (key, key[:8], key[-8:], quote(key, safe="")[:12], html.escape(key)[:12], *coded):
            found += [(where, name, form) for where, text in channels.items() if form.lower() in text.lower()]
    return found


def test_scenarios_cause_every_error_class() -> None:
    kinds = set()
    for scenario in SCENARIOS.values():
        with Server(only_page(scenario)) as server:
            result = run_pages(make_client(server.url, timeout=0.1, **KEYS), "twitter", headers=X_HEADERS)
            kinds.add(type(result.error).__name__)
    assert kinds >= {
        "AuthError",
        "NotLinkedError",
        "RateLimitError",
        "RequestError",
        "ServerError",
        "TransportError",
        "ResponseError",
    }


@pytest.mark.parametrize("target", ["other_port", "other_host", "same_host"])
def test_S1_redirect_does_not_send_keys(target: str) -> None:
    with Server(sends(reply(GOOD))) as other:
        location = {
            "other_port": f"http://127.0.0.1:{other.port}/",
            "other_host": f"http://localhost:{other.port}/",
            "same_host": "/api/x",
        }
        with Server(sends(reply(b"", 307, [f"Location: {location[target]}"]))) as server:
            run_pages(make_client(server.url, **KEYS), "twitter", headers=X_HEADERS)
            assert len(server.hits) == 1
        assert other.hits == []


BAD_CHARACTERS = {
    "line_break": "\n",
    "space": " ",
    "not_latin": "“",
    "umlaut": "ü",
    "NUL": "\0",
    "DEL": "\x7f",
    "tab": "\t",
    "CR_LF": "\r\nX: 1",
}


@pytest.mark.parametrize("by", ["argument", "environment"])
@pytest.mark.parametrize("which", KEYS)
@pytest.mark.parametrize("bad", BAD_CHARACTERS)
def test_S2_S3_malformed_key_raises_without_the_key(
    which: str, bad: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = KEYS[which][:12] + BAD_CHARACTERS[bad] + KEYS[which][12:]
    client_options = dict(KEYS)
    if by == "environment":
        if bad == "NUL":
            pytest.skip("environment variables cannot contain NUL")
        del client_options[which]
        monkeypatch.setenv("AYRSHARE_" + which.upper(), key)
    else:
        client_options[which] = key
    with pytest.raises(ConfigError) as caught:
        Client(**client_options)
    words = which if by == "argument" else "AYRSHARE_" + which.upper()
    assert str(caught.value).startswith(f"{words} contains a character that keys cannot contain, at position 13 of ")
    assert leaks({name: text for name, text in of_error(caught.value).items() if name not in ("locals",)}) == []
    assert leaks({"locals": locals_of(caught.value)}) == []


def test_S2_white_space_around_a_key_is_removed() -> None:
    with Server(sends(reply(GOOD))) as server:
        run_pages(make_client(server.url, api_key="  THE-KEY-ITSELF\n", profile_key="\tPROFILE-KEY "))
        assert server.hits[0].headers["authorization"] == "Bearer THE-KEY-ITSELF"
        assert server.hits[0].headers["profile-key"] == "PROFILE-KEY"


@pytest.mark.parametrize("key", [None, "", "   "])
def test_client_without_key_raises_with_advice(key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AYRSHARE_API_KEY", raising=False)
    with pytest.raises(ConfigError, match=r"No API key found: pass .* or set AYRSHARE_API_KEY"):
        Client(key)


def test_client_reads_environment_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, key in KEYS.items():
        monkeypatch.setenv("AYRSHARE_" + name.upper(), "OTHER-" + key)
    with Server(sends(reply(GOOD))) as server:
        monkeypatch.setenv("AYRSHARE_BASE_URL", server.url)
        client = Client(KEYS["api_key"])
        run_pages(client, "twitter", headers=X_HEADERS)
        headers = server.hits[0].headers
    assert client.sources == {
        "api_key": "argument",
        "profile_key": "AYRSHARE_PROFILE_KEY",
        "x_api_key": "AYRSHARE_X_API_KEY",
        "x_api_secret": "AYRSHARE_X_API_SECRET",
    }
    assert headers["authorization"] == f"Bearer {KEYS['api_key']}"
    assert headers["profile-key"] == "OTHER-" + KEYS["profile_key"]
    assert Client("SOME-KEY", base_url="https://api.ayrshare.com/api").base_url == "https://api.ayrshare.com/api"


def test_X_keys_are_sent_to_X_only() -> None:
    with Server(sends(reply(GOOD))) as server:
        run_pages(make_client(server.url, **KEYS), "tiktok")
        assert not {X_KEY.lower(), X_SECRET.lower()} & server.hits[0].headers.keys()
        assert all(key not in server.hits[0].target for key in KEYS.values())
    with pytest.raises(ConfigError, match="must be given together"):
        Client("SOME-KEY", x_api_key="ONE-OF-TWO")


@pytest.mark.parametrize(
    "dump", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps], ids=["pickle", "copy", "deepcopy", "json"]
)
def test_S7_objects_with_keys_cannot_be_copied_or_pickled(dump: Callable[[object], object]) -> None:
    client = Client(**KEYS)
    for holder in (client, Secret(KEYS["api_key"]), Redactor([Secret(KEYS["api_key"])])):
        with pytest.raises(TypeError) as caught:
            dump(holder)
        assert leaks({"text": str(caught.value)}) == []


def test_S7_repr_shows_no_key() -> None:
    client, secret = Client(**KEYS), Secret(KEYS["api_key"])
    assert repr(client) == "Client(api_key='****', profile_key='****', base_url='https://api.ayrshare.com/api')"
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>40}", repr([secret]), repr({secret}), repr(dir(client))]
    assert leaks({"repr": "".join([*shown, repr(client), repr(client._keys), repr(client._redactor)])}) == []
    for holder in (client, secret, client._redactor):
        with pytest.raises(TypeError):
            vars(holder)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.ayrshare.com/api",
        "http://10.0.0.1/api",
        "http://127.0.0.1.example.org/api",
        "http://localhost.example.org",
    ],
)
def test_S12_http_to_another_computer_raises(url: str) -> None:
    with pytest.raises(ConfigError, match="must use https: http would send"):
        Client("SOME-KEY", base_url=url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/api/", "http://localhost:1", "http://[::1]:8000/api", "https://api.ayrshare.com/api"]
)
def test_S12_loopback_and_https_are_accepted(url: str) -> None:
    assert Client("SOME-KEY", base_url=url).base_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    ["https://user:p4ssw0rd@api.ayrshare.com", "https://p4ssw0rd@api.ayrshare.com", "ftp://p4ssw0rd", "p4ssw0rd",
     "https://", "https://h:p4ssw0rd/",
     "https://h/?k=p4ssw0rd", "https://h/#p4ssw0rd", "https://h /p4ssw0rd", "https://[p4ssw0rd", "", "https://h\n.p4ssw0rd"],
)  # fmt: skip
def test_S13_malformed_address_raises_without_the_address(url: str) -> None:
    with pytest.raises(ConfigError, match="base_url") as caught:
        Client("SOME-KEY", base_url=url)
    assert "p4ssw0rd" not in "".join(of_error(caught.value)[name] for name in ("text", "repr", "vars")) + locals_of(
        caught.value
    )


def test_S14_identity_is_unique_and_shows_no_key(tmp_path: Path) -> None:
    identities = set()
    for number in range(10):
        client = Client(KEYS["api_key"], profile_key=f"{KEYS['profile_key']}{number}")
        identities.add(client._identity())
        assert client._identity() == Client(KEYS["api_key"], profile_key=f"{KEYS['profile_key']}{number}")._identity()
    identities.add(Client("OTHER-KEY", profile_key=KEYS["profile_key"] + "0")._identity())
    identities.add(
        Client(KEYS["api_key"], profile_key=KEYS["profile_key"] + "0", base_url="http://127.0.0.1/api")._identity()
    )
    assert len(identities) == 12
    assert leaks({"identity": repr(identities)}) == []
    assert fingerprint("ab", "c") != fingerprint("a", "bc")


@pytest.mark.parametrize("shown", range(2, 12))
def test_S10_key_at_the_cut_of_a_message_is_redacted(shown: int) -> None:
    body = json.dumps({"status": "error", "message": "." * (300 - shown) + KEYS["api_key"]})
    with Server(sends(reply(body, 400))) as server:
        result = run_pages(make_client(server.url, **KEYS))
    assert result.error is not None
    assert "....[" in str(result.error)
    assert ".QK" not in str(result.error)


def test_make_secret_returns_the_problem_without_the_key() -> None:
    secret, problem = make_secret("good-key", "x")
    assert (secret, problem) == (Secret("good-key"), None)
    assert make_secret(7, "x") == (None, "x must be a str, got int.")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


FORMS: dict[str, Callable[[str], str]] = {
    "whole": lambda key: key,
    "in_part": lambda key: f"page-2-{key[3:15]}-end",
    "in_base64": lambda key: base64.b64encode(key.encode()).decode(),
    "in_a_long_text": lambda key: "c" * 6000 + key,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("name", "of_client"),
    [("api_key", True), ("profile_key", True), ("profile_key", False)],
    ids=["api_key", "profile_key", "profile_key_of_the_load"],
)
def test_S10_key_in_a_cursor_is_sent_back_but_not_shown(
    name: str, of_client: bool, form: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cursor = FORMS[form](KEYS[name])
    pages = {None: envelope(["a"], cursor), cursor: envelope(["b"], "cursor-3"), "cursor-3": b"no JSON"}

    def serve(sock: socket.socket, hit: Hit) -> bool:
        sock.sendall(reply(pages[hit.params.get("next")]))
        return True

    caplog.set_level(logging.DEBUG)
    archive = ayr.Archive(tmp_path / "archive")
    with Server(serve) as server:
        client = make_client(server.url, **(KEYS if of_client else {"api_key": KEYS["api_key"]}))
        profile_key = None if of_client else {"cafe": KEYS["profile_key"]}
        with pytest.raises(ResponseError) as caught:
            ayr.load("tiktok", client=client, archive=archive, limit=None, profile_key=profile_key)
    assert caught.value.frame is not None
    assert caught.value.frame["id"].tolist() == ["a", "b"]
    assert caught.value.cursor == "cursor-3"
    shown = redacted_parts(KEYS[name])
    headers = [file.read_bytes().split(b"\n")[1].decode() for file in sorted(tmp_path.rglob("*.page"))]
    assert len(headers) == 2
    assert sum("[secret]" in header for header in headers) == 1
    for text in (*headers, caplog.text, str(caught.value), repr(caught.value)):
        assert not any(part in text for part in shown)


def redacted_parts(key: str) -> list[str]:
    """Return parts of a key and of its base64 form, of which no text may have one."""
    return [text[start : start + 8] for text in (key, FORMS["in_base64"](key)) for start in range(4, len(text) - 12)]


def test_S10_error_has_no_cursor_with_a_key() -> None:
    cursor = "page-2-" + KEYS["profile_key"]
    loop = envelope(["a"], cursor)
    with Server(sends(reply(loop))) as server:
        repeated = run_pages(make_client(server.url, **KEYS))
    assert repeated.error is not None
    assert repeated.error.cursor is None
    assert "'page-2-[secret]' twice" in str(repeated.error)

    def serve(sock: socket.socket, hit: Hit) -> bool | None:
        if hit.params.get("next") == cursor:
            return sock.sendall(reply(b"no JSON")) or True
        return sock.sendall(reply(loop)) or True

    with Server(serve) as server:
        broken = run_pages(make_client(server.url, **KEYS))
    assert broken.ids == ["a"]
    assert broken.error is not None
    assert broken.error.cursor is None


def test_S5_key_as_client_is_refused_without_a_trace() -> None:
    key = KEYS["api_key"]
    for call in (lambda: ayr.load("tiktok", client=key), lambda: ayr.doctor(key)):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"`client` must be an ayr.Client, such as .*, got str") as caught:
            call()
        assert caught.value.__traceback__ is not None
        inside = caught.value.__traceback__.tb_next.tb_next  # type: ignore[union-attr]
        text = "".join(
            traceback.TracebackException(type(caught.value), caught.value, inside, capture_locals=True).format()
        )
        assert "load.py" in text or "doctor.py" in text
        assert key not in text


def test_short_key_is_redacted_whole() -> None:
    redactor = Redactor([Secret("Ab1-x")])
    assert redactor.redact("no such key: aB1-X, try Ab1-y") == "no such key: [secret], try Ab1-y"
    assert not redactor.has_key("Ab1")
