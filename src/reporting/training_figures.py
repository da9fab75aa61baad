"""Figures of a training run: its curves, the share sent deep by epoch, and the learning-rate range test."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .plotting import COLOURS, PAGE, Drawing, new_figure, none_to_nan, save_figure, series_style, style


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


def draw_training_curves(epochs: Mapping[str, Sequence[float | None]], about: str = "") -> Drawing | None:
    """Loss, quality and false alarms per epoch; None when no column belongs to any of them."""
    panels: dict[str, list[str]] = {}
    for column in epochs:
        if (panel := _panel_of(column)) is not None:
            panels.setdefault(panel, []).append(column)
    if not panels:
        return None
    figure, axes = new_figure(PAGE, 3.2, len(panels))
    for axis, (panel, columns) in zip([axes] if len(panels) == 1 else axes, panels.items(), strict=True):
        for i, column in enumerate(columns):
            axis.plot(
                _epoch_axis(epochs),
                none_to_nan(epochs[column]),
                **series_style(i),
                label=column.removeprefix("train_").removeprefix("val_"),
            )
        axis.set(title=panel, xlabel="epoch")
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=2)
    return Drawing(figure, about, _rows_of(epochs, [column for columns in panels.values() for column in columns]))


def _panel_of(column: str) -> str | None:
    """The panel of the training figure that a column belongs to."""
    words = set(column.split("_"))
    if "train" in words:
        return "Loss on training rows"
    if words & {"accuracy", "f1", "recall", "precision", "auc"}:
        return "Quality on validation rows"
    return "FPR on validation rows" if "fpr" in words else None


def draw_routing(epochs: Mapping[str, Sequence[float | None]], about: str = "") -> Drawing | None:
    """The share of validation texts that the router sends deep at a fixed threshold, per epoch.

    None for runs of a version that did not record it. The share at the threshold fitted every epoch is drawn as well; it is
    the target share, whatever the router learnt.
    """
    if not any(value is not None for value in epochs.get("val_deep_share_fixed", ())):
        return None
    figure, axis = new_figure()
    lines = {
        "val_deep_share_fixed": "at router.complexity_threshold, fixed",
        "val_deep_share": "at the threshold fitted every epoch",
    }
    columns = [column for column in lines if column in epochs]
    for i, column in enumerate(columns):
        axis.plot(_epoch_axis(epochs), none_to_nan(epochs[column]), **series_style(i), label=lines[column])
    axis.set(ylabel="share of validation texts sent deep", xlabel="epoch", ylim=(0, 1))
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return Drawing(figure, about, _rows_of(epochs, columns))


def _rows_of(epochs: Mapping[str, Sequence[float | None]], columns: Sequence[str]) -> list[dict[str, Any]]:
    return [{"epoch": epoch} | {column: epochs[column][i] for column in columns} for i, epoch in enumerate(_epoch_axis(epochs))]


def _epoch_axis(epochs: Mapping[str, Sequence[float | None]]) -> Sequence[float | None]:
    length = len(next(iter(epochs.values())))
    return epochs["epoch"] if "epoch" in epochs else list(range(1, length + 1))


def write_learning_rate_figure(rates: Sequence[float], losses: Sequence[float], path: Path) -> Path:
    """Smoothed loss against the learning rate of a range test, on a logarithmic axis."""
    with style():
        figure, axis = new_figure()
        axis.plot(rates, losses, color=COLOURS[0])
        axis.set(title="Learning-rate range test", xlabel="learning rate", ylabel="smoothed training loss", xscale="log")
    return save_figure(figure, path.with_suffix(""), ["png"])[0]
