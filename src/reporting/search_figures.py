"""Figures of a hyperparameter search: parameter importance, optimisation history and the values of the trials.

PNG and SVG by matplotlib, as importance, history, parallel and, with two objectives, pareto; the same as HTML by Optuna's plotly
backend where plotly is installed.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState

from ..files import atomic_write
from .plotting import COLOURS, GREY, PAGE, Drawing, new_figure, style, write_drawing

log = logging.getLogger(__name__)

FORMATS = ("png", "svg")
MIN_TRIALS = 4  # finished trials, from which the importance of six hyperparameters can be estimated
AXIS_LABELS = {"recall": "val recall at the FPR budget", "latency": "mean latency (deep branch: 1)"}


def write_search_figures(study: optuna.Study, directory: Path, objectives: Sequence[str]) -> list[Path]:
    """Draw the figures that the finished trials allow and log the others."""
    trials = [trial for trial in study.get_trials(deepcopy=False) if trial.state == TrialState.COMPLETE]
    pruned = sum(trial.state == TrialState.PRUNED for trial in study.get_trials(deepcopy=False))
    about = f"n = {len(trials)} finished trials" + (f", {pruned} pruned." if pruned else ".")
    with style():
        drawings: dict[str, Drawing | None] = {
            "history": draw_history(trials, objectives, about),
            "parallel": draw_parallel(trials, objectives, about),
            "importance": draw_importance(study, trials, objectives, about),
        }
        if len(objectives) > 1:
            drawings["pareto"] = draw_pareto(study, trials, objectives, about)
    written = []
    for name, drawing in drawings.items():
        if drawing is not None:
            written += write_drawing(drawing, directory, name, FORMATS)
    html = [name for name, drawing in drawings.items() if drawing is not None]
    if not _importances(study, trials, 0):  # the HTML figure shows the importance for recall
        html = [name for name in html if name != "importance"]
    return written + _write_html(study, html, directory, objectives)


def draw_history(trials: Sequence[FrozenTrial], objectives: Sequence[str], about: str) -> Drawing:
    """Each objective by trial, and the best so far."""
    figure, axes = new_figure(PAGE / 2 * len(objectives), 2.6, len(objectives))
    rows: list[dict[str, Any]] = [{"trial": trial.number + 1} for trial in trials]
    for index, (objective, axis) in enumerate(zip(objectives, [axes] if len(objectives) == 1 else axes, strict=True)):
        better = max if objective == "recall" else min
        best: list[float] = []
        for trial, row in zip(trials, rows, strict=True):
            best.append(better([trial.values[index], *best[-1:]]))
            row |= {objective: trial.values[index], f"best_{objective}": best[-1]}
        numbers = [row["trial"] for row in rows]
        axis.plot(numbers, [row[objective] for row in rows], "o", color=COLOURS[0], label="trial")
        axis.step(numbers, best, where="post", color=COLOURS[4], label="best so far")
        axis.set(xlabel="trial", ylabel=AXIS_LABELS[objective])
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.legend()
    return Drawing(figure, about, rows)


def draw_parallel(trials: Sequence[FrozenTrial], objectives: Sequence[str], about: str) -> Drawing:
    """A line per trial through its values and objectives, darker for a higher recall."""
    keys = sorted({key for trial in trials for key in trial.params})
    logarithmic = {
        key for trial in trials for key, distribution in trial.distributions.items() if getattr(distribution, "log", False)
    }
    columns: dict[str, list[float]] = {key: [trial.params[key] for trial in trials] for key in keys}
    columns |= {objective: [trial.values[index] for trial in trials] for index, objective in enumerate(objectives)}
    figure, axis = new_figure(PAGE, 3.0)
    heights = {key: _scale_values(values, key in logarithmic) for key, values in columns.items()}
    order = sorted(range(len(trials)), key=lambda i: trials[i].values[0])
    for rank, i in enumerate(order):  # the best on top
        shade = (rank + 1) / len(order)
        axis.plot(
            range(len(columns)),
            [heights[key][i] for key in columns],
            color=COLOURS[0],
            alpha=0.1 + 0.8 * shade**2,
            linewidth=0.5 + 1.3 * shade**2,
        )
    for x, (_, values) in enumerate(columns.items()):
        axis.axvline(x, color=GREY, linewidth=0.6)
        for y, value in ((1.03, max(values)), (-0.03, min(values))):
            axis.text(x, y, f"{value:.3g}", ha="center", va="bottom" if y > 0.5 else "top", fontsize=7)
    axis.set_xticks(range(len(columns)), [_wrap_key(key) for key in columns])
    axis.set(ylim=(-0.15, 1.15), yticks=[])
    axis.tick_params(length=0)
    axis.spines[["left", "bottom"]].set_visible(False)
    rows = [{"trial": trial.number + 1} | {key: values[i] for key, values in columns.items()} for i, trial in enumerate(trials)]
    caption = f"One line per trial, darker for a higher recall. {about}"
    return Drawing(figure, caption + (" Logarithmic: " + ", ".join(sorted(logarithmic)) + "." if logarithmic else ""), rows)


def _scale_values(values: Sequence[float], is_log: bool) -> list[float]:
    """Values scaled linearly, or by their logarithms, to [0, 1]."""
    scaled = [math.log(value) if is_log else float(value) for value in values]
    low, high = min(scaled), max(scaled)
    return [0.5 if high == low else (value - low) / (high - low) for value in scaled]


def draw_importance(study: optuna.Study, trials: Sequence[FrozenTrial], objectives: Sequence[str], about: str) -> Drawing | None:
    """Share of each objective's variance explained by a hyperparameter (fANOVA, Hutter et al. 2014); None for too few trials."""
    importances = {objective: _importances(study, trials, index) for index, objective in enumerate(objectives)}
    importances = {objective: shares for objective, shares in importances.items() if shares}
    if not importances:
        log.info("no importance of values: it takes %d finished trials that differ, there are %d", MIN_TRIALS, len(trials))
        return None
    figure, axes = new_figure(PAGE / 2 * len(importances) + 1, 2.4, len(importances))
    rows = []
    for (objective, shares), axis in zip(importances.items(), [axes] if len(importances) == 1 else axes, strict=True):
        axis.barh(range(len(shares)), list(shares.values()), color=COLOURS[0])
        axis.set_yticks(range(len(shares)), [_wrap_key(key).replace("\n", " ") for key in shares])
        axis.invert_yaxis()
        axis.set(xlabel=f"importance for {objective}", xlim=(0, 1))
        rows += [{"objective": objective, "value": key, "importance": share} for key, share in shares.items()]
    few = " With so few trials the order is a hint." if len(trials) < 30 else ""
    return Drawing(figure, f"Share of the variance that a value explains (fANOVA). {about}{few}", rows)


