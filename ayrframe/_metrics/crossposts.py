"""Find content that was published on several platforms, and compare its metrics."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from ayrframe._frame.platform_rows import platforms_in
from ayrframe._metrics.columns import ENGAGEMENT_PARTS, warn_about_dropped_texts
from ayrframe._metrics.frames import check_metric, latest_metrics
from ayrframe._metrics.periods import parse_duration
from ayrframe._metrics.text import strip_parts
from ayrframe._platforms.columns import CREATED, ID, PLATFORM, POST, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS, ER_FOLLOWERS, RATES

# Minimum number of characters of equal texts, and of a text that is a prefix of another.
_MIN_EQUAL_LENGTH, _MIN_PREFIX_LENGTH = 8, 20
# Limits that keep the run time nearly linear: the number of prefixes of a text, and of posts with the same text before
# and after it on one platform, that a post is compared with. Posts written by people stay far below them.
_MAX_PREFIXES, _MAX_NEIGHBORS = 8, 5
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)

PostText = tuple[str, str]  # profile and text
ContentIndex = list[tuple[int, int]]  # times and positions, sorted


class CandidatePost(NamedTuple):
    """Values of a post that decide which content it belongs to; the time is in microseconds."""

    profile: str
    platform: str
    time: int
    text: str


@dataclass(slots=True)
class SharedContent:
    """Posts with the same content: of any two of them, one text begins with the other."""

    positions: list[int]
    platforms: set[str]
    first: int
    last: int
    longest: str


def crossposts(frame: pd.DataFrame, metric: str = ENGAGEMENTS.name, *, window: str = "48h") -> pd.DataFrame:
    """Return content that was published on at least two platforms, the latest first, with the metric of each post.

    Platforms truncate texts and add links, tags and paragraphs, so texts match if one begins with the other. A content
    has one profile, at most one post per platform, and at most the window between its first and last post. If a text
    is published repeatedly, the posts nearest in time are combined.
    """
    check_metric(frame, metric)
    window_us = int(parse_duration(window) // pd.Timedelta(microseconds=1))
    platforms = [platform.name for platform in platforms_in(frame)]
    warn_about_dropped_texts(frame)
    table = latest_metrics(frame, [metric], by=[PROFILE.name])
    table = table[table[POST.name].notna() & table[CREATED.name].notna() & table[PLATFORM.name].isin(platforms)]
    table = table.assign(value=table[metric].astype("float64"), rank=table[PLATFORM.name].map(platforms.index))
    # Sorted, so that the result does not depend on the order of the rows.
    order = [CREATED.name, "rank", PROFILE.name, ID.name, POST.name, "value"]
    table = table.sort_values(order, ignore_index=True)
    times, texts = table[CREATED.name].astype("int64"), _normalize_texts(table[POST.name])
    candidates = map(CandidatePost, table[PROFILE.name], table[PLATFORM.name], times, texts)
    shared = _group_by_content(list(candidates), window_us)
    columns = {"value": "", ID.name: "_id"}
    if metric == ENGAGEMENTS.name or metric in (*RATES, ER_FOLLOWERS):
        columns[ENGAGEMENT_PARTS] = "_parts"
    return _content_table(table, sorted(shared, reverse=True), platforms, columns)


def _normalize_texts(texts: Collection[str]) -> list[str]:
    """Return the letters and digits of each text, without the parts that differ between platforms."""
    normalize = cache(_normalize_token)  # Most words, hashtags and emoji occur in many texts.
    normal = {text: " ".join(filter(None, map(normalize, text.split()))) for text in dict.fromkeys(texts)}
    return [normal[text] for text in texts]


def _normalize_token(token: str) -> str:
    """Return the letters and digits of a part of a text; no hashtag, mention, link or emoji extends over a space."""
    folded = unicodedata.normalize("NFKC", strip_parts(token)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).translate(_LETTER_TABLE).split())


class _LetterTable(dict[int, str]):
    """Translation table: keep letters, marks and digits, drop invisible characters, replace the rest with a space."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        if category == "Cf" or code in _VARIATION_SELECTORS:
            letter = ""
        elif category[0] not in "LMN":
            letter = " "
        self[code] = letter
        return letter


_LETTER_TABLE = _LetterTable()


def _group_by_content(posts: Sequence[CandidatePost], window_us: int) -> list[list[int]]:
    """Return the positions of posts with the same content; the posts are sorted by time."""
    groups: list[list[int]] = []
    for positions in _iter_candidates(posts, window_us):
        candidates = [posts[position] for position in positions]
        if _is_one_content(candidates, window_us):
            groups.append(positions)
        else:
            groups += [[positions[index] for index in group] for group in _match_pairs(candidates, window_us)]
    return groups


def _iter_candidates(posts: Sequence[CandidatePost], window_us: int) -> Iterator[list[int]]:
    """Yield the positions of posts that can have the same content.

    Their texts begin with the same text, and no two consecutive posts are further apart than the window.
    """
    longest = _longest_prefixes({(post.profile, post.text) for post in posts if len(post.text) >= _MIN_EQUAL_LENGTH})
    shortest: dict[PostText, PostText] = {}
    for profile_text, prefix in longest.items():  # A prefix comes before the texts that begin with it.
        shortest[profile_text] = shortest[prefix] if prefix else profile_text
    related: dict[PostText, list[int]] = {}
    for position, post in enumerate(posts):
        if begin := shortest.get((post.profile, post.text)):
            related.setdefault(begin, []).append(position)
    for positions in related.values():
        ends = [
            end
            for end in range(1, len(positions))
            if posts[positions[end]].time - posts[positions[end - 1]].time > window_us
        ]
        yield from (positions[start:end] for start, end in pairwise([0, *ends, len(positions)]) if end - start > 1)


