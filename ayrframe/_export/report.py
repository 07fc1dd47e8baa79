"""Write a report: run the report notebook with parameters and save it as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ayrframe._export.atomic_write import atomic_write
from ayrframe._export.report_notebook import run_notebook
from ayrframe._export.report_page import render_page


def write_report(path: Path, parameters: Mapping[str, object], title: str) -> None:
    """Run the report notebook with these parameters and write the page; packages of the extra `report` are required."""
    try:
        import ipykernel  # noqa: F401
        import nbclient  # noqa: F401
        import nbconvert  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"Reports require a package that is not installed: {error.name}. "
            "Install it with: pip install 'ayrframe[report]'",
            name=error.name,
        ) from error
    with atomic_write(path) as file:
        file.write_text(render_page(run_notebook(parameters), title), encoding="utf-8")
