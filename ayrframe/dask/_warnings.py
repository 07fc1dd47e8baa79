"""What is odd in a worker is heard by the user: distributed carries warnings to the client, if it is asked to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from ayrframe.errors import WARNING_COLLECTOR, DataWarning

P = ParamSpec("P")
R = TypeVar("R")


def heard(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function as a task whose warnings reach the user, wherever it runs."""

    @wraps(function)
    def task(*args: P.args, **kwargs: P.kwargs) -> R:
        token = WARNING_COLLECTOR.set(_to_client())
        try:
            return function(*args, **kwargs)
        finally:
            WARNING_COLLECTOR.reset(token)

    return task


def _to_client() -> Callable[[DataWarning], None] | None:
    """Return what tells the clients of this worker; None where the user's own process runs the task."""
    from distributed import get_worker
    from distributed.protocol.pickle import dumps

    try:
        worker = get_worker()
    except ValueError:
        return None

    def tell(warning: DataWarning) -> None:
        # What `distributed.worker.warn` sends. Its own warning is left out: nobody reads it, or it is the second.
        told = {"message": dumps(warning), "category": dumps(type(warning))}
        worker.log_event("warn", told)

    return tell
