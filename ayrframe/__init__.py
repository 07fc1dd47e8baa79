"""ayrframe: posts and analytics of ten social networks, from the Ayrshare API into tidy pandas frames.

>>> posts = ayr.load_sample("tiktok")        # embedded, no key, no network
>>> sources = posts.ayr.impression_sources() # a tidy child table, keyed by post
>>> posts.ayr.dictionary()["column"].head(3).tolist()
['platform', 'profile', 'id']
"""

import lazy_loader as _lazy

# Registers `frame.ayr`; it imports no more than it needs for that.
from ayrframe._accessor import posts as _posts_accessor  # noqa: F401

__version__ = "0.1.0"

# Everything else is imported when it is first used; the names and where they live stand in `__init__.pyi`.
__getattr__, _, __all__ = _lazy.attach_stub(__name__, __file__)
__all__ += ["__version__"]
# It wants an extra: there if it is asked for, and in nobody's way who lists or imports everything.
__all__.remove("dask")


def __dir__() -> list[str]:
    return list(__all__)
