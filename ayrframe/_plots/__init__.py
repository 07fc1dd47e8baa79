"""posts.ayr.plot: a table of contents. One question per file: a posts frame in, a matplotlib Axes out.

Importing this does not import matplotlib; drawing does.
"""

from __future__ import annotations

import pandas as pd

from ayrframe._plots.growth import GrowthPlots
from ayrframe._plots.measured import MetricPlots
from ayrframe._plots.parts import PartPlots


class PlotAccessor(PartPlots, MetricPlots, GrowthPlots):
    """What a posts frame can be drawn as, as `posts.ayr.plot`.

    Each method draws a table that `posts.ayr` also gives, counts each post once by its newest observation (`growth`
    draws them all), says in the title how many posts it rests on, and returns the Axes. It draws on `ax` if one is
    given, and otherwise in a new figure that a notebook shows. Nothing is ever added across networks, and what is
    missing is left out.

    Texts are drawn as they are: `$` is no formula, and a character that the font lacks becomes `□`. For texts in
    Chinese, Japanese or Korean, name a font that has them before you draw, such as
    `plt.rcParams["font.family"] = ["DejaVu Sans", "Noto Sans CJK JP"]`.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = ayr.load_sample("tiktok").ayr.plot.impression_sources(ax=Figure().subplots())
    >>> ax.get_xlabel()
    'share of views, each post weighted by its views'
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        """Take a posts frame; whether it is one was asked by `posts.ayr`."""
        self._frame = frame

    def __repr__(self) -> str:
        """Name the plots there are."""
        return f"posts.ayr.plot: {', '.join(name for name in dir(self) if not name.startswith('_'))}"
