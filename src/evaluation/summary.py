"""One predictor over all benchmarks: means over sets and summed counts, as `summary` in docs/benchmark_results.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.schema import Example
from ..policy import POLICIES, Policy
from ..rates import Interval, wilson_interval
from ..runtime.calibration import Calibration
from .benchmarks import Kind
from .metrics import DetectionCounts, clustered_rate_interval, macro_mean
from .scored import ScoredRows, length_bin_of

UNSEEN = "unseen"  # file and generated benchmarks: sources and payloads that were never trained on
KINDS: dict[str, tuple[Kind, ...]] = {
    UNSEEN: ("file", "generated"),
    "file": ("file",),
    "generated": ("generated",),
    "heldout": ("heldout",),
}
MAX_ROUTING_GAP = 0.1  # |share of texts sent deep - target share| above which the summary sets is_off

_NO_COUNTS = DetectionCounts(0, 0, 0, 0)


@dataclass(frozen=True)
class Means:
    """Means over sets under one policy. A set with attacks counts in the mean recall, one with benign rows in the mean FPR."""

    attack_sets: list[str]
    benign_sets: list[str]
    macro_recall: float | None
    macro_fpr: float | None
    pooled: DetectionCounts  # summed over the sets
    recall_interval: Interval | None  # of pooled recall, by groups across sets, since several sets can have one payload
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
            pooled=sum(counts.values(), _NO_COUNTS),
            recall_interval=_pooled_interval(rows, policy, [row.is_attack(policy) for row in rows], seed),
            fpr_interval=_pooled_interval(rows, policy, [row.is_benign for row in rows], seed),
        )

    def to_dict(self) -> dict[str, Any]:
        """The record in benchmark_results.json."""
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
    """One predictor over all sets. All fields but `means` have the form of the results file."""

    means: dict[Policy, dict[str, Means]]  # by a key of KINDS
    groups: dict[str, dict[Policy, dict[str, Any]]]  # summed counts by eval_group
    by_lang: dict[str, dict[Policy, dict[str, Any]]]  # summed over file benchmarks, as by_length
    by_length: dict[str, dict[Policy, dict[str, Any]]]
    routing: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The record in benchmark_results.json."""
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
    """rows: those of one predictor, one element per benchmark that was run."""
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
                policy: sum((row.counts(policy) for row in rows if row.benchmark.eval_group == group), _NO_COUNTS).to_dict()
                for policy in POLICIES
            }
            for group in sorted({row.benchmark.eval_group for row in rows if row.benchmark.eval_group})
        },
        by_lang=_sum_counts_by(files, lambda example: example.lang),
        by_length=_sum_counts_by(files, length_bin_of),
        routing=_summarise_routing([row for row in rows if row.benchmark.kind != "heldout"], calibration.target_deep_fraction),
    )


def _pooled_interval(rows: Sequence[ScoredRows], policy: Policy, masks: Iterable[np.ndarray], seed: int) -> Interval | None:
    """Interval of the share of flagged rows among the masked rows; masks (N,) bool, one per set."""
    hits, groups = [np.zeros(0, dtype=bool)], []
    for row, mask in zip(rows, masks, strict=True):
        hits.append(row.is_flagged(policy)[mask])
        groups += row.groups(mask)
    return clustered_rate_interval(np.concatenate(hits), groups, rng=np.random.default_rng(seed))


def _sum_counts_by(
    rows: Sequence[ScoredRows], key_of: Callable[[Example], str | None]
) -> dict[str, dict[Policy, dict[str, Any]]]:
    """Key -> policy -> summed counts over the sets, such as all false alarms in one language."""
    counts: dict[str, dict[Policy, DetectionCounts]] = {}
    for row in rows:
        keys = np.array([key_of(example) for example in row.examples], dtype=object)
        for key in {key for key in keys if key is not None}:
            policy_counts = counts.setdefault(key, dict.fromkeys(POLICIES, _NO_COUNTS))
            for policy in POLICIES:
                policy_counts[policy] += row.counts(policy, keys == key)
    return {key: {policy: each.to_dict() for policy, each in counts[key].items()} for key in sorted(counts)}


def _summarise_routing(rows: Sequence[ScoredRows], target_share: float | None) -> dict[str, Any]:
    """The share of texts sent deep and the target share of calibration; None without a router."""
    routed = [np.isfinite(row.predictions.p_deep) for row in rows]
    n = sum(int(each.sum()) for each in routed)
    num_deep = sum(int(row.predictions.is_deep[each].sum()) for row, each in zip(rows, routed, strict=True))
    return {
        "n": n,
        "share": num_deep / n if n else None,
        "interval": wilson_interval(num_deep, n),
        "asked": target_share,
        "is_off": None if not n or target_share is None else abs(num_deep / n - target_share) > MAX_ROUTING_GAP,
    }
