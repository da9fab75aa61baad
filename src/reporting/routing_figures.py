"""Recall against the share of texts that are sent to the deep branch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .plotting import GREY, PAGE, Drawing, commit_of, new_figure, none_to_nan, save_figure, series_style, style


def write_deferral_figure(record: Mapping[str, Any], path: Path) -> Path:
    """The figure of one deferral.json, beside it."""
    with style():
        figure = draw_deferral(record).figure
    return save_figure(figure, path.with_suffix(""), ["png"])[0]


def draw_deferral(record: Mapping[str, Any]) -> Drawing:
    """Recall and AUC against the share of texts sent deep, a line per router, and the fast branch alone as a horizontal line.

    `record` is what deferral.json holds; the dotted line is the share that the router's threshold is fitted for.
    """
    figure, axes = new_figure(PAGE, 2.8, 2)
    panels = {"recall": f"recall at {100 * record['fpr_budget']:g}% FPR, mean over sources", "auc": "AUC"}
    rows = []
    for axis, (key, title) in zip(axes, panels.items(), strict=True):
        (fast,) = none_to_nan([record["curves"]["learned"][0][key]])
        axis.axhline(fast, color=GREY, linestyle="--", linewidth=0.8, label="fast branch alone")
        axis.axvline(100 * record["target_deep_fraction"], color=GREY, linestyle=":", linewidth=0.8, label="share asked for")
        for i, (name, curve) in enumerate(record["curves"].items()):
            shares = [100 * point["measured_share"] for point in curve]
            axis.plot(shares, none_to_nan([point[key] for point in curve]), **series_style(i), label=f"router: {name}")
        axis.set(ylabel=title, xlabel="percent of texts sent to the deep branch", xlim=(-2, 102))
    for name, curve in record["curves"].items():
        rows += [{"router": name, **point} for point in curve]
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=5)
    return Drawing(
        figure, f"n = {record['n']:,} validation rows, on which the share is fitted as well. {commit_of(record)}", rows
    )
