"""Detect the platform of a post from its `platform` field, or else from the host of its URL."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from urllib.parse import urlsplit

import pyarrow as pa
from msgspec import Raw

from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.records import FieldSpec
from ayrframe._platforms import PLATFORMS, resolve_alias
from ayrframe._platforms.columns import PLATFORM, POST_URL
from ayrframe._platforms.spec import Kind, Platform
from ayrframe.errors import ResponseError


def detect_platforms(responses: Sequence[Sequence[Raw]], source: str) -> list[list[Platform]]:
    """Return the platform of each post of each response in one file.

    Posts without a hint are assigned the platform of the others. If the others are of several platforms, or no post has
    a hint, a ResponseError is raised.
    """
    decoder = _hint_decoder(tuple(PLATFORMS.values()))
    decoded = (decoder.decode_items(items)[0] for items in responses)
    detected = [
        [_detect_platform(*hints) for hints in zip(*map(pa.Array.to_pylist, arrays), strict=True)] for arrays in decoded
    ]
    known = {platform.name: platform for response in detected for platform in response if platform}
    unknown = [position for position, platform in enumerate(chain.from_iterable(detected)) if not platform]
    if unknown and len(known) != 1:
        others = f"; other posts are from {', '.join(known)}" if known else ""
        raise ResponseError(
            f"Cannot detect the platform of {len(unknown)} post(s) in {source}, first post {unknown[0]} (from 0): "
            f"expected a known `platform` or a URL of a known host, found neither{others}. Pass `platform`."
        )
    (single, *_) = known.values() or (None,)
    return [[platform or single for platform in response] for response in detected]  # type: ignore[misc]


@cache
def _hint_decoder(platforms: tuple[Platform, ...]) -> RecordDecoder:
    urls = {POST_URL.path: None} | {
        column.path: None for platform in platforms for column in platform.columns if column.fills == POST_URL.name
    }
    return RecordDecoder([FieldSpec(path, path, Kind.TEXT) for path in (PLATFORM.name, *urls)])


def _detect_platform(name: str | None, *urls: str | None) -> Platform | None:
    platform = PLATFORMS.get(resolve_alias(name)) if name else None
    return platform or next((found for url in urls if url and (found := _platform_of_url(url))), None)


def _platform_of_url(url: str) -> Platform | None:
    try:
        return platform_of_host(urlsplit(url).hostname or "")
    except ValueError:
        return None


def platform_of_host(host: str) -> Platform | None:
    """Return the platform to which a host in lower case belongs, subdomains included."""
    for platform in PLATFORMS.values():
        if any(host == known or host.endswith(f".{known}") for known in platform.hosts):
            return platform
    return None
