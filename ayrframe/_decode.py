"""Items of `posts` → one Arrow table with the columns of their platform, in the contract's order, a row for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Raw

from ayrframe._arrays import ARROW, UTC_TIME
from ayrframe._fields import MISFIT, fit, instant
from ayrframe._form import Form, Leaf
from ayrframe._json import NOT_JSON, raw_fields
from ayrframe._lots import Listed, Unread, lots_of
from ayrframe.columns import HEAD, LAST_UPDATED, SENT, TAIL
from ayrframe.spec import Column, Kind, Platform

_LAST_UPDATED = LAST_UPDATED.path.encode()


def columns_of(platform: Platform) -> tuple[Column, ...]:
    """Return every column of a platform's posts frame, in order."""
    return (*HEAD, *platform.columns, *TAIL)


def sent_by(platform: Platform) -> tuple[Column, ...]:
    """Return the columns that the API itself sends."""
    return (*SENT, *platform.columns)


def decode(items: Sequence[Raw], platform: Platform, *, profile: str, as_of: datetime) -> pa.Table:
    """Return the posts as a table. `as_of` is the moment of those that do not tell their own."""
    return _in_lots(lots_of(items), platform, profile, as_of)


def decode_unread(posts: Unread, platform: Platform, *, profile: str, as_of: datetime) -> pa.Table | None:
    """Return the same for a list that nobody has read, or None if it has to be read item by item after all."""
    try:
        return _in_lots(posts.lots(), platform, profile, as_of)
    except NOT_JSON:
        return None


def no_posts(platform: Platform) -> pa.Table:
    """Return the table of an empty history."""
    return pa.schema([(column.name, ARROW[column.kind]) for column in columns_of(platform)]).empty_table()


@cache
def form_of(platform: Platform) -> Form:
    """Return the compiled doors of a platform."""
    return Form([Leaf(column.name, column.path, column.kind) for column in sent_by(platform)], closed=True)


def _own_moment(left: bytes) -> datetime | None:
    """Return when a post says it was last read, on a platform that has no column for it."""
    raw = raw_fields.decode(left).get(LAST_UPDATED.path) if left[:1] == b"{" and _LAST_UPDATED in left else None
    value = MISFIT if raw is None else fit(Kind.TIME, raw)
    return instant(value) if isinstance(value, str) else None


def _in_lots(lots: Iterable[Listed], platform: Platform, profile: str, as_of: datetime) -> pa.Table:
    return pa.concat_tables(_lot(lot, platform, profile, as_of) for lot in lots)


def _lot(lot: Listed, platform: Platform, profile: str, as_of: datetime) -> pa.Table:
    arrays, left = form_of(platform).read_list(lot)
    count = len(left)
    filled = {column.name: values for column, values in zip(sent_by(platform), arrays, strict=True)}
    filled["platform"] = pa.repeat(pa.scalar(platform.name, pa.large_string()), count)
    filled["profile"] = pa.repeat(pa.scalar(profile, pa.large_string()), count)
    filled["as_of"] = pa.nulls(count, UTC_TIME)
    filled["extra"] = pa.nulls(count, pa.large_string())
    if any(left):
        filled["as_of"] = pa.array([text and _own_moment(text) for text in left], UTC_TIME)
        filled["extra"] = pa.array(left, pa.large_binary()).cast(pa.large_string())
    for column in platform.columns:
        if column.stands_for:
            filled[column.stands_for] = pc.coalesce(filled[column.stands_for], filled[column.name])
    filled["as_of"] = pc.coalesce(filled["as_of"], pa.scalar(as_of, UTC_TIME))
    columns = columns_of(platform)
    fields = [pa.field(column.name, ARROW[column.kind]) for column in columns]
    return pa.Table.from_arrays([filled[column.name] for column in columns], schema=pa.schema(fields))
