"""The training loss.

    total = focal(fast) + focal(deep)
          + family_loss_weight * (family(fast) + family(deep))
          + router_loss_weight * router
          + aux_loss_weight    * load balance of the experts

The trainer adds the same on perturbed embeddings, consistency_weight * consistency between two forms of a prompt, and
distill.weight * distillation towards the teachers, where there are any.

Both branches see every prompt, so each learns the whole task; the router learns which prompts to defer.
Shapes: B prompts, K = 4 classes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..config import LossConfig, RouterConfig
from ..labels import NUM_LABELS, Family, Label
from ..models.dual_branch import GuardOutput


@dataclass(frozen=True)
class GuardLoss:
    """The loss of one batch."""

    total: Tensor  # () what the gradient is taken of
    parts: dict[str, Tensor]  # detached scalars for the metrics writer, before their weights
    deferral_scores: Tensor  # (B,) detached


def class_weights(loss: LossConfig) -> Tensor:
    """(K,) focal alpha of each class: `focal_alpha` for benign and 1 - focal_alpha for each attack class, over their mean.

    With a mean of 1, alpha moves weight between classes without changing the effective learning rate, and equal values weigh
    all classes alike.
    """
    alpha = torch.full((NUM_LABELS,), 1 - loss.focal_alpha)
    alpha[Label.BENIGN] = loss.focal_alpha
    return alpha / alpha.mean()


def focal_loss(logits: Tensor, labels: Tensor, *, alpha: Tensor, gamma: float) -> Tensor:
    """Focal loss, Lin et al. 2017 (arXiv 1708.02002) eq. 5, mean over the batch.

    logits (B, K), labels (B,) int64, alpha (K,) weight of each class. gamma=0 is weighted cross-entropy.
    """
    log_p = F.log_softmax(logits, dim=-1).gather(1, labels[:, None]).squeeze(1)  # (B,)
    # 1 - p, kept off 0: for gamma < 1 the derivative there is infinite, and a certain prompt would give NaN
    miss = (-torch.expm1(log_p)).clamp(min=1e-7)
    return (-alpha[labels] * miss**gamma * log_p).mean()


def family_loss(logits: Tensor, families: Tensor) -> Tensor:
    """Cross-entropy over the attack families, benign rows being NONE. Rows of an UNKNOWN family do not count.

    logits (B, 16), families (B,) int64. 0 for a batch in which no family is known.
    """
    num_known = (families != Family.UNKNOWN).sum().clamp(min=1)
    return F.cross_entropy(logits, families, ignore_index=Family.UNKNOWN, reduction="sum") / num_known


def deferral_scores(fast_logits: Tensor, deep_logits: Tensor, labels: Tensor) -> Tensor:
    """How much each prompt gains by the deep branch: (CE_fast - CE_deep) + CE_fast (B,), CE being the cross-entropy of a branch.

    High for what the deep branch would get more right, and for what the fast branch gets wrong. No gradient flows through
    the score, so no branch gains from a worse answer.
    """
    fast = F.cross_entropy(fast_logits.detach(), labels, reduction="none")
    deep = F.cross_entropy(deep_logits.detach(), labels, reduction="none")
    return 2 * fast - deep


def deferral_threshold(recent: Sequence[Sequence[float]], deep_fraction: float) -> float:
    """The score that a share `deep_fraction` of the prompts of recent steps exceeds; infinite before the first step.

    A quantile of many batches, not of each: a batch holds prompts of one length, and a budget for each of them would keep
    the router from sending more of the long ones deep than of the short ones.
    """
    scores = np.concatenate([np.asarray(step, dtype=np.float64) for step in recent]) if recent else np.zeros(0)
    if scores.size == 0 or deep_fraction == 0:
        return math.inf
    return -math.inf if deep_fraction == 1 else float(np.quantile(scores, 1 - deep_fraction))


def router_loss(router_logits: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """Learned deferral under a budget: cross-entropy (B,), (B,) -> () of deferring the prompts whose score is above `threshold`.

    The share of such prompts is the budget, so the mean of p_deep that minimises this is the budget, too.
    """
    return F.binary_cross_entropy_with_logits(router_logits, (scores > threshold).to(router_logits.dtype))


def consistency_loss(first: GuardOutput, second: GuardOutput, places: Tensor | None = None) -> Tensor:
    """How much the verdicts on two forms of the same prompts differ: symmetric KL divergence, both branches -> ().

    (KL(p || q) + KL(q || p)) / 2 as in R-Drop, Liang et al. 2021 (arXiv 2106.14448) eq. 2, mean over the prompts. p and q
    are [P(BENIGN), P(attack)]: a transform turns an injection into OBFUSCATION, but never an attack into a benign text.
    `places` (A,): rows of `first` that the A rows of `second` belong to; None: all.
    """
    total = first.fast_logits.new_zeros(())
    for a, b in ((first.fast_logits, second.fast_logits), (first.deep_logits, second.deep_logits)):
        log_p, log_q = _log_verdict(a if places is None else a[places]), _log_verdict(b)
        total = total + ((log_p.exp() - log_q.exp()) * (log_p - log_q)).sum(dim=-1).mean() / 2
    return total


def _log_verdict(logits: Tensor) -> Tensor:
    """logits (B, K) -> log [P(BENIGN), P(attack)] (B, 2)."""
    log_probs = F.log_softmax(logits, dim=-1)
    attack = [label for label in Label if label != Label.BENIGN]
    return torch.stack([log_probs[:, Label.BENIGN], log_probs[:, attack].logsumexp(dim=-1)], dim=-1)


def distillation_loss(output: GuardOutput, teacher_logits: Tensor, temperature: float) -> Tensor:
    """T^2 KL(teacher || student) of the verdict at temperature T, both branches -> () (Hinton et al. 2015, arXiv 1503.02531).

    teacher_logits (B,): log-odds of an attack. The factor keeps the size of the gradient as T changes.
    """
    target = (teacher_logits / temperature).sigmoid()
    # Computed from logits, since autocast on CUDA refuses binary_cross_entropy.
    entropy = F.binary_cross_entropy_with_logits(teacher_logits / temperature, target)
    total = output.fast_logits.new_zeros(())
    for logits in (output.fast_logits, output.deep_logits):
        log_verdict = _log_verdict(logits)
        student = (log_verdict[:, 1] - log_verdict[:, 0]) / temperature
        total = total + F.binary_cross_entropy_with_logits(student, target) - entropy
    return temperature**2 * total


def guard_loss(
    output: GuardOutput,
    labels: Tensor,
    families: Tensor,
    loss: LossConfig,
    router: RouterConfig,
    *,
    defer_above: float,
    scores: Tensor | None = None,
    alpha: Tensor | None = None,
) -> GuardLoss:
    """The formula at the top of this file.

    labels, families (B,) int64; alpha (K,): `class_weights` where they are known already; defer_above: the
    `deferral_threshold` of the steps before; scores (B,): the `deferral_scores` of these prompts where they are known already,
    as those of perturbed ones are: these are harder, and by their own scores more than the budget would be deferred.
    """
    alpha = (class_weights(loss) if alpha is None else alpha).to(labels.device)
    focal = partial(focal_loss, alpha=alpha, gamma=loss.focal_gamma)
    fast, deep = focal(output.fast_logits, labels), focal(output.deep_logits, labels)
    family = family_loss(output.fast_family_logits, families) + family_loss(output.deep_family_logits, families)
    if scores is None:
        scores = deferral_scores(output.fast_logits, output.deep_logits, labels)
    routing = router_loss(output.router_logits, scores, defer_above)
    total = (
        fast
        + deep
        + loss.family_loss_weight * family
        + router.router_loss_weight * routing
        + loss.aux_loss_weight * output.balance_loss
    )
    parts = {
        "loss": total,
        "fast_loss": fast,
        "deep_loss": deep,
        "family_loss": family,
        "router_loss": routing,
        "balance_loss": output.balance_loss,
        "mean_p_deep": output.p_deep.mean(),
        "deferred_share": (scores > defer_above).float().mean(),  # of the batch; the budget over many steps
    }
    return GuardLoss(total, {name: value.detach().float() for name, value in parts.items()}, scores)
