"""Check a configuration and the location of its data. Print where the run keeps its files, one `name=path` per line.

    python scripts/print_paths.py --config configs/quick.yaml run.output_dir=outputs/mine

run_end_to_end.sh starts with this script. It does not load torch, so it reports errors in the arguments within the first second.
"""

from src.cli import run_main, script_parser
from src.config import load_config
from src.data.mixture import check_data_config
from src.run import RunPaths
from src.stages import claim_directory


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument(
        "--claim", action="store_true", help="create the directory; refuse it if it holds a run of another configuration"
    )
    parser.add_argument(
        "--restart",
        action="store_true",
        help="with --claim: accept the directory whatever run it holds; that run will be discarded",
    )
    args = parser.parse_intermixed_args()
    cfg = load_config(args.config or (), args.overrides)
    check_data_config(cfg)
    if args.claim:
        claim_directory(cfg, restart=args.restart)
    paths = RunPaths.of(cfg)
    for name in sorted(name for name, value in vars(RunPaths).items() if isinstance(value, property)):
        if not name.startswith("_"):
            print(f"{name}={getattr(paths, name)}")
    print(f"root={paths.root}")


if __name__ == "__main__":
    run_main(main)
