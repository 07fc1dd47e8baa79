"""Generate posts of a platform from its declaration and its synthetic profile."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Column, KnownGap, Platform
from ayrframe._sandbox.synthetic.calendar import CalendarItem, PlatformSlot, SyntheticScene, iter_calendar
from ayrframe._sandbox.synthetic.default_generators import MissingTest, default_generator, missing_when, set_at_path
from ayrframe._sandbox.synthetic.generators import constant
from ayrframe._sandbox.synthetic.profile import PostDraft, SyntheticProfile, ValueGenerator
from ayrframe._sandbox.synthetic.rng import NamedRng

# Formats that can show a medium, the most frequent first. A platform without formats uses the name of the medium.
_FORMATS_BY_MEDIUM = {
    "video": ("reel", "video"),
    "image": ("image",),
    "carousel": ("carousel", "image"),
    "story": ("story", "image"),
    "link": ("link", "text", "image"),
    "text": ("text", "image"),
}
_FIRST_FORMAT_PROBABILITY = 0.75
_MAX_MINUTES_APART = 35
# More posts than this are spread over the same period, with more items per day.
MAX_POSTS = 250


class PostGenerator:
    """Generates the posts of one platform."""

    def __init__(self, platform: Platform, profile: SyntheticProfile) -> None:
        self.platform, self.profile = platform, profile
        columns = sent_by(platform)
        filled = {column.fills for column in columns}
        self.generators = {
            column.path: profile.columns.get(column.path) or default_generator(column) for column in columns
        }
        self.sent = [
            (column.path, column.path.split("."), self._missing_tests(column))
            for column in columns
            if column.name not in filled
        ]
        self.format_fields: dict[str, list[dict[str, ValueGenerator]]] = {}
        for form in platform.formats:
            if not form.values:
                continue  # formats without fixed values are recognised by the generated media
            fields = {path: constant(value) for path, value in form.values.items()}
            self.format_fields.setdefault(form.name, []).append(fields)

    def posts(self, scene: SyntheticScene, count: int) -> list[dict[str, Any]]:
        """Return `count` posts, newest first."""
        items_per_day = max(1, -(-count // MAX_POSTS))
        slots_in_calendar = (slot for item in iter_calendar(scene, items_per_day) if (slot := self._slot(scene, item)))
        slots = sorted(islice(slots_in_calendar, count), key=lambda slot: slot.moment, reverse=True)
        return [self._post(scene, slot, rank) for rank, slot in enumerate(slots)]

    def _slot(self, scene: SyntheticScene, item: CalendarItem) -> PlatformSlot | None:
        """Return the time and format of an item on the platform; None if it is not published, or not yet."""
        share = self.profile.publish_shares.get(item.medium, 0)
        rng = NamedRng("slot", scene.seed, self.platform.name, item.number)
        if not rng.chance(1 if share and item.is_campaign else share):
            return None
        moment = item.moment + timedelta(milliseconds=rng.integer(0, _MAX_MINUTES_APART * 60_000))
        formats = [name for name in _FORMATS_BY_MEDIUM[item.medium] if name in self.format_fields] or [item.medium]
        return (
            PlatformSlot(item, moment, formats[0 if rng.chance(_FIRST_FORMAT_PROBABILITY) else -1])
            if moment < scene.until
            else None
        )

    def _post(self, scene: SyntheticScene, slot: PlatformSlot, rank: int) -> dict[str, Any]:
        generators = self.generators
        if choices := self.format_fields.get(slot.format):
            generators = generators | choices[slot.item.number % len(choices)]
        draft = PostDraft(
            platform=self.platform, profile=self.profile, generators=generators, scene=scene, slot=slot, rank=rank
        )
        post: dict[str, Any] = {}
        for path, steps, tests in self.sent:
            if not any(test(draft) for test in tests) and (value := draft[path]) is not None:
                set_at_path(post, steps, value)
        return post

    def _missing_tests(self, column: Column) -> list[MissingTest]:
        """Return tests for the posts without this column, by its declaration and by the profile."""
        tests = missing_when(column)
        if start := self.profile.since.get(column.path):
            tests.append(lambda draft: draft.date < start)
        if formats := self.profile.only_formats.get(column.path, column.formats):
            tests.append(lambda draft: draft.format not in formats)
        elif KnownGap.OTHER_KIND_OF_MEDIA in column.gaps:
            tests.append(lambda draft: not draft.is_video)
        return tests
