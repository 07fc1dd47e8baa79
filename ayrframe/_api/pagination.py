"""Where a walk through the pages of one history stands: what to ask next, and when it is over. No I/O in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec

from ayrframe._api.response import RequestContext
from ayrframe._decode.envelope import Envelope
from ayrframe._decode.json import JSON_ERRORS
from ayrframe.errors import ResponseError, quote

PAGE_SIZE = 100  # What Ayrshare advises: more is slow and fails more often.
MAX_PAGE_SIZE = 500
MAX_PAGES = 10_000
MAX_EMPTY_PAGES = 10
_LONGEST_CURSOR = 65_536


class EndReason(Enum):
    """Why no page follows."""

    HISTORY = "there is nothing more"
    LIMIT = "there are as many posts as were wanted"
    API = "the API gives no way to ask for more, though there may be more"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """One reply of a walk.

    `cursor` is what it was asked for with, `next` what the page after it is asked for with, and `end` says why there is
    none. With `widened` it holds the posts of the page before it again, and more.
    """

    number: int
    body: bytes = field(repr=False)
    reply: Envelope = field(repr=False)
    status: int
    received_at: datetime
    cursor: str | None
    next: str | None
    end: EndReason | None
    widened: bool = False

    @property
    def last(self) -> bool:
        """Whether no page will be asked for after it."""
        return self.end is not None


class _Post(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw(b"null")


_post = msgspec.json.Decoder(_Post)


class Paginator:
    """The pages of one history, one after the other, with guards against walking in circles."""

    def __init__(
        self, *, limit: int | None, cursor: str | None, asked: RequestContext, max_pages: int = MAX_PAGES
    ) -> None:
        """Begin at a cursor, or at the newest post."""
        self.cursor = cursor
        self.number = 1
        self._limit, self._asked, self._max_pages = limit, asked, max_pages
        self._size = PAGE_SIZE if limit is None else max(min(limit, PAGE_SIZE), 1)
        self._cursors = {cursor} if cursor else set()
        self._ids: set[bytes] = set()
        self._received = self._barren = 0
        self._widened = False
        self.problem: ResponseError | None = None

    def asks(self) -> list[tuple[str, str]]:
        """Return the parameters that ask for the page where the walk stands."""
        return [("limit", str(self._size)), *([("next", self.cursor)] if self.cursor else [])]

    def take(self, body: bytes, reply: Envelope, *, status: int, received_at: datetime) -> HistoryPage:
        """Go on to the next page and return this one. What bars the way is kept in `problem`: this page is good."""
        asked, number, widened = self.cursor, self.number, self._widened
        self._count(reply)
        following = end = None
        try:
            following = next_cursor(reply, self._asked)
            end = self._end(reply, following)
            if end is None:
                self._go_on(following)
        except ResponseError as problem:
            self.problem = problem.with_traceback(None)  # The frames it came through hold the reply.
        return HistoryPage(
            number=number,
            body=body,
            reply=reply,
            status=status,
            received_at=received_at,
            cursor=asked,
            next=following,
            end=end,
            widened=widened,
        )

    def _count(self, reply: Envelope) -> None:
        """Count the posts that are new; those without an id all are."""
        known = len(self._ids)
        nameless = 0
        for item in reply.items:
            name = _id(item)
            if name is None:
                nameless += 1
            else:
                self._ids.add(name)
        new = len(self._ids) - known + nameless
        self._received += new
        self._barren = 0 if new else self._barren + 1

    def _end(self, reply: Envelope, following: str | None) -> EndReason | None:
        if self._limit is not None and self._received >= self._limit:
            return EndReason.LIMIT
        if following:
            return None
        pagination = _pagination(reply)
        if pagination.get("hasMore") is True:
            return EndReason.API
        if self.cursor or pagination.get("hasMore") is False or len(reply.items) != self._size:
            return EndReason.HISTORY
        # A full first page and no cursor: this network gives all it has in one page, if that is large enough.
        return EndReason.API if self._widened or self._size >= MAX_PAGE_SIZE else None

    def _go_on(self, following: str | None) -> None:
        self.number += 1
        self._widened = following is None
        if following is None:
            self._size = MAX_PAGE_SIZE if self._limit is None else min(self._limit, MAX_PAGE_SIZE)
            return
        if following in self._cursors:
            cursor = quote(self._asked.scrub(following))
            raise ResponseError(
                f"{self._asked.where}: the cursor {cursor} came a second time, so the pages go in a circle. "
                f"Stopped after {self.number - 1} pages."
            )
        if self._barren >= MAX_EMPTY_PAGES or self.number > self._max_pages:
            what = (
                f"{self._barren} pages in a row brought no new post" if self._barren else "there is no end to the pages"
            )
            raise self._endless(what, following)
        self._cursors.add(following)
        self.cursor = following

    def _endless(self, what: str, following: str) -> ResponseError:
        error = ResponseError(f"{self._asked.where}: {what}. Stopped after {self.number - 1} pages.")
        error.cursor = following
        return error


def next_cursor(reply: Envelope, asked: RequestContext) -> str | None:
    """Return the cursor of the next page, or None at the end; one that is no text is an error."""
    pagination = _pagination(reply)
    if pagination.get("hasMore") is False:
        return None
    cursor = pagination.get("next") or reply.fields.get("next")
    if not cursor:
        return None
    if not isinstance(cursor, str) or len(cursor) > _LONGEST_CURSOR:
        said = quote(asked.scrub(str(cursor)))
        raise ResponseError(f"{asked.where}: the cursor of the next page is no text of sensible length: {said}.")
    return cursor


def is_last_page(reply: Envelope, cursor: str | None) -> bool:
    """Tell whether a reply, asked for with this cursor, says that nothing comes after it."""
    pagination = _pagination(reply)
    if pagination.get("hasMore") is False:
        return True
    return cursor is not None and not (pagination.get("next") or reply.fields.get("next"))


def may_have_more(reply: Envelope, cursor: str | None) -> bool:
    """Tell whether there is or may be more behind a last reply, and no way to ask for it."""
    pagination = _pagination(reply)
    if pagination.get("next") or reply.fields.get("next") or pagination.get("hasMore") is False:
        return False
    return pagination.get("hasMore") is True or (cursor is None and len(reply.items) >= MAX_PAGE_SIZE)


def _pagination(reply: Envelope) -> dict[str, Any]:
    meta = reply.fields.get("meta")
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    return pagination if isinstance(pagination, dict) else {}


def _id(item: msgspec.Raw) -> bytes | None:
    try:
        name = bytes(_post.decode(item).id)
    except JSON_ERRORS:
        return None
    return None if name in (b"null", b'""') else name
