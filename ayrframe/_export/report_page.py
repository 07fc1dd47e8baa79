"""Render an executed notebook as one HTML page, without code, scripts or external resources."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

# Allow only inline images and styles, so that markup that was not escaped could load and run nothing.
_CONTENT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_PAGE_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1c1c1c; font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid #ccc; }
p { max-width: 46rem; }
img { max-width: 100%; height: auto; display: block; margin: .75rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0; font-size: .85rem; color: #444; }
code { font-size: .9em; background: #f3f3f3; padding: 0 .2em; }
.output_html { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #e2e2e2; }
th { white-space: nowrap; }
.text { max-width: 22rem; min-width: 9rem; overflow-wrap: anywhere; }
.number { text-align: right; }
.number, .short { white-space: nowrap; }
thead th { border-bottom: 2px solid #888; }
@media print { .output_html { overflow: visible; } main { max-width: none; } h2, img { break-inside: avoid; } }
"""

_PAGE_TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def render_page(notebook: NotebookNode, title: str) -> str:
    """Return the HTML page; the first cell (for those who run the notebook) and all code are left out."""
    from nbconvert import HTMLExporter

    notebook.cells = notebook.cells[1:]
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    body, _ = exporter.from_notebook_node(notebook)
    return _PAGE_TEMPLATE.format(policy=_CONTENT_POLICY, title=escape(title), style=_PAGE_STYLE, body=body)
