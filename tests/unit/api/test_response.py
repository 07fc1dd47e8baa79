"""What is read of a response before its posts are decoded, and responses that are errors or truncated."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ayrframe._api.models import FailureKind, RequestContext, Response
from ayrframe._api.response import _decode_fields, parse_response
from ayrframe._platforms import PLATFORMS
from ayrframe.errors import RequestError
from tests.faults.server import LONG

CONTEXT = RequestContext(PLATFORMS["bluesky"], 1, str)
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("posts", "read"),
    [
        ([{"id": "1"}, {"id": "2"}, {"id": "3"}], 1),  # One post shows that the response has posts.
        ([{"status": "error"}, {"id": "2"}, {"id": "3"}], 2),
        ([], 0),
    ],
)
def test_posts_are_read_up_to_the_first_that_is_no_error(posts: list[dict[str, str]], read: int) -> None:
    fields = _decode_fields(json.dumps({"status": "success", "posts": posts}).encode())
    assert fields == {"status": "success", "posts": posts[:read]}


def test_status_400_is_the_error_that_its_body_describes() -> None:
    body = b'{"status":"error","code":101,"message":"Missing or incorrect parameters."}'
    error = parse_response(Response(400, {}, body, NOW), CONTEXT)
    assert type(error) is RequestError
    assert (error.code, error.status) == (101, 400)


@pytest.mark.parametrize("body", [LONG[:-1], LONG[:500], b"{", b'{"posts":[{"id":"1'])
def test_beginning_of_a_response_of_unknown_length_is_a_failure(body: bytes) -> None:
    failure = parse_response(Response(200, {}, body, NOW, is_known_complete=False), CONTEXT)
    assert getattr(failure, "kind", None) is FailureKind.CORRUPT
