"""Figures of a run, drawn from the files that the stages wrote: no model, no data, no display."""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullFormatter

from ..errors import DataError
from ..policy import DEFAULT_POLICY
from ..run import RunPaths
from .plotting import (
    COLOURS,
    COLUMN,
    GREY,
    HATCHES,
    LINES,
    MARKERS,
    PAGE,
    Drawing,
    new_figure,
    save_figure,
    style,
    write_drawing,
)
from .references import load_published
from .results import read_benchmarks, read_results

log = logging.getLogger(__name__)

ROW_HEIGHT, ATTACK_HEIGHT = 0.16, 0.135  # inches per row; of attacks there are many
MAX_ROWS = 24  # languages in one figure, those with the most rows
ROUTE_PRECISION = "int8"  # of the file whose latency stands beside peers: the one that is served
ROUTE_TOKENS = "256"

ReadCurves = Callable[[Path, Mapping[str, Any]], dict[str, Any] | None]


def write_figures(metrics_csv: Path, results_json: Path, output_dir: Path, read_curves: ReadCurves) -> list[Path]:
    """Draw every figure that there are files for, each as PDF, SVG and PNG with its numbers as CSV and its caption as text.

    What else is needed lies where the stages put it: beside the two files. `read_curves` makes the curves of
    predictions.parquet. A missing input is logged with the command that makes it, and its figures are not drawn. Raises DataError
    when both files are missing, and for benchmark results that cannot be parsed or are of another schema.
    """
    run, results_dir = RunPaths(metrics_csv.parent), results_json.parent.parent
    drawings: dict[str, Drawing | None] = {}
    with style():
        if _is_there(metrics_csv, "training curves", "train_production_final.py"):
            epochs, about = read_epochs(metrics_csv), _about_training(run)
            drawings["training_curves"] = draw_training_curves(epochs, about)
            drawings["routing_by_epoch"] = draw_routing(epochs, about)
        if _is_there(results_json, "benchmark figures", "evaluate_benchmarks.py"):
            results = read_benchmarks(results_json)
            drawings |= _draw_results(results)
            predictions = results_json.parent / "predictions.parquet"
            if _is_there(predictions, "ROC, precision-recall and reliability", "evaluate_benchmarks.py"):
                curves = read_curves(predictions, results)
                if curves is None:
                    log.warning("no ROC, precision-recall and reliability: no natural rows of both classes in %s", predictions)
                else:
                    drawings["roc_and_precision_recall"] = draw_curves(curves, _commit(results))
                    drawings["reliability"] = draw_reliability(curves, results["subject"], _commit(results))
            if _is_there(run.optimization_json, "recall against size and latency", "optimize_model.py"):
                drawings["recall_by_size_and_latency"] = draw_cost(results, read_results(run.optimization_json), load_published())
            peers = results_dir / "baselines" / "peers.json"
            if _is_there(peers, "recall of peers", "scripts/compare_baselines.py --peers"):
                drawings["peers"] = draw_peers(read_results(peers), results["subject"])
        if not drawings:
            raise DataError(f"nothing to draw: neither {metrics_csv} nor {results_json} exists; train or evaluate first")
        deferral = results_dir / "deferral.json"
        if _is_there(deferral, "recall against deep share", f"scripts/measure_routing.py --model_path {run.best_model}"):
            drawings["recall_by_deep_share"] = draw_deferral(read_results(deferral))
        written = []
        for name, drawing in drawings.items():
            if drawing is not None:
                written += write_drawing(drawing, output_dir, name)
    return written


def _is_there(path: Path, figures: str, command: str) -> bool:
    if path.is_file():
        return True
    log.warning("no %s: %s is missing; python %s writes it", figures, path, command)
    return False


