"""Give pages without a profile label different labels if different keys requested them.

The header of a page has a hash of the keys that requested it, its identity. The first identity without a label keeps
the label ""; each other one has a label that is derived from its hash, so it never changes. The first identity is
recorded in a file of the archive with the first unlabelled page. Archives without this file are older: their first
identity is that of their oldest unlabelled page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cached_property

from ayrframe._archive.files import open_new_file
from ayrframe._archive.page_file import ArchivedRequest

_FILE = "first-unlabelled"
_IDENTITY = re.compile(r"([0-9a-f]{32})\n")
_HASH_DIGITS = 6


class ProfileLabels:
    """Profile labels of the pages of an archive; `find_first` returns the identity with the label "", or None."""

    def __init__(self, find_first: Callable[[], str | None]) -> None:
        self._find_first = find_first

    @cached_property
    def _first(self) -> str | None:
        return self._find_first()

    def label(self, request: ArchivedRequest) -> str:
        """Return the profile label of the pages of a request."""
        if request.profile or request.identity is None or self._first in (None, request.identity):
            return request.profile
        return derived_label(request.identity)


def derived_label(identity: str | None) -> str:
    """Return the label of an identity that is not the first one."""
    return f"unlabelled-{str(identity)[:_HASH_DIGITS]}"


def read_first_identity(folder: str) -> str | None:
    """Return the recorded first identity of an archive, or None; the pages say it as well."""
    try:
        with open(os.path.join(folder, _FILE), encoding="ascii", errors="replace") as file:
            match = _IDENTITY.fullmatch(file.read(64))
    except OSError:
        return None
    return match[1] if match else None


def record_first_identity(folder: str, identity: str) -> None:
    """Record the first identity of an archive, unless another process was faster."""
    try:
        with open(os.path.join(folder, _FILE), "w", encoding="ascii", opener=open_new_file) as file:
            file.write(f"{identity}\n")
    except FileExistsError:
        return
