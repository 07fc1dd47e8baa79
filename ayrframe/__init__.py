"""ayrframe: posts and analytics of ten social networks, from the Ayrshare API into tidy pandas frames.

>>> posts = ayr.load_sample("tiktok")        # embedded, no key, no network
>>> sources = posts.ayr.impression_sources() # a tidy child table, keyed by post
>>> posts.ayr.dictionary()["column"].head(3).tolist()
['platform', 'profile', 'id']
"""

from ayrframe._accessor import PostsAccessor
from ayrframe._catalog import dictionary, platforms, schema
from ayrframe._load import from_posts, load_sample, read_json
from ayrframe.columns import KEY
from ayrframe.errors import AyrframeError, DataWarning, ExpansionError, ResponseError, SchemaError

__version__ = "0.1.0"

__all__ = [
    "KEY",
    "AyrframeError",
    "DataWarning",
    "ExpansionError",
    "PostsAccessor",
    "ResponseError",
    "SchemaError",
    "__version__",
    "dictionary",
    "from_posts",
    "load_sample",
    "platforms",
    "read_json",
    "schema",
]