def _draw_results(results: Mapping[str, Any]) -> dict[str, Drawing | None]:
    return {
        "recall_by_benchmark": draw_rates(results, "recall"),
        "fpr_by_benchmark": draw_rates(results, "fpr"),
        "recall_by_attack": draw_attacks(results),
        "confusion_matrix": draw_confusion(results),
        "rates_by_language": draw_groups(results, "by_lang", "language"),
        "rates_by_length": draw_groups(results, "by_length", "length in characters"),
    }


def _commit(record: Mapping[str, Any]) -> str:
    """What a caption says about the code that measured."""
    environment = record.get("environment", {})
    commit = environment.get("commit")
    return f"Commit {commit[:10] if commit else 'unknown'}{', with local changes' if environment.get('dirty') else ''}."


def _about_training(run: RunPaths) -> str:
    """n and commit of a training, as far as its run directory tells."""
    splits = read_results(run.manifest_json)["splits"] if run.manifest_json.is_file() else {}
    rows = [f"{splits[split]['rows']:,} {name} rows" for split, name in (("train", "training"), ("val", "validation"))
            if split in splits]  # fmt: skip
    environment = read_results(run.environment_json) if run.environment_json.is_file() else {}
    return " ".join([*([f"n = {', '.join(rows)}."] if rows else []), _commit({"environment": environment})])


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


# ---------------------------------------------------------------------------------------------------------- training


def _panel_of(column: str) -> str | None:
    """The panel of the training figure that a column belongs to."""
    words = set(column.split("_"))
    if "train" in words:
        return "Loss on training rows"
    if words & {"accuracy", "f1", "recall", "precision", "auc"}:
        return "Quality on validation rows"
    return "FPR on validation rows" if "fpr" in words else None


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
                _epoch_axis(epochs), _gaps(epochs[column]), **_line(i), label=column.removeprefix("train_").removeprefix("val_")
            )
        axis.set(title=panel, xlabel="epoch")
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=2)
    return Drawing(figure, about, _rows_of(epochs, [column for columns in panels.values() for column in columns]))


def draw_routing(epochs: Mapping[str, Sequence[float | None]], about: str = "") -> Drawing | None:
    """What training did to the router: the share of validation texts above a threshold that does not move, per epoch.

    None for runs of a version that did not record it. The share at the threshold that is fitted anew every epoch stands
    beside it; it is the one asked for, whatever the router learnt.
    """
    if not any(value is not None for value in epochs.get("val_deep_share_fixed", ())):
        return None
    figure, axis = new_figure()
    lines = {
        "val_deep_share_fixed": "at router.complexity_threshold, fixed",
        "val_deep_share": "at the threshold fitted every epoch",
    }
    drawn = [column for column in lines if column in epochs]
    for i, column in enumerate(drawn):
        axis.plot(_epoch_axis(epochs), _gaps(epochs[column]), **_line(i), label=lines[column])
    axis.set(ylabel="share of validation texts sent deep", xlabel="epoch", ylim=(0, 1))
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return Drawing(figure, about, _rows_of(epochs, drawn))


def _line(i: int) -> dict[str, Any]:
    """Colour, dashes and marker of the i-th series."""
    return {"color": COLOURS[i % len(COLOURS)], "linestyle": LINES[i % len(LINES)], "marker": MARKERS[i % len(MARKERS)]}


def _rows_of(epochs: Mapping[str, Sequence[float | None]], columns: Sequence[str]) -> list[dict[str, Any]]:
    return [{"epoch": epoch} | {column: epochs[column][i] for column in columns} for i, epoch in enumerate(_epoch_axis(epochs))]


def _epoch_axis(epochs: Mapping[str, Sequence[float | None]]) -> Sequence[float | None]:
    length = len(next(iter(epochs.values())))
    return epochs["epoch"] if "epoch" in epochs else list(range(1, length + 1))


def _gaps(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]  # matplotlib leaves a gap


