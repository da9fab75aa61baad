"""Figures of a run, drawn from the CSV and JSON files that the stages wrote. PNG files, no display needed."""

from __future__ import annotations

import csv
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")  # before pyplot: a server has no display

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from ..errors import DataError
from ..files import atomic_write
from ..policy import DEFAULT_POLICY
from .results import read_benchmarks

log = logging.getLogger(__name__)

DPI = 150
ROW_HEIGHT = 0.28  # inches per bar group
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7")  # Okabe-Ito: told apart by colour-blind readers


def write_figures(metrics_csv: Path, results_json: Path, output_dir: Path) -> list[Path]:
    """Draw every figure that the two files have data for.

    Files: training_curves, routing_by_epoch, recall_by_benchmark, fpr_by_benchmark, recall_by_attack and
    confusion_matrix, all .png. A missing input is logged and its figures are not drawn. Raises DataError when
    both are missing, and for benchmark results that cannot be parsed or are of another schema.
    """
    figures: dict[str, Figure | None] = {}
    if metrics_csv.is_file():
        epochs = read_epochs(metrics_csv)
        figures["training_curves"] = draw_training_curves(epochs)
        figures["routing_by_epoch"] = draw_routing(epochs)
    else:
        log.warning("no training curves: %s is missing", metrics_csv)
    if results_json.is_file():
        results = read_benchmarks(results_json)
        figures["recall_by_benchmark"] = draw_rates(results, "recall")
        figures["fpr_by_benchmark"] = draw_rates(results, "fpr")
        figures["recall_by_attack"] = draw_attacks(results)
        figures["confusion_matrix"] = draw_confusion(results)
    else:
        log.warning("no benchmark figures: %s is missing", results_json)
    if not figures:
        raise DataError(f"nothing to draw: neither {metrics_csv} nor {results_json} exists; train or evaluate first")
    return [_save(figure, output_dir / f"{name}.png") for name, figure in figures.items() if figure is not None]


