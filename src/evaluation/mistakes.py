"""Texts that a guard judged wrongly, for people to read: chosen by a rule, shortened, and only where they may be passed on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest
from typing import Any

import numpy as np

from ..data.local_source import is_open
from ..data.schema import Example
from .scored import ScoredRows

MAX_SHOWN = 20  # per kind of mistake
MAX_TEXT_CHARS = 200  # per text
RULE = (
    f"Of the benchmarks of kind file, each under its own policy: up to {MAX_SHOWN} false alarms and {MAX_SHOWN} misses. The "
    "benchmarks take turns, each with its most confident error first, one text of a group; texts are cut at "
    f"{MAX_TEXT_CHARS} characters."
)


def find_mistakes(scored: Iterable[ScoredRows]) -> dict[str, Any]:
    """What errors.json holds, of one predictor's rows on every benchmark.

    Counts are over all benchmarks of kind `file`; texts whose licence is not an open one are counted and not shown.
    """
    kinds: dict[str, dict[str, list[dict[str, Any]]]] = {"false_alarms": {}, "misses": {}}
    withheld = []
    for rows in scored:
        if rows.benchmark.kind != "file":
            continue
        for kind, errors in zip(kinds, _list_errors(rows), strict=True):
            kinds[kind][rows.benchmark.name] = errors
        if not is_open(rows.benchmark.licence or ""):
            withheld.append(rows.benchmark.name)
    return {
        "rule": RULE,
        "withheld": withheld,
        **{
            kind: {
                "n": sum(map(len, by_set.values())),
                "shown": _take_turns([errors for name, errors in by_set.items() if name not in withheld]),
            }
            for kind, by_set in kinds.items()
        },
    }


def _list_errors(rows: ScoredRows) -> Iterator[list[dict[str, Any]]]:
    """False alarms, then misses, of one benchmark, the most confident first."""
    policy = rows.benchmark.policy
    scores, threshold = rows.predictions.p_attack[policy], rows.calibration.threshold(policy)
    flagged = rows.is_flagged(policy)
    for wrong, confidence in ((rows.is_benign & flagged, scores), (~rows.is_benign & ~flagged, -scores)):
        indices = np.flatnonzero(rows.is_counted(policy) & wrong)
        order = indices[np.argsort(-confidence[indices], kind="stable")]
        yield [_describe(rows.examples[i], rows.benchmark.name, policy, float(scores[i]), threshold) for i in order]


def _describe(example: Example, benchmark: str, policy: str, score: float, threshold: float) -> dict[str, Any]:
    return {
        "benchmark": benchmark,
        "policy": policy,
        "score": score,
        "threshold": threshold,
        "label": example.label.name.lower(),
        "family": example.family.name.lower(),
        "lang": example.lang,
        "group": example.group,
        "chars": len(example.text),
        "text": example.text[:MAX_TEXT_CHARS],
    }


def _take_turns(by_set: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Up to MAX_SHOWN errors, one of each set in turn; rows that share a group say nearly the same."""
    turns = chain.from_iterable(zip_longest(*map(_one_per_group, by_set)))
    return [error for error in turns if error is not None][:MAX_SHOWN]


def _one_per_group(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    firsts: dict[str, dict[str, Any]] = {}
    for error in errors:
        firsts.setdefault(error["group"], error)
    return list(firsts.values())
