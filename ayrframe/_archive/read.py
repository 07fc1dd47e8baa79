"""Read the posts of archived pages, and list the profiles of an archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ayrframe._archive.labels import derived_label
from ayrframe._archive.page_file import ArchivedRequest, PageHeader, PageName, PagePosition
from ayrframe._archive.page_store import PageStore, StoredPage, page_path
from ayrframe._decode.analytics import decode_analytics, parse_objects, read_responses
from ayrframe._decode.arrays import UTC_TIME
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._decode.pagination import is_end_of_history, page_size
from ayrframe._decode.posts import decode_body, decode_posts, listed_from, oldest_created, set_listed_from
from ayrframe._platforms import PLATFORMS, PlatformNames, as_names, find_platform, in_registry_order
from ayrframe._platforms.columns import ANALYTICS_AS_OF, AS_OF, ID
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError, quote, suggest, warn_user

_MAX_LISTED_PROFILES = 20
_UNKNOWN_PLATFORM = "this version of ayrframe does not know its platform"


class Selection(NamedTuple):
    """Requested platform names and profile labels; None selects all."""

    platforms: frozenset[str] | None
    profiles: frozenset[str] | None

    def matches(self, platform: str, label: str) -> bool:
        """Return whether the pages of a profile are selected."""
        is_selected = self.platforms is None or platform in self.platforms
        return is_selected and (self.profiles is None or label in self.profiles)

    def check_profiles(self, labels: Iterable[str], folder: str) -> None:
        """Raise a ValueError if a requested profile is not among the labels in a folder."""
        if self.profiles is not None:
            check_profiles(self.profiles, labels, folder)

    def frame_platforms(self, present: Iterable[str]) -> list[Platform]:
        """Return the platforms whose columns a frame has: the requested ones, else those with pages."""
        return in_registry_order(PLATFORMS[name] for name in (present if self.platforms is None else self.platforms))


class ProfilePages(NamedTuple):
    """The pages of one profile on one platform: all pages of the requests, up to the load `last_load`.

    `page_count` distinguishes states of the archive.
    """

    platform: str
    profile: str
    request_hashes: tuple[str, ...]
    last_load: str
    page_count: int

    def names(self, store: PageStore) -> list[PageName]:
        """Return the names of these pages."""
        names = (name for request_hash in self.request_hashes for name in store.names(request_hash))
        return [name for name in names if name.load <= self.last_load]


def check_profiles(requested: Iterable[str], labels: Iterable[str], folder: str) -> None:
    """Raise a ValueError if a requested profile is not among the labels; without labels, the folder has no posts."""
    known = sorted(set(labels))
    unknown = next((label for label in sorted(requested) if known and label not in known), None)
    if unknown is not None:
        more = f" and {len(known) - _MAX_LISTED_PROFILES:,} more" if len(known) > _MAX_LISTED_PROFILES else ""
        raise ValueError(
            f"Unknown profile {quote(unknown)}.{suggest(unknown, known)} {folder!r} has: "
            f"{', '.join(map(quote, known[:_MAX_LISTED_PROFILES]))}{more}."
        )


def make_selection(platform: PlatformNames, profile: PlatformNames) -> Selection:
    """Return the selection for the arguments `platform` and `profile`."""
    platforms = None if platform is None else frozenset(find_platform(name).name for name in as_names(platform))
    return Selection(platforms, None if profile is None else frozenset(as_names(profile, "profile")))


def list_profile_pages(store: PageStore, selection: Selection) -> list[ProfilePages]:
    """Return the pages of an archive by platform and profile; reads only one header per request with a label."""
    profiles: dict[tuple[str, str], list[PageName]] = {}
    all_labels = set()
    for _, group in groupby(store.names(), key=lambda name: name.request_hash):
        names = list(group)
        for platform, label in _list_profiles(store, names):
            all_labels.add(label)
            if selection.matches(platform, label):
                profiles.setdefault((platform, label), []).extend(names)
    selection.check_profiles(all_labels, store.path)
    pages = []
    for key in sorted(profiles, key=lambda key: (list(PLATFORMS).index(key[0]), key[1])):
        names = profiles[key]
        hashes = tuple(dict.fromkeys(name.request_hash for name in names))
        pages.append(ProfilePages(*key, hashes, max(name.load for name in names), len(names)))
    return pages


def _list_profiles(store: PageStore, names: Iterable[PageName]) -> set[tuple[str, str]]:
    """Return platform and label of the pages of one request: several labels only if it had none."""
    labels, profiles = store.labels(), set()
    for name, header in store.headers(names):
        if header.request.platform not in PLATFORMS:
            store.warn_skipped(page_path(name), _UNKNOWN_PLATFORM)
            break
        if header.request.is_account:
            break
        profiles.add((header.request.platform, labels.label(header.request)))
        if header.request.profile:
            break
    return profiles


class PageContent(NamedTuple):
    """A page: its posts, and separately the posts that the next page repeats.

    If the next page of the load repeats a page, only posts with an observation time of the API stay in `posts`.
    """

    name: PageName
    header: PageHeader
    posts: pa.Table
    repeated_posts: pa.Table


def iter_page_contents(
    store: PageStore, headers: Iterable[tuple[PageName, PageHeader]], repeated: Iterable[PagePosition] = ()
) -> Iterator[PageContent]:
    """Yield the contents of pages, profile after profile, the last page of each load first.

    Pages that cannot be read are skipped with a warning, and do not repeat other pages. `repeated` are positions of
    pages that are repeated by pages not in `headers`.
    """
    repeated = set(repeated)
    starts: dict[tuple[str, str], datetime | None] = {}
    for name, header in sorted(headers, key=_profile_order):
        page = _read_page_posts(store, name, header.request.profile)
        if page is not None:
            request, load, _ = name.position
            # Older pages come first, so this is the time from which on the load listed all posts.
            times = (starts.get((request, load)), page.listed_from)
            starts = {(request, load): min(filter(None, times), default=None)}
            table = set_listed_from(page.table, starts[request, load])
            parts = (table, table[:0])
            if name.position in repeated:
                has_response_time = pc.equal(table.column(AS_OF.name), pa.scalar(header.received_at, UTC_TIME))
                parts = (table.filter(pc.invert(has_response_time)), table.filter(has_response_time))
            yield PageContent(name, header, *parts)
        if header.replaces_previous and (page is not None or name.position in repeated):
            repeated.add(name.previous_position)


def _profile_order(page: tuple[PageName, PageHeader]) -> tuple[str, str, str, str, int]:
    name, request = page[0], page[1].request
    return request.platform, request.profile, name.request_hash, name.load, -name.number


class _PagePosts(NamedTuple):
    """The posts of a page, and the time from which on it lists all posts; None if it has none."""

    table: pa.Table
    listed_from: datetime | None


def _read_page_posts(store: PageStore, name: PageName, profile: str) -> _PagePosts | None:
    """Return the posts of a page, or None with a warning if it cannot be read."""
    for page in store.pages([name]):
        platform = PLATFORMS.get(page.header.request.platform)
        if platform is None:
            store.warn_skipped(page.name, _UNKNOWN_PLATFORM)
            return None
        try:
            table = page_table(page, platform, profile)
            return _PagePosts(table, _page_listed_from(page, table))
        except ResponseError as error:
            store.warn_skipped(page.name, str(error).removesuffix("."))
    return None


def page_table(page: StoredPage, platform: Platform, profile: str) -> pa.Table:
    """Return the posts of a page as the load decoded them, without repeating its warnings."""
    read_at = page.header.received_at
    if page.header.request.is_analytics:
        return _analytics_table(page, platform, profile)
    table = decode_body(page.body, page.name, platform, profile=profile, read_at=read_at)
    if table is not None:
        return table
    decode = partial(decode_posts, profile=profile, read_at=read_at)
    return pa.concat_tables(
        decode(envelope.items, platform, last_updated=envelope.last_updated)
        for envelope in parse_envelopes(page.body, page.name)
    )


def _analytics_table(page: StoredPage, platform: Platform, profile: str) -> pa.Table:
    blocks = read_responses(parse_objects(page.body, page.name) or []).blocks
    own = [block for block in blocks if block.platform is platform]
    table = decode_analytics(own, platform, profile=profile, read_at=page.header.received_at)
    table = table.filter(table.column(ANALYTICS_AS_OF.name).is_valid())
    requested = pa.array(page.header.post_ids, pa.large_string())
    return table.filter(pc.is_in(table.column(ID.name), requested)) if len(requested) else table


def _page_listed_from(page: StoredPage, table: pa.Table) -> datetime | None:
    header, reached_end = page.header, False
    if header.request.is_analytics:
        return None
    if header.is_last:
        (*_, envelope) = parse_envelopes(page.body, page.name)
        size = page_size(header.request.limit, is_larger_page=header.replaces_previous)
        reached_end = is_end_of_history(envelope, header.cursor, size)
    return listed_from(oldest_created(table), header.request.since, reached_end=reached_end)


def warn_unlabelled(store: PageStore, requests: Iterable[ArchivedRequest]) -> None:
    """Warn about the requests that have a derived label."""
    labels = sorted({request.profile for request in requests if request.profile == derived_label(request.identity)})
    if labels:
        warn_user(
            f"The archive {store.path!r} has pages of several keys without a profile label; the posts of later keys "
            f"have the profile {', '.join(map(quote, labels))}. Pass profile_key={{label: key}} to label profiles."
        )
