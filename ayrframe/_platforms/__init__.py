"""Register the platforms, in the order that is used everywhere.

A new platform needs a module in this folder, and an import and an entry in `_KNOWN`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ayrframe._platforms.bluesky import BLUESKY
from ayrframe._platforms.facebook import FACEBOOK
from ayrframe._platforms.instagram import INSTAGRAM
from ayrframe._platforms.linkedin import LINKEDIN
from ayrframe._platforms.pinterest import PINTEREST
from ayrframe._platforms.snapchat import SNAPCHAT
from ayrframe._platforms.spec import Platform
from ayrframe._platforms.threads import THREADS
from ayrframe._platforms.tiktok import TIKTOK
from ayrframe._platforms.twitter import TWITTER
from ayrframe._platforms.youtube import YOUTUBE
from ayrframe.errors import ArgumentTypeError, suggest

# One name, several, or None for all.
PlatformNames = str | Sequence[str] | None

ALL_PLATFORMS = "all"

_KNOWN = (BLUESKY, FACEBOOK, INSTAGRAM, LINKEDIN, PINTEREST, SNAPCHAT, THREADS, TIKTOK, TWITTER, YOUTUBE)
PLATFORMS: dict[str, Platform] = {platform.name: platform for platform in _KNOWN}


def resolve_alias(name: str) -> str:
    """Return the registered name of a platform for a name, title or alias in any case; other names are unchanged."""
    folded = name.casefold()
    names = ((platform.name, platform.title.casefold(), *platform.aliases) for platform in PLATFORMS.values())
    return next((known[0] for known in names if folded in known), name)


def find_platform(name: str) -> Platform:
    """Return the platform with this name, title or alias, or raise ValueError with the valid names."""
    platform = PLATFORMS.get(resolve_alias(name)) if isinstance(name, str) else None
    if platform is None:
        raise ValueError(
            f"Unknown platform {str(name)[:40]!r}.{suggest(name, PLATFORMS)} Choose from: {', '.join(PLATFORMS)}."
        )
    return platform


def find_platforms(names: str | Iterable[str]) -> list[Platform]:
    """Return the platforms with these names, without duplicates, in the given order; `"all"` returns all platforms."""
    requested = as_names(names)
    if requested == [ALL_PLATFORMS]:
        return list(PLATFORMS.values())
    return list(dict.fromkeys(find_platform(name) for name in requested))


def in_registry_order(platforms: Iterable[Platform]) -> list[Platform]:
    """Return platforms in the order of the registry, without duplicates."""
    requested = set(platforms)
    return [platform for platform in PLATFORMS.values() if platform in requested]


def as_names(names: str | Iterable[str], argument: str = "platform") -> list[str]:
    """Return one or several names as a list."""
    if isinstance(names, str):
        return [names]
    if isinstance(names, bytes) or not isinstance(names, Iterable):
        raise ArgumentTypeError(f"`{argument}` must be a str or a list of str, got {type(names).__name__}.")
    return list(names)
