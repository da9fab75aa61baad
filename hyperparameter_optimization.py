"""Search hyperparameters with Optuna. The objective is validation recall at the FPR budget (1% by default).

    python hyperparameter_optimization.py --config configs/quick.yaml
    python hyperparameter_optimization.py --n_trials 50
    python hyperparameter_optimization.py --objectives recall latency
    python hyperparameter_optimization.py --storage postgresql+psycopg://USER@HOST/DATABASE

The study is stored in outputs/hpo/study.db or in --storage. The same command resumes it. Several processes with the same command
work on one study together (docs/hyperparameter_search.md). Training uses the best values only with `train_production_final.py
--use_hpo`.
"""

from src.cli import overrides_of, run_main, script_parser
from src.config import load_config
from src.data.mixture import build_splits
from src.models.backbone import load_guard_tokenizer
from src.run import RunPaths, log_to, seed_everything
from src.training.search import discard_study, run_search

FLAGS = {"output_dir": "run.output_dir", "n_trials": "search.n_trials", "timeout_s": "search.timeout_s"}


def main() -> None:
    parser = script_parser(__doc__, FLAGS)
    parser.add_argument("--storage", help="database URL, or the path of an Optuna journal; default: study.db of the run")
    parser.add_argument("--objectives", nargs="+", metavar="OBJECTIVE", help="recall, or: recall latency")
    parser.add_argument("--restart", action="store_true", help="discard the trials of an earlier study")
    args = parser.parse_intermixed_args()
    # `--objectives a b key=value`: argparse gives the words after --objectives to it, overrides among them.
    objectives = [word for word in args.objectives or () if "=" not in word]
    args.overrides += [word for word in args.objectives or () if "=" in word]
    objective_overrides = [f"search.objectives=[{','.join(objectives)}]"] if objectives else []
    cfg = load_config(args.config or (), objective_overrides + overrides_of(args, FLAGS))
    paths = RunPaths.of(cfg)
    with log_to(paths.hpo / "hpo.log"):
        seed_everything(cfg)
        if args.restart:
            discard_study(paths, args.storage)
        run_search(cfg, load_guard_tokenizer(cfg.model), build_splits(cfg), paths, args.storage)


if __name__ == "__main__":
    run_main(main)
