"""Decode responses of `POST /analytics/social`: the account analytics of one platform and profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Raw

from ayrframe._decode.arrays import ARROW_TYPES, UTC_TIME
from ayrframe._decode.json import (
    JSON_ERRORS,
    check_body,
    decode_json,
    is_json,
    json_error,
    list_decoder,
    object_decoder,
    repair_json,
)
from ayrframe._decode.posts import post_decoder
from ayrframe._decode.values import parse_time
from ayrframe._platforms.columns import columns_of
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError

_ANALYTICS = "analytics"
# Fields of a block that describe the response, not the account.
_BLOCK_FIELDS = frozenset(
    {_ANALYTICS, "lastUpdated", "nextUpdate", "warning", "warnings", "errors", "action", "status", "code", "message"}
)


@dataclass(frozen=True, slots=True)
class AccountBlock:
    """The account of a platform in a response: its fields, the times of the block, and warnings with their codes.

    `item` is None if the response has no analytics of the platform; then `error` is what Ayrshare says about it, empty
    if it says nothing.
    """

    item: Raw | None
    error: Mapping[str, Any]
    last_updated: datetime | None = None
    next_update: str | None = None
    messages: tuple[tuple[str, str], ...] = ()


def parse_account(body: bytes, platform: Platform, source: str) -> AccountBlock:
    """Return the block of a platform; raise a ResponseError if the body is not a JSON object.

    `source` names the body in errors.
    """
    fields = _decode_object(check_body(body, source), source)
    block, item = _read_account_block(fields.get(platform.name))
    if item is None:
        return AccountBlock(None, _find_error(fields, block, platform))
    metadata, outer = _metadata(block), _own_metadata(fields, platform)
    last_updated, next_update = metadata.get("lastUpdated"), metadata.get("nextUpdate")
    return AccountBlock(
        item,
        {},
        parse_time(last_updated) if isinstance(last_updated, str) else None,
        next_update if isinstance(next_update, str) else None,
        tuple(dict.fromkeys((*_messages(metadata), *_messages(outer)))),
    )


def decode_account(item: Raw, platform: Platform, *, profile: str, as_of: datetime) -> pa.Table:
    """Decode the fields of an account to a table with the columns of the accounts frame and one row."""
    declaration = platform.of_accounts
    decoded, (unmatched,) = post_decoder(declaration).decode_items([item])
    arrays: dict[str, pa.Array] = {
        column.name: values for column, values in zip(declaration.columns, decoded, strict=True)
    }
    for column in declaration.columns:
        if column.fills:
            # The platform sends -1 for a number that it does not say.
            counts = pc.if_else(pc.less(arrays[column.name], 0), None, arrays[column.name])
            arrays[column.fills] = pc.coalesce(arrays[column.fills], counts) if column.fills in arrays else counts
    arrays |= {
        "platform": pa.array([platform.name], pa.large_string()),
        "profile": pa.array([profile], pa.large_string()),
        "as_of": pa.array([as_of], UTC_TIME),
        "extra": pa.array([None if unmatched is None else unmatched.decode()], pa.large_string()),
    }
    return pa.table(
        {
            column.name: arrays.get(column.name, pa.nulls(1, ARROW_TYPES[column.kind]))
            for column in columns_of(declaration)
        }
    )


def _decode_object(body: bytes, source: str) -> dict[str, Raw]:
    for text in (body, repair_json(body)[0]):
        with suppress(*JSON_ERRORS):
            return object_decoder.decode(text)
    if is_json(body):
        raise ResponseError(f"Cannot read {source}: expected an object with account analytics, found other JSON.")
    raise json_error(body, source)


def _read_account_block(raw: Raw | None) -> tuple[dict[str, Raw], Raw | None]:
    """Return the block of a platform, and the fields of its account; None if it has none.

    A list with one element is that element; a longer list is one undeclared value.
    """
    value = _only_element(raw)
    if value is None or bytes(memoryview(value)[:1]) != b"{":
        return {}, None if value is None or bytes(value) == b"null" else Raw(msgspec.json.encode({_ANALYTICS: value}))
    block = object_decoder.decode(value)
    analytics = _only_element(block.get(_ANALYTICS))
    others = {key: raw for key, raw in block.items() if key not in _BLOCK_FIELDS}
    if analytics is None or bytes(analytics) == b"null":
        is_error = "code" in block or bytes(block.get("status", b"")) == b'"error"'
        return block, Raw(msgspec.json.encode(others)) if others and not is_error else None
    is_object = bytes(memoryview(analytics)[:1]) == b"{"
    account = object_decoder.decode(analytics) if is_object else {_ANALYTICS: analytics}
    return block, Raw(msgspec.json.encode(others | account))


def _only_element(raw: Raw | None) -> Raw | None:
    if raw is None or bytes(memoryview(raw)[:1]) != b"[":
        return raw
    elements = list_decoder.decode(raw)
    return elements[0] if len(elements) == 1 else raw if elements else None


def _find_error(fields: Mapping[str, Raw], block: Mapping[str, Raw], platform: Platform) -> dict[str, Any]:
    """Return what a response says about a missing block: in the block, in `errors`, or at the top."""
    inner, outer = {key: decode_json(raw) for key, raw in block.items()}, _own_metadata(fields, platform)
    candidates = (*_objects(inner.get("errors")), inner, *outer["errors"], outer)
    return next((error for error in candidates if "code" in error or error.get("status") == "error"), {})


def _metadata(fields: Mapping[str, Raw]) -> dict[str, Any]:
    return {key: decode_json(raw) for key, raw in fields.items() if key in _BLOCK_FIELDS and key != _ANALYTICS}


def _own_metadata(fields: Mapping[str, Raw], platform: Platform) -> dict[str, Any]:
    """Return what a response says beside its blocks, without the errors of other platforms."""
    metadata = _metadata(fields)
    errors = _objects(metadata.get("errors"))
    return metadata | {"errors": [error for error in errors if error.get("platform") in (None, platform.name)]}


def _objects(value: object) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]


def _messages(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield text and code of the warnings and errors of a block that has analytics."""
    entries: list[object] = []
    for key in ("warning", "warnings", "errors"):
        value = metadata.get(key)
        entries += value if isinstance(value, list) else [value]
    if "code" in metadata or (metadata.get("status") in ("error", "partial") and not any(entries)):
        entries.append(metadata)
    for entry in entries:
        if isinstance(entry, dict):
            yield (
                str(entry.get("message") or f"status {entry.get('status', 'unknown')}"),
                f" (code {entry['code']})" if "code" in entry else "",
            )
        elif isinstance(entry, str):
            yield entry, ""
