"""The number of pages is limited as docs/faults.md states."""

from __future__ import annotations

import re

from ayrframe._api.pagination import MAX_PAGES
from tests.contract.test_fault_table import tables


def test_maximum_number_of_pages_is_documented() -> None:
    (line,) = (line for table in tables() for line in table if line.startswith("| P11 |"))
    assert re.findall(r"after ([0-9,]+) pages", line) == [f"{MAX_PAGES:,}"]
