"""Parse a report page: tags with attributes, texts, headings, and tables with their exact numbers."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """The contents of a page; `tables` has the rows of each table by its label, cells are (text, number or None)."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.headings: list[tuple[int, str]] = []
        self.tables: dict[str, list[list[tuple[str, float | None]]]] = {}
        self.numbers: list[float] = []
        self._label = ""
        self._inside: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag not in ("img", "meta"):
            self._inside.append(tag)
        if attributes.get("role") == "region":
            self._label = attributes["aria-label"]
            self.tables.setdefault(self._label, [])
        elif tag == "tr" and "tbody" in self._inside:
            self.tables[self._label].append([])
        elif tag in ("th", "td") and "tbody" in self._inside:
            self.tables[self._label][-1].append(("", None))
        elif tag == "data":
            self.numbers.append(float(attributes["value"]))
            if "tbody" in self._inside:
                text, _ = self.tables[self._label][-1][-1]
                self.tables[self._label][-1][-1] = (text, float(attributes["value"]))
        elif tag[0] == "h" and tag[1:].isdigit():
            self.headings.append((int(tag[1:]), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside and self._inside[-1][1:].isdigit():
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)
        if {"th", "td"} & set(self._inside) and "tbody" in self._inside:
            text, number = self.tables[self._label][-1][-1]
            self.tables[self._label][-1][-1] = (text + data.strip(), number)

    def images(self) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag == "img"]


def read_page(path: Path) -> Page:
    return Page(path.read_text("utf-8"))
