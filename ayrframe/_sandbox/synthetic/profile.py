"""Define the synthetic profile of a platform and the draft of a post.

The platform's declaration defines the fields of a post. A synthetic profile adds what only a generator needs: number of
followers, share of published items, and generators of single columns for which the default by kind, unit and role is
not realistic enough.
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
"""Generates the value of a column of a post; None if the post does not have the column."""

_FRESH_HOURS = (24.0, 48.0)
_INACTIVE_AFTER_DAYS, _INACTIVE_PROBABILITY = 45, 0.35
_MUTED_PROBABILITY = 0.12
_FOLLOWERS_COUNTED_AT = datetime(2025, 1, 1, tzinfo=UTC)
_FOLLOWER_GROWTH_PER_DAY = 0.001
_SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class SyntheticProfile:
    """Describe how the posts of one platform are generated.

    Attributes
    ----------
    followers : int
        Followers at the start of 2025.
    attention : float
        Mean number of times that each follower sees a post.
    format_factors : dict
        Factors of the views by format; 1 for other formats.
    weekend_factor : float
        Factor of the views on Saturdays and Sundays.
    half_life_hours : float
        Hours until a post has half of its final views.
    publish_shares : dict
        Share of the calendar's items that is published on the platform, by medium.
    max_characters, max_tags : int
        Maximum length of a text and maximum number of hashtags.
    link : callable, optional
        Generator of the link in a text; None for platforms without links.
    columns : dict
        Generators of columns by API path. Other columns use the default generator.
    only_formats : dict
        Formats of the posts that have a column, by API path.
    since : dict
        First day on which the platform sends a column, by API path.
    analytics_share : float
        Share of the posts that have the fields documented for post analytics.
    personal_period : tuple of str, optional
        First and last day of a period in which the posts are from a personal account.
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
    """A post in preparation: `draft[path]` is the value of a column, generated at the first access.

    Values are available even where the API does not send them, so that all values of a post are consistent. Each value
    has a named random generator, so it does not depend on which other columns are declared or sent, or on the time of
    reading.
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
        """Return the value of the column with this API path."""
        return self._cached(path, self._generators[path])

    def _cached(self, name: str, generator: ValueGenerator) -> Any:
        if name not in self._values:
            outer_rng, self.rng = self.rng, NamedRng(self._name, name)
            self._values[name] = generator(self)
            self.rng = outer_rng
        return self._values[name]

    @property
    def exposure(self) -> int:
        """Number of views of the post so far."""
        return cast(int, self._cached("the exposure", _compute_exposure))

    @property
    def duration(self) -> float:
        """Length of the video, in seconds."""
        return cast(float, self._cached("the duration", lambda draft: round(draft.rng.uniform(6, 58), 3)))

    @property
    def link(self) -> str:
        """URL in the text, as the platform writes it; empty for posts without a link."""
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
    """Return the factor of views for a publication time: highest at 17:30 UTC, with a factor for weekends."""
    hour = moment.hour + moment.minute / 60
    return (1 + 0.3 * math.cos((hour - 17.5) / 24 * 2 * math.pi)) * (weekend if moment.weekday() >= _SATURDAY else 1)
