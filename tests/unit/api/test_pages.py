"""The requests for the pages of a history, on a transport in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ayrframe._api.models import Response
from ayrframe._api.pages import iter_pages
from ayrframe._platforms import find_platform
from ayrframe.errors import AyrframeError
from tests.faults.load_client import FrozenClock, make_client
from tests.faults.server import envelope


class Recorded:
    """Replacement of the transport that records parameters and sends bodies in turn."""

    def __init__(self, clock: FrozenClock, bodies: Sequence[bytes]) -> None:
        self.clock, self.bodies = clock, iter(bodies)
        self.params: list[dict[str, str]] = []

    def send(self, _: str, params: Sequence[tuple[str, str]], *__: Any) -> Response:
        self.params.append(dict(params))
        return Response(200, {}, next(self.bodies), self.clock.wall())


def run_pages(bodies: Sequence[bytes], **options: Any) -> tuple[Recorded, list[int], AyrframeError | None]:
    client = make_client("http://127.0.0.1:9/api", clock=FrozenClock())
    api = Recorded(FrozenClock(), bodies)
    client._transport = api  # type: ignore[assignment]
    numbers: list[int] = []
    try:
        numbers.extend(page.number for page in iter_pages(client, find_platform("facebook"), **options))
    except AyrframeError as error:
        return api, numbers, error
    return api, numbers, None


def test_parameters_with_a_value_are_sent_with_each_page() -> None:
    bodies = [envelope(["a"], "cursor-2"), envelope(["b"])]
    api, numbers, error = run_pages(bodies, params={"since": "2026-01-01", "until": None, "skipAnalytics": False})
    assert (numbers, error) == ([1, 2], None)
    first, second = api.params
    assert {name: first[name] for name in ("since", "skipAnalytics")} == {
        "since": "2026-01-01",
        "skipAnalytics": "false",
    }
    assert "until" not in first
    assert second["since"] == "2026-01-01"
    assert "cursor-2" in second.values()


@pytest.mark.parametrize("page", [1, 2, 3])
def test_errors_name_the_page(page: int) -> None:
    bodies = [envelope([f"{number}"], f"cursor-{number + 1}") for number in range(1, page)]
    _, numbers, error = run_pages([*bodies, b"no JSON"])
    assert numbers == [*range(1, page)]
    where = "Facebook" if page == 1 else f"Facebook, page {page}"
    assert str(error).startswith(f"Cannot read the response for {where}: invalid JSON")


def test_error_about_the_whole_history_names_no_page() -> None:
    _, numbers, error = run_pages([envelope(["a"], "cursor-2"), envelope(["b"], "cursor-2")])
    assert numbers == [1, 2]
    assert str(error).startswith("Facebook: the API returned cursor 'cursor-2' twice")
