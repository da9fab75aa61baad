"""Feed hostile inputs to every part that reads untrusted input. Find crashes, slow inputs and growth of memory.

python benchmarks/fuzz.py --targets tokenizer views loaders config --inputs 100000
python benchmarks/fuzz.py --targets runtime server artifact --model DIR --inputs 10000 --seed 7 --processes 8
python benchmarks/fuzz.py --targets views --first 123456 --inputs 1

Input number N of a target depends only on the seed and on N. The last example therefore repeats one input, and `--first` resumes
a stopped run. A target may refuse an input with one of the project's own errors. Any other exception is a crash. The end of the
target's process is a crash, too; a new process then starts after that input. Times are CPU times, so other work on the machine
makes no input slow. The script fails on any crash, on an input that takes over a second, and if the memory of a process grows.
"""

import argparse
import logging
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.hostile import files, targets
from benchmarks.hostile.targets import Target, is_refused
from src.errors import GateError, run_main
from src.runtime.artifact import RELEASE

TARGETS: dict[str, Callable[[Path, Path], Target]] = {
    "tokenizer": targets.tokenizer,
    "views": targets.views,
    "runtime": targets.runtime,
    "loaders": files.loaders,
    "config": targets.config,
    "server": targets.server,
    "artifact": files.artifact,
}
WARM_UP_SHARE = 0.2  # caches and the allocator's pools fill up first
MAX_GROWTH_MB = 20.0
SLOW_S = 1.0
HANG_S = 300.0  # wall-clock time of one input after which its process is killed
MAX_MEMORY = 16 << 30  # bytes of address space of a process: an input that needs more raises MemoryError, which is a crash
MAX_SHOWN = 3  # crashes of a process, and slow inputs, that are shown
REPORT_S = 1.0


@dataclass
class FuzzResult:
    """Counts, times and crashes of the inputs of one process."""

    inputs: int = 0
    refused: int = 0
    worst_s: float = 0.0
    worst: int | None = None  # number of the input that took `worst_s`
    slow: list[int] = field(default_factory=list)
    crashes: Counter[str] = field(default_factory=Counter)
    growth_mb: float = 0.0  # of resident memory after the warm-up

    def add(self, other: "FuzzResult") -> None:
        if other.worst_s >= self.worst_s:
            self.worst_s, self.worst = other.worst_s, other.worst
        self.inputs, self.refused = self.inputs + other.inputs, self.refused + other.refused
        self.slow, self.crashes = self.slow + other.slow, self.crashes + other.crashes
        self.growth_mb = max(self.growth_mb, other.growth_mb)

    @property
    def problems(self) -> list[str]:
        messages = [f"{count} x {crash}" for crash, count in self.crashes.most_common(MAX_SHOWN)]
        messages += [f"over {SLOW_S:g} s: inputs {self.slow[:MAX_SHOWN]}"] if self.slow else []
        return messages + ([f"memory grew by {self.growth_mb:.1f} MB"] if self.growth_mb > MAX_GROWTH_MB else [])


@dataclass(frozen=True)
class Share:
    """The inputs of one process."""

    target: str
    model: Path
    seed: int
    numbers: range


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", nargs="+", choices=TARGETS, default=list(TARGETS), metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--model", type=Path, default=RELEASE, help="an exported directory; a small one takes less time")
    parser.add_argument("--inputs", type=int, default=10_000, help="number of inputs per target")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    args = parser.parse_args()
    problems = []
    for target in args.targets:
        started = time.perf_counter()
        numbers = range(args.first, args.first + args.inputs)
        shares = [Share(target, args.model, args.seed, numbers[place :: args.processes]) for place in range(args.processes)]
        result = fuzz([share for share in shares if share.numbers])
        print(
            f"{target}: {result.inputs:,} inputs in {time.perf_counter() - started:.0f} s (seed {args.seed}), refused "
            f"{result.refused:,}, worst {1000 * result.worst_s:.0f} ms (input {result.worst}), crashes {result.crashes.total()}, "
            f"over {SLOW_S:g} s {len(result.slow)}, memory {result.growth_mb:+.1f} MB",
            flush=True,
        )
        problems += [f"{target}: {problem}" for problem in result.problems]
    if problems:
        raise GateError("; ".join(problems))


