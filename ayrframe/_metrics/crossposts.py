"""Where does the same content do best? The table `crossposts`: posts of several networks that are one content."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ayrframe._frame.deduplicate import latest_observations
from ayrframe._frame.platform_rows import platforms_in
from ayrframe._metrics.metrics import check_metric, metrics
from ayrframe._metrics.text import strip_parts
from ayrframe._platforms.columns import CREATED, ID, PLATFORM, POST, PROFILE
from ayrframe._platforms.metrics import ENGAGEMENTS
from ayrframe.errors import quote

_EQUAL, _BEGINS = 8, 20  # The fewest characters of texts that are equal, and of one that another begins with.
# What keeps the work near linear, and is more than posts of people ever need: with how many beginnings of its text a
# post is compared, and with how many posts before and after it of one text on one network.
_SHORTER, _NEAREST = 8, 5
_HEAD = {"profile": "str", "content": "Int64", "created": "datetime64[us, UTC]", "post": "str", "networks": "Int64"}
_VARIATIONS = range(0xFE00, 0xFE10)

PostText = tuple[str, str]  # a profile and a text
ContentIndex = list[tuple[int, int]]  # moments and places, in order


class CandidatePost(NamedTuple):
    """What decides which content a post belongs to; times are in microseconds."""

    profile: str
    network: str
    moment: int
    text: str


@dataclass(slots=True)
class SharedContent:
    """Posts that are one: of any two of them one text begins with the other. Places are those of the posts."""

    places: list[int]
    networks: set[str]
    first: int
    last: int
    longest: str


def crossposts(posts: pd.DataFrame, metric: str = ENGAGEMENTS.name, *, window: str = "48h") -> pd.DataFrame:
    """Return the contents that stand on two networks or more, the newest first, with what each network gave.

    Networks cut texts off, and add links, tags and paragraphs. So texts are compared without links, mentions,
    hashtags, emoji, punctuation, case and white space, and are the same if one begins with the other and has 20
    characters at least, or if they are equal and have 8. A content belongs to one profile, has one post of a network
    and spans the window at most. Where a text is posted again and again, the posts nearest in time belong together.

    Examples
    --------
    >>> text, moment = "The first rhubarb danish of the year", "2026-03-02T08:00:00Z"
    >>> sent = [
    ...     {"platform": "bluesky", "id": "b", "created": moment, "post": text + "! #spring", "likeCount": 5},
    ...     {"platform": "instagram", "id": "i", "created": moment, "post": text + " is here 🥐", "likeCount": 80},
    ... ]
    >>> crossposts(ayr.from_posts(sent), "likes")[["post", "networks", "bluesky", "instagram"]]
                                                   post  networks  bluesky  instagram
    0  The first rhubarb danish of the year is here 🥐         2      5.0       80.0
    """
    check_metric(metric)
    span = _microseconds(window)
    networks = [platform.name for platform in platforms_in(posts)]
    table = _in_order(metrics(latest_observations(posts)), networks, metric)
    found = [content.places for content in _contents(_read(table), span) if len(content.places) > 1]
    return _laid_out(table, sorted(found), networks)


def _in_order(table: pd.DataFrame, networks: Sequence[str], metric: str) -> pd.DataFrame:
    """Return the posts that have a text and a time, in an order that does not depend on the order of the rows."""
    table = table[table[POST.name].notna() & table[CREATED.name].notna() & table[PLATFORM.name].isin(networks)]
    place = table[PLATFORM.name].map({name: place for place, name in enumerate(networks)}).astype("int64")
    table = table.assign(place=place, value=table[metric].astype("float64"))
    return table.sort_values([CREATED.name, "place", PROFILE.name, ID.name, POST.name, "value"], ignore_index=True)


def _read(table: pd.DataFrame) -> list[CandidatePost]:
    moments = table[CREATED.name].astype("int64").tolist()
    texts = [_core(text) for text in table[POST.name]]
    return [CandidatePost(*one) for one in zip(table[PROFILE.name], table[PLATFORM.name], moments, texts, strict=True)]


def _core(text: str) -> str:
    """Return the letters and digits that a text has on every network."""
    whole = unicodedata.normalize("NFKC", strip_parts(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", whole).translate(_LETTERS).split())


class _Letters(dict[int, str]):
    """Letters, marks and digits stay; what nobody sees goes; everything else parts words."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        if category == "Cf" or code in _VARIATIONS:
            letter = ""
        elif category[0] not in "LMN":
            letter = " "
        self[code] = letter
        return letter


_LETTERS = _Letters()