def write_learning_rate_figure(rates: Sequence[float], losses: Sequence[float], path: Path) -> Path:
    """Smoothed loss against the learning rate of a range test, on a logarithmic axis."""
    with style():
        figure, axis = new_figure()
        axis.plot(rates, losses, color=COLOURS[0])
        axis.set(title="Learning-rate range test", xlabel="learning rate", ylabel="smoothed training loss", xscale="log")
    return save_figure(figure, path.with_suffix(""), ["png"])[0]


# ---------------------------------------------------------------------------------------------------------- routing


def write_deferral_figure(record: Mapping[str, Any], path: Path) -> Path:
    """The figure of one deferral.json, beside it."""
    with style():
        figure = draw_deferral(record).figure
    return save_figure(figure, path.with_suffix(""), ["png"])[0]


def draw_deferral(record: Mapping[str, Any]) -> Drawing:
    """Recall and AUC against the share of texts sent deep, a line per router, and the fast branch alone as a level.

    `record` is what deferral.json holds; the dotted line is the share that the router's threshold is fitted for.
    """
    figure, axes = new_figure(PAGE, 2.8, 2)
    panels = {"recall": f"recall at {100 * record['fpr_budget']:g}% FPR, mean over sources", "auc": "AUC"}
    rows = []
    for axis, (key, title) in zip(axes, panels.items(), strict=True):
        (fast,) = _gaps([record["curves"]["learned"][0][key]])
        axis.axhline(fast, color=GREY, linestyle="--", linewidth=0.8, label="fast branch alone")
        axis.axvline(100 * record["target_deep_fraction"], color=GREY, linestyle=":", linewidth=0.8, label="share asked for")
        for i, (name, curve) in enumerate(record["curves"].items()):
            shares = [100 * point["measured_share"] for point in curve]
            axis.plot(shares, _gaps([point[key] for point in curve]), **_line(i), label=f"router: {name}")
        axis.set(ylabel=title, xlabel="percent of texts sent to the deep branch", xlim=(-2, 102))
    for name, curve in record["curves"].items():
        rows += [{"router": name, **point} for point in curve]
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=5)
    return Drawing(figure, f"n = {record['n']:,} validation rows, on which the share is fitted as well. {_commit(record)}", rows)


# ---------------------------------------------------------------------------------------------------------- benchmarks


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
        found = [record["results"][name]["policies"][policy] for name in names]
        if any(part[rate] is not None for part in found):
            n = found[0]["n_attack" if rate == "recall" else "n_benign"]
            bars[f"{benchmark} ({n:,})"] = [None if part[rate] is None else _cell(part, rate) for part in found]
    under = "the policy of each set" if rate == "recall" else f"policy {DEFAULT_POLICY}"
    what = "attack" if rate == "recall" else "benign"
    caption = f"{_name(rate)} at the stored threshold, {under}, 95% intervals; in brackets n {what} rows. {_commit(results)}"
    return _bar_chart(bars, names, _name(rate), caption) if bars else None


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
            found = [(y, name, _cell(parts[form], rate)) for y, (name, parts) in enumerate(cells.items())
                     if form in parts and parts[form][rate] is not None]  # fmt: skip
            rows += [{"attack": name, "form": form, "figure": rate, **cell} for _, name, cell in found]
            _draw_points(axis, [(y, cell) for y, _, cell in found], i, label)
        axis.set(title=form, xlabel="percent", xlim=(0, 102))
    axes[0][0].set_yticks(range(len(cells)), list(cells))
    axes[0][0].set_ylim(len(cells) - 0.4, -0.6)
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    sizes = sorted({row["n"] for row in rows})
    n = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
    caption = (
        f"{results['subject']} on attacks made from payloads that it has not seen, and on the same transforms of benign texts; "
        f"n = {n} for each point, 95% intervals. {_commit(results)}"
    )
    return Drawing(figure, caption, rows)


