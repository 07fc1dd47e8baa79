"""A plugin of pytest that records outcomes, also in a process of its own: `-p tests.mutation.recorder`."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

FILE_VARIABLE, SECONDS_VARIABLE = "MUTATION_RESULT", "MUTATION_SECONDS"


class Recorder:
    """Collects the seconds of tests and the failures; starts no test after a time."""

    def __init__(self, max_seconds: float) -> None:
        """Start without tests; after so many CPU seconds from now no test is started."""
        self._end = time.process_time() + max_seconds
        self.seconds: dict[str, float] = {}
        self.failed: dict[str, str] = {}

    @property
    def is_late(self) -> bool:
        """Whether no more test may be started."""
        return time.process_time() > self._end

    def result(self) -> dict[str, Any]:
        """Return what is written to a file."""
        return {"seconds": self.seconds, "failed": self.failed}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record a phase of a test."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.failed.setdefault(report.nodeid, str(getattr(crash, "message", "failed"))[:300])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record an error of collection."""
        if report.failed:
            self.failed.setdefault(f"collection of {report.nodeid}", str(report.longrepr)[-300:])

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Stop after this test if the tests took too long."""
        if self.is_late:
            item.session.shouldstop = "enough tests"


class _FileRecorder(Recorder):
    def pytest_sessionfinish(self) -> None:
        """Write the outcomes."""
        Path(os.environ[FILE_VARIABLE]).write_text(json.dumps(self.result()), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Record the tests of a process that the environment names a file for."""
    if FILE_VARIABLE in os.environ:
        config.pluginmanager.register(_FileRecorder(float(os.environ[SECONDS_VARIABLE])))
