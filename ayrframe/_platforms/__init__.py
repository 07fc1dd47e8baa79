"""The registry: every platform there is, in the one order used everywhere.

A new platform is a file here with one `PLATFORM` and a line in this list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ayrframe._platforms import (
    bluesky,
    facebook,
    instagram,
    linkedin,
    pinterest,
    snapchat,
    threads,
    tiktok,
    twitter,
    youtube,
)
from ayrframe._platforms.spec import Platform

# One, several, or None for all there are.
Names = str | Sequence[str] | None

EVERYTHING = "all"

PLATFORMS: dict[str, Platform] = {
    module.PLATFORM.name: module.PLATFORM
    for module in (bluesky, facebook, instagram, linkedin, pinterest, snapchat, threads, tiktok, twitter, youtube)
}


def alias(name: str) -> str:
    """Return the one name under which a platform is registered."""
    return next((platform.name for platform in PLATFORMS.values() if name in platform.aliases), name)


def find(name: str) -> Platform:
    """Return the platform of this name or alias; a ValueError names all there are."""
    known = PLATFORMS.get(alias(name)) if isinstance(name, str) else None
    if known is None:
        raise ValueError(f"{str(name)[:40]!r} is no platform. There are: {', '.join(PLATFORMS)}.")
    return known


def named(names: str | Iterable[str]) -> list[Platform]:
    """Return the platforms a caller named, each once in the order of the names; `"all"` is every one there is."""
    asked = several(names)
    return list(PLATFORMS.values()) if asked == [EVERYTHING] else list(dict.fromkeys(find(name) for name in asked))


def in_order(platforms: Iterable[Platform]) -> list[Platform]:
    """Return platforms in the order used everywhere, each once."""
    here = set(platforms)
    return [platform for platform in PLATFORMS.values() if platform in here]


def several(names: str | Iterable[str], what: str = "platform") -> list[str]:
    """Return the names a caller gave, one or several."""
    if isinstance(names, str):
        return [names]
    if isinstance(names, bytes) or not isinstance(names, Iterable):
        raise ValueError(f"A {what} is named by a text, several by a list of them, not by {type(names).__name__}.")  # noqa: TRY004
    return list(names)
