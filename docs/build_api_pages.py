"""Write a reference page for every public name and every method of the accessors, from their docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import ayrframe as ayr
from ayrframe.__main__ import _build_parser
from ayrframe._accessor.account_plots import AccountPlots
from ayrframe._accessor.plots import PlotAccessor
from ayrframe._sandbox.control import Sandbox


@dataclass(frozen=True)
class Entry:
    """A documented name: title of its page, name for cross-references, and the object."""

    title: str
    target: str
    value: object
    module: str = "ayrframe"

    @property
    def directive(self) -> str:
        """The directive of Sphinx's Python domain."""
        if inspect.isclass(self.value):
            return "py:exception" if issubclass(self.value, BaseException) else "py:class"
        if isinstance(self.value, property):
            return "py:property"
        if not callable(self.value):
            return "py:data"
        return "py:method" if "." in self.target else "py:function"

    @property
    def docstring(self) -> str:
        """The docstring, that of constants included."""
        if self.directive == "py:data":
            return f"{CONSTANTS[self.target]}\n\nExamples\n--------\n>>> {self.title}\n{self.value!r}\n"
        return inspect.getdoc(self.value) or ""

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return self.docstring.split("\n\n")[0].replace("\n", " ")


@dataclass(frozen=True)
class Section:
    """A page that lists entries."""

    name: str
    title: str
    text: str
    entries: list[Entry] = field(default_factory=list)


MODULE = ".. py:currentmodule:: ayrframe"
# Prefix of the pages of a class's methods; those of metrics frames are those of posts frames.
PAGES_OF_METHODS = {
    "PostsAccessor": "posts.ayr.",
    "MetricsAccessor": "posts.ayr.",
    "AccountsAccessor": "accounts.ayr.",
    "Archive": "archive.",
    "Sandbox": "sandbox.",
    "DaskAccessor": "ddf.ayr.",
}
CONSTANTS = {
    "KEY": "Columns of the post key, which identifies a row of a posts frame and begins each child table.",
    "COMMON": "Columns that the posts frames of all platforms have, except the platforms' own columns.",
    "__version__": "Version of ayrframe.",
}
# Where each public name is listed; errors are listed by their class, and new names under "further".
GROUPS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "reading": (
        "Read posts and accounts",
        "All functions return the same kinds of frames, whatever the source.",
        ("load", "load_sample", "read_json", "from_posts", "read_parquet", "accounts", "Client", "doctor", "check"),
    ),
    "storing": ("Archive and report", "Keep responses, and write files for people.", ("Archive", "report")),
    "meaning": (
        "Platforms, columns and metrics",
        "What there is, and what it means.",
        ("platforms", "dictionary", "metric_catalog", "schema", "normalize_url", "KEY", "COMMON"),
    ),
    "trying": ("Sandbox", "A local server that behaves like the documented API, on synthetic posts.", ("sandbox",)),
}


def public_names(owner: object) -> list[str]:
    """Return the public names that a class or an object has."""
    return [name for name in dir(owner) if not name.startswith("_")]


def sections() -> list[Section]:
    """Return all sections of the reference; every public name is in one of them."""
    names = [name for name in ayr.__all__ if name != "dask"]
    grouped = {name for _, _, group in GROUPS.values() for name in group}
    errors = [
        name for name in names if inspect.isclass(getattr(ayr, name)) and issubclass(getattr(ayr, name), Exception)
    ]
    accessors = [name for name in names if name.endswith("Accessor")]
    further = [name for name in names if name not in {*grouped, *errors, *accessors}]
    posts = ayr.load_sample()
    listed = [Section(group, title, text, _functions(members)) for group, (title, text, members) in GROUPS.items()]
    listed[1].entries.extend(_methods("archive.", "Archive", ayr.Archive))
    listed[3].entries.extend([Entry("Sandbox", "Sandbox", Sandbox), *_methods("sandbox.", "Sandbox", Sandbox)])
    return [
        *listed,
        Section("posts", "Posts: posts.ayr", POSTS_TEXT, _methods("posts.ayr.", "PostsAccessor", ayr.PostsAccessor)),
        Section(
            "expansions",
            "Child tables: posts.ayr",
            EXPANSIONS_TEXT,
            _expansions(posts.ayr, "posts.ayr.", "PostsAccessor"),
        ),
        Section(
            "plots",
            "Plots: posts.ayr.plot",
            PLOTS_TEXT,
            _methods("posts.ayr.plot.", "PostsAccessor.plot", PlotAccessor),
        ),
        Section("accounts", "Accounts: accounts.ayr", ACCOUNTS_TEXT, _account_entries()),
        Section("accessors", "Accessor classes", ACCESSORS_TEXT, _functions(accessors)),
        Section("dask", "dask: ayr.dask", DASK_TEXT, _dask_entries()),
        Section("errors", "Errors and warnings", ERRORS_TEXT, _functions(errors)),
        Section("further", "Further names", "Versions.", _functions(further)),
    ]


