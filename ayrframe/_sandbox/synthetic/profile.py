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
_QUIET_AFTER_DAYS, _QUIET = 45, 0.35
_MUTED = 0.12
_OPENED = datetime(2025, 1, 1, tzinfo=UTC)
_FOLLOWERS_WON_A_DAY = 0.001
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
    boosts: Mapping[str, float] = field(default_factory=dict)
    weekend: float = 0.85
    half_life: float = 14
    takes: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(CALENDAR_MEDIA, 0.42))
    limit: int = 2200
    tags: int = 2
    link: ValueGenerator | None = None
    columns: Mapping[str, ValueGenerator] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: Mapping[str, str] = field(default_factory=dict)
    analysed: float = 0.75
    personal: tuple[str, str] | None = None


class PostDraft:
    """One post: `draft[path]` is the value of a column, made when first asked for.

    It is there also where the API would not send it, so that what is sent agrees with what is left out. Each value
    falls by dice of its own: it stays the same whatever else is declared, sent, or read at another moment.
    """

    def __init__(
        self,
        *,
        platform: Platform,
        sketch: SyntheticProfile,
        makers: Mapping[str, ValueGenerator],
        scene: SyntheticScene,
        slot: PlatformSlot,
        rank: int,
    ) -> None:
        self.platform, self.sketch, self.scene, self.rank = platform, sketch, scene, rank
        self.item, self.moment, self.format = slot.item, slot.moment, slot.format
        self.day = slot.moment.date().isoformat()
        self.hours = (scene.until - slot.moment).total_seconds() / 3600
        self.days = self.hours / 24
        self._makers = makers
        self._made: dict[str, Any] = {}
        self._name = f"post/{scene.seed}/{platform.name}/{slot.item.number}"
        self.dice = dice = NamedRng(self._name)
        self.is_fresh = self.hours < dice.between(*_FRESH_HOURS)
        self.is_quiet = dice.chance(_QUIET) and self.days > _QUIET_AFTER_DAYS
        self.is_muted = dice.chance(_MUTED) and self.is_video
        self.is_analysed = dice.chance(sketch.analysed)
        self.is_personal = sketch.personal is not None and sketch.personal[0] <= self.day <= sketch.personal[1]

    def __getitem__(self, path: str) -> Any:
        """Return the value of the column at this API path."""
        return self._once(path, self._makers[path])

    def _once(self, name: str, maker: ValueGenerator) -> Any:
        if name not in self._made:
            asking, self.dice = self.dice, NamedRng(self._name, name)
            self._made[name] = maker(self)
            self.dice = asking
        return self._made[name]

    @property
    def exposure(self) -> int:
        """How often the post was seen."""
        return cast(int, self._once("the exposure", _exposure))

    @property
    def duration(self) -> float:
        """Seconds the video lasts."""
        return cast(float, self._once("the duration", lambda draft: round(draft.dice.between(6, 58), 3)))

    @property
    def link(self) -> str:
        """The address in the text, as this network writes it; empty where it has none."""
        linked = self.item.medium in ("link", "video") and not self.item.campaign
        return cast(str, self._once("the link", self.sketch.link)) if linked and self.sketch.link else ""

    @property
    def is_video(self) -> bool:
        """Whether the post is a single video."""
        return self.item.medium == "video"


def _exposure(draft: PostDraft) -> int:
    sketch = draft.sketch
    followers = sketch.followers * max(0.3, 1 + _FOLLOWERS_WON_A_DAY * ((draft.moment - _OPENED) / timedelta(days=1)))
    wanted = sketch.boosts.get(draft.format, 1) * draft.item.appeal * draft.dice.spread(0.4)
    grown = 1 - 2 ** (-draft.hours / sketch.half_life)
    return draft.dice.rounded(followers * sketch.attention * wanted * _tide(draft.moment, sketch.weekend) * grown)


def _tide(moment: datetime, weekend: float) -> float:
    """Return how much attention there is at a moment: most after work, and another at the weekend."""
    hour = moment.hour + moment.minute / 60
    return (1 + 0.3 * math.cos((hour - 17.5) / 24 * 2 * math.pi)) * (weekend if moment.weekday() >= _SATURDAY else 1)
