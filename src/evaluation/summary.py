"""One predictor over all benchmarks: means over sets and summed counts, as `summary` in docs/benchmark_results.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.schema import Example
from ..policy import POLICIES, Policy
from ..rates import Interval, wilson_interval
from .benchmarks import Kind
from .calibration import Calibration
from .metrics import DetectionCounts, clustered_rate_interval, macro_mean
from .scored import ScoredRows, length_of

UNSEEN = "unseen"  # file and generated benchmarks: sources and payloads that were never trained on
KINDS: dict[str, tuple[Kind, ...]] = {
    UNSEEN: ("file", "generated"),
    "file": ("file",),
    "generated": ("generated",),
    "heldout": ("heldout",),
}
MAX_ROUTING_GAP = 0.1  # between the share of texts sent deep and the one asked for, before the summary says so

_NONE = DetectionCounts(0, 0, 0, 0)


@dataclass(frozen=True)
class Means:
    """Some sets under one policy. A set with attacks counts in the mean recall, a set with benign rows in the mean FPR."""

    attack_sets: list[str]
    benign_sets: list[str]
    macro_recall: float | None
    macro_fpr: float | None
    pooled: DetectionCounts  # summed over the sets
    recall_interval: Interval | None  # of pooled recall, resampling groups across sets: one payload stands in several
    fpr_interval: Interval | None

    @classmethod
    def of(cls, rows: Sequence[ScoredRows], policy: Policy, seed: int) -> Means:
        """The means of one predictor on these sets."""
        counts = {row.benchmark.name: row.counts(policy) for row in rows}
        return cls(
            attack_sets=[name for name, each in counts.items() if each.n_attack],
            benign_sets=[name for name, each in counts.items() if each.n_benign],
            macro_recall=macro_mean([each.recall for each in counts.values()]),
            macro_fpr=macro_mean([each.fpr for each in counts.values()]),
            pooled=sum(counts.values(), _NONE),
            recall_interval=_pooled_interval(rows, policy, [row.is_attack(policy) for row in rows], seed),
            fpr_interval=_pooled_interval(rows, policy, [row.is_benign for row in rows], seed),
        )

    def to_dict(self) -> dict[str, Any]:
        """As it is written."""
        pooled = self.pooled.to_dict()
        return {
            "attack_sets": self.attack_sets,
            "benign_sets": self.benign_sets,
            "macro_recall": self.macro_recall,
            "macro_fpr": self.macro_fpr,
            "pooled_recall": pooled["recall"],
            "pooled_recall_interval": pooled["recall_interval"],
            "pooled_fpr": pooled["fpr"],
            "pooled_fpr_interval": pooled["fpr_interval"],
            "n_attack": pooled["n_attack"],
            "n_benign": pooled["n_benign"],
            "pooled_recall_clustered_interval": self.recall_interval,
            "pooled_fpr_clustered_interval": self.fpr_interval,
        }


@dataclass(frozen=True)
class Summary:
    """One predictor over all sets. Everything but `means` is as it is written."""

    means: dict[Policy, dict[str, Means]]  # by a key of KINDS
    groups: dict[str, dict[Policy, dict[str, Any]]]  # summed counts by eval_group
    by_lang: dict[str, dict[Policy, dict[str, Any]]]  # summed over file benchmarks, as by_length
    by_length: dict[str, dict[Policy, dict[str, Any]]]
    routing: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """As it is written."""
        means: dict[str, Any] = {
            policy: {kind: each.to_dict() for kind, each in kinds.items()} for policy, kinds in self.means.items()
        }
        return {
            **means,
            "groups": self.groups,
            "by_lang": self.by_lang,
            "by_length": self.by_length,
            "routing": self.routing,
        }


def summarise(rows: Sequence[ScoredRows], calibration: Calibration, seed: int) -> Summary:
    """rows: of one predictor, one for each benchmark that was run."""
    files = [row for row in rows if row.benchmark.kind == "file"]
    return Summary(
        means={
            policy: {
                key: Means.of([row for row in rows if row.benchmark.kind in members], policy, seed)
                for key, members in KINDS.items()
            }
            for policy in POLICIES
        },
        groups={
            group: {
                policy: sum((row.counts(policy) for row in rows if row.benchmark.eval_group == group), _NONE).to_dict()
                for policy in POLICIES
            }
            for group in sorted({row.benchmark.eval_group for row in rows if row.benchmark.eval_group})
        },
        by_lang=_summed_by(files, lambda example: example.lang),
        by_length=_summed_by(files, length_of),
        routing=_routing([row for row in rows if row.benchmark.kind != "heldout"], calibration.target_deep_fraction),
    )


def _pooled_interval(rows: Sequence[ScoredRows], policy: Policy, chosen: Iterable[np.ndarray], seed: int) -> Interval | None:
    """Of the share that is flagged among the chosen rows, (N,) bool for each set."""
    hits, groups = [np.zeros(0, dtype=bool)], []
    for row, mask in zip(rows, chosen, strict=True):
        hits.append(row.is_flagged(policy)[mask])
        groups += row.groups(mask)
    return clustered_rate_interval(np.concatenate(hits), groups, rng=np.random.default_rng(seed))


def _summed_by(rows: Sequence[ScoredRows], key_of: Callable[[Example], str | None]) -> dict[str, dict[Policy, dict[str, Any]]]:
    """Key -> policy -> summed counts over the sets, such as all false alarms in one language."""
    counts: dict[str, dict[Policy, DetectionCounts]] = {}
    for row in rows:
        keys = np.array([key_of(example) for example in row.examples], dtype=object)
        for key in {key for key in keys if key is not None}:
            of_key = counts.setdefault(key, dict.fromkeys(POLICIES, _NONE))
            for policy in POLICIES:
                of_key[policy] += row.counts(policy, keys == key)
    return {key: {policy: each.to_dict() for policy, each in counts[key].items()} for key in sorted(counts)}


def _routing(rows: Sequence[ScoredRows], asked: float | None) -> dict[str, Any]:
    """The share of texts sent deep, beside the one that calibration asked for; None without a router."""
    routed = [np.isfinite(row.predictions.p_deep) for row in rows]
    n = sum(int(each.sum()) for each in routed)
    deep = sum(int(row.predictions.is_deep[each].sum()) for row, each in zip(rows, routed, strict=True))
    return {
        "n": n,
        "share": deep / n if n else None,
        "interval": wilson_interval(deep, n),
        "asked": asked,
        "is_off": None if not n or asked is None else abs(deep / n - asked) > MAX_ROUTING_GAP,
    }
