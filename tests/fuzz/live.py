"""Load documents through the client, with a transport that answers each request without a network."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

import ayrframe as ayr
from ayrframe._api.models import Clock, Response
from ayrframe._platforms.columns import FOLLOWERS, FOLLOWING, POSTS
from ayrframe._platforms.spec import Platform
from tests.fuzz.frames import column_values, same_json
from tests.fuzz.model import DTYPES, expected_row
from tests.fuzz.observe import Finding

_KEYS = {"api_key": "FUZZFUZZ-AAAAAAAA-BBBBBBBB", "x_api_key": "FUZZXKEY-AAAAAAAA", "x_api_secret": "FUZZXSEC-AAAAAAAA"}
_RECEIVED = datetime(2026, 2, 3, 4, 5, 6, 7, tzinfo=UTC)


class _Clock(Clock):
    """Time that passes only while the client waits."""

    __slots__ = ("seconds",)

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        self.seconds += 60  # The rate limit never applies.
        return self.seconds

    def wall(self) -> datetime:
        return _RECEIVED

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class _Transport:
    """Answers requests with documents."""

    def __init__(self, answer: Callable[[str], bytes]) -> None:
        self._answer = answer

    def send(
        self,
        url: str,
        params: Sequence[tuple[str, str]],
        headers: Mapping[str, Any],
        timeout: float,
        body: bytes | None = None,
    ) -> Response:
        return Response(200, {}, self._answer(url), _RECEIVED)


def _client(answer: Callable[[str], bytes]) -> ayr.Client:
    client = ayr.Client(base_url="http://127.0.0.1:9/api", **_KEYS)
    client.clock = _Clock()
    client._transport = _Transport(answer)  # type: ignore[assignment]
    return client


def load_posts(platform: str, body: bytes) -> pd.DataFrame:
    """Load a history whose only page is this document."""
    return ayr.load(platform, limit=None, client=_client(lambda _: body), progress=False)


def load_analytics(platform: str, ids: Sequence[str], body: bytes) -> pd.DataFrame:
    """Load a history of posts with these ids and the document as their post analytics."""
    history = json.dumps({"status": "success", "posts": [{"id": id_} for id_ in ids]}).encode()
    client = _client(lambda url: body if url.endswith("/analytics/post") else history)
    return ayr.load(platform, limit=None, analytics=True, client=client, progress=False)


def load_accounts(platform: str, body: bytes, archive: ayr.Archive) -> pd.DataFrame:
    """Load an account with the document as the response."""
    return ayr.accounts(platform, client=_client(lambda _: body), archive=archive)


def check(body: bytes) -> pd.DataFrame:
    """Check a client whose every response is this document."""
    return ayr.doctor(_client(lambda _: body))


def check_account(frame: pd.DataFrame, declaration: Platform, parsed: Any, name: str) -> None:
    """Check columns and dtypes of an accounts frame, and its values if the response is of the usual form."""
    numbers = (FOLLOWERS.name, FOLLOWING.name, POSTS.name)
    expected = [
        ("platform", "str"),
        ("profile", "str"),
        ("as_of", "datetime64[us, UTC]"),
        *((number, "Int64") for number in numbers),
    ]
    expected += [(column.name, DTYPES[column.kind]) for column in declaration.columns] + [("extra", "str")]
    found = [(column, str(dtype)) for column, dtype in frame.dtypes.items()]
    if found != list(dict(expected).items()):
        raise Finding("dtypes", f"accounts: {found}, expected {expected}")
    if len(frame) != 1:
        raise Finding("rows", f"accounts: {len(frame)} rows")
    block = parsed.get(name) if isinstance(parsed, dict) else None
    if not isinstance(block, dict) or not isinstance(block.get("analytics"), dict) or not block["analytics"]:
        return
    cells = expected_row(declaration, block["analytics"]).cells
    for column in declaration.columns:
        found = column_values(frame[column.name])
        is_beside = column.path.split(".")[0] in block  # A field beside `analytics`.
        if column.name not in numbers and not is_beside and not same_json(found, [cells.get(column.name)], column.kind):
            raise Finding(
                "cells", f"account: {column.name} is {frame[column.name][0]!r}, expected {cells.get(column.name)!r}"
            )
    for number in numbers:
        sources = [cells.get(column.name) for column in declaration.columns if column.fills == number]
        present = [value for value in (cells.get(number), *sources) if value is not None and value >= 0]
        if column_values(frame[number]) != [present[0] if present else None] and number not in cells:
            raise Finding("cells", f"account: {number} is {frame[number][0]!r}, expected {present[:1]}")
