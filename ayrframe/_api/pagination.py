"""Decide which page of a history to request next, and when to stop. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

import msgspec

from ayrframe._api.models import RequestContext
from ayrframe._decode.envelope import Envelope
from ayrframe._decode.json import JSON_ERRORS
from ayrframe._decode.pagination import MAX_PAGE_SIZE, next_cursor, page_size
from ayrframe.errors import ResponseError, quote

MAX_PAGES = 10_000
MAX_EMPTY_PAGES = 10
_MAX_CURSOR_CHARACTERS = 65_536


class EndReason(Enum):
    """Why a page is the last one."""

    COMPLETE = "all posts were read"
    LIMIT = "the limit was reached"
    NO_CURSOR = "there may be more posts, but the API provides no cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """One page of a history.

    `cursor` is the cursor of this page and `next_cursor` that of the next; `end` is why this page is the last one.
    With `replaces_previous`, it repeats the posts of the previous page and contains more.
    """

    number: int
    body: bytes = field(repr=False)
    envelope: Envelope = field(repr=False)
    status: int
    received_at: datetime
    cursor: str | None = field(repr=False)  # A server may repeat a key in a cursor.
    next_cursor: str | None = field(repr=False)
    end: EndReason | None
    replaces_previous: bool = False

    @property
    def is_last(self) -> bool:
        """Whether no page follows."""
        return self.end is not None


class _PostId(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw(b"null")


_post_id_decoder = msgspec.json.Decoder(_PostId)


class Paginator:
    """Sequence of the pages of one history; detects pagination loops."""

    def __init__(
        self, *, limit: int | None, cursor: str | None, context: RequestContext, max_pages: int = MAX_PAGES
    ) -> None:
        """Start at a cursor, or at the latest post."""
        self.cursor = cursor
        self.number = 1
        self._limit, self._context, self._max_pages = limit, context, max_pages
        self._size = page_size(limit)
        self._cursors = {cursor} if cursor else set()
        self._ids: set[bytes] = set()
        self._post_count = self._empty_pages = 0
        self._replaces_previous = False
        self.problem: ResponseError | None = None

    def next_request(self) -> list[tuple[str, str]]:
        """Return the query parameters of the next page."""
        return [("limit", str(self._size)), *([("next", self.cursor)] if self.cursor else [])]

    def add(self, body: bytes, envelope: Envelope, *, status: int, received_at: datetime) -> HistoryPage:
        """Return the page of a response and advance; `problem` is set if the next page cannot be requested."""
        cursor, number, replaces_previous = self.cursor, self.number, self._replaces_previous
        self._count_new_posts(envelope)
        following_cursor = end = None
        try:
            following_cursor = read_next_cursor(envelope, self._context)
            end = self._end_reason(envelope, following_cursor)
            if end is None:
                self._advance(following_cursor)
        except ResponseError as problem:
            self.problem = problem.with_traceback(None)  # Its frames would keep the response in memory.
        return HistoryPage(
            number=number,
            body=body,
            envelope=envelope,
            status=status,
            received_at=received_at,
            cursor=cursor,
            next_cursor=following_cursor,
            end=end,
            replaces_previous=replaces_previous,
        )

    def _count_new_posts(self, envelope: Envelope) -> None:
        """Count the new posts; posts without an id count as new."""
        known_count = len(self._ids)
        without_id = 0
        for item in envelope.items:
            raw_id = _raw_id(item)
            if raw_id is None:
                without_id += 1
            else:
                self._ids.add(raw_id)
        new = len(self._ids) - known_count + without_id
        self._post_count += new
        self._empty_pages = 0 if new else self._empty_pages + 1

    def _end_reason(self, envelope: Envelope, following_cursor: str | None) -> EndReason | None:
        if self._limit is not None and self._post_count >= self._limit:
            return EndReason.LIMIT
        if following_cursor:
            return None
        pagination = envelope.pagination
        if pagination.get("hasMore") is True:
            return EndReason.NO_CURSOR
        if self.cursor or pagination.get("hasMore") is False or len(envelope.items) != self._size:
            return EndReason.COMPLETE
        # A full first page without a cursor: this platform has no pagination, so request one larger page.
        return EndReason.NO_CURSOR if self._replaces_previous or self._size >= MAX_PAGE_SIZE else None

    def _advance(self, following_cursor: str | None) -> None:
        self.number += 1
        self._replaces_previous = following_cursor is None
        if following_cursor is None:
            self._size = page_size(self._limit, is_larger_page=True)
            return
        if following_cursor in self._cursors:
            cursor = quote(self._context.redact(following_cursor))
            raise ResponseError(
                f"{self._context}: the API returned cursor {cursor} twice (pagination loop); stopped after "
                f"{self.number - 1} pages. Try again later."
            )
        if self._empty_pages >= MAX_EMPTY_PAGES or self.number > self._max_pages:
            raise self._pagination_error(following_cursor)
        self._cursors.add(following_cursor)
        self.cursor = following_cursor

    def _pagination_error(self, following_cursor: str) -> ResponseError:
        count = self.number - 1
        problem = f"the last {self._empty_pages} had no new posts" if self._empty_pages else "that is the maximum"
        error = ResponseError(f"{self._context}: stopped after {count:,} pages, because {problem}. Try again later.")
        error.cursor = following_cursor
        return error


def read_next_cursor(envelope: Envelope, context: RequestContext) -> str | None:
    """Return the cursor of the next page, or None at the end; raise ResponseError if it is invalid."""
    if envelope.pagination.get("hasMore") is False:
        return None
    cursor = next_cursor(envelope)
    if cursor is None:
        return None
    if not isinstance(cursor, str) or len(cursor) > _MAX_CURSOR_CHARACTERS:
        shown = quote(context.redact(str(cursor)))
        raise ResponseError(f"{context}: expected a text of at most 65,536 characters as next cursor, got {shown}.")
    return cursor


def _raw_id(item: msgspec.Raw) -> bytes | None:
    try:
        raw_id = bytes(_post_id_decoder.decode(item).id)
    except JSON_ERRORS:
        return None
    return None if raw_id in (b"null", b'""') else raw_id
