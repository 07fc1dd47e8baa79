"""Show a progress bar during loads of more than one request."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from typing import Any

_NOTEBOOK_DELAY = 0.5  # Seconds; notebooks keep a bar that was shown once, so short loads show none.


class Progress:
    """Progress bar of a load. With `show=None`, it appears in notebooks and terminals from the second page on."""

    def __init__(self, show: bool | None) -> None:  # noqa: FBT001
        """Prepare the bar without showing it."""
        self._show = _is_interactive() if show is None else show
        self._always = show is True
        self._requests = self._posts = 0
        self._bar: Any = None
        self._lock = Lock()

    def advance(self, posts: int) -> None:
        """Count the posts of a page."""
        with self._lock:
            self._requests += 1
            self._posts += posts
            if not self._show:
                return
            if self._bar is None and (self._always or self._requests > 1):
                self._bar = _make_bar()
            if self._bar is not None:
                self._bar.update(self._posts - self._bar.n)

    def notify(self, text: str) -> None:
        """Show why the load waits."""
        with self._lock:
            if self._show:
                if self._bar is None:  # A bar without a total has no truth value.
                    self._bar = _make_bar()
                self._bar.set_postfix_str(text)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()


def _make_bar() -> Any:
    """Return a notebook bar, or a text bar in terminals and in notebooks without ipywidgets."""
    widgets = _in_notebook() and find_spec("ipywidgets") is not None
    bar = import_module("tqdm.notebook" if widgets else "tqdm.std").tqdm
    return bar(unit=" posts", desc="ayrframe", leave=False, delay=_NOTEBOOK_DELAY if _in_notebook() else 0)


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"


def _is_interactive() -> bool:
    return _in_notebook() or bool(getattr(sys.stderr, "isatty", bool)())
