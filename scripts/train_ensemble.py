"""Train several seeds of one configuration, score them together, and distil them into one model of the same size.

    python scripts/train_ensemble.py --seeds 42 43 44 --config configs/quick.yaml --output_dir outputs/ensemble
    python scripts/train_ensemble.py --config configs/cpu.yaml --output_dir outputs/ensemble data.local_dir=DIR distill.weight=2

Every seed, and the student, is a run of train_production_final.py in a directory of its own: a killed one goes on from its
checkpoint and a finished one is not repeated. The student is student/best_model.pth, ready for optimize_model.py; it learns from
the labels and from the mean P(attack) of the seeds on its training windows (distill.weight, distill.temperature). All are
compared on the validation sources and on transforms of their attacks, never on an evaluation set: ensemble.json, ensemble.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from src.cli import overrides_of, run_main, script_parser
from src.config import load_config, to_dict
from src.data.mixture import build_splits
from src.errors import ConfigError
from src.evaluation.ablation import OWN, AblationRows, difference_to, figures_of
from src.files import write_json, write_text
from src.reporting.ablation_table import DEFAULT, ablation_markdown
from src.run import RunPaths, log_to
from src.training.cells import cell_scores

FLAGS = {"output_dir": "run.output_dir"}
STUDENT = "student"


def main() -> None:
    parser = script_parser(__doc__, FLAGS)
    parser.add_argument("--seeds", nargs="+", type=int, default=[42, 43, 44], help="default: 42 43 44; the student has the first")
    args = parser.parse_intermixed_args()
    configs, overrides, seeds = args.config or (), overrides_of(args, FLAGS), args.seeds
    cfg = load_config(configs, overrides)
    if len(set(seeds)) < 2 or len(set(seeds)) < len(seeds):
        raise ConfigError(f"--seeds: expected two or more different seeds, got {' '.join(map(str, seeds))}")
    if cfg.distill.teachers:
        raise ConfigError("distill.teachers is set by this script: the seeds are the teachers; leave it out")
    root = RunPaths.of(cfg).root
    with log_to(root / "ensemble.log"):
        rows = AblationRows.of(build_splits(cfg), rows=cfg.data.generated_rows, seed=cfg.data.seed)

        def scores_of(name: str, seed: int, directory: Path, *more: str) -> np.ndarray:
            words = [*overrides, f"run.seed={seed}", *more]
            return cell_scores(f"{name}, seed {seed}", configs, words, directory, rows)[OWN]

        directories = [root / f"seed_{seed}" for seed in seeds]
        of_seeds = [scores_of("seed", seed, directory) for seed, directory in zip(seeds, directories, strict=True)]
        teachers = ",".join(str(RunPaths(directory).best_model) for directory in directories)
        change = f"distill.teachers=[{teachers}]"
        of_student = scores_of(STUDENT, seeds[0], root / STUDENT, change)

    def measured(scores: np.ndarray) -> dict[str, object]:
        against = difference_to(scores, of_seeds[0], rows, cfg.eval.fpr_budget, cfg.data.seed)
        return {OWN: figures_of(scores, rows, cfg.eval.fpr_budget) | {"against_default": against}}

    cells = {
        DEFAULT: {str(seed): measured(scores) for seed, scores in zip(seeds, of_seeds, strict=True)},
        "ensemble": {f"mean of {len(seeds)}": measured(np.mean(of_seeds, axis=0))},
        STUDENT: {str(seeds[0]): measured(of_student)},
    }
    record = {"config": to_dict(cfg), "changes": {DEFAULT: [], "ensemble": [], STUDENT: [change]}, "cells": cells}
    write_json(root / "ensemble.json", record)
    write_text(root / "ensemble.md", ablation_markdown(record))
    print((root / "ensemble.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    run_main(main)
