"""The public names and where they live: read by type checkers, and by `__init__` to import them when first used."""

from . import dask as dask
from ._accessor.accounts import AccountsAccessor as AccountsAccessor
from ._accessor.metrics_frame import MetricsAccessor as MetricsAccessor
from ._accessor.posts import PostsAccessor as PostsAccessor
from ._api.accounts import accounts as accounts
from ._api.check import check as check
from ._api.client import Client as Client
from ._api.doctor import doctor as doctor, show_versions as show_versions
from ._api.load import load as load
from ._archive.archive import Archive as Archive
from ._archive.parquet.read import read_parquet as read_parquet
from ._export.report import report as report
from ._frame.catalog import dictionary as dictionary, platforms as platforms, schema as schema
from ._frame.read import from_posts as from_posts, read_json as read_json
from ._frame.sample import load_sample as load_sample
from ._metrics.catalog import metric_catalog as metric_catalog
from ._metrics.urls import normalize_url as normalize_url
from ._platforms.columns import COMMON as COMMON, KEY as KEY
from ._sandbox.sandbox import sandbox as sandbox
from .errors import (
    AuthError as AuthError,
    AyrframeError as AyrframeError,
    ConfigError as ConfigError,
    DataWarning as DataWarning,
    ExpansionError as ExpansionError,
    LoadErrors as LoadErrors,
    NotLinkedError as NotLinkedError,
    RateLimitError as RateLimitError,
    RequestError as RequestError,
    ResponseError as ResponseError,
    SchemaError as SchemaError,
    ServerError as ServerError,
    TransportError as TransportError,
)

__version__: str
