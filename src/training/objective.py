"""Model and losses as one module: what a training step minimises on one batch."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from ..config import Config
from ..data.loader import Batch
from ..models.dual_branch import GuardOutput, TinyGuardrail
from ..models.quantized import watch_ranges
from .adversarial import perturb
from .losses import GuardLoss, class_weights, consistency_loss, distillation_loss, guard_loss


class GuardObjective(nn.Module):
    """Model and loss as one module, so that data-parallel training sees a single forward pass per batch."""

    def __init__(self, model: TinyGuardrail, cfg: Config) -> None:
        """`model` is on its device."""
        super().__init__()
        self.model, self.distill = model, cfg.distill
        self.alpha = class_weights(cfg.loss).to(next(model.parameters()).device)
        self.loss, self.router, self.adversarial = cfg.loss, cfg.router, cfg.adversarial
        self.range_weight = cfg.quantization.range_weight

    def forward(
        self,
        batch: Batch,
        *,
        is_adversarial: bool = False,
        loss_scale: float = 1.0,
        defer_above: float = math.inf,
        originals: tuple[Tensor, Batch] | None = None,
    ) -> tuple[Tensor, dict[str, Tensor], Tensor]:
        """The loss to minimise (), its detached parts, and the `deferral_scores` of the batch (B,).

        is_adversarial: train on perturbed embeddings as well, found with gradients that `loss_scale` keeps above FP16's
        smallest numbers. defer_above: the `deferral_threshold` of the steps before.
        originals: places (A,) of the augmented windows in the batch, and these A windows as they were.
        """
        excesses = watch_ranges(self.model) if self.range_weight else None
        hidden = self.model.embed(batch.input_ids, batch.attention_mask, batch.char_ids)

        output, loss = self._loss(hidden, batch, defer_above)

        def loss_at(states: Tensor) -> Tensor:
            return self._loss(states, batch, defer_above, loss.deferral_scores)[1].total

        total, parts = loss.total, loss.parts
        differences: list[tuple[GuardOutput, GuardOutput, Tensor | None]] = []
        range_loss = None if excesses is None else excesses.mean()
        if range_loss is not None:
            total = total + self.range_weight * range_loss
            parts["range_loss"] = range_loss.detach()
        if batch.teacher_logits is not None:
            distillation = distillation_loss(output, batch.teacher_logits, self.distill.temperature)
            total = total + self.distill.weight * distillation
            parts["distillation_loss"] = distillation.detach()
        if is_adversarial:
            moved = perturb(loss_at, hidden, total, batch.attention_mask.bool(), self.adversarial, loss_scale)
            moved_output, adversarial_loss = self._loss(moved, batch, defer_above, loss.deferral_scores)
            total = total + self.adversarial.loss_weight * adversarial_loss.total
            parts["adversarial_loss"] = adversarial_loss.total.detach()
            differences.append((output, moved_output, None))
        if originals is not None:
            places, clean = originals
            differences.append((output, self.model(clean.input_ids, clean.attention_mask, clean.char_ids), places))
        if differences and self.loss.consistency_weight:
            consistency = torch.stack([consistency_loss(*pair) for pair in differences]).sum()
            total = total + self.loss.consistency_weight * consistency
            parts["consistency_loss"] = consistency.detach()
        return total, parts, loss.deferral_scores

    def _loss(
        self, hidden: Tensor, batch: Batch, defer_above: float, scores: Tensor | None = None
    ) -> tuple[GuardOutput, GuardLoss]:
        output = self.model.forward_from_embeddings(hidden, batch.attention_mask, batch.char_ids)
        loss = guard_loss(
            output,
            batch.labels,
            batch.families,
            self.loss,
            self.router,
            defer_above=defer_above,
            scores=scores,
            alpha=self.alpha,
        )
        return output, loss