def _importances(study: optuna.Study, trials: Sequence[FrozenTrial], index: int) -> dict[str, float]:
    """Importances for the objective at `index`; empty where there are too few trials or all have the same value."""
    if len(trials) < MIN_TRIALS or len({trial.values[index] for trial in trials}) == 1:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        try:
            return optuna.importance.get_param_importances(
                study, evaluator=_make_evaluator(), target=lambda trial: trial.values[index]
            )
        except RuntimeError:  # the trees may get samples of the trials that all have the same value
            return {}


def _make_evaluator() -> optuna.importance.FanovaImportanceEvaluator:
    return optuna.importance.FanovaImportanceEvaluator(seed=0)


def draw_pareto(study: optuna.Study, trials: Sequence[FrozenTrial], objectives: Sequence[str], about: str) -> Drawing:
    """Both objectives of each trial, with the Pareto front marked."""
    front = sorted(study.best_trials, key=lambda trial: trial.values[1])
    numbers = {trial.number for trial in front}
    figure, axis = new_figure(4.5, 3.0)
    others = [trial for trial in trials if trial.number not in numbers]
    axis.plot(
        [trial.values[1] for trial in others],
        [trial.values[0] for trial in others],
        "o",
        color=GREY,
        label="other trials",
        fillstyle="none",
    )
    axis.plot(
        [trial.values[1] for trial in front], [trial.values[0] for trial in front], "s-", color=COLOURS[0], label="Pareto front"
    )
    for trial in front:
        axis.annotate(
            str(trial.number + 1), trial.values[:0:-1] + trial.values[:1], xytext=(4, -8), textcoords="offset points", fontsize=7
        )
    axis.set(xlabel=AXIS_LABELS[objectives[1]], ylabel=AXIS_LABELS[objectives[0]])
    axis.legend()
    rows = [
        {"trial": trial.number + 1, **dict(zip(objectives, trial.values, strict=True)), "on_front": trial.number in numbers}
        for trial in trials
    ]
    return Drawing(figure, f"Numbers are those of hpo_trials.csv. {about}", rows)


def _wrap_key(key: str) -> str:
    """The key without its section, with one word per line."""
    return key.split(".")[-1].replace("_", "\n")


def _write_html(study: optuna.Study, names: Sequence[str], directory: Path, objectives: Sequence[str]) -> list[Path]:
    """Interactive versions of the figures."""
    if not optuna.visualization.is_available():
        log.info("no HTML figures of the search: plotly is not installed (pip install plotly); the PNG and SVG files are there")
        return []
    recall: dict[str, Any] = {"target": lambda trial: trial.values[0], "target_name": AXIS_LABELS["recall"]}
    draw = {
        "history": lambda: optuna.visualization.plot_optimization_history(study, **recall),
        "parallel": lambda: optuna.visualization.plot_parallel_coordinate(study, **recall),
        "importance": lambda: optuna.visualization.plot_param_importances(study, evaluator=_make_evaluator(), **recall),
        "pareto": lambda: optuna.visualization.plot_pareto_front(study, target_names=[AXIS_LABELS[each] for each in objectives]),
    }
    written = []
    for name in names:
        with atomic_write(directory / f"{name}.html") as partial:
            draw[name]().write_html(partial)
        written.append(directory / f"{name}.html")
    return written
