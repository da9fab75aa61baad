"""Find a learning rate with one short range test: the rate grows every step. Plot the loss against the rate.

    python scripts/find_learning_rate.py --config configs/quick.yaml
    python scripts/find_learning_rate.py --steps 200 --high 1e-2 --config configs/cpu.yaml data.local_dir=DIR

Writes learning_rate.csv and learning_rate.png to the results directory. Prints a tenth of the rate at which the loss was lowest.
This rate is a start for a search (hyperparameter_optimization.py) and does not replace one. The test validates nothing and keeps
no model.
"""

from __future__ import annotations

from src.cli import run_main, script_parser
from src.config import load_config
from src.data.mixture import build_splits
from src.errors import ConfigError
from src.files import write_text
from src.models.backbone import load_guard_tokenizer
from src.reporting.training_figures import write_learning_rate_figure
from src.run import RunPaths, log_to, seed_everything
from src.training.range_test import range_test, suggest_learning_rate
from src.training.start import start_model


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--low", type=float, default=1e-6, help="first learning rate (default 1e-6)")
    parser.add_argument("--high", type=float, default=1e-2, help="last learning rate, unless the loss diverges (default 1e-2)")
    parser.add_argument("--steps", type=int, default=100, help="optimiser steps, at most one epoch (default 100)")
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), args.overrides)
    results = RunPaths.of(cfg).results
    with log_to():
        seed_everything(cfg)
        splits = build_splits(cfg)
        model, tokenizer = start_model(cfg.model), load_guard_tokenizer(cfg.model)
        try:
            rates, losses = range_test(
                cfg, model, tokenizer, splits.train, splits.val, low=args.low, high=args.high, steps=args.steps
            )
        except ValueError as error:
            raise ConfigError(f"--low, --high, --steps: {error}") from error
    rows = "".join(f"{rate!r},{loss!r}\n" for rate, loss in zip(rates, losses, strict=True))
    write_text(results / "learning_rate.csv", f"learning_rate,smoothed_loss\n{rows}")
    figure = write_learning_rate_figure(rates, losses, results / "learning_rate.png")
    print(
        f"{len(rates)} steps up to {rates[-1]:.2g}; try optim.learning_rate={suggest_learning_rate(rates, losses):.2g} ({figure})"
    )


if __name__ == "__main__":
    run_main(main)
