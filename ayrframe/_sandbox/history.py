"""Generate the post histories of all profiles at the sandbox's current time."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from ayrframe._api.models import Clock
from ayrframe._platforms import PLATFORMS, find_platform
from ayrframe._platforms.spec import Endpoint, KnownGap, Platform
from ayrframe._sandbox.synthetic.brand import BRAND
from ayrframe._sandbox.synthetic.calendar import SyntheticScene
from ayrframe._sandbox.synthetic.profile import PostDraft
from ayrframe._sandbox.synthetic.samples import make_block, post_generator
from ayrframe.errors import check_number

PRIMARY_PROFILE = ""
_CACHED_HISTORIES, _CACHED_DRAFTS = 200, 20

SyntheticPost = dict[str, Any]
LinkedPlatforms = int | Iterable[str] | Mapping[str, int] | None


class SandboxClock(Clock):
    """The sandbox's clock: the date changes by `move` only, `now()` also advances in real time."""

    __slots__ = ("_lock", "_moved", "_sleepless", "start")

    def __init__(self, start: datetime, *, sleepless: bool = False) -> None:
        """Start at `start`. With `sleepless`, `sleep` moves the clock instead of waiting."""
        self.start = start
        self._moved, self._lock, self._sleepless = timedelta(), threading.Lock(), sleepless

    def now(self) -> float:
        """Return monotonic time in seconds."""
        return time.monotonic() + self._moved.total_seconds()

    def wall(self) -> datetime:
        """Return the sandbox's date and time."""
        return self.start + self._moved

    def sleep(self, seconds: float) -> None:
        """Wait, or move the clock if the sandbox is sleepless."""
        if self._sleepless:
            self.move(timedelta(seconds=seconds))
        else:
            super().sleep(seconds)

    def move(self, step: timedelta) -> None:
        """Move the clock forwards."""
        if step < timedelta():
            raise ValueError(f"The sandbox's clock must move forwards, got a step of {step}.")
        with self._lock:
            self._moved += step


@dataclass(frozen=True, slots=True)
class SandboxProfile:
    """A profile: its keys and the number of posts of each linked platform at the start."""

    label: str
    key: str = field(repr=False)
    seed: int
    post_counts: Mapping[str, int]


def fake_key(seed: int, name: str) -> str:
    """Return a key in Ayrshare's format that is recognisably fake."""
    return "SANDBOX0-SANDBOX0-SANDBOX0-" + hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=4).hexdigest().upper()


def make_profile(label: str, seed: int, linked: LinkedPlatforms, count: int) -> SandboxProfile:
    """Return a profile; the primary one has the posts of the samples, the others have different posts."""
    profile_seed = seed if label == PRIMARY_PROFILE else derive_seed(seed, "profile", label)
    return SandboxProfile(label, fake_key(seed, f"profile/{label}"), profile_seed, _post_counts(linked, count))


def derive_seed(seed: int, *names: str) -> int:
    """Derive the seed of a named part from the seed of the sandbox."""
    return int.from_bytes(hashlib.blake2b("/".join((str(seed), *names)).encode(), digest_size=6).digest())


def _post_counts(linked: LinkedPlatforms, count: int) -> Mapping[str, int]:
    if not isinstance(linked, Iterable):
        linked = dict.fromkeys(PLATFORMS, count if linked is None else linked)
    elif not isinstance(linked, Mapping):
        linked = dict.fromkeys([linked] if isinstance(linked, str) else linked, count)
    counts = {find_platform(name).name: number for name, number in linked.items()}
    for name, number in counts.items():
        check_number(number, f"posts[{name!r}]", 0, integer=True)
    return counts


