"""Targets and their measured values: the only place that reads the paths of targets.yaml and decides met or missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..cells import UNIT_FORMATS, Rate, Status, number, percent, rate_with_interval
from ..document import BarRow, Bars, Mark, Multiples, Table, rate_bars
from .inputs import missing_note

MET, MISSED = Status("met", "good"), Status("missed", "bad")
NO_GOAL, NOT_RUN = Status("no goal"), Status("not run")


@dataclass(frozen=True)
class Measured:
    """A target with its value in this run. `value` is None where it was not measured; `text` then says why."""

    target: Mapping[str, Any]
    value: float | None
    text: Rate
    n: int | None = None
    interval: Sequence[float] | None = None

    @property
    def status(self) -> Status:
        goal = self.target.get("goal")
        if self.value is None:
            return NOT_RUN
        if goal is None:
            return NO_GOAL
        return MET if goal.get("min", self.value) <= self.value <= goal.get("max", self.value) else MISSED


def measure(report: Mapping[str, Any], target: Mapping[str, Any]) -> Measured:
    """Look up the measured value of a target."""
    if "measured" not in target:
        return Measured(target, None, Rate("not run: no stage of the pipeline measures this"))
    source = target["measured"][0]
    if source not in report:
        return Measured(target, None, Rate(missing_note(report, source)))
    value = lookup(report, target["measured"])
    if value is None:
        return Measured(target, None, Rate(f"not run: not in the {source} results"))
    interval = _interval_at(report, target["interval"]) if "interval" in target else None
    text = rate_with_interval(value, interval) if interval else Rate(UNIT_FORMATS[target["unit"]](value))
    return Measured(target, value, text, lookup(report, target["n"]) if "n" in target else None, interval)


def lookup(report: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The value at a path of keys; None where a key is missing."""
    node: Any = report
    for key in path:
        name = report["benchmarks"]["subject"] if key == "{subject}" else key
        if not isinstance(node, Mapping) or name not in node:
            return None
        node = node[name]
    return node


def _interval_at(report: Mapping[str, Any], path: Sequence[str]) -> Any:
    """As `cells.interval_of`: the interval that resamples groups where there is one."""
    clustered = path[-1].replace("_interval", "_clustered_interval")
    return lookup(report, [*path[:-1], clustered]) or lookup(report, path)


def describe_budget(report: Mapping[str, Any]) -> str:
    share = report.get("benchmarks", {}).get("fpr_budget")
    return "threshold not recorded" if share is None else f"threshold at {percent(share)} FPR on validation sources"


def format_bound(target: Mapping[str, Any], column: str) -> str:
    """ "at most 66.0 MB"."""
    limits = target.get(column)
    if limits is None:
        return "none"
    show = UNIT_FORMATS[target["unit"]]
    if {"min", "max"} <= set(limits):
        return show(limits["min"]) if limits["min"] == limits["max"] else f"{show(limits['min'])} to {show(limits['max'])}"
    return f"at least {show(limits['min'])}" if "min" in limits else f"at most {show(limits['max'])}"


def headline_table(report: Mapping[str, Any]) -> Table:
    """The targets that targets.yaml marks as headline."""
    measured = [measure(report, target) for target in report["targets"] if target.get("headline")]
    rows = [
        [each.target["name"], each.status, format_bound(each.target, "goal"), each.text, "" if each.n is None else number(each.n)]
        for each in measured
    ]
    return Table(["What", "Result", "Target", "Measured", "n"], rows, num_text=3)


def full_table(report: Mapping[str, Any]) -> Table:
    rows = []
    for target in report["targets"]:
        measured = measure(report, target)
        policy = f"{target['policy']}, {describe_budget(report)}" if target.get("policy") else "no threshold"
        n = "" if measured.n is None else number(measured.n)
        rows.append(
            [
                target["name"],
                measured.text,
                format_bound(target, "goal"),
                format_bound(target, "brief"),
                n,
                policy,
                measured.status,
            ]
        )
    headers = ["What", "Measured", "Target", "Target (first plan)", "n", "Threshold policy", "Result"]
    return Table(headers, rows, num_text=7)


def goal_charts(report: Mapping[str, Any]) -> Multiples | None:
    """Measured rates beside their goals: rates to be high, and rates to be low. None where nothing was measured."""
    charts = [
        _goal_bars(report, "Rates that are to be high", "min"),
        _goal_bars(report, "Rates that are to be low", "max"),
    ]
    nonempty = tuple(chart for chart in charts if chart.rows)
    return Multiples(nonempty) if nonempty else None


def _goal_bars(report: Mapping[str, Any], title: str, limit: str) -> Bars:
    rows = []
    for target in report["targets"]:
        if target["unit"] != "fraction" or set(target.get("goal", ())) != {limit}:
            continue
        measured = measure(report, target)
        if measured.value is not None:
            mark = Mark(measured.value, UNIT_FORMATS["fraction"](measured.value), measured.interval)
            rows.append(BarRow(target["name"], (mark,), target["goal"][limit]))
    return rate_bars(title, ("measured",), rows, "The line across a bar is its goal, the thin line the 95% interval.")