def _contents(posts: Sequence[CandidatePost], span: int) -> list[SharedContent]:
    """Return all contents, those of one post too: the two posts that are nearest in time come together first."""
    of = [
        SharedContent([place], {post.network}, post.moment, post.moment, post.text)
        for place, post in enumerate(posts)
    ]  # fmt: skip
    for *_, one, other in sorted(set(_pairs(posts, span))):
        if _belong_together(of[one], of[other], span):
            _join(of, of[one], of[other])
    return [content for place, content in enumerate(of) if content.places[0] == place]


def _pairs(posts: Sequence[CandidatePost], span: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield for each post its nearest on every other network whose text is equal, or which its text begins with.

    A pair is the time between the two, the characters they share (more come first), and the two places.
    """
    shelves: dict[PostText, dict[str, ContentIndex]] = {}
    for place, post in enumerate(posts):
        if len(post.text) >= _EQUAL:
            alike = shelves.setdefault((post.profile, post.text), {})
            alike.setdefault(post.network, []).append((post.moment, place))
    longest = _beginnings(shelves)
    for place, post in enumerate(posts):
        for said in _chain((post.profile, post.text), longest):
            for network, shelf in shelves[said].items():
                at = bisect(shelf, (post.moment, place))
                for moment, other in shelf[max(0, at - _NEAREST) : at + _NEAREST] if network != post.network else ():
                    apart = abs(moment - post.moment)
                    if apart <= span:
                        yield apart, -len(said[1]), min(place, other), max(place, other)


def _beginnings(every: Iterable[PostText]) -> dict[PostText, PostText | None]:
    """Return for each text the longest other one of its profile that it begins with."""
    found: dict[PostText, PostText | None] = {}
    path: list[PostText] = []
    for said in sorted(every):  # what begins alike stands together, the shortest first
        profile, text = said
        while path and not (path[-1][0] == profile and text.startswith(path[-1][1])):
            path.pop()
        found[said] = path[-1] if path else None
        if len(text) >= _BEGINS:
            path.append(said)
    return found


def _chain(said: PostText | None, longest: Mapping[PostText, PostText | None]) -> Iterator[PostText]:
    """Yield a text and what it begins with, the longest first."""
    for _ in range(_SHORTER + 1):
        if said is None or said not in longest:
            return
        yield said
        said = longest[said]


def _belong_together(one: SharedContent, other: SharedContent, span: int) -> bool:
    return (
        one.networks.isdisjoint(other.networks)
        and max(one.last, other.last) - min(one.first, other.first) <= span
        and (one.longest.startswith(other.longest) or other.longest.startswith(one.longest))
    )


def _join(of: list[SharedContent], one: SharedContent, other: SharedContent) -> None:
    one.places = sorted(one.places + other.places)
    one.networks |= other.networks
    one.first, one.last = min(one.first, other.first), max(one.last, other.last)
    one.longest = max(one.longest, other.longest, key=len)
    for place in other.places:
        of[place] = one


def _laid_out(table: pd.DataFrame, found: list[list[int]], networks: Sequence[str]) -> pd.DataFrame:
    """Return a row for each content, the newest first."""
    member = pd.DataFrame(
        [(content, place) for content, places in enumerate(reversed(found)) for place in places],
        columns=["content", "row"],
        dtype="int64",
    )
    rows = table.take(member["row"].to_numpy()).assign(content=member["content"].to_numpy())
    longest = rows.assign(length=rows[POST.name].str.len()).sort_values("length", ascending=False, kind="stable")
    by = rows.groupby("content")
    whole = pd.DataFrame({PROFILE.name: by[PROFILE.name].first(), CREATED.name: by[CREATED.name].min()})
    whole[POST.name] = longest.groupby("content")[POST.name].first()
    whole["networks"] = by.size()
    whole = whole.reset_index()[list(_HEAD)].astype(_HEAD)
    for name in networks:
        there = rows[rows[PLATFORM.name].eq(name)].set_index("content")
        whole[name] = there["value"].reindex(whole["content"]).to_numpy(dtype="float64")
    for name in networks:
        there = rows[rows[PLATFORM.name].eq(name)].set_index("content")
        whole[f"{name}_id"] = there[ID.name].reindex(whole["content"]).astype("str").array
    return whole


def _microseconds(window: str) -> int:
    has_unit = any(sign.isalpha() or sign == ":" for sign in str(window))  # pandas takes bare numbers for nanoseconds
    try:
        span = pd.Timedelta(window) if has_unit else pd.NaT
    except (ValueError, TypeError, OverflowError):
        span = pd.NaT
    if not isinstance(span, pd.Timedelta) or span < pd.Timedelta(0):
        raise ValueError(f"{quote(str(window))} is no span of time. Spans are written like '48h', '90min' or '3D'.")
    return int(span // pd.Timedelta(microseconds=1))
