"""Replace the code of functions that are already imported, so that a forked process need not import anything again."""

from __future__ import annotations

import functools
import gc
import importlib
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from types import CodeType, FrameType, FunctionType
from typing import Any

from tests.mutation.mutants import Mutant

_Place = tuple[str, str, int]


class LiveCode:
    """The functions of the package in this process, and those that ran when it was imported.

    What functions computed at import cannot be replaced, so their mutants need a process of their own.
    """

    def __init__(self, modules: Iterable[str]) -> None:
        """Import modules, and record which functions run."""
        self._ran: set[_Place] = set()
        self._functions: dict[_Place, list[FunctionType]] = defaultdict(list)
        self._caches: list[functools._lru_cache_wrapper[Any]] = []
        sys.setprofile(self._record)
        try:
            for module in modules:
                importlib.import_module(module)
        finally:
            sys.setprofile(None)

    def _record(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            self._ran.add(_place(frame.f_code))

    def find(self) -> None:
        """Find all functions and caches; functions that are made later have the code of their outer function."""
        for item in gc.get_objects():
            if type(item) is FunctionType:
                self._functions[_place(item.__code__)].append(item)
            elif isinstance(item, functools._lru_cache_wrapper) and str(item.__module__).startswith("ayrframe"):
                self._caches.append(item)

    def clear_caches(self) -> None:
        """Clear the caches of all functions of the package."""
        for function in self._caches:
            function.cache_clear()

    def replace(self, mutant: Mutant, original: str, file: str) -> bool:
        """Replace the code of the function of a mutant and clear all caches; return whether that was possible."""
        before = _code_of_function(original, file, mutant.change.function)
        after = _code_of_function(mutant.source, file, mutant.change.function)
        # Equal code: the change is in the arguments, which were computed when the function was defined.
        if before == after or len(before) != len(after) or any(_place(code) in self._ran for code in before):
            return False
        inner = (_inner_pairs(old, new) for old, new in zip(before, after, strict=True))
        pairs = [*zip(before, after, strict=True), *(pair for pairs in inner for pair in pairs)]
        live = [(function, new) for old, new in pairs for function in self._functions[_place(old)]]
        if not live or any(function.__code__.co_freevars != new.co_freevars for function, new in live):
            return False
        for function, new in live:
            function.__code__ = new
        self.clear_caches()
        return True


def _place(code: CodeType) -> _Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _code_of_function(source: str, file: str, scope: str) -> list[CodeType]:
    """Return the code of the outermost functions of a scope such as `Class.method.inner`."""
    codes = [code for code in _walk(compile(source, file, "exec")) if code.co_flags & inspect.CO_OPTIMIZED]
    names = scope.split(".")
    for count in range(1, len(names) + 1):
        if found := [code for code in codes if code.co_qualname == ".".join(names[:count])]:
            return found
    return []


def _walk(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _walk(constant)


def _inner_pairs(before: CodeType, after: CodeType) -> list[tuple[CodeType, CodeType]]:
    """Return the functions inside a function that both have, in order of each name."""
    named: dict[str, list[CodeType]] = defaultdict(list)
    for code in _walk(after):
        named[code.co_qualname].append(code)
    return [(code, named[code.co_qualname].pop(0)) for code in _walk(before) if named[code.co_qualname]]
