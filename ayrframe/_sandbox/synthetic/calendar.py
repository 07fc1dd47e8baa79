"""The editorial calendar: what the brand publishes when. Every network takes its part of the same items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ayrframe._sandbox.synthetic import brand as texts
from ayrframe._sandbox.synthetic.brand import Brand
from ayrframe._sandbox.synthetic.rng import NamedRng

CALENDAR_MEDIA = {"video": 0.4, "image": 0.24, "carousel": 0.12, "story": 0.1, "link": 0.08, "text": 0.06}

_CAMPAIGN_EVERY, _CAMPAIGN = 14, 11
_SUNDAY, _SUNDAYS_AT_WORK = 6, 0.5
_LONG_READS = 0.2
_HOURS = {7: 3, 8: 5, 9: 3, 11: 2, 12: 5, 13: 3, 15: 2, 16: 3, 17: 5, 18: 4, 20: 2}


@dataclass(frozen=True, slots=True)
class SyntheticScene:
    """What all networks share: the chance of this world, the moment it is read, and who posts."""

    seed: int
    until: datetime
    brand: Brand


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """Something to publish. `campaign` items go to every network that can show them."""

    number: int
    moment: datetime
    medium: str
    lead: str
    story: str
    tags: tuple[str, ...]
    link: str
    appeal: float
    campaign: bool


@dataclass(frozen=True, slots=True)
class PlatformSlot:
    """An item as one network publishes it: some minutes later, in a format of its own."""

    item: CalendarItem
    moment: datetime
    format: str


def iter_calendar(scene: SyntheticScene, a_day: int) -> Iterator[CalendarItem]:
    """Yield the calendar from `until` backwards, without end.

    An item depends on its day alone: read again at a later moment, the calendar has new items before the same old ones.
    """
    day = scene.until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while True:
        for place in reversed(range(a_day)):
            item = _item(scene, day, day.toordinal() * a_day + place)
            if item and item.moment < scene.until:
                yield item
        day -= timedelta(days=1)


def _item(scene: SyntheticScene, day: datetime, number: int) -> CalendarItem | None:
    """Return an item of a day, or None if nobody is at work."""
    dice, brand = NamedRng("item", scene.seed, number), scene.brand
    campaign = number % _CAMPAIGN_EVERY == _CAMPAIGN
    if not campaign and day.weekday() == _SUNDAY and not dice.chance(_SUNDAYS_AT_WORK):
        return None
    minute = timedelta(hours=dice.weighted(_HOURS), minutes=dice.whole(0, 59))
    moment = day + minute + timedelta(milliseconds=dice.whole(1, 59_999))
    if campaign:
        lead = texts.edge_case_sentence(number // _CAMPAIGN_EVERY, dice, brand, moment)
    else:
        lead = texts.opening_sentence(dice, brand, moment)
    return CalendarItem(
        number=number,
        moment=moment,
        medium="video" if campaign else dice.weighted(CALENDAR_MEDIA),
        lead=lead,
        story=texts.body_paragraph(dice) if dice.chance(_LONG_READS) and not campaign else "",
        tags=(texts.season_of(moment), *dice.some(brand.tags, 4)),
        link=f"{brand.site}/{dice.pick(('menu', 'news', 'order', 'recipes'))}/{moment:%Y-%m-%d}",
        appeal=dice.spread(0.45) * (6 if dice.chance(0.015) else 1),
        campaign=campaign,
    )
