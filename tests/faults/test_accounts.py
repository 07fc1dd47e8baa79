"""Account analytics from servers that fail: retries, errors, keys in texts, and profiles that must not be mixed."""

from __future__ import annotations

import json
import traceback
import warnings
from pathlib import Path
from typing import Any

import pytest

import ayrframe as ayr
from tests.faults.load_client import make_client, sleeps
from tests.faults.server import Hit, Scenario, Server, http, only_page, reset

PROFILES = {"cafe": "PROFILE-KEY-CAFE-1", "shop": "PROFILE-KEY-SHOP-2"}
BODY = {"status": "success", "bluesky": {"analytics": {"followersCount": 7}, "lastUpdated": "2026-11-20T10:00:00Z"}}
GOOD = http(json.dumps(BODY))


def load(scenario: Scenario, **options: Any) -> tuple[Any, list[Hit], list[float]]:
    """Load an account; return the frame or the error, the requests that arrived, and the pauses."""
    with Server(only_page(scenario)) as server:
        client = make_client(server.url, timeout=2.0)
        outcome: Any
        try:
            outcome = ayr.accounts("bluesky", client=client, **options)
        except ayr.AyrframeError as error:
            outcome = error
    return outcome, server.hits, sleeps(client)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(http(b"", 503), id="server_error"),
        pytest.param(http(b"", 429, ["Retry-After: 5"]), id="rate_limit"),
        pytest.param(GOOD[:-5], id="cut_body"),
        pytest.param(GOOD.replace(b"Content-Length: ", b"X-Length: ")[:-5], id="cut_body_without_length"),
    ],
)
def test_A8_request_is_repeated_after_a_fault_that_may_pass(fault: bytes) -> None:
    accounts, hits, pauses = load(lambda sock, hit: sock.sendall(GOOD if hit.fault else fault))
    assert accounts["followers"].tolist() == [7]
    assert (len(hits), len(pauses)) == (2, 1)
    assert [(hit.method, json.loads(hit.body)) for hit in hits] == [("POST", {"platforms": ["bluesky"]})] * 2


@pytest.mark.parametrize(
    ("scenario", "error", "count"),
    [
        pytest.param(lambda sock, _: sock.sendall(http(b"", 429)), ayr.RateLimitError, 2, id="rate_limit"),
        pytest.param(lambda sock, _: sock.sendall(http(b"", 500)), ayr.ServerError, 4, id="server_error"),
        pytest.param(lambda sock, _: reset(sock), ayr.TransportError, 4, id="reset"),
        pytest.param(lambda sock, _: sock.sendall(http(b"", 401)), ayr.AuthError, 1, id="key_rejected"),
        pytest.param(lambda sock, _: sock.sendall(http(b"", 403)), ayr.AuthError, 1, id="plan"),
        pytest.param(lambda sock, _: sock.sendall(http(b"[1]")), ayr.ResponseError, 1, id="other_json"),
        pytest.param(lambda sock, _: sock.sendall(http(b"<html></html>")), ayr.ResponseError, 1, id="web_page"),
        pytest.param(lambda sock, _: sock.sendall(http(b'{"posts": []}')), ayr.ResponseError, 1, id="history"),
        pytest.param(
            lambda sock, _: sock.sendall(http(b"", 302, ["Location: /x"])), ayr.TransportError, 1, id="redirect"
        ),
    ],
)
def test_A8_lasting_fault_is_the_error_of_its_kind(
    scenario: Scenario, error: type[ayr.AyrframeError], count: int
) -> None:
    outcome, hits, _ = load(scenario)
    assert type(outcome) is error
    assert outcome.platform == "bluesky"
    assert "Bluesky" in str(outcome)
    assert len(hits) == count


def test_A8_silent_server_is_a_timeout_within_the_deadline() -> None:
    with Server(only_page(lambda _, hit: hit.stall())) as server:
        client = make_client(server.url, timeout=0.3, deadline=1.0)
        with pytest.raises(ayr.TransportError, match=r"no complete response|timeout|deadline"):
            ayr.accounts("bluesky", client=client)


def test_A8_failed_platform_does_not_cost_the_others(tmp_path: Path) -> None:
    def serve(sock: Any, hit: Hit) -> bool:
        is_threads = json.loads(hit.body)["platforms"] == ["threads"]
        sock.sendall(http(b"", 500) if is_threads else GOOD)
        return True

    with Server(serve) as server:
        client = make_client(server.url)
        with pytest.warns(ayr.DataWarning, match="Threads, account analytics"):
            accounts = ayr.accounts(["threads", "bluesky"], client=client, archive=tmp_path)
        assert accounts["platform"].tolist() == ["bluesky"]
        with pytest.raises(ayr.LoadErrors, match="1 of 2 loads failed") as caught:
            ayr.accounts(["threads", "bluesky"], client=client, errors="raise", archive=tmp_path)
    assert caught.value.frame["followers"].tolist() == [7]
    assert len(ayr.Archive(tmp_path)) >= 1


def test_A9_profiles_get_their_own_numbers() -> None:
    counts = {key: number for number, key in enumerate(PROFILES.values(), start=1)}

    def serve(sock: Any, hit: Hit) -> bool:
        number = counts[hit.headers["profile-key"]]
        sock.sendall(http(json.dumps({"bluesky": {"analytics": {"followersCount": number}}})))
        return True

    with Server(serve) as server:
        accounts = ayr.accounts("bluesky", profile_key=PROFILES, client=make_client(server.url))
    assert accounts[["profile", "followers"]].values.tolist() == [["cafe", 1], ["shop", 2]]


def test_A9_archive_never_answers_for_another_profile(tmp_path: Path) -> None:
    with Server(lambda sock, _: sock.sendall(GOOD) or True) as server:
        first, second = (make_client(server.url, profile_key=key) for key in PROFILES.values())
        ayr.accounts("bluesky", client=first, archive=tmp_path)
        with pytest.warns(ayr.DataWarning, match="has posts of another key without a profile label"):
            ayr.accounts("bluesky", client=second, archive=tmp_path)
        third = make_client(server.url, profile_key="PROFILE-KEY-NEW-3")
        assert len(server.hits) == 2
    with pytest.warns(ayr.DataWarning, match="several keys without a profile label"):
        labels = ayr.Archive(tmp_path).accounts()["profile"].tolist()
    assert labels[0] == ""
    assert labels[1].startswith("unlabelled-")
    with pytest.raises(ayr.TransportError):
        ayr.accounts("bluesky", client=third, archive=tmp_path)


def test_A10_keys_that_a_server_repeats_are_in_no_text() -> None:
    key = PROFILES["cafe"]
    error = {"action": "social", "status": "error", "code": 156, "message": f"not linked: {key}"}
    warning = {"analytics": {"followersCount": 1}, "warning": [{"code": 395, "message": f"for {key}"}]}
    for reply in (error, warning):
        body = http(json.dumps({"status": "success", "bluesky": reply}))
        with Server(lambda sock, _, body=body: sock.sendall(body) or True) as server:
            client = make_client(server.url)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                try:
                    ayr.accounts("bluesky", profile_key=key, client=client)
                except ayr.NotLinkedError as problem:
                    texts = traceback.format_exception(problem)
                else:
                    texts = [str(entry.message) for entry in caught]
        assert texts
        assert not any(key in text for text in texts)
