"""Count and list the parts of texts: characters, words, lines, hashtags, mentions, links and emoji."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.key import post_keys
from ayrframe._frame.to_arrow import add_missing_columns, to_arrow
from ayrframe._platforms.columns import POST
from ayrframe.errors import quote, suggest, warn_user

TEXT_PARTS = ("hashtags", "mentions", "links", "emoji")

# Scripts without spaces between words: a mention may follow such a letter, and a link ends before it.
_UNSPACED_SCRIPTS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u3000-\u30FF\uFF00-\uFF65"
_EMOJI_CHARACTERS = r"\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\uFE0F\u20E3"
_LINK_CHARACTER = rf"[^\s\p{{Cc}}\p{{Cf}}\p{{Cs}}<>\"“”„«»(){_UNSPACED_SCRIPTS}\p{{Hangul}}{_EMOJI_CHARACTERS}]"
_HASHTAG_CHARACTER = r"[[\p{L}\p{M}\p{N}_]--[\uFE0E\uFE0F\u20E3]]"
_BEFORE_MENTION = rf"[[\p{{L}}\p{{M}}\p{{N}}_+%/@]--[\uFE0E\uFE0F\u20E3{_UNSPACED_SCRIPTS}]]"
_PATTERNS = {
    "links": rf"(?<![A-Za-z0-9_@])(?:[Hh][Tt][Tt][Pp][Ss]?://(?=[\p{{L}}\p{{N}}\[])|[Ww][Ww][Ww]\.(?=[\p{{L}}\p{{N}}-]++\.\p{{L}}))"
    rf"(?:{_LINK_CHARACTER}|\({_LINK_CHARACTER}*+\))++",
    # Several hashtags may follow each other without spaces; after a letter, as in C#, `#` does not begin one.
    "hashtags": rf"(?<!{_HASHTAG_CHARACTER}|&)(?:(?P<one>[#＃](?=[\p{{M}}\p{{N}}_]*+\p{{L}})"
    rf"(?:{_HASHTAG_CHARACTER}|[\u200C\u200D\u00B7\u30FB](?=\p{{L}}))++))+",
    # Either a domain, which may contain hyphens, or a name, which may contain dots.
    "mentions": rf"(?<!{_BEFORE_MENTION})[@＠](?=[0-9._-]*+[A-Za-z])"
    r"(?:(?:[A-Za-z0-9-]++\.){1,9}[A-Za-z]{2,}+(?![A-Za-z0-9_-])|[A-Za-z0-9_]++(?:\.[A-Za-z0-9_]++)*+)",
    # Match flags separately: `\X` scans back to the start of a run of flags at each of them.
    "characters": r"\p{Regional_Indicator}{2}[\p{M}\u200D\p{Emoji_Modifier}]*+|\X",
    "words": r"(?w)\b\p{Pc}*+[\p{L}\p{N}]",
    "emoji": r"\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|(?![0-9#*\p{Regional_Indicator}])"
    r"(?:\p{Emoji_Presentation}(?!\uFE0E)|\p{Emoji}[\uFE0F\p{Emoji_Modifier}]"
    r"|\p{Extended_Pictographic}\u200D\p{Extended_Pictographic})",
}
# Characters that are graphemes of their own between two others of them, and no emoji: most of Latin, Greek, Cyrillic,
# Hebrew, Arabic, Chinese, Japanese and Korean texts. Only the rest is split by `regex`, with the characters around it.
SIMPLE_CHARACTERS = (
    "\n\x20-\x7e\xa1-\xa8\xaa-\xac\xaf-\u02ff\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u0621-\u064a"
    "\u2010-\u2027\u2030-\u203b\u3001-\u3029\u3041-\u3096\u30a0-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d"
)
_SIMPLE, _OTHER = f"[{SIMPLE_CHARACTERS}]", f"[^{SIMPLE_CHARACTERS}]"
_OTHER_RUN = re.compile(f"{_SIMPLE}?{_OTHER}+(?:{_SIMPLE}{_OTHER}+)*{_SIMPLE}?")
_LINK_START = re.compile(r"https?://|www\.", re.IGNORECASE)
_TRAILING_PUNCTUATION = ".,:;!?…'’‘´`*|^]}›"


def text_features(posts: pd.DataFrame, part: str | None = None) -> pd.DataFrame:
    """Return the counts of the parts of each text, or the occurrences of one part.

    characters
        Grapheme clusters, so a letter with its accents, a flag or a family emoji counts as one.
    words
        Segments with a letter or digit between Unicode's default word boundaries. Links do not count; a hashtag
        counts as one. Scripts without spaces are not segmented by a dictionary: each Chinese, Japanese or Thai letter
        is a word, a run of katakana is one word.
    lines
        A line break at the end does not begin another line.
    hashtags
        In any script, with at least one letter, not inside a link or a word such as C#.
    mentions
        Latin letters, digits, `_` and inner dots, or a domain; not inside an e-mail address.
    links
        Beginning with http://, https:// or www., without trailing punctuation. As on the platforms, letters of scripts
        without spaces and emoji end a link.
    emoji
        Characters with emoji presentation by Unicode's default or by a variation selector: ❤, ©, # and digits count
        only in ❤️, ©️, #️⃣ and 1️⃣.
    """
    if part is not None and part not in TEXT_PARTS:
        similar = suggest(part, TEXT_PARTS)
        raise ValueError(f"Unknown part {quote(str(part))}.{similar} Choose from: {', '.join(TEXT_PARTS)}.")
    if POST.name not in posts.columns:
        warn_user("The frame lacks the column 'post', so the posts have no texts.")
    latest = add_missing_columns(latest_observations(posts))
    key = post_keys(latest).reset_index(drop=True)
    texts = to_arrow(latest, POST, np.arange(len(latest))).to_pylist()
    if part is not None:
        values = map_texts(lambda text: _find_parts(text)[0][part], texts, [])
        table = key.loc[key.index.repeat([len(found) for found in values])].reset_index(drop=True)
        positions = pd.array([position for found in values for position in range(len(found))], dtype="Int64")
        return table.assign(position=positions, value=pd.array([*chain.from_iterable(values)], dtype="str"))
    names = ["characters", "words", "lines", *TEXT_PARTS]
    counts = np.array(map_texts(_count_parts, texts, [0] * len(names)), np.int64).reshape(len(texts), len(names))
    is_missing = np.array([text is None for text in texts], dtype=bool)
    columns = {name: pd.arrays.IntegerArray(counts[:, i].copy(), is_missing.copy()) for i, name in enumerate(names)}
    return pd.concat([key, pd.DataFrame(columns, index=key.index)], axis=1)


def strip_parts(text: str) -> str:
    """Return a text without its hashtags, mentions, links and emoji."""
    rest = _find_links(text)[1]
    if "#" in rest or "＃" in rest:
        rest = _pattern("hashtags").sub(" ", rest)
    if "@" in rest or "＠" in rest:
        rest = _pattern("mentions").sub(" ", rest)
    return _OTHER_RUN.sub(lambda run: _without_emoji(run[0]), rest)


def map_texts(function: Callable[[str], Any], texts: Collection[str | None], missing: Any = None) -> list[Any]:
    """Return the value of each text, computed once per different text; `missing` for missing ones."""
    values = {text: missing if text is None else function(text) for text in dict.fromkeys(texts)}
    return [values[text] for text in texts]


def _count_parts(text: str) -> list[int]:
    parts, rest = _find_parts(text)
    words = sum(map(_count_words, rest.replace("\n", " ").split(" ")))
    joined = sum(len(run) - len(_graphemes(run)) for run in _OTHER_RUN.findall(text))
    return [len(text) - joined, words, len(text.splitlines()), *map(len, parts.values())]


def _find_links(text: str) -> tuple[list[str], str]:
    """Return the links in a text, and the text without them."""
    start = _LINK_START.search(text)
    if start is None:
        return [], text
    links, between, end = [], [], 0
    for match in _pattern("links").finditer(text, start.start()):
        links.append(match.group().rstrip(_TRAILING_PUNCTUATION))
        between.append(text[end : match.start()])
        end = match.start() + len(links[-1])
    return links, " ".join([*between, text[end:]])


def _find_parts(text: str) -> tuple[dict[str, list[str]], str]:
    """Return the parts of a text, as written and in order, and the text without its links, which contain no parts."""
    links, rest = _find_links(text)
    hashtags, mentions = [], []
    if "#" in rest or "＃" in rest:
        hashtags = [tag for match in _pattern("hashtags").finditer(rest) for tag in match.captures("one")]
    if "@" in rest or "＠" in rest:
        mentions = [match.group() for match in _pattern("mentions").finditer(rest)]
    emoji = [grapheme for run in _OTHER_RUN.findall(rest) for grapheme in _graphemes(run) if _is_emoji(grapheme)]
    return dict(zip(TEXT_PARTS, (hashtags, mentions, links, emoji), strict=True)), rest


@lru_cache(maxsize=4096)
def _graphemes(run: str) -> list[str]:
    graphemes: list[str] = _pattern("characters").findall(run)
    return graphemes


@lru_cache(maxsize=4096)
def _without_emoji(run: str) -> str:
    return "".join(" " if _is_emoji(grapheme) else grapheme for grapheme in _graphemes(run))


@lru_cache(maxsize=16384)
def _count_words(token: str) -> int:
    """Return the number of words in a text without spaces; no word extends over a space."""
    return len(_pattern("words").findall(token))


@lru_cache(maxsize=4096)
def _is_emoji(grapheme: str) -> bool:
    return not grapheme.isascii() and _pattern("emoji").match(grapheme) is not None


@cache
def _pattern(name: str) -> Any:
    """Compile a pattern with `regex`, which supports Unicode properties and boundaries, unlike `re`."""
    import regex

    return regex.compile(_PATTERNS[name], regex.VERSION1)