def _is_one_content(posts: Sequence[CandidatePost], window_us: int) -> bool:
    """Return whether any two of these posts, sorted by time, can be merged, so that the order does not matter."""
    texts = sorted({post.text for post in posts}, key=len)
    return (
        len({post.platform for post in posts}) == len(posts)
        and posts[-1].time - posts[0].time <= window_us
        and len(texts) <= _MAX_PREFIXES
        and all(longer.startswith(shorter) for shorter, longer in pairwise(texts))
    )


def _match_pairs(posts: Sequence[CandidatePost], window_us: int) -> list[list[int]]:
    """Return the positions of posts with the same content; the pairs nearest in time are merged first."""
    content_of = [
        SharedContent([position], {post.platform}, post.time, post.time, post.text)
        for position, post in enumerate(posts)
    ]  # fmt: skip
    for *_, first, other in sorted(set(_candidate_pairs(posts, window_us))):
        if _can_merge(content_of[first], content_of[other], window_us):
            _merge(content_of, content_of[first], content_of[other])
    groups = [content.positions for position, content in enumerate(content_of) if content.positions[0] == position]
    return [positions for positions in groups if len(positions) > 1]


def _candidate_pairs(posts: Sequence[CandidatePost], window_us: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield each post with its nearest posts on other platforms whose text is equal to its own or a prefix of it.

    A pair is the time between the two posts, the negative number of shared characters, and the positions of the posts.
    """
    index: dict[PostText, dict[str, ContentIndex]] = {}
    for position, post in enumerate(posts):
        if len(post.text) >= _MIN_EQUAL_LENGTH:
            by_platform = index.setdefault((post.profile, post.text), {})
            by_platform.setdefault(post.platform, []).append((post.time, position))
    longest = _longest_prefixes(index)
    for position, post in enumerate(posts):
        for profile_text in _iter_prefixes((post.profile, post.text), longest):
            for platform, times in index[profile_text].items():
                if platform == post.platform:
                    continue
                nearest = bisect(times, (post.time, position))
                before = reversed(times[max(0, nearest - _MAX_NEIGHBORS) : nearest])
                for neighbors in (before, times[nearest : nearest + _MAX_NEIGHBORS]):
                    for time, other in neighbors:
                        distance = abs(time - post.time)
                        if distance > window_us:
                            break
                        yield distance, -len(profile_text[1]), min(position, other), max(position, other)


def _longest_prefixes(texts: Iterable[PostText]) -> dict[PostText, PostText | None]:
    """Return for each text the longest other text of the same profile that is a prefix of it."""
    longest: dict[PostText, PostText | None] = {}
    prefixes: list[PostText] = []
    for profile_text in sorted(texts):  # Sorting puts a prefix before the texts that begin with it.
        profile, text = profile_text
        while prefixes and not (prefixes[-1][0] == profile and text.startswith(prefixes[-1][1])):
            prefixes.pop()
        longest[profile_text] = prefixes[-1] if prefixes else None
        if len(text) >= _MIN_PREFIX_LENGTH:
            prefixes.append(profile_text)
    return longest


def _iter_prefixes(profile_text: PostText | None, longest: Mapping[PostText, PostText | None]) -> Iterator[PostText]:
    """Yield a text and its prefixes, the longest first."""
    for _ in range(_MAX_PREFIXES + 1):
        if profile_text is None or profile_text not in longest:
            return
        yield profile_text
        profile_text = longest[profile_text]


def _can_merge(first: SharedContent, second: SharedContent, window_us: int) -> bool:
    return (
        first.platforms.isdisjoint(second.platforms)
        and max(first.last, second.last) - min(first.first, second.first) <= window_us
        and (first.longest.startswith(second.longest) or second.longest.startswith(first.longest))
    )


def _merge(content_of: list[SharedContent], target: SharedContent, merged: SharedContent) -> None:
    target.positions = sorted(target.positions + merged.positions)
    target.platforms |= merged.platforms
    target.first, target.last = min(target.first, merged.first), max(target.last, merged.last)
    target.longest = max(target.longest, merged.longest, key=len)
    for position in merged.positions:
        content_of[position] = target


def _content_table(
    table: pd.DataFrame, shared: list[list[int]], platforms: Sequence[str], columns: Mapping[str, str]
) -> pd.DataFrame:
    """Return one row per content, with these columns of its posts, named by platform and suffix."""
    members = [(content, position) for content, positions in enumerate(shared) for position in positions]
    rows = table.iloc[[position for _, position in members]].assign(content=[content for content, _ in members])
    by_length = rows.sort_values(POST.name, key=lambda texts: texts.str.len(), ascending=False, kind="stable")
    groups = by_length.assign(networks=1).groupby("content", as_index=False)
    result = groups.agg({"profile": "first", "created": "min", "post": "first", "networks": "sum"})
    result = result[["profile", "content", "created", "post", "networks"]]
    result = result.astype({"profile": "str", "post": "str", "content": "Int64", "networks": "Int64"})
    of_platform = {
        name: rows.loc[rows[PLATFORM.name].eq(name), ["content", *columns]].set_index("content") for name in platforms
    }
    for column, suffix in columns.items():
        for name in platforms:  # aligned by content
            result[name + suffix] = of_platform[name][column]
    return result
