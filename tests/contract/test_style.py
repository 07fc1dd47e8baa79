"""The repository's own style: words, names and sizes that CONTRIBUTING.md describes."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ayrframe"

# Everyday words and metaphors for which CONTRIBUTING.md names a technical term.
WORDS = re.compile(
    r"\b(?:is no (?!longer\b)[a-z]+|there is no [a-z ]+ that|doors?|heaps?|piles?|shelf|shelves|ledgers?|mishaps?|"
    r"leftovers?|tells?|told|telling|stands?|standing|stood|nobody|somebody|anybody|hears?|heard|verbs?|"
    r"complain(?:s|ed|ing|ts?)?|glimpses?|sketch(?:es)?|dice|barren|"
    r"(?:a|the|in|each|one|last|first|odd) lots?\b(?! of))\b",
    re.IGNORECASE,
)
# These two list the words.
ALLOWED = {"CONTRIBUTING.md", "tests/contract/test_style.py"}
FOLDERS = (".ci", ".github", "ayrframe", "docs", "notebooks", "tests")
SUFFIXES = (".py", ".pyi", ".md", ".toml", ".yml", ".yaml", ".cff", ".ipynb")
# Texts of posts, invented or quoted, are data.
DATA = ("data/", "tests/fixtures/", "ayrframe/_sandbox/synthetic/brand.py")
# Pages of the documentation site that are made of files checked elsewhere.
GENERATED = ("docs/_build/", "docs/api/", "docs/gallery/", "docs/jupyter_execute/", "docs/notebooks/", "docs/project/")

MAX_LINES = 300
MAX_FUNCTION_LINES = 60
# Declarations and accessors are long lists, most of their lines docstrings.
LONG_MODULES = ("_platforms/", "_accessor/", "errors.py")
# Type variables, one synthetic profile per platform, and public functions that `ayr` and `ayr.dask` both have.
SHARED_NAMES = {"T", "PROFILE", "load", "read_parquet"}


def text_files() -> list[str]:
    paths = [*ROOT.glob("*.*"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.*"))]
    names = (path.relative_to(ROOT).as_posix() for path in paths if path.suffix in SUFFIXES)
    return sorted(name for name in names if not name.startswith(GENERATED))


def text_lines(name: str) -> Iterator[tuple[int, str]]:
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".ipynb"):
        text = "".join(line for cell in json.loads(text)["cells"] for line in [*cell["source"], "\n"])
    yield from enumerate(text.splitlines(), start=1)


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("name", text_files())
def test_text_uses_the_terms_of_the_field(name: str) -> None:
    if name in ALLOWED or name.startswith(DATA):
        return
    found = [f"{number}: {match[0]!r}" for number, line in text_lines(name) for match in WORDS.finditer(line)]
    assert found == []


def test_top_level_names_are_defined_once() -> None:
    modules_of: dict[str, set[str]] = defaultdict(set)
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            for name in defined_names(node):
                if not name.startswith("__"):
                    modules_of[name].add(str(path.relative_to(PACKAGE)))
    repeated = {
        name: sorted(found) for name, found in modules_of.items() if len(found) > 1 and name not in SHARED_NAMES
    }
    assert repeated == {}


def defined_names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Assign():
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name()):
            yield node.target.id


def test_modules_are_short() -> None:
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: n for name, n in lengths.items() if n > MAX_LINES and not name.startswith(LONG_MODULES)} == {}


def test_functions_fit_a_screen() -> None:
    long: dict[str, int] = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                docstring = node.body[0].end_lineno - node.lineno if ast.get_docstring(node) else 0
                lines = node.end_lineno - node.lineno + 1 - docstring
                if lines > MAX_FUNCTION_LINES:
                    long[f"{path.relative_to(PACKAGE)}:{node.name}"] = lines
    assert long == {}


def test_types_are_decoded_by_decoders_made_before() -> None:
    """Two threads that use a msgspec type for the first time crash the process, as `decode(..., type=...)` would."""
    calls = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("json.decode", "msgspec.convert"))
        if any(keyword.arg == "type" for keyword in node.keywords) or len(node.args) > 1
    ]
    assert calls == []
