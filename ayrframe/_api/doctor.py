"""What a user is asked for when something does not work: versions, keys (masked), networks, archive, clock."""

from __future__ import annotations

import os
import platform as machine
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

from ayrframe._api.client import Client
from ayrframe._api.pages import iter_pages
from ayrframe._archive.archive import Archive
from ayrframe._platforms import PLATFORMS
from ayrframe.errors import AyrframeError, ConfigError, NotLinkedError

_PACKAGES = ("ayrframe", "pandas", "pyarrow", "msgspec", "pandera", "requests", "urllib3", "matplotlib", "tqdm")
_MAX_CLOCK_SKEW = timedelta(minutes=10)

CheckRow = tuple[str, str, str]


def show_versions() -> None:
    """Print the versions of Python, of ayrframe and of what it stands on.

    Examples
    --------
    >>> ayr.show_versions()
    Python ...
    ayrframe ...
    """
    print(f"Python {machine.python_version()} on {machine.system()} {machine.machine()}")  # noqa: T201
    for name, package_version in _package_versions():
        print(f"{name} {package_version}")  # noqa: T201


def doctor(client: Client | None = None, *, archive: Archive | None = None) -> pd.DataFrame:
    """Look whether live loads can work here, and say what stands in the way.

    It asks each network for one post, so it costs up to ten requests. No key is ever shown.

    Parameters
    ----------
    client : Client, optional
        Who asks; else `Client()` with the keys of the environment.
    archive : Archive, optional
        A folder to be looked at as well.

    Returns
    -------
    pandas.DataFrame
        `check`, `result` ("ok", "no" or "not asked") and `detail`, all str.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     found = ayr.doctor(api.client())
    >>> found.set_index("check").loc["tiktok", "result"]
    'ok'
    """
    rows = [
        *_check_keys(client),
        *_check_archive(archive),
        *(("version", "ok", f"{name} {package_version}") for name, package_version in _package_versions()),
    ]
    return pd.DataFrame(rows, columns=["check", "result", "detail"], dtype="str")


def _package_versions() -> Iterator[tuple[str, str]]:
    for name in _PACKAGES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "not installed"


def _check_keys(client: Client | None) -> Iterator[CheckRow]:
    if client is None:
        try:
            client = Client()
        except ConfigError as error:
            yield "key", "no", str(error)
            return
    for name, source in client.sources.items():
        yield name, "ok", f"found in {source}, shown to nobody"
    yield "address", "ok", client.base_url
    for name in PLATFORMS:
        yield _check_platform(client, name)


def _check_platform(client: Client, name: str) -> CheckRow:
    platform = PLATFORMS[name]
    try:
        page = next(iter_pages(client, platform, limit=1, headers=platform.headers))
    except NotLinkedError as error:
        return name, "no", str(error)
    except AyrframeError as error:
        return name, "no", f"{type(error).__name__}: {error}"
    updated = page.envelope.last_updated
    if updated is not None and updated > client.clock.wall() + _MAX_CLOCK_SKEW:
        return (
            name,
            "no",
            f"answers, but its numbers are of {updated:%Y-%m-%d %H:%M} UTC: is this computer's clock right?",
        )
    return name, "ok", f"answers; its numbers are of {updated:%Y-%m-%d %H:%M} UTC" if updated else "answers"


def _check_archive(archive: Archive | None) -> Iterator[CheckRow]:
    if archive is None:
        yield "archive", "not asked", "pass archive=ayr.Archive(path) to look at one"
        return
    folder = archive.path
    while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield "archive", "no", f"{archive.path} cannot be written: {error.strerror}"
    else:
        yield "archive", "ok", f"{archive.path} can be written; {len(archive.store.names())} pages are kept"
