"""The accessor of accounts frames: child tables, checks, dictionary, growth and plots."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from ayrframe._accessor.frame_kinds import check_accounts_frame
from ayrframe._accessor.posts import PostsAccessor
from ayrframe._frame.key import check_frame
from ayrframe._frame.platform_rows import known_platforms_in
from ayrframe.errors import ExpansionError, quote

if TYPE_CHECKING:
    from ayrframe._accessor.account_plots import AccountPlots
    from ayrframe._accessor.expansions import AccountsExpansions
    from ayrframe._frame.schema import Severity

    Expansions = AccountsExpansions[pd.DataFrame]
else:
    Expansions = object


class AccountsAccessor(Expansions):
    """Methods of an accounts frame, as `accounts.ayr`.

    Available on the results of :func:`accounts` and :meth:`Archive.accounts`. In addition to the methods below there is
    one method per expansion of the platforms in the frame, such as `accounts.ayr.audience_countries()`. For type
    checkers and editors, write `ayr.AccountsAccessor(accounts)`.

    Examples
    --------
    >>> with ayr.sandbox() as api:
    ...     accounts = ayr.accounts("tiktok", quarters=1, client=api.client())
    >>> accounts.ayr.audience_countries().columns.tolist()
    ['platform', 'profile', 'as_of', 'country', 'fraction', 'people']
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        """Raise an AttributeError, the only error that pandas passes on from here, if it is not an accounts frame."""
        check_accounts_frame(frame)
        self._original = frame

    @property
    def _frame(self) -> pd.DataFrame:
        """The frame; checked here, not on creation, so that `dir(frame)` works for every frame."""
        return check_frame(self._original)

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

    def expansions(self) -> pd.DataFrame:
        """List the expansions of these accounts.

        Returns
        -------
        pandas.DataFrame
            As from :meth:`PostsAccessor.expansions`; `posts` is the number of rows of this frame with at least one row.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     accounts = ayr.accounts("instagram", client=api.client())
        >>> accounts.ayr.expansions()["name"].tolist()
        ['audience_countries', 'audience_ages', 'extra']
        """
        from ayrframe._expansions.expand import list_expansions

        return list_expansions(self._frame)

    def expand(self, name: str, *, wide: bool = False) -> pd.DataFrame:
        """Return the child table of an expansion.

        Parameters
        ----------
        name : str
            Name of an expansion, see :meth:`expansions`.
        wide : bool, default False
            Return wide format, one column per kind instead of one row (`reactions` only).

        Returns
        -------
        pandas.DataFrame
            `platform`, `profile`, `as_of`, then the columns of the child table; one row per element.

        Raises
        ------
        ExpansionError
            If these accounts have no such expansion.
        ValueError
            If `wide=True` and the table has no wide format.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     accounts = ayr.accounts("instagram", quarters=1, client=api.client())
        >>> accounts.ayr.expand("audience_ages")[["gender", "age"]].head(2).values.tolist()
        [['F', '18-24'], ['F', '25-34']]
        """
        from ayrframe._expansions.expand import expand

        return expand(self._frame, name, wide=wide)

    def growth(self, metric: str = "followers", freq: str | None = None) -> pd.DataFrame:
        """Return a number of each account at each reading, with the increment since the previous one.

        Parameters
        ----------
        metric : str, default "followers"
            A numeric column of the frame.
        freq : {"h", "D", "W", "M"}, optional
            Return one row per hour, day, week or month in UTC, as :meth:`PostsAccessor.growth` does.

        Returns
        -------
        pandas.DataFrame
            Sorted by platform, profile and `as_of`: `platform`, `profile`; with `freq`, `period`; `as_of`; `value`,
            `increment`, `hours`, `per_hour` (float64) and `fell` (boolean), as from :meth:`PostsAccessor.growth`.

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

    def drift(self) -> pd.DataFrame:
        """Report differences between the accounts and the declared fields of their platforms.

        Returns
        -------
        pandas.DataFrame
            As from :meth:`PostsAccessor.drift`; `posts` is the number of accounts with a finding.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     accounts = ayr.accounts("youtube", client=api.client())
        >>> accounts.ayr.drift()["finding"].unique().tolist()
        ['never seen']
        """
        from ayrframe._frame.drift import drift

        return drift(self._frame)

    def dictionary(self) -> pd.DataFrame:
        """Describe the columns of this frame.

        Returns
        -------
        pandas.DataFrame
            As from :meth:`PostsAccessor.dictionary`.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     accounts = ayr.accounts("youtube", client=api.client())
        >>> accounts.ayr.dictionary().set_index("column").loc["estimated_minutes_watched", "unit"]
        'minutes'
        """
        from ayrframe._frame.dictionary import frame_dictionary

        return frame_dictionary(self._frame)

    def validate(self, severity: Severity = "raise") -> pd.DataFrame:
        """Validate the frame against the schema of its platforms; :func:`accounts` does this once.

        Parameters
        ----------
        severity : {"raise", "warn"}, default "raise"
            Whether invalid values raise an error or give a warning. Missing columns and wrong dtypes always raise.

        Returns
        -------
        pandas.DataFrame
            The same frame.

        Raises
        ------
        SchemaError
            If validation fails; the error has `.failure_cases` and `.frame`.

        Examples
        --------
        >>> with ayr.sandbox() as api:
        ...     accounts = ayr.accounts("threads", client=api.client())
        >>> len(accounts.ayr.validate())
        1
        """
        from ayrframe._frame.schema import validate_frame

        return validate_frame(self._frame, severity)

    def _find_attribute(self, name: str) -> Callable[..., pd.DataFrame]:
        """Return the method of an expansion."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {quote(name)}.")
        from ayrframe._expansions.expand import hint_for_unknown_name
        from ayrframe._expansions.methods import expansion_method

        method = expansion_method(self._frame, name)
        if method is None:
            if hasattr(PostsAccessor, name):
                raise AttributeError(f"`.ayr.{name}` needs a posts frame; this is an accounts frame. Load posts first.")
            hint = hint_for_unknown_name(self._frame, name, [each for each in dir(self) if not each.startswith("_")])
            raise ExpansionError(f"`accounts.ayr` has no method or expansion {quote(name)}.{hint}")
        return method

    if not TYPE_CHECKING:  # type checkers report unknown names
        __getattr__ = _find_attribute

    def __dir__(self) -> list[str]:
        """List the methods, and the expansions of the platforms in the frame."""
        from ayrframe._expansions.expand import expansion_names

        return [*super().__dir__(), *expansion_names(self._frame)]

    def __repr__(self) -> str:
        """Return the number of rows and the platforms."""
        titles = ", ".join(platform.title for platform in known_platforms_in(self._original))
        return f"Accounts: {len(self._original):,} rows of {titles or 'no platform'}"
