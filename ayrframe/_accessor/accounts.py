"""The accessor of accounts frames: coverage, growth and plots; inherits child tables, checks and dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._accessor.call_names import called_as
from ayrframe._accessor.columns import ColumnMethods
from ayrframe._accessor.frame_kinds import check_accounts_frame
from ayrframe._accessor.posts import PostsAccessor
from ayrframe._frame.platform_rows import known_platforms_in

if TYPE_CHECKING:
    from ayrframe._accessor.account_plots import AccountPlots
    from ayrframe._accessor.expansions import AccountsExpansions

    Expansions = AccountsExpansions[pd.DataFrame]
else:
    Expansions = object


@called_as("accounts.ayr")
class AccountsAccessor(ColumnMethods, Expansions):
    """Methods of an accounts frame, as `accounts.ayr`.

    Available on the results of `ayr.accounts()` and `Archive.accounts()`. In addition to the methods below there is
    one method per expansion of the platforms in the frame, such as `accounts.ayr.audience_countries()`. For type
    checkers and editors, write `ayr.AccountsAccessor(accounts)`.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     accounts = ayr.accounts("tiktok", quarters=1, client=api.client())
    >>> accounts.ayr.audience_countries().columns.tolist()
    ['platform', 'profile', 'as_of', 'country', 'fraction', 'people']
    """

    _kind = "accounts"

    def __init__(self, frame: pd.DataFrame) -> None:
        """Raise an AttributeError, the only error that pandas passes on from here, if it is not an accounts frame."""
        check_accounts_frame(frame)
        super().__init__(frame)

    @property
    def plot(self) -> AccountPlots:
        """Plot the accounts with matplotlib, as in `accounts.ayr.plot.followers()`.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> with ayr.sandbox() as api:
        ...     accounts = ayr.accounts("tiktok", client=api.client())
        >>> accounts.ayr.plot.followers(ax=Figure().subplots()).get_ylabel()
        'followers (people)'
        """
        from ayrframe._accessor.account_plots import AccountPlots

        return AccountPlots(self._frame)

    def growth(self, metric: str = "followers", freq: str | None = None) -> pd.DataFrame:
        """Return a number of each account at each reading, with the increment since the previous one.

        Parameters
        ----------
        metric : str, default "followers"
            A numeric column of the frame.
        freq : {"h", "D", "W", "M"}, optional
            Return one row per hour, day, week or month in UTC, as `posts.ayr.growth()` does.

        Returns
        -------
        pandas.DataFrame
            Sorted by platform, profile and `as_of`: `platform`, `profile`; with `freq`, `period`; `as_of`; `value`,
            `increment`, `hours`, `per_hour` (float64) and `fell` (boolean), as from `posts.ayr.growth()`.

        Raises
        ------
        ValueError
            If the frame has no such numeric column, or the frequency is unknown.

        Examples
        --------
        >>> import pandas as pd
        >>> with ayr.sandbox() as api:
        ...     first = ayr.accounts("tiktok", client=api.client())
        ...     _ = api.advance(days=30)
        ...     accounts = pd.concat([first, ayr.accounts("tiktok", client=api.client())])
        >>> accounts.ayr.growth()["hours"].round().tolist()
        [nan, 720.0]
        """
        from ayrframe._metrics.accounts import account_growth

        return account_growth(self._frame, metric, freq)

    def coverage(self) -> pd.DataFrame:
        """Count missing values by column and reason.

        Returns
        -------
        pandas.DataFrame
            One row per `platform`, `column` and `reason` (str), with the `count` (Int64) of missing values. Reasons:
            withheld (the platform sends -1), wrong type, not in this endpoint (no field of the platform has this
            number), and not sent.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     accounts = ayr.accounts("facebook", client=api.client())
        >>> accounts.ayr.coverage().query("column == 'posts'")["reason"].tolist()
        ['not in this endpoint']
        """
        from ayrframe._metrics.accounts import account_coverage

        return account_coverage(self._frame)

    def _find_attribute(self, name: str) -> Callable[..., pd.DataFrame]:
        """Return the method of an expansion; raise an AttributeError for a method of posts frames."""
        if not name.startswith("_") and hasattr(PostsAccessor, name):
            raise AttributeError(f"`.ayr.{name}` needs a posts frame; this is an accounts frame. Load posts first.")
        return super()._find_attribute(name)

    if not TYPE_CHECKING:  # type checkers report unknown names
        __getattr__ = _find_attribute

    def __repr__(self) -> str:
        """Return the number of rows and the platforms."""
        titles = ", ".join(platform.title for platform in known_platforms_in(self._original))
        return f"Accounts: {len(self._original):,} rows of {titles or 'no platform'}"
