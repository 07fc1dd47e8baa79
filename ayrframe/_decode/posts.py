"""Items of `posts` → one Arrow table with the columns of their platform, in the contract's order, a row for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import chain

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
from ayrframe._platforms.columns import LAST_UPDATED, columns_of, sent_by
from ayrframe._platforms.spec import Kind, Platform

_LAST_UPDATED = LAST_UPDATED.path.encode()


def decode_posts(items: Sequence[Raw], platform: Platform, *, profile: str, as_of: datetime) -> pa.Table:
    """Return the posts as a table. `as_of` is the moment of those that do not tell their own."""
    return _in_lots(iter_batches(items), platform, profile, as_of)


def decode_unparsed(posts: UnparsedArray, platform: Platform, *, profile: str, as_of: datetime) -> pa.Table | None:
    """Return the same for a list that nobody has read, or None if it has to be read item by item after all."""
    try:
        return _in_lots(posts.lots(), platform, profile, as_of)
    except JSON_ERRORS:
        return None


def decode_body(body: bytes, source: str, platform: Platform, *, profile: str, as_of: datetime) -> pa.Table | None:
    """Return all posts of a body, if it is one reply of which there is nothing to tell; None if it has to be read.

    `as_of` is the moment of a reply that does not tell its own, and `source` names the body in errors.
    """
    glimpsed = peek_envelope(body, source)
    if glimpsed is None:
        return None
    reply, posts = glimpsed
    return decode_unparsed(posts, platform, profile=profile, as_of=reply.last_updated or as_of)


@cache
def post_decoder(platform: Platform) -> RecordDecoder:
    """Return the compiled doors of a platform."""
    fields = [FieldSpec(column.name, column.path, column.kind) for column in sent_by(platform)]
    return RecordDecoder(fields, closed=True)


@cache
def _schema_of(platform: Platform) -> pa.Schema:
    return pa.schema([(column.name, ARROW_TYPES[column.kind]) for column in columns_of(platform)])


def _own_moment(left: bytes) -> datetime | None:
    """Return when a post says it was last read, on a platform that has no column for it."""
    raw = object_decoder.decode(left).get(LAST_UPDATED.path) if left[:1] == b"{" and _LAST_UPDATED in left else None
    value = INVALID if raw is None else convert(Kind.TIME, raw)
    return parse_time(value) if isinstance(value, str) else None


def _in_lots(lots: Iterable[JSONArray], platform: Platform, profile: str, as_of: datetime) -> pa.Table:
    read, leftovers = zip(*map(post_decoder(platform).read_list, lots), strict=True)
    left = list(chain.from_iterable(leftovers))
    sent = zip(sent_by(platform), zip(*read, strict=True), strict=True)
    filled = {column.name: pa.chunked_array(parts, ARROW_TYPES[column.kind]) for column, parts in sent}
    filled |= _beside(left, platform, profile)
    for column in platform.columns:
        if column.fills:
            filled[column.fills] = pc.coalesce(filled[column.fills], filled[column.name])
    filled["as_of"] = pc.coalesce(filled["as_of"], pa.scalar(as_of, UTC_TIME))
    schema = _schema_of(platform)
    return pa.Table.from_arrays([filled[name] for name in schema.names], schema=schema)


def _beside(left: Sequence[bytes | None], platform: Platform, profile: str) -> dict[str, pa.Array]:
    """Return the columns that no post sends as such; `left` is what did not fit the others."""
    count = len(left)
    return {
        "platform": pa.repeat(pa.scalar(platform.name, pa.large_string()), count),
        "profile": pa.repeat(pa.scalar(profile, pa.large_string()), count),
        **_told_by(left),
    }


def _told_by(left: Sequence[bytes | None]) -> dict[str, pa.Array]:
    """Return what stands in the leftovers: the moment that a post itself tells, and all of it as `extra`."""
    if not any(left):
        return {"as_of": pa.nulls(len(left), UTC_TIME), "extra": pa.nulls(len(left), pa.large_string())}
    return {
        "as_of": pa.array([text and _own_moment(text) for text in left], UTC_TIME),
        "extra": pa.array(left, pa.large_binary()).cast(pa.large_string()),
    }
