"""Encode the start of a page as an opaque cursor."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass

_TOKEN_PATTERN = re.compile(r"([0-9a-f]{12})\.([0-9]{1,9})\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in one history: the number of posts from there to the oldest, so that new posts do not move it.

    `repeat` distinguishes cursors of the same position.
    """

    history: str
    remaining: int
    repeat: int = 0

    def __str__(self) -> str:
        token = f"{self.history}.{self.remaining}.{self.repeat}"
        return base64.b64encode(json.dumps({"token": token}, separators=(",", ":")).encode()).decode()


def parse_cursor(text: str) -> Cursor | None:
    """Decode a cursor; None if the text is not a cursor of the sandbox."""
    try:
        token = json.loads(base64.b64decode(text, validate=True))["token"]
    except (binascii.Error, ValueError, TypeError, KeyError):
        return None
    match = _TOKEN_PATTERN.fullmatch(token) if isinstance(token, str) else None
    return Cursor(match[1], int(match[2]), int(match[3])) if match else None
