"""Update a dataset from an archive: read the pages it does not have, and the pages that these repeat."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ayrframe._archive.observations import iter_observations
from ayrframe._archive.page_file import PageHeader, PageName, PagePosition
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.parquet.write import open_dataset
from ayrframe._archive.read import warn_unlabelled


def update_dataset(store: PageStore, folder: str) -> pd.DataFrame:
    """Add the missing pages to a dataset, and return the parts that were written."""
    store.check_exists()
    names = store.names()
    with open_dataset(folder) as dataset:
        missing = dataset.missing_pages(name.digest for name in names)
        labelled = store.labelled_headers(name for name in names if name.digest in missing)
        new = [(name, header) for name, header in labelled if not header.request.is_account]
        stored = [name for name in names if name.digest not in missing]
        warn_unlabelled(store, (header.request for _, header in new))
        # New pages may repeat stored ones, whose posts then have to be removed if they were not removed before, and may
        # show that the other pages of their load list all posts from an earlier time on.
        loads = {(name.request_hash, name.load) for name, header in new if not header.request.is_analytics}
        positions = _repeated_positions(new)
        again = [n for n in stored if n.position in positions or (n.request_hash, n.load) in loads]
        without_posts = dataset.pages_without_posts(name.digest for name in again)
        headers = [*new, *store.labelled_headers(name for name in again if name.digest not in without_posts)]
        # Stored pages may repeat new ones.
        new_positions = {name.position for name, _ in new}
        following = store.headers(name for name in stored if name.previous_position in new_positions)
        return dataset.add(iter_observations(store, headers, _repeated_positions(following)))


def _repeated_positions(headers: Iterable[tuple[PageName, PageHeader]]) -> set[PagePosition]:
    """Return the positions of the pages that these repeat."""
    return {name.previous_position for name, header in headers if header.replaces_previous}
