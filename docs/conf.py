"""Configure the documentation site: `python -m sphinx -W -b html docs docs/_build`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

import build_site  # noqa: E402 (a module of this folder)

import ayrframe  # noqa: E402

project = "ayrframe"
author = "ayrframe developers"
copyright = author  # noqa: A001 (Sphinx's name)
version = release = ayrframe.__version__

extensions = ["myst_nb", "sphinx_copybutton", "sphinx_design"]
exclude_patterns = ["_build", "jupyter_execute", "**.ipynb_checkpoints"]
nitpicky = True
root_doc = "index"
language = "en"
default_role = "code"
python_display_short_literal_types = True
toc_object_entries = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
nb_execution_mode = "cache"
nb_execution_cache_path = str(FOLDER / "_build" / ".jupyter_cache" / build_site.source_digest())
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_execution_in_temp = True
nb_merge_streams = True

html_theme = "pydata_sphinx_theme"
html_title = "ayrframe"
html_favicon = "_static/icon.svg"
html_context = {"default_mode": "auto"}
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "logo": {"text": "ayrframe"},
    "navbar_align": "left",
    "navbar_end": ["theme-switcher", "navbar-icon-links"],
    "header_links_before_dropdown": 7,
    "show_nav_level": 1,
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "icon_links": [
        {"name": "Repository", "url": "https://github.com/ayrframe/ayrframe", "icon": "fa-brands fa-github"}
    ],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {"index": []}

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
suppress_warnings = ["mystnb.unknown_mime_type"]


def setup(app: Any) -> None:
    """Write the generated pages before Sphinx reads its sources."""
    app.connect("builder-inited", lambda _: build_site.write(FOLDER))
    app.connect("source-read", adapt_links)
    app.connect("build-finished", lambda app, error: None if error else build_site.mend(Path(app.outdir)))


def adapt_links(_: Any, page: str, source: list[str]) -> None:
    """Adapt the links of a page when Sphinx reads it; `source` has the text as its only element."""
    if not page.startswith(("api/", "gallery/")):
        source[0] = build_site.adapt_links(source[0])
