"""The whole network: embeddings, router, fast branch, deep branch.

`forward` runs both branches on every prompt, which is what training needs. `route` is what serving does, and what the
exported graph computes: each prompt pays for one route. Shapes: B prompts, T tokens, C characters, D model width.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from ..config import ModelConfig
from ..labels import NUM_FAMILIES, NUM_LABELS, Label
from .deep_branch import DeepBranch
from .embeddings import GuardEmbeddings
from .fast_branch import FastBranch
from .router import Router
from .transformer import BranchOutput

INIT_STD = 0.02  # standard deviation of initial weights, as in BERT


@dataclass(frozen=True)
class GuardOutput:
    """Outputs of both branches and of the router, all FP32."""

    fast_logits: Tensor  # (B, 4)
    deep_logits: Tensor  # (B, 4)
    fast_family_logits: Tensor  # (B, 16)
    deep_family_logits: Tensor  # (B, 16)
    router_logits: Tensor  # (B,)
    balance_loss: Tensor  # () load balance, mean over the mixture-of-experts layers; 0 without any

    @property
    def p_deep(self) -> Tensor:
        """P(complex) (B,)."""
        return self.router_logits.sigmoid()


@dataclass(frozen=True)
class RoutedOutput:
    """Outputs of the branch that each prompt was routed to. Logits are FP32 and not yet divided by the temperature."""

    logits: Tensor  # (B, 4)
    family_logits: Tensor  # (B, 16)
    p_deep: Tensor  # (B,)
    is_deep: Tensor  # (B,) bool


class TinyGuardrail(nn.Module):
    """The guard. A new one has BERT's random initialisation; `build_model` fills in a pretrained encoder.

    Initial weights come from torch's default generator, which `start_run` seeds.
    """

    def __init__(self, cfg: ModelConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.embeddings = GuardEmbeddings(cfg)
        self.router = Router(cfg) if cfg.router == "learned" else None
        self.fast = FastBranch(cfg)
        self.deep = DeepBranch(cfg)
        _initialise(self)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, char_ids: Tensor) -> GuardOutput:
        """input_ids, attention_mask (B, T) int64, char_ids (B, T, C) int64. Both branches run on every prompt."""
        return self.forward_from_embeddings(self.embed(input_ids, attention_mask, char_ids), attention_mask, char_ids)

    def embed(self, input_ids: Tensor, attention_mask: Tensor, char_ids: Tensor) -> Tensor:
        """Fused embeddings (B, T, D), 0 at padding; adversarial training perturbs them."""
        return self.embeddings(input_ids, char_ids) * attention_mask.unsqueeze(-1)

    def forward_from_embeddings(self, hidden: Tensor, attention_mask: Tensor, char_ids: Tensor) -> GuardOutput:
        """hidden (B, T, D) as `embed` gives it, attention_mask (B, T), char_ids (B, T, C)."""
        mask = attention_mask.bool()
        fast = self.fast(hidden, mask)
        router_logits = self._router_logits(hidden, fast, mask, char_ids)
        deep = self._run_deep(fast, mask) if self.cfg.deep_input == "fast" else self.deep(hidden, mask)
        return GuardOutput(
            fast_logits=fast.logits,
            deep_logits=deep.logits,
            fast_family_logits=fast.family_logits,
            deep_family_logits=deep.family_logits,
            router_logits=router_logits,
            balance_loss=deep.balance_loss,
        )

    def router_logits(self, input_ids: Tensor, attention_mask: Tensor, char_ids: Tensor) -> Tensor:
        """Logits (B,) that decide the route of each prompt; only the part of the network that they need is run."""
        mask = attention_mask.bool()
        hidden = self.embed(input_ids, attention_mask, char_ids)
        fast = self.fast(hidden, mask) if self.router is None else None
        return self._router_logits(hidden, fast, mask, char_ids)

    @torch.no_grad()
    def route(self, input_ids: Tensor, attention_mask: Tensor, char_ids: Tensor, complexity_threshold: float) -> RoutedOutput:
        """Prompts with p_deep > complexity_threshold run the deep branch only, the others the fast branch only.

        With deep_input="fast" the deep branch continues from the fast branch, so a deep prompt runs both; with deep_residual its
        logits are the sum of theirs.
        """
        mask = attention_mask.bool()
        hidden = self.embed(input_ids, attention_mask, char_ids)
        fast = self.fast(hidden, mask) if self.cfg.deep_input == "fast" else None
        p_deep = self._router_logits(hidden, fast, mask, char_ids).sigmoid()
        is_deep = p_deep > complexity_threshold
        logits = p_deep.new_empty((len(p_deep), NUM_LABELS))
        family_logits = p_deep.new_empty((len(p_deep), NUM_FAMILIES))
        for branch, is_routed in ((self.fast, ~is_deep), (self.deep, is_deep)):
            rows = is_routed.nonzero().squeeze(-1)
            if rows.numel() == 0:
                continue
            if fast is None:
                output = branch(hidden[rows], mask[rows])
            elif branch is self.fast:
                output = fast.select(rows)
            else:
                output = self._run_deep(fast.select(rows), mask[rows])
            logits[rows], family_logits[rows] = output.logits, output.family_logits
        return RoutedOutput(logits=logits, family_logits=family_logits, p_deep=p_deep, is_deep=is_deep)

    def _router_logits(self, hidden: Tensor, fast: BranchOutput | None, mask: Tensor, char_ids: Tensor) -> Tensor:
        """Router logits (B,); with early exit the log-odds of P(attack) by the fast branch.

        They are detached: the fast branch learns from its own loss only. As in DeeBERT (arXiv 2004.12993) a prompt that is
        already classified with confidence exits early, but only as benign: attacks are rare and must be classified correctly.
        """
        if self.router is not None:
            return self.router(hidden, mask, char_ids)
        assert fast is not None, "ModelConfig has deep_input=fast with early exit"
        logits = fast.logits.detach()
        attacks = [label for label in Label if label != Label.BENIGN]
        return logits[:, attacks].logsumexp(dim=-1) - logits[:, Label.BENIGN]

    def _run_deep(self, fast: BranchOutput, mask: Tensor) -> BranchOutput:
        """The deep branch on the fast branch's states. With `deep_residual` its logits are added to the fast branch's, which are
        detached: the fast branch learns from its own loss only."""
        deep = self.deep(fast.hidden, mask)
        if not self.cfg.deep_residual:
            return deep
        return replace(
            deep, logits=deep.logits + fast.logits.detach(), family_logits=deep.family_logits + fast.family_logits.detach()
        )

    def layers_by_depth(self) -> list[list[nn.Module]]:
        """The encoder layers at each depth, the lowest first: with deep_input="embeddings" both branches begin at the bottom."""
        fast, deep = list(self.fast.layers), list(self.deep.layers)
        if self.cfg.deep_input == "fast":
            return [[layer] for layer in (*fast, *deep)]
        return [[*fast[depth : depth + 1], *deep[depth : depth + 1]] for depth in range(max(len(fast), len(deep)))]

    def enable_gradient_checkpointing(self) -> None:
        """Recompute each layer in the backward pass instead of keeping its activations: less memory, more time."""
        self.fast.gradient_checkpointing = True
        self.deep.gradient_checkpointing = True


def _initialise(model: TinyGuardrail) -> None:
    """BERT's initialisation: weights N(0, 0.02), biases 0.

    The character embeddings and convolutions keep torch's initialisation: they are small, never pretrained, and at 0.02 their
    product would start too close to zero to learn from.
    """
    char_cnn = model.embeddings.char_cnn
    skipped = {char_cnn.embed, *char_cnn.convs} if char_cnn is not None else set()
    for module in model.modules():
        if module in skipped:
            continue
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=INIT_STD)
        if isinstance(module, nn.Linear):
            nn.init.zeros_(module.bias)
