"""A bar that shows while a load takes more than one request; silent elsewhere."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from typing import Any

_NOTEBOOK_DELAY = 0.5  # seconds; in a notebook, which keeps what it shows, a shorter load leaves nothing behind


class Progress:
    """Counts posts as they come. `wanted` None means: where somebody looks on, and only once a second page comes."""

    def __init__(self, show: bool | None) -> None:  # noqa: FBT001
        """Show nothing yet."""
        self._show = _is_interactive() if show is None else show
        self._always = show is True
        self._requests = self._posts = 0
        self._bar: Any = None
        self._lock = Lock()

    def advance(self, posts: int) -> None:
        """Count a page."""
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
        """Say why nothing happens for a while."""
        with self._lock:
            if self._show:
                self._bar = self._bar or _make_bar()
                self._bar.set_postfix_str(text)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


def _make_bar() -> Any:
    """Return a bar of the kind that can be shown here; in a notebook without ipywidgets the plain one, in silence."""
    widgets = _in_notebook() and find_spec("ipywidgets") is not None
    bar = import_module("tqdm.notebook" if widgets else "tqdm.std").tqdm
    return bar(unit=" posts", desc="ayrframe", leave=False, delay=_NOTEBOOK_DELAY if _in_notebook() else 0)


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"


def _is_interactive() -> bool:
    return _in_notebook() or bool(getattr(sys.stderr, "isatty", bool)())
