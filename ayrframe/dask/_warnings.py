"""Forward the warnings of dask tasks from workers to the user's process."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, ParamSpec, TypeVar

from ayrframe.errors import WARNING_COLLECTOR, DataWarning

P = ParamSpec("P")
R = TypeVar("R")


class ForwardWarnings(Generic[P, R]):
    """A function whose warnings reach the user, wherever a task calls it."""

    def __init__(self, function: Callable[P, R]) -> None:
        """Take over the name and the signature of the function, which dask reads."""
        self._function = function
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        token = WARNING_COLLECTOR.set(_worker_collector())
        try:
            return self._function(*args, **kwargs)
        finally:
            WARNING_COLLECTOR.reset(token)


def _worker_collector() -> Callable[[DataWarning], None] | None:
    """Return a function that sends warnings to the clients of this worker, or None in the user's own process."""
    from distributed import get_worker
    from distributed.protocol.pickle import dumps

    try:
        worker = get_worker()
    except ValueError:
        return None
    # As `distributed.worker.warn` does, but without the warning in the worker's own log.
    return lambda warning: worker.log_event("warn", {"message": dumps(warning), "category": dumps(type(warning))})
