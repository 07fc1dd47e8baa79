"""Find the sample responses of the package, in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

from ayrframe._platforms.spec import Platform

_PACKAGE = Path(__file__).parents[1]
_SAMPLE_FOLDERS = (_PACKAGE / "data", _PACKAGE.parent / "data")


def sample_path(platform: Platform) -> Path:
    """Return the path of the sample response of a platform."""
    for folder in _SAMPLE_FOLDERS:
        path = folder / f"{platform.name}.json"
        if path.is_file():
            return path
    raise FileNotFoundError(f"The sample of {platform.title} is missing. Reinstall ayrframe.")
