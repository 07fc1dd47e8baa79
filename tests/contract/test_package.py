"""The package as users install it: public names, imports, docstrings, generated pages, wheel."""

from __future__ import annotations

import inspect
import os
import re
import runpy
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import ayrframe as ayr
from ayrframe.__main__ import main
from ayrframe._platforms import PLATFORMS

ROOT = Path(__file__).parents[2]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: PLW1510
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def test_public_names_equal_all() -> None:
    seen = {*vars(ayr), *dir(ayr)}
    visible = {name for name in seen if not name.startswith("_") and not inspect.ismodule(getattr(ayr, name))}
    assert visible | {"__version__"} == set(ayr.__all__)


@pytest.mark.parametrize("name", [name for name in ayr.__all__ if callable(getattr(ayr, name))])
def test_public_name_has_a_docstring_with_an_example(name: str) -> None:
    assert ">>>" in (inspect.getdoc(getattr(ayr, name)) or "")


@pytest.mark.parametrize("name", [name for name in dir(ayr.PostsAccessor) if not name.startswith("_")])
def test_accessor_method_has_a_docstring_with_an_example(name: str) -> None:
    assert ">>>" in (inspect.getdoc(getattr(ayr.PostsAccessor, name)) or "")


@pytest.mark.parametrize("name", ayr.dask.__all__)
def test_dask_public_name_has_a_docstring_with_an_example(name: str) -> None:
    assert ">>>" in (inspect.getdoc(getattr(ayr.dask, name)) or "")


@pytest.mark.parametrize("name", [name for name in dir(ayr.dask.DaskAccessor) if not name.startswith("_")])
def test_dask_accessor_method_has_the_signature_of_pandas_and_an_example(name: str) -> None:
    assert ">>>" in (inspect.getdoc(getattr(ayr.dask.DaskAccessor, name)) or "")
    parameters = inspect.signature(getattr(ayr.PostsAccessor, name)).parameters
    assert inspect.signature(getattr(ayr.dask.DaskAccessor, name)).parameters == parameters


def test_package_without_dask_works_and_explains_how_to_install_it() -> None:
    script = """
import sys
sys.modules["dask"] = sys.modules["distributed"] = None
import ayrframe as ayr
from ayrframe import *
assert {*dir(ayr)} == {*ayr.__all__} and len(load_sample("youtube")) > 100
try:
    ayr.dask
except ImportError as error:
    print(error)
"""
    result = run("-W", "error", "-c", script)
    assert result.stdout == "ayr.dask needs dask. Get it with: pip install 'ayrframe[dask]'\n", result.stderr


def test_import_does_not_load_optional_or_slow_packages() -> None:
    packages = ("pandera", "matplotlib", "requests", "dask")
    result = run("-c", f"import sys, ayrframe; print([name for name in {packages} if name in sys.modules])")
    assert result.stdout.strip() == "[]", result.stderr


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platform_page_is_up_to_date(platform: str) -> None:
    committed = ROOT / "docs" / "platforms" / f"{platform}.md"
    page = runpy.run_path(str(ROOT / "docs" / "build_platform_pages.py"))["platform_page"]
    assert committed.read_text(encoding="utf-8") == page(PLATFORMS[platform]), "run docs/build_platform_pages.py"


