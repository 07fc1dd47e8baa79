"""Update a dataset from an archive: read the pages it does not have, and the pages that these repeat."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from ayrframe._archive.page_file import PageHeader, PageName, PagePosition
from ayrframe._archive.page_store import PageStore
from ayrframe._archive.parquet.staging import PagePosts
from ayrframe._archive.parquet.write import DatasetWriter, open_dataset
from ayrframe._archive.read import iter_page_contents, previous_position
from ayrframe._platforms import PLATFORMS

PageHeaders = Iterable[tuple[PageName, PageHeader]]


def update_dataset(store: PageStore, folder: str) -> pd.DataFrame:
    """Add the missing pages to a dataset, and return the parts that were written."""
    names = store.names()
    with open_dataset(folder) as dataset:
        missing = dataset.missing_pages(name.digest for name in names)
        new = list(store.headers(name for name in names if name.digest in missing))
        stored = [name for name in names if name.digest not in missing]
        headers = [*new, *store.headers(_stored_names_repeated_by(new, stored, dataset))]
        repeated = _repeated_positions(store.headers(_stored_names_after(new, stored)))
        return dataset.add(
            PagePosts(page.name.digest, PLATFORMS[page.header.request.platform], page.posts, page.repeated_posts)
            for page in iter_page_contents(store, headers, repeated)
        )


def _stored_names_repeated_by(new: PageHeaders, stored: Collection[PageName], dataset: DatasetWriter) -> list[PageName]:
    """Return pages of the dataset that new pages repeat and whose posts have to be removed."""
    positions = _repeated_positions(new)
    names = [name for name in stored if name.position in positions]
    without_posts = dataset.pages_without_posts(name.digest for name in names)
    return [name for name in names if name.digest not in without_posts]


def _stored_names_after(new: PageHeaders, stored: Collection[PageName]) -> list[PageName]:
    """Return pages of the dataset that directly follow new pages."""
    positions = {name.position for name, _ in new}
    return [name for name in stored if previous_position(name.position) in positions]


def _repeated_positions(headers: PageHeaders) -> set[PagePosition]:
    """Return the positions of the pages that these repeat."""
    return {previous_position(name.position) for name, header in headers if header.replaces_previous}
