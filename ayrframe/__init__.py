"""ayrframe: posts and analytics of ten social networks, from the Ayrshare API into tidy pandas frames.

>>> posts = ayr.load_sample("tiktok")        # embedded, no key, no network
>>> sources = posts.ayr.impression_sources() # a tidy child table, keyed by post
>>> posts.ayr.dictionary()["column"].head(3).tolist()
['platform', 'profile', 'id']
"""

from ayrframe._accessor.posts import PostsAccessor
from ayrframe._archive.archive import Archive
from ayrframe._catalog import dictionary, metric_catalog, platforms, schema
from ayrframe._doctor import doctor, show_versions
from ayrframe._live import load
from ayrframe._load import from_posts, load_sample, read_json
from ayrframe._sandbox import sandbox
from ayrframe._wire.client import Client
from ayrframe.columns import KEY
from ayrframe.errors import (
    AuthError,
    AyrframeError,
    ConfigError,
    DataWarning,
    ExpansionError,
    LoadErrors,
    NotLinkedError,
    RateLimitError,
    RequestError,
    ResponseError,
    SchemaError,
    ServerError,
    TransportError,
)

__version__ = "0.1.0"

__all__ = [
    "KEY",
    "Archive",
    "AuthError",
    "AyrframeError",
    "Client",
    "ConfigError",
    "DataWarning",
    "ExpansionError",
    "LoadErrors",
    "NotLinkedError",
    "PostsAccessor",
    "RateLimitError",
    "RequestError",
    "ResponseError",
    "SchemaError",
    "ServerError",
    "TransportError",
    "__version__",
    "dictionary",
    "doctor",
    "from_posts",
    "load",
    "load_sample",
    "metric_catalog",
    "platforms",
    "read_json",
    "sandbox",
    "schema",
    "show_versions",
]
