"""Figures of a run, drawn from the result files of the stages; needs no model, data or display."""

from __future__ import annotations

import logging
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..run import RunPaths
from .benchmark_figures import draw_attacks, draw_confusion, draw_groups, draw_rates
from .cost_figures import draw_cost, draw_peers
from .latency_figures import draw_latency
from .left_out_figures import draw_left_out, has_intervals
from .plotting import Drawing, commit_of, style, write_drawing
from .references import load_published
from .results import QUANTILES_KEY, SOURCES, read_benchmarks, read_results
from .routing_figures import draw_deferral
from .score_figures import draw_curves, draw_reliability
from .training_figures import draw_routing, draw_training_curves, read_epochs

log = logging.getLogger(__name__)

ReadCurves = Callable[[Path, Mapping[str, Any]], dict[str, Any] | None]


def write_figures(metrics_csv: Path, results_json: Path, output_dir: Path, read_curves: ReadCurves) -> list[Path]:
    """Draw every figure that there are files for, each as PDF, SVG and PNG with its numbers as CSV and its caption as text.

    The other inputs are read from the directories of these two files. `read_curves` makes the curves of
    predictions.parquet. A missing input is logged with the command that makes it, and its figures are not drawn. Raises DataError
    when both files are missing, and for benchmark results that cannot be parsed or are of another schema.
    """
    run, results_dir = RunPaths(metrics_csv.parent), results_json.parent.parent
    with style():
        drawings: dict[str, Drawing | None] = {}
        if _check_input(metrics_csv, "training curves", "train_production_final.py"):
            epochs, about = read_epochs(metrics_csv), _about_training(run)
            drawings["training_curves"] = draw_training_curves(epochs, about)
            drawings["routing_by_epoch"] = draw_routing(epochs, about)
        if _check_input(results_json, "benchmark figures", "evaluate_benchmarks.py"):
            drawings |= _draw_benchmarks(results_json, run, results_dir, read_curves)
        if not drawings:
            raise DataError(f"nothing to draw: neither {metrics_csv} nor {results_json} exists; train or evaluate first")
        drawings |= _draw_studies(run, results_dir)
        written = []
        for name, drawing in drawings.items():
            if drawing is not None:
                written += write_drawing(drawing, output_dir, name)
    return written


def _check_input(path: Path, figures: str, command: str) -> bool:
    if path.is_file():
        return True
    _log_missing(str(path), figures, command)
    return False


def _log_missing(what: str, figures: str, command: str) -> None:
    log.warning("no %s: %s is missing; python %s writes it", figures, what, command)


def _draw_benchmarks(results_json: Path, run: RunPaths, results_dir: Path, read_curves: ReadCurves) -> dict[str, Drawing | None]:
    """Figures of the benchmark results, and those that need another file beside them."""
    results = read_benchmarks(results_json)
    drawings = _draw_results(results)
    predictions = results_json.parent / "predictions.parquet"
    if _check_input(predictions, "ROC, precision-recall and reliability", "evaluate_benchmarks.py"):
        curves = read_curves(predictions, results)
        if curves is None:
            log.warning("no ROC, precision-recall and reliability: no natural rows of both classes in %s", predictions)
        else:
            drawings["roc_and_precision_recall"] = draw_curves(curves, commit_of(results))
            drawings["reliability"] = draw_reliability(curves, results["subject"], commit_of(results))
    if _check_input(run.optimization_json, "recall against size and latency", "optimize_model.py"):
        drawings["recall_by_size_and_latency"] = draw_cost(results, read_results(run.optimization_json), load_published())
    peers = results_dir / "baselines" / "peers.json"
    if _check_input(peers, "recall of peers", "scripts/compare_baselines.py --peers"):
        drawings["peers"] = draw_peers(read_results(peers), results["subject"])
    return drawings


def _draw_studies(run: RunPaths, results_dir: Path) -> dict[str, Drawing | None]:
    """Figures of one file each: distribution of latency, share of the deep branch, left-out sources."""
    drawings: dict[str, Drawing | None] = {}
    title, command = "latency distribution", shlex.join(SOURCES["optimization"].words(run))
    if _check_input(run.optimization_json, title, command):
        drawings["latency_distribution"] = draw_latency(read_results(run.optimization_json))
        if drawings["latency_distribution"] is None:
            _log_missing(f"{QUANTILES_KEY} of the served file in {run.optimization_json}", title, command)
    deferral = results_dir / "deferral.json"
    if _check_input(deferral, "recall against deep share", f"scripts/measure_routing.py --model_path {run.best_model}"):
        drawings["recall_by_deep_share"] = draw_deferral(read_results(deferral))
    left_out = results_dir / "leave_one_out.json"
    title, command = "rates of left-out sources", f"scripts/leave_one_out.py --names SOURCE --config {run.config_yaml}"
    if _check_input(left_out, title, command):
        record = read_results(left_out)
        if has_intervals(record):
            drawings["left_out_sources"] = draw_left_out(record)
        else:
            _log_missing(f"an interval in {left_out}", title, command)
    return drawings


def _draw_results(results: Mapping[str, Any]) -> dict[str, Drawing | None]:
    return {
        "recall_by_benchmark": draw_rates(results, "recall"),
        "fpr_by_benchmark": draw_rates(results, "fpr"),
        "recall_by_attack": draw_attacks(results),
        "confusion_matrix": draw_confusion(results),
        "rates_by_language": draw_groups(results, "by_lang", "language"),
        "rates_by_length": draw_groups(results, "by_length", "length in characters"),
    }


def _about_training(run: RunPaths) -> str:
    """Number of rows and commit of a training run, as far as its run directory has them."""
    splits = read_results(run.manifest_json)["splits"] if run.manifest_json.is_file() else {}
    rows = [
        f"{splits[split]['rows']:,} {name} rows"
        for split, name in (("train", "training"), ("val", "validation"))
        if split in splits
    ]
    environment = read_results(run.environment_json) if run.environment_json.is_file() else {}
    return " ".join([*([f"n = {', '.join(rows)}."] if rows else []), commit_of({"environment": environment})])
