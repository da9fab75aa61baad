"""Break the pipeline on purpose, hundreds of times, and judge each result.

    python benchmarks/faults.py
    python benchmarks/faults.py --faults 40 --seed 3 --kinds flip disk --work_dir outputs/faults

The script first makes one reference run of every stage, on the smallest data and network. It then draws faults: a stage is killed
at a random moment (kill), its disk is full or read-only (disk), one bit of a file that it reads is flipped (flip), its memory
runs out (memory), the Hub hangs or answers with garbage (hub), the clock has jumped (clock). Verdicts:

survived        after the fault has passed, the same command ends as the undisturbed run does
refused         it stopped with a message that says what to do, and names the damaged file if there is one
lost            finished work is done again, or only a traceback says why it cannot continue
silent          it ended without an error, but with another result
changed input   the flipped bit is in a user's text, which has no checksum and is now another text

Results are appended to results.jsonl in the work directory. The same command resumes there, and a larger --faults adds to them.
The exit status is 1 while any result is lost or silent. Faults run one process at a time. File systems are mounted if the user
may do so; otherwise a limit on file sizes replaces a full disk. `faketime` changes the clock, if it is installed.
model.safetensors is not among the files, because no stage reads it and the format has no checksum. For a killed search, only the
number of finished trials is compared.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}  # before torch: it forks
os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "WANDB_MODE": "disabled", "OMP_WAIT_POLICY": "PASSIVE"}

from benchmarks.fault_parts.kinds import KINDS, VERDICTS, Settings, Trial
from benchmarks.fault_parts.pipeline import Place, reference_of
from src.errors import GuardrailError, run_main
from src.progress import duration
from src.run import lock_run_directory

Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--faults", type=int, default=200, help="number of faults, including those of earlier calls (default 200)"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the drawn faults (default 0)")
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS), help="default: all")
    parser.add_argument("--work_dir", type=Path, default=Path("outputs/faults"))
    args = parser.parse_args()
    os.environ["GIT_DIR"] = os.devnull  # models record the commit, and a later commit must be able to continue this run
    place = Place(args.work_dir.resolve())
    with lock_run_directory(place.root):
        import_stages()
        reference = reference_of(place)
        planned = [draw(args.seed, number, args.kinds) for number in range(args.faults)]
        rows = read_rows(place.results)
        finished_keys = {key_of(row) for row in rows}
        pending = [settings for settings in planned if key_of(settings) not in finished_keys]
        started = time.monotonic()
        for number, settings in enumerate(pending, start=1):
            verdict, seen = KINDS[settings["kind"]].strike(Trial(place, reference, settings))
            append_row(place.results, settings | {"verdict": verdict, "seen": seen})
            elapsed = time.monotonic() - started
            remaining = duration(elapsed / number * (len(pending) - number))
            print(f"{number} of {len(pending)}, about {remaining} left: {settings} {verdict} {seen}".rstrip(), flush=True)
    keys = set(map(key_of, planned))
    results = [row for row in read_rows(place.results) if key_of(row) in keys]
    print(table(results))
    if wrong := [row for row in results if row["verdict"] in ("lost", "silent")]:
        raise GuardrailError(f"{len(wrong)} of {len(results)} faults lost work or passed in silence; {place.results} has them")


def import_stages() -> None:
    """Import the modules of every stage once; forked children inherit them."""
    import onnxruntime  # noqa: F401
    import sklearn.linear_model  # noqa: F401
    import torch._dynamo  # noqa: F401 -- an optimiser imports it at its first step

    import src.evaluation.baselines
    import src.export.measure
    import src.reporting.figures
    import src.reporting.report
    import src.training.search
    import src.training.trainer  # noqa: F401


def draw(seed: int, number: int, kinds: list[str]) -> Settings:
    """The fault of a number: the same in every call, however many there are."""
    rng = random.Random(f"{seed}:{number}:{','.join(sorted(kinds))}")
    names = [name for name in KINDS if name in kinds]
    kind = rng.choices(names, [KINDS[name].weight for name in names])[0]
    return {"number": number, "seed": seed, "kind": kind, **KINDS[kind].draw(rng)}


def key_of(row: Row) -> str:
    """A key of everything that was drawn, so that rows of other seeds and kinds are other faults."""
    return json.dumps({name: value for name, value in row.items() if name not in ("verdict", "seen")}, sort_keys=True)


def read_rows(path: Path) -> list[Row]:
    """The rows of earlier calls; a last line that a kill cut off is dropped."""
    if not path.is_file():
        return []
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    if end < len(whole):
        with path.open("rb+") as file:
            file.truncate(end)
    return [json.loads(line) for line in whole[:end].splitlines()]


def append_row(path: Path, row: Row) -> None:
    with path.open("ab", buffering=0) as file:
        file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        os.fsync(file.fileno())


def table(rows: list[Row]) -> str:
    """A line per kind: how many faults there were, and of each verdict."""
    lines = ["| kind | n | " + " | ".join(VERDICTS) + " |", "|---|" + "---:|" * (1 + len(VERDICTS))]
    for kind in [*KINDS, "all"]:
        of_kind = [row["verdict"] for row in rows if kind in (row["kind"], "all")]
        counts = Counter(of_kind)
        if of_kind:
            lines.append(f"| {kind} | {len(of_kind)} | " + " | ".join(str(counts[verdict]) for verdict in VERDICTS) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    run_main(main)