class SyntheticHistories:
    """All histories at all times; equal seeds and times give equal posts, whatever was requested before."""

    def __init__(self, clock: SandboxClock, refresh: timedelta) -> None:
        """Store the clock and the refresh interval; posts are generated at the first request."""
        if refresh <= timedelta():
            raise ValueError(f"`refresh_minutes` must be greater than 0, got {refresh / timedelta(minutes=1):g}.")
        self.clock, self.refresh = clock, refresh
        self._lock = threading.Lock()
        self._cached_posts = lru_cache(_CACHED_HISTORIES)(self._generate)
        self._cached_analytics = lru_cache(_CACHED_HISTORIES)(self._generate_analytics)
        # History and post analytics of the same posts are usually requested soon after each other.
        self._cached_drafts = lru_cache(_CACHED_DRAFTS)(self._draft)
        self._oldest_item = lru_cache(None)(self._find_oldest_item)

    def history(self, profile: SandboxProfile, platform: Platform, user: str) -> tuple[list[SyntheticPost], datetime]:
        """Return the posts as of the last refresh, latest first, and its time; `user` selects another user's posts."""
        read_at = self._last_refresh()
        seed = derive_seed(profile.seed, "user", user) if user else profile.seed
        # Concurrent requests for the same history generate it once.
        with self._lock:
            return self._cached_posts(platform, profile.post_counts[platform.name], seed, user, read_at), read_at

    def analytics(self, profile: SandboxProfile, platform: Platform) -> tuple[dict[str, SyntheticPost], datetime]:
        """Return the post analytics of the posts of a profile by their ids, and the time of their reading."""
        read_at, count = self._last_refresh(), profile.post_counts[platform.name]
        with self._lock:
            return self._cached_analytics(platform, count, profile.seed, read_at), read_at

    def _last_refresh(self) -> datetime:
        start = self.clock.start
        return start + (self.clock.wall() - start) // self.refresh * self.refresh

    def _generate_analytics(
        self, platform: Platform, count: int, seed: int, read_at: datetime
    ) -> dict[str, SyntheticPost]:
        generator = post_generator(platform, Endpoint.POST_ANALYTICS)
        posts = map(generator.fields, self._cached_drafts(platform, count, seed, "", read_at))
        return {block["id"]: _javascript_numbers(block) for block in map(make_block, posts)}

    def _generate(self, platform: Platform, count: int, seed: int, user: str, read_at: datetime) -> list[SyntheticPost]:
        posts = map(post_generator(platform).fields, self._cached_drafts(platform, count, seed, user, read_at))
        hidden = [
            column.path.split(".") for column in platform.columns if user and KnownGap.NOT_OWN_POST in column.gaps
        ]
        return [_javascript_numbers(_without_paths(post, hidden)) for post in posts]

    def _draft(self, platform: Platform, count: int, seed: int, user: str, read_at: datetime) -> list[PostDraft]:
        """Return the drafts of the posts at the start and of later ones."""
        scene = SyntheticScene(seed, read_at, replace(BRAND, handle=user) if user else BRAND)
        oldest = self._oldest_item(platform, count, seed) if count and read_at > self.clock.start else None
        return post_generator(platform).drafts(scene, count, oldest)

    def _find_oldest_item(self, platform: Platform, count: int, seed: int) -> int:
        """Return the number of the calendar item of the oldest post at the start."""
        drafts = post_generator(platform).drafts(SyntheticScene(seed, self.clock.start, BRAND), count)
        return min(draft.item.number for draft in drafts)


def _without_paths(post: SyntheticPost, paths: list[list[str]]) -> SyntheticPost:
    """Return the post without the values at these paths and without objects that become empty."""
    for step in {path[0] for path in paths}:
        inner = [path[1:] for path in paths if path[0] == step]
        reduced = _without_paths(post[step], inner) if all(inner) and isinstance(post.get(step), dict) else None
        post = {key: reduced if key == step else value for key, value in post.items() if key != step or reduced}
    return post


def _javascript_numbers(value: Any) -> Any:
    """Convert integral floats to integers, since JavaScript writes 1.0 as 1."""
    if isinstance(value, dict):
        return {key: _javascript_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_javascript_numbers(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
