"""Turn texts of posts into labels: one short line that the font can draw and matplotlib does not interpret."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from itertools import accumulate
from typing import TYPE_CHECKING, Any, ParamSpec

import pandas as pd

from ayrframe.errors import warn_user

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

Arguments = ParamSpec("Arguments")

# Posts contain `$` and `\`, which matplotlib would otherwise read as mathematics or LaTeX.
PLAIN_TEXT: dict[str, Any] = {"parse_math": False, "usetex": False}

_MISSING_GLYPH = "□"
_BLOCK = 256  # code points
_SHOWN = 5  # characters of a font in a warning
# TeX fonts have other letters at these code points; the others draw a box, or nothing, for every character.
_UNUSABLE_FONTS = re.compile(r"^cm[a-z]+10$|^STIX(NonUnicode|Size)|Last ?Resort|Color Emoji|Blank")
_CJK_FONTS = dict.fromkeys(
    ("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "BOPOMOFO"), "Noto Sans CJK JP"
) | {"HANGUL": "Noto Sans CJK KR"}
_MAX_CHARACTERS = 1000  # that are cleaned; a label shows a few dozen
_MAX_COMBINING = 2  # accents over one letter; more would overlap the neighbouring rows
_JOINERS = "\u200c\u200d"  # Persian and Indian scripts need them

# Families, flags and skin tones are several code points that form one emoji.
_EMOJI = "[\u2190-\u2bff\U0001f000-\U0001faff]"
_SKIN_TONE, _FLAG_LETTER, _TAG = "[\U0001f3fb-\U0001f3ff]", "[\U0001f1e6-\U0001f1ff]", "[\U000e0020-\U000e007f]"
_EMOJI_SEQUENCE = re.compile(
    f"({_FLAG_LETTER}){_FLAG_LETTER}|({_EMOJI})(?:\ufe0f|\u20e3|{_SKIN_TONE}|{_TAG}|\u200d{_EMOJI})+", flags=re.UNICODE
)


_missing_characters: ContextVar[set[str]] = ContextVar("missing_characters")


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


def replace_missing_glyphs(text: str, font: FontProperties) -> tuple[str, list[str]]:
    """Return a text that can be drawn, and the families to draw it with: those of the font, then others as needed.

    Characters that no installed font has are replaced by `□` and reported.
    """
    families, drawn = list(font.get_family()), list[str]()
    drawable = _drawable_characters(font)
    for character in text:
        if ord(character) in drawable or character.isspace():
            drawn.append(character)
        elif fallback := find_family(ord(character)):
            drawn.append(character)
            families += [fallback] if fallback not in families else []
        elif character not in _JOINERS:
            drawn.append(_MISSING_GLYPH if ord(_MISSING_GLYPH) in drawable else "?")
            _missing_characters.get(set()).add(character)
    return "".join(drawn), families


def reports_missing_glyphs(method: Callable[Arguments, Axes]) -> Callable[Arguments, Axes]:
    """Return a plot method that warns once of all characters that it replaces, naming fonts that have them."""

    @wraps(method)
    def draw(*args: Arguments.args, **options: Arguments.kwargs) -> Axes:
        missing = set[str]()
        token = _missing_characters.set(missing)
        try:
            ax = method(*args, **options)
        finally:
            _missing_characters.reset(token)
        if missing:
            warn_user(_missing_glyphs_message(missing))
        return ax

    return draw


def _missing_glyphs_message(missing: Iterable[str]) -> str:
    fonts: dict[str, list[str]] = {}
    for character in sorted(missing):
        fonts.setdefault(_suggest_font(character), []).append(character)
    names = ", ".join(f"{font} (for {' '.join(found[:_SHOWN])})" for font, found in fonts.items())
    return (
        f"No installed font has {sum(map(len, fonts.values()))} of the characters in this plot; they are drawn as "
        f"{_MISSING_GLYPH}. Install {names}, then delete the folder that matplotlib.get_cachedir() returns."
    )


def _suggest_font(character: str) -> str:
    """Return the name of a free font that has a character."""
    script = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
    if font := _CJK_FONTS.get(script):
        return font
    if unicodedata.category(character)[0] == "L" and script:
        return f"Noto Sans {script.title()}"
    return "Noto Emoji" if re.match(_EMOJI, character) else "Noto Sans Symbols 2"


@lru_cache(maxsize=4096)
def find_family(code: int) -> str | None:
    """Return the family of an installed font that has a code point."""
    from matplotlib.font_manager import get_font

    for family, path in _installed_families().items():
        if code // _BLOCK in _blocks_of(path) and get_font(path).get_char_index(code):
            return family
    return None


@lru_cache(maxsize=1)
def _installed_families() -> dict[str, str]:
    from matplotlib.font_manager import fontManager

    regular = sorted(fontManager.ttflist, key=lambda font: (font.style != "normal", str(font.weight) != "400"))
    fonts: dict[str, str] = {}
    for font in regular:
        if not _UNUSABLE_FONTS.search(font.name):
            fonts.setdefault(font.name, font.fname)
    return dict(sorted(fonts.items()))


@cache
def _blocks_of(path: str) -> frozenset[int]:
    """Return the blocks of code points of which a font has some; smaller than the set of its code points."""
    from matplotlib.font_manager import get_font

    return frozenset(code // _BLOCK for code in get_font(path).get_charmap())


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
