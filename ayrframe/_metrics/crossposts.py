"""Find content that was published on several platforms, and compare its metrics."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._decode.arrays import IntArray
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


class CandidatePosts(NamedTuple):
    """Values that decide which content a post belongs to, one element per post, sorted by time."""

    positions: IntArray  # in the table of all posts
    groups: IntArray  # only posts of one group can have the same content
    platforms: IntArray  # positions of the platforms in the frame
    times: IntArray  # microseconds
    texts: IntArray  # positions in the sorted different texts

    def take(self, selected: np.ndarray[Any, Any]) -> CandidatePosts:
        """Return some of the posts."""
        return CandidatePosts(*(values[selected] for values in self))


class GroupTexts(NamedTuple):
    """The different texts of each group, sorted by group and text, so that a prefix comes before longer texts."""

    of_post: IntArray  # position of the text of each post
    texts: list[str]
    prefixes: IntArray  # position of the longest other text that is a prefix of a text, or -1

    @classmethod
    def of(cls, posts: CandidatePosts, different: Sequence[str]) -> GroupTexts:
        """Return the texts of posts, whose different texts are given in sorted order."""
        keys, of_post = np.unique(posts.groups * len(different) + posts.texts, return_inverse=True)
        groups = (keys // len(different)).tolist()
        texts = [different[text] for text in (keys % len(different)).tolist()]
        longest: list[int] = []
        begun: list[int] = []  # Texts with which the next one may begin, each a prefix of the next of them.
        for position, (group, text) in enumerate(zip(groups, texts, strict=True)):
            while begun and not (groups[begun[-1]] == group and text.startswith(texts[begun[-1]])):
                begun.pop()
            longest.append(begun[-1] if begun else -1)
            if len(text) >= _MIN_PREFIX_LENGTH:
                begun.append(position)
        return cls(of_post, texts, np.array(longest, np.int64))


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
    columns = {"value": "", ID.name: "_id"}
    if metric == ENGAGEMENTS.name or metric in (*RATES, ER_FOLLOWERS):
        columns[ENGAGEMENT_PARTS] = "_parts"
    table = latest_metrics(frame, [metric], by=[PROFILE.name])
    table = table.assign(
        value=table[metric].astype("float64"), rank=pd.Index(platforms).get_indexer(pd.Index(table[PLATFORM.name]))
    )
    # Sorted, so that the result does not depend on the order of the rows.
    order = [CREATED.name, "rank", PROFILE.name, ID.name, POST.name, "value"]
    table = table.loc[
        table[POST.name].notna() & table[CREATED.name].notna() & table["rank"].ge(0),
        [*{**dict.fromkeys(order), **columns}],
    ]
    keys = pa.table({name: pa.array(table[name], from_pandas=True) for name in order})
    sorted_rows = pc.sort_indices(keys, [(name, "ascending") for name in order])
    table = table.take(sorted_rows.to_numpy())
    texts, different = _normalize_texts(keys[POST.name].take(sorted_rows).combine_chunks())
    posts = CandidatePosts(
        np.arange(len(table)),
        pd.factorize(table[PROFILE.name], use_na_sentinel=False)[0],
        table["rank"].to_numpy(),
        np.asarray(table[CREATED.name].astype("int64"), np.int64),
        texts,
    )
    is_long = np.array(list(map(len, different)), np.int64) >= _MIN_EQUAL_LENGTH
    shared = _group_by_content(posts.take(is_long[texts]), different, window_us)
    return _content_table(table, sorted(shared, reverse=True), platforms, columns)


def _normalize_texts(texts: pa.Array) -> tuple[IntArray, list[str]]:
    """Return the letters and digits of texts, without the parts that differ between platforms.

    Returns the position of each text in the different results, and these, sorted.
    """
    encoded = texts.cast(pa.large_string()).dictionary_encode()
    # Most words, hashtags and emoji occur in many texts, and none extends over a space.
    lists = pc.ascii_split_whitespace(encoded.dictionary)
    words = lists.flatten().dictionary_encode()
    normal = [_normalize_token(word) for word in words.dictionary.to_pylist()]
    is_kept = np.array(list(map(bool, normal)), bool)[words.indices]
    ends = np.append(0, is_kept.cumsum())[lists.offsets.to_numpy()]
    kept = pa.array(normal, pa.large_string()).take(words.indices.filter(pa.array(is_kept)))
    joined = pc.binary_join(
        pa.ListArray.from_arrays(pa.array(ends, pa.int32()), kept), pa.scalar(" ", pa.large_string())
    )
    joined = joined.dictionary_encode()
    order = pc.sort_indices(joined.dictionary).to_numpy()
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks[joined.indices][encoded.indices], joined.dictionary.take(order).to_pylist()


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


def _group_by_content(posts: CandidatePosts, different: Sequence[str], window_us: int) -> list[list[int]]:
    """Return the positions of posts with the same content; the pairs nearest in time are merged first.

    Of any two posts with the same content, the text of one begins with that of the other.
    """
    posts = _split_groups(posts, GroupTexts.of(posts, different), window_us)
    texts = GroupTexts.of(posts, different)
    # Each content has the number of one of its posts. Lists of its values, because an object per post takes longer.
    content_of, members = list(range(len(posts.times))), dict[int, list[int]]()
    platforms = np.left_shift(1, posts.platforms).tolist()  # a bit for each platform
    first, last = posts.times.tolist(), posts.times.tolist()
    longest = [texts.texts[text] for text in texts.of_post.tolist()]
    for post, other in _sorted_pairs(posts, texts, window_us):
        target, merged = content_of[post], content_of[other]
        if platforms[target] & platforms[merged]:
            continue
        start, end = min(first[target], first[merged]), max(last[target], last[merged])
        short, long = longest[merged], longest[target]
        if len(short) > len(long):
            short, long = long, short
        if end - start <= window_us and long.startswith(short):
            first[target], last[target], longest[target] = start, end, long
            platforms[target] |= platforms[merged]
            moved = members.pop(merged, [merged])
            members.setdefault(target, [target]).extend(moved)
            for each in moved:
                content_of[each] = target
    positions = posts.positions.tolist()
    return [sorted(positions[post] for post in content) for content in members.values()]


def _split_groups(posts: CandidatePosts, texts: GroupTexts, window_us: int) -> CandidatePosts:
    """Return the posts that can have the same content as others, with groups of these.

    Their texts begin with the same text, and no two consecutive posts are further apart than the window.
    """
    shortest = np.where(texts.prefixes < 0, np.arange(len(texts.texts)), texts.prefixes)
    while (shortest[shortest] != shortest).any():
        shortest = shortest[shortest]
    begins = shortest[texts.of_post]
    order = np.argsort(begins, kind="stable")
    starts = (np.diff(begins[order], prepend=-1) != 0) | (np.diff(posts.times[order], prepend=0) > window_us)
    groups = np.empty(len(order), np.int64)
    groups[order] = starts.cumsum() - 1
    return posts._replace(groups=groups).take(np.bincount(groups)[groups] > 1)


def _sorted_pairs(posts: CandidatePosts, texts: GroupTexts, window_us: int) -> Iterator[tuple[int, int]]:
    """Return pairs of posts, sorted by the time between them, then the most shared characters first."""
    found = [np.empty((3, 0), np.int64), *_neighbors(posts, texts, window_us)]
    post, neighbor, text = np.concatenate(found, axis=1)
    count = len(posts.times)
    pairs, at = np.unique(np.minimum(post, neighbor) * count + np.maximum(post, neighbor), return_index=True)
    lengths = np.array(list(map(len, texts.texts)), np.int64)
    first, second = np.divmod(pairs, count)
    order = np.lexsort((-lengths[text[at]], posts.times[second] - posts.times[first]))
    return zip(first[order].tolist(), second[order].tolist(), strict=True)


def _neighbors(posts: CandidatePosts, texts: GroupTexts, window_us: int) -> Iterator[IntArray]:
    """Yield each post with its nearest posts on other platforms whose text is equal to its own or a prefix of it.

    The rows of each array are posts, their neighbors and the texts of the neighbors.
    """
    post, text, is_own = _posts_by_text(posts, texts)
    platforms = posts.platforms[post]
    for platform in np.unique(posts.platforms):
        is_other = is_own & (platforms == platform)
        others = post[is_other]  # Sorted by text and time, as the rows are.
        before = is_other.cumsum()
        # The last element is also the one before the first.
        texts_of_others = np.append(texts.of_post[others], -1)
        for direction in (-1, 1):
            row = np.flatnonzero(platforms != platform)
            other = before[row] - (direction < 0)
            for _ in range(_MAX_NEIGHBORS):
                is_near = texts_of_others[other] == text[row]
                row, other = row[is_near], other[is_near]
                is_near = np.abs(posts.times[others[other]] - posts.times[post[row]]) <= window_us
                row, other = row[is_near], other[is_near]
                yield np.stack([post[row], others[other], text[row]])
                other = other + direction


def _posts_by_text(posts: CandidatePosts, texts: GroupTexts) -> tuple[IntArray, IntArray, np.ndarray[Any, Any]]:
    """Return posts with their text and each prefix of it, sorted by text and time, and which of these are their own."""
    post, text = np.arange(len(posts.times)), texts.of_post
    found = [(post, text)]
    for _ in range(_MAX_PREFIXES):
        prefix = texts.prefixes[text]
        post, text = post[prefix >= 0], prefix[prefix >= 0]
        found.append((post, text))
    post, text = np.concatenate(found, axis=1)
    order = np.lexsort((post, text))
    return post[order], text[order], (texts.of_post[post] == text)[order]


def _content_table(
    table: pd.DataFrame, shared: list[list[int]], platforms: Sequence[str], columns: Mapping[str, str]
) -> pd.DataFrame:
    """Return one row per content, with these columns of its posts, named by platform and suffix."""
    networks = np.array(list(map(len, shared)), np.int64)
    content = np.arange(len(shared)).repeat(networks)
    position = np.array([position for positions in shared for position in positions], np.int64)
    starts = networks.cumsum() - networks
    lengths = table[POST.name].str.len().to_numpy("int64")[position]
    longest = table.iloc[position[np.lexsort((-lengths, content))][starts]]
    result = pd.DataFrame(
        {
            "profile": longest[PROFILE.name].array,
            "content": pd.array(np.arange(len(shared)), dtype="Int64"),
            "created": table[CREATED.name].array.take(position[starts]),
            "post": longest[POST.name].array,
            "networks": pd.array(networks, dtype="Int64"),
        }
    ).astype({"profile": "str", "post": "str"})
    posts = np.full((len(shared), len(platforms)), -1)
    posts[content, table["rank"].to_numpy()[position]] = position
    for column, suffix in columns.items():
        for rank, name in enumerate(platforms):
            result[name + suffix] = table[column].array.take(posts[:, rank], allow_fill=True)
    return result
