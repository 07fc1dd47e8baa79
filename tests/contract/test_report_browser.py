"""Render a report in a real browser: on a phone, as A4 pages, light and dark, and check it with axe-core."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import ayrframe as ayr

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
AXE_CORE = Path(os.environ.get("AXE_CORE", "axe.min.js"))
PHONE = "document.documentElement.style.width = '360px';"
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


def with_script(page: Path, script: str) -> Path:
    """Return a copy of the page that may run a script; the page itself runs none."""
    html = page.read_text("utf-8").replace("default-src &#39;none&#39;;", "script-src 'unsafe-inline';")
    copy = page.parent / "copy.html"
    copy.write_text(html.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    return copy


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
    measure = f"{PHONE} document.title = `${{document.body.scrollWidth}} wide`"
    assert "<title>360 wide</title>" in render(with_script(page, measure), "--dump-dom").stdout


@needs_browser
@pytest.mark.skipif(not AXE_CORE.is_file(), reason="AXE_CORE is not the path of axe.min.js, from npm axe-core")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("scheme", [0, 1], ids=["dark", "light"])
def test_page_has_no_violations_of_accessibility_rules(page: Path, scheme: int) -> None:
    axe = AXE_CORE.read_text("utf-8").replace("</script", r"<\/script")
    check = f"""{PHONE} {axe};
        const dark = matchMedia("(prefers-color-scheme: dark)").matches;
        const describe = (rule) => rule.id + ": " + rule.nodes.map((node) => node.html).join(" ");
        axe.run().then(({{passes, violations}}) => document.title =
            `dark ${{dark}}, contrast ${{passes.some((rule) => rule.id === "color-contrast")}}, violations: ` +
            violations.map(describe).join("; "));"""
    options = (f"--blink-settings=preferredColorScheme={scheme}", "--virtual-time-budget=60000", "--dump-dom")
    title = re.search("<title>(.*?)</title>", render(with_script(page, check), *options).stdout, re.DOTALL)
    assert title is not None
    assert title[1] == f"dark {'false' if scheme else 'true'}, contrast true, violations: "
