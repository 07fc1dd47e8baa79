"""Turn texts of posts into labels: one short line that the font can draw and matplotlib does not interpret."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from itertools import accumulate
from typing import TYPE_CHECKING, Any, ParamSpec

import pandas as pd

from ayrframe._plots.layout import make_room
from ayrframe.errors import WARNING_COLLECTOR, warn_user

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
_UNUSABLE_FONTS = re.compile(r"^cm[a-z]+10$|^STIX(NonUnicode|Size)|Last ?Resort|Color|Twemoji|Blank")
_SECOND_CHOICE = re.compile("Serif|Mono|Condensed|Display|Fallback|Song|Ming|Myungjo|Batang")
# Fonts draw Chinese characters as one of these languages does; Japanese and Korean texts also have other letters.
_JAPANESE, _KOREAN = re.compile("[\u3040-\u30ff]"), re.compile("[\u1100-\u11ff\uac00-\ud7af]")
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


def distinct_labels(
    texts: Sequence[object], times: Sequence[object], width: int, groups: Sequence[object] | None = None
) -> list[str]:
    """Return labels of at most about `width` characters; equal ones within a group get details.

    The details are the date of the post, then its time in UTC, then a number.
    """
    groups = [None] * len(texts) if groups is None else groups
    labels, details = [shorten_label(text, width) for text in texts], [""] * len(texts)
    stamps = [time if isinstance(time, pd.Timestamp) and not pd.isna(time) else None for time in times]
    for form in ("%Y-%m-%d", "%H:%M", ""):
        counts = Counter(zip(groups, labels, strict=True))
        seen = Counter[tuple[object, str]]()
        for number, (group, label, stamp) in enumerate(zip(groups, tuple(labels), stamps, strict=True)):
            seen[group, label] += 1
            detail = "" if form and stamp is None else f"{stamp:{form}}" if form else f"({seen[group, label]})"
            if counts[group, label] > 1 and detail and detail not in label:
                details[number] += f" {detail}"
                labels[number] = shorten_label(texts[number], max(width - len(details[number]), 4)) + details[number]
    return labels


def replace_missing_glyphs(text: str, font: FontProperties) -> tuple[str, list[str]]:
    """Return a text that can be drawn, and the families to draw it with: those of the font, then others as needed.

    Characters that no installed font has are replaced by `□` and reported.
    """
    families, drawn = list(font.get_family()), list[str]()
    language = "JP" if _JAPANESE.search(text) else "KR" if _KOREAN.search(text) else "SC"
    drawable = _drawable_characters(font)
    for character in text:
        if ord(character) in drawable or character.isspace():
            drawn.append(character)
        elif fallback := find_family(ord(character), language):
            drawn.append(character)
            families += [fallback] if fallback not in families else []
        elif character not in _JOINERS:
            drawn.append(_MISSING_GLYPH if ord(_MISSING_GLYPH) in drawable else "?")
            _missing_characters.get(set()).add(character)
    return "".join(drawn), families


def warns_once(method: Callable[Arguments, Axes]) -> Callable[Arguments, Axes]:
    """Return a plot method that gives each warning once, and one of all characters that it replaces."""

    @wraps(method)
    def draw(*args: Arguments.args, **options: Arguments.kwargs) -> Axes:
        missing, messages = set[str](), list[str]()
        token = _missing_characters.set(missing)
        collector = WARNING_COLLECTOR.set(lambda warning: messages.append(str(warning)))
        try:
            ax = method(*args, **options)
            make_room(ax)
        finally:
            WARNING_COLLECTOR.reset(collector)
            _missing_characters.reset(token)
            # A plot reads its table and its metrics from the same posts, so both give the same warnings.
            for message in dict.fromkeys(messages):
                warn_user(message)
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
def find_family(code: int, language: str = "") -> str | None:
    """Return the family of an installed font that has a code point, if possible that of a language, such as "JP"."""
    from matplotlib.font_manager import get_font

    families = _installed_families()
    for family in sorted(families, key=lambda name: bool(language) and not name.endswith(f" {language}")):
        path = families[family]
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
    return dict(sorted(fonts.items(), key=lambda font: (_SECOND_CHOICE.search(font[0]) is not None, font[0])))


@cache
def _blocks_of(path: str) -> frozenset[int]:
    """Return the blocks of code points of which a font has some; smaller than the set of its code points."""
    from matplotlib.font_manager import get_font

    try:
        return frozenset(code // _BLOCK for code in get_font(path).get_charmap())
    except (OSError, RuntimeError):  # removed after matplotlib listed it, or without outlines
        return frozenset()


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
