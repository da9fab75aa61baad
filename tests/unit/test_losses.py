import math
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from src.config import LossConfig, RouterConfig
from src.labels import Family, Label
from src.models.dual_branch import GuardOutput
from src.training.losses import (
    class_weights,
    consistency_loss,
    deferral_scores,
    deferral_threshold,
    family_loss,
    focal_loss,
    guard_loss,
    router_loss,
)

GENERATOR = torch.Generator().manual_seed(0)


def logits_for(labels: list[int], confidence: float) -> torch.Tensor:
    return confidence * F.one_hot(torch.tensor(labels), 4).float()


def test_focal_loss_with_gamma_zero_is_cross_entropy():
    logits, labels = torch.randn(8, 4, generator=GENERATOR), torch.tensor([0, 1, 2, 3] * 2)
    found = focal_loss(logits, labels, alpha=torch.ones(4), gamma=0.0)
    torch.testing.assert_close(found, F.cross_entropy(logits, labels))


def test_focal_loss_by_hand():
    probabilities = torch.tensor([[0.9, 0.1, 1e-9, 1e-9], [0.3, 0.7, 1e-9, 1e-9]])
    alpha = torch.tensor([0.5, 2.0, 1.0, 1.0])
    found = focal_loss(probabilities.log(), torch.tensor([0, 1]), alpha=alpha, gamma=2.0)
    expected = (0.5 * 0.1**2 * -torch.tensor(0.9).log() + 2.0 * 0.3**2 * -torch.tensor(0.7).log()) / 2
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.0])
def test_a_certain_prompt_gives_a_finite_gradient(gamma):
    logits = torch.tensor([[200.0, 0.0, 0.0, 0.0]], requires_grad=True)
    focal_loss(logits, torch.tensor([0]), alpha=torch.ones(4), gamma=gamma).backward()
    assert logits.grad.isfinite().all()


def test_class_weights_have_mean_one_and_the_ratio_of_alpha():
    weights = class_weights(LossConfig(focal_alpha=0.25))
    assert weights.mean() == pytest.approx(1.0)
    assert weights[Label.JAILBREAK] / weights[Label.BENIGN] == pytest.approx(3.0)
    torch.testing.assert_close(class_weights(LossConfig(focal_alpha=0.5)), torch.ones(4))


def test_consistency_is_the_symmetric_divergence_of_the_verdicts_alone():
    a, b = random_output(3), random_output(3)
    expected = 0.0
    for one, other in ((a.fast_logits, b.fast_logits), (a.deep_logits, b.deep_logits)):
        p, q = (torch.stack([x[:, 0], x[:, 1:].sum(1)], 1) for x in (one.softmax(-1), other.softmax(-1)))
        divergence = (p * (p / q).log() + q * (q / p).log()).sum(1) / 2
        expected = expected + divergence.mean()
    torch.testing.assert_close(consistency_loss(a, b), expected)
    torch.testing.assert_close(consistency_loss(b, a), expected)
    other_class = replace(a, fast_logits=a.fast_logits[:, [0, 3, 1, 2]])  # the same P(BENIGN)
    assert consistency_loss(a, other_class) < 1e-6
    wide = replace(a, fast_logits=a.fast_logits[[2, 0, 1, 2]], deep_logits=a.deep_logits[[2, 0, 1, 2]])
    torch.testing.assert_close(consistency_loss(wide, b, torch.tensor([1, 2, 3])), expected)


def test_rows_of_unknown_family_do_not_count():
    logits = torch.randn(3, 16, generator=GENERATOR)
    families = torch.tensor([Family.NONE, Family.UNKNOWN, Family.FLIP])
    torch.testing.assert_close(family_loss(logits, families), F.cross_entropy(logits[[0, 2]], families[[0, 2]]))


def test_a_batch_without_a_known_family_has_no_family_loss():
    logits = torch.randn(2, 16, generator=GENERATOR, requires_grad=True)
    loss = family_loss(logits, torch.tensor([Family.UNKNOWN] * 2))
    loss.backward()
    assert loss == 0 and (logits.grad == 0).all()


def test_the_router_defers_what_the_fast_branch_gets_wrong_and_the_deep_branch_solves():
    labels = torch.tensor([0, 1, 2, 1, 1])
    fast = logits_for([0, 1, 2, 2, 2], 5.0)  # wrong about the last two
    fast[2] *= 0.1  # and unsure about the third
    deep = logits_for([0, 1, 2, 2, 1], 5.0)
    scores = deferral_scores(fast.requires_grad_(), deep.requires_grad_(), labels)
    assert scores.argsort(descending=True).tolist()[:3] == [4, 3, 2]
    assert not scores.requires_grad
    ce = torch.nn.functional.cross_entropy
    torch.testing.assert_close(scores, (2 * ce(fast, labels, reduction="none") - ce(deep, labels, reduction="none")).detach())


def test_the_budget_is_a_quantile_of_all_recent_steps():
    recent = [list(range(0, 10)), list(range(10, 20))]  # as if the second batch were harder
    threshold = deferral_threshold(recent, 0.3)
    assert sum(score > threshold for step in recent for score in step) == 6
    assert sum(score > threshold for score in recent[0]) == 0
    assert deferral_threshold([], 0.3) == deferral_threshold(recent, 0.0) == math.inf
    assert deferral_threshold(recent, 1.0) == -math.inf


def test_router_loss_is_least_where_the_mean_of_p_deep_is_the_budget():
    scores = torch.arange(10.0)
    shares = torch.linspace(0.05, 0.95, 19)
    losses = [router_loss(torch.logit(share).expand(10), scores, 6.5) for share in shares]
    assert shares[int(torch.stack(losses).argmin())] == pytest.approx(0.3)
    right, wrong = torch.where(scores > 6.5, 4.0, -4.0), torch.where(scores > 6.5, -4.0, 4.0)
    assert router_loss(right, scores, 6.5) < 0.1 < router_loss(wrong, scores, 6.5)


def random_output(B: int = 6) -> GuardOutput:
    def rand(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=GENERATOR).requires_grad_()

    return GuardOutput(rand(B, 4), rand(B, 4), rand(B, 16), rand(B, 16), rand(B), rand(1).sum())


def test_total_is_the_weighted_sum_of_the_parts():
    loss = LossConfig(focal_alpha=0.3, focal_gamma=1.5, aux_loss_weight=0.02, family_loss_weight=0.4)
    router = RouterConfig(router_loss_weight=0.7)
    found = guard_loss(random_output(), torch.arange(6) % 4, torch.arange(6), loss, router, defer_above=0.0)
    parts = found.parts
    expected = (
        parts["fast_loss"]
        + parts["deep_loss"]
        + 0.4 * parts["family_loss"]
        + 0.7 * parts["router_loss"]
        + 0.02 * parts["balance_loss"]
    )
    torch.testing.assert_close(found.total.detach(), expected)
    assert not any(part.requires_grad for part in parts.values())


def test_routing_sends_no_gradient_into_the_branches():
    output = random_output()
    only_router = (
        guard_loss(
            output,
            torch.arange(6) % 4,
            torch.arange(6),
            LossConfig(),
            RouterConfig(router_loss_weight=1.0),
            defer_above=0.0,
        ).total
        - guard_loss(
            output,
            torch.arange(6) % 4,
            torch.arange(6),
            LossConfig(),
            RouterConfig(router_loss_weight=0.0),
            defer_above=0.0,
        ).total
    )
    branch, router = torch.autograd.grad(only_router, (output.fast_logits, output.router_logits))
    assert branch.abs().max() < 1e-6 and router.abs().max() > 1e-3
