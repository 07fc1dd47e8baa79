"""Where a walk through the pages of one history stands: what to ask next, and when it is over. No I/O in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec

from ayrframe._api.models import RequestContext
from ayrframe._decode.envelope import Envelope
from ayrframe._decode.json import JSON_ERRORS
from ayrframe.errors import ResponseError, quote

PAGE_SIZE = 100  # What Ayrshare advises: more is slow and fails more often.
MAX_PAGE_SIZE = 500
MAX_PAGES = 10_000
MAX_EMPTY_PAGES = 10
_MAX_CURSOR_CHARACTERS = 65_536


class EndReason(Enum):
    """Why no page follows."""

    COMPLETE = "there is nothing more"
    LIMIT = "there are as many posts as were wanted"
    NO_CURSOR = "the API gives no way to ask for more, though there may be more"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """One reply of a walk.

    `cursor` is what it was asked for with, `next` what the page after it is asked for with, and `end` says why there is
    none. With `widened` it holds the posts of the page before it again, and more.
    """

    number: int
    body: bytes = field(repr=False)
    envelope: Envelope = field(repr=False)
    status: int
    received_at: datetime
    cursor: str | None
    next_cursor: str | None
    end: EndReason | None
    replaces_previous: bool = False

    @property
    def is_last(self) -> bool:
        """Whether no page will be asked for after it."""
        return self.end is not None


class _PostId(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw(b"null")


_post_id_decoder = msgspec.json.Decoder(_PostId)


class Paginator:
    """The pages of one history, one after the other, with guards against walking in circles."""

    def __init__(
        self, *, limit: int | None, cursor: str | None, context: RequestContext, max_pages: int = MAX_PAGES
    ) -> None:
        """Begin at a cursor, or at the newest post."""
        self.cursor = cursor
        self.number = 1
        self._limit, self._context, self._max_pages = limit, context, max_pages
        self._size = PAGE_SIZE if limit is None else max(min(limit, PAGE_SIZE), 1)
        self._cursors = {cursor} if cursor else set()
        self._ids: set[bytes] = set()
        self._post_count = self._empty_pages = 0
        self._replaces_previous = False
        self.problem: ResponseError | None = None

    def next_request(self) -> list[tuple[str, str]]:
        """Return the parameters that ask for the page where the walk stands."""
        return [("limit", str(self._size)), *([("next", self.cursor)] if self.cursor else [])]

    def add(self, body: bytes, envelope: Envelope, *, status: int, received_at: datetime) -> HistoryPage:
        """Go on to the next page and return this one. What bars the way is kept in `problem`: this page is good."""
        cursor, number, replaces_previous = self.cursor, self.number, self._replaces_previous
        self._count_new_posts(envelope)
        following_cursor = end = None
        try:
            following_cursor = read_next_cursor(envelope, self._context)
            end = self._end_reason(envelope, following_cursor)
            if end is None:
                self._advance(following_cursor)
        except ResponseError as problem:
            self.problem = problem.with_traceback(None)  # The frames it came through hold the reply.
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
        """Count the posts that are new; those without an id all are."""
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
        pagination = _pagination_fields(envelope)
        if pagination.get("hasMore") is True:
            return EndReason.NO_CURSOR
        if self.cursor or pagination.get("hasMore") is False or len(envelope.items) != self._size:
            return EndReason.COMPLETE
        # A full first page and no cursor: this network gives all it has in one page, if that is large enough.
        return EndReason.NO_CURSOR if self._replaces_previous or self._size >= MAX_PAGE_SIZE else None

    def _advance(self, following_cursor: str | None) -> None:
        self.number += 1
        self._replaces_previous = following_cursor is None
        if following_cursor is None:
            self._size = MAX_PAGE_SIZE if self._limit is None else min(self._limit, MAX_PAGE_SIZE)
            return
        if following_cursor in self._cursors:
            cursor = quote(self._context.redact(following_cursor))
            raise ResponseError(
                f"{self._context.where}: the cursor {cursor} came a second time, so the pages go in a circle. "
                f"Stopped after {self.number - 1} pages."
            )
        if self._empty_pages >= MAX_EMPTY_PAGES or self.number > self._max_pages:
            what = (
                f"{self._empty_pages} pages in a row brought no new post"
                if self._empty_pages
                else "there is no end to the pages"
            )
            raise self._pagination_error(what, following_cursor)
        self._cursors.add(following_cursor)
        self.cursor = following_cursor

    def _pagination_error(self, what: str, following_cursor: str) -> ResponseError:
        error = ResponseError(f"{self._context.where}: {what}. Stopped after {self.number - 1} pages.")
        error.cursor = following_cursor
        return error


def read_next_cursor(envelope: Envelope, context: RequestContext) -> str | None:
    """Return the cursor of the next page, or None at the end; one that is no text is an error."""
    pagination = _pagination_fields(envelope)
    if pagination.get("hasMore") is False:
        return None
    cursor = pagination.get("next") or envelope.fields.get("next")
    if not cursor:
        return None
    if not isinstance(cursor, str) or len(cursor) > _MAX_CURSOR_CHARACTERS:
        shown = quote(context.redact(str(cursor)))
        raise ResponseError(f"{context.where}: the cursor of the next page is no text of sensible length: {shown}.")
    return cursor


def is_last_page(envelope: Envelope, cursor: str | None) -> bool:
    """Tell whether a reply, asked for with this cursor, says that nothing comes after it."""
    pagination = _pagination_fields(envelope)
    if pagination.get("hasMore") is False:
        return True
    return cursor is not None and not (pagination.get("next") or envelope.fields.get("next"))


def may_have_more(envelope: Envelope, cursor: str | None) -> bool:
    """Tell whether there is or may be more behind a last reply, and no way to ask for it."""
    pagination = _pagination_fields(envelope)
    if pagination.get("next") or envelope.fields.get("next") or pagination.get("hasMore") is False:
        return False
    return pagination.get("hasMore") is True or (cursor is None and len(envelope.items) >= MAX_PAGE_SIZE)


def _pagination_fields(envelope: Envelope) -> dict[str, Any]:
    meta = envelope.fields.get("meta")
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    return pagination if isinstance(pagination, dict) else {}


def _raw_id(item: msgspec.Raw) -> bytes | None:
    try:
        raw_id = bytes(_post_id_decoder.decode(item).id)
    except JSON_ERRORS:
        return None
    return None if raw_id in (b"null", b'""') else raw_id
