"""Text of posts → labels: one short line that every font can draw, and nothing in it that matplotlib would obey."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

# Neither mathematics nor LaTeX, whatever the reader's settings: `$` and `\` in a post are a price and a slip.
PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}

SUBSTITUTE = "□"
_LONGEST = 1000  # characters that are looked at; a label shows a few dozen
_MARKS = 2  # accents over one letter; more would climb into the neighbouring rows
_JOINERS = "\u200c\u200d"  # Persian and Indian scripts need them

# A family, a flag, a hand in some colour are several code points and one picture.
_PICTURE = "[\u2190-\u2bff\U0001f000-\U0001faff]"
_SKIN, _FLAG, _TAG = "[\U0001f3fb-\U0001f3ff]", "[\U0001f1e6-\U0001f1ff]", "[\U000e0020-\U000e007f]"
_PICTURES = re.compile(
    f"({_FLAG}){_FLAG}|({_PICTURE})(?:\ufe0f|\u20e3|{_SKIN}|{_TAG}|\u200d{_PICTURE})+", flags=re.UNICODE
)


def clean_text(text: object) -> str:
    """Return a text as one line: no control or direction characters, one space for white space, a picture as one."""
    if not isinstance(text, str) or pd.isna(text):
        return ""
    line = _PICTURES.sub(lambda found: found[1] or found[2], text[:_LONGEST])
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", line):
        category = unicodedata.category(letter)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if letter.isspace() or category in {"Zl", "Zp"}:
            kept.append(" ")
        elif (category[0] != "C" or letter in _JOINERS) and marks <= _MARKS and not "\ufe00" <= letter <= "\ufe0f":
            kept.append(letter)
    return " ".join("".join(kept).split())


def shorten_label(text: object, width: int = 44) -> str:
    """Return a text as one clean line of at most `width` Latin letters; letters of East Asia count twice."""
    line = clean_text(text)
    if sum(map(_width, line)) <= width:
        return line
    room = width - 1
    for place, letter in enumerate(line):
        room -= _width(letter)
        if room < 0:
            return _without_half_word(line[:place]) + "…"
    return line


def _without_half_word(line: str) -> str:
    whole = line.rpartition(" ")[0]
    return (whole if len(whole) > len(line) * 0.7 else line).rstrip(" ,.;:-")


def _width(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def replace_missing_glyphs(text: str, font: FontProperties) -> str:
    """Return a text with a visible substitute for each character that the font, or those behind it, cannot draw."""
    known = _letters_of(font)
    substitute = SUBSTITUTE if ord(SUBSTITUTE) in known else "?"
    drawn = (letter if ord(letter) in known or letter.isspace() else substitute for letter in text)
    return "".join("" if new == substitute and old in _JOINERS else new for old, new in zip(text, drawn, strict=True))


def _letters_of(font: FontProperties) -> frozenset[int]:
    """Return what matplotlib can draw with a font: it tries the families one after the other."""
    from matplotlib.font_manager import FontProperties, fontManager

    paths = []
    for family in font.get_family():
        one = FontProperties(family=[family], style=font.get_style(), weight=font.get_weight())
        try:
            paths.append(str(fontManager.findfont(one, fallback_to_default=False)))
        except ValueError:
            continue
    return _letters_in(tuple(paths or [str(fontManager.findfont(font))]))


@lru_cache(maxsize=16)
def _letters_in(paths: tuple[str, ...]) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset().union(*(get_font(path).get_charmap() for path in paths))
