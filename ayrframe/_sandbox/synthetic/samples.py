"""Generate synthetic posts and write the samples that ship with the package.

An invented bakery posts for a year, the same items on several platforms. The fields of a post follow from the
platform's declaration, its values from the platform's synthetic profile and a seed.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.columns import ID, LAST_UPDATED, NEXT_UPDATE, POST_URL
from ayrframe._platforms.spec import Endpoint, Platform
from ayrframe._sandbox.synthetic.brand import BRAND, Brand
from ayrframe._sandbox.synthetic.calendar import SyntheticScene
from ayrframe._sandbox.synthetic.generators import format_time
from ayrframe._sandbox.synthetic.posts import PostGenerator
from ayrframe._sandbox.synthetic.profile import SyntheticProfile
from ayrframe._sandbox.synthetic.profiles import SYNTHETIC_PROFILES

SAMPLE_TIME = datetime(2026, 2, 27, 6, 30, 0, 125000, tzinfo=UTC)
SAMPLE_COUNT = 155

_NOTICE = "Made by ayrframe: an invented bakery, no real account, post or person."
_NEXT_UPDATE = timedelta(minutes=32, seconds=30)
_ANALYTICS_BLOCK_FIELDS = (ID.path, POST_URL.path, LAST_UPDATED.path, NEXT_UPDATE.path)  # Beside `analytics`.


def synthetic_posts(
    platform: Platform, count: int, *, seed: int = 0, until: datetime = SAMPLE_TIME, brand: Brand = BRAND
) -> list[dict[str, Any]]:
    """Return `count` posts of a platform, latest first, as the API would send them at the time `until`."""
    return post_generator(platform).posts(SyntheticScene(seed, until, brand), count)


def synthetic_analytics(
    platform: Platform, count: int, *, seed: int = 0, until: datetime = SAMPLE_TIME, brand: Brand = BRAND
) -> list[dict[str, Any]]:
    """Return the post analytics of the posts of `synthetic_posts`, as blocks without times."""
    posts = post_generator(platform, Endpoint.POST_ANALYTICS).posts(SyntheticScene(seed, until, brand), count)
    return [make_block(post) for post in posts]


@cache
def post_generator(platform: Platform, endpoint: Endpoint = Endpoint.HISTORY) -> PostGenerator:
    """Return the generator of the posts of a platform as an endpoint sends them."""
    return PostGenerator(platform, SYNTHETIC_PROFILES.get(platform.name, SyntheticProfile()), endpoint)


def make_block(post: dict[str, Any]) -> dict[str, Any]:
    """Return the post analytics of a post as a block without times."""
    analytics = {name: value for name, value in post.items() if name not in _ANALYTICS_BLOCK_FIELDS}
    return {**{name: post[name] for name in _ANALYTICS_BLOCK_FIELDS[:2] if name in post}, "analytics": analytics}


def synthetic_response(platform: Platform, count: int, *, seed: int = 0) -> dict[str, Any]:
    """Return posts in the API's envelope, with a notice that they are synthetic."""
    return {
        "synthetic": _NOTICE,
        "status": "success",
        "lastUpdated": format_time(SAMPLE_TIME, milliseconds=True),
        "nextUpdate": format_time(SAMPLE_TIME + _NEXT_UPDATE, milliseconds=True),
        "posts": synthetic_posts(platform, count, seed=seed),
    }


def synthetic_analytics_response(platform: Platform, count: int, *, seed: int = 0) -> dict[str, Any]:
    """Return the post analytics of the posts of `synthetic_response` in one response, with a notice."""
    times = (SAMPLE_TIME, SAMPLE_TIME + _NEXT_UPDATE)
    blocks = [with_times(block, *times) for block in synthetic_analytics(platform, count, seed=seed)]
    return {"synthetic": _NOTICE, "status": "success", platform.name: blocks}


def with_times(block: dict[str, Any], last_updated: datetime, next_update: datetime) -> dict[str, Any]:
    """Return the analytics of a post with the times of this and of the next reading."""
    times = {LAST_UPDATED.path: last_updated, NEXT_UPDATE.path: next_update}
    return {**block, **{name: format_time(time, milliseconds=True) for name, time in times.items()}}


def write_samples(folder: Path) -> None:
    """Write the sample responses of every platform, one post per line for readable diffs."""
    (folder / "analytics").mkdir(exist_ok=True)
    for platform in PLATFORMS.values():
        name = f"{platform.name}.json"
        _write_response(folder / name, synthetic_response(platform, SAMPLE_COUNT), "posts")
        analytics = synthetic_analytics_response(platform, SAMPLE_COUNT)
        _write_response(folder / "analytics" / name, analytics, platform.name)


def _write_response(path: Path, response: dict[str, Any], list_name: str) -> None:
    items = ",\n".join(map(_compact_json, response.pop(list_name)))
    head = "".join(f"{_compact_json(key)}:{_compact_json(value)},\n" for key, value in response.items())
    text = f'{{{head}"{list_name}":[\n{items}\n]}}\n'
    path.write_bytes(text.encode())


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
