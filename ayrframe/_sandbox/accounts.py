"""Compute the account analytics of the documented API, from the same synthetic posts as the histories."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import FOLLOWERS, POSTS
from ayrframe._platforms.spec import NESTED, Column, Kind, Platform, Role, RowPerKey, Unit
from ayrframe._sandbox.history import SandboxProfile, SyntheticHistories, derive_seed
from ayrframe._sandbox.messages import SandboxResponse, error_response
from ayrframe._sandbox.synthetic.brand import BRAND
from ayrframe._sandbox.synthetic.generators import DIGITS, format_time
from ayrframe._sandbox.synthetic.rng import NamedRng

_COMMON_FIELDS = frozenset({"platforms"})
_FOLLOWERS_PER_POST, _GROWTH_PER_DAY = 40, 0.002
# Mean value per follower, by role.
_PER_FOLLOWER: Mapping[Role, float] = {
    Role.VIEWS: 9.0,
    Role.IMPRESSIONS: 12.0,
    Role.REACH: 3.0,
    Role.ENGAGEMENT: 0.6,
    Role.CLICKS: 0.2,
    Role.SAVES: 0.1,
    Role.AUDIENCE: 0.05,
    Role.WATCH_TIME: 2.0,
}
_WHOLE = {Unit.PERCENT: 100, Unit.RATIO: 1, Unit.SECONDS: 60}
_AUDIENCE_COUNTRIES = {"US": 52, "GB": 17, "CA": 13, "DE": 11, "MX": 7}
_AGES = {"18-24": 24, "25-34": 38, "35-44": 23, "45-54": 15}
_GENDERS = {"F": 61, "M": 39}
# Demographics, which the API sends with `quarters` only: by path, the parts and their weights.
_SHARES: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "audienceAges": ("age", _AGES),
    "audienceCountries": ("country", _AUDIENCE_COUNTRIES),
    "audienceGenders": ("gender", _GENDERS),
}
_PEOPLE_BY_PART: Mapping[str, Mapping[str, float]] = {
    "audienceCountry": _AUDIENCE_COUNTRIES,
    "audienceGenderAge": {
        f"{gender}.{age}": weight * share for gender, weight in _GENDERS.items() for age, share in _AGES.items()
    },
}
_TEXTS: Mapping[str, str] = {
    "name": BRAND.name,
    "displayName": BRAND.name,
    "title": BRAND.name,
    "privacyStatus": "public",
    "longUploadsStatus": "allowed",
    "location": "Portland",
    "bio": "Bread, buns and coffee.",
    "biography": "Bread, buns and coffee.",
    "description": "Bread, buns and coffee.",
}
_SENT_AS_TEXT = frozenset({"subscriberCount", "videoCount", "viewCount"})
_LIFETIME = "lifetimeLikes"
_WARNING_CODE = 395


class InvalidBodyFieldError(Exception):
    """A field of the JSON body is unknown or has an invalid value."""


def requested_platforms(body: bytes) -> list[str]:
    """Return the names in `platforms` of a JSON body; none if it is not such a body."""
    try:
        names = json.loads(body).get("platforms")
    except (ValueError, AttributeError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def accounts_response(
    body: bytes, histories: SyntheticHistories, profile: SandboxProfile, *, has_x_keys: bool, has_profile_key: bool
) -> SandboxResponse:
    """Return the response to a request for the accounts of a profile."""
    names = requested_platforms(body)
    unknown = [name for name in names if name not in PLATFORMS]
    if not names or unknown:
        return error_response(400, f"platforms is invalid: {', '.join(unknown) or 'none'}.", 101, "social")
    values = _flatten(json.loads(body))
    fields: dict[str, Any] = {"status": "success"}
    for platform in (PLATFORMS[name] for name in names):
        try:
            _check_fields(platform, values, has_profile_key=has_profile_key)
        except InvalidBodyFieldError as error:
            return error_response(400, str(error), 101, "social")
        if platform.headers and not has_x_keys:
            error_fields = error_response(400, f"x_credentials_required: {platform.title}.", 419, "social").fields
        elif platform.name not in profile.post_counts:
            error_fields = error_response(400, f"{platform.title} is not linked to this profile.", 156, "social").fields
        else:
            fields[platform.name] = _block(histories, profile, platform, values)
            continue
        fields[platform.name] = error_fields
    if not any("analytics" in fields[name] for name in names):
        return SandboxResponse(status=400, fields=fields | {"status": "error"})
    return SandboxResponse(fields=fields)


def _flatten(body: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the fields of a body by path."""
    flat: dict[str, Any] = {}
    for key, value in body.items():
        flat |= _flatten(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def _check_fields(platform: Platform, values: Mapping[str, Any], *, has_profile_key: bool) -> None:
    parameters = {parameter.api_name: parameter for parameter in platform.account.parameters}
    for name, value in values.items():
        if name in _COMMON_FIELDS:
            continue
        if name not in parameters:
            raise InvalidBodyFieldError(f"The parameter {name[:40]} is not supported for {platform.name}.")
        parameter = parameters[name]
        if parameter.primary_only and has_profile_key:
            raise InvalidBodyFieldError(f"The parameter {name} requires the API key without a Profile-Key header.")
        if (parameter.kind is Kind.BOOLEAN) != isinstance(value, bool):
            raise InvalidBodyFieldError(f"The parameter {name} has an invalid value.")
        if parameter.values and str(value) not in parameter.values:
            raise InvalidBodyFieldError(f"The parameter {name} must be one of {', '.join(parameter.values)}.")


def _block(
    histories: SyntheticHistories, profile: SandboxProfile, platform: Platform, values: Mapping[str, Any]
) -> dict[str, Any]:
    user = str(values.get("userId") or values.get("userName") or "")
    posts, read_at = histories.history(profile, platform, user)
    seed = derive_seed(profile.seed, "account", platform.name, user)
    days = (read_at - histories.clock.start).total_seconds() / 86400
    start_count = profile.post_counts[platform.name]
    base = int(_FOLLOWERS_PER_POST * (start_count + 20) * NamedRng(seed, "followers").lognormal(0.6))
    followers = int(base * (1 + _GROWTH_PER_DAY * days))
    analytics: dict[str, Any] = {}
    for column in platform.account.columns:
        if column.path == _LIFETIME and not values.get("youtube.lifetime"):
            continue
        if column.path in (*_SHARES, *_PEOPLE_BY_PART) and "quarters" not in values:
            continue
        *parents, key = column.path.split(".")
        inner = analytics
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[key] = _value(column, platform, NamedRng(seed, column.path), followers, len(posts), user)
    block = {
        "analytics": analytics,
        "lastUpdated": format_time(read_at, milliseconds=True),
        "nextUpdate": format_time(read_at + histories.refresh, milliseconds=True),
    }
    warnings = [
        {"code": _WARNING_CODE, "message": parameter.warning}
        for parameter in platform.account.parameters
        if parameter.warning and parameter.api_name in values
    ]
    return block | {"warning": warnings} if warnings else block


def _value(column: Column, platform: Platform, rng: NamedRng, followers: int, posts: int, user: str) -> Any:
    """Return the value of a field of an account with these numbers of followers and posts."""
    totals = {FOLLOWERS.name: followers, POSTS.name: posts}
    if column.fills in totals or column.kind is Kind.INTEGER:
        estimate = int(followers * _PER_FOLLOWER.get(column.role, 0.01) * rng.uniform(0.7, 1.3))
        number = totals.get(column.fills, estimate)
        return str(number) if column.path in _SENT_AS_TEXT else number
    if column.kind in NESTED:
        return _nested_value(column, platform, rng, followers)
    handle = user or BRAND.handle
    is_url = column.path.endswith(("url", "Url"))
    values = {
        Kind.FLOAT: round(_WHOLE.get(column.unit, 1) * rng.uniform(0.1, 0.6), 4),
        Kind.BOOLEAN: False,
        Kind.ID: "1" + rng.token(DIGITS, 14),
        Kind.TIME: "2019-04-02T09:30:00.000Z",
        Kind.TEXT: _TEXTS.get(column.path, f"https://{handle}/{column.path}" if is_url else handle),
    }
    return values[column.kind]


def _nested_value(column: Column, platform: Platform, rng: NamedRng, followers: int) -> Any:
    if column.path in _SHARES:
        name, weights = _SHARES[column.path]
        whole = sum(weights.values())
        return [{name: part, "percentage": weight / whole} for part, weight in weights.items()]
    if column.path in _PEOPLE_BY_PART:
        return rng.split(followers, _PEOPLE_BY_PART[column.path])
    for expansion in platform.account.expansions:
        if expansion.source == column.name and isinstance(expansion.shape, RowPerKey):
            counts = rng.split(followers, dict.fromkeys(expansion.shape.labels, 1))
            return counts | {expansion.shape.total_key: followers}
    if column.kind is Kind.MAPPING:
        return {"allPageViews": followers * 2, "allDesktopPageViews": followers, "allMobilePageViews": followers}
    return [{"id": "PL" + rng.token(DIGITS, 8), "title": "All loaves", "url": f"https://{BRAND.handle}/playlist"}]
