"""The guard compared with a baseline on the same sets: `comparison` in docs/benchmark_results.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..policy import DEFAULT_POLICY, POLICIES, Policy
from .benchmarks import LOOKALIKES, Kind
from .metrics import clustered_interval, macro_mean, paired_difference, share_of, threshold_at_fpr
from .scored import ScoredRows
from .summary import UNSEEN, Means, Summary


@dataclass(frozen=True)
class Contender:
    """One predictor and its scores on every benchmark that was run, in table order."""

    name: str
    rows: list[ScoredRows]
    summary: Summary

    def unseen(self) -> list[ScoredRows]:
        """The sets that were never trained on."""
        return [row for row in self.rows if row.benchmark.kind != "heldout"]

    def benign_scores(self, kind: Kind, policy: Policy) -> np.ndarray:
        """p_attack of the benign rows of all sets of a kind, without the look-alikes, which all resemble attacks."""
        rows = [row for row in self.rows if row.benchmark.kind == kind and row.benchmark.name != LOOKALIKES]
        return np.concatenate([np.zeros(0), *(row.predictions.p_attack[policy][row.is_benign] for row in rows)])


@dataclass(frozen=True)
class Verdicts:
    """Verdicts of guard and baseline on the same n rows."""

    guard: np.ndarray  # (n,) bool: flagged
    baseline: np.ndarray  # (n,) bool
    groups: list[str]  # n

    @classmethod
    def join(cls, parts: Sequence[Verdicts]) -> Verdicts:
        """Concatenate the verdicts of several sets."""
        empty = np.zeros(0, dtype=bool)
        return cls(
            guard=np.concatenate([empty, *(part.guard for part in parts)]),
            baseline=np.concatenate([empty, *(part.baseline for part in parts)]),
            groups=[group for part in parts for group in part.groups],
        )

    def difference(self, seed: int) -> dict[str, Any]:
        """`paired_difference`, guard minus baseline."""
        return paired_difference(self.guard, self.baseline, self.groups, rng=np.random.default_rng(seed))


@dataclass(frozen=True)
class SameFpr:
    """Thresholds at which both have the guard's FPR on the same benign rows; the field names are keys of the results file."""

    n_benign: int
    benign_kind: Kind  # kind of the benchmarks that the benign rows come from
    fpr: float
    baseline_fpr: float  # less than `fpr` where the baseline's scores repeat
    guard_threshold: float
    baseline_threshold: float


def compare_to_baseline(guard: Contender, baseline: Contender, seed: int) -> dict[str, Any]:
    """Whether the guard beats the baseline: a higher mean recall at a mean FPR that is no higher.

    Both at their own calibrated thresholds, on sets that were never trained on. Per policy, the means of both and
    `guard_wins` (None where a mean is undefined), and `guard_wins` of the default policy on top; then the recall of both at
    the same FPR (`matched`) and the differences, text by text, at their own thresholds (`paired`).
    """
    policies = {
        policy: _compare_means(guard.summary.means[policy][UNSEEN], baseline.summary.means[policy][UNSEEN]) for policy in POLICIES
    }
    return {
        "guard": guard.name,
        "baseline": baseline.name,
        "sets": UNSEEN,
        "policies": policies,
        "guard_wins": policies[DEFAULT_POLICY]["guard_wins"],
        "matched": {policy: _compare_recall_at_same_fpr(guard, baseline, policy, seed) for policy in POLICIES},
        "paired": {policy: _compare_paired_rates(guard, baseline, policy, seed) for policy in POLICIES},
    }


def _compare_means(ours: Means, theirs: Means) -> dict[str, Any]:
    guard_wins = None
    recall, fpr, their_recall, their_fpr = ours.macro_recall, ours.macro_fpr, theirs.macro_recall, theirs.macro_fpr
    if recall is not None and their_recall is not None and fpr is not None and their_fpr is not None:
        guard_wins = recall > their_recall and fpr <= their_fpr
    return {
        "guard": _list_rates(ours),
        "baseline": _list_rates(theirs),
        "num_attack_sets": len(ours.attack_sets),
        "num_benign_sets": len(ours.benign_sets),
        "guard_wins": guard_wins,
    }


def _list_rates(means: Means) -> dict[str, float | None]:
    return {
        "macro_recall": means.macro_recall,
        "macro_fpr": means.macro_fpr,
        "pooled_recall": means.pooled.recall,
        "pooled_fpr": means.pooled.fpr,
    }


