"""Start-up: `import ayrframe` against `import pandas`, each in a fresh interpreter, in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Line, Plan, Turn, ratio

_ROOT = Path(__file__).parents[3]
_CODE = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"
_FEWEST_ROUNDS = {True: 11, False: 5}


def imports(plan: Plan) -> Iterator[Line]:
    """Yield how long our import takes as a multiple of that of pandas, the interpreter's own start left out.

    Both are compiled before, as they are after an installation: a checkout may be barred from keeping bytecode.
    """
    with tempfile.TemporaryDirectory() as compiled:
        around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        around["PYTHONPYCACHEPREFIX"] = compiled
        _seconds("ayrframe", around)
        rounds = range(max(plan.rounds, _FEWEST_ROUNDS[plan.peers]))
        found = ratio([Turn(_seconds("ayrframe", around), _seconds("pandas", around)) for _ in rounds])
    yield Line("import ayrframe", "import pandas", found, plan.bars.get("start"))


def _seconds(module: str, around: dict[str, str]) -> float:
    command = [sys.executable, "-c", _CODE.format(module)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT, env=around)
    return float(done.stdout)
