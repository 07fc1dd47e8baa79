"""ayrframe: posts and analytics of ten social networks, from the Ayrshare API into tidy pandas frames.

>>> posts = ayr.load_sample("tiktok")        # embedded, no key, no network
>>> sources = posts.ayr.impression_sources() # a tidy child table, keyed by post
>>> posts.ayr.dictionary()["column"].head(3).tolist()
['platform', 'profile', 'id']
"""

import lazy_loader as _lazy

from ayrframe._accessor import register as _register  # noqa: F401

# This registers `frame.ayr` and imports only what that needs.
from ayrframe.errors import quote as _quote, suggest as _suggest

__version__ = "0.2.0"

# Everything else is imported when it is first used; `__init__.pyi` lists the names and their modules.
_import_name, _, __all__ = _lazy.attach_stub(__name__, __file__)
__all__ += ["__version__"]
# It needs an optional extra, so `from ayrframe import *` must not import it.
__all__.remove("dask")


def __getattr__(name: str) -> object:
    if name == "dask" or name in __all__:
        return _import_name(name)
    raise AttributeError(f"`ayrframe` has no attribute {_quote(name)}.{_suggest(name, __all__)}")


def __dir__() -> list[str]:
    return list(__all__)
