"""Read archived account analytics as an accounts frame."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pyarrow as pa

from ayrframe._archive.page_store import PageStore, StoredPage
from ayrframe._archive.read import Selection, make_selection, warn_unlabelled
from ayrframe._decode.accounts import decode_account, parse_account
from ayrframe._frame.dtypes import concat_tables, to_frame
from ayrframe._frame.key import key_names
from ayrframe._frame.schema import Severity, validate_frame
from ayrframe._platforms import PLATFORMS, PlatformNames
from ayrframe._platforms.spec import Platform
from ayrframe.errors import ResponseError


def decode_account_page(page: StoredPage, platform: Platform, profile: str) -> pa.Table:
    """Return the account in a page; raise a ResponseError if it has none."""
    block = parse_account(page.body, platform, page.name)
    if block.item is None:
        raise ResponseError(f"Cannot read {page.name}: it has no account analytics of {platform.title}.")
    as_of = block.last_updated or page.header.received_at
    return decode_account(block.item, platform, profile=profile, as_of=as_of)


def read_accounts(store: PageStore, selection: Selection) -> tuple[pd.DataFrame, list[Platform]]:
    """Return every reading of the selected accounts, load after load, and the declarations of the accounts."""
    headers = list(store.labelled_headers(store.names()))
    selection.check_profiles((header.request.profile for _, header in headers), store.path)
    selected = [
        (name, header)
        for name, header in headers
        if header.request.is_account and selection.matches(header.request.platform, header.request.profile)
    ]
    warn_unlabelled(store, (header.request for _, header in selected))
    tables, present = [], []
    for name, header in sorted(selected, key=lambda page: (page[1].load, page[1].target_index, page[0])):
        for page in store.pages([name]):
            platform = PLATFORMS[header.request.platform]
            try:
                tables.append(decode_account_page(page, platform, header.request.profile))
            except ResponseError as error:
                store.warn_skipped(page.name, str(error).removesuffix("."))
            else:
                present.append(platform.name)
    platforms = [platform.of_accounts for platform in selection.frame_platforms(present)]
    if not platforms:  # The frame has the columns of all accounts frames.
        platforms = [replace(next(iter(PLATFORMS.values())).of_accounts, columns=())]
    accounts = to_frame(concat_tables(tables, platforms))
    return accounts.drop_duplicates(key_names(accounts), keep="last").reset_index(drop=True), platforms


class StoredAccounts:
    """The accounts of an archive."""

    store: PageStore

    def accounts(
        self, platform: PlatformNames = None, profile: PlatformNames = None, *, validate: Severity = "warn"
    ) -> pd.DataFrame:
        """Return every reading of every account; `as_of` distinguishes the readings of an account.

        Parameters
        ----------
        platform, profile, validate
            As in `Archive.posts()`.

        Returns
        -------
        pandas.DataFrame
            The accounts frame, as from `ayr.accounts()`, load after load, oldest first.

        Raises
        ------
        FileNotFoundError, ValueError, SchemaError
            As in `Archive.posts()`.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     for _ in range(2):
        ...         accounts = ayr.accounts("bluesky", client=api.client(), archive=ayr.Archive(folder))
        ...         _ = api.advance(days=7)
        >>> ayr.Archive(folder).accounts().ayr.growth()["increment"].tolist()[1] > 0
        True
        """
        self.store.check_exists()
        accounts, platforms = read_accounts(self.store, make_selection(platform, profile))
        return validate_frame(accounts, validate, platforms)
