"""Read saved responses of `POST /analytics/post`."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from ayrframe._decode.analytics import AnalyticsResponse, decode_analytics, parse_analytics
from ayrframe._frame.sources import SourceBody
from ayrframe._platforms.columns import ID
from ayrframe._platforms.spec import Platform
from ayrframe.errors import quote, warn_user


def decode_saved_analytics(
    body: SourceBody, requested: Platform | None, profile: str, read_at: datetime
) -> tuple[pa.Table, list[Platform]] | None:
    """Return the posts of a response with their analytics, and their platforms; None for other responses.

    Raise a ValueError if the response is of another platform than the requested one.
    """
    response = parse_analytics(body.content, body.name)
    if response is None:
        return None
    platforms = list(dict.fromkeys(block.platform for block in response.blocks))
    if requested is not None and platforms != [requested]:
        found = ", ".join(platform.name for platform in platforms)
        raise ValueError(f"`platform` must be {found!r}, the platform of {body.name}, got {requested.name!r}.")
    tables = []
    for platform in platforms:
        blocks = [block for block in response.blocks if block.platform is platform]
        tables.append(decode_analytics(blocks, platform, profile=profile, read_at=read_at))
    _warn_about_gaps(response, platforms, tables, body.name)
    return pa.concat_tables(tables, promote_options="default"), platforms


def _warn_about_gaps(response: AnalyticsResponse, platforms: list[Platform], tables: list[pa.Table], name: str) -> None:
    """Warn about errors in the response, posts without an id, and platforms that ayrframe does not have."""
    for warning in response.warnings:
        warn_user(f"{warning.removesuffix('.')} (in {name}).")
    for platform, table in zip(platforms, tables, strict=True):
        if missing := table.column(ID.name).null_count:
            warn_user(f"{missing} of {len(table)} analytics of {platform.title} in {name} have no id of a post.")
    if response.unknown:
        names = ", ".join(f"{quote(key)} ({count})" for key, count in response.unknown.items())
        warn_user(f"Skipped analytics of platforms that ayrframe does not have, in {name}: {names}.")
