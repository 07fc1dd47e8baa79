"""The sources of the documentation site: every public name has a page, links resolve, and code uses existing names.

`.ci/docs` builds the site, which runs the code cells; this module checks what can be checked in seconds.
"""

from __future__ import annotations

import doctest
import gzip
import importlib
import json
import re
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._accessor.account_plots import AccountPlots
from ayrframe._accessor.plots import PlotAccessor

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
COPIES = {"CONTRIBUTING.md": "contributing", "CHANGELOG.md": "changelog", "SECURITY.md": "security"}
GENERATED = ("_build", "api", "gallery", "jupyter_execute", "notebooks", "project")
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.relative_to(DOCS).parts[0] not in GENERATED)
CODE = re.compile(r"^```(python|\{code-cell\})\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site_modules() -> Any:
    """Import the modules that write the generated pages."""
    sys.path.insert(0, str(DOCS))
    yield {name: importlib.import_module(name) for name in ("build_api_pages", "build_gallery", "build_site")}
    sys.path.remove(str(DOCS))


@lru_cache
def expansions() -> set[str]:
    return set(ayr.load_sample().ayr.expansions()["name"])


def public(owner: object) -> set[str]:
    return {name for name in dir(owner) if not name.startswith("_")}


@pytest.fixture(scope="module")
def sections(site_modules: dict[str, ModuleType]) -> dict[str, Any]:
    """The sections of the reference by name."""
    return {section.name: section for section in site_modules["build_api_pages"].sections()}


def test_reference_has_a_page_with_an_example_for_every_public_name(sections: dict[str, Any]) -> None:
    entries = {entry.title: entry for section in sections.values() for entry in section.entries}
    wanted = {f"ayr.{name}" for name in ayr.__all__} | {f"ayr.dask.{name}" for name in ayr.dask.__all__}
    wanted |= {f"posts.ayr.{name}" for name in public(ayr.PostsAccessor) | expansions()}
    wanted |= {f"posts.ayr.plot.{name}" for name in public(PlotAccessor)}
    wanted |= {f"accounts.ayr.{name}" for name in public(ayr.AccountsAccessor)}
    wanted |= {f"accounts.ayr.plot.{name}" for name in public(AccountPlots)}
    wanted |= {f"archive.{name}" for name in public(ayr.Archive)}
    wanted |= {f"ddf.ayr.{name}" for name in public(ayr.dask.DaskAccessor)}
    assert wanted - set(entries) == set()
    assert [title for title, entry in entries.items() if ">>>" not in entry.docstring] == []
    assert entries["posts.ayr.reactions"].summary.startswith("Return `reactions` of Facebook and LinkedIn posts")


def test_examples_of_expansions_run(sections: dict[str, Any]) -> None:
    entries = [*sections["expansions"].entries, *sections["accounts"].entries]
    runner = doctest.DocTestRunner(verbose=False)
    public_names = {name: getattr(ayr, name) for name in ayr.__all__}
    names = {"ayr": SimpleNamespace(**{**public_names, "load_sample": lru_cache(ayr.load_sample)})}
    for entry in entries:
        test = doctest.DocTestParser().get_doctest(entry.docstring, names, entry.title, None, None)
        if "Figure" not in entry.docstring:
            runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
    assert runner.tries > len(sections["expansions"].entries)


def test_gallery_has_code_for_every_plot(site_modules: dict[str, ModuleType]) -> None:
    plots = site_modules["build_gallery"].plots()
    assert set(plots) == public(PlotAccessor) | public(AccountPlots)
    for name, (title, code) in plots.items():
        assert title.endswith(f".ayr.plot.{name}")
        assert re.search(rf"^ax = .*\.ayr\.plot\.{name}\(", code, re.MULTILINE), code
        assert "Figure()" not in code


def test_page_links_resolve() -> None:
    for path in [*PAGES, *ROOT.glob("*.md"), ROOT / "notebooks" / "README.md"]:
        text = CODE.sub("", path.read_text("utf-8"))
        links = re.findall(r"\]\(([^)\s]+)\)|^:link: (\S+)$|<img src=\"([^\"]+)", text, re.MULTILINE)
        targets = ["".join(groups) for groups in links]
        for tree in re.findall(r"^```\{toctree\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            targets += [line for line in tree.splitlines() if line and not line.startswith((":", "*"))]
        for target in targets:
            if "://" not in target and not target.startswith("#"):
                assert page_exists((path.parent / target.split("#")[0]).resolve()), f"{path}: {target}"


def test_readme_is_a_landing_page() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 150
    pictures = re.findall(r"docs/images/\w+\.png", text)
    assert pictures == ["docs/images/plot.png", "docs/images/report.png"]
    assert all((ROOT / picture).stat().st_size < 150_000 for picture in pictures)


def page_exists(path: Path) -> bool:
    """Whether a page, picture or folder is in the repository, or is written when the site is built."""
    if any(path.with_name(path.name + suffix).is_file() for suffix in ("", ".md")):
        return True
    folder, name = path.parent.relative_to(DOCS).as_posix() if path.is_relative_to(DOCS) else "", path.stem
    if folder == "project":
        return name in COPIES.values()
    if folder == "notebooks":
        return name == "index" or (ROOT / "notebooks" / f"{name}.ipynb").is_file()
    if folder == "api":
        return name in {"index", "command-line", "expansions", "posts", "plots"} or documented(path.name)
    return folder == "gallery" and (name == "index" or name in public(PlotAccessor) | public(AccountPlots))


def documented(page: str) -> bool:
    """Whether the reference has a page of this name, such as `posts.ayr.timeline.rst`."""
    owner, _, name = page.removesuffix(".rst").rpartition(".")
    owners = {"ayr": ayr, "posts.ayr": ayr.PostsAccessor, "posts.ayr.plot": PlotAccessor, "archive": ayr.Archive}
    return name in public(owners[owner])


@pytest.fixture
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A folder with the files that pages read, and an environment whose key is that of a sandbox."""
    posts = ayr.load_sample("tiktok").head(3)
    body = json.dumps({"posts": posts.ayr.to_posts()})
    (tmp_path / "responses").mkdir()
    (tmp_path / "tiktok.json").write_text(body, "utf-8")
    (tmp_path / "responses" / "page.json.gz").write_bytes(gzip.compress(body.encode()))
    monkeypatch.chdir(tmp_path)
    with ayr.sandbox(posts=3, profiles=["bakery", "cafe"]) as api:
        monkeypatch.setenv("AYRSHARE_API_KEY", api.api_key)
        monkeypatch.setenv("AYRSHARE_X_API_KEY", api.x_api_key)
        monkeypatch.setenv("AYRSHARE_X_API_SECRET", api.x_api_secret)
        monkeypatch.setenv("AYRSHARE_BASE_URL", api.base_url)
        keys = {f"{label}_key": key for label, key in api.profile_keys.items()}
        yield {"posts": posts, "pd": pd, **keys}


@pytest.mark.parametrize(
    "page", ["index.md", "guide/load.md", "guide/frame.md", "guide/clients.md", "guide/archive.md"]
)
def test_code_that_the_site_does_not_run_works_in_the_sandbox(page: str, working_folder: dict[str, Any]) -> None:
    text = (DOCS / page).read_text("utf-8")
    code = [code for kind, code in CODE.findall(text) if kind == "python"]
    assert code
    for block in code:
        exec(block, working_folder)
    plt.close("all")


def test_daily_load_of_the_recipe_fills_archive_and_dataset(working_folder: dict[str, Any]) -> None:
    text = (DOCS / "recipes" / "schedule.md").read_text("utf-8")
    exec(next(code for kind, code in CODE.findall(text) if kind == "python"), working_folder)
    assert len(ayr.Archive("pages").latest()) == len(ayr.read_parquet("posts").ayr.latest()) == 30
    assert len(ayr.Archive("pages").accounts()) == 10


def test_page_code_uses_existing_names() -> None:
    plots, names = public(PlotAccessor) | public(AccountPlots), {*ayr.__all__, "dask"}
    methods = public(ayr.PostsAccessor) | public(ayr.AccountsAccessor) | expansions()
    for path in PAGES:
        for _, code in CODE.findall(path.read_text("utf-8")):
            compile(re.sub(r"^:.*\n", "", code, flags=re.MULTILINE), path.name, "exec")
            assert {*re.findall(r"\bayr\.plot\.(\w+)\(", code)} <= plots, path
            assert {*re.findall(r"(?<![\w.])ayr\.(\w+)", code)} <= names, path
            assert {*re.findall(r"\w\.ayr\.(\w+)\(", code)} <= methods, path
