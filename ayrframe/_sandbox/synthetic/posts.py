"""A platform's declarations and its sketch, put together: out come posts as the API sends them."""

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

# Which formats can show an item of a medium, the likeliest first. A network without formats takes the medium as it is.
_FORMATS = {
    "video": ("reel", "video"),
    "image": ("image",),
    "carousel": ("carousel", "image"),
    "story": ("story", "image"),
    "link": ("link", "text", "image"),
    "text": ("text", "image"),
}
_LIKELIEST = 0.75
_MINUTES_APART = 35
MAX_POSTS = 250  # More posts than this make a busier calendar and not ever older posts.


class PostGenerator:
    """Makes the posts of one platform."""

    def __init__(self, platform: Platform, sketch: SyntheticProfile) -> None:
        self.platform, self.sketch = platform, sketch
        columns = sent_by(platform)
        renamed = {column.fills for column in columns}
        self.makers = {column.path: sketch.columns.get(column.path) or default_generator(column) for column in columns}
        self.sent = [
            (column.path, column.path.split("."), self._left_out(column))
            for column in columns
            if column.name not in renamed
        ]
        self.marks: dict[str, list[dict[str, ValueGenerator]]] = {}
        for form in platform.formats:
            if not form.values:
                continue  # what only signs tell follows from the media that the sketch makes
            marks = {path: constant(value) for path, value in form.values.items()}
            self.marks.setdefault(form.name, []).append(marks)

    def posts(self, scene: SyntheticScene, count: int) -> list[dict[str, Any]]:
        """Return so many posts, newest first."""
        a_day = max(1, -(-count // MAX_POSTS))
        taken = (slot for item in iter_calendar(scene, a_day) if (slot := self._slot(scene, item)))
        slots = sorted(islice(taken, count), key=lambda slot: slot.moment, reverse=True)
        return [self._post(scene, slot, rank) for rank, slot in enumerate(slots)]

    def _slot(self, scene: SyntheticScene, item: CalendarItem) -> PlatformSlot | None:
        """Return when and how the network publishes an item, or None if it does not, or not yet."""
        share = self.sketch.takes.get(item.medium, 0)
        dice = NamedRng("slot", scene.seed, self.platform.name, item.number)
        if not dice.chance(1 if share and item.campaign else share):
            return None
        moment = item.moment + timedelta(milliseconds=dice.whole(0, _MINUTES_APART * 60_000))
        formats = [name for name in _FORMATS[item.medium] if name in self.marks] or [item.medium]
        return (
            PlatformSlot(item, moment, formats[0 if dice.chance(_LIKELIEST) else -1]) if moment < scene.until else None
        )

    def _post(self, scene: SyntheticScene, slot: PlatformSlot, rank: int) -> dict[str, Any]:
        makers = self.makers
        if marks := self.marks.get(slot.format):
            makers = makers | marks[slot.item.number % len(marks)]
        draft = PostDraft(platform=self.platform, sketch=self.sketch, makers=makers, scene=scene, slot=slot, rank=rank)
        post: dict[str, Any] = {}
        for path, steps, tests in self.sent:
            if not any(test(draft) for test in tests) and (value := draft[path]) is not None:
                set_at_path(post, steps, value)
        return post

    def _left_out(self, column: Column) -> list[MissingTest]:
        """Return when the API does not send a column: by its declaration, and by what the sketch adds."""
        tests = missing_when(column)
        if start := self.sketch.since.get(column.path):
            tests.append(lambda draft: draft.day < start)
        if formats := self.sketch.only.get(column.path, column.formats):
            tests.append(lambda draft: draft.format not in formats)
        elif KnownGap.OTHER_KIND_OF_MEDIA in column.gaps:
            tests.append(lambda draft: not draft.is_video)
        return tests
