"""Flags that several subcommands share."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from ..policy import DEFAULT_POLICY, POLICIES, Policy
from ..runtime import Guard
from ..runtime.artifact import ONNX_FILES, RELEASE
from ..runtime.plan import MAX_CHARS, MAX_WINDOWS


def add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        type=Path,
        default=RELEASE,
        metavar="DIR",
        help="an exported directory, or a run that contains one; default: release/",
    )
    parser.add_argument("--precision", choices=sorted(ONNX_FILES), help="default: the INT8 file that suits this CPU")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--allow_dry_run", action="store_true", help="serve the model of a dry run, which guards nothing")


def add_verdict(parser: argparse.ArgumentParser) -> None:
    """Flags of the model, the policy, the threshold and the limits of a verdict."""
    add_model(parser)
    parser.add_argument("--policy", choices=POLICIES, help=f"default: {DEFAULT_POLICY}; full also counts plain harmful requests")
    parser.add_argument("--threshold", type=float, help="alarm threshold in [0, 1]; default: the threshold of the FPR budget")
    parser.add_argument("--fpr_budget", type=float, help="FPR for which the threshold was fitted, as a share, such as 0.01")
    parser.add_argument(
        "--max_chars",
        type=int,
        default=MAX_CHARS,
        help="character limit per text; of a longer text, the beginning and end are read",
    )
    parser.add_argument(
        "--max_windows",
        type=int,
        default=MAX_WINDOWS,
        help="window limit per text; the most telling windows are read; a window on the deep branch counts as three",
    )


@contextlib.contextmanager
def config_errors() -> Iterator[None]:
    """The runtime raises ValueError for arguments out of range; on a command line they are mistakes of the user."""
    try:
        yield
    except ValueError as error:
        raise ConfigError(str(error)) from error


def load_model(args: argparse.Namespace, **options: Any) -> Guard:
    """The guard of `add_model`. Raises ArtifactError, and ConfigError for values out of range."""
    file = args.precision and ONNX_FILES[args.precision]
    with config_errors():
        return Guard.load(args.model, num_threads=args.threads, file=file, allow_dry_run=args.allow_dry_run, **options)


def load_guard(args: argparse.Namespace, policy: Policy | None = None) -> tuple[Guard, float]:
    """The guard of `add_verdict`, under `policy` where that is given, and its alarm threshold. Errors as `load_model`."""
    policy = policy or args.policy or DEFAULT_POLICY
    guard = load_model(args, policy=policy, max_chars=args.max_chars, max_windows=args.max_windows)
    with config_errors():
        return guard, guard.threshold_for(args.threshold, args.fpr_budget)
