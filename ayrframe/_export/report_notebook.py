"""Find the report notebook, in a wheel or a checkout, and run it with parameters."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ayrframe.errors import AyrframeError, printable

if TYPE_CHECKING:
    from nbformat import NotebookNode

_THIS_FOLDER = Path(__file__).parent
_NOTEBOOK_FOLDERS = (_THIS_FOLDER, _THIS_FOLDER.parent.parent / "notebooks")
_CELL_TIMEOUT = 3600  # seconds


def set_parameters(parameters: Mapping[str, object]) -> NotebookNode:
    """Return the notebook with a cell that sets parameters; raise a ValueError if the notebook lacks one of them."""
    import nbformat

    path = next((path for folder in _NOTEBOOK_FOLDERS if (path := folder / "report.ipynb").is_file()), None)
    if path is None:
        raise FileNotFoundError("The report notebook is missing from this installation of ayrframe.")
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    index = next(index for index, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", ()))
    for name in parameters:
        if f"\n{name} = " not in f"\n{notebook.cells[index].source}":
            raise ValueError(f"Unknown report parameter {name!r}.")
    lines = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    notebook.cells.insert(index + 1, nbformat.v4.new_code_cell(lines, id="set-parameters"))
    return notebook


def run_notebook(parameters: Mapping[str, object]) -> NotebookNode:
    """Run the notebook in an empty folder and return it; raise an AyrframeError with the reason if it fails."""
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from traitlets.config import Config

    notebook = set_parameters(parameters)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=_CELL_TIMEOUT,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        )
        try:
            # Set by servers and CI, this variable would replace every picture by the text of a figure.
            client.execute(env={name: value for name, value in os.environ.items() if name != "MPLBACKEND"})
        except CellExecutionError as error:
            failure = f"{error.ename}: {printable(str(error.evalue))}"
        except NoSuchKernel:
            failure = "Jupyter kernel python3 not found; register it with: python -m ipykernel install --sys-prefix"
        except DeadKernelError:
            failure = "the Jupyter kernel died, possibly because it ran out of memory"
        else:
            return notebook
    raise AyrframeError(f"Cannot create the report: {failure}")
