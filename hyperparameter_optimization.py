"""Search hyperparameters with Optuna: the objective is validation recall at the FPR budget (1% by default).

    python hyperparameter_optimization.py --config configs/quick.yaml
    python hyperparameter_optimization.py --n_trials 50

The study is kept in outputs/hpo/study.db: the same command goes on where it stopped. The best values are used for
training only with `train_production_final.py --use_hpo`.
"""

from src.cli import overrides_of, run_main, script_parser
from src.config import load_config
from src.data.mixture import build_splits
from src.models.backbone import load_guard_tokenizer
from src.run import RunPaths, log_to, only_run_in, seed_everything
from src.training.search import discard_study, run_search

FLAGS = {"output_dir": "run.output_dir", "n_trials": "search.n_trials", "timeout_s": "search.timeout_s"}


def main() -> None:
    parser = script_parser(__doc__, FLAGS)
    parser.add_argument("--restart", action="store_true", help="discard the trials of an earlier study")
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), overrides_of(args, FLAGS))
    paths = RunPaths.of(cfg)
    with only_run_in(paths.hpo), log_to(paths.hpo / "hpo.log"):
        seed_everything(cfg)
        if args.restart:
            discard_study(paths)
        run_search(cfg, load_guard_tokenizer(cfg.model), build_splits(cfg), paths)


if __name__ == "__main__":
    run_main(main)
