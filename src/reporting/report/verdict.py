"""The top of the page: how the run ended in three sentences, five figures and three charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...policy import DEFAULT_POLICY
from ..cells import UNIT_FORMATS, interval_of, number, percent, rate_of
from ..document import BarRow, Bars, Block, Caution, Mark, Multiples, Section, rate_bars
from .inputs import missing_note
from .targets import MET, MISSED, NOT_RUN, describe_budget, headline_table, lookup, measure

BUILTIN = (
    "Data written by the project itself (data.source=builtin): these numbers show that the pipeline works, they are no claim "
    "about real traffic."
)
KINDS = {  # by falling weight as evidence; the verdict uses the first kind that has attacks
    "file": "benchmarks that it was not trained on",
    "unseen": "generated attacks that it was not trained on",
    "heldout": "rows held out of its training sources",
}
SERVED_PRECISION, PROMPT_TOKENS = "int8", "64"  # precision of the served file, and number of tokens of a prompt of common length
OUTCOMES = {
    True: "more recall at no more false alarms",
    False: "not both more recall and no more false alarms",
    None: "not decided, a mean is undefined",
}


def caveats(report: Mapping[str, Any]) -> list[str]:
    """Warnings to be read before any number of the report."""
    sources = {report.get("manifest", {}).get("data_source"), report.get("benchmarks", {}).get("data_source")}
    return [BUILTIN] if "builtin" in sources else []


def section(report: Mapping[str, Any]) -> Section:
    blocks: list[Block] = [
        *map(Caution, caveats(report)),
        _detection_sentence(report),
        _baseline_sentence(report),
        _cost_sentence(report),
        headline_table(report),
    ]
    if "benchmarks" in report:
        results = report["benchmarks"]
        charts = (
            benchmark_chart(results, "recall", "Attacks found", "Longer is better."),
            benchmark_chart(results, "fpr", "False alarms", "Shorter is better."),
            disguise_chart(results),
        )
        blocks.append(Multiples(tuple(chart for chart in charts if chart.rows)))
    return Section("Verdict", tuple(blocks), is_lead=True)


def _detection_sentence(report: Mapping[str, Any]) -> str:
    if "benchmarks" not in report:
        return f"Detection: {missing_note(report, 'benchmarks')}."
    results = report["benchmarks"]
    summary = results["summary"][results["subject"]][DEFAULT_POLICY]
    kind = next((kind for kind in KINDS if summary.get(kind, {}).get("n_attack")), "file")
    mean = summary[kind]
    return (
        f"{results['subject']} finds {rate_of(mean, 'pooled_recall')} of {number(mean['n_attack'])} attacks and flags "
        f"{rate_of(mean, 'pooled_fpr')} of {number(mean['n_benign'])} harmless texts in {KINDS[kind]} "
        f"(policy {DEFAULT_POLICY}, {describe_budget(report)})."
    )


def _baseline_sentence(report: Mapping[str, Any]) -> str:
    if "benchmarks" not in report:
        return f"Comparison: {missing_note(report, 'benchmarks')}."
    for baseline, entry in report["benchmarks"]["comparison"].items():
        part = entry["policies"][DEFAULT_POLICY]
        ours, theirs = part["guard"], part["baseline"]
        return (
            f"Against {baseline}, trained on the same rows: {OUTCOMES[part['guard_wins']]} (means over benchmarks, recall "
            f"{percent(ours['macro_recall'])} and {percent(theirs['macro_recall'])}, false alarms {percent(ours['macro_fpr'])} "
            f"and {percent(theirs['macro_fpr'])})."
        )
    return "It was compared with no baseline."


def _cost_sentence(report: Mapping[str, Any]) -> str:
    statuses = [measure(report, target).status for target in report["targets"] if "goal" in target]
    goals = (
        f"of {len(statuses)} goals {statuses.count(MET)} are met, {statuses.count(MISSED)} missed and "
        f"{statuses.count(NOT_RUN)} not measured"
    )
    if "optimization" not in report:
        return f"Size and latency: {missing_note(report, 'optimization')}; {goals}."
    files = [(name, file) for name, file in report["optimization"]["files"].items() if file["precision"] == SERVED_PRECISION]
    size = f"{files[0][0]} has {UNIT_FORMATS['MB'](files[0][1]['size_mb'])}" if files else f"there is no {SERVED_PRECISION} file"
    times = {
        route: lookup(report, ["optimization", "latency", SERVED_PRECISION, route, PROMPT_TOKENS, "p50_ms"])
        for route in report["optimization"]["latency"].get(SERVED_PRECISION, {})
    }
    times_text = [f"{UNIT_FORMATS['ms'](time)} on the {route} route" for route, time in times.items() if time is not None]
    latency = f" and takes {' and '.join(times_text)} (median, {PROMPT_TOKENS} tokens)" if times_text else ""
    return f"{size}{latency}; {goals}."


# ------------------------------------------------------------------------------------------------------------- charts


def benchmark_rows(results: Mapping[str, Any], name: str) -> list[BarRow]:
    """`recall` or `fpr` of every predictor, under the benchmark's own policy; generated sets have a chart of their own."""
    predictors = [results["subject"], *results["baselines"]]
    rows = []
    for benchmark, record in results["benchmarks"].items():
        if record["status"] != "run" or record["kind"] == "generated":
            continue
        parts = [record["results"][predictor] for predictor in predictors]
        if parts[0][name] is not None:
            rows.append(BarRow(benchmark, tuple(mark_of(part, name) for part in parts)))
    return rows


def mark_of(part: Mapping[str, Any], name: str) -> Mark:
    return Mark(part[name], percent(part[name]), interval_of(part, name))


def benchmark_chart(results: Mapping[str, Any], name: str, title: str, note: str) -> Bars:
    """A chart of `benchmark_rows`."""
    series = (results["subject"], *results["baselines"])
    return rate_bars(f"{title}, by benchmark", series, benchmark_rows(results, name), note)


def disguise_chart(results: Mapping[str, Any]) -> Bars:
    """Generated families: attacks found beside flagged twins."""
    rows = [
        BarRow(name.removeprefix("generated/"), (mark_of(part, "recall"), mark_of(part, "fpr")))
        for name, record in results["benchmarks"].items()
        if record["kind"] == "generated" and record["status"] == "run"
        for part in [record["results"][results["subject"]]]
    ]
    return rate_bars(
        "Disguised attacks and their benign twins",
        ("attacks found", "twins flagged"),
        rows,
        "The gap between both is what counts.",
    )
