"""Copies of the repository in a temporary folder, in which one module at a time is mutated."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.mutation.targets import ROOT

_times = itertools.count(1)


class Copy:
    """A copy of the files of the repository, and a scratch folder beside it."""

    def __init__(self, parent: Path) -> None:
        """Copy all files that git lists, with changes that are not committed."""
        self.folder = parent / "repository"
        self.scratch = parent / "scratch"
        self.temporary, self.result = self.scratch / "tmp", self.scratch / "result.json"
        self.temporary.mkdir(parents=True)
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for name in filter(None, names.split("\0")):
            source, target = ROOT / name, self.folder / name
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)

    def mutate(self, mutant: Mutant) -> None:
        """Write a mutant; its time differs from that of the original, so that no bytecode of it is used."""
        path = self.folder / mutant.path
        shutil.copy2(path, self.scratch / "original.py")
        path.write_text(mutant.source, encoding="utf-8")
        seconds = path.stat().st_mtime + 10 * next(_times)
        os.utime(path, (seconds, seconds))

    def restore(self, mutant: Mutant) -> None:
        """Write the original again."""
        shutil.copy2(self.scratch / "original.py", self.folder / mutant.path)

    def clear(self) -> None:
        """Remove the files of the tests."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(exist_ok=True)
        self.result.unlink(missing_ok=True)
