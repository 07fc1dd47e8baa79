"""Send a client with its keys to another process without showing the keys."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from ayrframe._api.client import Client
from ayrframe._api.secrets import Secret


class PickledClient:
    """A client and the key of a profile, for use in another process; in the same process, the same client.

    This is the only class with keys that can be pickled. Its repr and its token for dask do not depend on the keys.
    """

    __slots__ = ("__arguments", "__client", "__profile", "_token")

    def __init__(
        self, arguments: Mapping[str, Any], profile: Secret | None, client: Client | None = None, token: str = ""
    ) -> None:
        self.__arguments, self.__profile, self.__client = arguments, profile, client
        self._token = token or secrets.token_hex(8)

    @property
    def is_local(self) -> bool:
        """Whether the client belongs to this process, so that its user closes it."""
        return self.__client is not None

    def open_client(self) -> tuple[Client, Secret | None]:
        """Return the client and the key of the profile; None is the profile of the client."""
        return self.__client or Client(**self.__arguments), self.__profile

    def __repr__(self) -> str:
        return "PickledClient('****')"

    def __dask_tokenize__(self) -> tuple[str, str]:
        return "PickledClient", self._token

    def __reduce__(self) -> tuple[Any, ...]:
        revealed = {name: _reveal(value) for name, value in self.__arguments.items()}
        return _restore_client, (revealed, _reveal(self.__profile), self._token)


def _reveal(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def _restore_client(arguments: Mapping[str, Any], profile: str | None, token: str) -> PickledClient:
    keys = {
        name: Secret(value) if name.endswith(("_key", "_secret")) and value else value
        for name, value in arguments.items()
    }
    return PickledClient(keys, None if profile is None else Secret(profile), token=token)
