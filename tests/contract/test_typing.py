"""What editors and type checkers see: stubs of expansions, completion with jedi and IPython, user code that runs.

The gate runs mypy and pyright on the user code.
"""

from __future__ import annotations

import inspect
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jedi
import pandas as pd
import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter

import ayrframe as ayr

ROOT = Path(__file__).parents[2]

CALENDAR = (
    "calendar(metric: str | None=None, *, at: str | pd.Period | Sequence[str | pd.Period] | None=None, "
    'stat: Literal["sum", "median"] | None=None, platform: str | None=None, tz: TimeZone | None=None, '
    "ax: Axes | None=None) -> Axes"
)
TYPED = """
import ayrframe as ayr
posts = ayr.PostsAccessor(ayr.load_sample("tiktok"))
accounts = ayr.AccountsAccessor(ayr.accounts())
ddf = ayr.dask.DaskAccessor(ayr.dask.load("tiktok"))
"""


@pytest.fixture(scope="module", autouse=True)
def private_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give jedi a cache of its own: a process may read a file of the common one that another is writing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jedi.settings, "cache_directory", str(tmp_path_factory.mktemp("jedi")))
        yield


def test_stubs_of_expansions_are_up_to_date() -> None:
    stubs = Path(ayr.__file__).parent / "_accessor" / "expansions.pyi"
    stub_module = runpy.run_path(str(ROOT / "docs" / "build_expansion_stubs.py"))["stub_module"]
    assert stubs.read_text(encoding="utf-8") == stub_module(), "run docs/build_expansion_stubs.py"


def test_stubs_have_the_signatures_of_the_methods() -> None:
    posts = ayr.PostsAccessor(ayr.load_sample())
    names = posts.expansions()["name"].tolist()
    stubs = {name.name: name for name in jedi.Script(f"{TYPED}posts.").complete() if not name.name.startswith("_")}
    assert set(stubs) == {name for name in dir(posts) if not name.startswith("_")}
    for name in names:
        (signature,) = stubs[name].get_signatures()
        assert [parameter.name for parameter in signature.params] == [
            *inspect.signature(getattr(posts, name)).parameters
        ]


@pytest.mark.parametrize(
    ("code", "name", "signature"),
    [
        ("posts.impr", "impression_sources", "impression_sources() -> DataFrame"),
        ("posts.react", "reactions", "reactions(*, wide: bool=False) -> DataFrame"),
        ("posts.plot.cal", "calendar", CALENDAR),
        ("accounts.audience_c", "audience_countries", "audience_countries() -> DataFrame"),
        ("accounts.plot.fo", "followers", "followers(*, ax: Axes | None=None) -> Axes"),
        ("ddf.impr", "impression_sources", "impression_sources() -> DataFrame"),
    ],
)
def test_jedi_completes_typed_accessors(code: str, name: str, signature: str) -> None:
    (completion,) = jedi.Script(TYPED + code).complete()
    assert completion.name == name
    assert [each.to_string() for each in completion.get_signatures()] == [signature]


def test_jedi_shows_the_columns_of_a_child_table() -> None:
    (completion,) = jedi.Script(f"{TYPED}posts.impr").complete()
    assert "fraction : float64, fraction, 0 to 1" in completion.docstring()


@pytest.fixture(scope="module")
def notebook() -> dict[str, Any]:
    """Return the names of a notebook with frames."""
    posts = ayr.load_sample("tiktok")
    with ayr.sandbox() as api:
        accounts = ayr.accounts("tiktok", client=api.client())
    return {"ayr": ayr, "posts": posts, "accounts": accounts}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("posts.ay", ["ayr"]),
        ("posts.ayr.impr", ["impression_sources"]),
        ("posts.ayr.reac", []),  # TikTok has no reactions
        ("posts.ayr.plot.cal", ["calendar"]),
        ("accounts.ayr.audience_c", ["audience_countries"]),
        ("accounts.ayr.plot.fo", ["followers"]),
        ("ayr.PostsAccessor(posts).reac", ["reactions"]),
    ],
)
def test_notebook_completes_accessors_of_frames(notebook: dict[str, Any], code: str, names: list[str]) -> None:
    with provisionalcompleter():
        completions = [*IPCompleter(namespace=notebook).completions(code, len(code))]
    assert [completion.text for completion in completions] == names


def test_expansion_has_a_signature_and_documents_its_columns() -> None:
    reactions = ayr.load_sample("facebook").ayr.reactions
    assert str(inspect.signature(reactions)) == "(*, wide: 'bool' = False) -> 'DataFrame'"
    assert "count : Int64, count" in (inspect.getdoc(reactions) or "")


def test_typed_user_code_runs(tmp_path: Path) -> None:
    user_code = runpy.run_path(str(ROOT / "tests" / "fixtures" / "typing" / "user_code.py"))
    archive = ayr.Archive(tmp_path / "archive")
    with ayr.sandbox() as api:
        ayr.load("tiktok", limit=None, archive=archive, client=api.client(), progress=False)
    archive.to_parquet(tmp_path / "dataset")
    assert isinstance(user_code["analyze_posts"](tmp_path), pd.DataFrame)
    assert "fraction" in user_code["analyze_accounts"]().columns
    assert len(user_code["analyze_partitions"](tmp_path / "dataset")) == 3
