"""Ways to make a value: the words in which sketches, and the rules for columns without a sketch, are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ayrframe._sandbox.synthetic.profile import Draft, Maker

DIGITS = "0123456789"
HEX = DIGITS + "abcdef"
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

_SIZES = ((1080, 1080), (1080, 1350), (1920, 1080), (1280, 720))
_UPRIGHT = (1080, 1920)
_WITH_MILLISECONDS = 0.4


# Time.
def written(moment: datetime, *, milliseconds: bool) -> str:
    """Return a moment as this API writes it; both spellings occur on one network."""
    return (
        moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds" if milliseconds else "seconds")
        + "Z"
    )


def published(draft: Draft) -> str:
    """Make the moment of the post."""
    return written(draft.moment, milliseconds=draft.dice.chance(_WITH_MILLISECONDS))


def last_read(draft: Draft) -> str:
    """Make the moment when Ayrshare read the post, some minutes before it answered."""
    waited = timedelta(seconds=draft.dice.between(0, min(7200, draft.hours * 3600)))
    return written(draft.scene.until - waited, milliseconds=True)


def after(path: str, minutes: float) -> Maker:
    """Make a moment that follows another one of the post; absent where that is."""

    def make(draft: Draft) -> str | None:
        start = draft[path]
        return start and written(datetime.fromisoformat(start) + timedelta(minutes=minutes), milliseconds="." in start)

    return make


# Numbers.
def seen(share: float = 1) -> Maker:
    """Make a number that is this share of all the times the post was seen."""
    return lambda draft: draft.dice.rounded(draft.exposure * share)


def part(of: str, share: float, *, spread: float = 0.35) -> Maker:
    """Make a number that is about this share of another, and never more than that."""

    def make(draft: Draft) -> int:
        whole: int = draft[of]
        return min(whole, draft.dice.rounded(whole * share * draft.dice.spread(spread)))

    return make


def total(*paths: str) -> Maker:
    """Make the sum of other numbers."""
    return lambda draft: sum(draft[path] for path in paths)


def whole(low: int, high: int) -> Maker:
    """Make a whole number in this range."""
    return lambda draft: draft.dice.whole(low, high)


def kinds(of: str, share: float, weights: dict[str, float]) -> Maker:
    """Make an object of counts by kind, all together about this share of another number."""

    def make(draft: Draft) -> dict[str, int]:
        return draft.dice.split(part(of, share)(draft), weights)

    return make


# Texts and addresses.
def caption(draft: Draft) -> str:
    """Make the text: the same on every network, with as much beside it as there is room and custom for."""
    text = draft.item.lead
    tags = " ".join(f"#{tag}" for tag in draft.item.tags[: draft.sketch.tags])
    for more, gap in ((draft.item.story, "\n\n"), (draft.link, " "), (tags, " ")):
        if more and len(text) + len(gap) + len(more) <= draft.sketch.limit:
            text += gap + more
    return text


def site_link(draft: Draft) -> str:
    """Make the address on the brand's own site."""
    return draft.item.link


def handle(draft: Draft) -> str:
    """Make the user name."""
    return draft.scene.brand.handle


def brand_name(draft: Draft) -> str:
    """Make the display name of the account."""
    return draft.scene.brand.name


def pattern(template: str) -> Maker:
    """Make a text from other values: `{id}` is that column, `{handle}` the user name."""

    def make(draft: Draft) -> str:
        return template.format_map(_Names(draft))

    return make


class _Names(dict[str, str]):
    def __init__(self, draft: Draft) -> None:
        super().__init__(handle=draft.scene.brand.handle)
        self.draft = draft

    def __missing__(self, path: str) -> Any:
        return self.draft[path]


def token(alphabet: str, length: int, start: str = "") -> Maker:
    """Make a name without meaning: a fixed start and so many characters."""
    return lambda draft: start + draft.dice.token(alphabet, length)


def snowflake(epoch: datetime, bits: int, start: str = "") -> Maker:
    """Make an id that begins with the milliseconds since an epoch and ends with so many bits of chance."""

    def make(draft: Draft) -> str:
        milliseconds = (draft.moment - epoch) // timedelta(milliseconds=1)
        return f"{start}{(milliseconds << bits) + draft.dice.whole(0, 2**bits - 1)}"

    return make


def same(path: str) -> Maker:
    """Make what another column says."""
    return lambda draft: draft[path]


def always(value: Any) -> Maker:
    """Make one value for every post."""
    return lambda _draft: value


# Media.
def picture(draft: Draft) -> str:
    """Make the address of a picture."""
    return _file(draft, "jpg")


def film(draft: Draft) -> str:
    """Make the address of a video."""
    return _file(draft, "mp4")


def media_file(draft: Draft) -> str:
    """Make the address of the post's medium."""
    return film(draft) if draft.is_video else picture(draft)


def _file(draft: Draft, ending: str) -> str:
    return f"https://media.{draft.platform.name}.example/{draft.dice.token(HEX, 16)}.{ending}"


def size(draft: Draft) -> tuple[int, int]:
    """Return width and height of a medium."""
    return _UPRIGHT if draft.is_video else draft.dice.pick(_SIZES)


def album(draft: Draft, *, films: float = 0.25, most: int = 5) -> list[bool]:
    """Return for each medium of a carousel whether it is a video."""
    return [draft.dice.chance(films) for _ in range(draft.dice.whole(2, most))]


# Circumstances.
def sometimes(share: float, maker: Maker) -> Maker:
    """Make it for this share of the posts."""
    return lambda draft: maker(draft) if draft.dice.chance(share) else None


def on(form: str, maker: Maker, otherwise: Any = None) -> Maker:
    """Make it for posts of one format, and something fixed for all others."""
    return lambda draft: maker(draft) if draft.format == form else otherwise
