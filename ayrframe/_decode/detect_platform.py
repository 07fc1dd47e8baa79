"""Which platform a post is of, when nobody said: its platform_host `platform` field, else the host of its address."""

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


def detect_platforms(responses: Sequence[Sequence[Raw]], source: str) -> list[list[Platform]]:
    """Return the platform of each item of each response in one file.

    Items that tell nothing take the platform of the others, if there is just one; else a ResponseError names them.
    """
    detected = [[_detect_platform(*hints) for hints in _read_hints(items)] for items in responses]
    known = {platform.name: platform for response in detected for platform in response if platform}
    unknown = [
        position
        for position, platform in enumerate(platform for response in detected for platform in response)
        if not platform
    ]
    if unknown and len(known) != 1:
        others = f"the others are of {', '.join(known)}" if known else "no other post tells"
        raise ResponseError(
            f"Cannot tell the platform of {len(unknown)} post(s) in {source}, the first being post number {unknown[0]} "
            f"(from 0): it has no known `platform` and no address of a known host, and {others}. Pass platform=."
        )
    (single, *_) = known.values() or (None,)
    return [[platform or single for platform in response] for response in detected]  # type: ignore[misc]


def _read_hints(items: Sequence[Raw]) -> list[tuple[str | None, ...]]:
    arrays, _ = _hint_decoder().decode_items(items)
    return list(zip(*(array.to_pylist() for array in arrays), strict=True))


def _hint_decoder() -> RecordDecoder:
    return _compile_hint_decoder(tuple(PLATFORMS.values()))


@cache
def _compile_hint_decoder(platforms: tuple[Platform, ...]) -> RecordDecoder:
    addresses = {POST_URL.path: None} | {
        column.path: None for platform in platforms for column in platform.columns if column.fills == POST_URL.name
    }
    return RecordDecoder([FieldSpec(path, path, Kind.TEXT) for path in (PLATFORM.name, *addresses)])


def _detect_platform(name: str | None, *addresses: str | None) -> Platform | None:
    platform = PLATFORMS.get(resolve_alias(name)) if name else None
    return platform or next((found for address in addresses if address and (found := _platform_of_host(address))), None)


def _platform_of_host(address: str) -> Platform | None:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return None
    for platform in PLATFORMS.values():
        if any(host == platform_host or host.endswith(f".{platform_host}") for platform_host in platform.hosts):
            return platform
    return None
