"""Parsers of command lines: documented flags, then any `key=value`. Errors are printed without a traceback (src/errors.py)."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from .config import Config, describe_difference, differing_keys, from_dict, load_config, override_config, to_dict
from .errors import ConfigError, run_main

# OpenMP reads this when torch is loaded, which no stage does before this module. By default OpenMP threads spin while they wait
# for each other; when another process uses one of the cores, they wait most of the time: calibration took six times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Of a finished guard: where the data are, how much is measured, and what is exported.
MEASURING_KEYS = (
    *("data.local_dir", "data.tables", "data.pint_path", "data.bipia_dir", "data.generated_rows", "export.", "run.num_threads"),
    *("eval.max_rows_per_benchmark", "eval.batch_size", "eval.gate_on_baseline", "eval.baseline_max_features"),
    *("eval.latency_runs", "eval.parity_rows", "eval.max_decision_flips"),
)
# Of an evaluation: other data, too; what the guard may have been trained on is then left out (`moved_rows`).
EVALUATION_KEYS = (*MEASURING_KEYS, "data.")
# What a calibration also decides.
FITTING_KEYS = (*MEASURING_KEYS, "eval.", "router.", "data.validation_rows", "data.validation_transformed")

__all__ = [
    "EVALUATION_KEYS",
    "FITTING_KEYS",
    "MEASURING_KEYS",
    "config_from_model",
    "moved_rows",
    "overrides_of",
    "parse_config",
    "run_main",
    "script_parser",
]


def script_parser(
    doc: str | None,
    flags: Mapping[str, str] = {},
    switches: Mapping[str, str] = {},
    parents: Sequence[argparse.ArgumentParser] = (),
    *,
    has_config: bool = True,
) -> argparse.ArgumentParser:
    """A parser for `--flag value` (sets a config key), `--switch` (sets it true), `--config FILE` and `key=value`.

    Positional words before the first `key=value` are arguments of the `parents`. has_config: whether the script reads a
    configuration; without, `--config` and `key=value` are errors.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter, parents=list(parents))
    if not has_config:
        return parser
    parser.add_argument(
        "--config", action="append", type=Path, metavar="YAML", help="preset; a repeated --config overrides earlier ones"
    )
    for flag, key in flags.items():
        parser.add_argument(f"--{flag}", metavar=key.split(".")[-1].upper(), help=f"same as {key}=…")
    for switch, key in switches.items():
        parser.add_argument(f"--{switch}", action="store_true", help=f"same as {key}=true")
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="any key of configs/base_config.yaml")
    return parser


def overrides_of(args: argparse.Namespace, flags: Mapping[str, str] = {}, switches: Mapping[str, str] = {}) -> list[str]:
    """The flags set on the command line, as overrides, followed by the `key=value` words."""
    from_flags = [f"{key}={getattr(args, flag)}" for flag, key in flags.items() if getattr(args, flag) is not None]
    from_flags += [f"{key}=true" for switch, key in switches.items() if getattr(args, switch)]
    return from_flags + list(args.overrides)


def parse_config(doc: str | None) -> Config:
    """The config of a script that has no other arguments."""
    args = script_parser(doc).parse_intermixed_args()
    return load_config(args.config or (), args.overrides)


def moved_rows(stored: dict[str, object], cfg: Config) -> list[str]:
    """The keys that differ and move rows between training and evaluation."""
    differing = differing_keys(to_dict(from_dict(dict(stored))), to_dict(cfg))
    return [key for key in differing if key.startswith("data.") and not key.startswith(MEASURING_KEYS)]


def config_from_model(args: argparse.Namespace, stored: dict[str, object], changeable: Sequence[str] = MEASURING_KEYS) -> Config:
    """The config stored with a model, with --config files and `key=value` words laid over it.

    changeable: the beginnings of the keys that may differ from the stored ones. Raises ConfigError for others, because the
    guard would be described by, or measured on, something that it was not trained with.
    """
    cfg = override_config(stored, args.config or (), args.overrides)
    differing = differing_keys(to_dict(from_dict(dict(stored))), to_dict(cfg))
    fixed = [describe_difference(key, *pair) for key, pair in differing.items() if not key.startswith(tuple(changeable))]
    if fixed:
        raise ConfigError(
            f"expected the values that the guard was trained with, found others ({'; '.join(fixed)}). Leave them out, or train "
            f"again with them; of a finished guard only these can change: {' '.join(changeable)}"
        )
    return cfg
