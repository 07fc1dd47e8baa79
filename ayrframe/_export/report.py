"""A report for readers: the report notebook, run with parameters, as one HTML page that needs nothing else."""

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
        If the packages of the extra `report` are missing.
    AyrframeError
        If the notebook fails; the message is that of its error.
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
            f"A report needs packages that are not installed: {missing}. "
            "Install them with pip install 'ayrframe[report]'.",
            name=missing,
        )
    with atomic_write(path) as file:
        notebook, failure = run_notebook(parameters)
        if failure is not None:
            raise AyrframeError(f"The report could not be made: {failure}")
        file.write_text(render_page(notebook, title), encoding="utf-8")
