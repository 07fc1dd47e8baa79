"""Test the command line: what it saves and prints, its advice, and CSV that is safe for every separator."""

from __future__ import annotations

import ast
import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe.__main__ import main
from ayrframe._export.terminal import ADVICE

PACKAGE = Path(ayr.__file__).parent
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
def test_F7_load_saves_whatever_the_terminal_can_show(tmp_path: Path, encoding: str) -> None:
    done, path = run(tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Saved 1,550 posts" in done.stdout
    assert len(pd.read_parquet(path)) == 1550


def test_F7_load_saves_into_a_pipe_that_is_closed(tmp_path: Path) -> None:
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


def messages_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command and return what it printed, with the status that it must have."""
    try:
        status = main(arguments)
    except SystemExit as stop:
        status = int(stop.code or 0)
    printed = capsys.readouterr()
    assert status == (2 if "usage:" in printed.err else int(bool(printed.err) or "failed" in printed.out))
    return printed.err or printed.out


def test_advice_for_python_still_occurs_in_the_package() -> None:
    texts = [
        node.value
        for path in PACKAGE.rglob("*.py")
        if path.name != "terminal.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    computed = {"`since` must", "; `tz` must", " of type str"}  # Names and types are inserted when the message is made.
    stale = [advice for advice in ADVICE if advice not in computed and not any(advice in text for text in texts)]
    assert stale == []


@pytest.mark.parametrize(
    ("arguments", "expected", "python"),
    [
        (["load", "tiktok"], "set AYRSHARE_API_KEY. The key is", "ayr."),
        (["load", "tiktok"], "use --sample or --sandbox", "load_sample"),
        (["doctor"], "not checked use --archive DIR to check one", "ayr."),
        (["load", "tiktok", "--sandbox", "--limit", "5"], "may be more (use --limit all)", "limit=None"),
        (["load", "tiktok", "--limit", "0"], "--limit: must be an integer of at least 1, or all, got '0'", "_parse"),
        (["load", "tiktok", "--limit", "5x"], "--limit: must be an integer of at least 1, or all, got '5x'", "_parse"),
        (["load", "tiktok", "--since", "1.2.2026"], "--since: must be a date such as '2026-03-01'", "Timestamp"),
        (
            ["report", "x", "--archive", "none", "-o", "r.html"],
            "ayrframe load --archive DIR creates one",
            "archive=...",
        ),
        (["report", "x", "--sample", "-o", "r.html", "--tz", "Foo"], "time zone 'Foo', must be a name", "tzinfo"),
    ],
)
def test_advice_is_for_the_command_line(
    arguments: list[str],
    expected: str,
    python: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("AYRSHARE_API_KEY", raising=False)
    printed = messages_of(arguments, capsys)
    assert expected in printed
    assert python not in printed


def test_errors_of_the_API_advise_for_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with ayr.sandbox(posts={"tiktok": 155, "x": 5}) as api:
        monkeypatch.setenv("AYRSHARE_API_KEY", api.api_key)
        monkeypatch.setenv("AYRSHARE_BASE_URL", api.base_url)
        api.misbehave("status", 503, retry_after=600, after=1, platform="tiktok")
        late = messages_of(["load", "tiktok", "--limit", "all"], capsys)
        several = messages_of(["load", "facebook", "x"], capsys)
    assert late.startswith("ayrframe: TikTok, page 2: Ayrshare failed (HTTP 503); retry in 600 s. ")
    assert late.endswith(" 100 posts had arrived and are lost without --archive DIR.\n")
    facebook, x = several.splitlines()
    assert facebook.startswith("ayrframe: Facebook is not linked to this profile (HTTP 400, code 156). Link it under")
    assert "set AYRSHARE_PROFILE_KEY to the key of a profile that has it." in facebook
    assert x.startswith("ayrframe: X requires the keys of your own X developer app, which are missing")
    assert "Set AYRSHARE_X_API_KEY and AYRSHARE_X_API_SECRET; they are sent" in x


@pytest.mark.parametrize(
    "arguments",
    [
        ["load", "\x1b[31mx", "--sample"],
        ["load", "tiktok", "--\x1b[31m"],
        ["load", "tiktok", "--sample", "-o", "\x1b[31m.txt"],
        ["load", "tiktok", "--since", "\x1b[31m"],
        ["load", "tiktok", "--limit", "\x1b[31m"],
        ["report", "tiktok", "--sample", "-o", "r.html", "--tz", "\x1b[31m"],
        ["report", "tiktok", "--archive", "\x1b[31m", "-o", "r.html"],
        ["report", "tiktok", "--archive", "x", "-o", "\x1b[31m.pdf"],
        ["doctor", "--sandbox", "--archive", "\x1b[31m"],
        ["\x1b[31m"],
    ],
)
def test_X9_control_characters_of_arguments_are_printed_as_escapes(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = messages_of(arguments, capsys)
    assert "\\x1b[31m" in printed
    assert "\x1b" not in printed


def test_control_characters_of_a_saved_path_are_printed_as_escapes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["load", "bluesky", "--sample", "-o", "a\x1b[31m\x9b\u202e.csv"]) == 0
    printed = capsys.readouterr().out
    assert printed.endswith("Saved 155 posts to a\\x1b[31m\\x9b\\u202e.csv.\n")


def doctor_of_archive(path: Path) -> tuple[str, str]:
    with ayr.sandbox(posts=1) as api:
        checks = ayr.doctor(api.client(), archive=ayr.Archive(path))
    (row,) = checks[checks["check"] == "archive"].itertuples()
    return row.result, row.detail


def test_doctor_says_whether_an_archive_can_be_made(tmp_path: Path) -> None:
    file, folder, missing = tmp_path / "file", tmp_path / "folder", tmp_path / "none" / "pages"
    file.write_bytes(b"")
    folder.mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert doctor_of_archive(folder) == ("ok", f"{folder} is writable; it contains 0 pages")
    creatable = f"{missing} does not exist; a load can create it, because {tmp_path} is writable"
    assert doctor_of_archive(missing) == ("ok", creatable)
    assert not missing.parent.exists()
    assert doctor_of_archive(file) == ("failed", f"{file} is not writable: Not a directory")
    assert doctor_of_archive(file / "pages") == ("failed", f"{file / 'pages'} is not writable: Not a directory")
    assert doctor_of_archive(tmp_path / "link" / "pages")[0] == "failed"
    assert doctor_of_archive(tmp_path / ("x" * 300))[0] == "failed"


def test_doctor_fails_without_a_key(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("AYRSHARE_API_KEY", raising=False)
    assert ayr.doctor().groupby("result", sort=False)["check"].first().to_dict() == {
        "failed": "key",
        "not checked": "archive",
        "ok": "version",
    }
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out.startswith("key              failed      No API key found: set")


def test_accounts_are_printed_and_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, archive = tmp_path / "accounts.parquet", tmp_path / "archive"
    command = ["accounts", "tiktok", "x", "--sandbox"]
    assert main([*command, "--archive", str(archive), "-o", str(path)]) == 0
    out = capsys.readouterr().out
    assert "followers" in out
    assert out.endswith(f"Validation:\n  No problems found in 2 accounts.\nSaved 2 accounts to {path}.\n")
    saved = pd.read_parquet(path)
    assert saved["platform"].tolist() == ["tiktok", "twitter"]
    assert ayr.Archive(archive).accounts()["followers"].tolist() == saved["followers"].tolist()
    assert main([*command, "-o", str(path.with_suffix(".csv"))]) == 0
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        assert [row["username"] for row in csv.DictReader(file)] == ["quillfern.example"] * 2
    with pytest.raises(SystemExit) as stop:
        main(["accounts", "--sandbox", "-o", "accounts.xlsx"])
    assert stop.value.code == 2
    assert "must end in one of .parquet, .csv" in capsys.readouterr().err


def test_doctor_says_what_fails_on_each_platform() -> None:
    with ayr.sandbox(posts=1) as api:
        client = api.client()
        api.misbehave(
            "status", 403, body={"status": "error", "code": 156, "message": "Not linked."}, platform="bluesky"
        )
        api.misbehave("status", 401, body={"status": "error", "message": "No."}, platform="facebook")
        api.misbehave("status", 200, body={"status": "success", "posts": []}, platform="instagram")
        late = {"status": "success", "posts": [], "lastUpdated": "2099-01-02T03:04:05Z"}
        api.misbehave("status", 200, body=late, platform="linkedin")
        checks = ayr.doctor(client).set_index("check")
    assert checks.loc[["bluesky", "facebook", "instagram", "linkedin", "tiktok"], "result"].tolist() == [
        "failed",
        "failed",
        "ok",
        "failed",
        "ok",
    ]
    assert checks.loc["bluesky", "detail"].startswith("Bluesky is not linked")
    assert checks.loc["facebook", "detail"].startswith("AuthError: Facebook")
    assert checks.loc["instagram", "detail"] == "responds"
    assert checks.loc["linkedin", "detail"] == (
        "responds, but its numbers were read at 2099-01-02 03:04 UTC: check the local clock"
    )
    assert checks.loc["tiktok", "detail"].startswith("responds; its numbers were read at 20")


def test_interrupted_command_exits_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ayr, "load_sample", interrupted)
    assert main(["load", "tiktok", "--sample"]) == 130
    assert capsys.readouterr() == ("", "ayrframe: interrupted\n")
