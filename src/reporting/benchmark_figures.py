"""Figures of benchmark results: rates by benchmark, by transformation, by language and by length, and the confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from ..policy import DEFAULT_POLICY
from .plotting import COLOURS, COLUMN, HATCHES, MARKERS, PAGE, Drawing, commit_of, error_lengths, new_figure

ROW_HEIGHT, ATTACK_HEIGHT = 0.16, 0.135  # inches per row of a figure, and of the long figure of attacks
MAX_ROWS = 24  # languages in one figure: those with the most texts


def draw_rates(results: Mapping[str, Any], rate: str) -> Drawing | None:
    """One bar per benchmark and predictor with its 95% interval; None when `rate` is defined nowhere.

    rate: "recall" under the benchmark's own policy, or "fpr" under the default policy.
    """
    names = [results["subject"], *results["baselines"]]
    bars: dict[str, list[Mapping[str, Any] | None]] = {}
    for benchmark, record in results["benchmarks"].items():
        if record["status"] != "run":
            continue
        policy = record["policy"] if rate == "recall" else DEFAULT_POLICY
        parts = [record["results"][name]["policies"][policy] for name in names]
        if any(part[rate] is not None for part in parts):
            n = parts[0]["n_attack" if rate == "recall" else "n_benign"]
            bars[f"{benchmark} ({n:,})"] = [None if part[rate] is None else _rate_with_interval(part, rate) for part in parts]
    under = "the policy of each set" if rate == "recall" else f"policy {DEFAULT_POLICY}"
    what = "attack" if rate == "recall" else "benign"
    caption = (
        f"{_rate_title(rate)} at the stored threshold, {under}, 95% intervals; in brackets n {what} rows. {commit_of(results)}"
    )
    return _bar_chart(bars, names, _rate_title(rate), caption) if bars else None


def _bar_chart(
    bars: Mapping[str, Sequence[Mapping[str, Any] | None]], series: Sequence[str], label: str, caption: str
) -> Drawing:
    height = 1.1 + ROW_HEIGHT * len(bars) * max(1.0, 0.55 * len(series))
    figure, axis = new_figure(PAGE, height)
    thickness = 0.8 / len(series)
    rows = []
    for i, name in enumerate(series):
        cells = [(row, cell) for row, values in enumerate(bars.values()) if (cell := values[i]) is not None]
        axis.barh(
            [row + i * thickness for row, _ in cells],
            [100 * cell["rate"] for _, cell in cells],
            thickness,
            color=COLOURS[i % len(COLOURS)],
            hatch=HATCHES[i % len(HATCHES)],
            edgecolor="white",
            linewidth=0.3,
            label=name,
            xerr=error_lengths([cell for _, cell in cells]),
            error_kw={"elinewidth": 0.7},
        )
        rows += [{"row": list(bars)[row], "series": name, **cell} for row, cell in cells]
    axis.set_yticks([row + thickness * (len(series) - 1) / 2 for row in range(len(bars))], list(bars))
    axis.set(xlabel=f"{label}, percent", xlim=(0, 100 if label == "Recall" else None), ylim=(len(bars) - 0.1, -0.6))
    figure.legend(loc="outside upper center", ncols=4)
    return Drawing(figure, caption, rows)


def draw_attacks(results: Mapping[str, Any]) -> Drawing | None:
    """Recall per transformation beside FPR on its benign twin, bare and wrapped; None without generated benchmarks."""
    cells: dict[str, dict[str, Mapping[str, Any]]] = {}
    for benchmark, record in results["benchmarks"].items():
        if record["kind"] != "generated" or record["status"] != "run":
            continue
        suffix = ", never trained" if benchmark == "generated/never_trained" else ""
        for name, part in record["results"][results["subject"]]["by_attack"].items():
            attack, _, form = name.rpartition(" ")
            cells.setdefault(attack + suffix, {})[form] = part
    if not cells:
        return None
    forms = sorted({form for parts in cells.values() for form in parts})
    size = (PAGE, 1.1 + ATTACK_HEIGHT * len(cells))
    figure, axes = plt.subplots(1, len(forms), figsize=size, layout="constrained", sharey=True, squeeze=False)
    rows = []
    for axis, form in zip(axes[0], forms, strict=True):
        for i, (rate, label) in enumerate((("recall", "recall on the attack"), ("fpr", "FPR on its benign twin"))):
            points = [
                (y, name, _rate_with_interval(parts[form], rate))
                for y, (name, parts) in enumerate(cells.items())
                if form in parts and parts[form][rate] is not None
            ]
            rows += [{"attack": name, "form": form, "figure": rate, **cell} for _, name, cell in points]
            _draw_points(axis, [(y, cell) for y, _, cell in points], i, label)
        axis.set(title=form, xlabel="percent", xlim=(0, 102))
    axes[0][0].set_yticks(range(len(cells)), list(cells))
    axes[0][0].set_ylim(len(cells) - 0.4, -0.6)
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    sizes = sorted({row["n"] for row in rows})
    n = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
    caption = (
        f"{results['subject']} on attacks made from payloads that it has not seen, and on the same transforms of benign texts; "
        f"n = {n} for each point, 95% intervals. {commit_of(results)}"
    )
    return Drawing(figure, caption, rows)


def draw_groups(results: Mapping[str, Any], key: str, what: str) -> Drawing | None:
    """FPR and recall by language or length over the file benchmarks, with intervals; None where there are none.

    The figure shows the MAX_ROWS values with the most rows, the CSV all.
    """
    names = [results["subject"], *results["baselines"]]
    rates = {
        name: {value: policies[DEFAULT_POLICY] for value, policies in results["summary"][name][key].items()} for name in names
    }
    sizes = {value: part["n_attack"] + part["n_benign"] for value, part in rates[results["subject"]].items()}
    if not sizes:
        return None
    shown = sorted(sizes, key=lambda value: -sizes[value])[:MAX_ROWS]
    if key == "by_length":
        shown.sort(key=lambda value: (not value.startswith("below"), int("".join(filter(str.isdigit, value)))))
    figure, axes = new_figure(PAGE, 1.2 + ROW_HEIGHT * len(shown) * max(1.0, 0.6 * len(names)), 2)
    rows = []
    for axis, rate in zip(axes, ("fpr", "recall"), strict=True):
        for i, name in enumerate(names):
            for value, part in rates[name].items():
                if part[rate] is not None:
                    rows.append(
                        {key.removeprefix("by_"): value, "predictor": name, "figure": rate, **_rate_with_interval(part, rate)}
                    )
            cells = [
                (y, _rate_with_interval(rates[name][value], rate))
                for y, value in enumerate(shown)
                if value in rates[name] and rates[name][value][rate] is not None
            ]
            shift = 0.6 * (i - (len(names) - 1) / 2) / len(names)
            _draw_points(axis, [(y + shift, cell) for y, cell in cells], i, name)
        n = "n_benign" if rate == "fpr" else "n_attack"
        axis.set_yticks(range(len(shown)), [f"{value} ({rates[results['subject']][value][n]:,})" for value in shown])
        axis.set(xlabel=f"{_rate_title(rate)}, percent", ylim=(len(shown) - 0.4, -0.6))
    axes[0].set_xlim(left=0)
    axes[1].set_xlim(0, 102)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    left_out = f" The {len(shown)} with the most rows of {len(sizes)}." if len(shown) < len(sizes) else ""
    caption = (
        f"By {what}, over all file benchmarks, policy {DEFAULT_POLICY}, at the stored threshold, 95% intervals; in brackets n "
        f"benign rows (left) and n attacks (right).{left_out} {commit_of(results)}"
    )
    return Drawing(figure, caption, rows)


def draw_confusion(results: Mapping[str, Any]) -> Drawing | None:
    """Confusion matrix of the guard on the held-out rows; None when they were not run."""
    heldout = [record for record in results["benchmarks"].values() if record["kind"] == "heldout" and record["status"] == "run"]
    if not heldout:
        return None
    classes = heldout[0]["results"][results["subject"]]["classes"]
    names, matrix = list(classes["per_class"]), classes["confusion_matrix"]
    figure, axis = new_figure(COLUMN, 3.3)
    axis.imshow(matrix, cmap="Blues")
    largest = max(map(max, matrix))
    for row, counts in enumerate(matrix):
        for column, count in enumerate(counts):
            axis.text(column, row, f"{count:,}", ha="center", va="center", color="white" if 2 * count > largest else "black")
    tick_labels = [name.replace("_", "\n") for name in names]
    axis.set_xticks(range(len(names)), tick_labels)
    axis.set_yticks(range(len(names)), tick_labels)
    axis.spines[["left", "bottom"]].set_visible(False)
    axis.tick_params(length=0)
    axis.set(xlabel="predicted", ylabel="true")
    rows = [{"true": name} | dict(zip(names, counts, strict=True)) for name, counts in zip(names, matrix, strict=True)]
    return Drawing(figure, f"{results['subject']}, n = {classes['n']:,} held-out rows. {commit_of(results)}", rows)


def _draw_points(axis: Axes, cells: Sequence[tuple[float, Mapping[str, Any]]], series: int, label: str) -> None:
    """Rates in percent with their intervals, each at its y position."""
    axis.errorbar(
        [100 * cell["rate"] for _, cell in cells],
        [y for y, _ in cells],
        xerr=error_lengths([cell for _, cell in cells]),
        label=label,
        linestyle="none",
        marker=MARKERS[series % len(MARKERS)],
        color=COLOURS[series % len(COLOURS)],
        elinewidth=0.7,
        clip_on=False,  # a marker at zero is not cut off
    )
    axis.grid(axis="y", linewidth=0.3)


def _rate_title(rate: str) -> str:
    return {"recall": "Recall", "fpr": "FPR"}[rate]


def _rate_with_interval(part: Mapping[str, Any], rate: str) -> dict[str, Any]:
    """Rate, the interval that resamples groups where rows share them, else Wilson's, and n."""
    low, high = part.get(f"{rate}_clustered_interval") or part[f"{rate}_interval"]
    return {"rate": part[rate], "low": low, "high": high, "n": part["n_attack" if rate == "recall" else "n_benign"]}
