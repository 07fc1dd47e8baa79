"""Test that texts of posts stay text in the report page (X2)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ayrframe._archive.archive import Archive
from ayrframe._archive.cache import PageRecorder
from ayrframe._archive.page_file import make_request, new_load_id
from ayrframe._decode.envelope import parse_envelopes
from ayrframe._export.report import write_report

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATTACKS = [
    "<script>PWNED()</script>",
    "<img src=x onerror=PWNED()>",
    '"><svg onload=PWNED()>',
    "' onmouseover='PWNED()",
    "</td></table><iframe src=//PWNED.example>",
    "[PWNED](javascript:PWNED()) ![](//PWNED.example)",
    "<!-- PWNED --><style>@import url(//PWNED.example)</style>",
    "&lt;b&gt;PWNED&#60;u&#62; <a href=javascript:PWNED()>",
    "\x1b[31mPWNED\x1b]8;;//PWNED.example\x07",
    r"$\PWNED$ \(PWNED\) {{ PWNED }} {% PWNED %}",
    "<PWNED attr=1>",
    "<math><mtext><table><mglyph><style><PWNED>",
]


class Page(HTMLParser):
    """Collect the tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile_posts(words: list[str]) -> Iterator[dict[str, object]]:
    """Yield posts in which every text field is one of these words."""
    for number, word in enumerate(words):
        yield {
            "id": f"{word}{number}",
            "created": f"2026-02-{number + 1:02}T10:00:00Z",
            "post": f"{word} and so on, a text that is long enough to be found again",
            "postUrl": word,
            "likeCount": 10 + number,
            "commentsCount": number,
            "videoViews": 1000 + number,
            "mediaType": "video",
            "name": word,
            "tags": [word],
            "impressionSources": [{"impression_source": word, "percentage": 1}],
            "audienceCountries": [{"country": word, "percentage": 1}],
            "videoViewRetention": [{"second": "0", "percentage": 1}, {"second": "9", "percentage": 0.5}],
            word: {word: word},
            "shareCount": word,
        }


def report_page(folder: Path, words: list[str]) -> str:
    archive = Archive(folder / "pages")
    body = json.dumps({"status": "success", "posts": list(hostile_posts(words))}).encode()
    (reply,) = parse_envelopes(body, "a page")
    request = make_request("tiktok", profile=words[0][:20], identity="client")
    recorder = PageRecorder(archive.store, request, load=new_load_id(NOON), target_index=0)
    assert recorder.record(body, reply, received_at=NOON, is_last=True, cursor=None, status=200)
    parameters = {"platforms": ["tiktok"], "source": "archive", "archive": archive.path}
    write_report(folder / "report.html", parameters, f"Report of {words[0]}")
    return (folder / "report.html").read_text("utf-8")


def tags_and_attributes(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    """Return all tags with their attributes, without the contents of images and the classes for line breaks."""
    return [
        (
            tag,
            tuple(
                f"{name}={'' if tag == 'img' or value in ('short', 'text') else value}" for name, value in attrs.items()
            ),
        )
        for tag, attrs in page.tags
    ]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, Page]:
    harmless = [f"w{number:02}{'x' * (len(attack) - 3)}" for number, attack in enumerate(ATTACKS)]
    folders = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("harmless")
    return Page(report_page(folders[0], ATTACKS)), Page(report_page(folders[1], harmless))


@pytest.mark.timeout(240)
def test_X2_posts_add_no_tags_or_attributes(pages: tuple[Page, Page]) -> None:
    hostile, harmless = pages
    assert tags_and_attributes(hostile) == tags_and_attributes(harmless)
    for tag, attributes in hostile.tags:
        markup = " ".join([tag, *attributes, *(value for name, value in attributes.items() if name != "src")])
        assert "pwned" not in markup.lower(), (tag, attributes)


@pytest.mark.timeout(240)
def test_X2_page_has_no_scripts_and_no_external_resources(pages: tuple[Page, Page]) -> None:
    hostile, _ = pages
    names = {tag for tag, _ in hostile.tags}
    assert names <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "div",
        "h1",
        "h2",
        "p",
        "code",
        "pre",
    } | {*("table", "thead", "tbody", "tr", "th", "td", "img")}
    for tag, attributes in hostile.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("href", "srcset", "action", "style")
        ]
        if tag == "img":
            assert attributes["src"].startswith("data:image/png;base64,")
            assert base64.b64decode(attributes["src"].split(",", 1)[1]).startswith(b"\x89PNG")
            assert attributes["alt"].startswith("Plot: ")
    policies = [
        attributes["content"]
        for tag, attributes in hostile.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


@pytest.mark.timeout(240)
def test_X2_texts_of_posts_are_shown_as_text(pages: tuple[Page, Page]) -> None:
    hostile, _ = pages
    for attack in ATTACKS[:6]:
        assert attack in hostile.text
    assert not re.search("[\x00-\x08\x0b-\x1f]", hostile.text)
