"""Score the guard and every baseline in one run on the same benchmarks. Report the differences and how certain they are.

    python scripts/compare_baselines.py --model_path outputs/production_final/optimized
    python scripts/compare_baselines.py --model_path best_model.pth --baselines tfidf regex minilm --max_rows 200
    python scripts/compare_baselines.py --baselines promptguard2-22m=DIRECTORY another/guard#1
    python scripts/compare_baselines.py --peers --model_path DIRECTORY data.local_dir=DATA

A baseline is tfidf, regex, minilm (trained once, then loaded), a published guard (promptguard2-22m, promptguard2-86m,
protectai-v2, piguard, sentinel), NAME=DIRECTORY for a copy of one of these, or PLACE#INDEX for any text-classification model
whose class INDEX is the attack. If a baseline cannot be run, its row gives the reason. The configuration is the one that the
model was trained with; `key=value` changes it. An interrupted run resumes: trained baselines are kept, and scores are kept after
each benchmark. Writes comparison.json and the files of evaluate_benchmarks.py.

--peers compares the guard instead with guards that public packages ship, and reads files of DATA/eval only. Each guard is scored
at its own threshold and at the threshold with which it flags 1% of ordinary chat. The peers are not installed with this project
(requirements-peers.txt describes the installation). Each peer runs in a separate process without network. Writes peers.json and
peers.md.
"""

import argparse
import logging
import os
from dataclasses import asdict
from pathlib import Path

from src.cli import MEASURING_KEYS, config_from_model, run_main, script_parser
from src.config import Config, load_config
from src.data.mixture import build_splits
from src.errors import BaselineUnavailable, ConfigError
from src.evaluation.benchmarks import build_benchmarks
from src.evaluation.calibration import at_budget_of
from src.evaluation.comparison import ALL_BASELINES, Entrant, compare, parse_baseline_names
from src.evaluation.peers.catalogue import find_peers
from src.evaluation.peers.comparison import CHAT_FILES, OTHER_FILES, Contestant, compare_peers, load_files
from src.evaluation.peers.process import GuardScorer, PeerScorer
from src.evaluation.predictor import identity_of, load_predictor
from src.files import write_json, write_text
from src.reporting.baseline_table import baseline_table
from src.reporting.peer_table import peers_markdown
from src.run import DEFAULT_OUTPUT_DIR, RunPaths, log_to, provenance, seed_everything
from src.training.baselines import make_baseline

log = logging.getLogger("src.compare_baselines")

PEER_ROWS = 300


BASELINE_KEYS = (*MEASURING_KEYS, "train.", "optim.")  # how baselines are trained


def main() -> None:
    parser = script_parser(__doc__)
    default = RunPaths(DEFAULT_OUTPUT_DIR)
    parser.add_argument("--model_path", type=Path, default=default.optimized, help="exported directory, .onnx or .pth file")
    parser.add_argument("--baselines", nargs="+", metavar="BASELINE", default=list(ALL_BASELINES), help="default: all known ones")
    parser.add_argument(
        "--max_rows",
        type=int,
        help=f"rows per benchmark, same as eval.max_rows_per_benchmark=…; with --peers, rows per file (default: {PEER_ROWS})",
    )
    parser.add_argument("--output_dir", type=Path, help=f"default: {default.baselines}, or inside the run's own directory")
    parser.add_argument(
        "--peers", nargs="*", metavar="PEER", help="compare with guards in packages; without names: all known ones"
    )
    parser.add_argument("--without_guard", action="store_true", help="with --peers: score only the peers, for a later run")
    parser.add_argument("--files", nargs="+", metavar="FILE", default=list(OTHER_FILES), help="with --peers: files of eval/")
    parser.add_argument(
        "--chat_files",
        nargs="+",
        metavar="FILE",
        default=list(CHAT_FILES),
        help="with --peers: files of eval/ with ordinary chat; 1%% of it is flagged",
    )
    parser.add_argument(
        "--peer_packages",
        type=Path,
        default=default.peer_packages,
        help=f"where the peers are installed; default: {default.peer_packages}",
    )
    parser.add_argument(
        "--peer_scores",
        type=Path,
        default=default.peer_scores,
        help=f"where the peers' scores are kept; default: {default.peer_scores}",
    )
    args = parser.parse_intermixed_args()
    # `--baselines a b key=value`: argparse gives the words after --baselines to it, overrides among them.
    for name in ("baselines", "peers", "files", "chat_files"):
        words = getattr(args, name) or []
        args.overrides += [word for word in words if is_override(word)]
        if words:
            setattr(args, name, [word for word in words if not is_override(word)])
    if args.peers is None:
        compare_with_baselines(args)
    else:
        compare_with_peers(args)


