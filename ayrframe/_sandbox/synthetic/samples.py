"""Generate synthetic posts and write the samples that ship with the package.

An invented bakery posts for a year, the same items on several platforms. The fields of a post follow from the
platform's declaration, its values from the platform's synthetic profile and a seed.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ayrframe._platforms import PLATFORMS
from ayrframe._platforms.spec import Platform
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


def synthetic_posts(
    platform: Platform, count: int, *, seed: int = 0, until: datetime = SAMPLE_TIME, brand: Brand = BRAND
) -> list[dict[str, Any]]:
    """Return `count` posts of a platform, latest first, as the API would send them at the time `until`."""
    generator = PostGenerator(platform, SYNTHETIC_PROFILES.get(platform.name, SyntheticProfile()))
    return generator.posts(SyntheticScene(seed, until, brand), count)


def synthetic_response(platform: Platform, count: int, *, seed: int = 0) -> dict[str, Any]:
    """Return posts in the API's envelope, with a notice that they are synthetic."""
    return {
        "synthetic": _NOTICE,
        "status": "success",
        "lastUpdated": format_time(SAMPLE_TIME, milliseconds=True),
        "nextUpdate": format_time(SAMPLE_TIME + _NEXT_UPDATE, milliseconds=True),
        "posts": synthetic_posts(platform, count, seed=seed),
    }


def write_samples(folder: Path) -> None:
    """Write the sample response of every platform, one post per line for readable diffs."""
    for platform in PLATFORMS.values():
        response = synthetic_response(platform, SAMPLE_COUNT)
        posts = ",\n".join(map(_compact_json, response.pop("posts")))
        head = "".join(f"{_compact_json(key)}:{_compact_json(value)},\n" for key, value in response.items())
        text = f'{{{head}"posts":[\n{posts}\n]}}\n'
        (folder / f"{platform.name}.json").write_bytes(text.encode())


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
