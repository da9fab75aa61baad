"""The content of optimization.json as the text table that optimize_model.py prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

COLUMN_WIDTHS = {  # by column title
    "flips": 8,
    "95% interval": 14,
    "near": 8,
    "fast": 8,
    "deep": 8,
    "router": 8,
    "max dp": 8,
    "recall": 8,
    "FPR": 8,
    "AUC": 8,
}


def table(measured: dict[str, Any]) -> str:
    """Size, parity, accuracy and latency of every file; `measured` is the result of `measure_artifact`."""
    rows, parity = measured["rows"], measured["parity"]
    precisions = {name: file["precision"] for name, file in measured["files"].items()}
    worst = ", ".join(f"{each} {_percent(parity[each]['decision_flips'], 2)}" for each in precisions.values())
    lines = [
        f"{rows['n']} rows, {rows['transformed']} of them by {rows['transforms']} transforms; "
        f"{_percent(rows['near']['share'], 1)} lie within {rows['near_within']:g} of the threshold {rows['threshold']:.4f} "
        f"of policy {rows['policy']} ({rows['near_candidates']} of {rows['candidates']} candidates did)",
        "decisions that differ from FP32 (of FP32: from torch), also near the threshold and by route; routes that differ",
        f"{'file':<24}{'MB':>7}" + _align_cells(list(COLUMN_WIDTHS)),
        *(_file_line(measured, name, precision) for name, precision in precisions.items()),
        f"worse of the two policies, gate {_percent(parity['gate'], 1)}: {worst}",
        f"INT8 against torch with fake quantisation: {_imitation_text(parity['int8_imitated'])}",
        f"INT8 in batches against one text at a time: {_percent(parity['int8_batched']['decision_flips'], 2)}",
    ]
    lines += _latency_lines(measured["latency"], list(precisions.values()))
    return "\n".join([*lines, _throughput_line(measured["throughput"])])


def _file_line(measured: dict[str, Any], name: str, precision: str) -> str:
    policy = measured["rows"]["policy"]
    parity, accuracy = measured["parity"][precision], measured["accuracy"][precision][policy]
    flips = parity["flips"][policy]
    low, high = flips["all"]["interval"]
    parts = [flips["near"], flips["fast"], flips["deep"], parity["route_flips"]]
    values = [
        _percent(flips["all"]["share"], 2),
        f"{100 * low:.2f} to {100 * high:.2f}",
        *(_percent(part["share"], 2) for part in parts),
        f"{parity['max_probability_difference']:.4f}",
        _percent(accuracy["recall"], 1),
        _percent(accuracy["fpr"], 1),
        "" if accuracy["auc"] is None else f"{accuracy['auc']:.4f}",
    ]
    size = measured["files"][name]["size_mb"]
    return f"{name:<24}{size:>7.1f}" + _align_cells(values)


def _imitation_text(parity: dict[str, Any]) -> str:
    """Differences of probabilities where both take the same route, and the share of texts on which the routes differ."""
    difference, routes = parity["max_probability_difference_same_route"], parity["route_flips"]
    largest = "" if difference is None else f"max dp {difference:.4f}, "
    flips = _percent(parity["decision_flips"], 2)
    return f"{largest}flips {flips}, another route {_percent(routes['share'], 2)} of n={parity['n']}"


def _align_cells(values: Sequence[str]) -> str:
    return "".join(value.rjust(width) for value, width in zip(values, COLUMN_WIDTHS.values(), strict=True))


def _latency_lines(latency: dict[str, Any], precisions: list[str]) -> list[str]:
    lines = [
        f"P50 / P95 in ms, {latency['conditions']['cpu']}, 1 thread, batch 1",
        f"{'route':<8}{'tokens':>7}" + "".join(f"{precision:>18}" for precision in precisions),
    ]
    for route, lengths in latency[precisions[0]].items():
        for length in lengths:
            times = [latency[precision][route][length] for precision in precisions]
            cells = [f"{each['p50_ms']:.2f} / {each['p95_ms']:.2f}" for each in times]
            lines.append(f"{route:<8}{length:>7}" + "".join(f"{cell:>18}" for cell in cells))
    return lines


def _throughput_line(throughput: dict[str, Any]) -> str:
    """Throughput; FP32 is not in it, since it is not served."""
    rates = [f"{name} {each['requests_per_second']:.0f}" for name, each in throughput.items() if name != "conditions"]
    return f"requests per second on these rows, {throughput['conditions']['threads']} threads, batch 1: {', '.join(rates)}"


def _percent(share: float | None, digits: int) -> str:
    return "" if share is None else f"{100 * share:.{digits}f}%"
