"""Several trained seeds of one configuration: mean and spread of every metric, benchmark by benchmark."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from ..errors import DataError
from ..policy import POLICIES

METRICS = ("recall", "fpr", "f1", "balanced_accuracy", "auc", "average_precision", "recall_at_budget")


def aggregate_runs(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Benchmark -> policy -> metric -> {mean, std, min, max, runs} of the subjects of several result files.

    std is the sample standard deviation (n - 1). A metric counts where it is defined in every run, and a benchmark where
    every run has it with the same number of rows; same_rows says whether the rows are known to be the same.
    Raises DataError for fewer than two runs, a run that is named twice, differing FPR budgets, or no benchmark in common.
    """
    if len(runs) < 2:
        raise DataError(f"expected results of at least two runs to aggregate, found {len(runs)}")
    for (i, one), (j, other) in combinations(enumerate(runs, start=1), 2):
        if one["benchmarks"] == other["benchmarks"]:
            raise DataError(f"runs {i} and {j} hold the same results, which would count twice; name every run once")
    budgets = sorted({run["fpr_budget"] for run in runs})
    if len(budgets) > 1:
        raise DataError(f"expected one FPR budget, found {budgets}; evaluate every run with the same eval.fpr_budget")
    names = [
        name
        for name, record in runs[0]["benchmarks"].items()
        if all(name in run["benchmarks"] and run["benchmarks"][name]["status"] == "run" for run in runs)
        and len({run["benchmarks"][name]["n"] for run in runs}) == 1
    ]
    if not names:
        raise DataError("these runs have no benchmark with the same rows in common; evaluate them on the same data")
    aggregated: dict[str, Any] = {}
    for name in names:
        policies_by_run = [run["benchmarks"][name]["results"][run["subject"]]["policies"] for run in runs]
        aggregated[name] = {
            "policy": runs[0]["benchmarks"][name]["policy"],
            "n": runs[0]["benchmarks"][name]["n"],
            "same_rows": _have_same_rows([run["benchmarks"][name] for run in runs]),
            "policies": {
                policy: {
                    metric: _summarise_values(values)
                    for metric in METRICS
                    if None not in (values := [policies[policy].get(metric) for policies in policies_by_run])
                }
                for policy in POLICIES
            },
        }
    left_out = sorted({name for run in runs for name, each in run["benchmarks"].items() if each["status"] == "run"} - set(names))
    return {"runs": len(runs), "seeds_of": [run["subject"] for run in runs], "benchmarks": aggregated, "left_out": left_out}


def _have_same_rows(records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether all have one revision (it names data.seed where rows are generated) and none is a sample, drawn by data.seed."""
    return len({record["revision"] for record in records}) == 1 and all(
        record["n"] == record["n_available"] for record in records
    )


def _summarise_values(values: Sequence[float]) -> dict[str, Any]:
    return {
        "mean": statistics.fmean(values),
        "std": statistics.stdev(values),
        "min": min(values),
        "max": max(values),
        "runs": len(values),
    }


def seed_lines(aggregated: Mapping[str, Any]) -> list[str]:
    """A table of recall and FPR under each benchmark's own policy, mean and standard deviation in percent."""
    lines = [f"{'benchmark':34}{'policy':>10}{'n':>8}{'recall':>16}{'FPR':>16}"]
    for name, record in aggregated["benchmarks"].items():
        metrics = record["policies"][record["policy"]]
        cells = "".join(f"{_format_spread(metrics.get(metric)):>16}" for metric in ("recall", "fpr"))
        lines.append(f"{name:34}{record['policy']:>10}{record['n']:>8,}{cells}")
    notes = {
        "samples or other rows in each run (data.seed), so that the spread is theirs too": [
            name for name, record in aggregated["benchmarks"].items() if not record["same_rows"]
        ],
        "not in every run with as many rows": aggregated["left_out"],
    }
    for note, names in notes.items():
        if names:
            lines += textwrap.wrap(f"{note}: {', '.join(names)}", len(lines[0]), break_on_hyphens=False)
    return lines


def _format_spread(spread: Mapping[str, Any] | None) -> str:
    return "" if spread is None else f"{100 * spread['mean']:.1f} +- {100 * spread['std']:.1f}%"
