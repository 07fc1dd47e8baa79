"""The limits of requests and responses are those that docs/faults.md states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ayrframe._api.pagination import MAX_PAGES
from ayrframe._api.transport import MAX_BODY_BYTES

FAULTS = (Path(__file__).parents[3] / "docs" / "faults.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "pattern", "limit"),
    [
        ("T15", r"dropped at ([0-9]+) MiB", MAX_BODY_BYTES >> 20),
        ("T16", r"dropped at ([0-9]+) MiB", MAX_BODY_BYTES >> 20),
        ("P11", r"after ([0-9,]+) pages", MAX_PAGES),
    ],
)
def test_limit_is_documented(row: str, pattern: str, limit: int) -> None:
    (line,) = (line for line in FAULTS.splitlines() if line.startswith(f"| {row} |"))
    match = re.search(pattern, line)
    assert match is not None
    assert int(match[1].replace(",", "")) == limit
