"""Draw every plot of the accessors, and write the pages of the gallery."""

from __future__ import annotations

import doctest
import inspect
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
from build_api_pages import public_names
from matplotlib.figure import Figure

import ayrframe as ayr
from ayrframe._accessor.account_plots import AccountPlots
from ayrframe._accessor.plots import PlotAccessor

# Examples of plots that need more posts than the one in the docstring shows; all others are drawn from their docstring.
EXAMPLES = {
    "above_normal": 'ax = ayr.load_sample("instagram").ayr.plot.above_normal("likes")',
    "audience_cities": 'ax = ayr.load_sample("tiktok").ayr.plot.audience_cities(n=8)',
    "audience_countries": 'ax = ayr.load_sample("tiktok").ayr.plot.audience_countries(n=8)',
    "calendar": 'ax = ayr.load_sample("tiktok").ayr.plot.calendar("engagements", at=["2025-12", "2026-01"])',
    "compare": 'ax = ayr.load_sample("tiktok").ayr.plot.compare(metric=["views", "likes", "shares", "reach"])',
    "coverage": 'ax = ayr.load_sample(["instagram", "linkedin", "x"]).ayr.plot.coverage()',
    "crossposts": 'ax = ayr.load_sample().ayr.plot.crossposts("likes", n=8)',
    "followers": """\
with ayr.sandbox() as api:
    archive, client = ayr.Archive(folder), api.client()
    for _ in range(8):
        ayr.accounts(["instagram", "linkedin", "tiktok"], archive=archive, client=client)
        api.advance(days=7)
ax = archive.accounts().ayr.plot.followers()""",
    "growth": """\
with ayr.sandbox(posts={"tiktok": 10}) as api:
    archive, client, start = ayr.Archive(folder), api.client(), api.now
    for _ in range(30):
        ayr.load("tiktok", limit=None, archive=archive, client=client)
        api.advance(days=1)
posts = archive.posts()
ax = posts[posts["created"] > start].ayr.plot.growth("views")""",
    "reactions": 'ax = ayr.load_sample(["facebook", "linkedin"]).ayr.plot.reactions()',
    "retention": 'ax = ayr.load_sample("tiktok").ayr.plot.retention()',
    "timeline": 'ax = ayr.load_sample(["instagram", "tiktok"]).ayr.plot.timeline("engagements", period="month")',
    "top_posts": 'ax = ayr.load_sample("instagram").ayr.plot.top_posts("likes", n=8)',
    "video_view_retention": 'ax = ayr.load_sample("tiktok").ayr.plot.video_view_retention()',
}
INTRODUCTION = "Every plot, drawn from the samples or in the sandbox. Choose one to see its code."


def plots() -> dict[str, tuple[str, str]]:
    """Return the title and the code of each public plot, by name."""
    owners = {"posts": PlotAccessor, "accounts": AccountPlots}
    return {
        name: (f"{kind}.ayr.plot.{name}", example(name, getattr(owner, name)))
        for kind, owner in owners.items()
        for name in public_names(owner)
    }


def example(name: str, plot: object) -> str:
    """Return code that draws a plot in a new figure."""
    if name in EXAMPLES:
        return EXAMPLES[name]
    found = doctest.DocTestParser().get_examples(inspect.getdoc(plot) or "")
    lines = [each.source.rstrip() for each in found if "matplotlib" not in each.source]
    drawn = [index for index, line in enumerate(lines) if line.startswith("ax = ")]
    if not drawn:
        raise ValueError(f"The plot {name!r} has no example in its docstring that begins with `ax = `.")
    return re.sub(r"(, )?ax=Figure\(\)\.subplots\(\)", "", "\n".join(lines[: drawn[0] + 1]))


def draw(code: str, folder: Path) -> Figure:
    """Run an example and return its figure."""
    names: dict[str, Any] = {"ayr": ayr, "folder": folder}
    with mpl.rc_context({"figure.max_open_warning": 0}):
        exec(code, names)  # noqa: S102 (examples of this repository)
    return names["ax"].figure


def write_pages(folder: Path) -> None:
    """Write a page and two pictures per plot, and an index with the small pictures."""
    import matplotlib.pyplot as plt

    mpl.use("agg")
    folder.mkdir(parents=True)
    cards: list[str] = []
    for name, (title, code) in plots().items():
        with tempfile.TemporaryDirectory() as archive:
            figure = draw(code, Path(archive))
        figure.savefig(folder / f"{name}.png", dpi=130, bbox_inches="tight", metadata={"Software": None})
        figure.savefig(folder / f"{name}-small.png", dpi=60, bbox_inches="tight", metadata={"Software": None})
        plt.close(figure)
        (folder / f"{name}.md").write_text("\n".join(_page(name, title, code)), encoding="utf-8")
        cards += _card(name, title)
    tree = ["```{toctree}", ":hidden:", "", *plots(), "```", ""]
    grid = ["::::{grid} 1 2 3 3", ":gutter: 3", "", *cards, "::::", ""]
    (folder / "index.md").write_text("\n".join(["# Gallery", "", INTRODUCTION, "", *grid, *tree]), encoding="utf-8")


def _page(name: str, title: str, code: str) -> Iterator[str]:
    yield from (f"# {title.rpartition('.')[2]}", "")
    yield from (f"![{_description(name)}]({name}.png)", "")
    setup = ["import ayrframe as ayr", ""]
    if "folder" in code:
        setup = ["import tempfile", "", "import ayrframe as ayr", "", "folder = tempfile.mkdtemp()"]
    yield from ("```python", *setup, *code.splitlines(), "```", "")
    yield f"Parameters and result: [{title}](../api/{title}.rst). All plots: [gallery](index.md)."
    yield ""


def _card(name: str, title: str) -> Iterator[str]:
    yield from (f":::{{grid-item-card}} {title.rpartition('.')[2]}", f":link: {name}", ":link-type: doc")
    yield from (f":img-bottom: {name}-small.png", f":img-alt: {_description(name)}", "")
    yield from (_description(name), ":::", "")


def _description(name: str) -> str:
    owner = PlotAccessor if hasattr(PlotAccessor, name) else AccountPlots
    text = (inspect.getdoc(getattr(owner, name)) or "").split("\n\n")[0].replace("\n", " ")
    return re.sub(r"`(?:[\w.]+\.)?(\w+)\(\)`", r"\1", text)
