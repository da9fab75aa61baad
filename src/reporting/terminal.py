"""Terminal output of evaluate_benchmarks.py: the subject's benchmarks as a table and one line per baseline."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from ..policy import POLICIES
from .cells import percent, rate_of
from .report.overview import batch_effects, routing_gap
from .report.verdict import BUILTIN, OUTCOMES


def benchmark_lines(results: Mapping[str, Any]) -> list[str]:
    """The subject's benchmarks as a table of at most 100 columns; the report says why some were not run."""
    head = f"{'benchmark':24} {'own':4} {'n':>6} {'recall %, 95%':19} {'FPR %, override':18} {'FPR %, full':18} {'deep':>4}"
    lines = [head, "-" * len(head)]
    not_run = []
    for name, record in results["benchmarks"].items():
        if record["status"] != "run":
            not_run.append(name)
            continue
        result = record["results"][results["subject"]]
        alarms = [_format_rate(result["policies"][policy], "fpr") for policy in POLICIES]
        deep = "" if result["routing"]["share"] is None else f"{100 * result['routing']['share']:.0f}%"
        lines.append(
            f"{name[:24]:24} {record['policy'][:4]} {result['n']:>6,} {_format_rate(result, 'recall'):19} "
            f"{alarms[0]:18} {alarms[1]:18} {deep:>4}"
        )
    lines.append("own: the policy that the labels mean, recall is under it (over: override)")
    lines += [line for text in (*batch_effects(results), *routing_gap(results)) for line in textwrap.wrap(text, len(head))]
    if not_run:
        text = f"not run, for reasons that the report gives: {', '.join(not_run)}"
        lines += textwrap.wrap(text, len(head), break_on_hyphens=False)
    if results.get("data_source") == "builtin":  # absent in files of an earlier version
        lines += textwrap.wrap(BUILTIN, len(head), break_on_hyphens=False)
    return lines


def _format_rate(part: Mapping[str, Any], name: str) -> str:
    """ "12.3 [10.1, 14.9]"; empty where the benchmark has no such rows."""
    return (
        ""
        if part[name] is None
        else rate_of(part, name).replace("%", "").replace("(", "[").replace(" to ", ", ").replace(")", "]")
    )


def comparison_lines(results: Mapping[str, Any]) -> list[str]:
    """One line per baseline and policy of benchmark_results.json, for the log.

    They compare means over the sets; the gate of evaluate_benchmarks.py compares the held-out groups and logs its own line.
    """
    return [
        f"means over benchmarks, {entry['guard']} against {baseline}, policy {policy}: "
        f"mean recall {percent(part['guard']['macro_recall'])} against {percent(part['baseline']['macro_recall'])} "
        f"over {part['num_attack_sets']} sets, "
        f"mean FPR {percent(part['guard']['macro_fpr'])} against {percent(part['baseline']['macro_fpr'])} "
        f"over {part['num_benign_sets']} sets: {OUTCOMES[part['guard_wins']]}"
        for baseline, entry in results["comparison"].items()
        for policy, part in entry["policies"].items()
    ]
