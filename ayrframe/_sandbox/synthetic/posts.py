"""Generate posts of a platform from its declaration and its synthetic profile."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice, takewhile
from typing import Any

from ayrframe._platforms.columns import sent_by
from ayrframe._platforms.spec import Endpoint, Platform
from ayrframe._sandbox.synthetic.calendar import CalendarItem, SyntheticScene, iter_calendar
from ayrframe._sandbox.synthetic.default_generators import default_generator, missing_when, set_at_path
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
    """Generates the posts of one platform as an endpoint sends them."""

    def __init__(self, platform: Platform, profile: SyntheticProfile, endpoint: Endpoint = Endpoint.HISTORY) -> None:
        self.platform, self.profile = platform, profile
        columns = sent_by(platform, endpoint)
        filled = {column.fills for column in columns}
        # Values of one endpoint may follow from those of the other.
        self.generators = {
            column.path: profile.columns.get(column.path) or default_generator(column) for column in sent_by(platform)
        }
        self.sent = [
            (column.path, column.path.split("."), missing_when(column, profile, endpoint))
            for column in columns
            if column.name not in filled
        ]
        self.format_fields: dict[str, list[dict[str, ValueGenerator]]] = {}
        for form in platform.formats:
            if form.values:  # Formats without fixed values are recognised by the generated media.
                fields = {path: constant(value) for path, value in form.values.items()}
                self.format_fields.setdefault(form.name, []).append(fields)

    def posts(self, scene: SyntheticScene, count: int) -> list[dict[str, Any]]:
        """Return `count` posts, latest first."""
        return [self.fields(draft) for draft in self.drafts(scene, count)]

    def drafts(self, scene: SyntheticScene, count: int, oldest: int | None = None) -> list[PostDraft]:
        """Return the drafts of `count` posts, latest first; or of those back to the calendar item of number `oldest`.

        The drafts are the same for both endpoints.
        """
        items_per_day = max(1, -(-count // MAX_POSTS))
        items = iter_calendar(scene, items_per_day)
        if oldest is not None:
            items, count = takewhile(lambda item: item.number >= oldest, items), items_per_day * MAX_POSTS
        found = (draft for item in items if (draft := self._draft(scene, item)))
        drafts = sorted(islice(found, count), key=lambda draft: draft.moment, reverse=True)
        for rank, draft in enumerate(drafts):
            draft.rank = rank
        return drafts

    def _draft(self, scene: SyntheticScene, item: CalendarItem) -> PostDraft | None:
        """Return the draft of an item, some minutes after the item; None if it is not published, or not yet."""
        share = self.profile.publish_shares.get(item.medium, 0)
        rng = NamedRng("slot", scene.seed, self.platform.name, item.number)
        if not rng.chance(1 if share and item.is_campaign else share):
            return None
        moment = item.moment + timedelta(milliseconds=rng.integer(0, _MAX_MINUTES_APART * 60_000))
        if moment >= scene.until:
            return None
        formats = [name for name in _FORMATS_BY_MEDIUM[item.medium] if name in self.format_fields] or [item.medium]
        post_format = formats[0 if rng.chance(_FIRST_FORMAT_PROBABILITY) else -1]
        generators = self.generators
        if choices := self.format_fields.get(post_format):
            generators = generators | choices[item.number % len(choices)]
        return PostDraft(self.platform, self.profile, generators, scene, item, moment, post_format)

    def fields(self, draft: PostDraft) -> dict[str, Any]:
        """Return a post as the endpoint sends it."""
        post: dict[str, Any] = {}
        for path, steps, tests in self.sent:
            if not any(test(draft) for test in tests) and (value := draft[path]) is not None:
                set_at_path(post, steps, value)
        return post
