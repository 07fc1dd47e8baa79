"""A folder of kept responses: written so that a reader sees a whole file or none, read with doubt.

::

    <folder, 0700>/<two hex digits, 0700>/<question>-<load>-<page number>-<hash>.page    0600, never changed

There is no index and no lock: a file's name says which question it answers, in which load, as which page, so one page
is found without opening the others, and processes and threads have nothing to disagree about. The folders in between
keep a folder small when there are millions of pages.
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
from threading import Lock
from typing import IO, NamedTuple, TypeVar

from ayrframe._archive.files import check_folder, open_new_file, replace_file, sync_folder
from ayrframe._archive.page_file import (
    MAX_HEADER_BYTES,
    MAX_PAGE_BYTES,
    CorruptPageError,
    PageHeader,
    PageName,
    StoredHeader,
    pack_page,
    read_header,
    unpack_page,
)
from ayrframe.errors import warn_user

T = TypeVar("T")

_FOLDER = re.compile("[0-9a-f]{2}")
_PAGE, _HALF_WRITTEN = ".page", ".tmp"
_STALE_SECONDS = 3600
_FIRST_READ = 4096
# Not following links and not waiting: what was planted here is not opened, and a pipe does not block.
_OLD = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


class StoredPage(NamedTuple):
    """A response as it came, and what is known of it."""

    name: str
    head: PageHeader
    body: bytes


class PageStore:
    """The files of an archive. Nothing is touched before something is read or written."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = check_folder(path, "An archive")
        self._failing = False
        self._swept: set[str] = set()
        self._lock = Lock()

    def write(self, head: PageHeader, body: bytes) -> bool:
        """Keep a page, and tell whether that went well. What prevents it is a warning, for the posts come first."""
        try:
            name, content = pack_page(head, body)
            self._put(name, content)
        except (OSError, ValueError) as error:
            problem = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        else:
            self._failing = False
            return True
        with self._lock:
            known, self._failing = self._failing, True
        if not known:
            warn_user(f"Pages cannot be kept in the archive {self.path!r}: {problem}. The posts are not affected.")
        return False

    def names(self, question: str | None = None) -> list[PageName]:
        """Return the names of all pages, or of those that answer a question; what is no page is left out."""
        folders = [question[:2]] if question else [one for one in self._listed("") if _FOLDER.fullmatch(one)]
        found = []
        for folder in folders:
            for entry in self._listed(folder, _PAGE):
                name = PageName.read(entry)
                if name is None or page_path(name) != os.path.join(folder, entry):
                    self.doubt(os.path.join(folder, entry), "no page is called so here")
                elif question in (None, name.question):
                    found.append(name)
        return sorted(found)

    def heads(self, names: Iterable[PageName]) -> Iterator[tuple[PageName, StoredHeader]]:
        """Yield the headers of pages; one that is in doubt is named in a warning and left out."""
        for name in names:
            head = self._trusted(name, _first_lines, read_header)
            if head is not None:
                yield name, head

    def pages(self, names: Iterable[PageName]) -> Iterator[StoredPage]:
        """Yield pages; one that is in doubt is named in a warning and left out."""
        for name in names:
            found = self._trusted(name, lambda file: file.read(), unpack_page)
            if found is not None:
                yield StoredPage(page_path(name), *found)

    def doubt(self, place: str, reason: str) -> None:
        """Warn of a file that is left out."""
        warn_user(f"The archive leaves out {os.path.join(self.path, place)!r}: {reason}.")

    def _trusted(
        self, name: PageName, read: Callable[[IO[bytes]], bytes], understand: Callable[[bytes, PageName], T]
    ) -> T | None:
        """Return what a file holds; None, with a warning, if there is any doubt about it."""
        try:
            with open(os.path.join(self.path, page_path(name)), "rb", buffering=0, opener=_open_old) as file:
                about = os.fstat(file.fileno())
                if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_HEADER_BYTES + MAX_PAGE_BYTES:
                    raise CorruptPageError("it is no file that was written here")  # noqa: TRY301
                content = read(file)
            return understand(content, name)
        except FileNotFoundError:  # It was there when the names were read: somebody tidied up.
            return None
        except OSError as error:
            reason = "it is a link" if error.errno == errno.ELOOP else str(error.strerror)
        except CorruptPageError as doubt:
            reason = str(doubt)
        self.doubt(page_path(name), reason)
        return None

    def _listed(self, folder: str, ending: str = "") -> list[str]:
        try:
            return [entry for entry in os.listdir(os.path.join(self.path, folder)) if entry.endswith(ending)]
        except FileNotFoundError:
            return []
        except OSError as error:
            self.doubt(folder, str(error.strerror))
            return []

    def _put(self, name: PageName, content: bytes) -> None:
        """Write under another name, and give it the right one when all of it is on the disk."""
        folder, file_name = os.path.split(os.path.join(self.path, page_path(name)))
        self._prepare(folder)
        half = os.path.join(folder, secrets.token_hex(8) + _HALF_WRITTEN)
        file = open(half, "wb", opener=open_new_file)  # noqa: SIM115
        try:
            with file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            replace_file(half, os.path.join(folder, file_name))
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(half)
            raise

    def _prepare(self, folder: str) -> None:
        """Make a folder that only its owner can look into, and remove what a process that died left in it."""
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            if folder not in self._swept:
                _sweep(folder)
        except FileNotFoundError:
            os.makedirs(self.path, 0o700, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder, 0o700)
            sync_folder(os.path.dirname(self.path))
            sync_folder(self.path)
        else:
            sync_folder(self.path)
        self._swept.add(folder)


def page_path(name: PageName) -> str:
    """Return where a page stands in the folder."""
    return os.path.join(name.question[:2], str(name))


def _first_lines(file: IO[bytes]) -> bytes:
    content = file.read(_FIRST_READ)
    return content if content.count(b"\n") > 1 else content + file.read(MAX_HEADER_BYTES - len(content))


def _open_old(path: str, _: int) -> int:
    return os.open(path, _OLD)


def _sweep(folder: str) -> None:
    for entry in os.listdir(folder):
        path = os.path.join(folder, entry)
        with contextlib.suppress(OSError):
            if entry.endswith(_HALF_WRITTEN) and time.time() - os.lstat(path).st_mtime > _STALE_SECONDS:
                os.unlink(path)
