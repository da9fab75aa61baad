"""Score parquet shards with Ray Data, kill the whole job at random and run it again. Check that each row is there once.

    pip install 'ray[data]==2.60.0'
    python benchmarks/kill_ray.py --rows 1000000 --shards 200 --kills 5

SIGKILL ends the job, its workers and its local cluster after they have written a random share of the rows. Ray's checkpoint
records the ids of the rows that are written, so the same job then goes on with the others. The exit status is 1 if a row is
missing, occurs twice, or differs from the guard's verdict on its text.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.kill_scan import REPO_ROOT, check_verdicts, write_shards
from src.errors import ConfigError, GuardrailError, run_main
from src.runtime.artifact import RELEASE
from src.runtime.frames import score_batch

POLL_S = 0.5
BATCH_SIZE = 256
BLOCK_BYTES = 100_000
PROMPTS, VERDICTS, CHECKPOINT = "prompts", "verdicts", "checkpoint"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=RELEASE, help="an exported directory (default: release/)")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--shards", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2, help="workers that score, each on one core (default 2)")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0, help="seed of the moments (default 0)")
    parser.add_argument("--score", type=Path, metavar="DIR", help=argparse.SUPPRESS)  # what the killed process does
    args = parser.parse_args()
    if args.score:
        score(args.score, args.model, args.processes)
        return
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / PROMPTS).mkdir()
        write_shards(directory / PROMPTS, args.rows, args.shards, args.model)
        rng = random.Random(args.seed)
        deaths = sorted(rng.randrange(args.rows) for _ in range(args.kills))
        command = [__file__, "--score", name, "--model", args.model.absolute(), "--processes", args.processes]
        start = time.monotonic()
        killed = run_with_kills(list(map(str, command)), directory, deaths)
        seconds = time.monotonic() - start
        table = pq.read_table(directory / VERDICTS, columns=["id", "guard_threat", "guard_p_attack"]).sort_by("id")
        check_verdicts(table.rename_columns(["id", "threat", "p_attack"]).to_pylist(), args.rows, args.model)
    print(
        f"{args.rows:,} rows in {args.shards} shards, {args.processes} workers, killed {killed} times: each row exactly once; "
        f"{seconds:.0f} s, {args.rows / seconds:,.0f} rows/s with the starts and the work that was lost"
    )


def score(directory: Path, model: Path, processes: int) -> None:
    """The job: it begins, or goes on with the rows that the checkpoint lacks."""
    try:
        import ray
        from ray.data.checkpoint import CheckpointConfig
    except ImportError as error:
        raise ConfigError("benchmarks/kill_ray.py needs Ray: pip install 'ray[data]==2.60.0'") from error

    ray.init(num_cpus=processes + 1, include_dashboard=False, log_to_driver=False)  # one more for reading and writing
    context = ray.data.DataContext.get_current()
    context.target_max_block_size = BLOCK_BYTES  # a file and a part of the checkpoint each; Ray's own 128 MB hold all short texts
    context.checkpoint_config = CheckpointConfig(
        id_column="id", checkpoint_path=str(directory / CHECKPOINT), delete_checkpoint_on_success=False
    )
    prompts = ray.data.read_parquet(str(directory / PROMPTS))
    score_prompts = partial(score_batch, directory=str(model), column="prompt")
    verdicts = prompts.map_batches(score_prompts, batch_size=BATCH_SIZE, num_cpus=1, concurrency=processes)
    verdicts.write_parquet(str(directory / VERDICTS))


def run_with_kills(command: list[str], directory: Path, deaths: list[int]) -> int:
    """Run the job until it ends well; returns how often it was killed. Raises GuardrailError for a job that fails."""
    killed = 0
    while True:
        job = subprocess.Popen(
            [sys.executable, *command], cwd=REPO_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        while job.poll() is None and not (deaths and rows_written(directory) > deaths[0]):
            time.sleep(POLL_S)
        if job.returncode is None:
            print(f"killed after {rows_written(directory):,} rows", flush=True)
            os.killpg(job.pid, signal.SIGKILL)  # the workers and the local cluster with it
            deaths.pop(0)
            killed += 1
        _, message = job.communicate()
        if job.returncode == 0:
            return killed
        if job.returncode != -signal.SIGKILL:
            raise GuardrailError(f"the job ended with status {job.returncode}: {message.decode()[-1000:]}")


def rows_written(directory: Path) -> int:
    """Rows whose ids the checkpoint has."""
    return sum(
        pq.read_metadata(path).num_rows for path in (directory / CHECKPOINT).glob("*.parquet") if ".pending." not in path.name
    )


if __name__ == "__main__":
    run_main(main)
