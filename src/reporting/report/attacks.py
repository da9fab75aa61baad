"""Transformation by transformation: attacks beside the same transformation of benign texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cells import detection_cells, number, percent, rate_of
from ..document import BarRow, Bars, Fold, Multiples, Section, Table, rate_bars
from .inputs import missing_note
from .verdict import mark_of

TITLE = "Attacks and their benign twins"
SERIES = ("attack found", "twin flagged")


def section(report: Mapping[str, Any]) -> Section:
    if "benchmarks" not in report:
        return Section(TITLE, (missing_note(report, "benchmarks"),))
    results = report["benchmarks"]
    subject = results["subject"]
    attacks, families, categories = [], [], []
    for name, record in results["benchmarks"].items():
        result = record["results"].get(subject)
        if result is None:
            continue
        families += [
            [name, family, rate_of(part, "recall"), number(part["n"])] for family, part in result["family_recall"].items()
        ]
        categories += [[name, category, *detection_cells(part)] for category, part in result["by_category"].items()]
        attacks += [
            [name, attack, *detection_cells(part), percent(part["deep_share"])] for attack, part in result["by_attack"].items()
        ]
    attack_headers = ["Benchmark", "Transformation", "Recall", "n attacks", "FPR on the twin", "n twins", "Deep, both"]
    category_headers = ["Benchmark", "Category of the source", "Recall", "n attacks", "FPR", "n benign"]
    charts = _charts(results)
    return Section(
        TITLE,
        (
            f"Predictor: {subject}. The twin of an attack is the same transformation of a benign text: a guard that flags both "
            "has learnt the disguise, not the attack. Bare: the text alone; wrapped: inside a sentence that explains it.",
            *([Multiples(charts)] if charts else []),
            Fold(f"All {len(attacks)} transformations", (Table(attack_headers, attacks, num_text=2),)),
            Fold("Recall by family", (Table(["Benchmark", "Family", "Recall", "n"], families, num_text=2),)),
            Fold("By category", (Table(category_headers, categories, num_text=2),)),
        ),
    )


def _charts(results: Mapping[str, Any]) -> tuple[Bars, ...]:
    """One chart per benchmark that has rates by transformation."""
    charts = []
    for name, record in results["benchmarks"].items():
        parts = record["results"].get(results["subject"], {}).get("by_attack", {})
        rows = [
            BarRow(attack.split("/", 1)[-1], (mark_of(part, "recall"), mark_of(part, "fpr"))) for attack, part in parts.items()
        ]
        if rows:
            charts.append(rate_bars(name.removeprefix("generated/"), SERIES, rows))
    return tuple(charts)
