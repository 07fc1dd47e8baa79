"""The modules that are mutated: those that decide what a frame, a number or a file contains."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

TARGETS = (
    *("_decode/analytics.py", "_decode/arrays.py", "_decode/batches.py", "_decode/decoder.py"),
    *("_decode/detect_platform.py", "_decode/envelope.py", "_decode/json.py", "_decode/posts.py"),
    *("_decode/records.py", "_decode/values.py"),
    *("_frame/deduplicate.py", "_frame/enrich.py", "_frame/key.py", "_frame/platform_rows.py", "_frame/schema.py"),
    *("_frame/times.py", "_frame/unmeasured_zeros.py"),
    *("_metrics/above_normal.py", "_metrics/columns.py", "_metrics/compare.py", "_metrics/completeness.py"),
    *("_metrics/coverage.py", "_metrics/days.py", "_metrics/formats.py", "_metrics/frames.py", "_metrics/growth.py"),
    *("_metrics/metrics.py", "_metrics/missing_reasons.py", "_metrics/periods.py", "_metrics/summary.py"),
    *("_api/body.py", "_api/fetch.py", "_api/pages.py", "_api/pagination.py", "_api/rate_limit.py"),
    *("_api/response.py", "_api/retry.py", "_api/timeout.py", "_api/transport.py", "_api/transport_errors.py"),
    *("_archive/cache.py", "_archive/observations.py", "_archive/page_file.py", "_archive/page_store.py"),
    "_archive/parquet/*.py",
)


def target_paths() -> Iterator[str]:
    """Yield the paths of the modules from the folder of the repository."""
    package = ROOT / "ayrframe"
    for pattern in TARGETS:
        found = sorted(package.glob(pattern))
        if not found:
            raise ValueError(f"No module matches {pattern!r} in {package}; correct the list of targets.")
        yield from (path.relative_to(ROOT).as_posix() for path in found if path.name != "__init__.py")
