"""Prepare every test: `ayr` and a folder for doctests, and signals that work whatever was inherited."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from hypothesis import settings

import ayrframe as ayr

settings.register_profile("thorough", max_examples=1000)


def pytest_configure() -> None:
    """Handle signals as in the foreground of a shell.

    Background jobs start with SIGINT ignored, and pass that on to their children.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD})


@pytest.fixture(autouse=True)
def names_in_examples(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]) -> None:
    """Define the names that examples in docstrings and the README use."""
    if isinstance(request.node, pytest.DoctestItem):
        doctest_namespace.update(ayr=ayr, folder=request.getfixturevalue("tmp_path"))
