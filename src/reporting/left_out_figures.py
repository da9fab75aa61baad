"""Rates on a source or transform that training never saw, beside those of a guard that was trained on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cells import interval_of
from .plotting import COLOURS, MARKERS, PAGE, Drawing, commit_of, error_lengths, new_figure

RATES = {"recall": "recall", "fpr": "FPR"}
GUARDS = {"left_out": "left out of training", "trained_on": "trained on"}
ROW_HEIGHT = 0.3  # inches per source


def has_intervals(record: Mapping[str, Any]) -> bool:
    """Whether leave_one_out.json has its intervals, which files of earlier versions lack."""
    return all(f"{rate}_interval" in cell[guard] for cell in record["cells"].values() for guard in GUARDS for rate in RATES)


def draw_left_out(record: Mapping[str, Any]) -> Drawing | None:
    """Recall and FPR on the rows of every left-out name: a guard trained without it, and one trained on all.

    `record` is what leave_one_out.json holds, with intervals. None without a name.
    """
    cells = record["cells"]
    if not cells:
        return None
    figure, axes = new_figure(PAGE, 1.4 + ROW_HEIGHT * len(cells), len(RATES))
    rows: list[dict[str, Any]] = []
    for axis, (rate, title) in zip(axes, RATES.items(), strict=True):
        n_key = "n_attack" if rate == "recall" else "n_benign"
        for i, (guard, label) in enumerate(GUARDS.items()):
            points = [_point(name, guard, cell[guard], rate, n_key) for name, cell in cells.items()]
            shown = [(place, point) for place, point in enumerate(points) if point["rate"] is not None]
            axis.errorbar(
                [100 * point["rate"] for _, point in shown],
                [place + 0.25 * i for place, _ in shown],
                xerr=error_lengths([point for _, point in shown]),
                marker=MARKERS[i],
                color=COLOURS[i],
                linestyle="none",
                elinewidth=0.8,
                label=label,
            )
            rows += [point for _, point in shown]
        labels = [f"{name} ({cell['left_out'][n_key]:,})" for name, cell in cells.items()]
        axis.set_yticks([place + 0.125 for place in range(len(cells))], labels)
        axis.set(xlabel=f"{title}, percent", ylim=(len(cells) - 0.4, -0.4))
        axis.set_xlim(left=0, right=102 if rate == "recall" else None)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    caption = (
        "Rows of one source or transform at a time: scored by a guard trained without it, and by one trained on everything, an "
        "upper bound. Thresholds of each guard's own validation rows, policy of each set; 95% intervals; in brackets n attacks "
        f"and n benign rows. {commit_of(record)}"
    )
    return Drawing(figure, caption, rows)


def _point(name: str, guard: str, cell: Mapping[str, Any], rate: str, n_key: str) -> dict[str, Any]:
    low, high = interval_of(cell, rate) or (None, None)
    return {
        "left_out": name,
        "guard": guard,
        "figure": rate,
        "policy": cell["policy"],
        "n": cell[n_key],
        "rate": cell[rate],
        "low": low,
        "high": high,
    }
