"""Flags of the service, for `python -m` and for the console command, which shows them where no HTTP server is installed."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", help="an exported directory or a run that has one; default: TINYGUARDRAIL_MODEL or release/")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 is every one of this machine")
    parser.add_argument("--port", type=int, default=8000, help="0 chooses a free one")
    parser.add_argument("--workers", type=int, default=1, help="processes, each with a guard of its own")


def check_arguments(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Ends the process with a usage message for values out of range."""
    if not args.host:  # the system would take it for every address, which nobody asked for
        parser.error("--host: expected an address, found an empty value; 127.0.0.1 is this machine alone, 0.0.0.0 every address")
    if not 0 <= args.port <= 65535:
        parser.error(f"--port: expected a number in [0, 65535], found {args.port}")
    if args.workers < 1:
        parser.error(f"--workers: expected at least 1, found {args.workers}")
