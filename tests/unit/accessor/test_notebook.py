"""Test what notebooks show: cards, dictionaries, progress, signatures, docstrings and errors for wrong arguments."""

from __future__ import annotations

import io
import re
import sys
import types
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._frame import progress

PACKAGE = Path(ayr.__file__).parent


def observed_twice() -> pd.DataFrame:
    """Return two posts with two observations each, and one with one."""
    sent = [{"id": "a", "created": "2026-01-05T10:00:00Z"}, {"id": "b"}]
    first, second = (ayr.from_posts(sent, platform="tiktok", as_of=day) for day in ("2026-02-01", "2026-02-02"))
    other = ayr.from_posts([{"id": "c"}], platform="threads", as_of="2026-02-02")
    return pd.concat([first, second, other], ignore_index=True)


class Cells(HTMLParser):
    """The texts and styles of the cells of a table, and its number of rows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.styles: list[str] = []
        self.rows = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.rows += tag == "tr"
        if tag in {"td", "th"}:
            self.texts.append("")
            self.styles.append(dict(attrs)["style"] or "")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data


class TestCard:
    def test_card_states_posts_and_observations(self) -> None:
        lines = repr(observed_twice().ayr).splitlines()
        assert lines[:3] == ["Posts: 3", "Observations: 5", "Platforms: Threads (1), TikTok (2)"]

    def test_card_html_states_posts_and_observations(self) -> None:
        html = observed_twice().ayr._repr_html_()
        assert re.findall(r">(\w+)</th><td[^>]*>([\d,]+)<", html) == [("Posts", "3"), ("Observations", "5")]

    def test_metrics_frame_states_posts_and_observations(self) -> None:
        card = repr(observed_twice().ayr.metrics().ayr)
        assert card == "Metrics of 3 posts, 5 observations: Threads (1), TikTok (2)"


class TestDictionary:
    WORDS = ayr.dictionary("linkedin")

    def test_meaning_has_the_width(self) -> None:
        cells = Cells(self.WORDS._repr_html_())
        widths = dict(zip(cells.texts[: len(self.WORDS.columns)], cells.styles, strict=False))
        assert "min-width:24em" in widths["meaning"]
        assert not any("min-width:24em" in style for name, style in widths.items() if name != "meaning")
        assert not re.search("max-width", widths["meaning"])

    def test_meaning_is_not_truncated(self) -> None:
        longest = max(self.WORDS["meaning"], key=len)
        assert len(longest) > 50
        assert longest in Cells(self.WORDS._repr_html_()).texts

    @pytest.mark.parametrize(
        ("select", "rows"),
        [
            (lambda words: words.head(3), 3),
            (lambda words: words[4:6], 2),
            (lambda words: words[words["column"] == "like_count"], 1),
            (lambda words: words.query("column == 'like_count'")[["column", "meaning"]], 1),
            (lambda words: words.sort_values("column").loc[:, ["meaning", "unit"]].head(2), 2),
        ],
        ids=["head", "slice", "filter", "query", "sort"],
    )
    def test_parts_of_a_dictionary_keep_the_layout(self, select: Any, rows: int) -> None:
        cells = Cells(select(self.WORDS)._repr_html_())
        assert cells.rows == rows + 1
        assert sum("min-width:24em" in style for style in cells.styles) == rows + 1

    def test_row_labels_are_shown(self) -> None:
        cells = Cells(self.WORDS.set_index("column")[["meaning"]].head(1)._repr_html_())
        assert cells.texts == ["column", "meaning", "platform", "Platform of the post."]

    def test_other_results_have_the_layout_of_pandas(self) -> None:
        counts = self.WORDS[["column", "role"]].head(2)
        assert counts._repr_html_() == pd.DataFrame(counts)._repr_html_()


class Output:
    """A display handle that stores what is shown."""

    def __init__(self, content: dict[str, str]) -> None:
        self.shown = [content]

    def update(self, content: dict[str, str], *, raw: bool) -> None:
        assert raw
        self.shown.append(content)


class TestProgress:
    @pytest.fixture
    def outputs(self, monkeypatch: pytest.MonkeyPatch) -> list[Output]:
        """Pretend to be a notebook; return the outputs that are displayed."""
        outputs: list[Output] = []

        def display(content: dict[str, str], *, raw: bool, display_id: bool) -> Output:
            assert raw
            assert display_id
            outputs.append(Output(content))
            return outputs[-1]

        shell = type("ZMQInteractiveShell", (), {})
        package, module = types.ModuleType("IPython"), types.ModuleType("IPython.display")
        vars(package)["get_ipython"], vars(module)["display"] = shell, display
        monkeypatch.setitem(sys.modules, "IPython", package)
        monkeypatch.setitem(sys.modules, "IPython.display", module)
        monkeypatch.setattr(progress, "_NOTEBOOK_DELAY", 0)
        return outputs

    def test_bar_in_a_notebook_ends_with_an_empty_output(
        self, outputs: list[Output], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "stderr", screen := io.StringIO())
        bar = progress.Progress(None)
        for _ in range(3):
            bar.advance(100)
        bar.notify("waiting 3 s")
        bar.close()
        (output,) = outputs
        assert "ayrframe: " in output.shown[0]["text/plain"]
        assert "waiting 3 s" in output.shown[-2]["text/plain"]
        assert output.shown[-1] == {}
        assert screen.getvalue() == ""

    def test_message_before_the_delay_in_a_notebook_is_removed(
        self, outputs: list[Output], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(progress, "_NOTEBOOK_DELAY", 60)
        bar = progress.Progress(None)
        bar.notify("waiting 3 s")
        bar.close()
        (output,) = outputs
        assert ["waiting 3 s" in content.get("text/plain", "") for content in output.shown] == [True, False]
        assert output.shown[-1] == {}

    def test_one_request_in_a_notebook_displays_nothing(self, outputs: list[Output]) -> None:
        bar = progress.Progress(None)
        bar.advance(100)
        bar.close()
        assert outputs == []

    def test_short_load_in_a_notebook_displays_nothing(
        self, outputs: list[Output], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(progress, "_NOTEBOOK_DELAY", 60)
        bar = progress.Progress(True)
        bar.advance(100)
        bar.advance(100)
        bar.close()
        assert outputs == []


def test_every_expansion_has_a_docstring_with_columns() -> None:
    accessor = ayr.load_sample().ayr
    for name in accessor.expansions()["name"]:
        assert re.search(r"Returns\n-------\npandas\.DataFrame\n", getattr(accessor, name).__doc__)


def test_docstrings_have_no_roles_of_sphinx() -> None:
    roles = re.compile(r":[a-z]+(?::[a-z]+)?:`")
    found = [path.name for path in PACKAGE.rglob("*.py") if roles.search(path.read_text(encoding="utf-8"))]
    assert found == []


ACCESSORS: dict[str, Any] = {
    "posts.ayr": lambda: ayr.load_sample("tiktok").ayr,
    "posts.ayr.plot": lambda: ayr.load_sample("tiktok").ayr.plot,
    "metrics.ayr": lambda: ayr.load_sample("tiktok").ayr.metrics().ayr,
    "metrics.ayr.plot": lambda: ayr.load_sample("tiktok").ayr.metrics().ayr.plot,
    "accounts.ayr": lambda: accounts().ayr,
    "accounts.ayr.plot": lambda: accounts().ayr.plot,
}


def accounts() -> pd.DataFrame:
    with ayr.sandbox() as api:
        return ayr.accounts("tiktok", client=api.client())


@pytest.mark.parametrize("path", ACCESSORS)
def test_error_for_a_wrong_argument_names_the_method_as_it_was_called(path: str) -> None:
    accessor = ACCESSORS[path]()
    names = [name for name in dir(accessor) if not name.startswith("_") and name != "plot"]
    for name in names:
        with pytest.raises(TypeError) as raised:
            getattr(accessor, name)(wrong=1)
        assert str(raised.value) == f"{path}.{name}() got an unexpected keyword argument 'wrong'"
    assert len(names) >= 1


def test_error_for_a_missing_argument_names_the_method_as_it_was_called() -> None:
    with pytest.raises(TypeError, match=r"^posts\.ayr\.expand\(\) missing 1 required positional argument: 'name'$"):
        ayr.load_sample("tiktok").ayr.expand()  # type: ignore[call-arg]
