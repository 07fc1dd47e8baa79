"""Failures of connections are described by the innermost exception, which is the first that happened."""

from __future__ import annotations

import errno
import os
from types import SimpleNamespace
from typing import Any

from ayrframe._api.models import FailureKind
from ayrframe._api.transport_errors import classify_exception


def test_failed_connection_is_described_by_the_first_exception() -> None:
    first = OSError(errno.ECONNREFUSED, "refused")
    second = OSError(errno.EHOSTUNREACH, "not reached")
    second.__cause__ = first
    deadline: Any = SimpleNamespace(expired=False, connecting=True, seconds=1.0)
    failure = classify_exception(RuntimeError(second), deadline, "127.0.0.1")
    assert failure.kind is FailureKind.CONNECT
    assert failure.message == f"cannot connect to 127.0.0.1 ({os.strerror(errno.ECONNREFUSED)})"
