"""What every test finds: `ayr` in doctests, and a folder to write in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ayrframe as ayr


@pytest.fixture(autouse=True)
def names_in_examples(doctest_namespace: dict[str, Any], tmp_path: Path) -> None:
    """Give examples of docstrings and README what their readers have."""
    doctest_namespace.update(ayr=ayr, folder=tmp_path)
