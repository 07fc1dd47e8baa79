"""A network's manner, as data (`Sketch`), and one post while it is being written (`Draft`).

What a post holds is declared by its platform. A sketch adds only what no reader of posts needs to know: how large the
following is, which items the network takes, and how single values are made where the rules by kind, unit and role
are too coarse.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from ayrframe._platforms.spec import Platform
from ayrframe._sandbox.synthetic.calendar import CALENDAR_MEDIA, PlatformSlot, SyntheticScene
from ayrframe._sandbox.synthetic.rng import NamedRng

ValueGenerator = Callable[["PostDraft"], Any]
"""Makes the value of one column of one post; None where this post has no such thing."""

_FRESH_HOURS = (24.0, 48.0)
_INACTIVE_AFTER_DAYS, _INACTIVE_PROBABILITY = 45, 0.35
_MUTED_PROBABILITY = 0.12
_FOLLOWERS_COUNTED_AT = datetime(2025, 1, 1, tzinfo=UTC)
_FOLLOWER_GROWTH_PER_DAY = 0.001
_SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class SyntheticProfile:
    """How posts of one network come out.

    Attributes
    ----------
    followers, attention, boosts, weekend, half_life
        How many followers there are at the start of 2025, and how often each of them sees a post: by format, on
        Saturdays and Sundays, and how many hours it takes until half of that has happened.
    takes
        The share of the calendar's items of each medium that is published here.
    limit, tags, link
        The most characters and hashtags of a text, and how an address is written in it; None for no address.
    columns
        How single columns are made, by their API path. Others follow their declaration.
    only
        Columns that posts of some formats have, and those formats.
    since
        Columns that the network sends from a day on, and that day.
    analysed
        The share of the posts that carry what is documented for post analytics.
    personal
        The first and the last day of a stretch in which the posts are those of a personal account.
    """

    followers: int = 2000
    attention: float = 0.4
    format_factors: Mapping[str, float] = field(default_factory=dict)
    weekend_factor: float = 0.85
    half_life_hours: float = 14
    publish_shares: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(CALENDAR_MEDIA, 0.42))
    max_characters: int = 2200
    max_tags: int = 2
    link: ValueGenerator | None = None
    columns: Mapping[str, ValueGenerator] = field(default_factory=dict)
    only_formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: Mapping[str, str] = field(default_factory=dict)
    analytics_share: float = 0.75
    personal_period: tuple[str, str] | None = None


class PostDraft:
    """One post: `draft[path]` is the value of a column, made when first asked for.

    It is there also where the API would not send it, so that what is sent agrees with what is left out. Each value
    falls by dice of its own: it stays the same whatever else is declared, sent, or read at another moment.
    """

    def __init__(
        self,
        *,
        platform: Platform,
        profile: SyntheticProfile,
        generators: Mapping[str, ValueGenerator],
        scene: SyntheticScene,
        slot: PlatformSlot,
        rank: int,
    ) -> None:
        self.platform, self.profile, self.scene, self.rank = platform, profile, scene, rank
        self.item, self.moment, self.format = slot.item, slot.moment, slot.format
        self.date = slot.moment.date().isoformat()
        self.age_hours = (scene.until - slot.moment).total_seconds() / 3600
        self.age_days = self.age_hours / 24
        self._generators = generators
        self._values: dict[str, Any] = {}
        self._name = f"post/{scene.seed}/{platform.name}/{slot.item.number}"
        self.rng = rng = NamedRng(self._name)
        self.is_fresh = self.age_hours < rng.uniform(*_FRESH_HOURS)
        self.is_inactive = rng.chance(_INACTIVE_PROBABILITY) and self.age_days > _INACTIVE_AFTER_DAYS
        self.is_muted = rng.chance(_MUTED_PROBABILITY) and self.is_video
        self.has_analytics = rng.chance(profile.analytics_share)
        self.is_personal = (
            profile.personal_period is not None
            and profile.personal_period[0] <= self.date <= profile.personal_period[1]
        )

    def __getitem__(self, path: str) -> Any:
        """Return the value of the column at this API path."""
        return self._cached(path, self._generators[path])

    def _cached(self, name: str, generator: ValueGenerator) -> Any:
        if name not in self._values:
            outer_rng, self.rng = self.rng, NamedRng(self._name, name)
            self._values[name] = generator(self)
            self.rng = outer_rng
        return self._values[name]

    @property
    def exposure(self) -> int:
        """How often the post was seen."""
        return cast(int, self._cached("the exposure", _compute_exposure))

    @property
    def duration(self) -> float:
        """Seconds the video lasts."""
        return cast(float, self._cached("the duration", lambda draft: round(draft.rng.uniform(6, 58), 3)))

    @property
    def link(self) -> str:
        """The address in the text, as this network writes it; empty where it has none."""
        linked = self.item.medium in ("link", "video") and not self.item.is_campaign
        return cast(str, self._cached("the link", self.profile.link)) if linked and self.profile.link else ""

    @property
    def is_video(self) -> bool:
        """Whether the post is a single video."""
        return self.item.medium == "video"


def _compute_exposure(draft: PostDraft) -> int:
    profile = draft.profile
    followers = profile.followers * max(
        0.3, 1 + _FOLLOWER_GROWTH_PER_DAY * ((draft.moment - _FOLLOWERS_COUNTED_AT) / timedelta(days=1))
    )
    interest = profile.format_factors.get(draft.format, 1) * draft.item.appeal * draft.rng.lognormal(0.4)
    share_so_far = 1 - 2 ** (-draft.age_hours / profile.half_life_hours)
    return draft.rng.round_randomly(
        followers * profile.attention * interest * _time_factor(draft.moment, profile.weekend_factor) * share_so_far
    )


def _time_factor(moment: datetime, weekend: float) -> float:
    """Return how much attention there is at a moment: most after work, and another at the weekend."""
    hour = moment.hour + moment.minute / 60
    return (1 + 0.3 * math.cos((hour - 17.5) / 24 * 2 * math.pi)) * (weekend if moment.weekday() >= _SATURDAY else 1)
