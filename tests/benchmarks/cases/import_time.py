"""Measure `import ayrframe` against `import pandas`, each in a new interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Line, Plan, Timing, ratio

_ROOT = Path(__file__).parents[3]
_CODE = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"
_MIN_ROUNDS = {True: 11, False: 5}


def import_times(plan: Plan) -> Iterator[Line]:
    """Yield the import time of ayrframe against that of pandas, without the start of the interpreter.

    A first import compiles the bytecode into a temporary folder, as an installation does.
    """
    with tempfile.TemporaryDirectory() as bytecode_folder:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = bytecode_folder
        _import_seconds("ayrframe", environment)
        rounds = range(max(plan.rounds, _MIN_ROUNDS[plan.peers]))
        timings = [
            Timing(_import_seconds("ayrframe", environment), _import_seconds("pandas", environment)) for _ in rounds
        ]
    yield Line("import ayrframe", "import pandas", ratio(timings), plan.targets.get("start"))


def _import_seconds(module: str, environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", _CODE.format(module)]
    process = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT, env=environment)
    return float(process.stdout)
