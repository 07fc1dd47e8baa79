"""Decode posts of one platform to an Arrow table with all columns of the platform, one row per post."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate, chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Raw

from ayrframe._decode.arrays import ARROW_TYPES, UTC_TIME
from ayrframe._decode.batches import JSONArray, UnparsedArray, iter_batches
from ayrframe._decode.decoder import RecordDecoder
from ayrframe._decode.envelope import peek_envelope
from ayrframe._decode.json import JSON_ERRORS, object_decoder
from ayrframe._decode.records import FieldSpec
from ayrframe._decode.values import INVALID, convert, parse_time
from ayrframe._platforms.columns import (
    ANALYTICS_AS_OF,
    ANALYTICS_ERROR,
    CREATED,
    LAST_UPDATED,
    LISTED_FROM,
    PLATFORM,
    columns_of,
    sent_by,
)
from ayrframe._platforms.spec import Column, Endpoint, Kind, Platform

_START_OF_HISTORY = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_UPDATED = LAST_UPDATED.path.encode()


def decode_posts(
    items: Sequence[Raw], platform: Platform, *, profile: str, read_at: datetime, last_updated: datetime | None = None
) -> pa.Table:
    """Decode the posts of a platform.

    `read_at` is when they were received, and `last_updated` when Ayrshare read them, if the envelope says so. Posts
    without a `lastUpdated` of their own have the latter as `as_of`, else the former.
    """
    return _decode_batches(iter_batches(items), platform, profile, read_at, last_updated)


def decode_unparsed(
    posts: UnparsedArray, platform: Platform, *, profile: str, read_at: datetime, last_updated: datetime | None = None
) -> pa.Table | None:
    """Decode an unparsed list as `decode_posts` does; None if it has to be parsed item by item instead."""
    try:
        return _decode_batches(posts.iter_batches(), platform, profile, read_at, last_updated)
    except JSON_ERRORS:
        return None


def decode_body(body: bytes, source: str, platform: Platform, *, profile: str, read_at: datetime) -> pa.Table | None:
    """Decode the posts of a body that is one envelope without warnings; None if it has to be parsed in the normal way.

    `source` names the body in errors.
    """
    peeked = peek_envelope(body, source)
    if peeked is None:
        return None
    envelope, posts = peeked
    return decode_unparsed(posts, platform, profile=profile, read_at=read_at, last_updated=envelope.last_updated)


def oldest_created(table: pa.Table) -> datetime | None:
    """Return when the oldest post was published, None if no post has a time."""
    oldest: datetime | None = pc.min(table.column(CREATED.name)).as_py()
    return oldest


def listed_from(oldest: datetime | None, since: datetime | None, *, reached_end: bool) -> datetime | None:
    """Return the time from which on all posts are listed, for a load back to `since` whose oldest post is known."""
    if reached_end:
        return since or _START_OF_HISTORY
    return since if since is not None and oldest is not None and oldest < since else oldest


def set_listed_from(table: pa.Table, times: pa.Array | datetime | None) -> pa.Table:
    """Return the posts with a time, or one of each row, from which on all posts of the account are listed."""
    if not isinstance(times, (pa.Array, pa.ChunkedArray)):
        times = pa.repeat(pa.scalar(times, UTC_TIME), len(table))
    return table.set_column(table.schema.get_field_index(LISTED_FROM.name), LISTED_FROM.name, times)


def list_from_oldest(table: pa.Table, platforms: Iterable[Platform]) -> pa.Table:
    """Return the posts of a file, with the time of the oldest one of each platform as `listed_from`."""
    starts = pa.nulls(len(table), UTC_TIME)
    for platform in platforms:
        is_platform = pc.equal(table.column(PLATFORM.name), platform.name)
        starts = pc.if_else(is_platform, oldest_created(table.filter(is_platform)), starts)
    return set_listed_from(table, starts)


@cache
def post_decoder(platform: Platform, endpoint: Endpoint | None = None) -> RecordDecoder:
    """Return the decoder of the posts of a platform, or of the fields that one endpoint sends."""
    fields = [FieldSpec(column.name, column.path, column.kind) for column in sent_by(platform, endpoint)]
    return RecordDecoder(fields, closed=True)


def _decode_batch(batch: JSONArray, platform: Platform) -> tuple[dict[str, pa.Array], Sequence[bytes | None]]:
    """Return an array per column that the posts may have, and the unmatched JSON of each post."""
    # A page of the history without fields of post analytics: to read these as well takes 1.4 x the time on YouTube.
    history = post_decoder(platform, Endpoint.HISTORY)
    arrays, unmatched = history.decode_array(batch)
    decoded, pattern = _by_name(history, arrays), _analytics_key_pattern(platform)
    rows = [row for row, text in enumerate(unmatched) if text and pattern.search(text)]
    if not rows:
        return decoded, unmatched
    decoder = post_decoder(platform)
    if len(rows) > len(unmatched) // 2:
        arrays, unmatched = decoder.decode_array(batch)
        return _by_name(decoder, arrays), unmatched
    arrays, texts = decoder.decode_items([batch.items[row] for row in rows])
    is_decoded = np.zeros(len(unmatched), dtype=bool)
    is_decoded[rows] = True
    for row, text in zip(rows, texts, strict=True):
        unmatched[row] = text
    for name, array in _by_name(decoder, arrays).items():
        others = decoded.get(name, pa.nulls(len(unmatched), array.type))
        decoded[name] = pc.replace_with_mask(others, is_decoded, array)
    return decoded, unmatched


@cache
def _analytics_key_pattern(platform: Platform) -> re.Pattern[bytes]:
    """Return a pattern for the JSON keys that begin the declared paths which only post analytics has."""
    paths = [column.path for column in sent_by(platform, Endpoint.HISTORY)]
    history = {parts for path in paths for parts in accumulate(path.split("."), "{}.{}".format)}
    keys: set[str] = set()
    for column in sent_by(platform):
        new = [path for path in accumulate(column.path.split("."), "{}.{}".format) if path not in history]
        keys.update(path.rpartition(".")[2] for path in new[:1])
    names = b"|".join(re.escape(key.encode()) for key in sorted(keys))
    return re.compile(b'"(?:%b)"' % names if names else rb"(?!)")


def _by_name(decoder: RecordDecoder, arrays: Sequence[pa.Array]) -> dict[str, pa.Array]:
    return {field.name: array for field, array in zip(decoder.fields, arrays, strict=True)}


def _post_last_updated(unmatched: bytes) -> datetime | None:
    """Return the `lastUpdated` of a post on a platform without a column for it, from its unmatched fields."""
    if unmatched[:1] != b"{" or _LAST_UPDATED not in unmatched:
        return None
    raw = object_decoder.decode(unmatched).get(LAST_UPDATED.path)
    value = INVALID if raw is None else convert(Kind.TIME, raw)
    return parse_time(value) if isinstance(value, str) else None


def _decode_batches(
    batches: Iterable[JSONArray], platform: Platform, profile: str, read_at: datetime, last_updated: datetime | None
) -> pa.Table:
    decoded, unmatched_parts = zip(*(_decode_batch(batch, platform) for batch in batches), strict=True)
    unmatched = list(chain.from_iterable(unmatched_parts))
    arrays = {column.name: _join_chunks(column, decoded, unmatched_parts) for column in sent_by(platform)}
    for name, value in (("platform", platform.name), ("profile", profile)):
        arrays[name] = pa.repeat(pa.scalar(value, pa.large_string()), len(unmatched))
    arrays |= _unmatched_columns(unmatched)
    for column in platform.columns:
        if column.fills:
            arrays[column.fills] = pc.coalesce(arrays[column.fills], arrays[column.name])
    arrays["as_of"] = pc.coalesce(arrays["as_of"], pa.scalar(last_updated or read_at, UTC_TIME))
    arrays["read_at"] = pa.repeat(pa.scalar(read_at, UTC_TIME), len(unmatched))
    arrays["listed_from"] = pa.repeat(pc.min(arrays["created"]), len(unmatched))
    for column in (ANALYTICS_AS_OF, ANALYTICS_ERROR):
        arrays[column.name] = pa.nulls(len(unmatched), ARROW_TYPES[column.kind])
    return pa.table({column.name: arrays[column.name] for column in columns_of(platform)})


def _join_chunks(
    column: Column, batches: Sequence[Mapping[str, pa.Array]], unmatched: Sequence[Sequence[object]]
) -> pa.ChunkedArray:
    """Return a column of all batches; null in batches that do not have it."""
    kind, name = ARROW_TYPES[column.kind], column.name
    if not any(name in batch for batch in batches):
        return pa.chunked_array([pa.nulls(sum(map(len, unmatched)), kind)])
    chunks = [
        batch[name] if name in batch else pa.nulls(len(part), kind)
        for batch, part in zip(batches, unmatched, strict=True)
    ]
    return pa.chunked_array(chunks, kind)


def _unmatched_columns(unmatched: Sequence[bytes | None]) -> dict[str, pa.Array]:
    """Return `extra`, the unmatched JSON of each post, and the `as_of` found in it."""
    if not any(unmatched):
        return {"as_of": pa.nulls(len(unmatched), UTC_TIME), "extra": pa.nulls(len(unmatched), pa.large_string())}
    return {
        "as_of": pa.array([text and _post_last_updated(text) for text in unmatched], UTC_TIME),
        "extra": pa.array(unmatched, pa.large_binary()).cast(pa.large_string()),
    }
