"""POST requests: their body, and the retries, which are those of GET requests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ayrframe._api.models import RequestContext, Response
from ayrframe._api.request import Requester, RetryBudget
from ayrframe._api.response import parse_response
from ayrframe._platforms import find_platform
from ayrframe.errors import AyrframeError, RateLimitError, ServerError, TransportError
from tests.faults.load_client import make_client, sleeps
from tests.faults.server import GOOD, Hit, Scenario, Server, http, only_page, reset, sends

BODY = {"postIds": ["7406612345678901234", "ä"], "searchPlatformId": True}


def post(scenario: Scenario) -> tuple[Response | AyrframeError, list[Hit], list[float]]:
    """Make a POST request; return the response or the error, the requests that arrived, and the pauses."""
    with Server(only_page(scenario)) as server:
        client = make_client(server.url, profile_key="PROFILE-OF-A-TEST", timeout=2.0)
        requester = Requester(client, client.profile_key, (), RetryBudget(client.clock, None), None)
        context = RequestContext(find_platform("tiktok"), 1, client._redactor.redact)
        outcome: Any
        try:
            outcome, _ = requester.fetch("/analytics/post", [], context, parse_response, json=BODY)
        except AyrframeError as error:
            outcome = error
    return outcome, server.hits, sleeps(client)


def test_post_sends_json_and_the_keys() -> None:
    outcome, (hit,), _ = post(sends(http(GOOD)))
    assert isinstance(outcome, Response)
    assert (hit.method, hit.target) == ("POST", "/api/analytics/post")
    assert hit.headers["content-type"] == "application/json"
    assert hit.headers["profile-key"] == "PROFILE-OF-A-TEST"
    assert json.loads(hit.body) == BODY


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(http(b"", 503), id="server_error"),
        pytest.param(http(b"", 429, ["Retry-After: 5"]), id="rate_limit"),
        pytest.param(http(GOOD)[:-3], id="cut_body"),
    ],
)
def test_post_is_retried_like_get(fault: bytes) -> None:
    outcome, hits, pauses = post(lambda sock, hit: sock.sendall(http(GOOD) if hit.fault else fault))
    assert isinstance(outcome, Response)
    assert (len(hits), len(pauses)) == (2, 1)
    assert [json.loads(hit.body) for hit in hits] == [BODY, BODY]


@pytest.mark.parametrize(
    ("scenario", "error", "count"),
    [
        pytest.param(sends(http(b"", 500)), ServerError, 4, id="server_error"),
        pytest.param(sends(http(b"", 429)), RateLimitError, 2, id="rate_limit"),
        pytest.param(lambda sock, _: reset(sock), TransportError, 4, id="reset"),
        pytest.param(sends(http(b'{"status":"error","code":186}', 404)), AyrframeError, 1, id="not_found"),
    ],
)
def test_post_gives_up_like_get(scenario: Scenario, error: type[AyrframeError], count: int) -> None:
    outcome, hits, _ = post(scenario)
    assert isinstance(outcome, error)
    assert len(hits) == count
