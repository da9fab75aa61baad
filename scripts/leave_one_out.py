"""Train once for each left-out source or transform. Measure the guard on the rows that it never saw.

    python scripts/leave_one_out.py --names written_agentic flip/fcs --config configs/quick.yaml
    python scripts/leave_one_out.py --names deepset_train neuralchemy_attacks --config configs/cpu.yaml data.local_dir=DIR \\
        train.max_steps=600

Every cell is a run of train_production_final.py with `data.left_out=[NAME]` in a directory of its own. A killed cell resumes from
its checkpoint; a finished cell is not repeated. One more cell leaves nothing out. It scores the same rows after training on their
source; this is an upper bound and does not measure performance on anything new. Thresholds come from the validation sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from src.cli import run_main, script_parser
from src.config import Config, load_config, to_dict
from src.data.mixture import build_splits
from src.data.sources import left_out_name
from src.errors import ConfigError, DataError
from src.evaluation.benchmarks import build_benchmarks
from src.evaluation.predictor import TorchPredictor
from src.evaluation.runner import run_benchmarks
from src.files import read_json, write_json
from src.run import RunPaths, log_to, provenance
from src.training.cells import train_cell

REFERENCE = "nothing"  # the cell that leaves nothing out
INTERVALS = tuple(f"{rate}_{kind}" for rate in ("recall", "fpr") for kind in ("interval", "clustered_interval"))
FIGURES = ("recall", "fpr", "auc", "recall_at_budget", *INTERVALS)


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--names", nargs="+", required=True, help="sources, or transforms such as flip/fcs")
    parser.add_argument("--output_path", type=Path, help="default: leave_one_out.json in the run's results directory")
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), args.overrides)
    if any(word.startswith("data.left_out=") for word in args.overrides):  # a preset's own are replaced
        raise ConfigError("data.left_out is set by this script; name what to leave out with --names")
    if len(set(args.names)) < len(args.names):
        raise ConfigError(f"--names: expected every name once, got {' '.join(args.names)}")
    base = Path(cfg.run.output_dir) / "leave_one_out"
    cells = {}
    with log_to():
        rows = benchmarks_of(load_cell(args, base, REFERENCE, args.names))  # the same rows for every cell
        for left_out in (REFERENCE, *args.names):
            cells[left_out] = run_cell(args, base, left_out, args.names if left_out == REFERENCE else [left_out], rows)
    results = {name: {"left_out": cells[name][name], "trained_on": cells[REFERENCE][name]} for name in args.names}
    output = args.output_path or RunPaths.of(cfg).leave_one_out_json
    reference = RunPaths.of(load_cell(args, base, REFERENCE, args.names)).best_model
    write_json(output, {**provenance(cfg, reference), "cells": results})
    print_table(results)


def load_cell(args: Any, base: Path, cell: str, left_out: Sequence[str]) -> Config:
    directory = base / cell.replace("/", "_")
    return load_config(
        args.config or (), [*args.overrides, f"data.left_out=[{','.join(left_out)}]", f"run.output_dir={directory}"]
    )


def benchmarks_of(cfg: Config) -> dict[str, Any]:
    """Name -> benchmark of everything that the configuration leaves out.

    Raises DataError, before anything is trained, for what has no rows to measure.
    """
    available = {each.name: each for each in build_benchmarks(build_splits(cfg), cfg)}
    benchmarks = {}
    for name in cfg.data.left_out:
        # Without reserved payloads there is one record for all transforms.
        benchmark = available.get(left_out_name(name)) or available["generated"]
        if benchmark.reason is not None:
            raise DataError(f"nothing to measure {name!r} on: {benchmark.reason}")
        benchmarks[name] = benchmark
    return benchmarks


def run_cell(args: Any, base: Path, cell: str, names: Sequence[str], rows: dict[str, Any]) -> dict[str, Any]:
    """Train the cell unless it is done; name -> figures on the rows of each of `names`, scored again where a figure is missing.

    Raises ConfigError when its directory has figures of another configuration.
    """
    cfg = load_cell(args, base, cell, [] if cell == REFERENCE else [cell])
    paths = RunPaths.of(cfg)
    figures_path = paths.root / "left_out.json"
    if figures_path.is_file():
        earlier = read_json(figures_path)
        if earlier.get("config") != to_dict(cfg):
            raise ConfigError(
                f"{figures_path} is of another configuration; choose another run.output_dir, or delete {paths.root}"
            )
        if all(set(FIGURES) <= earlier["figures"].get(name, {}).keys() for name in names):
            return earlier["figures"]
    words = [f"data.left_out=[{','.join(cfg.data.left_out)}]", f"run.output_dir={cfg.run.output_dir}"]
    train_cell(f"without {cell}", args.config or (), [*args.overrides, *words])
    guard = TorchPredictor.from_checkpoint(paths.best_model, batch_size=cfg.eval.batch_size, imitate_int8=True)
    benchmarks = [rows[name] for name in names]
    results = run_benchmarks(
        benchmarks, [guard], {guard.name: guard.calibration}, paths.root / "left_out", cfg, show_progress=True
    )
    figures_by_name = {}
    for name, benchmark in zip(names, benchmarks, strict=True):
        record = results["benchmarks"][benchmark.name]
        figures = record["results"][guard.name]["policies"][record["policy"]]
        figures_by_name[name] = {"policy": record["policy"], **{key: figures[key] for key in ("n_attack", "n_benign", *FIGURES)}}
    write_json(figures_path, {"config": to_dict(cfg), "figures": figures_by_name})
    return figures_by_name


def print_table(results: dict[str, Any]) -> None:
    print(f"{'left out':32}{'policy':>10}{'attacks':>9}{'benign':>8}{'recall':>9}{'trained':>9}{'FPR':>8}{'trained':>9}")
    for name, cell in results.items():
        out, trained = cell["left_out"], cell["trained_on"]
        cells = "".join(
            f"{'' if each[key] is None else f'{100 * each[key]:.1f}%':>{width}}"
            for key, width in (("recall", 9), ("fpr", 8))
            for each in (out, trained)
        )
        print(f"{name:32}{out['policy']:>10}{out['n_attack']:>9,}{out['n_benign']:>8,}{cells}")
    print("trained: the same rows scored by a guard that was trained on their source or transform")


if __name__ == "__main__":
    run_main(main)
