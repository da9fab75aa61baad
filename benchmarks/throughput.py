"""Measure texts per second of two processes with one thread each: 70% of the texts on the fast route, 30% on the deep route.

python benchmarks/throughput.py --model outputs/production_final/optimized
python benchmarks/throughput.py --model DIR --processes 4 --seconds 20

"model only" runs the graph on prepared token ids. "end to end" is guard(text): tokens, characters, the search for views, the
graph and the verdict. "batches of N" is guard.batch(texts) on N texts of one route; its times are those of a batch divided by N.
Texts are ordinary English of exactly --tokens tokens, and all differ. The route is forced, so the mix does not depend on the
router. Other work on the machine lowers all numbers.
"""

import argparse
import itertools
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from src.errors import run_main
from src.policy import DEFAULT_POLICY
from src.runtime import Guard
from src.runtime.artifact import INT8_FILE, Network, locate_model, read_artifact_config
from src.runtime.guard import SERVING_BATCH
from src.runtime.plan import SERVED, Limits
from src.text.tokenization import GuardTokenizer

ROUTES = {"fast": 2.0, "deep": -1.0}  # routing thresholds that send every text one way
MIX = ["fast"] * 7 + ["deep"] * 3
NUM_TEXTS = 40
BATCHES = f"batches of {SERVING_BATCH}"
WARM_UP_S = 1.0
PARAGRAPH = """Our library opens at nine and closes at six on most days of the week, although the reading room stays open a
little longer in summer. Members may borrow up to ten books for a month, and they can renew them twice by telephone or at the
desk if nobody else has asked for the same title. The children's corner was painted last spring by pupils of the school across
the road, and a gardener looks after the plants by the window every second Tuesday. Please return the maps and the board games
to the shelf where you found them, because other visitors look for them there."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="an exported directory")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=10.0, help="duration of each of the three measurements")
    args = parser.parse_args()
    Guard.load(args.model)  # refuses a broken directory here, with one message
    context = multiprocessing.get_context("spawn")  # ONNX Runtime's threads do not survive a fork
    with context.Pool(args.processes) as pool:
        arguments = [(args.model, args.tokens, args.seconds)] * args.processes
        results = pool.starmap(measure, arguments, chunksize=1)
    print(f"{args.processes} processes, 1 thread each, {args.tokens} tokens, 70% fast 30% deep, {args.model}")
    for name in results[0]:
        times = [ms for result in results for ms in result[name]]
        rate = sum(len(result[name]) / (sum(result[name]) / 1000) for result in results)
        p95, p99 = (statistics.quantiles(times, n=100)[index] for index in (94, 98))
        spread = f"P50 {statistics.median(times):.2f}  P95 {p95:.2f}  P99 {p99:.2f} ms"
        print(f"{name:<14}{rate:>8.0f} texts/s   {spread}   n={len(times)}")
    print(f"load average of the last minute {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def measure(directory: Path, tokens: int, seconds: float) -> dict[str, list[float]]:
    """Milliseconds of each text in one process; of a batch, those of a text on average, once for every text."""
    networks = forced_networks(directory)
    guards = {route: guard_of(network) for route, network in networks.items()}
    tokenizer = guards["fast"].tokenizer
    texts = texts_of(tokenizer, tokens)
    feeds = [tokenizer.encode([text]).feeds() for text in texts]
    routes = [route for route, _ in zip(itertools.cycle(MIX), texts, strict=False)]
    only = [partial(networks[route].session.run, None, each) for route, each in zip(routes, feeds, strict=True)]
    whole = [partial(guards[route], text) for route, text in zip(routes, texts, strict=True)]
    pick = itertools.cycle(texts)
    batches = [partial(guards[route].batch, list(itertools.islice(pick, SERVING_BATCH))) for route in MIX]
    of_batches = [ms / SERVING_BATCH for ms in run(batches, seconds) for _ in range(SERVING_BATCH)]
    return {"model only": run(only, seconds), "end to end": run(whole, seconds), BATCHES: of_batches}


def forced_networks(directory: Path) -> dict[str, Network]:
    """The network of an exported directory for each route, which it takes whatever the router says."""
    path, config = locate_model(directory, INT8_FILE), read_artifact_config(directory)
    networks = {}
    for route, threshold in ROUTES.items():
        network = Network.open(path, config, complexity_threshold=threshold)
        networks[route] = replace(network, calibration=replace(network.calibration, complexity_threshold=threshold))
    return networks


def guard_of(network: Network, limits: Limits = SERVED) -> Guard:
    return Guard(network, policy=DEFAULT_POLICY, limits=limits, file=INT8_FILE, model_id=INT8_FILE)


def run(calls: list[Callable[[], object]], seconds: float) -> list[float]:
    """Milliseconds of each call; whole rounds, so that the mix is what it says."""
    times: list[float] = []
    until = time.perf_counter() + WARM_UP_S
    while time.perf_counter() < until:
        for call in calls:
            call()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for call in calls:
            started = time.perf_counter()
            call()
            times.append(1000 * (time.perf_counter() - started))
    return times


def texts_of(tokenizer: GuardTokenizer, tokens: int) -> list[str]:
    """Stretches of the paragraph, each as long as fits and then padded with full stops to exactly `tokens` tokens."""
    texts = []
    for start in range(NUM_TEXTS):
        words: list[str] = []
        for word in itertools.islice(itertools.cycle(PARAGRAPH.split()), start, None):
            if count(tokenizer, " ".join([*words, word])) > tokens:
                break
            words.append(word)
        text = " ".join(words)
        texts.append(text + "." * (tokens - count(tokenizer, text)))
    return texts


def count(tokenizer: GuardTokenizer, text: str) -> int:
    return sum(len(window.input_ids) for window in tokenizer.windows([text]))


if __name__ == "__main__":
    run_main(main)
