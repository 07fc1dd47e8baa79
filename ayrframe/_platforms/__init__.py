"""The registry: every platform there is, in the one order used everywhere.

A new platform is a module here, an import and an entry in `PLATFORMS`.
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

# One, several, or None for all there are.
PlatformNames = str | Sequence[str] | None

ALL_PLATFORMS = "all"

PLATFORMS: dict[str, Platform] = {
    platform.name: platform
    for platform in (
        BLUESKY,
        FACEBOOK,
        INSTAGRAM,
        LINKEDIN,
        PINTEREST,
        SNAPCHAT,
        THREADS,
        TIKTOK,
        TWITTER,
        YOUTUBE,
    )
}


def resolve_alias(name: str) -> str:
    """Return the one name under which a platform is registered."""
    return next((platform.name for platform in PLATFORMS.values() if name in platform.aliases), name)


def find_platform(name: str) -> Platform:
    """Return the platform of this name or alias; a ValueError names all there are."""
    known = PLATFORMS.get(resolve_alias(name)) if isinstance(name, str) else None
    if known is None:
        raise ValueError(f"{str(name)[:40]!r} is no platform. There are: {', '.join(PLATFORMS)}.")
    return known


def find_platforms(names: str | Iterable[str]) -> list[Platform]:
    """Return the platforms a caller named, each once in the order of the names; `"all"` is every one there is."""
    asked = as_names(names)
    return (
        list(PLATFORMS.values())
        if asked == [ALL_PLATFORMS]
        else list(dict.fromkeys(find_platform(name) for name in asked))
    )


def in_registry_order(platforms: Iterable[Platform]) -> list[Platform]:
    """Return platforms in the order used everywhere, each once."""
    here = set(platforms)
    return [platform for platform in PLATFORMS.values() if platform in here]


def as_names(names: str | Iterable[str], what: str = "platform") -> list[str]:
    """Return the names a caller gave, one or several."""
    if isinstance(names, str):
        return [names]
    if isinstance(names, bytes) or not isinstance(names, Iterable):
        raise ValueError(f"A {what} is named by a text, several by a list of them, not by {type(names).__name__}.")  # noqa: TRY004
    return list(names)
