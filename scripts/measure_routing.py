"""Measure the router: recall against the share of texts sent to the deep branch, beside routing by length and at random.

    python scripts/measure_routing.py --model_path outputs/production_final/best_model.pth
    python scripts/measure_routing.py --model_path best_model.pth --output_dir results/routing data.local_dir=DIR

The script uses the validation sources, on which the router's threshold is fitted as well. The result shows whether the router
chooses the right texts, not how the guard generalises. Writes deferral.json and deferral.png.
"""

from __future__ import annotations

from pathlib import Path

from src.cli import config_from_model, run_main, script_parser
from src.data.mixture import build_splits
from src.errors import ConfigError
from src.evaluation.predictor import TorchPredictor, load_predictor
from src.evaluation.routing import deferral_curves, score_both_branches
from src.files import write_json
from src.reporting.routing_figures import write_deferral_figure
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to, provenance


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--model_path", type=Path, default=RunPaths(DEFAULT_OUTPUT_DIR).best_model, help="a checkpoint")
    parser.add_argument("--output_dir", type=Path, help="default: the results directory of the run")
    args = parser.parse_intermixed_args()
    guard, stored_config = load_predictor(args.model_path)
    if not isinstance(guard, TorchPredictor):
        raise ConfigError(f"--model_path {args.model_path}: expected a checkpoint, which has both branches on every text")
    cfg = config_from_model(args, stored_config)
    output = args.output_dir or RunPaths.of(cfg).results
    with log_to():
        val = build_splits(cfg).val
        fast, deep = score_both_branches(guard, [example.text for example in val], desc="scoring")
        curves = deferral_curves(fast, deep, val, budget=cfg.eval.fpr_budget, seed=cfg.data.seed)
        record = {
            "fpr_budget": cfg.eval.fpr_budget,
            "target_deep_fraction": cfg.router.target_deep_fraction,
            "n": len(val),
            "curves": curves,
            **provenance(cfg, args.model_path),
        }
        write_json(output / "deferral.json", record)
        write_deferral_figure(record, output / "deferral.png")
    print(f"recall at {cfg.eval.fpr_budget:.1%} FPR on {len(val):,} validation rows, by share of texts sent deep")
    print(f"{'share':>6}" + "".join(f"{name:>10}" for name in curves))
    for index, point in enumerate(curves["learned"]):
        recalls = [curve[index]["recall"] for curve in curves.values()]
        print(f"{point['deep_share']:>6.0%}" + "".join(f"{'' if r is None else f'{r:.1%}':>10}" for r in recalls))


if __name__ == "__main__":
    run_main(main)
