"""Parsers of command lines: documented flags, then any `key=value`. Errors are printed without a traceback (src/errors.py)."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from .config import Config, load_config, override_config
from .errors import run_main

# OpenMP reads this when torch is loaded, which no stage does before this module. By default OpenMP threads spin while they wait
# for each other; when another process uses one of the cores, they wait most of the time: calibration took six times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__all__ = ["config_from_model", "overrides_of", "parse_config", "run_main", "script_parser"]


def script_parser(
    doc: str | None,
    flags: Mapping[str, str] = {},
    switches: Mapping[str, str] = {},
    parents: Sequence[argparse.ArgumentParser] = (),
) -> argparse.ArgumentParser:
    """A parser for `--flag value` (sets a config key), `--switch` (sets it true), `--config FILE` and `key=value`.

    Positional words before the first `key=value` are arguments of the `parents`.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter, parents=list(parents))
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


def config_from_model(args: argparse.Namespace, stored: dict[str, object]) -> Config:
    """The config stored with a model, with --config files and `key=value` words laid over it."""
    return override_config(stored, args.config or (), args.overrides)
