"""Write a file atomically: to a temporary file in the same folder, which then replaces the target."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def atomic_write(path: str | Path) -> Iterator[Path]:
    """Yield the path to write to; if an error is raised, an existing file at `path` stays unchanged."""
    target = Path(path).expanduser().resolve()
    if not target.parent.is_dir():
        raise FileNotFoundError(f"Cannot write {target.name!r}: folder {str(target.parent)!r} does not exist.")
    if target.exists() and not target.is_file():
        yield target  # pipes and devices cannot be replaced; opening a folder raises an error
        return
    with TemporaryDirectory(prefix=".ayrframe-", dir=target.parent, ignore_cleanup_errors=True) as folder:
        temporary = Path(folder, target.name)
        yield temporary
        if target.exists():
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
