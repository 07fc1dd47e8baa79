"""Generate the editorial calendar, from which every platform publishes a part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ayrframe._sandbox.synthetic import brand as texts
from ayrframe._sandbox.synthetic.brand import Brand
from ayrframe._sandbox.synthetic.rng import NamedRng

CALENDAR_MEDIA = {"video": 0.4, "image": 0.24, "carousel": 0.12, "story": 0.1, "link": 0.08, "text": 0.06}

_CAMPAIGN_INTERVAL, _CAMPAIGN_OFFSET = 14, 11
_SUNDAY, _SUNDAY_PROBABILITY = 6, 0.5
_PARAGRAPH_PROBABILITY = 0.2
_PUBLISHING_HOURS = {7: 3, 8: 5, 9: 3, 11: 2, 12: 5, 13: 3, 15: 2, 16: 3, 17: 5, 18: 4, 20: 2}


@dataclass(frozen=True, slots=True)
class SyntheticScene:
    """The seed, the time of reading and the brand, shared by all platforms."""

    seed: int
    until: datetime
    brand: Brand


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """An item to publish; campaign items are published on every platform that can show their medium."""

    number: int
    moment: datetime
    medium: str
    opening: str
    paragraph: str
    tags: tuple[str, ...]
    link: str
    appeal: float
    is_campaign: bool


def iter_calendar(scene: SyntheticScene, items_per_day: int) -> Iterator[CalendarItem]:
    """Yield the items of the calendar from `until` backwards, without end.

    An item depends only on its day, so a later reading yields new items followed by the same older ones.
    """
    day = scene.until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while True:
        for index in reversed(range(items_per_day)):
            item = _make_item(scene, day, day.toordinal() * items_per_day + index)
            if item and item.moment < scene.until:
                yield item
        day -= timedelta(days=1)


def _make_item(scene: SyntheticScene, day: datetime, number: int) -> CalendarItem | None:
    """Return an item of a day; None on most Sundays."""
    rng, brand = NamedRng("item", scene.seed, number), scene.brand
    is_campaign = number % _CAMPAIGN_INTERVAL == _CAMPAIGN_OFFSET
    if not is_campaign and day.weekday() == _SUNDAY and not rng.chance(_SUNDAY_PROBABILITY):
        return None
    minute = timedelta(hours=rng.weighted_choice(_PUBLISHING_HOURS), minutes=rng.integer(0, 59))
    moment = day + minute + timedelta(milliseconds=rng.integer(1, 59_999))
    if is_campaign:
        template = texts.EDGE_CASES[number // _CAMPAIGN_INTERVAL % len(texts.EDGE_CASES)]
    else:
        template = rng.choice(texts.THEMES[rng.choice(tuple(texts.THEMES))])
    opening = texts.fill_template(template, rng, brand, moment)
    return CalendarItem(
        number=number,
        moment=moment,
        medium="video" if is_campaign else rng.weighted_choice(CALENDAR_MEDIA),
        opening=opening,
        paragraph=rng.choice(texts.PARAGRAPHS) if rng.chance(_PARAGRAPH_PROBABILITY) and not is_campaign else "",
        tags=(texts.season_of(moment), *rng.sample(brand.tags, 4)),
        link=f"{brand.site}/{rng.choice(('menu', 'news', 'order', 'recipes'))}/{moment:%Y-%m-%d}",
        appeal=rng.lognormal(0.45) * (6 if rng.chance(0.015) else 1),
        is_campaign=is_campaign,
    )