def _draw_points(axis: Axes, cells: Sequence[tuple[float, Mapping[str, Any]]], series: int, label: str) -> None:
    """Rates in percent with their intervals, at the heights that come with them."""
    axis.errorbar(
        [100 * cell["rate"] for _, cell in cells],
        [y for y, _ in cells],
        xerr=_errors([cell for _, cell in cells]),
        label=label,
        linestyle="none",
        marker=MARKERS[series % len(MARKERS)],
        color=COLOURS[series % len(COLOURS)],
        elinewidth=0.7,
        clip_on=False,  # a marker at zero is whole
    )
    axis.grid(axis="y", linewidth=0.3)


def _name(rate: str) -> str:
    return {"recall": "Recall", "fpr": "FPR"}[rate]


def _cell(part: Mapping[str, Any], rate: str) -> dict[str, Any]:
    """Rate, the interval that resamples groups where rows share them, else Wilson's, and n."""
    low, high = part.get(f"{rate}_clustered_interval") or part[f"{rate}_interval"]
    return {"rate": part[rate], "low": low, "high": high, "n": part["n_attack" if rate == "recall" else "n_benign"]}


def _bar_chart(
    bars: Mapping[str, Sequence[Mapping[str, Any] | None]], series: Sequence[str], label: str, caption: str
) -> Drawing:
    height = 1.1 + ROW_HEIGHT * len(bars) * max(1.0, 0.55 * len(series))
    figure, axis = new_figure(PAGE, height)
    thickness = 0.8 / len(series)
    rows = []
    for i, name in enumerate(series):
        cells = [(row, values[i]) for row, values in enumerate(bars.values()) if values[i] is not None]
        axis.barh(
            [row + i * thickness for row, _ in cells],
            [100 * cell["rate"] for _, cell in cells],
            thickness,
            color=COLOURS[i % len(COLOURS)],
            hatch=HATCHES[i % len(HATCHES)],
            edgecolor="white",
            linewidth=0.3,
            label=name,
            xerr=_errors([cell for _, cell in cells]),
            error_kw={"elinewidth": 0.7},
        )
        rows += [{"row": list(bars)[row], "series": name, **cell} for row, cell in cells]
    axis.set_yticks([row + thickness * (len(series) - 1) / 2 for row in range(len(bars))], list(bars))
    axis.set(xlabel=f"{label}, percent", xlim=(0, 100 if label == "Recall" else None), ylim=(len(bars) - 0.1, -0.6))
    figure.legend(loc="outside upper center", ncols=4)
    return Drawing(figure, caption, rows)


def _errors(cells: Sequence[Mapping[str, Any]]) -> list[list[float]]:
    """Lengths of error bars in percent. An interval that resamples groups may leave out the rate by a rounding."""
    return [
        [100 * max(0.0, cell["rate"] - cell["low"]) for cell in cells],
        [100 * max(0.0, cell["high"] - cell["rate"]) for cell in cells],
    ]


