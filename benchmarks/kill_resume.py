"""Kill a training run at random moments, resume it, and compare its result with an undisturbed run, bit for bit.

    python benchmarks/kill_resume.py
    python benchmarks/kill_resume.py --kills 20 --seed 3 train.epochs=4

Both runs are train_production_final.py with every feature that a resumed run could get wrong: averaged weights, mined and
augmented windows, consistency, distillation, adversarial and quantisation-aware epochs. The network is tiny, the text is the
project's own, and there is one thread. SIGKILL ends every life of the killed run: at a random moment after a random step of each
epoch, while a checkpoint is written, in a validation, or after the last step, when thresholds are fitted. The exit status is 1 if
anything differs.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from src.cli import overrides_of, run_main, script_parser
from src.config import CONFIG_DIR, load_config
from src.errors import GuardrailError
from src.files import read_json
from src.run import RunPaths
from src.training.resume import epoch_checkpoints

REPO_ROOT = Path(__file__).resolve().parents[1]
PRESETS = [CONFIG_DIR / "quick.yaml", CONFIG_DIR / "dry_run.yaml"]
OVERRIDES = (
    "run.num_threads=1",
    "model.init_from=null",
    "model.d_model=64",
    "model.num_heads=4",
    "model.d_ff=128",
    "model.fast_num_layers=1",
    "model.deep_num_layers=2",
    "model.moe_num_layers=1",
    "model.num_experts=4",
    "train.epochs=3",
    "train.gradient_accumulation_steps=2",
    "train.checkpoint_every_steps=4",
    "train.ema_decay=0.9",
    "train.mining_start_epoch=2",
    "train.mining_pool=100",
    "train.mining_share=0.2",
    "train.augment_share=0.5",
    "loss.consistency_weight=0.5",
    "adversarial.start_epoch=2",
    "adversarial.every_steps=2",
    "quantization.start_epoch=3",
    "logging.tensorboard=false",
)
POLL_S = 0.001
LONGEST_DELAY_S = 0.5  # between the step that a kill waits for and the kill
TIMINGS = ("seconds", "tokens_per_second", "history")


@dataclass(frozen=True)
class Moment:
    """When a life ends: after this step, a delay later; `is_writing`: as soon as a checkpoint is being written after it."""

    step: int
    delay_s: float = 0.0
    is_writing: bool = False


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="seed of the moments (default 0)")
    args = parser.parse_intermixed_args()
    with tempfile.TemporaryDirectory() as scratch:
        words = [*OVERRIDES, f"data.cache_dir={scratch}/data_cache", *overrides_of(args)]
        teacher, undisturbed, killed = (RunPaths(Path(scratch, name)) for name in ("teacher", "undisturbed", "killed"))
        live(teacher, [*words, "train.max_steps=4", "quantization.start_epoch=0"])
        words.append(f"distill.teachers=[{teacher.best_model}]")
        live(undisturbed, words)
        ends = [row["step"] for row in newest_state(undisturbed)["progress"]["history"]]
        moments = random_moments(random.Random(args.seed), ends, args.kills)
        print(f"epochs end at steps {ends}; kills: {args.kills}, seed {args.seed}")
        for moment in moments:
            started = time.monotonic()
            ending = "died" if live(killed, words, moment) else "had ended before"
            print(f"{moment}: {ending} at step {last_step(killed)} after {time.monotonic() - started:.1f} s", flush=True)
        live(killed, words)
        check(undisturbed, killed, load_config(PRESETS, words).train.epochs)


def random_moments(rng: random.Random, ends: list[int], count: int) -> list[Moment]:
    """`count` moments in the order of their steps: every epoch has its share, and three are of the special kinds.

    ends: the last step of each epoch.
    """
    special = [
        Moment(rng.randrange(1, ends[0]), is_writing=True),
        Moment(ends[rng.randrange(len(ends) - 1)], delay_s=rng.uniform(0, LONGEST_DELAY_S)),  # validation, epoch checkpoint
        Moment(ends[-1], delay_s=rng.uniform(0, LONGEST_DELAY_S)),  # validation, calibration, final metrics
    ][:count]
    epochs = list(zip([0, *ends], ends, strict=False))
    plain = []
    for index in range(count - len(special)):
        before, last = epochs[index % len(epochs)]
        plain.append(Moment(rng.randint(before + 1, last - 1), rng.uniform(0, LONGEST_DELAY_S)))
    return sorted([*special, *plain], key=lambda moment: (moment.step, moment.delay_s))


def live(paths: RunPaths, overrides: list[str], moment: Moment | None = None) -> bool:
    """One life of the run, killed at the moment or undisturbed. Returns whether it was killed: it may end before.

    Raises GuardrailError when it fails.
    """
    presets = [word for path in PRESETS for word in ("--config", str(path))]
    command = [sys.executable, str(REPO_ROOT / "train_production_final.py"), *presets, *overrides, f"run.output_dir={paths.root}"]
    paths.root.mkdir(exist_ok=True)
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    born = time.time_ns()
    with (paths.root / "output.txt").open("a") as output:
        process = subprocess.Popen(command, env=os.environ | one_thread, stdout=output, stderr=subprocess.STDOUT)
        if moment is not None:
            wait_for(moment, paths, born, lambda: process.poll() is None)
            process.kill()
        status = process.wait()
    if status != 0 and (moment is None or status != -signal.SIGKILL):
        last_lines = "\n".join((paths.root / "output.txt").read_text().splitlines()[-15:])
        raise GuardrailError(f"expected the run in {paths.root} to end, it ended with status {status}:\n{last_lines}")
    return status != 0


def wait_for(moment: Moment, paths: RunPaths, born: int, is_alive: Callable[[], bool]) -> None:
    """Return at the moment, or when the run has ended by itself. born: ns, when this life began."""
    while is_alive() and not (writes_steps(paths, born) and last_step(paths) >= moment.step):
        time.sleep(POLL_S)
    while moment.is_writing and is_alive() and not any(paths.checkpoints.glob(".*.partial")):
        time.sleep(POLL_S / 10)
    time.sleep(moment.delay_s)


def writes_steps(paths: RunPaths, born: int) -> bool:
    """Whether this life has begun to train: then steps.csv was cut to the checkpoint that it goes on from."""
    return paths.steps_csv.is_file() and paths.steps_csv.stat().st_mtime_ns > born


def last_step(paths: RunPaths) -> int:
    """The last step in steps.csv; 0 = none."""
    steps = [line.split(",")[0] for line in paths.steps_csv.read_text().splitlines()[1:]]
    return int(steps[-1]) if steps and steps[-1] else 0


def newest_state(paths: RunPaths) -> dict[str, Any]:
    """The last epoch's checkpoint."""
    return torch.load(epoch_checkpoints(paths)[-1], weights_only=True)


