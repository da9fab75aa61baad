"""The network under transformers' names. Shapes: B prompts, T tokens, C characters per token."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, cast

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from ..errors import CheckpointError, ConfigError
from ..models.dual_branch import TinyGuardrail
from ..models.surface import SurfaceFeatures, kind_table
from .configuration import TinyGuardrailConfig

WRITE_AGAIN = "write the directory again with scripts/save_pretrained.py"


@dataclass
class TinyGuardrailOutput(ModelOutput):
    """The outputs of the branch that each prompt was routed to."""

    logits: Tensor | None = None  # (B, 4), not yet divided by the temperature
    family_logits: Tensor | None = None  # (B, 16)
    p_deep: Tensor | None = None  # (B,)
    is_deep: Tensor | None = None  # (B,) bool


class TinyGuardrailForSequenceClassification(PreTrainedModel):
    """The guard's network with routing as in serving: each prompt runs one route. For inference only; it has no loss.

    `logits` are those of the branch that ran, in the order of `config.id2label`. Their softmax is not calibrated:
    divide them by `config.calibration["temperature"]` first. The route is decided in `forward` by
    `config.calibration["complexity_threshold"]`; 2 sends every prompt to the fast branch, -1 to the deep one.
    Long texts and decoded views are not handled here: `src.runtime.Guard` reads every window and every view of a text.
    """

    config_class = TinyGuardrailConfig
    base_model_prefix = "guard"  # the model.safetensors of a training, whose names have no prefix, loads too
    main_input_name = "input_ids"

    def __init__(self, config: TinyGuardrailConfig) -> None:
        super().__init__(config)
        self.guard = TinyGuardrail(config.model_config())
        self.post_init()

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: str | os.PathLike[str] | None, *args: Any, **kwargs: Any) -> Any:
        """As the base class, but reads safetensors only and refuses a file with missing or unexpected weights.

        The base class would fill a missing weight with random numbers and log a warning, and such a guard answers at random.
        Raises CheckpointError for a file that is missing, damaged or does not fit its config, ConfigError for options that
        would weaken these checks.
        """
        if kwargs.pop("use_safetensors", True) is False or kwargs.pop("ignore_mismatched_sizes", False):
            raise ConfigError(
                "a guard is read from model.safetensors only, and whole: leave out use_safetensors=False and "
                "ignore_mismatched_sizes=True"
            )
        with_info = kwargs.pop("output_loading_info", False)
        source = pretrained_model_name_or_path
        try:
            loaded = super().from_pretrained(source, *args, use_safetensors=True, output_loading_info=True, **kwargs)
        except (OSError, RuntimeError, SafetensorError) as error:
            raise CheckpointError(f"the weights of {source} cannot be read: {error}; {WRITE_AGAIN}") from error
        model, info = cast("tuple[Any, dict[str, Any]]", loaded)
        for problem in ("missing_keys", "unexpected_keys", "mismatched_keys", "error_msgs"):
            if weights := info.get(problem):
                names = ", ".join(sorted(map(str, weights))[:3])
                raise CheckpointError(
                    f"model.safetensors of {source} does not hold the weights that its config.json describes: {len(weights)} "
                    f"{problem.replace('_', ' ')} ({names}); {WRITE_AGAIN}"
                )
        return (model, info) if with_info else model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, char_ids: Tensor) -> TinyGuardrailOutput:
        """input_ids, attention_mask (B, T) int64, char_ids (B, T, C) int64, as `TinyGuardrailTokenizer` gives them.

        Raises ValueError for more tokens than a window holds and for characters of another shape.
        """
        cfg = self.guard.cfg
        expected = (*input_ids.shape, cfg.chars_per_token)
        if char_ids.shape != expected:
            raise ValueError(f"expected char_ids of shape {expected}, found {tuple(char_ids.shape)}; use the guard's tokenizer")
        if input_ids.shape[1] > cfg.max_tokens:
            raise ValueError(
                f"expected at most {cfg.max_tokens} tokens, found {input_ids.shape[1]}; pass truncation=True to the tokenizer to "
                "read the beginning only, return_overflowing_tokens=True as well for every window, or call src.runtime.Guard, "
                "which does that itself"
            )
        routed = self.guard.route(input_ids, attention_mask, char_ids, self.config.calibration["complexity_threshold"])
        return TinyGuardrailOutput(**vars(routed))

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        """Fill the table of character kinds: `from_pretrained` leaves buffers that are in no file undefined."""
        if isinstance(module, SurfaceFeatures):
            module.table.copy_(kind_table(len(module.table)))
