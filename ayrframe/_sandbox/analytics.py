"""Validate requests of `POST /analytics/post`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Platform

_MAX_POST_IDS = 100


class InvalidParameterError(Exception):
    """A query parameter, or a field of a body, is unknown or has an invalid value."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"The parameter {name[:40]} {problem}.")


def parse_analytics_body(body: Mapping[str, Any]) -> tuple[Platform, list[str]]:
    """Return the platform and the native ids of a request, whose `searchPlatformId` may be missing."""
    unknown = body.keys() - {"id", "postIds", "platforms", "searchPlatformId"}
    if unknown:
        raise InvalidParameterError(min(unknown), "is not supported")
    names = body.get("platforms")
    if not isinstance(names, list) or len(names) != 1 or names[0] not in list(PLATFORMS):
        raise InvalidParameterError("platforms", "must be a list with one platform")
    if body.get("searchPlatformId", True) is not True:
        raise InvalidParameterError("searchPlatformId", "must be true or missing")
    post_ids = body.get("postIds", [body.get("id")])
    is_valid = isinstance(post_ids, list) and all(isinstance(post_id, str) for post_id in post_ids)
    if not is_valid or not 1 <= len(post_ids) <= _MAX_POST_IDS or {"id", "postIds"} <= body.keys():
        raise InvalidParameterError("postIds", f"must be a list of 1 to {_MAX_POST_IDS} texts, or id one text")
    return PLATFORMS[names[0]], post_ids
