"""Test that the command line saves files whatever its output accepts, and that CSV is safe for every separator."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import ayrframe as ayr

FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d")


def run(folder: Path, *, shell: str = "", **environment: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Load a sample on the command line, with its output in a pipe, and save it to a file."""
    path = folder / "posts.parquet"
    command = [sys.executable, "-u", "-m", "ayrframe", "load", "all", "--sample", "-o", str(path)]
    environment = {**os.environ, **environment}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        if shell == "closed":
            assert process.stdout is not None
            process.stdout.readline()
            process.stdout.close()
            process.stdout = None
        out, error = process.communicate(timeout=120)
    done = subprocess.CompletedProcess(
        command, process.returncode, (out or b"").decode("latin-1"), error.decode("latin-1")
    )
    return done, path


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "gbk", "ascii"])
def test_load_saves_whatever_the_terminal_can_show(tmp_path: Path, encoding: str) -> None:
    done, path = run(tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Saved 1,550 posts" in done.stdout
    assert len(pd.read_parquet(path)) == 1550


def test_load_saves_into_a_pipe_that_is_closed(tmp_path: Path) -> None:
    done, path = run(tmp_path, shell="closed")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(pd.read_parquet(path)) == 1550


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("text", ["\n=1+1", "hi;=1+1", "hi\n@SUM(1)", "=1", "\r\n+1", "a;\uff1d1;=2"])
def test_csv_has_no_formula_for_any_separator(tmp_path: Path, text: str, separator: str) -> None:
    posts = ayr.from_posts([{"id": "1", "post": text}], platform="bluesky", as_of="2026-01-01")
    posts.ayr.to_csv(tmp_path / "posts.csv")
    written = (tmp_path / "posts.csv").read_text(encoding="utf-8")
    cells = [cell for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator) for cell in row]
    assert [cell for cell in cells if cell.lstrip("\r\n\t").startswith(FORMULA_STARTS)] == []
    if separator == ",":
        assert any(cell.replace("'", "").replace("\r\n", "\n") == text.replace("\r\n", "\n") for cell in cells)


def test_csv_leaves_harmless_texts_unchanged(tmp_path: Path) -> None:
    text = "1 = 1; see you - soon\nbye; a=b"
    posts = ayr.from_posts([{"id": "1", "post": text}], platform="bluesky", as_of="2026-01-01")
    posts.ayr.to_csv(tmp_path / "posts.csv")
    assert pd.read_csv(tmp_path / "posts.csv", dtype="str")["post"].tolist() == [text]