POSTS_TEXT = "Methods of a posts frame. :doc:`Metrics frames <ayr.MetricsAccessor>` have those that need metrics only."
EXPANSIONS_TEXT = """An expansion returns a nested column as a tidy table that begins with the post key. Which ones a
frame has depends on its platforms; Tab completion and :meth:`~ayrframe.PostsAccessor.expansions` list them."""
PLOTS_TEXT = """Each plot draws a table that a method of the same name returns, and returns a matplotlib Axes. The
:doc:`gallery </gallery/index>` shows all of them."""
ACCOUNTS_TEXT = "Methods, child tables and plots of an accounts frame, the result of :func:`~ayrframe.accounts`."
ACCESSORS_TEXT = (
    "The classes behind `.ayr`, for annotations and type checkers; which one a frame has follows from its columns."
)
DASK_TEXT = """More posts than one machine holds, with the extra `dask`. :doc:`/scale` has the layout, the figures and
the limits."""
ERRORS_TEXT = "All errors derive from :exc:`~ayrframe.AyrframeError`. :doc:`/faults` lists what happens when."


def _functions(names: Iterable[str]) -> list[Entry]:
    return [Entry(f"ayr.{name}", name, getattr(ayr, name)) for name in names]


def _methods(prefix: str, owner: str, cls: type, module: str = "ayrframe", exclude: Iterable[str] = ()) -> list[Entry]:
    """Return the documented methods and properties of a class; instance attributes are in its docstring."""
    names = (name for name in public_names(cls) if name not in exclude)
    return [Entry(f"{prefix}{name}", f"{owner}.{name}", inspect.getattr_static(cls, name), module) for name in names]


def _expansions(accessor: Any, prefix: str, owner: str) -> list[Entry]:
    names = sorted(accessor.expansions()["name"])
    return [Entry(f"{prefix}{name}", f"{owner}.{name}", getattr(accessor, name)) for name in names]


def _account_entries() -> list[Entry]:
    with ayr.sandbox() as api:
        accounts = ayr.accounts(client=api.client())
    expansions = _expansions(accounts.ayr, "accounts.ayr.", "AccountsAccessor")
    names = {entry.target.removeprefix("AccountsAccessor.") for entry in expansions}
    return [
        *_methods("accounts.ayr.", "AccountsAccessor", ayr.AccountsAccessor, exclude=names),
        *expansions,
        *_methods("accounts.ayr.plot.", "AccountsAccessor.plot", AccountPlots),
    ]


def _dask_entries() -> list[Entry]:
    module = "ayrframe.dask"
    functions = [Entry(f"ayr.dask.{name}", name, getattr(ayr.dask, name), module) for name in ayr.dask.__all__]
    return [*functions, *_methods("ddf.ayr.", "DaskAccessor", ayr.dask.DaskAccessor, module)]


def write_pages(folder: Path) -> list[Path]:
    """Write all pages into a folder and return their paths."""
    listed = sections()
    pages = {"index": _index(listed), "command-line": _command_line()}
    for section in listed:
        pages[section.name] = _section_page(section)
        pages |= {entry.title: entry_page(entry) for entry in section.entries}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / f"{name}.rst").write_text(text, encoding="utf-8")
    return [folder / f"{name}.rst" for name in pages]


def _heading(title: str, line: str = "=") -> list[str]:
    return [title, line * len(title), ""]


