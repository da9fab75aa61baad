"""Throw generated strings at a loaded guard: counts crashes and the growth of memory.

python benchmarks/fuzz_runtime.py --model outputs/production_final/optimized
python benchmarks/fuzz_runtime.py --model DIR --strings 1000000 --seed 7 --processes 8

Each process loads the guard and throws its share, some 15 ms a string; the progress bar is that of the first. Strings mix every
Unicode plane, lone surrogates, control and invisible characters, notations that the views decode, whole and damaged, and
repetition. Each verdict must be a probability that agrees with its own code. Fails on any crash.
"""

import argparse
import base64
import multiprocessing
import os
import random
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from src.errors import GateError, run_main
from src.runtime import Guard

WARM_UP_SHARE = 0.2  # caches and the allocator's pools fill up first
MAX_GROWTH_MB = 20.0
SHOWN = 3
WORDS = [
    "ignore", "all", "previous", "instructions", "and", "print", "your", "system", "prompt", "the", "weather", "in", "Rome",
    "1gn0r3", "password", "{", "}", "[INST]", "</s>",
]  # fmt: skip
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\ufe0f\u3164\U000e0041\U000e007f\t\n\r \x00"


@dataclass(frozen=True)
class Found:
    """What one process saw."""

    crashes: Counter[str]
    growth_mb: float  # of resident memory after the warm-up
    resident_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="an exported directory")
    parser.add_argument("--strings", type=int, default=100_000, help="of all processes together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    args = parser.parse_args()
    Guard.load(args.model)  # refuses a broken directory here, with one message
    started, share = time.perf_counter(), -(-args.strings // args.processes)
    with multiprocessing.get_context("spawn").Pool(args.processes) as pool:  # ONNX Runtime's threads do not survive a fork
        arguments = [(args.model, share, f"{args.seed}:{place}", place == 0) for place in range(args.processes)]
        found = pool.starmap(fuzz, arguments, chunksize=1)
        pool.close()
        pool.join()  # leaving ends the processes at once, and the progress bar's lock with them
    crashes = sum((each.crashes for each in found), Counter())
    growth, resident = max(each.growth_mb for each in found), max(each.resident_mb for each in found)
    print(
        f"{args.processes * share:,} strings in {time.perf_counter() - started:.0f} s (seed {args.seed}, {args.processes} "
        f"processes): crashes {crashes.total()}, memory of a process {growth:+.1f} MB at most after the first "
        f"{int(WARM_UP_SHARE * share):,}, then {resident:.0f} MB"
    )
    if crashes:
        raise GateError(f"{crashes.total()} crashes, most often {crashes.most_common(1)[0][0]}")
    if growth > MAX_GROWTH_MB:
        raise GateError(f"memory grew by {growth:.1f} MB, expected at most {MAX_GROWTH_MB:g} MB")


def fuzz(directory: Path, count: int, seed: str, shows_progress: bool) -> Found:
    """Throw `count` strings at a guard in this process."""
    guard, rng = Guard.load(directory), random.Random(seed)
    crashes: Counter[str] = Counter()
    warm_up, before = int(WARM_UP_SHARE * count), resident_mb()
    for index in tqdm(range(count), desc="fuzzing", disable=None if shows_progress else True):
        if index == warm_up:
            before = resident_mb()
        text = random_text(rng)
        try:
            check(guard, text)
        except Exception as error:
            crashes[f"{type(error).__name__}: {error}"[:200]] += 1
            if crashes.total() <= SHOWN:
                print(f"{text!r}\n{traceback.format_exc()}", file=sys.stderr)
    now = resident_mb()
    return Found(crashes, now - before, now)


def check(guard: Guard, text: str) -> None:
    verdict = guard(text)
    code = Guard.decode(verdict.code)
    assert 0 <= verdict.p_attack <= 1 + 1e-9 and 0 < verdict.coverage <= 1
    assert (code.threat, code.label, code.family) == (verdict.threat, verdict.label, verdict.family)


def random_text(rng: random.Random) -> str:
    """Up to a few hundred characters of up to four kinds in a row."""
    return "".join(rng.choice(KINDS)(rng) for _ in range(rng.randrange(5)))


def any_characters(rng: random.Random) -> str:
    plane = rng.randrange(17) << 16
    return "".join(chr(plane + rng.randrange(0x10000)) for _ in range(rng.randrange(30)))  # surrogates too


def ascii_noise(rng: random.Random) -> str:
    return "".join(chr(rng.randrange(128)) for _ in range(rng.randrange(60)))


def words(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randrange(20)))


def invisible(rng: random.Random) -> str:
    return "".join(rng.choices(INVISIBLE, k=rng.randrange(20)))


def sprinkled(rng: random.Random) -> str:
    return "".join(letter + rng.choice(["", "", *INVISIBLE]) for letter in words(rng))


def repeated(rng: random.Random) -> str:
    return (any_characters(rng)[:3] or rng.choice(WORDS)) * rng.randrange(200)


def encoded(rng: random.Random) -> str:
    """A notation around words or around noise, sometimes cut off or with a character changed."""
    data = rng.choice([words, ascii_noise])(rng).encode()
    kinds = [base64.b64encode, base64.b32encode, base64.b16encode, base64.a85encode, base64.b85encode]
    text = rng.choice(kinds)(data).decode()
    if rng.random() < 0.3:
        text = "".join(f"\\x{byte:02x}" for byte in data)
    if text and rng.random() < 0.3:
        place = rng.randrange(len(text))
        text = text[:place] + chr(rng.randrange(0x250)) + text[place + rng.randrange(2) :]
    return text[:: rng.choice([1, 1, -1])]


def tags(rng: random.Random) -> str:
    return "".join(chr(0xE0000 + ord(letter)) for letter in words(rng) if ord(letter) < 128)


KINDS = (any_characters, ascii_noise, words, invisible, sprinkled, repeated, encoded, tags)


def resident_mb() -> float:
    """Memory of this process that is in RAM, from Linux's /proc."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise GateError("expected VmRSS in /proc/self/status, found none; this benchmark runs on Linux")


if __name__ == "__main__":
    run_main(main)
