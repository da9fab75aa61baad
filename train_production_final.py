"""Train TinyGuardrail, calibrate its thresholds on the validation sources and report test metrics.

    python train_production_final.py --config configs/quick.yaml
    python train_production_final.py --output_dir outputs/production_final --epochs 5 --use_wandb
    python train_production_final.py --config configs/cpu.yaml data.local_dir=DIR model.d_model=384
    python train_production_final.py --config configs/cpu.yaml data.local_dir=DIR --dry_run

The same command resumes an interrupted run from its last checkpoint. To resume with other values:

    python train_production_final.py --config configs/quick.yaml --allow_config_change train.epochs=8
"""

from src.cli import overrides_of, run_main, script_parser
from src.config import DRY_RUN_PRESET, load_config
from src.data.mixture import build_splits
from src.files import write_json
from src.models.backbone import load_guard_tokenizer
from src.reporting.metrics_writer import check_sinks
from src.run import RunPaths, in_dry_run_directory, record_run, start_run
from src.training.finish import calibrate_and_test
from src.training.resume import discard_run, discard_weights
from src.training.search import apply_best
from src.training.start import start_model
from src.training.trainer import Trainer

FLAGS = {"output_dir": "run.output_dir", "epochs": "train.epochs", "batch_size": "train.batch_size", "seed": "run.seed"}
SWITCHES = {"use_wandb": "logging.wandb"}


def main() -> None:
    parser = script_parser(__doc__, FLAGS, SWITCHES)
    parser.add_argument(
        "--dry_run",
        action="store_true",
        help="run everything on few rows in a minute, in the dry_run directory (configs/dry_run.yaml on top of the presets)",
    )
    parser.add_argument("--restart", action="store_true", help="discard an earlier run in --output_dir")
    parser.add_argument("--use_hpo", action="store_true", help="use the values of hpo/best_hyperparameters.json")
    parser.add_argument(
        "--allow_config_change",
        nargs="+",
        default=[],
        metavar="KEY",
        help="config keys, or key=value, that may differ from those of the resumed run in --output_dir",
    )
    args = parser.parse_intermixed_args()
    new_values = [word for word in args.allow_config_change if "=" in word]
    presets = [*(args.config or ()), *([DRY_RUN_PRESET] if args.dry_run else [])]
    words = overrides_of(args, FLAGS, SWITCHES) + new_values
    cfg = load_config(presets, words)
    if args.use_hpo:
        cfg = apply_best(cfg, RunPaths.of(cfg), words)
    if args.dry_run:
        cfg = in_dry_run_directory(cfg)
    with start_run(cfg) as paths:
        check_sinks(cfg.logging)
        if args.restart or args.dry_run:
            discard_run(paths)
        splits = build_splits(cfg)
        tokenizer = load_guard_tokenizer(cfg.model)
        trainer = Trainer(
            cfg,
            start_model(cfg.model),
            tokenizer,
            splits.train,
            splits.val,
            paths,
            allow_config_change=[word.partition("=")[0] for word in args.allow_config_change],
        )
        trainer.restore()  # refuses a directory that holds another run before anything in it is overwritten
        record_run(cfg, paths)
        write_json(paths.manifest_json, splits.manifest)
        trainer.fit()
        if trainer.accelerator.is_main_process:
            calibrate_and_test(paths, splits, cfg)
            if args.dry_run:
                discard_weights(paths)  # a gigabyte that nothing reads


if __name__ == "__main__":
    run_main(main)
