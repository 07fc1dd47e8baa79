"""The public names and where they live: read by type checkers, and by `__init__` to import them when first used."""

from . import dask as dask
from ._accessor.posts import PostsAccessor as PostsAccessor
from ._api.client import Client as Client
from ._api.doctor import doctor as doctor
from ._api.doctor import show_versions as show_versions
from ._api.load import load as load
from ._archive.archive import Archive as Archive
from ._archive.parquet.read import read_parquet as read_parquet
from ._frame.catalog import dictionary as dictionary
from ._frame.catalog import platforms as platforms
from ._frame.catalog import schema as schema
from ._frame.read import from_posts as from_posts
from ._frame.read import load_sample as load_sample
from ._frame.read import read_json as read_json
from ._metrics.catalog import metric_catalog as metric_catalog
from ._platforms.columns import KEY as KEY
from ._sandbox.sandbox import sandbox as sandbox
from .errors import (
    AuthError as AuthError,
)
from .errors import (
    AyrframeError as AyrframeError,
)
from .errors import (
    ConfigError as ConfigError,
)
from .errors import (
    DataWarning as DataWarning,
)
from .errors import (
    ExpansionError as ExpansionError,
)
from .errors import (
    LoadErrors as LoadErrors,
)
from .errors import (
    NotLinkedError as NotLinkedError,
)
from .errors import (
    RateLimitError as RateLimitError,
)
from .errors import (
    RequestError as RequestError,
)
from .errors import (
    ResponseError as ResponseError,
)
from .errors import (
    SchemaError as SchemaError,
)
from .errors import (
    ServerError as ServerError,
)
from .errors import (
    TransportError as TransportError,
)

__version__: str