@pytest.fixture(scope="session")
def wheel_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build sdist and wheel, and unpack the wheel outside the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run("-m", "hatchling", "build", "-d", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_wheel_loads_samples_and_runs_the_command_line(wheel_folder: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(wheel_folder)}
    where = run("-c", "import ayrframe; print(ayrframe.__file__)", cwd=tmp_path, env=environment)
    assert where.stdout.startswith(str(wheel_folder)), where.stderr
    result = run(
        "-W",
        "error",
        "-m",
        "ayrframe",
        "load",
        "tiktok",
        "x",
        "--sample",
        "-o",
        "posts.parquet",
        cwd=tmp_path,
        env=environment,
    )
    assert result.returncode == 0, result.stderr
    assert "TikTok" in result.stdout
    assert "posts.ayr.impression_sources()" in result.stdout or "posts.ayr." in result.stdout
    assert "Validation:" in result.stdout
    assert (tmp_path / "posts.parquet").is_file()
    sample = "len(__import__('ayrframe').load_sample('tiktok', analytics=True)['analytics_as_of'].dropna())"
    assert int(run("-c", f"print({sample})", cwd=tmp_path, env=environment).stdout) > 100


def test_wheel_contains_licence_types_and_samples(wheel_folder: Path) -> None:
    assert (wheel_folder / "ayrframe" / "py.typed").is_file()
    assert (wheel_folder / "ayrframe" / "_accessor" / "expansions.pyi").is_file()
    names = {f"{platform}.json" for platform in PLATFORMS}
    for folder in ("data", "data/analytics"):
        assert {path.name for path in (wheel_folder / "ayrframe" / folder).iterdir() if path.is_file()} == names
    assert {path.suffix for path in (wheel_folder / "ayrframe" / "_export" / "report").glob("page.*")} >= {
        ".html",
        ".css",
    }
    assert list(wheel_folder.glob("ayrframe-*.dist-info/licenses/LICENSE"))


def test_wheel_has_the_console_script_and_links(wheel_folder: Path) -> None:
    (folder,) = wheel_folder.glob("ayrframe-*.dist-info")
    scripts = (folder / "entry_points.txt").read_text(encoding="utf-8").split("\n")
    assert "ayrframe = ayrframe.__main__:main" in scripts
    metadata = (folder / "METADATA").read_text(encoding="utf-8")
    assert {"Documentation", "Changelog"} <= {*re.findall("^Project-URL: ([A-Za-z]+)", metadata, re.MULTILINE)}
    assert "Author: ayrframe developers" in metadata


def test_console_script_prints_its_version_and_exit_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--version"], ["--help"]):
        with pytest.raises(SystemExit) as exited:
            main(arguments)
        assert exited.value.code == 0
    version, _, help_text = capsys.readouterr().out.partition("\n")
    assert version == f"ayrframe {ayr.__version__}"
    assert help_text.startswith("usage: ayrframe ")
    assert "0 done, 1 an error or a failed check, 2 wrong usage, 130 interrupted" in " ".join(help_text.split())


def test_version_is_the_newest_of_changelog_and_citation() -> None:
    released = re.search(r"^## \[([0-9.]+)\] - ([0-9-]+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert released
    assert released[1] == ayr.__version__
    assert f"\nversion: {released[1]}\ndate-released: {released[2]}\n" in text_of("CITATION.cff")


def requirements(extra: str = "") -> dict[str, str]:
    """Return the declared version ranges of the dependencies, or of an extra, by package."""
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    declared = project["optional-dependencies"][extra] if extra else project["dependencies"]
    parts = [re.fullmatch(r"([A-Za-z0-9-]+)(?:\[([a-z,]+)\])?(.*)", requirement) for requirement in declared]
    return {name: version for name, _, version in (part.groups() for part in parts if part)}


def test_versions_of_all_packages_for_users_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    packages = set(requirements()) | {name for extra in ("dask", "excel", "notebook") for name in requirements(extra)}
    ayr.show_versions()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Python 3.")
    assert {line.split()[0] for line in lines[1:]} == packages | {"ayrframe", "numpy", "distributed"}


def test_conda_recipe_has_the_requirements_and_version_of_the_package() -> None:
    recipe = text_of(".ci/conda/recipe.yaml")
    run_section = recipe.partition("  run:\n")[2].partition("  run_constraints:\n")
    listed = [dict(re.findall(r"^    - ([a-z0-9-]+) ?(\S*)", part, re.MULTILINE)) for part in run_section[::2]]
    conda_names = {"matplotlib": "matplotlib-base"}
    needed = {conda_names.get(name, name): version for name, version in requirements().items()}
    assert listed[0] == {"python": ">=3.11", **needed}
    optional = {
        name: version for extra in ("dask", "excel", "notebook") for name, version in requirements(extra).items()
    }
    assert listed[1] == {**optional, "distributed": optional["dask"]}
    assert f'version: "{ayr.__version__}"' in recipe


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_sdist_has_all_files_of_the_repository(wheel_folder: Path) -> None:
    (sdist,) = wheel_folder.parent.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert names >= {*listed.splitlines()}


def test_client_has_only_its_documented_attributes() -> None:
    public = {name for name in dir(ayr.Client) if not name.startswith("_")}
    assert public == {"base_url", "clock", "close", "deadline", "profile_key", "sources", "timeout"}
