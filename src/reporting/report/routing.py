"""The share of texts that the router sends to the deep branch, and the detection rates by route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cells import detection_cells, fixed, number, percent, rate_with_interval
from ..document import BarRow, Bars, Fold, Mark, Multiples, Section, Table, rate_bars
from .inputs import missing_note
from .overview import routing_gap

TITLE = "Routing"


def section(report: Mapping[str, Any]) -> Section:
    if "benchmarks" not in report:
        return Section(TITLE, (missing_note(report, "benchmarks"),))
    results = report["benchmarks"]
    rows = [row for predictor in results["summary"] for row in _predictor_rows(results, predictor)]
    routes = [
        [name, route, *detection_cells(part)]
        for name, record in results["benchmarks"].items()
        for route, part in record["results"].get(results["subject"], {}).get("by_route", {}).items()
    ]
    chart = _chart(results)
    by_route = Table(["Benchmark", "Route", "Recall", "n attacks", "FPR", "n benign"], routes, num_text=2)
    traffic = Table(["Predictor", "Traffic", "Router threshold", "Asked for", "Sent deep", "n"], rows, num_text=2)
    return Section(
        TITLE,
        (
            "Share of texts with a window sent to the deep branch. It depends on the traffic, which is named.",
            *routing_gap(results),
            *([Multiples((chart,))] if chart.rows else []),
            Fold("Share sent deep, by traffic", (traffic,)),
            Fold("Detection by route", (by_route,)),
        ),
    )


def _predictor_rows(results: Mapping[str, Any], predictor: str) -> list[list[str]]:
    calibration = results["predictors"][predictor]["calibration"]
    if calibration["deep_fraction"] is None:
        return [[predictor, "no router", "", "", "", ""]]
    target_cells = [fixed(calibration["complexity_threshold"]), percent(calibration["target_deep_fraction"])]
    fitted_on = number(calibration["n_benign"] + calibration["n_attack"])
    fit_rows = "validation rows, on which the threshold was fitted"
    traffic = {"all benchmarks but held-out ones": results["summary"][predictor]["routing"]} | {
        name: record["results"][predictor]["routing"]
        for name, record in results["benchmarks"].items()
        if predictor in record["results"]
    }
    return [
        [predictor, fit_rows, *target_cells, percent(calibration["deep_fraction"]), fitted_on],
        *(
            [predictor, name, *target_cells, rate_with_interval(part["share"], part["interval"]), number(part["n"])]
            for name, part in traffic.items()
        ),
    ]


def _chart(results: Mapping[str, Any]) -> Bars:
    """The subject's share sent deep on every benchmark beside the target share."""
    subject = results["subject"]
    target_share = results["predictors"][subject]["calibration"]["target_deep_fraction"]
    rows = [
        BarRow(name, (Mark(part["share"], percent(part["share"]), part["interval"]),), target_share)
        for name, record in results["benchmarks"].items()
        if subject in record["results"]
        for part in [record["results"][subject]["routing"]]
        if part["share"] is not None
    ]
    return rate_bars(f"Sent deep, {subject}", ("sent deep",), rows, "The line across a bar is the share that was asked for.")
