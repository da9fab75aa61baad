"""Recall against size and latency, beside published figures and beside peers on the same machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..policy import DEFAULT_POLICY
from .plotting import COLOURS, MARKERS, PAGE, Drawing, commit_of, error_lengths, new_figure, none_to_nan, scale_by_ratio

ROUTE_PRECISION = "int8"  # precision of the served file, whose latency is drawn
ROUTE_TOKENS = "256"
PUBLISHED_COSTS = {
    "recall at 1% FPR": "recall",
    "latency in ms": "latency_ms",
    "backbone parameters in millions": "size",
}


def draw_cost(
    results: Mapping[str, Any], optimization: Mapping[str, Any], published: Sequence[Mapping[str, Any]]
) -> Drawing | None:
    """Recall of the guard against its size and latency, beside figures that makers publish; None without size or recall.

    Hollow points are published figures, on other data, machines and lengths, so they are not comparable.
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
    rows = [
        {
            "system": results["subject"],
            "source": "measured",
            "recall": ours["rate"],
            "recall_low": low,
            "recall_high": high,
            "size": size,
            "latency_ms": mixed,
        }
    ]
    figure, axes = new_figure(PAGE, 3.0, 2)
    spreads = ([0, 0], [mixed - min(fast, deep), max(fast, deep) - mixed])
    for axis, x, spread in zip(axes, (size, mixed), spreads, strict=True):
        _draw_measured(axis, x, spread, ours, f"{results['subject']}, measured")
    rows += _draw_published(axes, published)
    axes[0].set(xlabel="size in MB (published: see below)", ylabel="recall, percent")
    axes[1].set(xlabel="latency of a text in ms")
    for axis in axes:
        axis.set_ylim(0, 102)
        scale_by_ratio(axis)
    handles, labels = axes[0].get_legend_handles_labels()  # those with error bars come last
    figure.legend(handles[-1:] + handles[:-1], labels[-1:] + labels[:-1], loc="outside upper center", ncols=2)
    conditions = optimization["latency"].get("conditions", {})
    caption = (
        f"Measured: pooled recall at {100 * results['fpr_budget']:g}% FPR on validation rows, n = {part['n_attack']:,} attacks "
        f"of file benchmarks, 95% interval; P50 of {tokens} tokens, threads: {conditions.get('threads', '?')}, "
        f"{conditions.get('cpu', 'CPU not recorded')}, at the measured share of texts sent deep, bar from the fast route to the "
        "deep one. Published, hollow: makers' model cards, recall at 1% FPR on private data, 512 tokens on an A100; a million "
        "parameters is a MB in INT8, embeddings are left out. Not one harness: no comparison. "
        f"{commit_of(results)}"
    )
    return Drawing(figure, caption, rows)


def _draw_measured(axis: Any, x: float, spread: Sequence[float], recall: Mapping[str, float], label: str) -> None:
    """One point with its interval of the recall, and the lengths of the bar to the left and to the right of x."""
    axis.errorbar(
        [x],
        [100 * recall["rate"]],
        yerr=error_lengths([recall]),
        xerr=[[spread[0]], [spread[1]]],
        marker="o",
        markersize=6,
        color=COLOURS[0],
        label=label,
        linestyle="none",
        elinewidth=0.8,
    )


def _draw_published(axes: Sequence[Any], published: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Hollow points on both axes; returns their rows."""
    rows: list[dict[str, Any]] = []
    for i, (system, figures) in enumerate(_published_costs(published).items(), start=1):
        look = {
            "marker": MARKERS[i % len(MARKERS)],
            "color": COLOURS[i % len(COLOURS)],
            "linestyle": "none",
            "fillstyle": "none",
            "markersize": 6,
        }
        for axis, x in zip(axes, (figures["size"], figures["latency_ms"]), strict=True):
            axis.plot([x], [figures["recall"]], **look, label=f"{system}, published")
        rows.append({"system": system, "source": "published", **figures, "recall": figures["recall"] / 100})
    return rows


def _published_costs(published: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Systems of which recall, latency and size are all published, in the names of PUBLISHED_COSTS."""
    costs: dict[str, dict[str, float]] = {}
    for row in published:
        if (name := PUBLISHED_COSTS.get(row["figure"])) is not None:
            costs.setdefault(row["system"], {})[name] = row["value"]
    return {system: figures for system, figures in costs.items() if len(figures) == len(PUBLISHED_COSTS)}


def draw_peers(peers: Mapping[str, Any], subject: str) -> Drawing | None:
    """Guards on the same texts and machine: recall at a common FPR against time, and both rates at the default thresholds.

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
        rows.append(
            {
                "guard": name,
                "ms": guard["ms"],
                **{f"recall_{point}": recall[point] for point in recall},
                **{f"chat_fpr_{point}": alarms[point] for point in alarms},
            }
        )
    rate = f"{100 * peers['chat_fpr']:g}%"
    matched.set(xlabel="processor time of a text in ms", ylabel=f"recall at {rate} FPR on chat, percent", ylim=(0, 102))
    scale_by_ratio(matched)
    own.set(xlabel="FPR on chat, percent", ylabel="recall as it ships, percent", ylim=(0, 102))
    own.set_xlim(left=0)
    figure.legend(loc="outside upper center", ncols=4)
    attacks = sum(file["n_attack"] for file in peers["files"].values())
    caption = (
        f"Mean recall over files, n = {attacks:,} attacks; FPR on n = {peers['n_chat']:,} benign rows of "
        f"{', '.join(peers['chat'])}. Left: thresholds that give every guard at most the same FPR there. Peers may "
        f"have been trained on some of these files (peers.json). {commit_of(peers)}"
    )
    return Drawing(figure, caption, rows)


def _percent(rate: float | None) -> list[float]:
    """The rate in percent, NaN where it is undefined."""
    return [100 * value for value in none_to_nan([rate])]