def _index(listed: list[Section]) -> str:
    lines = [*_heading("Reference"), MODULE, "", "Every public name, with its parameters, results and an example.", ""]
    lines += [".. toctree::", "   :hidden:", "", *(f"   {section.name}" for section in listed), "   command-line", ""]
    for section in listed:
        lines += [*_heading(section.title, "-"), *_table(section.entries)]
    return "\n".join([*lines, *_heading("Command line", "-"), ":doc:`command-line`", ""])


def _section_page(section: Section) -> str:
    tree = [".. toctree::", "   :hidden:", "", *(f"   {entry.title}" for entry in section.entries), ""]
    return "\n".join([*_heading(section.title), MODULE, "", section.text, "", *_table(section.entries), *tree])


def _table(entries: Iterable[Entry]) -> Iterator[str]:
    yield from (".. list-table::", "   :widths: auto", "   :header-rows: 1", "", "   * - name", "     - what it does")
    for entry in entries:
        yield f"   * - :doc:`{entry.title} <{entry.title}>`"
        yield f"     - {_with_links(entry, entry.summary)}"
    yield ""


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    """Return the titles of all pages of names."""
    return frozenset(entry.title for section in sections() for entry in section.entries)


def _with_links(entry: Entry, text: str) -> str:
    """Link names such as `ayr.load()`, `Archive.posts()`, or `metrics()` of the same owner, to their pages."""

    def link(match: re.Match[str]) -> str:
        name = re.sub("^Archive", "archive", match[1])
        owner = entry.title.rpartition(".")[0]
        title = next((title for title in (name, f"{owner}.{name}") if title in _titles()), None)
        return f":doc:`{match[1]}() <{title}>`" if title else match[0]

    return re.sub(r"(?<![:`])`([\w.]+)\(\)`(?!`)", link, text)


def entry_page(entry: Entry) -> str:
    """Return the page of a name."""
    lines = [*_heading(entry.title), f".. py:currentmodule:: {entry.module}", ""]
    lines += [f".. {entry.directive}:: {entry.target}{_signature(entry.value)}", ""]
    lines += [f"   {line}".rstrip() for line in _body(entry).splitlines()]
    return "\n".join([*lines, "", *_members(entry)])


def _body(entry: Entry) -> str:
    from numpydoc.docscrape_sphinx import get_doc_object

    kind = "class" if inspect.isclass(entry.value) else "function"
    options = {"show_class_members": False, "attributes_as_param_list": True}
    value = entry.value if kind == "class" or callable(entry.value) else None
    text = str(get_doc_object(value, kind, doc=entry.docstring, config=options))
    # Docstrings name files of the repository.
    text = re.sub(r"\bdocs/(decisions|faults|scale)\.md", r":doc:`/\1`", text)
    text = text.replace("docs/platforms", ":doc:`/platforms/index`")
    return re.sub(r"\n{3,}", "\n\n", _with_links(entry, text))


def _signature(value: object) -> str:
    from sphinx.util.inspect import signature, stringify_signature

    if not callable(value) or (inspect.isclass(value) and issubclass(value, BaseException)):
        return ""
    # Sphinx shows the default `...` by its repr.
    text = stringify_signature(signature(value), show_annotation=False).replace("=Ellipsis", "=...")
    return re.sub(r"^\(self(, )?", "(", text)


def _members(entry: Entry) -> Iterator[str]:
    """List the methods of a class that have pages."""
    if entry.target in PAGES_OF_METHODS and inspect.isclass(entry.value):
        methods = _methods(PAGES_OF_METHODS[entry.target], entry.target, entry.value)
        yield from (*_heading("Methods", "-"), *_table(methods))


def _command_line() -> str:
    """Return the help of every command, as the parser prints it."""
    parser = _build_parser()
    (commands,) = (
        action for action in parser._actions if hasattr(action, "choices") and isinstance(action.choices, dict)
    )
    note = "``ayrframe`` and ``python -m ayrframe`` are the same command."
    lines = [*_heading("Command line"), f"{note} {parser.epilog}", ""]
    for name, command in commands.choices.items():
        text = command.format_help().splitlines()
        lines += [*_heading(name, "-"), ".. code-block:: text", "", *(f"   {line}".rstrip() for line in text), ""]
    return "\n".join(lines)
