"""The pages of one load, kept as they come and given again: while they are fresh, or when nothing else is to be had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from ayrframe._archive.page_file import ArchivedRequest, PageName, format_timestamp, make_header
from ayrframe._archive.page_store import PageStore, StoredPage
from ayrframe._decode.envelope import Envelope
from ayrframe.errors import AyrframeError


class PageRecorder:
    """Keeps the pages of one request in one load, each before the next is asked for.

    `place` says where the request stands among those of the same load.
    """

    def __init__(self, store: PageStore, request: ArchivedRequest, *, load: str, place: int = 0) -> None:
        self._store, self._request, self._load, self._place = store, request, load, place
        self._number = 0

    def keep(
        self,
        body: bytes,
        reply: Envelope,
        *,
        received_at: datetime,
        last: bool,
        cursor: str | None = None,
        status: int = 200,
        replaces_previous: bool = False,
    ) -> bool:
        """Keep a page that could be read, and tell whether that went well.

        `last` says that no page will be asked for after it, `cursor` what it was asked for with, and
        `replaces_previous` that it holds the page before it again, and more.
        """
        self._number += 1
        head = make_header(
            self._request,
            reply,
            load=self._load,
            place=self._place,
            number=self._number,
            last=last,
            cursor=cursor,
            status=status,
            received_at=received_at,
            replaces_previous=replaces_previous,
        )
        return self._store.write(head, body)


def fresh_pages(store: PageStore, request: ArchivedRequest, now: datetime) -> list[StoredPage] | None:
    """Return the pages of the last complete load of this request, if the API would only repeat them."""
    loads = _loads(store, request)
    # Whatever is older than the last load is no answer, and neither is a page from the future.
    pages = next(_complete(store, request, (loads[load] for load in sorted(loads, reverse=True))), None)
    return pages if pages and all(page.head.fresh(now) for page in pages) else None


def last_pages(store: PageStore, request: ArchivedRequest, now: datetime) -> list[StoredPage] | None:
    """Return the pages of the last complete load of this request, however old they are.

    A load that a wrong clock put into the future comes after all others.
    """
    loads = _loads(store, request)
    order = sorted(
        loads, key=lambda load: (load[: len(format_timestamp(now))] <= format_timestamp(now), load), reverse=True
    )
    return next(_complete(store, request, (loads[load] for load in order)), None)


def _loads(store: PageStore, request: ArchivedRequest) -> dict[str, list[PageName]]:
    """Return the names of all pages that answer this question, by load."""
    loads: dict[str, list[PageName]] = {}
    for name in store.names(request.question):
        loads.setdefault(name.load, []).append(name)
    if request.identity is None:
        _of_one(store, request, [names[0] for names in loads.values()])
    return loads


def _of_one(store: PageStore, request: ArchivedRequest, names: list[PageName]) -> None:
    """Refuse to guess whose pages are meant when nobody says who asks."""
    owners = {head.request.identity for _, head in store.heads(names) if request.answered_by(head.request)}
    if len(owners) > 1:
        raise AyrframeError(
            f"The archive {store.path!r} keeps this load of {request.platform} for {len(owners)} different keys under "
            f"one label, {request.profile!r}. Say whose is meant: pass the key, or load with a label for each profile."
        )


def _complete(
    store: PageStore, request: ArchivedRequest, loads: Iterable[list[PageName]]
) -> Iterator[list[StoredPage]]:
    """Yield those loads of which every page is there, whole, and an answer to this request."""
    for names in loads:
        count = len(names)
        if [name.number for name in names] != list(range(1, count + 1)):
            continue
        heads = [head for _, head in store.heads(names)]
        ends = [head.last for head in heads] == [False] * (count - 1) + [True]
        if ends and all(request.answered_by(head.request) for head in heads):
            pages = list(store.pages(names))
            if len(pages) == count:
                yield pages
