"""A graph of tasks, written down step by step, and the dask DataFrame that comes out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import dask.dataframe as dd
import pandas as pd
from dask._task_spec import List, Task, TaskRef

_AT_ONCE = 8  # So many parts are put together in one task of a tree.


class Graph:
    """Tasks by their keys, which are made of names and numbers and never of what a task is given.

    With a `source`, its tasks are there from the start and `parts` stand for its partitions.
    """

    def __init__(self, name: str, source: dd.DataFrame | None = None) -> None:
        self._name = name
        self._steps: Counter[str] = Counter()
        self._tasks: dict[Any, Any] = {}
        self.parts: list[TaskRef] = []
        if source is not None:
            source = source.optimize()
            self._tasks |= source.__dask_graph__()
            self.parts += [TaskRef(key) for key in source.__dask_keys__()]

    def add(self, function: Callable[..., Any], *arguments: Any) -> TaskRef:
        """Add a task and return what stands for its result, as an argument of others or in a list of arguments."""
        step = f"{function.__name__.strip('_')}-{self._name}"
        key = (step, self._steps[step])
        self._steps[step] += 1
        self._tasks[key] = Task(key, function, *(List(*one) if isinstance(one, list) else one for one in arguments))
        return TaskRef(key)

    def each(self, function: Callable[..., Any], parts: Sequence[TaskRef], *arguments: Any) -> list[TaskRef]:
        """Add a task for each part."""
        return [self.add(function, part, *arguments) for part in parts]

    def tree(self, function: Callable[..., Any], parts: Sequence[TaskRef], *arguments: Any) -> TaskRef:
        """Add tasks that put lists of parts together until one is left."""
        left = list(parts)
        while True:
            left = [self.add(function, left[at : at + _AT_ONCE], *arguments) for at in range(0, len(left), _AT_ONCE)]
            if len(left) == 1:
                return left[0]

    def frame(self, partitions: Sequence[TaskRef], meta: pd.DataFrame) -> dd.DataFrame:
        """Return the dask DataFrame of these partitions."""
        keys = [part.key for part in partitions]
        return dd.from_graph(self._tasks, meta, (None,) * (len(keys) + 1), keys, self._name)
