"""The registry: every platform there is, in the one order used everywhere.

A new platform is a file here with one `PLATFORM` and a line in this list.
"""

from __future__ import annotations

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
from ayrframe.spec import Platform

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
