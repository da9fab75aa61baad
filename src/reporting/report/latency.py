"""Size and latency of the exported files, and how far they differ from the trained model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...config import flatten
from ...run import PROVENANCE
from ..cells import UNIT_FORMATS, cell, fixed, number, percent, rate_with_interval
from ..document import BarRow, Bars, Block, Fold, Mark, Multiples, Section, Table
from ..results import QUANTILES_KEY
from .inputs import missing_note

TITLE = "Latency, size and parity"
TIMES = {"p50_ms": "P50, ms", "p95_ms": "P95, ms", "p99_ms": "P99, ms", "mean_ms": "Mean, ms"}
CONDITIONS = "conditions"  # this key lies among the precisions


def section(report: Mapping[str, Any]) -> Section:
    if "optimization" not in report:
        return Section(TITLE, (missing_note(report, "optimization"),))
    measured = report["optimization"]
    blocks: list[Block] = []
    conditions = measured["latency"].get(CONDITIONS)
    if conditions:
        named = [f"{key.replace('_', ' ')} {number(value)}" for key, value in conditions.items()]
        blocks.append(f"Conditions: {', '.join(named)}.")
    charts = _charts(measured["latency"])
    blocks += [Multiples(charts)] if charts else []
    blocks += [_files(measured), Fold("All times", (_times(measured["latency"]),))]
    if "parity" in measured:
        blocks.append(Fold("Parity of the exported files", _parity(measured)))
    blocks.append(Fold("As recorded in optimization.json", (_record_table(measured),)))
    return Section(TITLE, tuple(blocks))


def _routes(latency: Mapping[str, Any]) -> list[tuple[str, str, str, Mapping[str, Any]]]:
    """(precision, route, tokens, times)."""
    return [
        (precision, route, tokens, times)
        for precision, routes in latency.items()
        if precision != CONDITIONS
        for route, lengths in routes.items()
        for tokens, times in lengths.items()
    ]


def _charts(latency: Mapping[str, Any]) -> tuple[Bars, ...]:
    """One chart for each precision on one axis: the median, with a line up to the 95th percentile."""
    entries = _routes(latency)
    max_ms = max((times.get("p95_ms") or times["p50_ms"] for _, _, _, times in entries), default=1.0)
    charts = []
    for precision in dict.fromkeys(each[0] for each in entries):
        rows = tuple(
            BarRow(f"{route}, {tokens} tokens", (_time_mark(times),))
            for name, route, tokens, times in entries
            if name == precision
        )
        ticks = tuple(f"{max_ms * part:.1f} ms" for part in (0, 0.5, 1))
        charts.append(Bars(precision, ("median",), rows, max_ms, ticks, "The thin line ends at the 95th percentile."))
    return tuple(charts)


def _time_mark(times: Mapping[str, Any]) -> Mark:
    p50, p95 = times["p50_ms"], times.get("p95_ms")
    return Mark(p50, UNIT_FORMATS["ms"](p50), None if p95 is None else (p50, p95))


def _files(measured: Mapping[str, Any]) -> Table:
    rows = [[name, file["precision"], fixed(file["size_mb"], 1)] for name, file in measured["files"].items()]
    return Table(["File", "Precision", "MB"], rows, num_text=2)


def _times(latency: Mapping[str, Any]) -> Table:
    rows = [
        [precision, route, tokens, *(fixed(times.get(key), 2) for key in TIMES), number(times.get("n"))]
        for precision, route, tokens, times in _routes(latency)
    ]
    return Table(["Precision", "Route", "Tokens", *TIMES.values(), "n"], rows, num_text=2)


def _parity(measured: Mapping[str, Any]) -> tuple[Block, ...]:
    """How often a file decides differently from its reference."""
    rows = []
    for name, part in measured["parity"].items():
        if not isinstance(part, Mapping):
            continue
        route = part.get("route_flips") or {}
        rows.append(
            [
                name,
                part.get("reference", ""),
                percent(part.get("decision_flips"), 2),
                rate_with_interval(route.get("share"), route.get("interval")),
                fixed(part.get("max_probability_difference"), 4),
                number(part.get("n")),
            ]
        )
    headers = ["File", "Reference", "Decisions that differ", "Routes that differ", "Largest difference of a probability", "n"]
    gate = measured["parity"].get("gate")
    note = [] if gate is None else [f"The gate is {percent(gate, 2)} of decisions."]
    return (*note, Table(headers, rows, num_text=2))


def _record_table(measured: Mapping[str, Any]) -> Table:
    """Every figure of the file, without the quantiles of its times: 99 numbers a line, which a figure draws."""
    figures = flatten({name: value for name, value in measured.items() if name not in PROVENANCE})
    rows = [[name, cell(value)] for name, value in figures.items() if name.rpartition(".")[2] != QUANTILES_KEY]
    return Table(["Name", "Value"], rows, num_text=1)
