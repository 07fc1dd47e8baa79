"""Check folder paths, create private files, and replace files atomically."""

from __future__ import annotations

import contextlib
import os

from ayrframe.errors import ArgumentTypeError, quote

_CREATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def check_folder(path: str | os.PathLike[str], what: str) -> str:
    """Return the absolute path of a folder; `what` names its use in the error message."""
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else path
    if not isinstance(name, str):
        raise ArgumentTypeError(f"The path of {what} must be a str or path, got {type(name).__name__}.")
    if not name or "\0" in name:
        raise ValueError(f"The path of {what} must be a non-empty str without NUL characters, got {quote(name)}.")
    return os.path.abspath(os.path.expanduser(name))


def open_new_file(path: str, _: int = _CREATE_FLAGS) -> int:
    """Create a file that only its owner can read, as an opener for `open`."""
    return os.open(path, _CREATE_FLAGS, 0o600)


def replace_file(temporary_path: str, path: str) -> None:
    """Move a complete file to its final path; readers see either the old or the new file."""
    os.replace(temporary_path, path)
    sync_folder(os.path.dirname(path))


def sync_folder(folder: str) -> None:
    """Flush the entries of a folder to disk, where the system supports it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
