"""Generate single values; profiles and default generators are built from these functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ayrframe._sandbox.synthetic.profile import PostDraft, ValueGenerator

DIGITS = "0123456789"
HEX = DIGITS + "abcdef"
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

_MEDIA_SIZES = ((1080, 1080), (1080, 1350), (1920, 1080), (1280, 720))
_PORTRAIT_SIZE = (1080, 1920)
_MILLISECONDS_PROBABILITY = 0.4


# Time.
def format_time(moment: datetime, *, milliseconds: bool) -> str:
    """Format a time as the API does, with or without milliseconds."""
    timespec = "milliseconds" if milliseconds else "seconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=timespec) + "Z"


def publish_time(draft: PostDraft) -> str:
    """Generate the publication time."""
    return format_time(draft.moment, milliseconds=draft.rng.chance(_MILLISECONDS_PROBABILITY))


def last_read_time(draft: PostDraft) -> str:
    """Generate the time when Ayrshare read the post, at most two hours before the response."""
    waited = timedelta(seconds=draft.rng.uniform(0, min(7200, draft.age_hours * 3600)))
    return format_time(draft.scene.until - waited, milliseconds=True)


def time_after(path: str, minutes: float) -> ValueGenerator:
    """Generate a time a number of minutes after another column; missing where that column is missing."""

    def make(draft: PostDraft) -> str | None:
        if (start := draft[path]) is None:
            return None
        later = datetime.fromisoformat(start) + timedelta(minutes=minutes)
        return format_time(later, milliseconds="." in start)

    return make


# Numbers.
def share_of_views(share: float = 1) -> ValueGenerator:
    """Generate an integer that is a share of the views of the post."""
    return lambda draft: draft.rng.round_randomly(draft.exposure * share)


def share_of(path: str, share: float, *, spread: float = 0.35) -> ValueGenerator:
    """Generate an integer that is about this share of another column, and at most its value."""
    return lambda draft: min(draft[path], draft.rng.round_randomly(draft[path] * share * draft.rng.lognormal(spread)))


def sum_of(*paths: str) -> ValueGenerator:
    """Generate the sum of other columns."""
    return lambda draft: sum(draft[path] for path in paths)


def counts_by_kind(path: str, share: float, weights: Mapping[str, float]) -> ValueGenerator:
    """Generate a mapping of counts by kind, in total about this share of another column."""
    total = share_of(path, share)
    return lambda draft: draft.rng.split(total(draft), weights)


def split_of(path: str, weights: Mapping[str, float]) -> ValueGenerator:
    """Generate a mapping of integers whose sum is another column."""
    return lambda draft: draft.rng.split(draft[path], weights)


# Texts and URLs.
def caption_text(draft: PostDraft) -> str:
    """Generate the text: the item's opening, then paragraph, link and hashtags as far as the platform allows."""
    text = draft.item.opening
    tags = " ".join(f"#{tag}" for tag in draft.item.tags[: draft.profile.max_tags])
    for more, gap in ((draft.item.paragraph, "\n\n"), (draft.link, " "), (tags, " ")):
        if more and len(text) + len(gap) + len(more) <= draft.profile.max_characters:
            text += gap + more
    return text


def site_url(draft: PostDraft) -> str:
    """Generate a URL on the brand's site."""
    return draft.item.link


def random_token(alphabet: str, length: int, start: str = "") -> ValueGenerator:
    """Generate a fixed start followed by random characters of an alphabet."""
    return lambda draft: start + draft.rng.token(alphabet, length)


def snowflake_id(epoch: datetime, start: str = "") -> ValueGenerator:
    """Generate an id of the milliseconds since an epoch, followed by 22 random bits."""

    def make(draft: PostDraft) -> str:
        milliseconds = (draft.moment - epoch) // timedelta(milliseconds=1)
        return f"{start}{(milliseconds << 22) + draft.rng.integer(0, 2**22 - 1)}"

    return make


def copy_of(path: str) -> ValueGenerator:
    """Generate the value of another column."""
    return lambda draft: draft[path]


def constant(value: Any) -> ValueGenerator:
    """Generate the same value for every post."""
    return lambda _draft: value


# Media.
def image_url(draft: PostDraft) -> str:
    """Generate the URL of an image."""
    return f"https://media.{draft.platform.name}.example/{draft.rng.token(HEX, 16)}.jpg"


def video_url(draft: PostDraft) -> str:
    """Generate the URL of a video."""
    return f"https://media.{draft.platform.name}.example/{draft.rng.token(HEX, 16)}.mp4"


def media_url(draft: PostDraft) -> str:
    """Generate the URL of the post's video or image."""
    return video_url(draft) if draft.is_video else image_url(draft)


def media_size(draft: PostDraft) -> tuple[int, int]:
    """Return the width and height of a medium, in pixels."""
    return _PORTRAIT_SIZE if draft.is_video else draft.rng.choice(_MEDIA_SIZES)


def carousel_flags(draft: PostDraft, *, video_share: float = 0.25) -> list[bool]:
    """Return, for each medium of a carousel, whether it is a video."""
    return [draft.rng.chance(video_share) for _ in range(draft.rng.integer(2, 5))]


# Conditions.
def with_probability(share: float, generator: ValueGenerator) -> ValueGenerator:
    """Generate a value for a share of the posts; it is missing on the others."""
    return lambda draft: generator(draft) if draft.rng.chance(share) else None
