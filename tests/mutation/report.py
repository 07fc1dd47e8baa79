"""Tables of results: killed and all mutants by module and by kind, and the survivors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

from tests.mutation.results import Result


def share(results: Collection[Result]) -> float:
    """Return the killed share in percent."""
    return 100 * sum(result.is_killed for result in results) / len(results) if results else 0.0


def table(results: Collection[Result], group: Callable[[Result], str], title: str) -> Iterator[str]:
    """Yield the rows of a Markdown table, one per group."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[group(result)].append(result)
    yield f"| {title} | mutants | killed | % |"
    yield "| --- | ---: | ---: | ---: |"
    for name, of in [*sorted(groups.items()), ("all", [*results])]:
        yield f"| {name} | {len(of)} | {sum(result.is_killed for result in of)} | {share(of):.1f} |"
