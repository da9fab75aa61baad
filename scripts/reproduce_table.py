"""Reproduce table 1, 2 or 3 of scripts/make_tables.py: print the commands with their inputs and outputs, or run them.

    python scripts/reproduce_table.py 1 --output_dir outputs/release
    python scripts/reproduce_table.py 2 --run --output_dir outputs/release
    python scripts/reproduce_table.py 3 --run --config configs/quick.yaml --output_dir outputs/again

The second example measures a trained guard. The third one first trains a guard, with the arguments of train_production_final.py.
A result is not measured again if it exists for the commit of this checkout, the run's manifest.json and the run's configuration.
If a command is run, the commands that follow from it are run, too. The comparison with guards in packages needs a run with
data.local_dir, and is left out of others. The first command that fails ends the script; the same call
then resumes with that command.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from src.cli import overrides_of, run_main, script_parser
from src.config import Config, describe_difference, differing_keys, from_dict, load_config, read_yaml, to_dict
from src.errors import ConfigError, GuardrailError
from src.reporting.paper_tables import TABLE_NEEDS, TABLE_SOURCES, paper_tables, tables_markdown
from src.reporting.references import load_published
from src.reporting.reproduction import TRAIN, Step, reason_to_run, steps_of, trained_at
from src.reporting.results import read_run
from src.run import RunPaths

ROOT = Path(__file__).resolve().parents[1]
FLAGS = {"output_dir": "run.output_dir"}


def main() -> None:
    which = argparse.ArgumentParser(add_help=False)
    which.add_argument("table", type=int, choices=sorted(TABLE_NEEDS), help="1: systems, 2: attacks, 3: size and speed")
    parser = script_parser(__doc__, FLAGS, parents=[which])
    parser.add_argument(
        "--run", action="store_true", help="run the commands that are not done; without --run, nothing is run or written"
    )
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), overrides_of(args, FLAGS))
    paths = RunPaths.of(cfg)
    words = [word for config in args.config or () for word in ("--config", str(config))] + args.overrides
    if paths.config_yaml.is_file():
        cfg = config_of_run(paths, cfg if words else None)
        words = words or ["--config", str(paths.config_yaml)]
    is_later = False  # whether a command before this one is run: files that exist are then out of date
    for number, step in enumerate(steps_of(args.table, paths, cfg, words), 1):
        reason = "what it reads is made anew" if is_later else reason_to_run(step, paths)
        print_step(number, step, reason, paths)
        if step.lacks is not None:
            continue
        is_later = is_later or reason is not None
        if args.run and reason is not None:
            execute(step)
    if args.run:
        table = paper_tables(read_run(paths, TABLE_SOURCES), load_published())[args.table - 1]
        print(f"\n{tables_markdown([table])}")


def config_of_run(paths: RunPaths, requested: Config | None) -> Config:
    """The configuration that the directory was trained with. Raises ConfigError where another one was asked for."""
    run_config = from_dict(read_yaml(paths.config_yaml))
    differing = differing_keys(to_dict(run_config), to_dict(requested)) if requested else {}
    if differing:
        differences = "; ".join(describe_difference(key, *values) for key, values in list(differing.items())[:3])
        raise ConfigError(
            f"{paths.root} holds a run of another configuration ({differences}). Leave the presets and values out to reproduce "
            "its tables, or choose another --output_dir"
        )
    return run_config


def print_step(number: int, step: Step, reason: str | None, paths: RunPaths) -> None:
    done = f"trained at {trained_at(paths)}" if step.name == TRAIN else "measured at this commit, on these data"
    state = f"to run, {reason}" if reason else f"done, {done}"
    if step.lacks is not None:
        state = f"left out, it needs {step.lacks}"
    print(f"{number}. {step.name}: {state}")
    print(f"   {step.command}")
    print(f"   reads {', '.join(step.reads)}; writes {step.writes}", flush=True)


def execute(step: Step) -> None:
    """Raises GuardrailError, which names the command, where it fails or leaves no file."""
    status = subprocess.run([sys.executable, str(ROOT / step.words[0]), *step.words[1:]], check=False).returncode
    if status != 0 or not step.writes.is_file():
        failure = f"exit status {status}" if status else f"no {step.writes}"
        raise GuardrailError(
            f"{step.name} failed ({failure}): {step.command}\nwhat is done is kept: the same call goes on with this"
        )


if __name__ == "__main__":
    run_main(main)