def draw_groups(results: Mapping[str, Any], key: str, what: str) -> Drawing | None:
    """FPR and recall by language or length over the file benchmarks, with intervals; None where there are none.

    Of many values those with the most rows; the CSV has all.
    """
    names = [results["subject"], *results["baselines"]]
    found = {name: {value: of[DEFAULT_POLICY] for value, of in results["summary"][name][key].items()} for name in names}
    sizes = {value: part["n_attack"] + part["n_benign"] for value, part in found[results["subject"]].items()}
    if not sizes:
        return None
    shown = sorted(sizes, key=lambda value: -sizes[value])[:MAX_ROWS]
    if key == "by_length":
        shown.sort(key=lambda value: (not value.startswith("below"), int("".join(filter(str.isdigit, value)))))
    figure, axes = new_figure(PAGE, 1.2 + ROW_HEIGHT * len(shown) * max(1.0, 0.6 * len(names)), 2)
    rows = []
    for axis, rate in zip(axes, ("fpr", "recall"), strict=True):
        for i, name in enumerate(names):
            for value, part in found[name].items():
                if part[rate] is not None:
                    rows.append({key.removeprefix("by_"): value, "predictor": name, "figure": rate, **_cell(part, rate)})
            cells = [(y, _cell(found[name][value], rate)) for y, value in enumerate(shown)
                     if value in found[name] and found[name][value][rate] is not None]  # fmt: skip
            shift = 0.6 * (i - (len(names) - 1) / 2) / len(names)
            _draw_points(axis, [(y + shift, cell) for y, cell in cells], i, name)
        n = "n_benign" if rate == "fpr" else "n_attack"
        axis.set_yticks(range(len(shown)), [f"{value} ({found[results['subject']][value][n]:,})" for value in shown])
        axis.set(xlabel=f"{_name(rate)}, percent", ylim=(len(shown) - 0.4, -0.6))
    axes[0].set_xlim(left=0)
    axes[1].set_xlim(0, 102)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    left_out = f" The {len(shown)} with the most rows of {len(sizes)}." if len(shown) < len(sizes) else ""
    caption = (
        f"By {what}, over all file benchmarks, policy {DEFAULT_POLICY}, at the stored threshold, 95% intervals; in brackets n "
        f"benign rows (left) and n attacks (right).{left_out} {_commit(results)}"
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
    shown = [name.replace("_", "\n") for name in names]
    axis.set_xticks(range(len(names)), shown)
    axis.set_yticks(range(len(names)), shown)
    axis.spines[["left", "bottom"]].set_visible(False)
    axis.tick_params(length=0)
    axis.set(xlabel="predicted", ylabel="true")
    rows = [{"true": name} | dict(zip(names, counts, strict=True)) for name, counts in zip(names, matrix, strict=True)]
    return Drawing(figure, f"{results['subject']}, n = {classes['n']:,} held-out rows. {_commit(results)}", rows)


# ---------------------------------------------------------------------------------------------------------- scores


def draw_curves(curves: Mapping[str, Any], commit: str) -> Drawing:
    """ROC, on a logarithmic axis since budgets are small, and precision-recall; the operating points on both."""
    figure, (roc, precision_recall) = new_figure(PAGE, 3.0, 2)
    lowest = max(1e-4, 1 / curves["n_benign"])
    rows = []
    for i, (name, found) in enumerate(curves["predictors"].items()):
        line = {"color": COLOURS[i % len(COLOURS)], "linestyle": LINES[i % len(LINES)]}
        point = {**line, "linestyle": "none", "marker": MARKERS[i % len(MARKERS)], "markersize": 6, "markeredgecolor": "black"}
        chosen = found["operating_point"]
        roc.plot(
            [max(each["fpr"], lowest) for each in found["roc"]], [each["recall"] for each in found["roc"]], **line, label=name
        )
        roc.plot([max(chosen["fpr"], lowest)], [chosen["recall"]], **point)
        precision_recall.plot([each["recall"] for each in found["precision_recall"]],
                              [each["precision"] for each in found["precision_recall"]], **line)  # fmt: skip
        if chosen["precision"] is not None:
            precision_recall.plot([chosen["recall"]], [chosen["precision"]], **point)
        for curve in ("roc", "precision_recall"):
            rows += [{"predictor": name, "curve": curve, **each} for each in found[curve]]
        rows.append({"predictor": name, "curve": "operating_point",
                     **{key: chosen[key] for key in ("fpr", "recall", "precision", "threshold")}})  # fmt: skip
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
    """How often a score of the guard is right, and how many texts have it."""
    bins = curves["predictors"][subject]["reliability"]
    figure, (axis, counts) = plt.subplots(2, 1, figsize=(COLUMN, 3.8), layout="constrained", height_ratios=(3, 1), sharex=True)
    axis.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=0.8, label="calibrated")
    cells = [{"rate": each["share"], "low": each["interval"][0], "high": each["interval"][1]} for each in bins]
    below, above = ([value / 100 for value in side] for side in _errors(cells))
    axis.errorbar([each["mean_score"] for each in bins], [each["share"] for each in bins], yerr=[below, above], marker="o",
                  color=COLOURS[0], elinewidth=0.7, label=subject)  # fmt: skip
    axis.set(ylabel="share that are attacks", ylim=(-0.02, 1.02))
    axis.legend(loc="upper left")
    widths = [each["high"] - each["low"] for each in bins]
    counts.bar([each["low"] for each in bins], [each["n"] for each in bins], widths, align="edge", color=COLOURS[5],
               edgecolor="white")  # fmt: skip
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
    rows = [{**{key: value for key, value in each.items() if key != "interval"}, "share_low": each["interval"][0],
             "share_high": each["interval"][1]} for each in bins]  # fmt: skip
    return Drawing(figure, caption, rows)


