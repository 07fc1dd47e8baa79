"""The length of a response is limited as docs/faults.md states."""

from __future__ import annotations

import re

import pytest

from ayrframe._api.transport import MAX_BODY_BYTES
from tests.contract.test_fault_table import tables


@pytest.mark.parametrize("row", ["T15", "T16"])
def test_maximum_length_is_documented(row: str) -> None:
    (line,) = (line for table in tables() for line in table if line.startswith(f"| {row} |"))
    assert re.findall(r"dropped at ([0-9]+) MiB", line) == [str(MAX_BODY_BYTES >> 20)]