def read_epochs(path: Path) -> dict[str, list[float | None]]:
    """training_metrics.csv as columns; an empty cell is None. Columns that are not numbers are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns: dict[str, list[float | None]] = {}
    for name in rows[0] if rows else ():
        try:
            columns[name] = [float(row[name]) if row[name] else None for row in rows]
        except ValueError:
            continue  # such as the name of a training phase
    return columns


def _panel_of(column: str) -> str | None:
    """The panel of the training figure that a column belongs to."""
    words = set(column.split("_"))
    if "train" in words:
        return "Loss on training rows"
    if words & {"accuracy", "f1", "recall", "precision", "auc"}:
        return "Accuracy, F1, recall, AUC"
    return "FPR" if "fpr" in words else None


def draw_training_curves(epochs: Mapping[str, Sequence[float | None]]) -> Figure | None:
    """Loss, quality and false alarms per epoch; None when no column belongs to any of them."""
    panels: dict[str, list[str]] = {}
    for column in epochs:
        if (panel := _panel_of(column)) is not None:
            panels.setdefault(panel, []).append(column)
    if not panels:
        return None
    figure, axes = plt.subplots(1, len(panels), figsize=(5 * len(panels), 4), squeeze=False, layout="constrained")
    for axis, (panel, columns) in zip(axes[0], panels.items(), strict=True):
        for column in columns:
            axis.plot(_epoch_axis(epochs), _gaps(epochs[column]), marker="o", markersize=3, label=column)
        axis.set(title=panel, xlabel="epoch")
        axis.legend(fontsize=7)
    return figure


def draw_routing(epochs: Mapping[str, Sequence[float | None]]) -> Figure | None:
    """What training did to the router: the share of validation texts above a threshold that does not move, per epoch.

    None for runs of a version that did not record it. The share at the threshold that is fitted anew every epoch stands
    beside it; it is the one asked for, whatever the router learnt.
    """
    if not any(value is not None for value in epochs.get("val_deep_share_fixed", ())):
        return None
    figure, axis = plt.subplots(figsize=(5, 4), layout="constrained")
    lines = {
        "val_deep_share_fixed": ("at router.complexity_threshold, fixed", "-"),
        "val_deep_share": ("at the threshold fitted every epoch", ":"),
    }
    for column, (label, style) in lines.items():
        if column in epochs:
            axis.plot(_epoch_axis(epochs), _gaps(epochs[column]), style, marker="o", markersize=3, label=label)
    axis.set(title="Share of validation texts sent deep", xlabel="epoch", ylim=(0, 1))
    axis.legend(fontsize=7)
    return figure


def write_deferral_figure(record: Mapping[str, Any], path: Path) -> Path:
    """Recall and AUC against the share of texts sent deep, a line per router, and the fast branch alone as a level.

    `record` is what deferral.json holds; the dotted line is the share that the router's threshold is fitted for.
    """
    figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    panels = {"recall": f"Recall at {100 * record['fpr_budget']:g}% FPR, mean over sources", "auc": "AUC"}
    for axis, (key, title) in zip(axes, panels.items(), strict=True):
        (fast,) = _gaps([record["curves"]["learned"][0][key]])
        axis.axhline(fast, color="0.5", linestyle="--", linewidth=1, label="fast branch alone")
        axis.axvline(100 * record["target_deep_fraction"], color="0.7", linestyle=":", linewidth=1)
        for colour, (name, curve) in zip(COLOURS, record["curves"].items(), strict=False):
            shares = [100 * point["measured_share"] for point in curve]
            axis.plot(shares, _gaps([point[key] for point in curve]), marker="o", markersize=3, color=colour, label=name)
        axis.set(title=f"{title} (n = {record['n']:,})", xlabel="percent of texts sent to the deep branch", xlim=(-2, 102))
        axis.legend(fontsize=7)
    return _save(figure, path)


def write_learning_rate_figure(rates: Sequence[float], losses: Sequence[float], path: Path) -> Path:
    """Smoothed loss against the learning rate of a range test, on a logarithmic axis."""
    figure, axis = plt.subplots(figsize=(5, 4), layout="constrained")
    axis.plot(rates, losses, color=COLOURS[0])
    axis.set(title="Learning-rate range test", xlabel="learning rate", ylabel="smoothed training loss", xscale="log")
    return _save(figure, path)


def _epoch_axis(epochs: Mapping[str, Sequence[float | None]]) -> Sequence[float | None]:
    length = len(next(iter(epochs.values())))
    return epochs["epoch"] if "epoch" in epochs else list(range(1, length + 1))


def _gaps(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]  # matplotlib leaves a gap


def draw_rates(results: Mapping[str, Any], rate: str) -> Figure | None:
    """One bar per benchmark and predictor with its 95% interval; None when `rate` is defined nowhere.

    rate: "recall" under the benchmark's own policy, or "fpr" under the default policy.
    """
    names = [results["subject"], *results["baselines"]]
    bars: dict[str, list[tuple[float, Sequence[float]] | None]] = {}
    for benchmark, record in results["benchmarks"].items():
        if record["status"] != "run":
            continue
        policy = record["policy"] if rate == "recall" else DEFAULT_POLICY
        found = [record["results"][name]["policies"][policy] for name in names]
        if any(part[rate] is not None for part in found):
            bars[benchmark] = [None if part[rate] is None else (part[rate], part[f"{rate}_interval"]) for part in found]
    title = "Recall" if rate == "recall" else f"FPR, policy {DEFAULT_POLICY}"
    return _bar_chart(bars, names, title) if bars else None


def draw_attacks(results: Mapping[str, Any]) -> Figure | None:
    """Recall per transformation beside FPR on its benign twin, for the guard; None without generated benchmarks."""
    bars: dict[str, list[tuple[float, Sequence[float]] | None]] = {}
    for benchmark, record in results["benchmarks"].items():
        if record["kind"] != "generated" or record["status"] != "run":
            continue
        for attack, part in record["results"][results["subject"]]["by_attack"].items():
            bars[f"{benchmark.removeprefix('generated/')}: {attack}"] = [
                None if part[rate] is None else (part[rate], part[f"{rate}_interval"]) for rate in ("recall", "fpr")
            ]
    return _bar_chart(bars, ["recall on the attack", "FPR on its twin"], f"Attacks: {results['subject']}") if bars else None


def _bar_chart(bars: Mapping[str, Sequence[tuple[float, Sequence[float]] | None]], series: Sequence[str], title: str) -> Figure:
    height = 1.5 + ROW_HEIGHT * len(bars) * max(1, len(series)) * 0.6
    figure, axis = plt.subplots(figsize=(8, height), layout="constrained")
    thickness = 0.8 / len(series)
    for i, name in enumerate(series):
        for row, values in enumerate(bars.values()):
            value = values[i]
            if value is None:
                continue
            rate, (low, high) = value
            axis.barh(
                row + i * thickness,
                100 * rate,
                thickness,
                color=COLOURS[i % len(COLOURS)],
                label=name if row == 0 else None,
                xerr=[[100 * max(0.0, rate - low)], [100 * max(0.0, high - rate)]],
                error_kw={"elinewidth": 0.7},
            )
    handles = [plt.Rectangle((0, 0), 1, 1, color=COLOURS[i % len(COLOURS)]) for i in range(len(series))]
    axis.legend(handles, series, fontsize=7, loc="lower right")
    axis.set_yticks([row + thickness * (len(series) - 1) / 2 for row in range(len(bars))], list(bars), fontsize=7)
    axis.invert_yaxis()
    axis.set(title=title, xlabel="percent, with 95% interval", xlim=(0, 100))
    return figure


def draw_confusion(results: Mapping[str, Any]) -> Figure | None:
    """Confusion matrix of the guard on the held-out rows; None when they were not run."""
    heldout = [record for record in results["benchmarks"].values() if record["kind"] == "heldout" and record["status"] == "run"]
    if not heldout:
        return None
    classes = heldout[0]["results"][results["subject"]]["classes"]
    names, matrix = list(classes["per_class"]), classes["confusion_matrix"]
    figure, axis = plt.subplots(figsize=(5, 4.5), layout="constrained")
    axis.imshow(matrix, cmap="Blues")
    largest = max(map(max, matrix))
    for row, counts in enumerate(matrix):
        for column, count in enumerate(counts):
            axis.text(
                column,
                row,
                f"{count:,}",
                ha="center",
                va="center",
                color="white" if 2 * count > largest else "black",
                fontsize=8,
            )
    axis.set_xticks(range(len(names)), names, rotation=30, ha="right", fontsize=8)
    axis.set_yticks(range(len(names)), names, fontsize=8)
    axis.set(title=f"Held-out rows (n = {classes['n']:,})", xlabel="predicted", ylabel="true")
    return figure


def _save(figure: Figure, path: Path) -> Path:
    with atomic_write(path) as partial:
        figure.savefig(partial, dpi=DPI, format="png", metadata={"Software": None})  # same data, same bytes
    plt.close(figure)
    return path
