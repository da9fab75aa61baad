"""The outcome of a stage without times and paths: equal for two runs that computed the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from src.checkpoint import load_best_model
from src.files import read_json
from src.run import RunPaths

Outcome = dict[str, Any]
VOLATILE = {"environment", "seconds", "latency", "throughput", "tokens_per_second", "history", "started", "found", "minutes"}
# Keys that are compared after a kill: in a search, the trial that replaces a killed one draws other values.
SAME_AFTER_A_KILL = {"hpo": {"finished"}}


def outcome_of(stage: str, run: RunPaths, output: Path) -> Outcome:
    """Plain JSON values. Raises OSError, GuardrailError and KeyError where the stage did not leave what it should."""
    if stage == "check":
        return {"said": _without_log(output.read_text(encoding="utf-8"))}
    return _steady(OUTCOMES[stage](run))


def _steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _steady(each) for key, each in value.items() if key not in VOLATILE}
    return [_steady(each) for each in value] if isinstance(value, (list, tuple)) else value


def _dry_run(run: RunPaths) -> Outcome:
    return {"checks": read_json(run.dry_run / "dry_run_report.json")["checks"]}


def _hpo(run: RunPaths) -> Outcome:
    best = read_json(run.hpo / "best_hyperparameters.json")
    return {"best": best, "finished": sum(best["states"].get(state, 0) for state in ("complete", "pruned"))}


def _train(run: RunPaths) -> Outcome:
    best = load_best_model(run.best_model)
    return {
        "weights": _hash_tensors(best["model"]),
        "calibration": best["calibration"],
        "metrics": read_json(run.final_metrics_json),
    }


def _optimize(run: RunPaths) -> Outcome:
    return {"files": read_json(run.optimized / "config.json")["files"], "measured": read_json(run.optimization_json)}


def _benchmarks(directory: Path) -> Outcome:
    return {"benchmarks": read_json(directory / "benchmark_results.json")["benchmarks"]}


def _ablation(run: RunPaths) -> Outcome:
    return {"cells": read_json(run.ablations_json)["cells"]}


def _figures(run: RunPaths) -> Outcome:
    return {"figures": sorted(path.name for path in run.figures.iterdir() if path.stat().st_size and path.name[0] != ".")}


def _text(*names: str) -> Callable[[RunPaths], Outcome]:
    """Documents without their digits, which are times as well."""
    return lambda run: {name: re.sub(r"[\d.]+", "0", getattr(run, name).read_text(encoding="utf-8")) for name in names}


OUTCOMES: dict[str, Callable[[RunPaths], Outcome]] = {
    "dry_run": _dry_run,
    "hpo": _hpo,
    "train": _train,
    "optimize": _optimize,
    "ablation": _ablation,
    "benchmarks": lambda run: _benchmarks(run.benchmarks),
    "figures": _figures,
    "tables": _text("tables_md", "tables_tex"),
    "card": _text("model_card"),
    "report": _text("report_md"),
    "fp32": lambda run: _benchmarks(run.root / "fp32"),
    "student": lambda run: _train(RunPaths(run.root / "student")),
}


def _hash_tensors(tensors: dict[str, Any]) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        digest.update(name.encode() + tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def _without_log(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not re.match(r"\d\d:\d\d:\d\d |.*[Ww]arn", line))


def is_clear(output: str, name: str | None) -> bool:
    """Whether the output of a stopped stage has a line with the reason, no traceback, and the file's name if there is one."""
    says = re.search(r"^(configuration error|error|.*: error): \S", output, flags=re.MULTILINE)
    return bool(says) and "Traceback (most recent call last)" not in output and (name is None or name in output)
