"""Draw the two pictures of the README and the landing page: `python docs/build_images.py`; needs chromium."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import matplotlib as mpl
from PIL import Image

import ayrframe as ayr

FOLDER = Path(__file__).parent / "images"
COLORS = 128  # a palette makes the files several times smaller


def draw_plot(path: Path) -> None:
    """Draw the engagements of two platforms over time."""
    mpl.use("agg")
    ax = ayr.load_sample(["instagram", "tiktok"]).ayr.plot.timeline("engagements", period="month")
    ax.figure.savefig(path, dpi=110, bbox_inches="tight")


def draw_report(path: Path) -> None:
    """Take a picture of the top of a report in a browser."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise FileNotFoundError("The picture of the report needs chromium or google-chrome.")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "report.html")
        posts = ayr.load_sample(["instagram", "tiktok", "x"])
        ayr.report(posts, page, at="2026-01", tz="Europe/Berlin", title="Oven & Crumb, January 2026")
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=900,1150")
        profile = f"--user-data-dir={Path(folder, 'profile')}"
        command = [browser, *options, profile, f"--screenshot={path}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 (no input of others)


def main() -> None:
    """Draw both pictures and reduce their colors."""
    FOLDER.mkdir(exist_ok=True)
    for name, draw in (("plot", draw_plot), ("report", draw_report)):
        path = FOLDER / f"{name}.png"
        draw(path)
        with Image.open(path) as image:
            image.convert("RGB").quantize(COLORS).save(path, optimize=True)


if __name__ == "__main__":
    main()
