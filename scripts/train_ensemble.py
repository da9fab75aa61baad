"""Train several seeds of one configuration. Combine them into one model of the same size in two ways: a soup and a student.

    python scripts/train_ensemble.py --seeds 42 43 44 --config configs/quick.yaml --output_dir outputs/ensemble
    python scripts/train_ensemble.py --config configs/cpu.yaml --output_dir outputs/ensemble data.local_dir=DIR --no-student

soup_42_43/best_model.pth has the mean of the weights of these seeds. A soup starts from the best seed and grows by one seed at a
time. A seed stays if recall on the validation sources rises (a greedy soup). The last line of the output names the best of seeds
and soups.

student/best_model.pth is trained like a seed, on the labels and on the mean P(attack) of all seeds for its training windows
(distill.weight, distill.temperature).

All models are ready for optimize_model.py. Every seed, and the student, is a run of train_production_final.py in a directory of
its own. A killed run resumes from its checkpoint; a finished run is not repeated. The script compares all models with the first
seed and with the mean prediction of all seeds. The comparison uses the validation sources and transforms of their attacks, never
an evaluation set. It is written to ensemble.json and ensemble.md.
"""

from __future__ import annotations

from argparse import BooleanOptionalAction
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from src.cli import overrides_of, run_main, script_parser
from src.config import Config, load_config
from src.data.mixture import Splits, build_splits
from src.errors import ConfigError
from src.evaluation.ablation import SERVED_VARIANT, AblationRows, compare_recall, compute_ablation_metrics
from src.files import write_json, write_text
from src.reporting.ablation_table import DEFAULT, ablation_markdown
from src.run import RunPaths, log_to, provenance
from src.training.cells import cell_scores, scores_of_model
from src.training.finish import calibrate_and_test
from src.training.soup import greedy_members, save_soup

FLAGS = {"output_dir": "run.output_dir"}
ENSEMBLE, SOUP, STUDENT = "ensemble", "soup", "student"


def main() -> None:
    parser = script_parser(__doc__, FLAGS)
    parser.add_argument(
        "--seeds", nargs="+", type=int, default=[42, 43, 44], help="default: 42 43 44; the student uses the first"
    )
    parser.add_argument("--student", action=BooleanOptionalAction, default=True, help="distil the seeds into a student")
    args = parser.parse_intermixed_args()
    configs, overrides, seeds = args.config or (), overrides_of(args, FLAGS), args.seeds
    cfg = load_config(configs, [*overrides, f"run.seed={seeds[0]}"])
    if len(set(seeds)) < 2 or len(set(seeds)) < len(seeds):
        raise ConfigError(f"--seeds: expected two or more different seeds, got {' '.join(map(str, seeds))}")
    if cfg.distill.teachers:
        raise ConfigError("distill.teachers is set by this script: the seeds are the teachers; leave it out")
    root = RunPaths.of(cfg).root
    run_paths = [RunPaths(root / f"seed_{seed}") for seed in seeds]
    models = [paths.best_model for paths in run_paths]
    teachers_override = f"distill.teachers=[{','.join(map(str, models))}]"
    with log_to(root / "ensemble.log"):
        splits = build_splits(cfg)
        rows = AblationRows.of(splits, rows=cfg.data.generated_rows, seed=cfg.data.seed)

        def scores_of(name: str, seed: int, directory: Path, *more: str) -> np.ndarray:
            words = [*overrides, f"run.seed={seed}", *more]
            return cell_scores(f"{name}, seed {seed}", configs, words, directory, rows)[SERVED_VARIANT]

        def compute_figures(scores: np.ndarray) -> dict[str, object]:
            against = compare_recall(scores, of_seeds[0], rows, cfg.eval.fpr_budget, cfg.data.seed)
            return {SERVED_VARIANT: compute_ablation_metrics(scores, rows, cfg.eval.fpr_budget) | {"against_default": against}}

        def recall(scores: np.ndarray) -> float:
            return float(compute_ablation_metrics(scores, rows, cfg.eval.fpr_budget)["recall"])

        of_seeds = [scores_of("seed", seed, paths.root) for seed, paths in zip(seeds, run_paths, strict=True)]
        number = f"mean of {len(seeds)}"
        soups: dict[str, np.ndarray] = {}

        def recall_of_mean(members: Sequence[int]) -> float:
            if len(members) == 1:
                return recall(of_seeds[members[0]])
            name = "_".join(str(seeds[member]) for member in members)
            soups[name] = scores_of_soup(cfg, name, [models[member] for member in members], splits, rows)
            return recall(soups[name])

        best_members = "_".join(str(seeds[member]) for member in greedy_members(len(seeds), recall_of_mean))
        changes: dict[str, list[str]] = {DEFAULT: [], ENSEMBLE: [], SOUP: []}
        cells = {
            DEFAULT: {str(seed): compute_figures(scores) for seed, scores in zip(seeds, of_seeds, strict=True)},
            ENSEMBLE: {number: compute_figures(np.mean(of_seeds, axis=0))},
            SOUP: {name: compute_figures(scores) for name, scores in soups.items()},
        }
        if args.student:
            changes[STUDENT] = [teachers_override]
            cells[STUDENT] = {str(seeds[0]): compute_figures(scores_of(STUDENT, seeds[0], root / STUDENT, teachers_override))}

    best = root / (f"{SOUP}_{best_members}" if best_members in soups else f"seed_{best_members}")
    record = {**provenance(cfg, models[0]), "changes": changes, "cells": cells, "best": str(best)}
    write_json(root / "ensemble.json", record)
    write_text(root / "ensemble.md", ablation_markdown({"changes": changes, "cells": cells}))
    print((root / "ensemble.md").read_text(encoding="utf-8"))
    print(f"best recall on the validation sources, of seeds and soups: {best / 'best_model.pth'}")


def scores_of_soup(cfg: Config, name: str, models: Sequence[Path], splits: Splits, rows: AblationRows) -> np.ndarray:
    """P(attack) (N,) of the soup of `models`, which is made, calibrated and tested first."""
    cfg = replace(cfg, run=replace(cfg.run, output_dir=str(RunPaths.of(cfg).root / f"{SOUP}_{name}")))

    def make() -> None:
        calibrate_and_test(save_soup(models, RunPaths.of(cfg).root), splits, cfg)

    return scores_of_model(cfg, rows, make, dependencies=[path.parent.name for path in models])[SERVED_VARIANT]


if __name__ == "__main__":
    run_main(main)
