"""What was run, and the headline in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...policy import POLICIES
from ..cells import number, percent, rate_of, rate_with_interval
from ..document import Block, Fold, Section, Words
from .inputs import missing_note
from .targets import MET, MISSED, full_table, goal_charts, measure

MIN_ROWS = 20  # parts with fewer rows are not named as weakest or strongest
MAX_SHOWN = 3


def what_was_run(report: Mapping[str, Any]) -> Section:
    lines = [f"Run directory: {report['run_dir']}"]
    environment = report.get("environment")
    if environment is None:
        lines.append(missing_note(report, "environment"))
    else:
        lines.append(f"Commit {environment.get('commit')}{_dirty(environment)}, on {_machine(environment)}.")
    if "config_diff" in report:
        count = len(report["config_diff"])
        changed = f"{count} values differ from configs/base_config.yaml" if count else "configs/base_config.yaml, unchanged"
        lines.append(f"Configuration: {changed}.")
    if "manifest" in report:
        splits = [f"{name} {number(split['rows'])}" for name, split in report["manifest"].get("splits", {}).items()]
        lines.append(f"Rows: {', '.join(splits)}." if splits else "Rows: manifest.json names no splits.")
    else:
        lines.append(missing_note(report, "manifest"))
    if "benchmarks" in report:
        lines += _evaluation_lines(report["benchmarks"])
    lines.append("Machine, versions and configuration stand at the end.")
    return Section("What was run", (Words(tuple(lines)),))


def _dirty(environment: Mapping[str, Any]) -> str:
    return " with local changes" if environment.get("dirty") else ""


def _machine(environment: Mapping[str, Any]) -> str:
    cores = environment.get("cores")
    return f"{environment.get('cpu')}{f', {cores} cores' if cores else ''}"


def _evaluation_lines(results: Mapping[str, Any]) -> Iterator[str]:
    run = [record for record in results["benchmarks"].values() if record["status"] == "run"]
    not_run = len(results["benchmarks"]) - len(run)
    others = f"; beside it {', '.join(results['baselines'])}" if results["baselines"] else ""
    yield (
        f"Scored: {results['subject']} on {number(sum(record['n'] for record in run))} texts of {len(run)} benchmarks "
        f"({not_run} not run){others}."
    )


def headline_in_words(report: Mapping[str, Any]) -> Section:
    measured_targets = [measure(report, target) for target in report["targets"] if "goal" in target]
    num_met = sum(each.status == MET for each in measured_targets)
    missed = [f"{each.target['name']} ({each.text.value})" for each in measured_targets if each.status == MISSED]
    items = [f"Goals met: {num_met} of {len(measured_targets)}."]
    items += [f"Goals missed: {'; '.join(missed)}."] if missed else []
    if "benchmarks" in report:
        items += _findings(report["benchmarks"])
    else:
        items.append(missing_note(report, "benchmarks"))
    chart = goal_charts(report)
    blocks: list[Block] = [Words(tuple(items)), *([chart] if chart else [])]
    note = "Target: configs/targets.yaml, with the first plan's beside it. Rates come with 95% intervals."
    table = full_table(report)
    return Section("Headline in words", (*blocks, Fold(f"All {len(table.rows)} targets", (note, table))))


def _findings(results: Mapping[str, Any]) -> Iterator[str]:
    """Where the subject is weakest, and whether the traffic differs from that of the fit."""
    subject = results["subject"]
    run = {
        name: record["results"][subject]
        for name, record in results["benchmarks"].items()
        if record["status"] == "run" and record["kind"] != "generated"
    }
    yield from _extremes("Fewest attacks found: ", run.items(), "recall", "n_attack", lowest=True)
    yield from _extremes("Most false alarms: ", run.items(), "fpr", "n_benign", lowest=False)
    disguises = [
        (attack, part)
        for record in results["benchmarks"].values()
        for attack, part in (record["results"].get(subject, {}).get("by_attack", {})).items()
    ]
    yield from _extremes("Disguises that hide most: ", disguises, "recall", "n_attack", lowest=True)
    yield from _extremes("Harmless texts in disguise that are flagged most: ", disguises, "fpr", "n_benign", lowest=False)
    policy = POLICIES[0]
    languages = [(lang, part[policy]) for lang, part in results["summary"][subject]["by_lang"].items()]
    yield from _extremes("Languages with most false alarms: ", languages, "fpr", "n_benign", lowest=False)
    yield from routing_gap(results)


def _extremes(what: str, parts: Any, name: str, count: str, *, lowest: bool) -> Iterator[str]:
    """The MAX_SHOWN parts with the lowest or highest rate, of those with at least MIN_ROWS rows and with any error."""
    perfect = 1 if lowest else 0
    ranked: Sequence[Any] = sorted(
        ((label, part) for label, part in parts if part[name] not in (None, perfect) and part[count] >= MIN_ROWS),
        key=lambda item: item[1][name],
        reverse=not lowest,
    )
    if ranked:
        yield (
            what
            + ", ".join(f"{label} {rate_of(part, name)} of {number(part[count])}" for label, part in ranked[:MAX_SHOWN])
            + "."
        )


def routing_gap(results: Mapping[str, Any]) -> Iterator[str]:
    """A note if the share of benchmark texts sent deep is far from the one that the router's threshold was fitted for."""
    routing = results["summary"][results["subject"]]["routing"]
    if routing.get("is_off"):  # absent in files of an earlier version
        fitted = results["predictors"][results["subject"]]["calibration"]["deep_fraction"]
        yield (
            f"Routing: {percent(routing['asked'])} of texts were asked to go deep and {percent(fitted)} of the validation rows "
            f"do, on which the threshold was fitted; of the benchmarks' texts {percent(routing['share'])} do. Mean latency on "
            "other traffic follows its own share."
        )


def batch_effects(results: Mapping[str, Any]) -> Iterator[str]:
    """The batch size of the scores, and the share of decisions that another batch size changes."""
    sizes = [f"{name} {entry['batch_size']}" for name, entry in results["predictors"].items() if entry["batch_size"]]
    if sizes:
        yield f"Texts in a forward pass: {', '.join(sizes)}."
    if rebatched := results["batching"]:
        shares = [
            f"policy {policy} {rate_with_interval(part['share'], part['interval'])} of {number(part['n'])} texts"
            for policy, part in rebatched["flips"].items()
        ]
        yield f"With {rebatched['batch_size']} at a time {results['subject']} decides differently: {'; '.join(shares)}."
