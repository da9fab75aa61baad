"""Adversarial training on the fused embeddings: words are discrete, their embeddings can be perturbed.

Fast gradient sign method, Goodfellow et al. 2015 (arXiv 1412.6572), and projected gradient descent, Madry et al. 2018
(arXiv 1706.06083), both in the L-infinity norm. Shapes: B prompts, T tokens, D model width.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ..config import AdversarialConfig

PGD_STEP_SIZE = 2.5  # step = 2.5 * radius / steps: a corner can be reached and left again (Madry et al., section C)


def perturbation_radius(hidden: Tensor, mask: Tensor, epsilon: float) -> Tensor:
    """epsilon times the root mean square of each prompt's real embeddings.

    hidden (B, T, D), mask (B, T) bool -> (B, 1, 1) FP32. Relative, since the scale of embeddings
    differs between encoders.
    """
    weights = mask.unsqueeze(-1)
    squares = (hidden.detach().float() ** 2 * weights).sum(dim=(1, 2), keepdim=True)
    count = weights.sum(dim=(1, 2), keepdim=True) * hidden.shape[-1]
    return epsilon * (squares / count).sqrt()


def perturb(
    loss_of: Callable[[Tensor], Tensor],
    hidden: Tensor,
    clean_loss: Tensor,
    mask: Tensor,
    cfg: AdversarialConfig,
    loss_scale: float = 1.0,
) -> Tensor:
    """The embeddings moved, within the radius, to where the loss is larger: (B, T, D).

    hidden is what `clean_loss` () was computed from; its graph is kept. loss_of(embeddings) -> () runs the rest of the
    network again and is only called by PGD, which spends one such pass per step after the first. mask (B, T) bool:
    padding is not moved. `loss_scale` keeps FP16 gradients from vanishing; their sign does not depend on it.

    The perturbation is a constant: gradients of the adversarial loss reach the embeddings through `hidden` alone.
    Gradients are taken with respect to the embeddings only, so no parameter's `.grad` changes.
    """
    radius = perturbation_radius(hidden, mask, cfg.epsilon)
    steps = cfg.pgd_steps if cfg.method == "pgd" else 1
    step_size = radius if steps == 1 else PGD_STEP_SIZE / steps * radius
    delta = _ascent_direction(clean_loss, hidden, mask, loss_scale, retain_graph=True) * step_size
    for _ in range(steps - 1):
        delta = torch.maximum(torch.minimum(delta, radius), -radius)
        moved = (hidden.detach() + delta).requires_grad_()
        delta = delta + _ascent_direction(loss_of(moved), moved, mask, loss_scale) * step_size
    return hidden + torch.maximum(torch.minimum(delta, radius), -radius)


def _ascent_direction(loss: Tensor, hidden: Tensor, mask: Tensor, loss_scale: float, *, retain_graph: bool = False) -> Tensor:
    """Sign of the gradient at real tokens, 0 at padding and where half precision left no number. FP32."""
    with torch.autocast(hidden.device.type, enabled=False):  # backward passes run outside autocast
        (gradient,) = torch.autograd.grad(loss * loss_scale, hidden, retain_graph=retain_graph)
    return gradient.float().nan_to_num(nan=0.0).sign() * mask.unsqueeze(-1)
