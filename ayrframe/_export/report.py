"""Write a report: run the report notebook with parameters and save it as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ayrframe._export.atomic_write import atomic_write
from ayrframe._export.report_notebook import run_notebook
from ayrframe._export.report_page import render_page
from ayrframe.errors import AyrframeError


def write_report(path: Path, parameters: Mapping[str, object], title: str) -> None:
    """Run the report notebook with these parameters and write the page.

    Raises
    ------
    ImportError
        If packages of the extra `report` are missing.
    AyrframeError
        If the notebook fails; the message contains that of its error.
    """
    try:
        import ipykernel  # noqa: F401
        import nbclient  # noqa: F401
        import nbconvert  # noqa: F401
    except ImportError as error:
        missing = error.name
    else:
        missing = None
    if missing:
        raise ImportError(
            f"Reports require a package that is not installed: {missing}. "
            "Install it with: pip install 'ayrframe[report]'",
            name=missing,
        )
    with atomic_write(path) as file:
        notebook, failure = run_notebook(parameters)
        if failure is not None:
            raise AyrframeError(f"Cannot create the report: {failure}")
        file.write_text(render_page(notebook, title), encoding="utf-8")
