"""The registry of sketches. A platform that has none here is made by the rules for its declarations alone."""

from __future__ import annotations

from ayrframe._synthetic.sketch import Sketch
from ayrframe._synthetic.sketches import (
    bluesky,
    facebook,
    instagram,
    linkedin,
    pinterest,
    snapchat,
    threads,
    tiktok,
    twitter,
    youtube,
)

SKETCHES: dict[str, Sketch] = {
    "bluesky": bluesky.SKETCH,
    "facebook": facebook.SKETCH,
    "instagram": instagram.SKETCH,
    "linkedin": linkedin.SKETCH,
    "pinterest": pinterest.SKETCH,
    "snapchat": snapchat.SKETCH,
    "threads": threads.SKETCH,
    "tiktok": tiktok.SKETCH,
    "twitter": twitter.SKETCH,
    "youtube": youtube.SKETCH,
}