# ---------------------------------------------------------------------------------------------------------- cost


def draw_cost(
    results: Mapping[str, Any], optimization: Mapping[str, Any], published: Sequence[Mapping[str, Any]]
) -> Drawing | None:
    """Recall of the guard against its size and latency, beside what makers publish of theirs; None without size or recall.

    Hollow points are published: of another data set, another machine and another length. None of them is a comparison.
    """
    part = results["summary"][results["subject"]][DEFAULT_POLICY]["file"]
    sizes = {each["precision"]: each["size_mb"] for each in optimization["files"].values() if "precision" in each}
    routes = optimization.get("latency", {}).get(ROUTE_PRECISION, {})
    share = results["summary"][results["subject"]]["routing"]["share"]
    if part["pooled_recall"] is None or ROUTE_PRECISION not in sizes or share is None:
        return None
    size = sizes[ROUTE_PRECISION]
    tokens = ROUTE_TOKENS if ROUTE_TOKENS in routes["fast"] else list(routes["fast"])[-1]
    fast, deep = (routes[route][tokens]["p50_ms"] for route in ("fast", "deep"))
    mixed = (1 - share) * fast + share * deep
    low, high = part["pooled_recall_clustered_interval"] or part["pooled_recall_interval"]
    ours = {"rate": part["pooled_recall"], "low": low, "high": high}
    rows = [{"system": results["subject"], "source": "measured", "recall": ours["rate"], "recall_low": low, "recall_high": high,
             "size": size, "latency_ms": mixed}]  # fmt: skip
    figure, axes = new_figure(PAGE, 3.0, 2)
    for axis, x, spread in zip(axes, (size, mixed), ([0, 0], [mixed - min(fast, deep), max(fast, deep) - mixed]), strict=True):
        axis.errorbar([x], [100 * ours["rate"]], yerr=_errors([ours]), xerr=[[spread[0]], [spread[1]]], marker="o", markersize=6,
                      color=COLOURS[0], label=f"{results['subject']}, measured", linestyle="none", elinewidth=0.8)  # fmt: skip
    for i, (system, figures) in enumerate(_published_costs(published).items(), start=1):
        look = {"marker": MARKERS[i % len(MARKERS)], "color": COLOURS[i % len(COLOURS)], "linestyle": "none", "fillstyle": "none",
                "markersize": 6}  # fmt: skip
        for axis, x in zip(axes, (figures["size"], figures["latency_ms"]), strict=True):
            axis.plot([x], [figures["recall"]], **look, label=f"{system}, published")
        rows.append({"system": system, "source": "published", **figures, "recall": figures["recall"] / 100})
    axes[0].set(xlabel="size in MB (published: see below)", ylabel="recall, percent")
    axes[1].set(xlabel="latency of a text in ms")
    for axis in axes:
        axis.set_ylim(0, 102)
        _scale_by_ratio(axis)
    handles, labels = axes[0].get_legend_handles_labels()  # those with error bars come last
    figure.legend(handles[-1:] + handles[:-1], labels[-1:] + labels[:-1], loc="outside upper center", ncols=2)
    conditions = optimization["latency"].get("conditions", {})
    caption = (
        f"Measured: pooled recall at {100 * results['fpr_budget']:g}% FPR on validation rows, n = {part['n_attack']:,} attacks "
        f"of file benchmarks, 95% interval; P50 of {tokens} tokens, threads: {conditions.get('threads', '?')}, "
        f"{conditions.get('cpu', 'CPU not recorded')}, at the measured share of texts sent deep, bar from the fast route to the "
        "deep one. Published, hollow: makers' model cards, recall at 1% FPR on private data, 512 tokens on an A100; a million "
        "parameters is a MB in INT8, embeddings are left out. Not one harness: no comparison. "
        f"{_commit(results)}"
    )
    return Drawing(figure, caption, rows)


