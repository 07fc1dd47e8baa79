"""Waits that a server asks for: a minute is waited, more is an error."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ayrframe._api.models import RequestContext, Response
from ayrframe._api.retry import Attempts, GiveUp, Retry, decide
from ayrframe._platforms import PLATFORMS
from ayrframe.errors import AyrframeError, RateLimitError, ServerError

CONTEXT = RequestContext(PLATFORMS["bluesky"], 1, str)


@pytest.mark.parametrize(("error", "status"), [(RateLimitError, 429), (ServerError, 503)])
@pytest.mark.parametrize(("wait", "is_retried"), [(59, True), (60, True), (61, False)])
def test_wait_of_at_most_a_minute_is_retried(
    error: type[AyrframeError], status: int, wait: int, is_retried: bool
) -> None:
    response = Response(status, {"retry-after": str(wait)}, b"", datetime(2026, 1, 2, tzinfo=UTC))
    decision = decide(response, CONTEXT, Attempts(), lambda *_: error("failed"), jitter=0.5)
    assert isinstance(decision, Retry if is_retried else GiveUp)
    assert decision.error.retry_after == wait
    if isinstance(decision, Retry):
        assert decision.after == wait
