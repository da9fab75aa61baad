"""Read the result files of the stages, for the report, figures, model card and tables."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..run import RunPaths

QUANTILES_KEY = "quantiles_ms"  # of optimization.json and latency.json: the quantiles 1% to 99% of times
BENCHMARK_SCHEMA = 3  # version of benchmark_results.json, see docs/benchmark_results.md


@dataclass(frozen=True)
class Source:
    """A file of a run: its attribute of RunPaths, and the script that writes it, with the required arguments."""

    attribute: str
    script: str
    inside: str | None = None  # name of the file if the attribute is a directory
    arguments: str = ""
    output_flag: str = ""  # flag of the script for the directory of the file
    mode: str = ""  # flag that makes the script write this file instead of others

    def path(self, paths: RunPaths) -> Path:
        place = getattr(paths, self.attribute)
        return place / self.inside if self.inside else place

    @property
    def command(self) -> str:
        return f"python {self.writer} {self.arguments}".rstrip()

    @property
    def writer(self) -> str:
        """The script, with the flag that makes it write this file."""
        return f"{self.script} {self.mode}".rstrip()

    def words(self, paths: RunPaths) -> list[str]:
        """The command without its interpreter; RUN and RESULTS are replaced by directories of the run."""
        places = {"RUN": str(paths.root), "RESULTS": str(paths.results)}
        parts = [word.partition("/") for word in shlex.split(self.arguments)]
        words = [*shlex.split(self.writer), *("".join((places.get(head, head), *rest)) for head, *rest in parts)]
        return [*words, self.output_flag, str(self.path(paths).parent)] if self.output_flag else words


TRAINING = "train_production_final.py"
MODEL_PATH_ARGUMENT = "--model_path RUN/optimized"
# Files that ./run_end_to_end.sh writes.
SOURCES: dict[str, Source] = {
    "environment": Source("environment_json", TRAINING),
    "manifest": Source("manifest_json", TRAINING),
    "final_metrics": Source("final_metrics_json", TRAINING),
    "epochs": Source("training_metrics_csv", TRAINING),
    "hpo": Source("hpo", "hyperparameter_optimization.py", "best_hyperparameters.json"),
    "benchmarks": Source("benchmarks", "evaluate_benchmarks.py", "benchmark_results.json", MODEL_PATH_ARGUMENT, "--output_dir"),
    "errors": Source("benchmarks", "evaluate_benchmarks.py", "errors.json", MODEL_PATH_ARGUMENT, "--output_dir"),
    "optimization": Source(
        "optimization_json", "optimize_model.py", arguments="--model_path RUN/best_model.pth", output_flag="--output_dir"
    ),
    "dry_run": Source("dry_run", "dry_run.py", "dry_run_report.json"),
}
# Files that other scripts write.
STUDIES: dict[str, Source] = {
    "evasion": Source(
        "evasion_json", "scripts/measure_evasion.py", arguments=f"--attacks JSONL --harmless JSONL {MODEL_PATH_ARGUMENT}"
    ),
    "attack": Source("attack_json", "scripts/attack_guard.py", arguments=MODEL_PATH_ARGUMENT),
    "baselines": Source(
        "baselines", "scripts/compare_baselines.py", "benchmark_results.json", MODEL_PATH_ARGUMENT, "--output_dir"
    ),
    "peers": Source(
        "baselines", "scripts/compare_baselines.py", "peers.json", MODEL_PATH_ARGUMENT, "--output_dir", mode="--peers"
    ),
    "latency": Source("latency_json", "benchmarks/latency.py", arguments=f"{MODEL_PATH_ARGUMENT} --output RESULTS/latency.json"),
    "leave_one_out": Source(
        "leave_one_out_json", "scripts/leave_one_out.py", arguments="--names SOURCE_OR_TRANSFORM --config RUN/config.yaml"
    ),
}
BENCHMARK_FILES = ("benchmarks", "baselines")


def read_run(paths: RunPaths, sources: Mapping[str, Source]) -> dict[str, Any]:
    """The files of a run under the names in `sources`; absent ones are under `missing`, with the script that writes them.

    Raises DataError for a file that is there and cannot be parsed, and for benchmark results of another schema.
    """
    files: dict[str, Any] = {"missing": {}}
    for name, source in sources.items():
        path = source.path(paths)
        if not path.is_file():
            files["missing"][name] = f"{path} is missing; {source.writer} writes it"
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                files[name] = list(csv.DictReader(file))
        else:
            files[name] = read_benchmarks(path) if name in BENCHMARK_FILES else read_results(path)
    return files


def studies_not_run(paths: RunPaths) -> dict[str, str]:
    """Name -> the file that is missing and the command that writes it, for every study that this run lacks."""
    return {
        name: f"{source.path(paths)} is missing; python {shlex.join(source.words(paths))} writes it"
        for name, source in STUDIES.items()
        if not source.path(paths).is_file()
    }


def read_results(path: Path) -> Any:
    """The value of a JSON file. Raises DataError for one that cannot be parsed."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not valid JSON: {error}; run the stage that writes it again") from error


def read_benchmarks(path: Path) -> dict[str, Any]:
    """benchmark_results.json: the file, or the directory that it lies in.

    Raises DataError as `read_results`, for a file that is not there and for results of another schema.
    """
    path = path / "benchmark_results.json" if path.is_dir() else path
    if not path.is_file():
        raise DataError(f"no benchmark results at {path}; run evaluate_benchmarks.py for that model first")
    results = read_results(path)
    schema = results.get("schema") if isinstance(results, dict) else None
    if schema != BENCHMARK_SCHEMA:
        raise DataError(
            f"{path}: expected benchmark results of schema {BENCHMARK_SCHEMA}, found {schema}; run evaluate_benchmarks.py again"
        )
    return results
