"""The length of a response is limited as docs/faults.md states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ayrframe._api.transport import MAX_BODY_BYTES

FAULTS = (Path(__file__).parents[3] / "docs" / "faults.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", ["T15", "T16"])
def test_maximum_length_is_documented(row: str) -> None:
    (line,) = (line for line in FAULTS.splitlines() if line.startswith(f"| {row} |"))
    assert re.findall(r"dropped at ([0-9]+) MiB", line) == [str(MAX_BODY_BYTES >> 20)]
