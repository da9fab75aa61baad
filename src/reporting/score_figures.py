"""Figures of scores: ROC, precision-recall and reliability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt

from .plotting import COLOURS, COLUMN, GREY, LINES, MARKERS, PAGE, Drawing, error_lengths, new_figure


def draw_curves(curves: Mapping[str, Any], commit: str) -> Drawing:
    """ROC, on a logarithmic axis since budgets are small, and precision-recall; the operating points on both."""
    figure, (roc, precision_recall) = new_figure(PAGE, 3.0, 2)
    lowest = max(1e-4, 1 / curves["n_benign"])
    rows = []
    for i, (name, curve_set) in enumerate(curves["predictors"].items()):
        line = {"color": COLOURS[i % len(COLOURS)], "linestyle": LINES[i % len(LINES)]}
        point = {**line, "linestyle": "none", "marker": MARKERS[i % len(MARKERS)], "markersize": 6, "markeredgecolor": "black"}
        operating_point = curve_set["operating_point"]
        roc.plot(
            [max(each["fpr"], lowest) for each in curve_set["roc"]],
            [each["recall"] for each in curve_set["roc"]],
            **line,
            label=name,
        )
        roc.plot([max(operating_point["fpr"], lowest)], [operating_point["recall"]], **point)
        precision_recall.plot(
            [each["recall"] for each in curve_set["precision_recall"]],
            [each["precision"] for each in curve_set["precision_recall"]],
            **line,
        )
        if operating_point["precision"] is not None:
            precision_recall.plot([operating_point["recall"]], [operating_point["precision"]], **point)
        for curve in ("roc", "precision_recall"):
            rows += [{"predictor": name, "curve": curve, **each} for each in curve_set[curve]]
        rows.append(
            {
                "predictor": name,
                "curve": "operating_point",
                **{key: operating_point[key] for key in ("fpr", "recall", "precision", "threshold")},
            }
        )
    roc.set(xscale="log", xlim=(lowest, 1), ylim=(0, 1.02), xlabel="FPR", ylabel="recall")
    share = curves["n_attack"] / (curves["n_attack"] + curves["n_benign"])
    precision_recall.axhline(share, color=GREY, linestyle=":", linewidth=0.8)
    precision_recall.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="recall", ylabel="precision")
    figure.legend(loc="outside upper center", ncols=4)
    kind = {"file": "benchmarks that were never trained on", "heldout": "held-out rows of training sources"}[curves["kind"]]
    caption = (
        f"n = {curves['n_attack']:,} attacks and {curves['n_benign']:,} benign rows of {len(curves['sets'])} {kind}, policy "
        f"{curves['policy']}. Marked: the stored threshold; dotted: the share of attacks. {commit}"
    )
    return Drawing(figure, caption, rows)


def draw_reliability(curves: Mapping[str, Any], subject: str, commit: str) -> Drawing:
    """Reliability of the guard's scores: share of attacks by score bin, and number of texts per bin."""
    bins = curves["predictors"][subject]["reliability"]
    figure, (axis, counts) = plt.subplots(2, 1, figsize=(COLUMN, 3.8), layout="constrained", height_ratios=(3, 1), sharex=True)
    axis.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=0.8, label="calibrated")
    cells = [{"rate": each["share"], "low": each["interval"][0], "high": each["interval"][1]} for each in bins]
    below, above = ([value / 100 for value in side] for side in error_lengths(cells))
    axis.errorbar(
        [each["mean_score"] for each in bins],
        [each["share"] for each in bins],
        yerr=[below, above],
        marker="o",
        color=COLOURS[0],
        elinewidth=0.7,
        label=subject,
    )
    axis.set(ylabel="share that are attacks", ylim=(-0.02, 1.02))
    axis.legend(loc="upper left")
    widths = [each["high"] - each["low"] for each in bins]
    counts.bar(
        [each["low"] for each in bins], [each["n"] for each in bins], widths, align="edge", color=COLOURS[5], edgecolor="white"
    )
    counts.set(
        yscale="log",
        ylim=(1, 10 ** len(str(max(each["n"] for each in bins)))),
        ylabel="texts",
        xlabel=f"score of the guard, policy {curves['policy']}",
        xlim=(0, 1),
    )
    n = curves["n_attack"] + curves["n_benign"]
    share = f"{100 * curves['n_attack'] / n:.0f}%"
    caption = f"n = {n:,} texts, {share} of them attacks, which is not the share in traffic; 95% intervals. {commit}"
    rows = [
        {
            **{key: value for key, value in each.items() if key != "interval"},
            "share_low": each["interval"][0],
            "share_high": each["interval"][1],
        }
        for each in bins
    ]
    return Drawing(figure, caption, rows)
