"""Run each notebook as a stranger does: in an empty folder, without a key, connected only to the local host (X8)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from nbmake.pytest_items import NotebookItem

# IPython runs this before the first cell.
_STARTUP = """
import os, socket
_connect = socket.socket.connect
def connect(self, address):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"A notebook connects to {address}.")
    return _connect(self, address)
socket.socket.connect = connect
"""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Copy the notebook into an empty folder, and restrict the kernel that nbmake starts."""
    assert isinstance(item, NotebookItem)
    with TemporaryDirectory() as folder, TemporaryDirectory() as settings, pytest.MonkeyPatch.context() as patch:
        item.filename = shutil.copy(item.filename, folder)
        startup = Path(settings, "profile_default", "startup")
        startup.mkdir(parents=True)
        (startup / "network.py").write_text(_STARTUP, encoding="utf-8")
        patch.setenv("IPYTHONDIR", settings)
        patch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        # On Python 3.12 and 3.13, Jupyter uses a deprecated function of asyncio.
        patch.setenv("PYTHONWARNINGS", "error,ignore:There is:DeprecationWarning")
        for name in list(os.environ):
            if name.startswith("AYRSHARE"):
                patch.delenv(name)
        return (yield)
