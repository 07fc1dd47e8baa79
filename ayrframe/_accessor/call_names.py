"""Name methods as users call them, so that errors for wrong arguments name `posts.ayr.compare` and not a class."""

from __future__ import annotations

from collections.abc import Callable
from inspect import isfunction, unwrap
from types import FunctionType
from typing import TypeVar

Class = TypeVar("Class", bound=type)


def called_as(path: str) -> Callable[[Class], Class]:
    """Return a decorator that names the public methods of a class `<path>.<name>`, those that it inherits included."""

    def rename(methods: Class) -> Class:
        for name in dir(methods):
            method = getattr(methods, name)
            if isfunction(method) and not name.startswith("_"):
                setattr(methods, name, _copy(unwrap(method), name, f"{path}.{name}"))
        return methods

    return rename


def _copy(function: FunctionType, name: str, path: str) -> FunctionType:
    """Return a function of the same code; other classes that inherit it use another name."""
    copy = FunctionType(function.__code__, function.__globals__, name, function.__defaults__, function.__closure__)
    copy.__kwdefaults__, copy.__annotations__ = function.__kwdefaults__, function.__annotations__
    copy.__doc__, copy.__module__, copy.__qualname__ = function.__doc__, function.__module__, path
    return copy
