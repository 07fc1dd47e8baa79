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
from ayrframe._sandbox.synthetic.calendar import CALENDAR_MEDIA, CalendarItem, SyntheticScene
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

    `columns` has generators by API path; other columns use the default generator. `only_formats`, `since` and
    `before` restrict a column to posts of these formats, from this day on, or before this day.
    """

    followers: int = 2000  # At the start of 2025.
    attention: float = 0.4  # Mean number of times that each follower sees a post.
    format_factors: Mapping[str, float] = field(default_factory=dict)  # Of the views; 1 for other formats.
    weekend_factor: float = 0.85  # Of the views on Saturdays and Sundays.
    half_life_hours: float = 14  # Until a post has half of its final views.
    # Share of the calendar's items that is published on the platform, by medium.
    publish_shares: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(CALENDAR_MEDIA, 0.42))
    max_characters: int = 2200
    max_tags: int = 2
    link: ValueGenerator | None = None  # In the text; None for platforms without links.
    columns: Mapping[str, ValueGenerator] = field(default_factory=dict)
    only_formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    analytics_share: float = 0.75  # Share of the posts that have the fields documented for post analytics.
    personal_period: tuple[str, str] = ("", "")  # First and last day with posts of a personal account.


@dataclass(eq=False)
class PostDraft:
    """A post in preparation: `draft[path]` is the value of a column, generated at the first access.

    Values are available even where the API does not send them, so that all values of a post are consistent. Each value
    has a named random generator, so it does not depend on which other columns are declared or sent, or on the time of
    reading.
    """

    platform: Platform
    profile: SyntheticProfile
    generators: Mapping[str, ValueGenerator]
    scene: SyntheticScene
    item: CalendarItem
    moment: datetime
    format: str
    rank: int = 0  # Position among the posts, latest first.

    def __post_init__(self) -> None:
        """Draw the properties that several columns depend on."""
        self.date = self.moment.date().isoformat()
        self.age_hours = (self.scene.until - self.moment).total_seconds() / 3600
        self.age_days = self.age_hours / 24
        self.is_video = self.item.medium == "video"
        self._values: dict[str, Any] = {}
        self._name = f"post/{self.scene.seed}/{self.platform.name}/{self.item.number}"
        self.rng = rng = NamedRng(self._name)
        self.is_fresh = self.age_hours < rng.uniform(*_FRESH_HOURS)
        self.is_inactive = rng.chance(_INACTIVE_PROBABILITY) and self.age_days > _INACTIVE_AFTER_DAYS
        self.is_muted = rng.chance(_MUTED_PROBABILITY) and self.is_video
        self.has_analytics = rng.chance(self.profile.analytics_share)
        first_day, last_day = self.profile.personal_period
        self.is_personal = first_day <= self.date <= last_day

    def __getitem__(self, path: str) -> Any:
        """Return the value of the column with this API path."""
        return self._cached(path, self.generators[path])

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


def _compute_exposure(draft: PostDraft) -> int:
    profile, moment = draft.profile, draft.moment
    growth = 1 + _FOLLOWER_GROWTH_PER_DAY * ((moment - _FOLLOWERS_COUNTED_AT) / timedelta(days=1))
    views = profile.followers * max(0.3, growth) * profile.attention
    interest = profile.format_factors.get(draft.format, 1) * draft.item.appeal * draft.rng.lognormal(0.4)
    # Most views at 17:30 UTC.
    time_factor = 1 + 0.3 * math.cos((moment.hour + moment.minute / 60 - 17.5) / 24 * 2 * math.pi)
    if moment.weekday() >= _SATURDAY:
        time_factor *= profile.weekend_factor
    share_so_far = 1 - 2 ** (-draft.age_hours / profile.half_life_hours)
    return draft.rng.round_randomly(views * interest * time_factor * share_so_far)
