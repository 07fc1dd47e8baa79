"""Decode responses of `POST /analytics/post`: the analytics of single posts, of threads, and of batches of posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Raw

from ayrframe._decode.arrays import UTC_TIME
from ayrframe._decode.envelope import POST_ANALYTICS, describe_error, error_code, other_endpoint
from ayrframe._decode.json import JSON_ERRORS, check_body, decode_json, list_decoder, object_decoder, repair_json
from ayrframe._decode.posts import decode_posts, set_listed_from
from ayrframe._decode.values import parse_time
from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import (
    ANALYTICS_AS_OF,
    ANALYTICS_ERROR,
    AS_OF,
    ID,
    LAST_UPDATED,
    NEXT_UPDATE,
    POST_URL,
    sent_by,
)
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError, quote

NO_ANALYTICS = "absent"  # Reason without an error code.
_ANALYTICS, _ITEM_ID = "analytics", "itemId"
_MISSING_IDS = (b"null", b'""')
# Fields of a response beside the blocks of the platforms.
_RESPONSE_FIELDS = frozenset(
    {"id", "status", "errors", "code", "message", "action", "lastUpdated", "nextUpdate", "warning", "warnings", "refId"}
)


class AnalyticsBlock(NamedTuple):
    """Analytics of one post: its fields in the layout of a post of the history, and when Ayrshare read them.

    `is_empty` is whether the analytics have no field, although the response has the post.
    """

    platform: Platform
    item: Raw
    last_updated: datetime | None
    is_empty: bool = False


class AnalyticsError(NamedTuple):
    """What Ayrshare says about analytics that are missing: of a platform, or of one post with an id."""

    platform: str | None
    id: str | None
    code: int | None
    message: str


@dataclass(slots=True)
class AnalyticsResponse:
    """The blocks of a response, its errors, the names of unknown platforms, and when newer numbers are expected."""

    blocks: list[AnalyticsBlock] = field(default_factory=list)
    errors: list[AnalyticsError] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    next_update: datetime | None = None
    warnings: list[str] = field(default_factory=list)


def parse_analytics(body: bytes, source: str) -> AnalyticsResponse | None:
    """Return the content of a response, or of one per line; None if it is not of this endpoint.

    Raise a ResponseError if it has no block of a known platform. `source` names the body in errors.
    """
    if b'"analytics"' not in body:
        return None
    responses = parse_objects(body, source)
    if not responses or any(other_endpoint(fields) != POST_ANALYTICS for fields in responses):
        return None
    result = read_responses(responses)
    if not result.blocks:
        reasons = (error.message or f"error {error.code}" for error in result.errors if error.message or error.code)
        found = ", ".join(result.unknown) or "; ".join(reasons) or "none"
        raise ResponseError(f"Cannot read {source}: expected post analytics of a platform, found {quote(found)}.")
    return result


def decode_analytics(
    blocks: Iterable[AnalyticsBlock], platform: Platform, *, profile: str, read_at: datetime
) -> pa.Table:
    """Decode the blocks of a platform to a table with the columns of its posts, one row per block.

    `read_at` is the `as_of` of blocks that do not say when Ayrshare read them. Rows of empty analytics have no
    `analytics_as_of`.
    """
    blocks = list(blocks)
    table = decode_posts([block.item for block in blocks], platform, profile=profile, read_at=read_at)
    times = pa.array([block.last_updated or read_at for block in blocks], UTC_TIME)
    own = table.column(LAST_UPDATED.name) if LAST_UPDATED.name in table.column_names else pa.nulls(len(table), UTC_TIME)
    as_of = pc.coalesce(own, times)
    is_read = pa.array([not block.is_empty for block in blocks], pa.bool_())
    columns = {
        AS_OF: as_of,
        ANALYTICS_AS_OF: pc.if_else(is_read, as_of, None),
        ANALYTICS_ERROR: pc.if_else(is_read, None, pa.scalar(NO_ANALYTICS, pa.large_string())),
    }
    for column, values in columns.items():
        table = table.set_column(table.schema.get_field_index(column.name), column.name, values)
    return set_listed_from(table, None)  # These are single posts, not a list of all.


def parse_objects(body: bytes, source: str) -> list[dict[str, Raw]] | None:
    """Return the undecoded fields of the object that a body is, or of one per line; None for other bodies."""
    body = check_body(body, source)
    return _parse_objects(body) or _parse_objects(repair_json(body)[0])


def _parse_objects(body: bytes) -> list[dict[str, Raw]] | None:
    try:
        return [object_decoder.decode(body)]
    except JSON_ERRORS:
        pass
    try:
        return [object_decoder.decode(line) for line in body.splitlines() if line.strip()]
    except JSON_ERRORS:
        return None


def read_responses(responses: Iterable[Mapping[str, Raw]]) -> AnalyticsResponse:
    """Return the blocks, errors and warnings of responses, whose fields are not decoded yet."""
    result = AnalyticsResponse()
    for fields in responses:
        _read_response(fields, result)
    return result


def _read_response(fields: Mapping[str, Raw], result: AnalyticsResponse) -> None:
    status = {name: decode_json(raw) for name, raw in fields.items() if name in _RESPONSE_FIELDS}
    result.errors += _iter_errors(status)
    updates = [status.get("nextUpdate")]
    failures = []
    for name, raw in fields.items():
        if name in _RESPONSE_FIELDS:
            continue
        platform = PLATFORMS.get(name)
        for block in _iter_blocks(raw):
            if platform is None:
                result.unknown[name] += 1
            elif _ANALYTICS in block and not _is_failure(block):
                result.blocks.append(_read_block(platform, block))
                updates.append(_decode_field(block, NEXT_UPDATE.path))
            else:
                failures.append({key: decode_json(value) for key, value in block.items()} | {"platform": name})
    result.errors += map(_make_error, failures)
    problems = [describe_error(fields) for fields in (status, *failures[:1])]
    result.warnings += [f"Ayrshare reported an error with post analytics: {text}." for text in problems if text]
    times = [parse_time(text) for text in updates if isinstance(text, str)]
    known = [time for time in (*times, result.next_update) if time is not None]
    result.next_update = min(known, default=None)


def _iter_blocks(raw: Raw) -> Iterator[dict[str, Raw]]:
    """Yield the blocks of a platform: one per post. A list of media without analytics of their own is one block."""
    if bytes(memoryview(raw)[:1]) == b"{":
        yield object_decoder.decode(raw)
    elif bytes(memoryview(raw)[:1]) == b"[":
        elements = [object_decoder.decode(item) for item in list_decoder.decode(raw) if bytes(item)[:1] == b"{"]
        if elements and not any({_ANALYTICS, "status", "code", "id"} & element.keys() for element in elements):
            yield {_ANALYTICS: raw}
        else:
            yield from elements


def _read_block(platform: Platform, block: Mapping[str, Raw]) -> AnalyticsBlock:
    raw = block[_ANALYTICS]
    if bytes(memoryview(raw)[:1]) == b"[" and len(media := list_decoder.decode(raw)) == 1:
        raw = media[0]
    is_object = bytes(memoryview(raw)[:1]) == b"{"
    analytics = object_decoder.decode(raw) if is_object else {}
    ids = (block.get(ID.path), analytics.get(ID.path), analytics.get(_ITEM_ID))
    post_id = next((value for value in ids if value is not None and bytes(value) not in _MISSING_IDS), None)
    item = dict(analytics) if is_object or bytes(raw) == b"null" else {_ANALYTICS: raw}
    metadata = _undeclared_times(platform)
    for key, value in block.items():
        if key in (_ANALYTICS, ID.path) or key in metadata:
            continue
        if key in analytics and bytes(analytics[key]) != bytes(value):
            item[key] = analytics[key]
        elif key != POST_URL.path or key not in item:
            item[key] = value
    if post_id is not None:
        item[ID.path] = post_id
    last_updated = _decode_field(block, LAST_UPDATED.path)
    time = parse_time(last_updated) if isinstance(last_updated, str) else None
    return AnalyticsBlock(platform, Raw(msgspec.json.encode(item)), time, is_empty=_is_empty(raw))


def _is_empty(analytics: Raw) -> bool:
    return bytes(analytics) in (b"null", b"[]") or (
        bytes(memoryview(analytics)[:1]) == b"{" and not object_decoder.decode(analytics)
    )


def _is_failure(block: Mapping[str, Raw]) -> bool:
    """Return whether a block with empty analytics says why they are missing."""
    return _is_empty(block[_ANALYTICS]) and ("code" in block or bytes(block.get("status", b"")) == b'"error"')


@cache
def _undeclared_times(platform: Platform) -> frozenset[str]:
    """Return the fields with times of reading that are not columns of a platform."""
    return frozenset({LAST_UPDATED.path, NEXT_UPDATE.path}) - {column.path for column in sent_by(platform)}


def _decode_field(block: Mapping[str, Raw], name: str) -> Any:
    return decode_json(block[name]) if name in block else None


def _iter_errors(status: Mapping[str, Any]) -> Iterator[AnalyticsError]:
    """Yield the errors of a response: those of platforms and posts, else that of the response itself."""
    listed = status.get("errors")
    errors = [error for error in listed if isinstance(error, dict)] if isinstance(listed, list) else []
    if not errors and status.get("status") == "error":
        errors = [dict(status)]
    yield from map(_make_error, errors)


def _make_error(error: Mapping[str, Any]) -> AnalyticsError:
    platform, post_id, message = (error.get(name) for name in ("platform", "id", "message"))
    return AnalyticsError(
        platform if isinstance(platform, str) else None,
        str(post_id) if isinstance(post_id, (str, int)) and not isinstance(post_id, bool) else None,
        error_code(dict(error)),
        message if isinstance(message, str) else "",
    )
