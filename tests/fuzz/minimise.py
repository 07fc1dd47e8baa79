"""Reduce a failing case: remove items, members and bytes while the same property fails."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable

from tests.fuzz.cases import Case, with_root
from tests.fuzz.text import Node, iter_removals

_MAX_ATTEMPTS, _MAX_SECONDS = 400, 60


def minimise(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Return a smaller case for which `fails` is still true; it is called at most some hundred times."""
    if isinstance(case.root, bytes):
        return with_root(case, _minimise_bytes(case, case.root, fails))
    root = copy.deepcopy(case.root)
    return with_root(case, root if isinstance(root, str) else _minimise_tree(case, root, fails))


def _minimise_tree(case: Case, root: Node, fails: Callable[[Case], bool]) -> Node:
    attempts, is_smaller, end = 0, True, time.process_time() + _MAX_SECONDS
    while is_smaller and attempts < _MAX_ATTEMPTS and time.process_time() < end:
        is_smaller = False
        for remove in iter_removals(root):
            attempts += 1
            restore = remove()
            if fails(with_root(case, root)):
                is_smaller = True
                break  # The parts of the tree are others now.
            restore()
            if attempts >= _MAX_ATTEMPTS or time.process_time() >= end:
                break
    return root


def _minimise_bytes(case: Case, body: bytes, fails: Callable[[Case], bool]) -> bytes:
    attempts, size = 0, len(body) // 2
    while size and attempts < _MAX_ATTEMPTS:
        start = 0
        while start < len(body) and attempts < _MAX_ATTEMPTS:
            shorter = body[:start] + body[start + size :]
            attempts += 1
            if fails(with_root(case, shorter)):
                body = shorter
            else:
                start += size
        size //= 2
    return body
