"""Errors about text that is not JSON say what was found, and where."""

from __future__ import annotations

import pytest

from ayrframe._decode.json import json_error


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<!DOCTYPE html><p>Bad gateway", "expected JSON, found HTML or XML: '<!DOCTYPE html><p>Bad gateway'."),
        (b"\n <html>", "expected JSON, found HTML or XML: '<html>'."),
        (b'{"a": 1,\n"b" 2}', "invalid JSON: Expecting ':' delimiter at character 13 (line 2), near"),
        (b"", "invalid JSON: Expecting value at character 0 (line 1), near ''."),
    ],
)
def test_error_says_what_was_found(body: bytes, problem: str) -> None:
    assert str(json_error(body, "a file")).startswith(f"Cannot read a file: {problem}")
