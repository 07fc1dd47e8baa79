"""Which platform a post is of, when nobody said: its own `platform` field, else the host of its address."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from msgspec import Raw

from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.records import FieldSpec
from ayrframe._platforms import PLATFORMS, resolve_alias
from ayrframe._platforms.columns import PLATFORM, POST_URL
from ayrframe._platforms.spec import Kind, Platform
from ayrframe.errors import ResponseError


def detect_platforms(replies: Sequence[Sequence[Raw]], source: str) -> list[list[Platform]]:
    """Return the platform of each item of each reply in one file.

    Items that tell nothing take the platform of the others, if there is just one; else a ResponseError names them.
    """
    told = [[_told(*hints) for hints in _hints(items)] for items in replies]
    known = {platform.name: platform for reply in told for platform in reply if platform}
    silent = [place for place, platform in enumerate(platform for reply in told for platform in reply) if not platform]
    if silent and len(known) != 1:
        others = f"the others are of {', '.join(known)}" if known else "no other post tells"
        raise ResponseError(
            f"Cannot tell the platform of {len(silent)} post(s) in {source}, the first being post number {silent[0]} "
            f"(from 0): it has no known `platform` and no address of a known host, and {others}. Pass platform=."
        )
    (single, *_) = known.values() or (None,)
    return [[platform or single for platform in reply] for reply in told]  # type: ignore[misc]


def _hints(items: Sequence[Raw]) -> list[tuple[str | None, ...]]:
    arrays, _ = _form().read(items)
    return list(zip(*(array.to_pylist() for array in arrays), strict=True))


def _form() -> RecordDecoder:
    return _compiled(tuple(PLATFORMS.values()))


@cache
def _compiled(platforms: tuple[Platform, ...]) -> RecordDecoder:
    addresses = {POST_URL.path: None} | {
        column.path: None for platform in platforms for column in platform.columns if column.fills == POST_URL.name
    }
    return RecordDecoder([FieldSpec(path, path, Kind.TEXT) for path in (PLATFORM.name, *addresses)])


def _told(name: str | None, *addresses: str | None) -> Platform | None:
    platform = PLATFORMS.get(resolve_alias(name)) if name else None
    return platform or next((found for address in addresses if address and (found := _of_host(address))), None)


def _of_host(address: str) -> Platform | None:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return None
    for platform in PLATFORMS.values():
        if any(host == own or host.endswith(f".{own}") for own in platform.hosts):
            return platform
    return None
