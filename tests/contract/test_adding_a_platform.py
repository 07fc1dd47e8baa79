"""docs/adding_a_platform.md works: its steps add a platform to a copy of the package."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "adding_a_platform.md"
COPIED = ("ayrframe", "data", "docs", "tests/contract/test_declarations.py")
PATHS_OF_NEW_FILES = {"data/exampleverse.json", "data/analytics/exampleverse.json", "docs/platforms/exampleverse.md"}


class CodeBlock(NamedTuple):
    """A fenced block of the page: its language, the file that it belongs to or "", and its text."""

    language: str
    file: str
    text: str


def code_blocks(language: str) -> list[CodeBlock]:
    fenced = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [block for block in map(CodeBlock._make, fenced) if block.language == language]


def console_commands() -> Iterator[list[str]]:
    for block in code_blocks("console"):
        for line in block.text.splitlines():
            program, *arguments = shlex.split(line.removeprefix("$ "))
            assert program == "python", line
            yield [sys.executable, *arguments]


def run(command: list[str], checkout: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def apply_diff(text: str, diff: str) -> str:
    """Apply a diff whose hunks are separated by lines `@@` without line numbers."""
    for hunk in diff.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(before) == 1, f"the file does not contain these lines exactly once:\n{before}"
        text = text.replace(before, after)
    return text


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the walk-through needs, and follow it up to the generated files."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for block in code_blocks("python"):
        (folder / block.file).write_text(block.text, encoding="utf-8")
    for block in code_blocks("diff"):
        path = folder / block.file
        path.write_text(apply_diff(path.read_text(encoding="utf-8"), block.text), encoding="utf-8")
    for command in console_commands():
        if "pytest" not in command:
            run(command, folder)
    return folder


def test_generated_files_are_new_and_all_others_unchanged(checkout: Path) -> None:
    files = {str(path.relative_to(checkout)): path for path in checkout.rglob("*") if path.is_file()}
    generated = {name: path for name, path in files.items() if name.startswith(("data/", "docs/platforms/"))}
    assert {name for name in generated if not (ROOT / name).exists()} == PATHS_OF_NEW_FILES
    for name in generated.keys() - PATHS_OF_NEW_FILES:
        assert generated[name].read_bytes() == (ROOT / name).read_bytes(), name


def test_documentation_page_describes_columns_metrics_and_child_table(checkout: Path) -> None:
    page = (checkout / "docs" / "platforms" / "exampleverse.md").read_text(encoding="utf-8")
    assert page.startswith("# Exampleverse\n")
    assert "| `stats_view_count` | Int64 | count | Views of the post, lifetime. May be missing: too fresh. |" in page
    assert "| `watch_time_s` | `stats.watchTimeMs` |" in page
    assert "### `posts.ayr.tags()`" in page


def test_stubs_know_the_expansion_of_the_new_platform(checkout: Path) -> None:
    stubs = (checkout / "ayrframe" / "_accessor" / "expansions.pyi").read_text(encoding="utf-8")
    assert "Return `tags` of Exampleverse and TikTok posts" in stubs


def test_example_session_gives_the_documented_results(checkout: Path) -> None:
    (session,) = code_blocks("pycon")
    (checkout / "session.txt").write_text(session.text, encoding="utf-8")
    run([sys.executable, "-W", "error", "-m", "doctest", "session.txt"], checkout)


def test_example_post_becomes_a_row_of_the_new_platform(checkout: Path) -> None:
    (post,) = code_blocks("json")
    (checkout / "post.json").write_text(json.dumps([json.loads(post.text)]), encoding="utf-8")
    lines = run(
        [
            sys.executable,
            "-c",
            "import ayrframe as ayr; posts = ayr.read_json('post.json', validate='raise', as_of='2026-02-27')\n"
            "print(posts['platform'].item(), posts['extra'].item(), posts['stats_view_count'].item())\n"
            "print(*posts.ayr.tags()['value'], posts.ayr.metrics()['watch_time_s'].item(), len(posts.ayr.drift()))",
        ],
        checkout,
    ).splitlines()
    assert lines == ["exampleverse nan 840", "bakery bread 912.0 0"]


def test_contract_tests_of_declarations_pass(checkout: Path) -> None:
    (command,) = (command for command in console_commands() if "pytest" in command)
    selected = "exampleverse or contradict or registered or registry"
    output = run(
        [*command, "-vv", "-k", selected, "-p", "no:randomly", "-p", "no:cacheprovider", "-W", "error"], checkout
    )
    assert output.count("[exampleverse] PASSED") >= 7, output
    assert "test_every_platform_module_is_registered PASSED" in output
