"""The sample replies that ship with the package: where they stand, in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

from ayrframe._platforms.spec import Platform

_PACKAGE = Path(__file__).parents[1]
_SAMPLE_FOLDERS = (_PACKAGE / "data", _PACKAGE.parent / "data")


def sample_path(platform: Platform) -> Path:
    """Return the file with a platform's sample reply."""
    for folder in _SAMPLE_FOLDERS:
        path = folder / f"{platform.name}.json"
        if path.is_file():
            return path
    raise FileNotFoundError(f"The sample of {platform.title} is missing from this installation of ayrframe.")
