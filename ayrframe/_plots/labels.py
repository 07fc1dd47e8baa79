"""Turn texts of posts into labels: one short line that the font can draw and matplotlib does not interpret."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

# Posts contain `$` and `\`, which matplotlib would otherwise read as mathematics or LaTeX.
PLAIN_TEXT: dict[str, Any] = {"parse_math": False, "usetex": False}

_MISSING_GLYPH = "□"
_MAX_CHARACTERS = 1000  # that are cleaned; a label shows a few dozen
_MAX_COMBINING = 2  # accents over one letter; more would overlap the neighbouring rows
_JOINERS = "\u200c\u200d"  # Persian and Indian scripts need them

# Families, flags and skin tones are several code points that form one emoji.
_EMOJI = "[\u2190-\u2bff\U0001f000-\U0001faff]"
_SKIN_TONE, _FLAG_LETTER, _TAG = "[\U0001f3fb-\U0001f3ff]", "[\U0001f1e6-\U0001f1ff]", "[\U000e0020-\U000e007f]"
_EMOJI_SEQUENCE = re.compile(
    f"({_FLAG_LETTER}){_FLAG_LETTER}|({_EMOJI})(?:\ufe0f|\u20e3|{_SKIN_TONE}|{_TAG}|\u200d{_EMOJI})+", flags=re.UNICODE
)


def clean_text(text: object) -> str:
    """Return a text as one line, without control and direction characters; emoji sequences become their first emoji."""
    if not isinstance(text, str) or pd.isna(text):
        return ""
    line = _EMOJI_SEQUENCE.sub(lambda match: match[1] or match[2], text[:_MAX_CHARACTERS])
    cleaned: list[str] = []
    combining = 0
    for character in unicodedata.normalize("NFC", line):
        category = unicodedata.category(character)
        combining = combining + 1 if category in {"Mn", "Me"} else 0
        if character.isspace() or category in {"Zl", "Zp"}:
            cleaned.append(" ")
        elif (
            (category[0] != "C" or character in _JOINERS)
            and combining <= _MAX_COMBINING
            and not "\ufe00" <= character <= "\ufe0f"
        ):
            cleaned.append(character)
    return " ".join("".join(cleaned).split())


def shorten_label(text: object, width: int = 44) -> str:
    """Return a text as one clean line of at most `width` characters; wide East Asian characters count twice."""
    line = clean_text(text)
    ends = list(accumulate(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line))
    if not line or ends[-1] <= width:
        return line
    cut = line[: bisect_right(ends, width - 1)]
    whole_words = cut.rpartition(" ")[0]
    return (whole_words if len(whole_words) > len(cut) * 0.7 else cut).rstrip(" ,.;:-") + "…"


def replace_missing_glyphs(text: str, font: FontProperties) -> str:
    """Return a text in which characters that neither the font nor its fallbacks can draw are replaced by `□`."""
    drawable = _drawable_characters(font)
    substitute = _MISSING_GLYPH if ord(_MISSING_GLYPH) in drawable else "?"
    drawn = (character if ord(character) in drawable or character.isspace() else substitute for character in text)
    return "".join("" if new == substitute and old in _JOINERS else new for old, new in zip(text, drawn, strict=True))


def _drawable_characters(font: FontProperties) -> frozenset[int]:
    """Return the code points that matplotlib can draw with the families of a font."""
    from matplotlib.font_manager import FontProperties, fontManager

    paths = []
    for family in font.get_family():
        single_family = FontProperties(family=[family], style=font.get_style(), weight=font.get_weight())
        try:
            paths.append(str(fontManager.findfont(single_family, fallback_to_default=False)))
        except ValueError:
            continue
    return _characters_in_files(tuple(paths or [str(fontManager.findfont(font))]))


@lru_cache(maxsize=16)
def _characters_in_files(paths: tuple[str, ...]) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset().union(*(get_font(path).get_charmap() for path in paths))