def _compare_recall_at_same_fpr(guard: Contender, baseline: Contender, policy: Policy, seed: int) -> dict[str, Any]:
    """Recall of both on each attack set at the same FPR on the same benign rows.

    Differences have a bootstrap interval over groups, paired by text; `pooled` is `paired_difference` over the rows of all
    sets.
    """
    same = _fit_same_fpr(guard, baseline, policy)
    if same is None:
        reason = "no file benchmark has benign rows and neither has the held-out split"
        return {"n_benign": 0, "fpr": None, "sets": {}, "reason": reason}
    verdicts_by_set = {
        ours.benchmark.name: Verdicts(
            guard=ours.predictions.p_attack[policy][attack] >= same.guard_threshold,
            baseline=theirs.predictions.p_attack[policy][attack] >= same.baseline_threshold,
            groups=ours.groups(attack),
        )
        for ours, theirs in _pair_sets(guard, baseline)
        if (attack := ours.is_attack(policy)).any()
    }
    sets = {name: _compare_set(verdicts, seed) for name, verdicts in verdicts_by_set.items()}
    return {
        **asdict(same),
        "guard_macro_recall": macro_mean([metrics["guard_recall"] for metrics in sets.values()]),
        "baseline_macro_recall": macro_mean([metrics["baseline_recall"] for metrics in sets.values()]),
        "pooled": Verdicts.join(list(verdicts_by_set.values())).difference(seed),
        "sets": sets,
    }


def _fit_same_fpr(guard: Contender, baseline: Contender, policy: Policy) -> SameFpr | None:
    """The guard keeps its calibrated threshold. The baseline gets the threshold at which it has the guard's FPR on the benign
    rows of the file benchmarks, which favours it; that threshold is used in this comparison only. Without benign rows in the
    file benchmarks, those of the held-out split are used; None where it has none either."""
    kinds: tuple[Kind, ...] = ("file", "heldout")
    kind = next((kind for kind in kinds if guard.benign_scores(kind, policy).size), None)
    if kind is None:
        return None
    ours, theirs = guard.benign_scores(kind, policy), baseline.benign_scores(kind, policy)
    guard_threshold = guard.rows[0].calibration.threshold(policy)
    fpr = float((ours >= guard_threshold).mean())
    baseline_threshold = threshold_at_fpr(theirs, min(fpr, 1 - 1e-9))
    return SameFpr(
        n_benign=int(ours.size),
        benign_kind=kind,
        fpr=fpr,
        baseline_fpr=float((theirs >= baseline_threshold).mean()),
        guard_threshold=guard_threshold,
        baseline_threshold=baseline_threshold,
    )


def _compare_set(verdicts: Verdicts, seed: int) -> dict[str, Any]:
    paired = verdicts.guard.astype(np.float64) - verdicts.baseline
    return {
        "n": len(paired),
        "guard_recall": share_of(verdicts.guard)["share"],
        "baseline_recall": share_of(verdicts.baseline)["share"],
        "difference": float(paired.mean()),
        "difference_interval": clustered_interval(paired, verdicts.groups, rng=np.random.default_rng(seed)),
    }


def _compare_paired_rates(guard: Contender, baseline: Contender, policy: Policy, seed: int) -> dict[str, Any]:
    """`paired_difference` of recall and of FPR, guard minus baseline, each at its own stored threshold.

    Over the rows of all sets that were never trained on. Groups are resampled across sets, since
    several sets have texts that were generated from one payload.
    """
    recall: list[Verdicts] = []
    fpr: list[Verdicts] = []
    for ours, theirs in _pair_sets(guard, baseline):
        guard_flags, baseline_flags = ours.is_flagged(policy), theirs.is_flagged(policy)
        for parts, mask in ((recall, ours.is_attack(policy)), (fpr, ours.is_benign)):
            parts.append(Verdicts(guard_flags[mask], baseline_flags[mask], ours.groups(mask)))
    return {"recall": Verdicts.join(recall).difference(seed), "fpr": Verdicts.join(fpr).difference(seed)}


def _pair_sets(guard: Contender, baseline: Contender) -> Iterable[tuple[ScoredRows, ScoredRows]]:
    """The scored rows of guard and baseline on each set that was never trained on."""
    return zip(guard.unseen(), baseline.unseen(), strict=True)
