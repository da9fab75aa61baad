"""Reading what the stages wrote: report, figures, model card and tables take the same files, of the same schema."""

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

BENCHMARK_SCHEMA = 3  # of benchmark_results.json, docs/benchmark_results.md


@dataclass(frozen=True)
class Source:
    """A file of a run: where RunPaths has it, and the script, with the arguments that it cannot do without, that writes it."""

    attribute: str
    script: str
    inside: str | None = None  # the file, where the attribute is a directory
    arguments: str = ""
    output_flag: str = ""  # of the directory that the file lies in

    def path(self, paths: RunPaths) -> Path:
        place = getattr(paths, self.attribute)
        return place / self.inside if self.inside else place

    @property
    def command(self) -> str:
        return f"python {self.script} {self.arguments}".rstrip()

    def words(self, paths: RunPaths) -> list[str]:
        """The command without its interpreter, with the places of a run for RUN and RESULTS."""
        places = {"RUN": str(paths.root), "RESULTS": str(paths.results)}
        parts = [word.partition("/") for word in shlex.split(self.arguments)]
        words = [self.script, *("".join((places.get(head, head), *rest)) for head, *rest in parts)]
        return [*words, self.output_flag, str(self.path(paths).parent)] if self.output_flag else words


TRAINING = "train_production_final.py"
OF_EXPORTED = "--model_path RUN/optimized"
# What ./run_end_to_end.sh leaves.
SOURCES: dict[str, Source] = {
    "environment": Source("environment_json", TRAINING),
    "manifest": Source("manifest_json", TRAINING),
    "final_metrics": Source("final_metrics_json", TRAINING),
    "epochs": Source("training_metrics_csv", TRAINING),
    "hpo": Source("hpo", "hyperparameter_optimization.py", "best_hyperparameters.json"),
    "benchmarks": Source("benchmarks", "evaluate_benchmarks.py", "benchmark_results.json", OF_EXPORTED, "--output_dir"),
    "errors": Source("benchmarks", "evaluate_benchmarks.py", "errors.json", OF_EXPORTED, "--output_dir"),
    "optimization": Source(
        "optimization_json", "optimize_model.py", arguments="--model_path RUN/best_model.pth", output_flag="--output_dir"
    ),
    "dry_run": Source("dry_run", "dry_run.py", "dry_run_report.json"),
}
# What scripts measure beside it.
STUDIES: dict[str, Source] = {
    "evasion": Source("evasion_json", "scripts/measure_evasion.py", arguments=f"--attacks JSONL --harmless JSONL {OF_EXPORTED}"),
    "attack": Source("attack_json", "scripts/attack_guard.py", arguments=OF_EXPORTED),
    "peers": Source("baselines", "scripts/compare_baselines.py", "benchmark_results.json", OF_EXPORTED, "--output_dir"),
    "latency": Source("latency_json", "benchmarks/latency.py", arguments=f"{OF_EXPORTED} --output RESULTS/latency.json"),
}
BENCHMARK_FILES = ("benchmarks", "peers")


def read_run(paths: RunPaths, sources: Mapping[str, Source]) -> dict[str, Any]:
    """The files of a run under the names in `sources`; those that are not there are under `missing`, with what writes them.

    Raises DataError for a file that is there and cannot be parsed, and for benchmark results of another schema.
    """
    found: dict[str, Any] = {"missing": {}}
    for name, source in sources.items():
        path = source.path(paths)
        if not path.is_file():
            found["missing"][name] = f"{path} is missing; {source.script} writes it"
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                found[name] = list(csv.DictReader(file))
        else:
            found[name] = read_benchmarks(path) if name in BENCHMARK_FILES else read_results(path)
    return found


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
    found = results.get("schema") if isinstance(results, dict) else None
    if found != BENCHMARK_SCHEMA:
        raise DataError(
            f"{path}: expected benchmark results of schema {BENCHMARK_SCHEMA}, found {found}; run evaluate_benchmarks.py again"
        )
    return results
