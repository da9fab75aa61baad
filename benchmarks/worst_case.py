"""Measure the highest cost of a verdict: texts of up to 100,000 characters that are hard to read, on one core.

    python benchmarks/worst_case.py --model outputs/production_final/optimized
    python benchmarks/worst_case.py --model DIR --max_windows 32 --runs 5

Every text is judged on both routes, whatever the router chooses. "front end" is the time before the network runs: tokens,
characters, the search for views and the choice of windows. "verdict" is the whole time. Each value is the fastest of the runs,
because other work on the machine only adds time. The last line names the slowest text and route.
"""

import argparse
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.throughput import forced_networks, guard_of
from src.errors import run_main
from src.run import cpu_name
from src.runtime.plan import MAX_CHARS, MAX_WINDOWS, Limits, plan_windows

ENGLISH = "The reading room stays open a little longer in summer, so bring a coat for the way home and a pen for the form. "
CHINESE = "图书馆每天早上九点开门，晚上六点关门，夏天阅览室会多开一会儿，请记得带上借书证和笔。"


def texts() -> dict[str, str]:
    """Name -> text; those that are drawn are the same in every run."""
    rng = random.Random(0)

    def drawn(first: int, last: int, count: int, between: str = "") -> str:
        return between.join(chr(rng.randrange(first, last + 1)) for _ in range(count))

    def repeated(unit: str, count: int) -> str:
        return (unit * (count // len(unit) + 1))[:count]

    return {
        "one letter": "A" * MAX_CHARS,
        "99,000 Han": drawn(0x4E00, 0x9FFF, 99_000),
        "20,000 Hangul": drawn(0xAC00, 0xD7A3, 20_000),
        "5,000 of a and Cyrillic a": repeated("a\u0430", 5_000),
        "2,000 of Chinese text": repeated(CHINESE, 2_000),
        "Hangul": drawn(0xAC00, 0xD7A3, MAX_CHARS),
        "English": repeated(ENGLISH, MAX_CHARS),
        "English words in any order": " ".join(rng.choice(ENGLISH.split()) for _ in range(MAX_CHARS))[:MAX_CHARS],
        "small letters": drawn(ord("a"), ord("z"), MAX_CHARS),
        "spaced letters": drawn(ord("a"), ord("z"), MAX_CHARS // 2, " "),
        "visible ASCII": drawn(0x21, 0x7E, MAX_CHARS),
        "punctuation": "".join(rng.choice("!?.,;:-+*/()[]{}") for _ in range(MAX_CHARS)),
        "Base64": drawn(ord("A"), ord("Z"), MAX_CHARS),
        "emoji": drawn(0x1F300, 0x1F5FF, MAX_CHARS // 2, " "),
        "combining marks": "".join("a" + drawn(0x300, 0x36F, 3) for _ in range(MAX_CHARS // 4)),
        "invisible": "\u200b" * MAX_CHARS,
        "tags": drawn(0xE0020, 0xE007E, MAX_CHARS),
        "any code point": drawn(0, 0x10FFFF, MAX_CHARS),
        "quotes": "'" * MAX_CHARS,
        "lines": repeated("a line of words\n", MAX_CHARS),
        "blanks behind a tag": "<a>" + " " * (MAX_CHARS - 3),
        "opened brackets": "<" * MAX_CHARS,
        "opened quotation marks": "\u00ab" * MAX_CHARS,
        "an attribute": f"<p {'a' * (MAX_CHARS - 9)}></p>",
        "capitals": repeated(ENGLISH.upper(), MAX_CHARS),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="an exported directory")
    parser.add_argument("--max_windows", type=int, default=MAX_WINDOWS)
    parser.add_argument("--budget_ms", type=float, help="time limit of each verdict in ms; default: none")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    limits = Limits(max_windows=args.max_windows)
    guards = {route: guard_of(network, limits) for route, network in forced_networks(args.model).items()}
    for guard in guards.values():
        guard(ENGLISH)  # tables are read at the first call
    print(f"{args.model}, at most {args.max_windows} windows, 1 thread, {cpu_name()}")
    routes = "".join(f"{route + ': read':>12}{'coverage':>10}{'verdict ms':>12}" for route in guards)
    print(f"{'text':<28}{'characters':>11}{'windows':>9}{'front end ms':>14}{routes}")
    worst = (0.0, "")
    for name, text in texts().items():
        front_ms, plan = fastest(lambda text=text: plan_windows([text], guards["fast"].tokenizer, limits), args.runs)
        row = f"{name:<28}{len(text):>11,}{len(set(plan.equal_to.tolist())):>9}{front_ms:>14.1f}"
        for route, guard in guards.items():
            whole_ms, verdict = fastest(lambda text=text, guard=guard: guard(text, budget_ms=args.budget_ms), args.runs)
            worst = max(worst, (whole_ms, f"{name}, {route}"))
            row += f"{verdict.windows_read:>12}{verdict.coverage:>10.2f}{whole_ms:>12.1f}"
        print(row)
    print(f"worst verdict: {worst[0]:.0f} ms, {worst[1]}")


def fastest(call: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Milliseconds of the fastest run, and what it returned."""
    best = float("inf")
    for _ in range(runs):
        started = time.perf_counter()
        result = call()
        best = min(best, 1000 * (time.perf_counter() - started))
    return best, result


if __name__ == "__main__":
    run_main(main)
