"""Add saved responses to an archive, as pages that belong to no load."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from ayrframe._archive.page_file import POST_ANALYTICS, ArchivedRequest, PageHeader, format_timestamp, make_request
from ayrframe._archive.page_store import PageStore
from ayrframe._decode.analytics import parse_analytics
from ayrframe._decode.detect_platform import detect_platforms
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._frame.read import decode_source, parse_origin
from ayrframe._frame.sources import JSONSources, SourceBody, iter_readers
from ayrframe._frame.times import TimeLike
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError

_PARAMETERS = {"saved": True}  # No load has this parameter, so these pages are never the answer to a load.
_HASH_CHARACTERS = 16


def add_pages(store: PageStore, source: JSONSources, platform: str | None, profile: str, as_of: TimeLike | None) -> int:
    """Store saved responses, and return the number of pages."""
    requested, time = parse_origin(platform, profile, as_of)
    count = 0
    for read in iter_readers(source):
        body = read()
        received_at = (time or body.modified or datetime.now(UTC)).astimezone(UTC)
        is_analytics = parse_analytics(body.content, body.name) is not None
        parameters = _PARAMETERS | ({"endpoint": POST_ANALYTICS} if is_analytics else {})
        for page_platform, content in _split_by_platform(body, requested, is_analytics=is_analytics):
            request = make_request(page_platform.name, profile=profile, parameters=parameters)
            store.add(_page_header(request, content, received_at), content)
            count += 1
    return count


def _split_by_platform(
    body: SourceBody, requested: Platform | None, *, is_analytics: bool
) -> Iterator[tuple[Platform, bytes]]:
    """Yield a body unchanged if its posts are of one platform, else its posts platform by platform.

    Analytics are unchanged on each of their platforms.
    """
    platforms = list(decode_source(body, requested, "", datetime.now(UTC)).platforms)
    if not platforms:
        raise ResponseError(f"Cannot detect the platform of {body.name}: it has no posts. Pass `platform`.")
    if len(platforms) == 1 or is_analytics:
        yield from ((platform, body.content) for platform in platforms)
        return
    envelopes = parse_envelopes(body.content, body.name)
    for envelope, found in zip(envelopes, detect_platforms([e.items for e in envelopes], body.name), strict=True):
        for platform in dict.fromkeys(found):
            items = [
                item for item, item_platform in zip(envelope.items, found, strict=True) if item_platform is platform
            ]
            yield platform, msgspec.json.encode({**envelope.fields, "posts": items})


def _page_header(request: ArchivedRequest, content: bytes, received_at: datetime) -> PageHeader:
    """Return a header that depends on content and time only, so that adding a file twice gives one page."""
    return PageHeader(
        request=request,
        load=format_timestamp(received_at) + hashlib.sha256(content).hexdigest()[:_HASH_CHARACTERS],
        number=1,
        target_index=0,
        is_last=False,  # A saved response does not say that the history was read to its end.
        cursor=None,
        status=200,
        has_warnings=False,
        received_at=received_at,
        last_updated=None,
        next_update=None,
    )
