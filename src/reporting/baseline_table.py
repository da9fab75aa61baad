"""comparison.json as text for a terminal of 80 columns; nothing is computed here."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from ..policy import DEFAULT_POLICY, Policy
from .cells import UNDEFINED, percent

WIDTH = 80
NAME_WIDTH = 26
THRESHOLDS = {
    "calibrated": "calibrated on the validation rows",
    "published": "its authors' threshold",
    "fixed": "a fixed threshold",
}
DIFFERENCES = {"recall": "recall", "fpr": "FPR", "recall_at_same_fpr": "recall, same FPR"}


def baseline_table(comparison: Mapping[str, Any], policy: Policy = DEFAULT_POLICY) -> list[str]:
    """Lines: the rates of all, the differences from the guard, and what was not run and why."""
    run = {name: entry for name, entry in comparison["predictors"].items() if entry["status"] == "run"}
    return [
        *_rate_lines(comparison, run, policy),
        *_difference_lines(comparison, run, policy),
        *_not_run_lines(comparison),
    ]


def _rate_lines(comparison: Mapping[str, Any], run: Mapping[str, Any], policy: Policy) -> Iterator[str]:
    guard = run[comparison["guard"]]["policies"][policy]
    yield from _wrap(
        f"Policy {policy}. Means over {guard['attack_sets']} sets with attacks ({guard['n_attack']:,} rows) and "
        f"{guard['benign_sets']} with benign rows ({guard['n_benign']:,} rows), none trained on"
        + (" (published guards: not known)." if any(entry["threshold_from"] == "published" for entry in run.values()) else ".")
    )
    yield ""
    yield f"{'':{NAME_WIDTH}}{'threshold':>12}{'recall':>10}{'FPR':>9}{'recall*':>12}{'FPR*':>9}"
    for name, entry in run.items():
        row = entry["policies"][policy]
        own, same = (row["macro_recall"], row["macro_fpr"]), (row["recall_at_same_fpr"], row["same_fpr_reached"])
        cells = [f"{percent(recall):>{width}}{percent(fpr):>9}" for (recall, fpr), width in ((own, 10), (same, 12))]
        yield f"{_format_name(name)}{entry['threshold_from']:>12}{''.join(cells)}"
    for name, entry in comparison["predictors"].items():
        if entry["status"] != "run":
            yield f"{_format_name(name)}{'not run':>12}"
    yield ""
    threshold_sources = dict.fromkeys(entry["threshold_from"] for entry in run.values())
    yield from _wrap("; ".join(f"{kind}: {THRESHOLDS[kind]}" for kind in threshold_sources))
    same = comparison["same_fpr"][policy]
    if same and same["fpr"] is not None:
        kind = "the file benchmarks" if same["benign_kind"] == "file" else "the held-out split"
        yield from _wrap(
            f"* at the same FPR: the guard's on {same['n_benign']:,} benign rows of {kind}; every baseline gets the threshold "
            "with the most alarms that are no more than the guard's on these rows"
        )


def _difference_lines(comparison: Mapping[str, Any], run: Mapping[str, Any], policy: Policy) -> Iterator[str]:
    baselines = [name for name in run if name != comparison["guard"]]
    if not baselines:
        return
    yield ""
    yield from _wrap(
        "Guard minus baseline in percentage points, all rows pooled: 95% interval that resamples groups of rows; rows "
        "that only one of the two flags, and McNemar's exact test on them, which takes rows as independent."
    )
    yield ""
    yield f"{'':20}{'n':>7}{'difference':>24}{'only guard':>11}{'only base':>10}{'p':>8}"
    for name in baselines:
        yield name
        for key, title in DIFFERENCES.items():
            part = run[name]["policies"][policy]["guard_minus_baseline"][key]
            yield f"  {title:18}" + (_format_difference(part) if part else f"{UNDEFINED:>7}")


def _format_difference(part: Mapping[str, Any]) -> str:
    test, interval = part["mcnemar"], part["difference_interval"]
    text = UNDEFINED if part["difference"] is None else f"{100 * part['difference']:+.1f}"
    if interval is not None:
        text += f" ({100 * interval[0]:+.1f} to {100 * interval[1]:+.1f})"
    return f"{part['n']:>7,}{text:>24}{test['only_ours']:>11,}{test['only_theirs']:>10,}{format_p_value(test['p_value']):>8}"


def format_p_value(p_value: float | None) -> str:
    """ "0.034"; below 0.001 one digit and the order of magnitude; "n/a" if the verdicts never differ."""
    if p_value is None:
        return UNDEFINED
    return f"{p_value:.3f}" if p_value >= 0.001 else f"{p_value:.0e}"


def _not_run_lines(comparison: Mapping[str, Any]) -> Iterator[str]:
    predictor_reasons = {name: entry["reason"] for name, entry in comparison["predictors"].items() if entry["status"] != "run"}
    for title, reasons in (("Baselines not run", predictor_reasons), ("Benchmarks not run", comparison["not_run_benchmarks"])):
        if reasons:
            yield ""
            yield title
            names_by_reason: dict[str, list[str]] = {}
            for name, reason in reasons.items():
                names_by_reason.setdefault(reason, []).append(name)
            for reason, together in names_by_reason.items():
                yield from _wrap(f"{', '.join(together)}: {reason}", indent="  ")


def _format_name(name: str) -> str:
    return f"{name if len(name) < NAME_WIDTH else name[: NAME_WIDTH - 4] + '...':{NAME_WIDTH}}"


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent and indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
