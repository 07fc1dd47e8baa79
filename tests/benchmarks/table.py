"""Format results as Markdown and JSON, with the machine and the versions."""

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
_HEADER = (
    "| what | against | ratio | × faster | CPU ratio | target | met |\n| --- | --- | --- | --- | --- | --- | --- |"
)
_MET_LABELS = {True: "yes", False: "**no**", None: ""}


def describe_environment() -> dict[str, Any]:
    """Return the machine, its load, and the versions of Python and the packages."""
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


def header(environment: dict[str, Any]) -> str:
    """Return the environment as a sentence, followed by the header of the table."""
    versions = ", ".join(f"{name} {version}" for name, version in environment["versions"].items())
    system, load = f"{environment['system']} {environment['machine']}", environment["load"]
    cores, python = environment["cores"], environment["python"]
    return f"{system}, {cores} cores, load {load}; Python {python}, {versions}.\n\n{_HEADER}"


def format_row(line: Line) -> str:
    """Return a line as a row in Markdown."""
    target = line.target.text if line.target else ""
    cpu_ratio = "" if line.cpu_ratio is None else f"{line.cpu_ratio:.2f}"
    ratio, factor = f"{line.ratio:.2f}", f"{1 / line.ratio:.2f}"
    cells = (line.what, line.against, ratio, factor, cpu_ratio, target, _MET_LABELS[line.met])
    return f"| {' | '.join(cells)} |"


def write_json(
    file: Path, environment: dict[str, Any], lines: Mapping[int, Sequence[Line]], notes: Sequence[str]
) -> None:
    """Write the results as JSON; `lines` are by number of posts."""
    rows = [
        {
            "posts": posts,
            "what": line.what,
            "against": line.against,
            "ratio": line.ratio,
            "cpu_ratio": line.cpu_ratio,
            "target": line.target.text if line.target else None,
            "limit": line.target.limit if line.target else None,
            "met": line.met,
        }
        for posts, measured in lines.items()
        for line in measured
    ]
    result = {"environment": environment, "lines": rows, "notes": list(notes)}
    file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
