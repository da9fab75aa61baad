"""Reading what the stages wrote: the report and the figures take the same files, of the same schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import DataError

BENCHMARK_SCHEMA = 3  # of benchmark_results.json, docs/benchmark_results.md


def read_results(path: Path) -> Any:
    """The value of a JSON file. Raises DataError for one that cannot be parsed."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not valid JSON: {error}; run the stage that writes it again") from error


def read_benchmarks(path: Path) -> dict[str, Any]:
    """benchmark_results.json. Raises DataError as `read_results`, and for results of another schema."""
    results = read_results(path)
    found = results.get("schema") if isinstance(results, dict) else None
    if found != BENCHMARK_SCHEMA:
        raise DataError(
            f"{path}: expected benchmark results of schema {BENCHMARK_SCHEMA}, found {found}; run evaluate_benchmarks.py again"
        )
    return results
