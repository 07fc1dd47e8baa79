"""Run tests in a forked process, which starts with the libraries that ayrframe imports, but without ayrframe."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

# What tests and package import and what may be forked: importing it takes longer than most tests.
_LIBRARIES = (
    *("pandas", "pyarrow.compute", "pyarrow.dataset", "pyarrow.parquet", "msgspec", "pandera.pandas", "requests"),
    *("urllib3", "regex", "jinja2", "filelock", "tqdm.auto", "lazy_loader", "matplotlib.pyplot", "hypothesis"),
    *("hypothesis.extra.pandas", "openpyxl", "xlsxwriter", "trustme", "nbmake", "pytest_mpl.plugin", "pytest_timeout"),
    *("_hypothesis_pytestplugin", "pytest_socket"),
)
_OPTIONS = (
    *("-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:pytest_cov", "--no-header"),
    *("--hypothesis-profile=ci", "--tb=short", "--timeout=90"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # Plugins are imported before pytest starts.
)
_MAX_SECONDS = 40.0
_MAX_CPU_SECONDS = 150
_MAX_MEMORY = 6 << 30
_MAX_FILE = 1 << 30


def import_libraries() -> None:
    """Import the libraries; those that are not installed are left to the tests."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    for name in _LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    assert "ayrframe" not in sys.modules


class Recorder:
    """Collects the outcome and the seconds of each test."""

    def __init__(self, max_seconds: float | None) -> None:
        """Start without tests; after so many CPU seconds of the process no test is started."""
        self._max_seconds = max_seconds
        self.seconds: dict[str, float] = {}
        self.failed: dict[str, str] = {}
        self.is_stopped = False

    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Stop before a test if the tests before it took too long."""
        if self._max_seconds is not None and time.process_time() > self._max_seconds:
            item.session.shouldstop = "enough tests"
            self.is_stopped = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record a phase of a test."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.failed.setdefault(report.nodeid, str(getattr(crash, "message", "failed"))[:300])


class Collector:
    """Collects the names of tests."""

    def __init__(self) -> None:
        """Start without names."""
        self.names: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Record the names."""
        self.names = [item.nodeid for item in items]


def run_in_child(folder: Path, scratch: Path, task: Callable[[], Any], *, mutated: bool = False) -> None:
    """Write the result of a task that runs in a copy of the repository; does not return."""
    status = 1
    try:
        _isolate(folder, scratch, mutated=mutated)
        (scratch / "result.json").write_text(json.dumps(task()), encoding="utf-8")
        status = 0
    except BaseException:  # noqa: BLE001  # nothing may return into the code of the parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def collect(arguments: Iterable[str]) -> list[str]:
    """Return the names of all tests."""
    collector = Collector()
    pytest.main([*_OPTIONS, "--collect-only", *arguments], plugins=[collector])
    return collector.names


def run_stages(stages: Iterable[list[str]], *, mutated: bool) -> dict[str, Any]:
    """Run tests in stages; a mutant only until the first failure."""
    recorder = Recorder(_MAX_SECONDS if mutated else None)
    code = 0
    for tests in stages:
        code = int(pytest.main([*_OPTIONS, *(["-x"] if mutated else []), *tests], plugins=[recorder]))
        if mutated and (code or recorder.is_stopped):
            break
    imported = Path(sys.modules["ayrframe"].__file__ or "").parent if "ayrframe" in sys.modules else None
    # A mutant whose package cannot be imported has no module here.
    assert imported in {None, Path.cwd() / "ayrframe"}, f"Tests ran with {imported}, expected {Path.cwd()}."
    return {"code": code, "seconds": recorder.seconds, "failed": recorder.failed, "is_stopped": recorder.is_stopped}


def _isolate(folder: Path, scratch: Path, *, mutated: bool) -> None:
    """Work in the copy only: folder, imports, temporary files, home, memory and output."""
    os.setsid()  # The parent ends this process together with all that it has started.
    resource.setrlimit(resource.RLIMIT_DATA, (_MAX_MEMORY, _MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_FILE, _MAX_FILE))
    log = os.open(scratch / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(folder)
    temporary = scratch / "tmp"
    temporary.mkdir(exist_ok=True)
    os.environ |= {"PYTHONPATH": str(folder), "TMPDIR": str(temporary), "HOME": str(temporary)}
    if mutated:
        resource.setrlimit(resource.RLIMIT_CPU, (_MAX_CPU_SECONDS, _MAX_CPU_SECONDS))
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        sys.dont_write_bytecode = True
    sys.path[0] = str(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    importlib.invalidate_caches()
