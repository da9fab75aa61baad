"""Targets beside what was measured: the one place that reads the paths of targets.yaml and says met or missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..cells import UNITS, Rate, Status, number, percent, rate_with_interval
from ..document import BarRow, Bars, Mark, Multiples, Table, rate_bars
from .inputs import missing

MET, MISSED = Status("met", "good"), Status("missed", "bad")
NO_GOAL, NOT_RUN = Status("no goal"), Status("not run")


@dataclass(frozen=True)
class Measured:
    """A target as the run left it. `value` is None where it was not measured, and `text` then says why."""

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
    """Look a target's value up."""
    if "measured" not in target:
        return Measured(target, None, Rate("not run: no stage of the pipeline measures this"))
    source = target["measured"][0]
    if source not in report:
        return Measured(target, None, Rate(missing(report, source)))
    value = lookup(report, target["measured"])
    if value is None:
        return Measured(target, None, Rate(f"not run: not in the {source} results"))
    interval = _interval_at(report, target["interval"]) if "interval" in target else None
    text = rate_with_interval(value, interval) if interval else Rate(UNITS[target["unit"]](value))
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
    """As `cells.interval_of`: of two intervals the one that resamples groups."""
    clustered = path[-1].replace("_interval", "_clustered_interval")
    return lookup(report, [*path[:-1], clustered]) or lookup(report, path)


def budget(report: Mapping[str, Any]) -> str:
    share = report.get("benchmarks", {}).get("fpr_budget")
    return "threshold not recorded" if share is None else f"threshold at {percent(share)} FPR on validation sources"


def bound(target: Mapping[str, Any], column: str) -> str:
    """ "at most 66.0 MB"."""
    limits = target.get(column)
    if limits is None:
        return "none"
    show = UNITS[target["unit"]]
    if {"min", "max"} <= set(limits):
        return show(limits["min"]) if limits["min"] == limits["max"] else f"{show(limits['min'])} to {show(limits['max'])}"
    return f"at least {show(limits['min'])}" if "min" in limits else f"at most {show(limits['max'])}"


def headline_table(report: Mapping[str, Any]) -> Table:
    """The targets that targets.yaml marks as headline."""
    found = [measure(report, target) for target in report["targets"] if target.get("headline")]
    rows = [
        [each.target["name"], each.status, bound(each.target, "goal"), each.text, "" if each.n is None else number(each.n)]
        for each in found
    ]
    return Table(["What", "Result", "Target", "Measured", "n"], rows, num_text=3)


def full_table(report: Mapping[str, Any]) -> Table:
    rows = []
    for target in report["targets"]:
        found = measure(report, target)
        policy = f"{target['policy']}, {budget(report)}" if target.get("policy") else "no threshold"
        n = "" if found.n is None else number(found.n)
        rows.append([target["name"], found.text, bound(target, "goal"), bound(target, "brief"), n, policy, found.status])
    headers = ["What", "Measured", "Target", "Target (first plan)", "n", "Threshold policy", "Result"]
    return Table(headers, rows, num_text=7)


def goal_charts(report: Mapping[str, Any]) -> Multiples | None:
    """Measured rates beside their goals: what is to be high, and what is to be low. None where nothing was measured."""
    charts = [
        _goal_bars(report, "Rates that are to be high", "min"),
        _goal_bars(report, "Rates that are to be low", "max"),
    ]
    shown = tuple(chart for chart in charts if chart.rows)
    return Multiples(shown) if shown else None


def _goal_bars(report: Mapping[str, Any], title: str, limit: str) -> Bars:
    rows = []
    for target in report["targets"]:
        if target["unit"] != "fraction" or set(target.get("goal", ())) != {limit}:
            continue
        found = measure(report, target)
        if found.value is not None:
            mark = Mark(found.value, UNITS["fraction"](found.value), found.interval)
            rows.append(BarRow(target["name"], (mark,), target["goal"][limit]))
    return rate_bars(title, ("measured",), rows, "The line across a bar is its goal, the thin line the 95% interval.")
