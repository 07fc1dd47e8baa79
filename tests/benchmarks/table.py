"""The table: Markdown for people, JSON for programs, and on which machine and versions it was measured."""

from __future__ import annotations

import json
import os
import platform as machine
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Line

_PACKAGES = ("pandas", "pyarrow", "msgspec", "pandera", "polars", "duckdb", "pysimdjson")
_HEAD = "| what | against | ratio | × faster | of all cores | bar | met |\n| --- | --- | --- | --- | --- | --- | --- |"
_MET = {True: "yes", False: "**no**", None: ""}


def circumstances() -> dict[str, Any]:
    """Return what the figures depend on besides the code."""
    versions = {name: version for name in _PACKAGES if (version := _version(name))}
    return {
        "machine": machine.machine(),
        "system": machine.system(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": machine.python_version(),
        "versions": versions,
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def head(around: dict[str, Any]) -> str:
    """Return the circumstances as a sentence, and the head of the table."""
    versions = ", ".join(f"{name} {version}" for name, version in around["versions"].items())
    where = f"{around['system']} {around['machine']}, {around['cores']} cores, load {around['load']}"
    return f"{where}; Python {around['python']}, {versions}.\n\n{_HEAD}"


def row(line: Line) -> str:
    """Return a line as a row in Markdown."""
    bar = line.bar.text if line.bar else ""
    cores = "" if line.cores is None else f"{line.cores:.2f}"
    cells = (line.what, line.against, f"{line.ratio:.2f}", f"{1 / line.ratio:.2f}", cores, bar, _MET[line.met])
    return f"| {' | '.join(cells)} |"


def write(file: Path, around: dict[str, Any], lines: Mapping[int, Sequence[Line]], notes: Sequence[str]) -> None:
    """Write everything as JSON; `lines` are by the number of posts."""
    rows = [
        {
            "posts": posts,
            "what": line.what,
            "against": line.against,
            "ratio": line.ratio,
            "cores": line.cores,
            "bar": line.bar.text if line.bar else None,
            "limit": line.bar.limit if line.bar else None,
            "met": line.met,
        }
        for posts, found in lines.items()
        for line in found
    ]
    told = {"around": around, "lines": rows, "notes": list(notes)}
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
