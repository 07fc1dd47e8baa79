"""Test `python -m ayrframe report`: a self-contained page, and errors that say what to do."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from ayrframe.__main__ import main


@pytest.mark.timeout(240)
def test_X11_report_of_all_samples_is_complete_small_and_fast(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")  # As on servers; the pictures must be there nevertheless.
    page = tmp_path / "report.html"
    start = time.monotonic()
    assert main(["report", "all", "--sample", "--title", "R&D <monthly>", "-o", str(page)]) == 0
    assert time.monotonic() - start < 60
    assert capsys.readouterr().out == f"Saved the report to {page}.\n"
    text = page.read_text("utf-8")
    assert len(text) < 5_000_000
    assert "<title>R&amp;D &lt;monthly&gt;</title>" in text
    assert "likeCount" in text
    assert "not in this endpoint" in text
    assert "ayrframe 0.1.0" in text
    assert "import ayrframe" not in text
    assert text.count("<img ") > 20
    assert "Figure size" not in text
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.timeout(240)
def test_report_of_period_without_posts_states_it(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert main(["report", "tiktok", "x", "--sample", "--since", "2031-01-01", "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "310 posts outside the period" in text
    assert "nan" not in text.lower().replace("nanum", "")


@pytest.mark.timeout(240)
def test_report_of_archive_makes_no_requests_and_lists_checksums(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    assert main(["load", "pinterest", "--sandbox", "--limit", "all", "--archive", str(archive)]) == 0
    page = tmp_path / "report.html"
    assert main(["report", "all", "--archive", str(archive), "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert text.count(".page</td>") == 2
    assert "Available in post analytics" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "tiktok", "--sample", "-o", "report.pdf"], "must end in .html"),
        (
            ["report", "tiktok", "--sample", "--since", "March", "-o", "r.html"],
            "argument --since: must be a date such as",
        ),
        (["report", "tiktok", "--sample", "--tz", "Mars/Base", "-o", "r.html"], "Unknown time zone 'Mars/Base'"),
        (["report", "tiktok", "--sample"], "-o"),
    ],
)
def test_invalid_arguments_exit_with_message(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "myspace", "--sample", "-o", "r.html"], "Unknown platform 'myspace'. Choose from: bluesky"),
        (["report", "all", "--archive", "no-such-folder", "-o", "r.html"], "No archive found in '"),
        (["report", "all", "--sample", "--profile", "a", "-o", "r.html"], "--profile requires --archive."),
    ],
)
def test_invalid_combination_prints_message_without_traceback(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", ["nbclient", "nbconvert"])
def test_missing_package_prints_install_command(
    missing: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    assert main(["report", "tiktok", "--sample", "-o", str(tmp_path / "r.html")]) == 1
    message = capsys.readouterr().err
    assert missing in message
    assert "pip install 'ayrframe[report]'" in message


@pytest.mark.timeout(240)
def test_failed_report_prints_reason_on_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AYRSHARE_API_KEY", raising=False)
    assert main(["report", "tiktok", "-o", str(tmp_path / "r.html")]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "ConfigError: No API key found" in message
    assert not (tmp_path / "r.html").exists()
