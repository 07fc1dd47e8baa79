"""The number of pages is limited as docs/faults.md states."""

from __future__ import annotations

import re
from pathlib import Path

from ayrframe._api.pagination import MAX_PAGES

FAULTS = (Path(__file__).parents[3] / "docs" / "faults.md").read_text(encoding="utf-8")


def test_maximum_number_of_pages_is_documented() -> None:
    (line,) = (line for line in FAULTS.splitlines() if line.startswith("| P11 |"))
    assert re.findall(r"after ([0-9,]+) pages", line) == [f"{MAX_PAGES:,}"]
