"""Files for their owner's eyes, which are on the disk when that is said, and names that change in one step."""

from __future__ import annotations

import contextlib
import os

from ayrframe.errors import quote

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def check_folder(path: str | os.PathLike[str], what: str) -> str:
    """Return the absolute path of a folder; what cannot be one is a ValueError that says what it was to be."""
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else path
    if not isinstance(name, str) or not name or "\0" in name:
        said = quote(name) if isinstance(name, str) else type(name).__name__
        raise ValueError(f"{what} is a folder, named by a text or a path, not by {said}.")
    return os.path.abspath(os.path.expanduser(name))


def open_new_file(path: str, _: int = _NEW) -> int:
    """Open a file that is not there yet, for `open(..., opener=open_new)`; nobody else can look into it."""
    return os.open(path, _NEW, 0o600)


def replace_file(half: str, target: str) -> None:
    """Give a file that is whole its name, in place of what had it: others see the one or the other."""
    os.replace(half, target)
    sync_folder(os.path.dirname(target))


def sync_folder(folder: str) -> None:
    """Have the names in a folder on the disk, too, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