def _scale_by_ratio(axis: Axes) -> None:
    """A logarithmic x axis with plain numbers on it."""
    axis.set_xscale("log")
    axis.margins(x=0.25)
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_minor_formatter(NullFormatter())


def draw_peers(peers: Mapping[str, Any], subject: str) -> Drawing | None:
    """Guards on the same texts on one machine: recall at one rate of false alarms against time, and what each does as it ships.

    `peers` is what peers.json holds. None where no guard but the subject was run.
    """
    run = {name: guard for name, guard in peers["guards"].items() if guard["status"] == "run"}
    if len(run) - (subject in run) < 1:
        return None
    figure, (matched, own) = new_figure(PAGE, 3.2, 2)
    rows = []
    for i, (name, guard) in enumerate(sorted(run.items(), key=lambda item: item[0] != subject)):
        marker, colour = MARKERS[(i + i // len(COLOURS)) % len(MARKERS)], COLOURS[i % len(COLOURS)]
        look = {"marker": marker, "color": colour, "linestyle": "none", "markersize": 7 if name == subject else 5}
        recall, alarms = guard["mean_recall"], guard["chat_fpr"]
        matched.plot([guard["ms"]], _percent(recall["matched"]), **look, label=name)
        own.plot(_percent(alarms["own"]), _percent(recall["own"]), **look, clip_on=False)
        rows.append({"guard": name, "ms": guard["ms"], **{f"recall_{point}": recall[point] for point in recall},
                     **{f"chat_fpr_{point}": alarms[point] for point in alarms}})  # fmt: skip
    rate = f"{100 * peers['chat_fpr']:g}%"
    matched.set(xlabel="processor time of a text in ms", ylabel=f"recall at {rate} FPR on chat, percent", ylim=(0, 102))
    _scale_by_ratio(matched)
    own.set(xlabel="FPR on chat, percent", ylabel="recall as it ships, percent", ylim=(0, 102))
    own.set_xlim(left=0)
    figure.legend(loc="outside upper center", ncols=4)
    attacks = sum(file["n_attack"] for file in peers["files"].values())
    caption = (
        f"Mean recall over files, n = {attacks:,} attacks; FPR on n = {peers['n_chat']:,} benign rows of "
        f"{', '.join(peers['chat'])}. Left: thresholds that give every guard at most the same FPR there. Peers may "
        f"have been trained on some of these files (peers.json). {_commit(peers)}"
    )
    return Drawing(figure, caption, rows)


def _percent(rate: float | None) -> list[float]:
    """One point, or none where the rate is not defined."""
    return [100 * value for value in _gaps([rate])]


PUBLISHED_COSTS = {
    "recall at 1% FPR": "recall",
    "latency in ms": "latency_ms",
    "backbone parameters in millions": "size",
}


def _published_costs(published: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Systems of which recall, latency and size are all published, in the names of PUBLISHED_COSTS."""
    found: dict[str, dict[str, float]] = {}
    for row in published:
        if (name := PUBLISHED_COSTS.get(row["figure"])) is not None:
            found.setdefault(row["system"], {})[name] = row["value"]
    return {system: figures for system, figures in found.items() if len(figures) == len(PUBLISHED_COSTS)}
