"""Count and list the parts of texts: characters, words, lines, hashtags, mentions, links and emoji."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import IntArray
from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.key import post_keys
from ayrframe._frame.to_arrow import add_missing_columns, to_arrow
from ayrframe._platforms.columns import POST
from ayrframe.errors import quote, suggest, warn_user

TEXT_PARTS = ("hashtags", "mentions", "links", "emoji")
_FEATURES = ("characters", "words", "lines", *TEXT_PARTS)

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
    texts = to_arrow(latest, POST, np.arange(len(latest))).dictionary_encode()
    tokens = _Tokens.split(texts.dictionary)
    # Missing texts have the position -1, which is a row of zeros after the last text.
    text_of_post = texts.indices.fill_null(-1).to_numpy()
    if part is not None:
        counts, values = tokens.occurrences(part)
        repeats = np.append(counts, 0)[text_of_post]
        table = key.loc[key.index.repeat(repeats)].reset_index(drop=True)
        positions = np.arange(len(table)) - np.repeat(repeats.cumsum() - repeats, repeats)
        found = values.take(texts.indices.drop_null()).flatten()
        return table.assign(position=pd.array(positions, dtype="Int64"), value=pd.array(found, dtype="str"))
    sums = tokens.counts()
    sums["lines"] = np.array([len(text.splitlines()) for text in texts.dictionary.to_pylist()], dtype=np.int64)
    is_missing = text_of_post < 0
    columns = {
        name: pd.arrays.IntegerArray(np.append(sums[name], 0)[text_of_post], is_missing.copy()) for name in _FEATURES
    }
    return pd.concat([key, pd.DataFrame(columns, index=key.index)], axis=1)


class _Tokens(NamedTuple):
    """Texts split at spaces and line breaks.

    No part and no word extends over these, so each different token is searched once: most words, hashtags and emoji
    occur in many texts.
    """

    different: list[str]
    codes: IntArray  # positions in `different`
    starts: IntArray  # position of the first token of each text

    @classmethod
    def split(cls, texts: pa.Array) -> _Tokens:
        """Split texts; each has at least one token, which may be empty."""
        spaced = pc.replace_substring(pc.replace_substring(texts, "\r\n", "\n"), "\n", " ")
        lists = pc.split_pattern(spaced, " ")
        tokens = cls._of_lists(lists)
        is_joined = np.array(list(map(_is_joined, tokens.different)), dtype=bool)
        if not is_joined.any():
            return tokens
        whole = pa.ListArray.from_arrays(np.arange(len(texts) + 1, dtype=np.int32), texts)
        is_whole = np.logical_or.reduceat(is_joined[tokens.codes], tokens.starts)
        return cls._of_lists(pc.if_else(pa.array(is_whole), whole, lists))

    @classmethod
    def _of_lists(cls, lists: pa.Array) -> _Tokens:
        encoded = lists.flatten().dictionary_encode()
        return cls(encoded.dictionary.to_pylist(), encoded.indices.to_numpy(), lists.offsets.to_numpy()[:-1])

    def counts(self) -> dict[str, IntArray]:
        """Return the numbers of characters, words and parts of each text."""
        names = ("characters", "words", *TEXT_PARTS)
        counted = np.array(list(map(_count_parts, self.different)), np.int64).reshape(-1, len(names))
        result = {name: self._sum(counted[self.codes, i]) for i, name in enumerate(names)}
        result["characters"] += np.diff(self.starts, append=len(self.codes)) - 1  # spaces and line breaks
        return result

    def occurrences(self, part: str) -> tuple[IntArray, pa.Array]:
        """Return the number of occurrences of a part in each text, and a list of them."""
        found = [_find_parts(token)[0][part] for token in self.different]
        counts = np.array(list(map(len, found)), np.int64)[self.codes]
        values = pa.array(found, pa.large_list(pa.large_string())).take(self.codes[counts > 0]).flatten()
        of_text = self._sum(counts)
        return of_text, pa.LargeListArray.from_arrays(np.append(0, of_text.cumsum()), values)

    def _sum(self, counts: IntArray) -> IntArray:
        """Return the sum for each text of the counts of its tokens."""
        return np.add.reduceat(counts, self.starts)


def strip_parts(text: str) -> str:
    """Return a text without its hashtags, mentions, links and emoji."""
    rest = _find_links(text)[1]
    if "#" in rest or "＃" in rest:
        rest = _pattern("hashtags").sub(" ", rest)
    if "@" in rest or "＠" in rest:
        rest = _pattern("mentions").sub(" ", rest)
    return _OTHER_RUN.sub(lambda run: _without_emoji(run[0]), rest)


def _is_joined(token: str) -> bool:
    """Return whether a space next to a token is part of its first or last character."""
    return not token.isascii() and _count_characters(f" {token} ") != _count_characters(token) + 2


def _count_parts(text: str) -> list[int]:
    parts, rest = _find_parts(text)
    words = sum(len(_pattern("words").findall(token)) for token in rest.replace("\n", " ").split(" "))
    return [_count_characters(text), words, *map(len, parts.values())]


def _count_characters(text: str) -> int:
    return len(text) - sum(len(run) - len(_graphemes(run)) for run in _OTHER_RUN.findall(text))


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


@lru_cache(maxsize=4096)
def _is_emoji(grapheme: str) -> bool:
    return not grapheme.isascii() and _pattern("emoji").match(grapheme) is not None


@cache
def _pattern(name: str) -> Any:
    """Compile a pattern with `regex`, which supports Unicode properties and boundaries, unlike `re`."""
    import regex

    return regex.compile(_PATTERNS[name], regex.VERSION1)
