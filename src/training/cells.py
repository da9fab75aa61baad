"""Runs of train_production_final.py that differ in a few keys, for ablations and leave-one-out protocols."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ..config import Config, load_config, to_dict
from ..errors import ConfigError, GuardrailError
from ..evaluation.ablation import AblationRows, score_variants
from ..evaluation.predictor import TorchPredictor
from ..evaluation.score_cache import scores_key
from ..files import atomic_write, load_arrays
from ..run import RunPaths
from .precision import precision_of
from .quantization import ends_in_qat

SCORES_FILE, MADE_FROM = "scores.npz", "made_from"
REPO_ROOT = Path(__file__).resolve().parents[2]


def train_cell(name: str, configs: Sequence[Path], overrides: Sequence[str]) -> None:
    """Train, or go on from where a killed run of the same cell stopped, or return at once when it is finished.

    A cell is a process of its own, so its failure does not affect the next. Raises GuardrailError when it fails.
    """
    words = [word for config in configs for word in ("--config", str(config))]
    command = [sys.executable, str(REPO_ROOT / "train_production_final.py"), *words, *overrides]
    if subprocess.run(command, check=False).returncode != 0:
        raise GuardrailError(f"training of the cell {name!r} failed, see above; the same command goes on with this cell")


def cell_scores(
    name: str, configs: Sequence[Path], overrides: Sequence[str], directory: Path, rows: AblationRows
) -> dict[str, np.ndarray]:
    """Train a cell in `directory` unless its scores are there; P(attack) (N,) of every row of `rows.examples` by variant.

    Raises GuardrailError when training fails, ConfigError when the directory holds scores of other rows or another config.
    """
    overrides = [*overrides, f"run.output_dir={directory}"]
    return scores_of_model(load_config(configs, overrides), rows, lambda: train_cell(name, configs, overrides))


def scores_of_model(
    cfg: Config, rows: AblationRows, make: Callable[[], None], *, dependencies: Sequence[str] = ()
) -> dict[str, np.ndarray]:
    """P(attack) (N,) of every row of `rows.examples` by variant; `make` writes the run's best_model.pth unless it was scored.

    dependencies: what the model depends on beside `cfg`. Raises ConfigError when the directory holds scores of anything else.
    """
    paths = RunPaths.of(cfg)
    scores_path = paths.root / SCORES_FILE
    made_from = _hash_inputs(cfg, rows, dependencies)
    if not scores_path.is_file():
        make()
        guard = TorchPredictor.from_checkpoint(
            paths.best_model,
            imitate_int8=ends_in_qat(cfg),
            mixed_precision="bf16" if precision_of(cfg.train) == "bf16" else "no",
        )
        with atomic_write(scores_path) as partial, partial.open("wb") as file:
            np.savez(file, allow_pickle=False, **score_variants(guard, rows), **{MADE_FROM: np.array(made_from)})
    scores = load_scores(paths.root)
    if str(scores.pop(MADE_FROM, "")) != made_from:
        raise ConfigError(
            f"{scores_path} holds scores of another configuration or other rows; choose another run.output_dir or delete "
            f"{paths.root}"
        )
    return scores


def load_scores(cell: Path) -> dict[str, np.ndarray]:
    """The arrays of SCORES_FILE in the directory of a cell, MADE_FROM included. Raises DataError for a damaged file."""
    return load_arrays(cell / SCORES_FILE, f"delete {cell}, and the same command makes this cell again")


def _hash_inputs(cfg: Config, rows: AblationRows, dependencies: Sequence[str]) -> str:
    """Hash of everything that scores depend on: the configuration without its directories and log, the rows, `dependencies`."""
    values = to_dict(cfg)
    del values["logging"], values["run"]["output_dir"], values["run"]["name"], values["data"]["cache_dir"]
    return scores_key(json.dumps(values, sort_keys=True), [*(example.text for example in rows.examples), *dependencies])
