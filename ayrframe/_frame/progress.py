"""Show a progress bar during loads of more than one request, and during reports."""

from __future__ import annotations

import io
import sys
from threading import Lock
from typing import Any

_NOTEBOOK_DELAY = 0.5  # seconds; an output that was shown once stays in a notebook, if empty, so short loads show none


class Progress:
    """Progress bar of several steps; with `show=None`, only in notebooks and terminals, from the second step on."""

    def __init__(self, show: bool | None, unit: str = "posts") -> None:  # noqa: FBT001
        """Prepare the bar without showing it; the bar counts units."""
        self._show = _is_interactive() if show is None else show
        self._always = show is True
        self._unit = unit
        self._steps = self._done = 0
        self._bar: Any = None
        self._lock = Lock()

    def advance(self, units: int = 1) -> None:
        """Count the units of a step, such as the posts of a page."""
        with self._lock:
            self._steps += 1
            self._done += units
            if not self._show:
                return
            if self._bar is None and (self._always or self._steps > 1):
                self._bar = _make_bar(self._unit)
            if self._bar is not None:
                self._bar.update(self._done - self._bar.n)

    def notify(self, text: str) -> None:
        """Show why the load waits."""
        with self._lock:
            if self._show:
                if self._bar is None:  # A bar without a total has no truth value.
                    self._bar = _make_bar(self._unit)
                self._bar.set_postfix_str(text)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()


def _make_bar(unit: str) -> Any:
    """Return a bar that is removed when it is closed."""
    from tqdm.std import tqdm

    options = {"unit": f" {unit}", "desc": "ayrframe", "leave": False}
    if not _in_notebook():
        return tqdm(**options)

    class NotebookBar(tqdm):  # type: ignore[misc]
        """Bar in an output of the cell; widgets and text streams would stay in the notebook."""

        _output: Any = None

        def display(self, msg: str | None = None, pos: int | None = None) -> None:  # noqa: ARG002
            """Replace the content of the output, with nothing at the end."""
            text = str(self) if msg is None else msg
            content = {"text/plain": text} if text else {}
            if self._output is not None:
                self._output.update(content, raw=True)
                self._output = self._output if text else None
            elif text:
                from IPython.display import display

                self._output = display(content, raw=True, display_id=True)  # type: ignore[no-untyped-call]

        def close(self) -> None:
            """Remove the bar, also one that was shown before its delay ended."""
            super().close()
            self.display("")

    return NotebookBar(**options, delay=_NOTEBOOK_DELAY, file=io.StringIO())


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"


def _is_interactive() -> bool:
    return _in_notebook() or bool(getattr(sys.stderr, "isatty", bool)())
