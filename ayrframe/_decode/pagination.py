"""Read from an envelope whether more posts follow, and how many posts a page was requested with."""

from __future__ import annotations

from typing import Any

from ayrframe._decode.envelope import Envelope

PAGE_SIZE = 100  # Recommended by Ayrshare: larger pages are slow and fail more often.
MAX_PAGE_SIZE = 500


def page_size(limit: int | None, *, is_larger_page: bool = False) -> int:
    """Return the number of posts to request; the larger page is for platforms without pagination."""
    largest = MAX_PAGE_SIZE if is_larger_page else PAGE_SIZE
    return largest if limit is None else max(min(limit, largest), 1)


def next_cursor(envelope: Envelope) -> Any:
    """Return what the envelope has as cursor of the next page, None if it has none."""
    return envelope.pagination.get("next") or envelope.fields.get("next") or None


def is_last_page(envelope: Envelope, cursor: str | None) -> bool:
    """Return whether the response to a request with this cursor is the last page."""
    if envelope.pagination.get("hasMore") is False:
        return True
    return cursor is not None and not next_cursor(envelope)


def may_have_more(envelope: Envelope, cursor: str | None) -> bool:
    """Return whether posts may be missing after the last page that the API provides."""
    has_more = envelope.pagination.get("hasMore")
    if next_cursor(envelope) or has_more is False:
        return False
    return has_more is True or (cursor is None and len(envelope.items) >= MAX_PAGE_SIZE)


def is_end_of_history(envelope: Envelope, cursor: str | None, size: int) -> bool:
    """Return whether it is certain that no older posts exist; the page was requested with this cursor and size."""
    if envelope.pagination.get("hasMore") is True or next_cursor(envelope):
        return False
    return is_last_page(envelope, cursor) or len(envelope.items) < size
