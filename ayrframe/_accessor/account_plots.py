"""Define `accounts.ayr.plot`; matplotlib is imported only when a plot is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ayrframe._accessor.call_names import called_as
from ayrframe._accessor.shared_plots import PlotsBase, warn_once_per_plot
from ayrframe._plots.followers import draw_followers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@warn_once_per_plot
@called_as("accounts.ayr.plot")
class AccountPlots(PlotsBase):
    """Plots of an accounts frame, available as `accounts.ayr.plot`.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> with ayr.sandbox() as api:
    ...     accounts = ayr.accounts("tiktok", client=api.client())
    >>> ax = accounts.ayr.plot.followers(ax=Figure().subplots())
    """

    _kind = "accounts"

    def followers(self, *, ax: Axes | None = None) -> Axes:
        """Plot the followers of each account over time, one line per account.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Axes to draw on. Default: those of a new figure.

        Returns
        -------
        matplotlib.axes.Axes

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> with ayr.sandbox() as api:
        ...     accounts = ayr.accounts("tiktok", client=api.client())
        >>> accounts.ayr.plot.followers(ax=Figure().subplots()).get_title().splitlines()[0]
        'Followers'
        """
        return draw_followers(self._frame, ax=ax)
