"""Write pages to files atomically, and read them back verified.

::

    <folder, 0700>/<two hex digits, 0700>/<request hash>-<load>-<page number>-<hash>.page    0600, never changed

Index and lock are not needed: a file name gives request, load and page number, so a page is found without opening
other files, and processes and threads share no state. The subfolders limit the number of files per folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from threading import Lock
from typing import IO, NamedTuple, TypeVar

import msgspec

from ayrframe._archive.files import check_folder, open_new_file, replace_file, sync_folder
from ayrframe._archive.labels import ProfileLabels, read_first_identity, record_first_identity
from ayrframe._archive.page_file import (
    MAX_HEADER_BYTES,
    MAX_PAGE_BYTES,
    CorruptPageError,
    PageFormatError,
    PageHeader,
    PageName,
    StoredHeader,
    pack_page,
    read_header,
    unpack_page,
)
from ayrframe.errors import warn_user

T = TypeVar("T")

_FOLDER_NAME = re.compile("[0-9a-f]{2}")
_PAGE_SUFFIX, _TEMPORARY_SUFFIX = ".page", ".tmp"
_STALE_SECONDS = 3600
_FIRST_READ_BYTES = 4096
# Links are not followed, and opening a pipe does not block.
_READ_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


class StoredPage(NamedTuple):
    """A page: path in the archive, header, and the body as it was received."""

    name: str
    header: PageHeader
    body: bytes


class PageStore:
    """The files of an archive; the folder is created with the first page."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = check_folder(path, "an archive")
        self._is_failing = False
        self._cleaned_folders: set[str] = set()
        self._lock = Lock()

    def write(self, header: PageHeader, body: bytes) -> bool:
        """Write a page; return whether it was written. Errors are warnings, so that the load continues."""
        try:
            self.add(header, body)
        except (OSError, ValueError) as error:
            problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        else:
            self._is_failing = False
            return True
        with self._lock:
            was_failing, self._is_failing = self._is_failing, True
        if not was_failing:
            warn_user(f"Cannot store pages in the archive {self.path!r}: {problem}. The posts are not affected.")
        return False

    def add(self, header: PageHeader, body: bytes) -> None:
        """Write a page, or raise OSError or ValueError."""
        name, content = pack_page(header, body)
        self._prepare_folder(os.path.join(self.path, os.path.dirname(page_path(name))))
        request = header.request
        if not request.profile and request.identity is not None and read_first_identity(self.path) is None:
            record_first_identity(self.path, self._oldest_identity() or request.identity)
        self._write_file(name, content)

    def create_folder(self) -> None:
        """Create the folder, so that an archive without pages is empty instead of missing.

        If that fails, `write` warns.
        """
        with contextlib.suppress(OSError):
            os.makedirs(self.path, 0o700, exist_ok=True)

    def check_exists(self) -> None:
        """Raise FileNotFoundError if the folder does not exist."""
        if not os.path.isdir(self.path):
            raise FileNotFoundError(f"No archive found in {self.path!r}. load(..., archive=...) creates one.")

    def labels(self) -> ProfileLabels:
        """Return the profile labels of the pages."""
        return ProfileLabels(lambda: read_first_identity(self.path) or self._oldest_identity())

    def _oldest_identity(self) -> str | None:
        """Return the identity of the oldest page without a profile label; None if there is none."""
        oldest = []
        for _, names in groupby(self.names(), key=lambda name: name.request_hash):
            headers = (self._read_verified(name, _read_header_lines, read_header, warn=False) for name in names)
            header = next(filter(None, headers), None)  # The names are sorted by time.
            if header is not None and not header.request.profile and header.request.identity is not None:
                oldest.append((header.load, header.request.identity))
        return min(oldest)[1] if oldest else None

    def names(self, request_hash: str | None = None) -> list[PageName]:
        """Return the sorted names of all pages, or of the pages of one request."""
        all_folders = () if request_hash else self._list_folder("")
        folders = [request_hash[:2]] if request_hash else [name for name in all_folders if _FOLDER_NAME.fullmatch(name)]
        names = []
        for folder in folders:
            for entry in self._list_folder(folder, _PAGE_SUFFIX):
                name = PageName.parse(entry)
                if name is None or page_path(name) != os.path.join(folder, entry):
                    self.warn_skipped(os.path.join(folder, entry), "unexpected file name")
                elif request_hash in (None, name.request_hash):
                    names.append(name)
        return sorted(names)

    def headers(self, names: Iterable[PageName]) -> Iterator[tuple[PageName, StoredHeader]]:
        """Yield the headers of pages; corrupt files are skipped with a warning."""
        for name in names:
            header = self._read_verified(name, _read_header_lines, read_header)
            if header is not None:
                yield name, header

    def labelled_headers(self, names: Iterable[PageName]) -> Iterator[tuple[PageName, StoredHeader]]:
        """Yield the headers of pages, with the profile labels that posts frames have."""
        labels = self.labels()
        for name, header in self.headers(names):
            request = msgspec.structs.replace(header.request, profile=labels.label(header.request))
            yield name, msgspec.structs.replace(header, request=request)

    def pages(self, names: Iterable[PageName]) -> Iterator[StoredPage]:
        """Yield pages; corrupt files are skipped with a warning."""
        for name in names:
            page = self._read_verified(name, lambda file: file.read(), unpack_page)
            if page is not None:
                yield StoredPage(page_path(name), *page)

    def warn_skipped(self, path: str, reason: str, *, corrupt: bool = False) -> None:
        """Warn that a file is skipped; the path is relative to the archive."""
        kind = "corrupt archive file" if corrupt else "archive file"
        warn_user(f"Skipping {kind} {os.path.join(self.path, path)!r}: {reason}.")

    def _read_verified(
        self,
        name: PageName,
        read: Callable[[IO[bytes]], bytes],
        parse: Callable[[bytes, PageName], T],
        *,
        warn: bool = True,
    ) -> T | None:
        """Return the content of a file, or None with a warning if it cannot be verified."""
        corrupt = False
        try:
            with open(os.path.join(self.path, page_path(name)), "rb", buffering=0, opener=_open_for_reading) as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_HEADER_BYTES + MAX_PAGE_BYTES:
                    raise PageFormatError("not a regular file, or too large for a page")  # noqa: TRY301
                content = read(file)
            return parse(content, name)
        except FileNotFoundError:  # It was deleted after the names were listed.
            return None
        except OSError as error:
            reason = "it is a symbolic link" if error.errno == errno.ELOOP else str(error.strerror)
        except PageFormatError as error:
            reason = str(error)
        except CorruptPageError as error:
            reason, corrupt = str(error), True
        if warn:
            self.warn_skipped(page_path(name), reason, corrupt=corrupt)
        return None

    def _list_folder(self, folder: str, suffix: str = "") -> list[str]:
        try:
            return [entry for entry in os.listdir(os.path.join(self.path, folder)) if entry.endswith(suffix)]
        except FileNotFoundError:
            return []
        except OSError as error:
            self.warn_skipped(folder, str(error.strerror))
            return []

    def _write_file(self, name: PageName, content: bytes) -> None:
        """Write to a temporary file, and rename it when it is complete on disk."""
        folder, file_name = os.path.split(os.path.join(self.path, page_path(name)))
        temporary_path = os.path.join(folder, secrets.token_hex(8) + _TEMPORARY_SUFFIX)
        file = open(temporary_path, "wb", opener=open_new_file)  # noqa: SIM115
        try:
            with file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            replace_file(temporary_path, os.path.join(folder, file_name))
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary_path)
            raise

    def _prepare_folder(self, folder: str) -> None:
        """Create a private folder, or remove the temporary files that a killed process left in it."""
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            if folder not in self._cleaned_folders:
                _remove_stale_files(folder)
        except FileNotFoundError:
            os.makedirs(self.path, 0o700, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder, 0o700)
            sync_folder(os.path.dirname(self.path))
            sync_folder(self.path)
        else:
            sync_folder(self.path)
        self._cleaned_folders.add(folder)


def page_path(name: PageName) -> str:
    """Return the path of a page in the archive."""
    return os.path.join(name.request_hash[:2], str(name))


def _read_header_lines(file: IO[bytes]) -> bytes:
    content = file.read(_FIRST_READ_BYTES)
    return content if content.count(b"\n") > 1 else content + file.read(MAX_HEADER_BYTES - len(content))


def _open_for_reading(path: str, _: int) -> int:
    return os.open(path, _READ_FLAGS)


def _remove_stale_files(folder: str) -> None:
    for entry in os.listdir(folder):
        path = os.path.join(folder, entry)
        with contextlib.suppress(OSError):
            if entry.endswith(_TEMPORARY_SUFFIX) and time.time() - os.lstat(path).st_mtime > _STALE_SECONDS:
                os.unlink(path)