def compare_with_baselines(args: argparse.Namespace) -> None:
    words = parse_baseline_names(args.baselines)
    if args.max_rows is not None:
        args.overrides.append(f"eval.max_rows_per_benchmark={args.max_rows}")
    guard, stored_config = load_predictor(args.model_path, workers=os.cpu_count() or 1)
    cfg = at_budget_of(config_from_model(args, stored_config, BASELINE_KEYS), guard.calibration)
    paths = RunPaths.of(cfg)
    output_dir = args.output_dir or paths.baselines
    with log_to(output_dir / "compare_baselines.log"):
        seed_everything(cfg)
        splits = build_splits(cfg)
        baselines, not_run = [], {}
        for word in words:
            try:
                baselines += make_baseline(word, splits, cfg, output_dir)
            except BaselineUnavailable as error:
                not_run[word] = str(error)
                log.warning("%s is not run: %s", word, error)
        subject = Entrant(
            predictor=guard,
            calibration=guard.calibration,
            threshold_from="calibrated",
            about={"path": str(args.model_path)},
            identity=identity_of(args.model_path, guard),
            model_path=args.model_path,
        )
        comparison = compare(subject, baselines, not_run, build_benchmarks(splits, cfg), output_dir, cfg, show_progress=True)
    print("\n".join(baseline_table(comparison)))
    print(f"\n{output_dir / 'comparison.json'}")


def compare_with_peers(args: argparse.Namespace) -> None:
    peers = find_peers(args.peers)
    contestants, cfg = load_guard_contestant(args)
    if not cfg.data.local_dir:
        raise ConfigError("--peers needs data.local_dir=DIR, the directory whose eval/ holds the files; --help says which")
    rows = PEER_ROWS if args.max_rows is None else args.max_rows
    files = load_files(Path(cfg.data.local_dir) / "eval", [*args.files, *args.chat_files], rows)
    output_dir = args.output_dir or RunPaths.of(cfg).baselines
    not_run = {}
    with log_to(output_dir / "compare_baselines.log"):
        for peer in peers:
            try:
                scorer = PeerScorer(peer, args.peer_packages)
            except BaselineUnavailable as error:
                not_run[peer.name] = (str(error), asdict(peer))
                log.warning("%s is not run: %s", peer.name, error)
            else:
                contestants.append(Contestant(scorer, peer.threshold, asdict(peer) | {"version": scorer.version}))
        record = compare_peers(contestants, not_run, files, args.chat_files, args.peer_scores)
        record |= provenance(cfg, None if args.without_guard else args.model_path)
    table = peers_markdown(record)
    write_json(output_dir / "peers.json", record)
    write_text(output_dir / "peers.md", table)
    print(table)
    print(f"{output_dir / 'peers.json'}\n{output_dir / 'peers.md'}")


def load_guard_contestant(args: argparse.Namespace) -> tuple[list[Contestant], Config]:
    """The guard as a contestant, and its configuration; with --without_guard none, and the default configuration."""
    if args.without_guard:
        return [], load_config(args.config or (), args.overrides)
    guard, stored_config = load_predictor(args.model_path)
    scorer = GuardScorer(guard, identity_of(args.model_path, guard))
    about = {"about": f"this guard, {args.model_path}", "long_texts": "overlapping windows and decoded views, maximum"}
    return [Contestant(scorer, guard.calibration.threshold(), about)], config_from_model(args, stored_config)


def is_override(word: str) -> bool:
    """`section.key=value`; a copy of a known guard is NAME=DIRECTORY, and no such name has a dot."""
    return "." in word.partition("=")[0] and "=" in word and "#" not in word


if __name__ == "__main__":
    run_main(main)