def fuzz(shares: list[Share]) -> FuzzResult:
    """Each share in a process of its own, all at once."""
    runs = [Run(share) for share in shares]
    with tqdm(total=sum(len(share.numbers) for share in shares), desc=shares[0].target, disable=None) as bar:
        while any(run.is_going() for run in runs):
            bar.update(sum(run.total.inputs + run.last.inputs for run in runs) - bar.n)
            time.sleep(0.05)
        bar.update(bar.total - bar.n)
    result = FuzzResult()
    for run in runs:
        result.add(run.total)
    return result


class Run:
    """A process that throws the inputs of a share; where it dies, another goes on behind the input that ended it."""

    def __init__(self, share: Share) -> None:
        self.total, self.last = FuzzResult(), FuzzResult()  # of processes that ended, of the one that runs
        self._share, self._left = share, share.numbers
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # ONNX Runtime's threads do not survive a fork
        self._place = context.Value("q", -1, lock=False)  # in `_left`, of the input at hand
        self._seen, self._since = -1, time.monotonic()
        self._messages, sender = context.Pipe(duplex=False)
        arguments = (self._share, self._left, self._place, sender)
        self._process = context.Process(target=throw, args=arguments, daemon=True)
        self._process.start()
        sender.close()

    def is_going(self) -> bool:
        """Look at the process: False once all inputs were thrown."""
        try:
            while self._messages.poll():
                self.last = self._messages.recv()
        except EOFError:
            self._process.join()
        if self._place.value != self._seen:
            self._seen, self._since = self._place.value, time.monotonic()
        if self._process.is_alive():
            if time.monotonic() - self._since > HANG_S:
                self._process.kill()
            return True
        if self._process.exitcode != 0 and self._place.value < 0:
            raise GateError(f"{self._share.target}: the process ended before the first input; its message stands above")
        place = self._place.value
        died = self._process.exitcode != 0
        if died:
            how = f"signal {-self._process.exitcode}" if self._process.exitcode < 0 else f"status {self._process.exitcode}"
            self.last.crashes[f"the process ended with {how}"] += 1
            self.last.inputs = place + 1
            print(f"{self._share.target}, input {self._left[place]}: the process ended with {how}", file=sys.stderr)
        self.total.add(self.last)
        self.last, self._left = FuzzResult(), self._left[place + 1 :]
        if died and self._left:
            self._start()
            return True
        return False


def throw(share: Share, numbers: range, place: Any, sender: Connection) -> None:
    """Throw the inputs at a target in this process, and send the result so far every second."""
    logging.disable(logging.ERROR)  # warnings about odd files: here every file is odd
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    with tempfile.TemporaryDirectory() as scratch:
        target = TARGETS[share.target](share.model, Path(scratch))
        sent = time.monotonic()
        for result in throw_each(target, share, numbers, place):
            if time.monotonic() - sent > REPORT_S:
                sender.send(result)
                sent = time.monotonic()
        sender.send(result)


def throw_each(target: Target, share: Share, numbers: range, place: Any) -> Iterator[FuzzResult]:
    """Throw the inputs; yields the result so far after each."""
    result, before = FuzzResult(), resident_mb()
    for index, number in enumerate(numbers):
        place.value = index
        if index == int(WARM_UP_SHARE * len(numbers)):
            before = resident_mb()
        hostile_input = target.make(random.Random(f"{share.seed}:{share.target}:{number}"))
        started = time.process_time()
        try:
            result.refused += is_refused(target, hostile_input)
        except Exception as error:
            result.crashes[f"{type(error).__name__}: {error}"[:200].encode("utf-8", "backslashreplace").decode()] += 1
            if result.crashes.total() <= MAX_SHOWN:
                message = f"{share.target}, input {number}: {ascii(hostile_input)[:500]}\n{traceback.format_exc()}"
                print(message.encode("utf-8", "backslashreplace").decode(), file=sys.stderr)
        seconds = time.process_time() - started
        if seconds >= result.worst_s:
            result.worst_s, result.worst = seconds, number
        if seconds > SLOW_S:
            result.slow.append(number)
        result.inputs += 1
        if index == len(numbers) - 1 or not index % 256:
            result.growth_mb = resident_mb() - before
        yield result


def resident_mb() -> float:
    """Memory of this process that is in RAM, from Linux's /proc."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise GateError("expected VmRSS in /proc/self/status, found none; this benchmark runs on Linux")


if __name__ == "__main__":
    run_main(main)
