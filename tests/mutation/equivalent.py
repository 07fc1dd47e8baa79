"""Mutants that no test can notice, with the reasons: `equivalent.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.mutation.mutants import Mutant

FILE = Path(__file__).with_name("equivalent.toml")


def read_equivalent() -> dict[str, str]:
    """Return the reasons by the key of the mutant, which contains code but no line number."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8")).get("mutant", [])
    return {key: entry["reason"] for entry in entries for key in entry["keys"]}


def without_mutant(keys: Iterable[str], mutants: Iterable[Mutant]) -> set[str]:
    """Return the keys that match no mutant, because the code has changed."""
    return {*keys} - {mutant.key for mutant in mutants}
