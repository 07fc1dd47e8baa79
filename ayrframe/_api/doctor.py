"""Diagnose problems with live loads: versions, keys (masked), platforms, archive and clock."""

from __future__ import annotations

import os
import platform as machine
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from ayrframe._api.client import Client, client_problem
from ayrframe._api.load import open_archive
from ayrframe._api.pages import iter_pages
from ayrframe._archive.archive import Archive
from ayrframe._platforms import PLATFORMS
from ayrframe.errors import AyrframeError, ConfigError, NotLinkedError

_DATA_PACKAGES = ("matplotlib", "msgspec", "numpy", "pandas", "pandera", "pyarrow")
_OTHER_PACKAGES = ("filelock", "jinja2", "lazy-loader", "regex", "requests", "tqdm", "urllib3")
_OPTIONAL_PACKAGES = ("dask", "distributed", "ipykernel", "jupyterlab", "xlsxwriter")
_TIME_FORMAT = "%Y-%m-%d %H:%M UTC"
_MAX_CLOCK_SKEW = timedelta(minutes=10)

CheckRow = tuple[str, str, str]


def show_versions() -> None:
    """Print the versions of Python, ayrframe and its dependencies, for a bug report.

    Examples
    --------
    >>> ayr.show_versions()
    Python ...
    ayrframe ...
    """
    print(f"Python {machine.python_version()} on {machine.system()} {machine.machine()}")  # noqa: T201
    for name, package_version in _package_versions():
        print(f"{name} {package_version}")  # noqa: T201


def doctor(client: Client | None = None, *, archive: Archive | str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Check whether live loads work, and show what prevents them.

    Requests one post from each platform, up to ten requests. Keys are never shown.

    Parameters
    ----------
    client : Client, optional
        API client to use. Default: `Client()` with keys from environment variables.
    archive : Archive or path, optional
        Archive to check as well.

    Returns
    -------
    pandas.DataFrame
        One row per check with the columns `check`, `result` ("ok", "failed" or "not checked") and `detail`, all str.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     checks = ayr.doctor(api.client())
    >>> checks.set_index("check").loc["tiktok", "result"]
    'ok'
    """
    if problem := client_problem(client):
        client = None
        raise TypeError(problem)
    versions = (("version", "ok", f"{name} {package_version}") for name, package_version in _package_versions())
    rows = [*_check_keys(client), *_check_archive(open_archive(archive)), *versions]
    return pd.DataFrame(rows, columns=["check", "result", "detail"], dtype="str")


def _package_versions() -> Iterator[tuple[str, str]]:
    for name in ("ayrframe", *_DATA_PACKAGES, *_OTHER_PACKAGES, *_OPTIONAL_PACKAGES):
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "not installed"


def _check_keys(client: Client | None) -> Iterator[CheckRow]:
    if client is None:
        try:
            client = Client()
        except ConfigError as error:
            yield "key", "failed", str(error)
            return
    for name, source in client.sources.items():
        yield name, "ok", f"found in {source}; not shown"
    yield "address", "ok", client.base_url
    for name in PLATFORMS:
        yield _check_platform(client, name)


def _check_platform(client: Client, name: str) -> CheckRow:
    platform = PLATFORMS[name]
    try:
        page = next(iter_pages(client, platform, limit=1, headers=platform.headers))
    except NotLinkedError as error:
        return name, "failed", str(error)
    except AyrframeError as error:
        return name, "failed", f"{type(error).__name__}: {error}"
    updated = page.envelope.last_updated
    if updated is None:
        return name, "ok", "responds"
    if updated > client.clock.wall() + _MAX_CLOCK_SKEW:
        return name, "failed", f"responds, but its numbers were read at {updated:{_TIME_FORMAT}}: check the local clock"
    return name, "ok", f"responds; its numbers were read at {updated:{_TIME_FORMAT}}"


def _check_archive(archive: Archive | None) -> Iterator[CheckRow]:
    if archive is None:
        yield "archive", "not checked", "pass archive=ayr.Archive(path) to check one"
        return
    try:
        folder = _existing_folder(archive.path)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield "archive", "failed", f"{archive.path} is not writable: {error.strerror}"
    else:
        if folder == archive.path:
            yield "archive", "ok", f"{folder} is writable; it contains {len(archive.store.names())} pages"
        else:
            yield "archive", "ok", f"{archive.path} does not exist; a load can create it, because {folder} is writable"


def _existing_folder(path: str) -> str:
    """Return the folder at a path, or the closest one above it that exists."""
    for folder in (path, *map(str, Path(path).parents)):
        with suppress(FileNotFoundError):
            os.lstat(folder)
            return folder
    return path  # pragma: no cover - the root of a file system and "." always exist
