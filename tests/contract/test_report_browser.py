"""Render a report in a real browser: on a phone, and as A4 pages."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import ayrframe as ayr

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    ayr.report(ayr.load_sample(["instagram", "tiktok"]), path, at="2026-01")
    return path


def render(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Render a page; the result has the messages of the browser."""
    command = [
        str(BROWSER),
        *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr"),
        f"--user-data-dir={page.parent / 'profile'}",
        *options,
        page.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)


@needs_browser
@pytest.mark.timeout(240)
def test_page_prints_on_A4_without_refused_resources(page: Path) -> None:
    pdf = page.with_suffix(".pdf")
    result = render(page, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    assert "Content Security Policy" not in result.stderr
    sizes = re.findall(rb"/MediaBox ?\[0 0 ([0-9.]+) ([0-9.]+)\]", pdf.read_bytes())
    assert sizes
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(595, 842)}


@needs_browser
@pytest.mark.timeout(240)
def test_page_fits_a_phone(page: Path) -> None:
    # A copy that may run a script measures the content in the width of a phone; the page itself runs none.
    copy = page.parent / "copy.html"
    html = page.read_text("utf-8").replace("default-src &#39;none&#39;;", "script-src 'unsafe-inline';")
    script = (
        "<script>document.documentElement.style.width = '360px';"
        "document.title = `${document.body.scrollWidth} wide`</script></body>"
    )
    copy.write_text(html.replace("</body>", script), encoding="utf-8")
    assert "<title>360 wide</title>" in render(copy, "--dump-dom").stdout
