"""Kept pages → every row of them, in the order of their loads; and which profiles there are, by a few headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._archive.page_file import ArchivedRequest, PageHeader, PageName, PagePosition
from ayrframe._archive.page_store import PageStore, page_path
from ayrframe._decode.arrays import UTC_TIME
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._decode.posts import decode_body, decode_posts
from ayrframe._frame.deduplicate import drop_duplicate_observations
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._platforms import PLATFORMS, PlatformNames, as_names, find_platform, in_registry_order
from ayrframe._platforms.columns import AS_OF
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError

_UNKNOWN = "it is of a network that this version of ayrframe does not know"


class Selection(NamedTuple):
    """Which networks, by name, and which labels of profiles are asked for; None is all there are."""

    platforms: frozenset[str] | None
    profiles: frozenset[str] | None

    def takes(self, request: ArchivedRequest) -> bool:
        """Tell whether the answer to a request is asked for."""
        mine = self.platforms is None or request.platform in self.platforms
        return mine and (self.profiles is None or request.profile in self.profiles)

    def among(self, here: Iterable[str]) -> list[Platform]:
        """Return the networks whose columns a frame has: those that are asked for, else those that are here."""
        return in_registry_order(PLATFORMS[name] for name in (here if self.platforms is None else self.platforms))


class ProfilePages(NamedTuple):
    """The pages of one profile of one network as they were when the archive was looked through.

    A question stands for all pages that answer it, which are `pages` up to the load `until`.
    """

    platform: str
    profile: str
    questions: tuple[str, ...]
    until: str
    pages: int

    def names(self, store: PageStore) -> list[PageName]:
        """Return the names of these pages."""
        return [name for one in self.questions for name in store.names(one) if name.load <= self.until]


def make_selection(platform: PlatformNames, profile: PlatformNames) -> Selection:
    """Return what is asked for; a ValueError names the networks there are."""
    platforms = None if platform is None else frozenset(find_platform(name).name for name in as_names(platform))
    return Selection(platforms, None if profile is None else frozenset(as_names(profile, "profile")))


def list_profile_pages(store: PageStore, which: Selection) -> list[ProfilePages]:
    """Return the shares of an archive, by network and label. One header is read of each question, and no page."""
    found: dict[tuple[str, str], list[ProfilePages]] = {}
    for question, same in groupby(store.names(), key=lambda name: name.question):
        names = list(same)
        name, head = next(store.heads(names), (None, None))
        if name is None or head is None or not which.takes(head.request):
            continue
        of = head.request
        if of.platform not in PLATFORMS:
            store.doubt(page_path(name), _UNKNOWN)
            continue
        last = max(name.load for name in names)
        found.setdefault((of.platform, of.profile), []).append(ProfilePages(*_of(of), (question,), last, len(names)))
    order = list(PLATFORMS)
    return [_joined(found[key]) for key in sorted(found, key=lambda key: (order.index(key[0]), key[1]))]


def _of(request: ArchivedRequest) -> tuple[str, str]:
    return request.platform, request.profile


def _joined(parts: Sequence[ProfilePages]) -> ProfilePages:
    questions = tuple(question for part in parts for question in part.questions)
    until, pages = max(part.until for part in parts), sum(part.pages for part in parts)
    return ProfilePages(parts[0].platform, parts[0].profile, questions, until, pages)


def read_observations(
    store: PageStore, names: Iterable[PageName], which: Selection
) -> tuple[pd.DataFrame, list[Platform]]:
    """Return each observation in those pages that are asked for, load after load, and the platforms of the frame."""
    heads = [(name, head) for name, head in store.heads(names) if which.takes(head.request)]
    found = sorted(iter_page_contents(store, heads), key=lambda one: (one.head.load, one.head.place, one.name))
    platforms = which.among(one.head.request.platform for one in found)
    return drop_duplicate_observations(to_frame(concat_tables([one.posts for one in found], platforms))), platforms


class PageContent(NamedTuple):
    """What a page tells: its posts, and apart from them those that the page after it holds again.

    Of a page that the next one of its load holds again, only those count to which the API gave a moment of their own.
    """

    name: PageName
    head: PageHeader
    posts: pa.Table
    again: pa.Table


def iter_page_contents(
    store: PageStore, heads: Iterable[tuple[PageName, PageHeader]], held_again: Iterable[PagePosition] = ()
) -> Iterator[PageContent]:
    """Yield what pages tell, profile after profile, of each load the last page first.

    A page that cannot be read is named in a warning and left out; it holds nothing again. `held_again` are pages of
    which that is known of later ones that are not among these.
    """
    repeated = set(held_again)
    for name, head in sorted(heads, key=_last_first):
        table = _posts_of(store, name)
        if table is not None:
            told_apart = _told_apart(table, head) if name.position in repeated else (table, table[:0])
            yield PageContent(name, head, *told_apart)
        if head.replaces_previous and (table is not None or name.position in repeated):
            repeated.add(previous_position(name.position))


def previous_position(position: PagePosition) -> PagePosition:
    """Return the position of the page before this one in its load."""
    return position._replace(number=position.number - 1)


def _last_first(one: tuple[PageName, PageHeader]) -> tuple[str, str, str, str, int]:
    name, head = one
    return head.request.platform, head.request.profile, name.question, name.load, -name.number


def _told_apart(posts: pa.Table, head: PageHeader) -> tuple[pa.Table, pa.Table]:
    """Return the posts to which the API gave a moment, and those that have that of the response."""
    untold = pc.equal(posts.column(AS_OF.name), pa.scalar(head.received_at, UTC_TIME))
    return posts.filter(pc.invert(untold)), posts.filter(untold)


def _posts_of(store: PageStore, name: PageName) -> pa.Table | None:
    """Return the posts of a page; None, with a warning, if it cannot be read."""
    for page in store.pages([name]):
        platform = PLATFORMS.get(page.head.request.platform)
        if platform is None:
            store.doubt(page.name, _UNKNOWN)
            return None
        try:
            return page_table(page.head, page.body, platform, page.name)
        except ResponseError as error:
            store.doubt(page.name, str(error))
    return None


def page_table(head: PageHeader, body: bytes, platform: Platform, name: str) -> pa.Table:
    """Return the posts of a kept page, as the load that kept it read them; what it warned of is not said again."""
    profile, moment = head.request.profile, head.received_at
    table = decode_body(body, name, platform, profile=profile, as_of=moment)
    if table is not None:
        return table
    return pa.concat_tables(
        decode_posts(reply.items, platform, profile=profile, as_of=reply.last_updated or moment)
        for reply in parse_envelopes(body, name)
    )
