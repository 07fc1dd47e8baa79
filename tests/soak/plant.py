"""Damage an archive on purpose, to see whether the comparison notices."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import structs

from ayrframe._archive.page_file import PageHeader
from ayrframe._archive.page_store import PageStore, StoredPage


def plant_loss(archive: Path) -> None:
    """Delete all pages of a platform and profile in one load."""
    store, page = _history_page(archive)
    target = (page.header.load, page.header.request.platform, page.header.request.profile)
    for other in store.pages(store.names()):
        if (other.header.load, other.header.request.platform, other.header.request.profile) == target:
            (archive / other.name).unlink()


def plant_mix(archive: Path) -> None:
    """Store a page of the last profile as a page of the first one."""
    store, page = _history_page(archive)
    first = min(page.header.request.profile for page in store.pages(store.names()))
    request = structs.replace(page.header.request, profile=first)
    store.add(_page_header(page, request=request), page.body)


def plant_second_count(archive: Path) -> None:
    """Store a page again, with times one minute later."""
    store, page = _history_page(archive)

    def add_minute(match: re.Match[bytes]) -> bytes:
        later = datetime.fromisoformat(match[2].decode()) + timedelta(minutes=1)
        return match[1] + later.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3].encode() + b'Z"'

    body = re.sub(rb'("lastUpdated":")([^"]+)"', add_minute, page.body)
    store.add(_page_header(page, number=1000), body)


def _history_page(archive: Path) -> tuple[PageStore, StoredPage]:
    """Return the last page of the history of the last profile by name."""
    store = PageStore(archive)
    pages = [page for page in store.pages(store.names()) if not page.header.request.parameters.get("endpoint")]
    return store, max(pages, key=lambda page: (page.header.request.profile, page.name))


def _page_header(page: StoredPage, **changes: Any) -> PageHeader:
    fields = {name: getattr(page.header, name) for name in PageHeader.__struct_fields__}
    return PageHeader(**{**fields, **changes})


PLANTS = {"lost": plant_loss, "mixed": plant_mix, "counted twice": plant_second_count}
