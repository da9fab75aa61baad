"""Size, parity, accuracy and latency of every file of an exported directory, as optimize_model.py records them."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import onnxruntime

from ..data.schema import Example
from ..errors import GateError
from ..evaluation.latency import LENGTHS, conditions, measure_routes
from ..evaluation.predictor import FORCED_ROUTES, OnnxPredictor, Predictions, TorchPredictor, take_texts
from ..models.quantized import imitated_int8
from ..run import cpu_name
from ..runtime.artifact import open_session
from .artifact import TrainedGuard
from .parity import accuracy_of, choose_rows, compare
from .products import Precision

log = logging.getLogger(__name__)

MAX_INT8_MB = 80.0
BATCH_SIZE = 32
MAX_TORCH_ROWS = 500  # torch is slow one text at a time, and the FP32 file differs from it by rounding only


def route_sessions(path: Path, num_threads: int = 1) -> dict[str, onnxruntime.InferenceSession]:
    """A session of the exported file for each route, with a routing threshold that always takes that route."""
    return {route: open_session(path, num_threads, threshold) for route, threshold in FORCED_ROUTES.items()}


def measure_artifact(guard: TrainedGuard, files: dict[Precision, Path], candidates: Sequence[Example]) -> dict[str, Any]:
    """The content of optimization.json: files, the rows chosen of the candidates, parity and accuracy on them, latency.

    Parity is that of FP32 with torch, of every other file with FP32, of INT8 with the arithmetic that quantisation-aware training
    imitates, and of INT8 in batches with INT8 one text at a time: activations are scaled per batch, so a text's score depends
    a little on its neighbours there.
    """
    cfg, calibration = guard.cfg, guard.calibration
    workers = cfg.run.num_threads or os.cpu_count() or 1
    fp32 = OnnxPredictor.from_file(
        files["fp32"], batch_size=BATCH_SIZE, workers=workers
    )  # FP32 scores do not depend on the batch
    rows = choose_rows(candidates, partial(fp32.predict, desc="parity: fp32"), calibration, cfg.eval.parity_rows)
    for shortfall in rows.shortfalls(cfg.eval.parity_rows):
        log.warning(shortfall)
    scores: dict[str, Predictions] = {}
    throughput: dict[str, Any] = {}
    for precision, path in files.items():
        if precision != "fp32":
            predictor = OnnxPredictor.from_file(path, workers=workers)
            scores[precision], throughput[precision] = _predict_timed(predictor, rows.texts, precision)
    batched = OnnxPredictor.from_file(files["int8"], batch_size=BATCH_SIZE, workers=workers).predict(
        rows.texts, desc="parity: int8 in batches"
    )
    torch_texts = rows.texts[:MAX_TORCH_ROWS]
    live = TorchPredictor(guard.model, guard.tokenizer, calibration).predict(torch_texts, desc="parity: torch")
    with imitated_int8(guard.model):  # ranges are those of one prompt each, as they are served
        imitated = TorchPredictor(guard.model, guard.tokenizer, calibration).predict(torch_texts, desc="parity: imitated int8")
    parity: dict[str, Any] = {
        "fp32": {"reference": "torch", **compare(live, take_texts(rows.reference, slice(MAX_TORCH_ROWS)), calibration)},
        **{name: {"reference": "fp32", **compare(rows.reference, each, calibration)} for name, each in scores.items()},
        "int8_imitated": {
            "reference": "torch with fake quantisation",
            **compare(imitated, take_texts(scores["int8"], slice(MAX_TORCH_ROWS)), calibration),
        },
        "int8_batched": {"reference": "int8", **compare(scores["int8"], batched, calibration)},
    }
    return {
        "files": {path.name: {"size_mb": path.stat().st_size / 1e6, "precision": name} for name, path in files.items()},
        "rows": rows.describe(),
        "parity": parity | {"gate": cfg.eval.max_decision_flips},
        "accuracy": {name: accuracy_of(each, rows) for name, each in ({"fp32": rows.reference} | scores).items()},
        "latency": _measure_latency(guard, files) | {"conditions": conditions(num_threads=1)},
        "throughput": throughput
        | {
            "conditions": {
                "cpu": cpu_name(),
                "threads": workers,
                "batch_size": 1,
                "input": "the rows above, from text to scores, views included",
            }
        },
    }


def _predict_timed(predictor: OnnxPredictor, texts: Sequence[str], precision: Precision) -> tuple[Predictions, dict[str, float]]:
    """The predictions, one text at a time on each thread, and the throughput."""
    started = time.perf_counter()
    predictions = predictor.predict(texts, desc=f"parity: {precision}")
    return predictions, {"requests_per_second": len(texts) / (time.perf_counter() - started), "n": len(texts)}


def _measure_latency(guard: TrainedGuard, files: dict[Precision, Path]) -> dict[str, Any]:
    """precision -> route -> length -> times. The files are timed in turn, so that they share every noisy moment."""
    cfg = guard.cfg.model
    log.info("timing %d files, %d runs each per route and length", len(files), guard.cfg.eval.latency_runs)
    sessions = {f"{name} {route}": each for name, path in files.items() for route, each in route_sessions(path).items()}
    timed = measure_routes(
        sessions,
        [length for length in LENGTHS if length <= cfg.max_tokens],
        num_runs=guard.cfg.eval.latency_runs,
        chars_per_token=cfg.chars_per_token,
        vocab_size=cfg.vocab_size,
    )
    return {name: {route: timed[f"{name} {route}"] for route in FORCED_ROUTES} for name in files}


def check_gates(measured: dict[str, Any]) -> None:
    """Raise GateError when a file that is served by default decides differently too often, or INT8 is too large.

    INT4 is served only where it was asked for by name, and its weights are not trained for: it is measured and not gated.
    """
    allowed, n = measured["parity"]["gate"], measured["rows"]["n"]
    for name, file in measured["files"].items():
        precision, size = file["precision"], file["size_mb"]
        flips = measured["parity"][precision]["decision_flips"]
        if precision == "int8" and size > MAX_INT8_MB:
            raise GateError(
                f"{name} has {size:.1f} MB, the limit is {MAX_INT8_MB:g} MB; lower model.num_experts or model.d_model"
            )
        if precision != "int4" and flips > allowed:
            advice = "train longer with quantization.start_epoch in force"
            if precision == "int8_reduced":
                advice += ", or leave the file out of export.variants"
            raise GateError(
                f"{name} and its reference decide differently on {100 * flips:.2f}% of n={n} texts, the gate is "
                f"{100 * allowed:g}%; {advice}"
            )
