"""Comparison with baselines on the same rows and with published figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cells import number, percent, rate_of
from ..document import Fold, Section, Table
from ..references import PUBLISHED_KEYS
from .inputs import missing_note

TITLE = "Against the baselines"
POLICY_HEADERS = [
    "Baseline",
    "Policy",
    "Macro recall, guard",
    "Macro recall, baseline",
    "Attack sets",
    "Macro FPR, guard",
    "Macro FPR, baseline",
    "Benign sets",
    "More recall, no more false alarms",
]


def section(report: Mapping[str, Any]) -> Section:
    published = _published(report)
    if "benchmarks" not in report:
        return Section(TITLE, (missing_note(report, "benchmarks"), published))
    comparison = report["benchmarks"]["comparison"]
    if not comparison:
        return Section(TITLE, ("not run: evaluate_benchmarks.py was given no baseline", published))
    rows, tables = [], []
    for baseline, entry in comparison.items():
        rows += [[baseline, policy, *_policy_cells(part)] for policy, part in entry["policies"].items()]
        tables += [_matched(baseline, policy, part) for policy, part in entry["matched"].items() if part["sets"]]
    return Section(
        TITLE,
        (
            "Trained on the same rows and calibrated in the same way. The last column: a higher mean recall at a mean FPR that "
            "is no higher. The gate of evaluate_benchmarks.py compares the held-out groups, not these means.",
            Table(POLICY_HEADERS, rows, num_text=2),
            *([Fold("At the same share of false alarms, set by set", tuple(tables))] if tables else []),
            published,
        ),
    )


def _policy_cells(part: Mapping[str, Any]) -> list[str]:
    guard, baseline = part["guard"], part["baseline"]
    return [
        percent(guard["macro_recall"]),
        percent(baseline["macro_recall"]),
        number(part["num_attack_sets"]),
        percent(guard["macro_fpr"]),
        percent(baseline["macro_fpr"]),
        number(part["num_benign_sets"]),
        number(part["guard_wins"]),
    ]


def _matched(baseline: str, policy: str, matched: Mapping[str, Any]) -> Table:
    rows = [
        [name, number(part["n"]), percent(part["guard_recall"]), percent(part["baseline_recall"]), rate_of(part, "difference")]
        for name, part in matched["sets"].items()
    ]
    where = f"both at {percent(matched['fpr'])} FPR on the same {matched['n_benign']:,} benign rows"
    headers = ["Attack set", "n", "Recall, guard", "Recall, baseline", "Difference"]
    return Table(headers, rows, title=f"{baseline}, policy {policy}: {where}")


def _published(report: Mapping[str, Any]) -> Fold:
    rows = [[number(each[key]) for key in PUBLISHED_KEYS] for each in report["published"]]
    note = (
        "Not measured here (configs/published.yaml): other harnesses, thresholds and versions of the data. In percent unless "
        "the figure says otherwise."
    )
    headers = [key.capitalize() for key in PUBLISHED_KEYS]
    return Fold("Published figures of other systems", (note, Table(headers, rows, num_text=3)))
