"""Thresholds, and the calibration error of the probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cells import fixed, number, percent, rate_with_interval
from ..document import BarRow, Bars, Fold, Mark, Multiples, Section, Table, rate_bars
from .inputs import missing_note

TITLE = "Calibration"
HEADERS = ["Predictor", "Policy", "FPR budget", "Threshold", "FPR on the rows of the fit", "n benign", "Sources", "Temperature"]


def section(report: Mapping[str, Any]) -> Section:
    if "benchmarks" not in report:
        return Section(TITLE, (missing_note(report, "benchmarks"),))
    results = report["benchmarks"]
    rows = [row for name, entry in results["predictors"].items() for row in _threshold_rows(name, entry["calibration"])]
    errors = {
        name: record["results"][results["subject"]]
        for name, record in results["benchmarks"].items()
        if results["subject"] in record["results"]
    }
    chart = _chart(results["subject"], errors)
    table = Table(
        ["Benchmark", "Calibration error", "n"], [[name, _format_error(each), number(each["n"])] for name, each in errors.items()]
    )
    return Section(
        TITLE,
        (
            "Thresholds are fitted on benign rows of the validation sources, never on a benchmark.",
            Table(HEADERS, rows, num_text=2),
            *([Multiples((chart,))] if chart.rows else []),
            Fold("Calibration error by benchmark", (table,)),
        ),
    )


def _threshold_rows(predictor: str, calibration: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            predictor,
            policy,
            percent(float(budget)),
            fixed(threshold, 6),
            percent(calibration["achieved_fpr"][policy][budget]),
            number(calibration["n_benign"]),
            number(len(calibration["sources"])),
            fixed(calibration["temperature"]),
        ]
        for policy, thresholds in calibration["thresholds"].items()
        for budget, threshold in thresholds.items()
    ]


def _format_error(result: Mapping[str, Any]) -> str:
    return rate_with_interval(result["calibration_error"], result["classes"]["intervals"]["calibration_error"])


def _chart(subject: str, results: Mapping[str, Mapping[str, Any]]) -> Bars:
    rows = [
        BarRow(
            name,
            (
                Mark(
                    each["calibration_error"],
                    percent(each["calibration_error"]),
                    each["classes"]["intervals"]["calibration_error"],
                ),
            ),
        )
        for name, each in results.items()
        if each["calibration_error"] is not None
    ]
    note = (
        "Mean distance between the probability of the four classes and how often they are right, in 15 bins. Shorter is better."
    )
    return rate_bars(f"Expected calibration error, {subject}", ("calibration error",), rows, note)