def check(expected: RunPaths, resumed: RunPaths, num_epochs: int) -> None:
    """Compare all that two finished runs left. Raises GuardrailError with the names of what differs."""
    ignored = {"config", "schema"}  # the directory is in the config
    states = [newest_state(paths) for paths in (expected, resumed)]
    best = [torch.load(paths.best_model, weights_only=True) for paths in (expected, resumed)]
    differing = [
        *differences(*({key: value for key, value in state.items() if key not in ignored} for state in states), "checkpoint"),
        *differences(*({key: value for key, value in state.items() if key not in ignored} for state in best), "best_model"),
        *differences(*(read_json(paths.final_metrics_json) for paths in (expected, resumed)), "final_metrics"),
        *differences(*(paths.steps_csv.read_text().splitlines() for paths in (expected, resumed)), "steps.csv"),
    ]
    partial_files = [path.name for path in resumed.root.rglob("*.partial")]
    if differing or partial_files:
        raise GuardrailError(
            f"differing: {', '.join(differing[:20]) or 'nothing'}; half-written files left: {partial_files or 'none'}"
        )
    tensors = sum(1 for value in states[0]["model"].values() if isinstance(value, torch.Tensor))
    print(
        f"equal, bit for bit: {tensors} tensors of the model, optimiser, averaged weights, generators, best_model.pth with its "
        f"thresholds, final_metrics.json and every row of steps.csv, after {num_epochs} epochs"
    )


def differences(a: Any, b: Any, where: str) -> Iterator[str]:
    """The places at which two nested values are not equal to the bit. Times are left out."""
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        if not torch.equal(a, b):
            yield where
    elif isinstance(a, dict) and isinstance(b, dict):
        if a.keys() != b.keys():
            yield f"{where} (keys)"
        for key in a.keys() & b.keys() - {*TIMINGS}:
            yield from differences(a[key], b[key], f"{where}.{key}")
    elif isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        if len(a) != len(b):
            yield f"{where} (length {len(a)} and {len(b)})"
        for index, pair in enumerate(zip(a, b, strict=False)):
            yield from differences(*pair, f"{where}.{index}")
    elif a != b:
        yield where


if __name__ == "__main__":
    run_main(main)
